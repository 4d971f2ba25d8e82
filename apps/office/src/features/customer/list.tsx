/** Customers. What a role may not see whole comes masked from the server; nothing is unmasked here. */

import { Badge, Button } from '@mantine/core';
import type { CustomerJson } from '@mostrador/contract/customer';
import { type Column, DataTable, DateText, EmptyState, Page, PageHeader, SearchBox } from '@mostrador/ui';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useParams } from 'react-router';
import { useList, useSession } from '../../api/hooks.js';
import { useAddress, usePanelNavigation } from '../../shared/address.js';

export function Customers() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { values, set } = useAddress();
  const panel = usePanelNavigation('/customers');
  const { customerId } = useParams();
  const list = useList<CustomerJson>(['customer'], '/customers', { q: values.q });
  const search = useCallback((q: string) => set({ q }), [set]);
  const columns = useMemo<readonly Column<CustomerJson>[]>(
    () => [
      {
        id: 'name',
        header: t('customer.name'),
        width: 200,
        grow: 2,
        cell: (c) =>
          c.erased_at ? <Badge color="gray">{t('customer.erased')}</Badge> : c.name || c.external_reference || '—',
      },
      { id: 'email', header: t('customer.email'), width: 180, grow: 2, priority: 2, cell: (c) => c.email || '—' },
      { id: 'phone', header: t('customer.phone'), width: 140, priority: 1, cell: (c) => c.phone || '—' },
      { id: 'document', header: t('customer.document'), width: 130, priority: 3, cell: (c) => c.document || '—' },
      {
        id: 'country',
        header: t('customer.country'),
        width: 90,
        priority: 5,
        hidden: true,
        cell: (c) => c.country || '—',
      },
      {
        id: 'reference',
        header: t('customer.reference'),
        width: 110,
        priority: 6,
        hidden: true,
        cell: (c) => c.external_reference ?? '—',
      },
      {
        id: 'created',
        header: t('customer.since'),
        width: 130,
        priority: 4,
        cell: (c) => <DateText value={c.created_at} />,
      },
    ],
    [t],
  );
  const create = can('customer.write') ? (
    <Button component={Link} to="/customers/new" leftSection={<IconPlus size={18} stroke={1.75} />}>
      {t('customer.new')}
    </Button>
  ) : null;
  return (
    <>
      <Page wide>
        <PageHeader
          title={t('customer.title')}
          purpose={t(can('customer.reveal') ? 'customer.purpose' : 'customer.purposeMasked')}
          primary={create}
        />
        <DataTable
          label={t('customer.title')}
          storageKey="customers"
          rowId={(c) => c.id}
          columns={columns}
          list={(c) => ({
            title: c.erased_at ? t('customer.erased') : c.name || c.external_reference || '—',
            subtitle: c.email || c.phone,
            trailing: <DateText value={c.created_at} />,
          })}
          rowHref={(c) => panel.href(c.id)}
          onOpen={(c) => panel.open(c.id)}
          openId={customerId}
          toolbar={<SearchBox value={values.q ?? ''} onChange={search} placeholder={t('customer.search')} />}
          {...list}
          empty={
            values.q ? (
              <EmptyState icon={IconUsers} title={t('customer.nothing')} hint={t('customer.nothingHint')} />
            ) : (
              <EmptyState icon={IconUsers} title={t('customer.none')} hint={t('customer.noneHint')} action={create} />
            )
          }
        />
      </Page>
      <Outlet />
    </>
  );
}
