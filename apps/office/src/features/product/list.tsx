/** All products: search as you type, filters in the address, keyboard, bulk actions. */

import { ActionIcon, Badge, Button, Menu } from '@mantine/core';
import type { ProductJson } from '@mostrador/contract/product';
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
  RelativeDate,
  SearchBox,
  toastUndo,
} from '@mostrador/ui';
import {
  IconArchive,
  IconDots,
  IconFileImport,
  IconFolder,
  IconPercentage,
  IconPlus,
  IconPrinter,
  IconTag,
} from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useNavigate, useParams } from 'react-router';
import { post } from '../../api/client.js';
import { useCommand, useList, useSession } from '../../api/hooks.js';
import { useCategories } from '../../api/nouns.js';
import { useAddress, usePanelNavigation } from '../../shared/address.js';
import { Picture } from '../../shared/picture.js';
import shared from '../../shared/shared.module.css';
import { firstBarcode, PriceText, totalOnHand } from './product-text.js';

const FILTERS = ['q', 'category_id', 'status', 'stock', 'brand'] as const;

export function Products() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { values, set } = useAddress();
  const panel = usePanelNavigation('/products');
  const { productId } = useParams();
  const categories = useCategories();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // The office shows drafts too; the interface's own list is what can be sold.
  const query = { ...Object.fromEntries(FILTERS.map((f) => [f, values[f]])), status: values.status ?? 'current' };
  const list = useList<ProductJson>(['product'], '/products', query);
  const filtered = FILTERS.some((f) => values[f]);

  const filters: readonly Filter[] = [
    {
      id: 'category_id',
      kind: 'choice',
      name: t('product.category'),
      options: categories.map((c) => ({ value: c.id, label: c.name })),
    },
    {
      id: 'stock',
      kind: 'choice',
      name: t('product.stockFilter'),
      options: ['low', 'out'].map((v) => ({ value: v, label: t(`stock.state.${v}`) })),
    },
    {
      id: 'status',
      kind: 'choice',
      name: t('product.status'),
      options: ['active', 'draft', 'archived', 'all'].map((v) => ({ value: v, label: t(`product.statuses.${v}`) })),
    },
    { id: 'brand', kind: 'text', name: t('product.brand') },
  ];
  const search = useCallback((q: string) => set({ q }), [set]);
  const columns = useColumns();

  const archive = useCommand(
    (ids: readonly string[]) => Promise.all(ids.map((id) => post(`/products/${id}/archive`))).then(() => ids),
    {
      renews: ['product'],
      onDone: (ids) => {
        setSelected(new Set());
        toastUndo({
          message: t('product.archivedMany', { count: ids.length }),
          undoLabel: t('undo'),
          undone: t('undone'),
          undo: () => restore.mutateAsync(ids),
        });
      },
    },
  );
  const restore = useCommand(
    (ids: readonly string[]) => Promise.all(ids.map((id) => post(`/products/${id}/restore`))),
    {
      renews: ['product'],
    },
  );

  const chosen = [...selected].join(',');
  return (
    <>
      <Page wide>
        <PageHeader
          title={t('product.title')}
          purpose={t('product.purpose')}
          actions={<MoreActions />}
          primary={
            can('product.write') ? (
              <Button component={Link} to="/products/new" leftSection={<IconPlus size={18} stroke={1.75} />}>
                {t('product.new')}
              </Button>
            ) : null
          }
        />
        <DataTable
          label={t('product.title')}
          storageKey="products"
          rows={list.rows}
          rowId={(p) => p.id}
          columns={columns}
          list={(p) => ({
            leading: <Picture url={p.picture_url} size={40} />,
            title: p.name,
            subtitle: [p.brand, p.category_name].filter(Boolean).join(' · ') || p.variants[0]?.sku,
            trailing: <PriceText product={p} />,
            below: <Quantity value={totalOnHand(p)} unit={p.sales_unit} />,
          })}
          rowHref={(p) => panel.href(p.id)}
          onOpen={(p) => panel.open(p.id)}
          openId={productId}
          {...(can('product.write') ? { selection: { ids: selected, onChange: setSelected } } : {})}
          bulkActions={
            <>
              <Button
                component={Link}
                to={`/labels?products=${chosen}`}
                variant="default"
                size="compact-md"
                leftSection={<IconPrinter size={16} stroke={1.5} />}
              >
                {t('product.labels')}
              </Button>
              {can('price.write') ? (
                <Button
                  component={Link}
                  to={`/price-changes?products=${chosen}`}
                  variant="default"
                  size="compact-md"
                  leftSection={<IconPercentage size={16} stroke={1.5} />}
                >
                  {t('product.changePrices')}
                </Button>
              ) : null}
              <Button
                variant="default"
                size="compact-md"
                leftSection={<IconArchive size={16} stroke={1.5} />}
                loading={archive.isPending}
                onClick={() => archive.mutate([...selected])}
              >
                {t('product.archive')}
              </Button>
            </>
          }
          toolbar={
            <>
              <SearchBox value={values.q ?? ''} onChange={search} placeholder={t('product.search')} />
              <FilterChips filters={filters} values={values} onChange={set} />
            </>
          }
          loading={list.loading}
          loadingMore={list.loadingMore}
          hasMore={list.hasMore}
          onMore={list.onMore}
          failure={list.failure}
          onRetry={list.onRetry}
          empty={
            filtered ? (
              <NothingFound onClear={() => set(Object.fromEntries(FILTERS.map((f) => [f, ''])))} />
            ) : (
              <NoneYet />
            )
          }
        />
      </Page>
      <Outlet />
    </>
  );
}

