/** Every movement with its cause; of one variant also what each left. */

import { Badge } from '@mantine/core';
import type { StockMovementJson } from '@mostrador/contract/stock';
import {
  type Column,
  DataTable,
  EmptyState,
  type Filter,
  FilterChips,
  Page,
  PageHeader,
  Quantity,
  RelativeDate,
  useFormat,
} from '@mostrador/ui';
import { IconHistory } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useList } from '../../api/hooks.js';
import { useLocations } from '../../api/nouns.js';
import { useAddress } from '../../shared/address.js';
import { addDays, startOfDay, useDaysFilter } from '../../shared/days.js';
import { linkOf } from '../../shared/sentence.js';
import { withVariant } from '../../shared/text.js';
import { Documents, ReceiveButton } from './levels.js';
import { StockTabs } from './parts.js';

const CAUSES = ['sale', 'refund', 'receipt', 'adjustment', 'count', 'move', 'opening', 'write_off'] as const;

export function StockMovements() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { values, set } = useAddress();
  const locations = useLocations();
  const days = useDaysFilter();
  const { settings } = useFormat();
  const moment = (day: string) => new Date(startOfDay(day, settings.timeZone)).toISOString();
  const variantId = values.variant_id;
  const list = useList<StockMovementJson>(['stock', 'movements'], '/stock/movements', {
    variant_id: variantId,
    location_id: values.location_id,
    cause: values.cause,
    from: values.from && moment(values.from),
    to: values.to && moment(addDays(values.to, 1)),
  });
  const named = list.rows.find((m) => m.variant_id === variantId);
  const filters: readonly Filter[] = [
    ...(variantId
      ? [
          {
            id: 'variant_id',
            kind: 'choice',
            name: t('product.one'),
            options: [
              { value: variantId, label: named ? withVariant(named.product_name, named.variant_name) : variantId },
            ],
          } as const,
        ]
      : []),
    {
      id: 'cause',
      kind: 'choice',
      name: t('stock.causeName'),
      options: CAUSES.map((c) => ({ value: c, label: t(`stock.cause.${c}`) })),
    },
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
    days,
  ];
  const columns = useMemo<readonly Column<StockMovementJson>[]>(
    () => [
      {
        id: 'name',
        header: t('product.one'),
        width: 200,
        grow: 2,
        cell: (m) => withVariant(m.product_name, m.variant_name),
      },
      {
        id: 'cause',
        header: t('stock.causeName'),
        width: 180,
        grow: 2,
        cell: (m) => (
          <>
            {t(`stock.cause.${m.cause}`)}
            {m.other_location_name ? ` · ${m.other_location_name}` : ''}
            {m.reference || m.reason ? ` · ${m.reference || m.reason}` : ''}{' '}
            {m.overdrawn ? <Badge color="brick">{t('stock.state.below_zero')}</Badge> : null}
          </>
        ),
      },
      { id: 'location', header: t('sale.location'), width: 130, grow: 1, priority: 3, cell: (m) => m.location_name },
      {
        id: 'actor',
        header: t('journal.who'),
        width: 165,
        grow: 1,
        priority: 2,
        cell: (m) => m.actor_name ?? t(`journal.actor.${m.actor}`, { defaultValue: '—' }),
      },
      { id: 'at', header: t('sale.when'), width: 130, priority: 1, cell: (m) => <RelativeDate value={m.at} /> },
      {
        id: 'quantity',
        header: t('stock.change'),
        width: 100,
        align: 'end',
        cell: (m) => <Quantity value={m.quantity} unit={m.sales_unit} signed />,
      },
      ...(variantId
        ? [
            {
              id: 'balance',
              header: t('stock.balance'),
              width: 100,
              align: 'end',
              cell: (m: StockMovementJson) =>
                m.balance_after === null ? '—' : <Quantity value={m.balance_after} unit={m.sales_unit} strong />,
            } as const,
          ]
        : []),
    ],
    [t, variantId],
  );
  const target = (m: StockMovementJson) => {
    const noun = m.subject.startsWith('sal_') ? 'sale' : m.subject.startsWith('ref_') ? 'refund' : '';
    if (m.event_type === 'stock.received') return `/stock-receipts/${m.subject}`;
    return linkOf(noun ? { noun, id: m.subject } : undefined) ?? `/journal/${m.seq}`;
  };
  return (
    <Page wide>
      <PageHeader
        title={t('stock.title')}
        purpose={t('stock.movementsPurpose')}
        actions={<Documents />}
        primary={<ReceiveButton />}
      />
      <StockTabs />
      <DataTable
        label={t('stock.movements')}
        storageKey="stock-movements"
        rowId={(m) => `${m.seq}/${m.n}/${m.location_id}`}
        columns={columns}
        list={(m) => ({
          title: withVariant(m.product_name, m.variant_name),
          subtitle: `${t(`stock.cause.${m.cause}`)} · ${m.reference || m.reason || m.location_name}`,
          trailing: <Quantity value={m.quantity} unit={m.sales_unit} signed strong />,
          below: <RelativeDate value={m.at} />,
        })}
        rowHref={(m) => `/office${target(m)}`}
        onOpen={(m) => void navigate(target(m))}
        toolbar={<FilterChips filters={filters} values={values} onChange={set} />}
        {...list}
        empty={<EmptyState icon={IconHistory} title={t('stock.noMovements')} hint={t('stock.noMovementsHint')} />}
      />
    </Page>
  );
}
