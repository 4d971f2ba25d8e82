/** All sales, newest first; found by receipt number, day, place, person. */

import { Badge } from '@mantine/core';
import type { User } from '@mostrador/contract/identity';
import type { SaleSummaryJson } from '@mostrador/contract/sale';
import {
  Code,
  type Column,
  DataTable,
  EmptyState,
  type Filter,
  FilterChips,
  Money,
  Page,
  PageHeader,
  RelativeDate,
  SearchBox,
  useFormat,
} from '@mostrador/ui';
import { IconReceipt } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useParams } from 'react-router';
import { useList, useOne, useSession } from '../../api/hooks.js';
import { useLocations } from '../../api/nouns.js';
import { useAddress, usePanelNavigation } from '../../shared/address.js';
import { useDaysFilter } from '../../shared/days.js';

const FILTERS = ['q', 'from', 'to', 'location_id', 'user_id', 'customer_id'] as const;

export function StatusBadge({ status }: { readonly status: SaleSummaryJson['status'] }) {
  const { t } = useTranslation();
  if (status === 'completed') return null;
  return <Badge color={status === 'refunded' ? 'brick' : 'mustard'}>{t(`sale.status.${status}`)}</Badge>;
}

export function sellerName(
  sale: Pick<SaleSummaryJson, 'user_id' | 'user_name'>,
  actor: (id: string) => string,
): string {
  return sale.user_name || actor(sale.user_id);
}

export function Sales() {
  const { t } = useTranslation();
  const { can } = useSession();
  const format = useFormat();
  const { values, set } = useAddress();
  const panel = usePanelNavigation('/sales');
  const { saleId } = useParams();
  const locations = useLocations();
  const people = useOne<{ data: User[] }>(['user'], '/users', {}, { enabled: can('user.read') });
  const list = useList<SaleSummaryJson>(['sale'], '/sales', Object.fromEntries(FILTERS.map((f) => [f, values[f]])));
  const days = useDaysFilter();
  const search = useCallback((q: string) => set({ q }), [set]);
  const actor = useCallback(
    (id: string) => t(`journal.actor.${id}`, { defaultValue: t('journal.actor.someone') }),
    [t],
  );

  const filters: readonly Filter[] = [
    days,
    ...(locations.length > 1
      ? [
          {
            id: 'location_id',
            kind: 'choice',
            name: t('sale.location'),
            options: locations.map((l) => ({ value: l.id, label: l.name })),
          } as const,
        ]
      : []),
    ...(people.data
      ? [
          {
            id: 'user_id',
            kind: 'choice',
            name: t('sale.seller'),
            options: people.data.data.map((u) => ({ value: u.id, label: u.name })),
          } as const,
        ]
      : []),
  ];
  const columns = useMemo<readonly Column<SaleSummaryJson>[]>(
    () => [
      { id: 'receipt', header: t('sale.receipt'), width: 140, cell: (s) => <Code>{s.receipt_number}</Code> },
      { id: 'at', header: t('sale.when'), width: 140, grow: 1, cell: (s) => <RelativeDate value={s.at} /> },
      { id: 'seller', header: t('sale.seller'), width: 140, grow: 1, priority: 2, cell: (s) => sellerName(s, actor) },
      { id: 'location', header: t('sale.location'), width: 140, grow: 1, priority: 4, cell: (s) => s.location_name },
      {
        id: 'status',
        header: t('sale.statusName'),
        width: 130,
        priority: 3,
        cell: (s) => <StatusBadge status={s.status} />,
      },
      {
        id: 'lines',
        header: t('sale.lines'),
        width: 80,
        align: 'end',
        priority: 5,
        cell: (s) => format.number(s.line_count),
      },
      {
        id: 'refunded',
        header: t('sale.refunded'),
        width: 120,
        align: 'end',
        priority: 6,
        hidden: true,
        cell: (s) => <Money value={s.refunded} />,
      },
      {
        id: 'reference',
        header: t('sale.reference'),
        width: 120,
        priority: 7,
        hidden: true,
        cell: (s) => <Code>{s.external_reference ?? '—'}</Code>,
      },
      { id: 'total', header: t('sale.total'), width: 130, align: 'end', cell: (s) => <Money value={s.total} strong /> },
    ],
    [t, format, actor],
  );
  const filtered = FILTERS.some((f) => values[f]);
  return (
    <>
      <Page wide>
        <PageHeader title={t('sale.title')} purpose={t('sale.purpose')} />
        <DataTable
          label={t('sale.title')}
          storageKey="sales"
          rowId={(s) => s.id}
          columns={columns}
          list={(s) => ({
            title: <Code>{s.receipt_number}</Code>,
            subtitle: `${sellerName(s, actor)} · ${s.location_name}`,
            trailing: <Money value={s.total} strong />,
            below: s.status === 'completed' ? <RelativeDate value={s.at} /> : t(`sale.status.${s.status}`),
          })}
          rowHref={(s) => panel.href(s.id)}
          onOpen={(s) => panel.open(s.id)}
          openId={saleId}
          toolbar={
            <>
              <SearchBox value={values.q ?? ''} onChange={search} placeholder={t('sale.search')} />
              <FilterChips filters={filters} values={values} onChange={set} />
            </>
          }
          {...list}
          empty={
            <EmptyState
              icon={IconReceipt}
              title={t(filtered ? 'sale.nothing' : 'sale.none')}
              hint={t(filtered ? 'sale.nothingHint' : 'sale.noneHint')}
            />
          }
        />
      </Page>
      <Outlet />
    </>
  );
}
