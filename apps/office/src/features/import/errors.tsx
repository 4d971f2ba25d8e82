/** Rows that could not be used, one by one: where, what stood there, why. */

import { Button } from '@mantine/core';
import type { ImportErrorJson, ImportJson } from '@mostrador/contract/import';
import { Code, type Column, DataTable, EmptyState, Section, useFormat } from '@mostrador/ui';
import { IconCircleCheck, IconDownload } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useList } from '../../api/hooks.js';
import { csvOf, download } from '../../shared/csv.js';

export function ImportErrors({ job }: { readonly job: ImportJson }) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useList<ImportErrorJson>(['import', 'errors', job.done], `/imports/${job.id}/errors`, {});
  const field = (e: ImportErrorJson) =>
    e.field ? t(`import.target.${e.field}`, { defaultValue: e.field }) : t('import.wholeRow');
  const columns = useMemo<readonly Column<ImportErrorJson>[]>(
    () => [
      { id: 'row', header: t('import.row'), width: 80, align: 'end', cell: (e) => format.number(e.row) },
      {
        id: 'field',
        header: t('import.column'),
        width: 140,
        grow: 1,
        cell: (e) => (e.field ? t(`import.target.${e.field}`, { defaultValue: e.field }) : t('import.wholeRow')),
      },
      {
        id: 'value',
        header: t('import.value'),
        width: 160,
        grow: 2,
        priority: 1,
        cell: (e) => <Code>{e.value || '—'}</Code>,
      },
      { id: 'why', header: t('import.why'), width: 200, grow: 2, cell: (e) => t(`import.defect.${e.code}`) },
    ],
    [t, format],
  );
  const save = () =>
    download(
      `${t('import.errorsFile')}.csv`,
      csvOf(
        [t('import.row'), t('import.column'), t('import.value'), t('import.why')],
        list.rows.map((e) => [e.row, field(e), e.value, t(`import.defect.${e.code}`)]),
      ),
    );
  return (
    <Section
      bare
      title={t('import.errors')}
      hint={t('import.errorsHint')}
      action={
        list.rows.length > 0 ? (
          <Button variant="default" leftSection={<IconDownload size={17} stroke={1.5} />} onClick={save}>
            {t('exportCsv')}
          </Button>
        ) : null
      }
    >
      <DataTable
        label={t('import.errors')}
        storageKey="import-errors"
        rowId={(e) => `${e.row}/${e.field}/${e.code}`}
        columns={columns}
        list={(e) => ({
          title: t(`import.defect.${e.code}`),
          subtitle: `${field(e)}: ${e.value || '—'}`,
          trailing: `${t('import.row')} ${e.row}`,
        })}
        {...list}
        empty={<EmptyState small icon={IconCircleCheck} title={t('import.noErrors')} />}
      />
    </Section>
  );
}
