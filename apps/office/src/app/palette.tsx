/** Ctrl K: go to any page, find a product or a receipt, start an action, without leaving the keyboard. */

import { createSpotlight, Spotlight } from '@mantine/spotlight';
import type { Page } from '@mostrador/contract';
import type { ProductJson } from '@mostrador/contract/product';
import type { SaleSummaryJson } from '@mostrador/contract/sale';
import '@mantine/spotlight/styles.layer.css';
import { useDebouncedValue } from '@mantine/hooks';
import { type IconType, useFormat } from '@mostrador/ui';
import {
  IconArrowsExchange,
  IconClipboardList,
  IconFileImport,
  IconPercentage,
  IconPlus,
  IconReceipt,
  IconSearch,
  IconTag,
  IconTruckDelivery,
} from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { get } from '../api/client.js';
import { useSession } from '../api/hooks.js';
import classes from './frame.module.css';
import { NAV } from './nav.js';

const [store, palette] = createSpotlight();
export const openPalette = palette.open;

interface Action {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly icon: IconType;
  readonly to: string;
}

const ACTIONS: readonly {
  readonly name: string;
  readonly to: string;
  readonly icon: IconType;
  readonly needs: string;
}[] = [
  { name: 'newProduct', to: '/products/new', icon: IconPlus, needs: 'product.write' },
  { name: 'receive', to: '/stock-receive', icon: IconTruckDelivery, needs: 'stock.write' },
  { name: 'count', to: '/stock-count', icon: IconClipboardList, needs: 'stock.write' },
  { name: 'move', to: '/stock-move', icon: IconArrowsExchange, needs: 'stock.write' },
  { name: 'priceChange', to: '/price-changes', icon: IconPercentage, needs: 'price.write' },
  { name: 'import', to: '/imports/new', icon: IconFileImport, needs: 'product.write' },
];

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/** Enter without having moved takes the first answer, as anybody who types and presses Enter expects. */
function takeFirst(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
  const answers = document.querySelector('.mantine-Spotlight-actionsList');
  if (!answers || answers.querySelector('[data-selected]')) return;
  event.preventDefault();
  answers.querySelector<HTMLElement>('.mantine-Spotlight-action')?.click();
}

export function Palette() {
  const { t } = useTranslation();
  const { can } = useSession();
  const format = useFormat();
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query.trim(), 140);
  const products = useQuery({
    queryKey: ['product', 'palette', asked],
    queryFn: ({ signal }) => get<Page<ProductJson>>('/products', { q: asked, limit: 6 }, signal),
    enabled: asked.length > 1 && can('product.read'),
    placeholderData: keepPreviousData,
  });
  const sales = useQuery({
    queryKey: ['sale', 'palette', asked],
    queryFn: ({ signal }) => get<Page<SaleSummaryJson>>('/sales', { q: asked, limit: 3 }, signal),
    enabled: /\d{2,}/.test(asked) && can('sale.read'),
  });

  const wanted = fold(query.trim());
  const pages: Action[] = NAV.flatMap((g) => g.items)
    .filter((i) => !i.needs || can(i.needs))
    .map((i) => ({ id: `page-${i.name}`, label: t(`nav.${i.name}`), icon: i.icon, to: i.to }));
  const actions: Action[] = ACTIONS.filter((a) => can(a.needs)).map((a) => ({
    id: `do-${a.name}`,
    label: t(`palette.${a.name}`),
    icon: a.icon,
    to: a.to,
  }));
  const match = (list: Action[]) => list.filter((a) => fold(a.label).includes(wanted));
  const found: Action[] =
    asked.length > 1 && query
      ? (products.data?.data ?? []).map((p) => ({
          id: p.id,
          label: p.name,
          hint: p.variants[0]?.price ? format.money(p.variants[0].price) : t('product.noPrice'),
          icon: IconTag,
          to: `/products/${p.id}`,
        }))
      : [];
  const receipts: Action[] = (sales.data?.data ?? []).map((s) => ({
    id: s.id,
    label: s.receipt_number,
    hint: format.money(s.total),
    icon: IconReceipt,
    to: `/sales/${s.id}`,
  }));
  const groups: readonly (readonly [string, Action[]])[] = [
    [t('palette.products'), found],
    [t('palette.receipts'), query ? receipts : []],
    [t('palette.actions'), match(actions)],
    [t('palette.pages'), match(pages)],
  ];
  const any = groups.some(([, list]) => list.length > 0);

  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      maxHeight={440}
      scrollable
      centered={false}
      yOffset="12vh"
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      styles={{ content: { backgroundColor: 'var(--ms-surface)' }, search: { backgroundColor: 'transparent' } }}
      classNames={{ search: classes.paletteSearch ?? '', actionsGroup: classes.paletteGroup ?? '' }}
    >
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        leftSection={<IconSearch size={20} stroke={1.5} />}
        onKeyDown={takeFirst}
      />
      <Spotlight.ActionsList>
        {groups.map(([label, list]) =>
          list.length > 0 ? (
            <Spotlight.ActionsGroup key={label} label={label}>
              {list.map((a) => (
                <Spotlight.Action
                  key={a.id}
                  label={a.label}
                  leftSection={<a.icon size={19} stroke={1.5} />}
                  rightSection={a.hint ? <span className="ms-num">{a.hint}</span> : null}
                  onClick={() => navigate(a.to)}
                />
              ))}
            </Spotlight.ActionsGroup>
          ) : null,
        )}
        {any ? null : <Spotlight.Empty>{t('palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
