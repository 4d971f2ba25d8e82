/** Whom goods are received from. */

import { Badge, Button } from '@mantine/core';
import type { SupplierJson } from '@mostrador/contract/supplier';
import {
  Code,
  type Column,
  DataTable,
  EmptyState,
  FilterChips,
  Page,
  PageHeader,
  RelativeDate,
  SearchBox,
} from '@mostrador/ui';
import { IconPlus, IconTruckDelivery } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useParams } from 'react-router';
import { useList, useSession } from '../../api/hooks.js';
import { useAddress, usePanelNavigation } from '../../shared/address.js';

export function Suppliers() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { values, set } = useAddress();
  const panel = usePanelNavigation('/suppliers');
  const { supplierId } = useParams();
  const list = useList<SupplierJson>(['supplier'], '/suppliers', { q: values.q, archived: values.archived });
  const search = useCallback((q: string) => set({ q }), [set]);
  const columns = useMemo<readonly Column<SupplierJson>[]>(
    () => [
      {
        id: 'name',
        header: t('supplier.name'),
        width: 220,
        grow: 2,
        cell: (s) => (
          <>
            {s.name} {s.archived ? <Badge color="gray">{t('supplier.archived')}</Badge> : null}
          </>
        ),
      },
      {
        id: 'tax',
        header: t('supplier.taxId'),
        width: 150,
        grow: 1,
        priority: 1,
        cell: (s) => (s.tax_id ? <Code>{s.tax_id}</Code> : '—'),
      },
      { id: 'note', header: t('note'), width: 200, grow: 2, priority: 2, cell: (s) => s.note || '—' },
      {
        id: 'updated',
        header: t('product.updated'),
        width: 130,
        priority: 3,
        cell: (s) => <RelativeDate value={s.updated_at} />,
      },
    ],
    [t],
  );
  const create = can('supplier.write') ? (
    <Button component={Link} to="/suppliers/new" leftSection={<IconPlus size={18} stroke={1.75} />}>
      {t('supplier.new')}
    </Button>
  ) : null;
  return (
    <>
      <Page wide>
        <PageHeader title={t('supplier.title')} purpose={t('supplier.purpose')} primary={create} />
        <DataTable
          label={t('supplier.title')}
          storageKey="suppliers"
          rowId={(s) => s.id}
          columns={columns}
          list={(s) => ({ title: s.name, subtitle: s.note, trailing: s.tax_id })}
          rowHref={(s) => panel.href(s.id)}
          onOpen={(s) => panel.open(s.id)}
          openId={supplierId}
          toolbar={
            <>
              <SearchBox value={values.q ?? ''} onChange={search} placeholder={t('supplier.search')} />
              <FilterChips
                filters={[
                  {
                    id: 'archived',
                    kind: 'choice',
                    name: t('product.status'),
                    options: [{ value: 'true', label: t('supplier.archived') }],
                  },
                ]}
                values={values}
                onChange={set}
              />
            </>
          }
          {...list}
          empty={
            values.q || values.archived ? (
              <EmptyState icon={IconTruckDelivery} title={t('supplier.nothing')} hint={t('supplier.nothingHint')} />
            ) : (
              <EmptyState
                icon={IconTruckDelivery}
                title={t('supplier.none')}
                hint={t('supplier.noneHint')}
                action={create}
              />
            )
          }
        />
      </Page>
      <Outlet />
    </>
  );
}
