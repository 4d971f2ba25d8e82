/** The second step: which column is what, with a preview that says for each row what would happen. */

import { Alert, Badge, Button, Select } from '@mantine/core';
import type { ImportJson, ImportPreviewJson } from '@mostrador/contract/import';
import { ErrorState, Page, PageHeader, RowsSkeleton, Section } from '@mostrador/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, post } from '../../api/client.js';
import { useCommand, useErrorWords } from '../../api/hooks.js';
import { failureOf } from '../../api/problem.js';
import shared from '../../shared/shared.module.css';
import classes from './import.module.css';
import { Steps } from './steps.js';

export function Mapping({ job }: { readonly job: ImportJson }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [columns, setColumns] = useState<Readonly<Record<string, string>>>(job.suggested_columns);
  const [key] = useState(newKey);
  const preview = useQuery({
    queryKey: ['import', 'preview', job.id, columns],
    queryFn: () => post<ImportPreviewJson>(`/imports/${job.id}/preview`, { columns }),
    placeholderData: keepPreviousData,
  });
  const start = useCommand(() => post(`/imports/${job.id}/start`, { columns }, { key }), { renews: ['import'] });
  const cancel = useCommand(() => post(`/imports/${job.id}/cancel`), { renews: ['import'] });
  const missing = preview.data?.missing ?? job.targets.filter((x) => x.required && !columns[x.name]).map((x) => x.name);

  const set = (target: string, heading: string | null) => {
    const next: Record<string, string> = Object.fromEntries(
      Object.entries(columns).filter(([name]) => name !== target),
    );
    if (heading) next[target] = heading;
    setColumns(next);
  };
  const example = (heading: string | undefined) => {
    const index = heading === undefined ? -1 : job.headings.indexOf(heading);
    return job.sample.map((row) => row[index] ?? '').find((cell) => cell !== '') ?? '';
  };

  return (
    <Page wide>
      <PageHeader
        title={job.file_name}
        purpose={t('import.mapPurpose')}
        actions={
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
            {t('import.discard')}
          </Button>
        }
        primary={
          <Button disabled={missing.length > 0} loading={start.isPending} onClick={() => start.mutate(undefined)}>
            {t('import.start')}
          </Button>
        }
      />
      <Steps at={1} />
      {missing.length > 0 ? (
        <Alert color="mustard">
          {t('import.missing', { names: missing.map((m) => t(`import.target.${m}`)).join(', ') })}
        </Alert>
      ) : null}
      <div className={classes.columns}>
        <Section title={t('import.mapTitle')} hint={t('import.mapHint')}>
          <div className={shared.form}>
            {job.targets.map((target) => (
              <Select
                key={target.name}
                label={t(`import.target.${target.name}`)}
                description={
                  columns[target.name]
                    ? t('import.example', { value: example(columns[target.name]) || '—' })
                    : t(target.required ? 'import.needed' : 'import.optional')
                }
                placeholder={t('import.notThere')}
                clearable
                allowDeselect
                searchable
                value={columns[target.name] ?? null}
                onChange={(v) => set(target.name, v)}
                data={[...new Set(job.headings)].filter(Boolean)}
              />
            ))}
          </div>
        </Section>
        <Section title={t('import.previewTitle')} hint={t('import.previewHint')} flush>
          {preview.error ? (
            <ErrorState failure={failureOf(preview.error, words)} onRetry={() => void preview.refetch()} />
          ) : preview.data ? (
            <Preview preview={preview.data} job={job} />
          ) : (
            <RowsSkeleton />
          )}
        </Section>
      </div>
    </Page>
  );
}

function Preview({ preview, job }: { readonly preview: ImportPreviewJson; readonly job: ImportJson }) {
  const { t } = useTranslation();
  const shown = job.targets.map((x) => x.name).filter((name) => preview.columns[name]);
  return (
    <section
      className={shared.scroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label={t('import.previewTitle')}
      style={{ padding: '0 20px 12px' }}
    >
      <table className={`${shared.lines} ${classes.preview}`}>
        <thead>
          <tr>
            <th data-end>{t('import.row')}</th>
            {shown.map((name) => (
              <th key={name}>{t(`import.target.${name}`)}</th>
            ))}
            <th>{t('import.verdict')}</th>
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row) => (
            <tr key={row.row} data-bad={row.errors.length > 0 || undefined}>
              <td data-end>{row.row}</td>
              {shown.map((name) => {
                const error = row.errors.find((e) => e.field === name);
                return (
                  <td
                    key={name}
                    data-bad={error ? true : undefined}
                    title={error ? t(`import.defect.${error.code}`) : undefined}
                  >
                    {row.values[name] || (error ? error.value : '') || '—'}
                  </td>
                );
              })}
              <td>
                {row.errors.length > 0 ? (
                  <Badge color="brick">{t(`import.defect.${row.errors[0]?.code}`)}</Badge>
                ) : row.marks.length > 0 ? (
                  row.marks.map((mark) => (
                    <Badge key={mark} color="mustard" mr={4}>
                      {t(`import.mark.${mark}`)}
                    </Badge>
                  ))
                ) : (
                  <Badge color="green">{t('import.good')}</Badge>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