function useColumns(): readonly Column<ProductJson>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('product.name'),
        width: 240,
        grow: 3,
        cell: (p) => (
          <span className={shared.withPicture}>
            <Picture url={p.picture_url} />
            <span className={shared.words}>
              <span className={shared.name}>{p.name}</span>
              {p.status === 'active' ? null : (
                <Badge ml={8} size="sm" color={p.status === 'draft' ? 'mustard' : 'gray'}>
                  {t(`product.statuses.${p.status}`)}
                </Badge>
              )}
            </span>
          </span>
        ),
      },
      {
        id: 'category',
        header: t('product.category'),
        width: 130,
        grow: 1,
        priority: 2,
        cell: (p) => p.category_name ?? '—',
      },
      { id: 'brand', header: t('product.brand'), width: 120, grow: 1, priority: 3, cell: (p) => p.brand || '—' },
      {
        id: 'sku',
        header: t('product.sku'),
        width: 120,
        priority: 5,
        hidden: true,
        cell: (p) => <Code>{p.variants[0]?.sku ?? ''}</Code>,
      },
      {
        id: 'barcode',
        header: t('product.barcode'),
        width: 130,
        priority: 4,
        cell: (p) => <Code>{firstBarcode(p)}</Code>,
      },
      {
        id: 'variants',
        header: t('product.variants'),
        width: 80,
        align: 'end',
        priority: 6,
        hidden: true,
        cell: (p) => p.variants.length,
      },
      {
        id: 'stock',
        header: t('product.onHand'),
        width: 100,
        align: 'end',
        priority: 1,
        cell: (p) => <Quantity value={totalOnHand(p)} unit={p.sales_unit} />,
      },
      { id: 'price', header: t('product.price'), width: 130, align: 'end', cell: (p) => <PriceText product={p} /> },
      {
        id: 'updated',
        header: t('product.updated'),
        width: 130,
        priority: 7,
        hidden: true,
        cell: (p) => <RelativeDate value={p.updated_at} />,
      },
    ],
    [t],
  );
}

function MoreActions() {
  const { t } = useTranslation();
  const { can } = useSession();
  const navigate = useNavigate();
  const items = [
    { icon: IconPercentage, label: t('product.changePrices'), to: '/price-changes', needs: 'price.write' },
    { icon: IconPrinter, label: t('product.labels'), to: '/labels', needs: 'product.read' },
    { icon: IconFolder, label: t('product.categories'), to: '/categories', needs: 'product.read' },
    { icon: IconFileImport, label: t('product.import'), to: '/imports/new', needs: 'product.write' },
  ].filter((i) => can(i.needs));
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="default" aria-label={t('more')} size={36}>
          <IconDots size={20} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map((i) => (
          <Menu.Item key={i.to} leftSection={<i.icon size={18} stroke={1.5} />} onClick={() => navigate(i.to)}>
            {i.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function NothingFound({ onClear }: { readonly onClear: () => void }) {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={IconTag}
      title={t('product.nothing')}
      hint={t('product.nothingHint')}
      action={
        <Button variant="default" onClick={onClear}>
          {t('clearFilters')}
        </Button>
      }
    />
  );
}

function NoneYet() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={IconTag}
      title={t('product.none')}
      hint={t('product.noneHint')}
      action={
        <>
          <Button component={Link} to="/products/new">
            {t('product.new')}
          </Button>
          <Button component={Link} to="/imports/new" variant="default">
            {t('product.import')}
          </Button>
        </>
      }
    />
  );
}
