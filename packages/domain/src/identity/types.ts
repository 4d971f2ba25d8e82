/** Staff and what they may do. Names and e-mail addresses stand sealed in events; password hashes never do. */
import type { Sealed } from '../customer/types.js';

/** `noun.action`; the closed list of what a role can allow. */
export const PERMISSIONS = [
  'product.read',
  'product.write',
  'price.write',
  'stock.read',
  'stock.write',
  'supplier.read',
  'supplier.write',
  'sale.read',
  'sale.write',
  'refund.write',
  'cash.read',
  'cash.write',
  'customer.read',
  'customer.write',
  'customer.reveal',
  'customer.erase',
  'report.read',
  'journal.read',
  'operations.write',
  'user.read',
  'user.write',
  'settings.read',
  'settings.write',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** The roles that every shop is created with; `admin` holds every permission. */
export const BUILT_IN_ROLES = {
  admin: PERMISSIONS,
  manager: PERMISSIONS.filter(
    (p) => !['user.write', 'settings.write', 'customer.erase', 'operations.write'].includes(p),
  ),
  cashier: [
    'product.read',
    'stock.read',
    'sale.read',
    'sale.write',
    'cash.read',
    'cash.write',
    'customer.read',
    'customer.write',
    'settings.read',
  ],
} as const satisfies Record<string, readonly Permission[]>;

/** What `sealed` holds. */
export interface UserPersonal {
  readonly name: string;
  readonly email: string;
}

export type IdentityEvent =
  | {
      readonly type: 'user.created';
      readonly payload: {
        readonly userId: string;
        /** UserPersonal. */
        readonly sealed: Sealed;
        /** Blind index of the e-mail address, by which a person is found at sign-in. */
        readonly emailIndex: string;
        readonly roleIds: readonly string[];
        readonly locale: 'es' | 'en';
      };
    }
  | {
      readonly type: 'user.changed';
      readonly payload: {
        readonly userId: string;
        readonly changes: Partial<{
          sealed: Sealed;
          emailIndex: string;
          roleIds: readonly string[];
          locale: 'es' | 'en';
          disabled: boolean;
        }>;
      };
    }
  | { readonly type: 'user.password_changed'; readonly payload: { readonly userId: string } }
  | {
      readonly type: 'role.created';
      readonly payload: {
        /** `admin`, `manager`, `cashier`, or `rol_…`. */
        readonly roleId: string;
        readonly name: string;
        readonly permissions: readonly Permission[];
        readonly builtIn: boolean;
      };
    }
  | {
      readonly type: 'role.changed';
      readonly payload: {
        readonly roleId: string;
        readonly changes: Partial<{ name: string; permissions: readonly Permission[] }>;
      };
    };
