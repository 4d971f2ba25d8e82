/** All imports there were, and how they ended. */

import { Badge, Button } from '@mantine/core';
import type { ImportJson, ImportState } from '@mostrador/contract/import';
import { type Column, DataTable, EmptyState, Page, PageHeader, RelativeDate, useFormat } from '@mostrador/ui';
import { IconFileImport, IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useList } from '../../api/hooks.js';

const TONES: Readonly<Record<ImportState, string>> = {
  uploaded: 'mustard',
  running: 'sky',
  done: 'green',
  failed: 'brick',
  cancelled: 'gray',
};

export function ImportBadge({ state }: { readonly state: ImportState }) {
  const { t } = useTranslation();
  return <Badge color={TONES[state]}>{t(`import.state.${state}`)}</Badge>;
}

export function Imports() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const list = useList<ImportJson>(['import'], '/imports', {}, { refetchMs: 5_000 });
  const columns = useMemo<readonly Column<ImportJson>[]>(
    () => [
      { id: 'file', header: t('import.file'), width: 200, grow: 2, cell: (i) => i.file_name },
      { id: 'kind', header: t('import.kindName'), width: 110, priority: 2, cell: (i) => t(`import.kind.${i.kind}`) },
      { id: 'state', header: t('import.stateName'), width: 120, cell: (i) => <ImportBadge state={i.state} /> },
      {
        id: 'rows',
        header: t('import.rows'),
        width: 100,
        align: 'end',
        priority: 1,
        cell: (i) => format.number(i.total ?? i.done),
      },
      {
        id: 'rejected',
        header: t('import.rejected'),
        width: 110,
        align: 'end',
        priority: 3,
        cell: (i) => format.number(i.rejected),
      },
      { id: 'at', header: t('sale.when'), width: 130, cell: (i) => <RelativeDate value={i.created_at} /> },
    ],
    [t, format],
  );
  const create = (
    <Button component={Link} to="/imports/new" leftSection={<IconPlus size={18} stroke={1.75} />}>
      {t('import.new')}
    </Button>
  );
  return (
    <Page wide>
      <PageHeader
        title={t('import.title')}
        purpose={t('import.purpose')}
        primary={list.rows.length > 0 ? create : null}
      />
      <DataTable
        label={t('import.title')}
        storageKey="imports"
        rowId={(i) => i.id}
        columns={columns}
        list={(i) => ({
          title: i.file_name,
          subtitle: `${t(`import.kind.${i.kind}`)} · ${format.number(i.total ?? i.done)}`,
          trailing: <ImportBadge state={i.state} />,
          below: <RelativeDate value={i.created_at} />,
        })}
        rowHref={(i) => `/office/imports/${i.id}`}
        onOpen={(i) => navigate(`/imports/${i.id}`)}
        {...list}
        empty={
          <EmptyState icon={IconFileImport} title={t('import.none')} hint={t('import.noneHint')} action={create} />
        }
      />
    </Page>
  );
}
