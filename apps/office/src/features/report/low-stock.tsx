/** What runs low, by how many days it still lasts. */

import { Badge, Button } from '@mantine/core';
import type { LowStockJson } from '@mostrador/contract/report';
import { type Column, DataTable, EmptyState, Quantity, useFormat } from '@mostrador/ui';
import { IconConfetti } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useList, useSession } from '../../api/hooks.js';
import { withVariant } from '../../shared/text.js';

const TONES = { low: 'mustard', out: 'brick', below_zero: 'brick' } as const;

export function LowStock({ locationId }: { readonly locationId: string }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const format = useFormat();
  const navigate = useNavigate();
  const list = useList<LowStockJson>(['dashboard', 'low-stock'], '/reports/low-stock', { location_id: locationId });
  const orders = can('stock.write');
  const columns = useMemo<readonly Column<LowStockJson>[]>(
    () => [
      { id: 'name', header: t('product.one'), width: 220, grow: 3, cell: (r) => withVariant(r.name, r.variant_name) },
      { id: 'location', header: t('sale.location'), width: 140, grow: 1, priority: 3, cell: (r) => r.location_name },
      {
        id: 'state',
        header: t('stock.stateName'),
        width: 110,
        priority: 1,
        cell: (r) => <Badge color={TONES[r.state]}>{t(`stock.state.${r.state}`)}</Badge>,
      },
      {
        id: 'pace',
        header: t('report.perDay'),
        width: 110,
        align: 'end',
        priority: 2,
        cell: (r) => format.number(r.sold_per_day, 1),
      },
      {
        id: 'days',
        header: t('report.daysLeft'),
        width: 110,
        align: 'end',
        cell: (r) => (r.days_left === null ? '—' : format.number(r.days_left, 0)),
      },
      {
        id: 'available',
        header: t('stock.available'),
        width: 110,
        align: 'end',
        cell: (r) => <Quantity value={r.available} unit={r.sales_unit} strong />,
      },
      ...(orders
        ? [
            {
              id: 'order',
              header: '',
              width: 110,
              align: 'end',
              cell: (r: LowStockJson) => (
                <span data-check>
                  <Button
                    component={Link}
                    to={`/stock-receive?variant=${r.variant_id}`}
                    variant="default"
                    size="compact-sm"
                    tabIndex={-1}
                  >
                    {t('dashboard.order')}
                  </Button>
                </span>
              ),
            } as const,
          ]
        : []),
    ],
    [t, format, orders],
  );
  return (
    <DataTable
      label={t('report.low-stock')}
      storageKey="low-stock"
      rowId={(r) => `${r.variant_id}/${r.location_id}`}
      columns={columns}
      list={(r) => ({
        title: withVariant(r.name, r.variant_name),
        subtitle:
          r.days_left === null
            ? t('dashboard.notSelling')
            : t('dashboard.daysLeft', { count: Math.floor(r.days_left) }),
        trailing: <Quantity value={r.available} unit={r.sales_unit} strong />,
        below: r.location_name,
      })}
      rowHref={(r) => `/office/stock/${r.variant_id}`}
      onOpen={(r) => navigate(`/stock/${r.variant_id}`)}
      {...list}
      empty={<EmptyState icon={IconConfetti} title={t('dashboard.noLow')} hint={t('dashboard.noLowHint')} />}
    />
  );
}
