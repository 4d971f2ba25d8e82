/** The nouns of the rail, in their groups, and who may see each. */
import type { IconType } from '@mostrador/ui';
import {
  IconActivityHeartbeat,
  IconBook2,
  IconCash,
  IconChartBar,
  IconFileImport,
  IconHome,
  IconPackages,
  IconReceipt,
  IconSettings,
  IconTag,
  IconTruckDelivery,
  IconUserShield,
  IconUsers,
} from '@tabler/icons-react';

export interface NavItem {
  /** Key of `nav.*`. */
  readonly name: string;
  readonly to: string;
  readonly icon: IconType;
  /** Absent: everybody. */
  readonly needs?: string;
  /** Other addresses that belong to it. */
  readonly also?: readonly string[];
}

export interface NavGroup {
  readonly name: string | null;
  readonly items: readonly NavItem[];
}

export const NAV: readonly NavGroup[] = [
  { name: null, items: [{ name: 'home', to: '/', icon: IconHome }] },
  {
    name: 'counter',
    items: [
      { name: 'sales', to: '/sales', icon: IconReceipt, needs: 'sale.read', also: ['/refunds'] },
      { name: 'cash', to: '/cash-sessions', icon: IconCash, needs: 'cash.read' },
      { name: 'customers', to: '/customers', icon: IconUsers, needs: 'customer.read' },
    ],
  },
  {
    name: 'goods',
    items: [
      {
        name: 'products',
        to: '/products',
        icon: IconTag,
        needs: 'product.read',
        also: ['/price-changes', '/labels', '/categories'],
      },
      {
        name: 'stock',
        to: '/stock',
        icon: IconPackages,
        needs: 'stock.read',
        also: ['/stock-movements', '/stock-receipts', '/stock-receive', '/stock-count', '/stock-move'],
      },
      { name: 'suppliers', to: '/suppliers', icon: IconTruckDelivery, needs: 'supplier.read' },
      { name: 'imports', to: '/imports', icon: IconFileImport, needs: 'product.write' },
    ],
  },
  {
    name: 'insight',
    items: [
      { name: 'reports', to: '/reports', icon: IconChartBar, needs: 'report.read' },
      { name: 'journal', to: '/journal', icon: IconBook2, needs: 'journal.read' },
    ],
  },
  {
    name: 'shop',
    items: [
      { name: 'people', to: '/people', icon: IconUserShield, needs: 'user.read', also: ['/roles'] },
      { name: 'operations', to: '/operations', icon: IconActivityHeartbeat, needs: 'journal.read' },
      { name: 'settings', to: '/settings', icon: IconSettings, needs: 'settings.read' },
    ],
  },
];

/** Those on the phone's bottom bar, beside "more". */
export const BOTTOM: readonly string[] = ['home', 'sales', 'products', 'stock'];

export function isActive(item: NavItem, path: string): boolean {
  if (item.to === '/') return path === '/';
  return [item.to, ...(item.also ?? [])].some((p) => path === p || path.startsWith(`${p}/`));
}
