import { describe, expect, it } from 'vitest';
import { isCurrency } from '../money/index.js';
import {
  COUNTRIES,
  decideTenant,
  evolveTenant,
  NO_TENANT,
  receiptPrefix,
  type TenantCommand,
  type TenantEvent,
  type TenantState,
} from './index.js';

const create: Extract<TenantCommand, { type: 'create' }> = {
  type: 'create',
  tenantId: 'ten_1',
  name: 'Almacén',
  country: 'AR',
  currency: 'ARS',
  timeZone: 'America/Argentina/Buenos_Aires',
  locale: 'es',
  locationId: 'loc_1',
  locationName: 'Local central',
  taxRateIds: ['tax_1', 'tax_2', 'tax_3', 'tax_4'],
};

/** Decides and applies; throws when refused. */
function run(state: TenantState, command: TenantCommand): TenantState {
  const decision = decideTenant(state, command);
  if (!decision.ok) throw new Error(decision.rejection.code);
  return decision.events
    .filter((event) => !event.type.startsWith('role.'))
    .reduce((s, event) => evolveTenant(s, event as unknown as TenantEvent), state);
}

function refusal(state: TenantState, command: TenantCommand): string | null {
  const decision = decideTenant(state, command);
  return decision.ok ? null : decision.rejection.code;
}

const shop = run(NO_TENANT, create);
const two = run(shop, {
  type: 'create_location',
  locationId: 'loc_2',
  name: 'Depósito',
  address: '',
  isDefault: false,
});

describe('a new shop', () => {
  it('[CORE-01] is complete: a default location, tax rates, option sets and roles', () => {
    const decision = decideTenant(NO_TENANT, create);
    expect(decision.ok && decision.events.map((e) => e.type)).toEqual([
      'tenant.created',
      'location.created',
      'role.created',
      'role.created',
      'role.created',
    ]);
    expect(shop.taxRates.map((r) => [r.rateBp, r.isDefault])).toEqual([
      [2100, true],
      [1050, false],
      [2700, false],
      [0, false],
    ]);
    expect(shop.shop?.optionSets.map((set) => set.name)).toContain('Talle');
    expect(shop.locations).toMatchObject([
      { locationId: 'loc_1', isDefault: true, receiptPrefix: 'LOC', archived: false },
    ]);
  });

  it('is made once, and only in a country whose rates are known', () => {
    expect(refusal(shop, create)).toBe('tenant_exists');
    expect(refusal(NO_TENANT, { ...create, country: 'XX' })).toBe('country_unknown');
    expect(refusal(NO_TENANT, { type: 'change', changes: { name: 'X' } })).toBe('tenant_not_found');
  });

  it.each(Object.entries(COUNTRIES))(
    '%s has a currency, a time zone, and rates of which the names differ',
    (_code, country) => {
      expect(isCurrency(country.currency)).toBe(true);
      expect(() => new Intl.DateTimeFormat('en', { timeZone: country.timeZone })).not.toThrow();
      expect(new Set(country.taxRates.map((r) => r.name)).size).toBe(country.taxRates.length);
      expect(country.taxRates.filter((r) => r.rateBp === 0)).toHaveLength(1);
      for (const rate of country.taxRates) expect(rate.rateBp).toBe(Math.trunc(rate.rateBp));
    },
  );
});

describe('defaults', () => {
  const defaults = (state: TenantState) => [
    state.locations.filter((l) => l.isDefault).map((l) => l.locationId),
    state.taxRates.filter((r) => r.isDefault).map((r) => r.taxRateId),
  ];

  it('there is always exactly one of each', () => {
    expect(defaults(two)).toEqual([['loc_1'], ['tax_1']]);
    const moved = run(two, { type: 'change_location', locationId: 'loc_2', changes: { isDefault: true } });
    expect(defaults(moved)).toEqual([['loc_2'], ['tax_1']]);
    const third = {
      type: 'create_location',
      locationId: 'loc_3',
      name: 'Feria',
      address: '',
      isDefault: true,
    } as const;
    expect(defaults(run(moved, third))).toEqual([['loc_3'], ['tax_1']]);
    const rate = { type: 'add_tax_rate', taxRateId: 'tax_9', name: 'IVA 5 %', rateBp: 500, isDefault: true } as const;
    expect(defaults(run(two, rate))).toEqual([['loc_1'], ['tax_9']]);
    expect(defaults(run(two, { type: 'change_tax_rate', taxRateId: 'tax_2', changes: { isDefault: true } }))).toEqual([
      ['loc_1'],
      ['tax_2'],
    ]);
  });

  it('a default cannot be archived, and what is archived cannot become the default', () => {
    expect(refusal(two, { type: 'change_location', locationId: 'loc_1', changes: { archived: true } })).toBe(
      'default_required',
    );
    expect(refusal(two, { type: 'change_tax_rate', taxRateId: 'tax_1', changes: { archived: true } })).toBe(
      'default_required',
    );
    const closed = run(two, { type: 'change_location', locationId: 'loc_2', changes: { archived: true } });
    expect(refusal(closed, { type: 'change_location', locationId: 'loc_2', changes: { isDefault: true } })).toBe(
      'archived',
    );
    const opened = run(closed, {
      type: 'change_location',
      locationId: 'loc_2',
      changes: { isDefault: true, archived: false },
    });
    expect(defaults(opened)[0]).toEqual(['loc_2']);
  });
});

describe('names', () => {
  it('are not taken twice, without case; an archived one frees its name but not its receipt prefix', () => {
    const again = {
      type: 'create_location',
      locationId: 'loc_3',
      name: 'DEPÓSITO',
      address: '',
      isDefault: false,
    } as const;
    expect(refusal(two, again)).toBe('name_taken');
    const closed = run(two, { type: 'change_location', locationId: 'loc_2', changes: { archived: true } });
    expect(refusal(closed, again)).toBe(null);
    expect(refusal(closed, { ...again, receiptPrefix: 'DEP' })).toBe('receipt_prefix_taken');
    expect(run(closed, again).locations.map((l) => l.receiptPrefix)).toEqual(['LOC', 'DEP', 'DEP2']);
    expect(refusal(two, { type: 'change_tax_rate', taxRateId: 'tax_2', changes: { name: 'exento' } })).toBe(
      'name_taken',
    );
  });

  it.each([
    ['Local central', [], 'LOC'],
    ['ñandú', [], 'NAN'],
    ['2 de Mayo', [], '2DE'],
    ['!', [], 'LOC'],
    ['A', [], 'AX'],
    ['Centro', ['CEN', 'CEN2'], 'CEN3'],
  ])('%s gets a prefix of its letters', (name, taken, prefix) => {
    expect(receiptPrefix(name, taken)).toBe(prefix);
  });

  it('a change that changes nothing is no event', () => {
    const decision = decideTenant(two, { type: 'change', changes: { name: 'Almacén' } });
    expect(decision).toEqual({ ok: true, events: [], transfers: [] });
  });
});
