/**
 * Decides on a shop's settings. A shop is created complete: with a default location and a default tax rate, of which
 * it has exactly one for ever after, so that a product never lacks what a sale needs.
 */
import type { DecidedEvent, Decision } from '../decision.js';
import { BUILT_IN_ROLES, type IdentityEvent } from '../identity/types.js';
import { COUNTRIES, optionSetsOf } from './countries.js';
import type { Location, Shop, ShopTaxRate, TenantState } from './state.js';
import type { TenantEvent } from './types.js';

export type TenantCommand =
  | {
      readonly type: 'create';
      readonly tenantId: string;
      readonly name: string;
      readonly country: string;
      readonly currency: string;
      readonly timeZone: string;
      readonly locale: 'es' | 'en';
      readonly locationId: string;
      readonly locationName: string;
      /** As many as the country has rates. */
      readonly taxRateIds: readonly string[];
    }
  | {
      readonly type: 'change';
      readonly changes: Partial<
        Pick<Shop, 'name' | 'timeZone' | 'locale' | 'taxIdentifier' | 'address' | 'receiptFooter'>
      >;
    }
  | {
      readonly type: 'add_tax_rate';
      readonly taxRateId: string;
      readonly name: string;
      readonly rateBp: number;
      readonly isDefault: boolean;
    }
  | {
      readonly type: 'change_tax_rate';
      readonly taxRateId: string;
      readonly changes: Partial<{ name: string; isDefault: true; archived: boolean }>;
    }
  | {
      readonly type: 'create_location';
      readonly locationId: string;
      readonly name: string;
      readonly address: string;
      readonly isDefault: boolean;
      /** Made from the name when absent. */
      readonly receiptPrefix?: string | undefined;
    }
  | {
      readonly type: 'change_location';
      readonly locationId: string;
      readonly changes: Partial<{ name: string; address: string; isDefault: true; archived: boolean }>;
    };

export type TenantRejection =
  | { readonly code: 'tenant_exists' }
  | { readonly code: 'tenant_not_found' }
  | { readonly code: 'country_unknown' }
  | { readonly code: 'tax_rate_not_found' }
  | { readonly code: 'location_not_found' }
  | { readonly code: 'name_taken' }
  | { readonly code: 'receipt_prefix_taken' }
  /** The default cannot be archived; make another the default first. */
  | { readonly code: 'default_required' }
  /** What is archived cannot become the default. */
  | { readonly code: 'archived' };

type Decided = Decision<TenantRejection>;

/** Nothing to change is an acceptance without events. */
export function decideTenant(state: TenantState, command: TenantCommand): Decided {
  if (command.type === 'create') return create(state, command);
  if (state.shop === null) return refuse('tenant_not_found');
  switch (command.type) {
    case 'change': {
      const changes = differences(state.shop, command.changes);
      return changes === null
        ? accept([])
        : accept([event(state.shop.tenantId, { type: 'tenant.changed', payload: { changes } })]);
    }
    case 'add_tax_rate':
      return addTaxRate(state, command);
    case 'change_tax_rate':
      return changeTaxRate(state, command);
    case 'create_location':
      return createLocation(state, command);
    case 'change_location':
      return changeLocation(state, command);
  }
}

function create(state: TenantState, command: Extract<TenantCommand, { type: 'create' }>): Decided {
  if (state.shop !== null) return refuse('tenant_exists');
  const country = COUNTRIES[command.country];
  if (country === undefined) return refuse('country_unknown');
  const { tenantId, name, currency, timeZone, locale, locationId, locationName } = command;
  const taxRates = country.taxRates.map((rate, i) => ({
    taxRateId: command.taxRateIds[i] ?? '',
    ...rate,
    isDefault: i === 0,
  }));
  const roles = Object.entries(BUILT_IN_ROLES).map(([roleId, permissions]) =>
    event(roleId, {
      type: 'role.created',
      payload: { roleId, name: ROLE_NAMES[locale][roleId as keyof typeof BUILT_IN_ROLES], permissions, builtIn: true },
    }),
  );
  return accept([
    event(tenantId, {
      type: 'tenant.created',
      payload: {
        tenantId,
        name,
        country: command.country,
        currency,
        timeZone,
        locale,
        taxRates,
        optionSets: optionSetsOf(locale),
      },
    }),
    event(locationId, {
      type: 'location.created',
      payload: {
        locationId,
        name: locationName,
        address: '',
        isDefault: true,
        receiptPrefix: receiptPrefix(locationName, []),
      },
    }),
    ...roles,
  ]);
}

const ROLE_NAMES = {
  es: { admin: 'Administración', manager: 'Gerencia', cashier: 'Caja' },
  en: { admin: 'Administrator', manager: 'Manager', cashier: 'Cashier' },
} as const;

function addTaxRate(state: TenantState, command: Extract<TenantCommand, { type: 'add_tax_rate' }>): Decided {
  const { taxRateId, name, rateBp, isDefault } = command;
  if (state.taxRates.some((rate) => !rate.archived && same(rate.name, name))) return refuse('name_taken');
  return accept([
    ...(isDefault ? formerDefaultRate(state, taxRateId) : []),
    event(taxRateId, { type: 'tenant.tax_rate_added', payload: { taxRateId, name, rateBp, isDefault } }),
  ]);
}

