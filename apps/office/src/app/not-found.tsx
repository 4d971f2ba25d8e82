/** An address that leads nowhere. */
import { Button } from '@mantine/core';
import { EmptyState, Page, PageHeader, Section } from '@mostrador/ui';
import { IconMapQuestion } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page>
      <PageHeader title={t('app.notFound')} />
      <Section>
        <EmptyState
          icon={IconMapQuestion}
          title={t('app.notFoundHint')}
          action={
            <Button component={Link} to="/">
              {t('app.goHome')}
            </Button>
          }
        />
      </Section>
    </Page>
  );
}
