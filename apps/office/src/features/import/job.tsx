/** One import, at whichever step it is: mapping its columns, at work, or ended. */

import { Alert, Button, Progress } from '@mantine/core';
import type { ImportJson } from '@mostrador/contract/import';
import { ErrorState, Facts, Page, PageHeader, PanelSkeleton, Section, useFormat } from '@mostrador/ui';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { post } from '../../api/client.js';
import { useCommand, useOne } from '../../api/hooks.js';
import { ImportErrors } from './errors.js';
import classes from './import.module.css';
import { ImportBadge } from './list.js';
import { Mapping } from './mapping.js';
import { Steps } from './steps.js';

const POLL_MS = 700;

export function ImportPage() {
  const { importId = '' } = useParams();
  const { data, failure, onRetry } = useOne<ImportJson>(['import'], `/imports/${importId}`, undefined, {
    refetchMs: (found) => ((found as ImportJson | undefined)?.state === 'running' ? POLL_MS : false),
  });
  if (!data) {
    return (
      <Page>
        <Section>{failure ? <ErrorState failure={failure} onRetry={onRetry} /> : <PanelSkeleton />}</Section>
      </Page>
    );
  }
  if (data.state === 'uploaded') return <Mapping key={data.id} job={data} />;
  return <Work job={data} />;
}

function Work({ job }: { readonly job: ImportJson }) {
  const { t } = useTranslation();
  const format = useFormat();
  const running = job.state === 'running';
  const cancel = useCommand(() => post(`/imports/${job.id}/cancel`), { renews: ['import'] });
  const share = job.total ? Math.min(100, (job.done / job.total) * 100) : 0;
  const target = job.kind === 'products' ? '/products' : '/sales';
  return (
    <Page>
      <PageHeader
        title={job.file_name}
        purpose={t(`import.stateHint.${job.state}`)}
        actions={<ImportBadge state={job.state} />}
        primary={
          running ? (
            <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
              {t('import.cancel')}
            </Button>
          ) : job.state === 'done' ? (
            <Button component={Link} to={target}>
              {t(`import.see.${job.kind}`)}
            </Button>
          ) : (
            <Button component={Link} to="/imports/new">
              {t('import.again')}
            </Button>
          )
        }
      />
      <Steps at={running ? 2 : 3} />
      {job.failure ? (
        <Alert color="brick" title={t('import.failed')}>
          {job.failure}
        </Alert>
      ) : null}
      <Section>
        {running ? (
          <div className={classes.progress}>
            <Progress value={share} size="lg" aria-label={t('import.progress')} animated />
            <span className="ms-num">
              {job.total
                ? t('import.doneOf', { done: format.number(job.done), total: format.number(job.total) })
                : t('import.counting')}
            </span>
          </div>
        ) : null}
        <div className={classes.figures} aria-live="polite">
          {(['created', 'updated', 'rejected'] as const).map((name) => (
            <div key={name} data-bad={(name === 'rejected' && job.rejected > 0) || undefined}>
              <strong className="ms-num">{format.number(job[name])}</strong>
              <span>{t(`import.${name}`)}</span>
            </div>
          ))}
        </div>
      </Section>
      {job.result ? <Result result={job.result} /> : null}
      {job.rejected > 0 || job.state === 'done' ? <ImportErrors job={job} /> : null}
    </Page>
  );
}

/** Figures that stand above in large, and one that says nothing to a person. */
const SAID: readonly string[] = ['ok', 'created', 'updated', 'rejected'];

function Result({ result }: { readonly result: Readonly<Record<string, unknown>> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const items = Object.entries(result)
    .filter(([key, value]) => !SAID.includes(key) && (typeof value === 'number' || typeof value === 'string'))
    .map(
      ([key, value]) =>
        [
          t(`import.figure.${key}`, { defaultValue: key.replaceAll('_', ' ') }),
          typeof value === 'number' ? format.number(value, 2) : String(value),
        ] as const,
    );
  if (items.length === 0) return null;
  return (
    <Section title={t('import.resultTitle')}>
      <Facts items={items} />
    </Section>
  );
}