function changeTaxRate(state: TenantState, command: Extract<TenantCommand, { type: 'change_tax_rate' }>): Decided {
  const { taxRateId } = command;
  const rate = state.taxRates.find((r) => r.taxRateId === taxRateId);
  if (rate === undefined) return refuse('tax_rate_not_found');
  const changes = differences(rate, command.changes);
  if (changes === null) return accept([]);
  const refusal = defaultRefusal(rate, changes);
  if (refusal !== null) return refuse(refusal);
  const { name } = changes;
  const others = state.taxRates.filter((r) => r !== rate && !r.archived);
  if (name !== undefined && others.some((r) => same(r.name, name))) return refuse('name_taken');
  return accept([
    ...(changes.isDefault === true ? formerDefaultRate(state, taxRateId) : []),
    event(taxRateId, { type: 'tenant.tax_rate_changed', payload: { taxRateId, changes } }),
  ]);
}

function createLocation(state: TenantState, command: Extract<TenantCommand, { type: 'create_location' }>): Decided {
  const { locationId, name, address, isDefault } = command;
  if (state.locations.some((place) => !place.archived && same(place.name, name))) return refuse('name_taken');
  const taken = state.locations.map((place) => place.receiptPrefix);
  // Also an archived location keeps its prefix: its receipts still carry it.
  if (command.receiptPrefix !== undefined && taken.includes(command.receiptPrefix))
    return refuse('receipt_prefix_taken');
  return accept([
    ...(isDefault ? formerDefaultLocation(state, locationId) : []),
    event(locationId, {
      type: 'location.created',
      payload: {
        locationId,
        name,
        address,
        isDefault,
        receiptPrefix: command.receiptPrefix ?? receiptPrefix(name, taken),
      },
    }),
  ]);
}

function changeLocation(state: TenantState, command: Extract<TenantCommand, { type: 'change_location' }>): Decided {
  const { locationId } = command;
  const place = state.locations.find((l) => l.locationId === locationId);
  if (place === undefined) return refuse('location_not_found');
  const changes = differences(place, command.changes);
  if (changes === null) return accept([]);
  const refusal = defaultRefusal(place, changes);
  if (refusal !== null) return refuse(refusal);
  const { name } = changes;
  const others = state.locations.filter((l) => l !== place && !l.archived);
  if (name !== undefined && others.some((l) => same(l.name, name))) return refuse('name_taken');
  return accept([
    ...(changes.isDefault === true ? formerDefaultLocation(state, locationId) : []),
    event(locationId, { type: 'location.changed', payload: { locationId, changes } }),
  ]);
}

function defaultRefusal(
  item: Pick<Location | ShopTaxRate, 'isDefault' | 'archived'>,
  changes: Partial<{ isDefault: boolean; archived: boolean }>,
): 'default_required' | 'archived' | null {
  const archived = changes.archived ?? item.archived;
  if (!archived) return null;
  if (changes.isDefault === true) return 'archived';
  return item.isDefault ? 'default_required' : null;
}

function formerDefaultRate(state: TenantState, except: string): DecidedEvent[] {
  return state.taxRates
    .filter((rate) => rate.isDefault && rate.taxRateId !== except)
    .map(({ taxRateId }) =>
      event(taxRateId, { type: 'tenant.tax_rate_changed', payload: { taxRateId, changes: { isDefault: false } } }),
    );
}

function formerDefaultLocation(state: TenantState, except: string): DecidedEvent[] {
  return state.locations
    .filter((place) => place.isDefault && place.locationId !== except)
    .map(({ locationId }) =>
      event(locationId, { type: 'location.changed', payload: { locationId, changes: { isDefault: false } } }),
    );
}

/** Two to four letters of the name and, where those are taken, a number: `Central` → `CEN`. */
export function receiptPrefix(name: string, taken: readonly string[]): string {
  const letters = name
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  const stem = (letters === '' ? 'LOC' : letters.padEnd(2, 'X')).slice(0, 3);
  let prefix = stem;
  for (let n = 2; taken.includes(prefix); n++) prefix = `${stem.slice(0, 6 - String(n).length)}${n}`;
  return prefix;
}

/** Those of `changes` that differ from what is; null when none does. */
function differences<T extends object, C extends Partial<Record<keyof T, unknown>>>(before: T, changes: C): C | null {
  const entries = Object.entries(changes).filter(
    ([key, value]) => value !== undefined && (before as Record<string, unknown>)[key] !== value,
  );
  return entries.length === 0 ? null : (Object.fromEntries(entries) as C);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function event(subject: string, e: TenantEvent | Extract<IdentityEvent, { type: 'role.created' }>): DecidedEvent {
  return { type: e.type, subject, payload: { ...e.payload } };
}

function accept(events: readonly DecidedEvent[]): Decided {
  return { ok: true, events, transfers: [] };
}

function refuse(code: TenantRejection['code']): Decided {
  return { ok: false, rejection: { code } };
}
