/** How much there is of everything, where, and what state that is in. */

import { ActionIcon, Button, Menu } from '@mantine/core';
import type { StockLevelJson, StockSummaryJson } from '@mostrador/contract/stock';
import {
  Code,
  type Column,
  DataTable,
  EmptyState,
  type Filter,
  FilterChips,
  Page,
  PageHeader,
  Quantity,
  SearchBox,
  useFormat,
  Why,
} from '@mostrador/ui';
import { IconArrowsExchange, IconClipboardList, IconDots, IconPackages, IconTruckDelivery } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useNavigate, useParams } from 'react-router';
import { useList, useOne, useSession } from '../../api/hooks.js';
import { useLocations } from '../../api/nouns.js';
import { useAddress, usePanelNavigation } from '../../shared/address.js';
import { useChosenLocation } from '../../shared/chosen-location.js';
import { StockWhy } from '../../shared/stock-why.js';
import { withVariant } from '../../shared/text.js';
import { StateBadge, StockTabs } from './parts.js';

export function StockLevels() {
  const { t } = useTranslation();
  const format = useFormat();
  const { values, set } = useAddress();
  const panel = usePanelNavigation('/stock');
  const { variantId } = useParams();
  const locations = useLocations();
  const chosen = useChosenLocation();
  const location = values.location_id ?? chosen;
  const list = useList<StockLevelJson>(['stock'], '/stock', {
    q: values.q,
    state: values.state,
    location_id: location,
  });
  const summary = useOne<StockSummaryJson>(
    ['stock', 'summary'],
    '/stock/summary',
    location ? { location_id: location } : {},
  );
  const search = useCallback((q: string) => set({ q }), [set]);
  const count = (state: 'low' | 'out' | 'below_zero') =>
    summary.data ? ` (${format.number(summary.data[state])})` : '';
  const filters: readonly Filter[] = [
    {
      id: 'state',
      kind: 'choice',
      name: t('stock.stateName'),
      options: (['low', 'out', 'below_zero'] as const).map((s) => ({
        value: s,
        label: `${t(`stock.state.${s}`)}${count(s)}`,
      })),
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
  ];
  const columns = useMemo<readonly Column<StockLevelJson>[]>(
    () => [
      {
        id: 'name',
        header: t('product.one'),
        width: 220,
        grow: 3,
        cell: (s) => withVariant(s.product_name, s.variant_name),
      },
      { id: 'sku', header: t('product.sku'), width: 140, grow: 1, priority: 3, cell: (s) => <Code>{s.sku}</Code> },
      { id: 'location', header: t('sale.location'), width: 140, grow: 1, priority: 2, cell: (s) => s.location_name },
      { id: 'state', header: t('stock.stateName'), width: 110, cell: (s) => <StateBadge state={s.state} /> },
      {
        id: 'reserved',
        header: t('stock.reserved'),
        width: 100,
        align: 'end',
        priority: 4,
        cell: (s) => <Quantity value={s.reserved} unit={s.sales_unit} />,
      },
      {
        id: 'reorder',
        header: t('stock.reorderPoint'),
        width: 110,
        align: 'end',
        priority: 5,
        hidden: true,
        cell: (s) => <Quantity value={s.reorder_point} unit={s.sales_unit} />,
      },
      {
        id: 'onhand',
        header: t('stock.onHand'),
        width: 110,
        align: 'end',
        cell: (s) => (
          <span data-check>
            <Why value={<Quantity value={s.on_hand} unit={s.sales_unit} strong />}>
              {() => <StockWhy variantId={s.variant_id} locationId={s.location_id} unit={s.sales_unit} />}
            </Why>
          </span>
        ),
      },
    ],
    [t],
  );
  const filtered = Boolean(values.q || values.state);
  return (
    <>
      <Page wide>
        <PageHeader
          title={t('stock.title')}
          purpose={t('stock.purpose')}
          actions={<Documents />}
          primary={<ReceiveButton />}
        />
        <StockTabs />
        <DataTable
          label={t('stock.levels')}
          storageKey="stock"
          rowId={(s) => `${s.variant_id}/${s.location_id}`}
          columns={columns}
          list={(s) => ({
            title: withVariant(s.product_name, s.variant_name),
            subtitle: `${s.location_name} · ${s.sku}`,
            trailing: <Quantity value={s.on_hand} unit={s.sales_unit} strong />,
            below: <StateBadge state={s.state} />,
          })}
          rowHref={(s) => panel.href(s.variant_id)}
          onOpen={(s) => panel.open(s.variant_id)}
          openId={
            list.rows.find((s) => s.variant_id === variantId)
              ? `${variantId}/${list.rows.find((s) => s.variant_id === variantId)?.location_id}`
              : undefined
          }
          toolbar={
            <>
              <SearchBox value={values.q ?? ''} onChange={search} placeholder={t('stock.search')} />
              <FilterChips filters={filters} values={values} onChange={set} />
            </>
          }
          {...list}
          empty={
            filtered ? (
              <EmptyState icon={IconPackages} title={t('stock.nothing')} hint={t('stock.nothingHint')} />
            ) : (
              <EmptyState
                icon={IconPackages}
                title={t('stock.none')}
                hint={t('stock.noneHint')}
                action={<ReceiveButton />}
              />
            )
          }
        />
      </Page>
      <Outlet />
    </>
  );
}

export function ReceiveButton() {
  const { t } = useTranslation();
  const { can } = useSession();
  if (!can('stock.write')) return null;
  return (
    <Button component={Link} to="/stock-receive" leftSection={<IconTruckDelivery size={18} stroke={1.5} />}>
      {t('stock.receive')}
    </Button>
  );
}

export function Documents() {
  const { t } = useTranslation();
  const { can } = useSession();
  const navigate = useNavigate();
  if (!can('stock.write')) return null;
  return (
    <>
      <Button
        variant="default"
        visibleFrom="sm"
        leftSection={<IconClipboardList size={18} stroke={1.5} />}
        onClick={() => navigate('/stock-count')}
      >
        {t('stock.count')}
      </Button>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={t('more')} size={36}>
            <IconDots size={20} stroke={1.5} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconClipboardList size={18} stroke={1.5} />}
            onClick={() => navigate('/stock-count')}
          >
            {t('stock.count')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowsExchange size={18} stroke={1.5} />}
            onClick={() => navigate('/stock-move')}
          >
            {t('stock.move')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
