/** What stands in place of a page that broke or could not be loaded (a new version was installed meanwhile). */
import { ErrorState } from '@mostrador/ui';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';

export function RouteFailure({ inside }: { readonly inside?: boolean }) {
  const error = useRouteError();
  const { t } = useTranslation();
  const chunk = error instanceof TypeError && /import|fetch/i.test(error.message);
  return (
    <div style={inside ? {} : { display: 'grid', minHeight: '100dvh', placeItems: 'center' }}>
      <ErrorState
        failure={{
          kind: 'other',
          detail: t(chunk ? 'app.newVersion' : 'app.pageBroke'),
          code: chunk ? 'reload' : 'page',
        }}
        onRetry={() => window.location.reload()}
      />
    </div>
  );
}
