/** What is done to shops: read, decide, commit on the revisions that were read. */
import type { ErrorCode } from '@mostrador/contract/errors';
import {
  COUNTRIES,
  decideTenant,
  NO_TENANT,
  type TenantCommand,
  type TenantRejection,
  type TenantState,
} from '@mostrador/domain/tenant';
import type { Platform } from '../../module.js';
import { ApiError, type Command, type Committed, commitOrThrow, digest } from '../../platform/http/index.js';
import { newId, newUuid } from '../../platform/ids.js';
import { readShop, readTenants, type ShopFacts } from './queries.js';

type Needs = Pick<Platform, 'database' | 'journal' | 'now'>;

export interface NewTenant {
  readonly name: string;
  /** ISO 3166-1 alpha-2; see COUNTRIES. */
  readonly country: string;
  /** Those of the country when absent. */
  readonly currency?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly locale?: 'es' | 'en' | undefined;
  readonly locationName?: string | undefined;
}

/**
 * Creates a shop complete, in one commit: settings, tax rates, option sets, roles and a default location. Throws an
 * ApiError `country_unknown` or `time_zone_unknown`.
 */
export async function createTenant(platform: Needs, input: NewTenant): Promise<ShopFacts> {
  const country = COUNTRIES[input.country];
  if (country === undefined)
    throw new ApiError('country_unknown', { detail: `No tax rates are known for ${input.country}.` });
  const timeZone = input.timeZone ?? country.timeZone;
  requireTimeZone(timeZone);
  const locale = input.locale ?? country.locale;
  const command: TenantCommand = {
    type: 'create',
    tenantId: newId('ten'),
    name: input.name,
    country: input.country,
    currency: input.currency ?? country.currency,
    timeZone,
    locale,
    locationId: newId('loc'),
    locationName: input.locationName ?? (locale === 'es' ? 'Local central' : 'Main shop'),
    taxRateIds: country.taxRates.map(() => newId('tax')),
  };
  const id = newUuid();
  const decision = decideTenant(NO_TENANT, command);
  if (!decision.ok) throw refusal(decision.rejection);
  const proposal = { id, digest: digest('tenant create', command.tenantId), actor: 'system', events: decision.events };
  for (;;) {
    // Two processes may want the same number; the table takes the first of them.
    const tenants = await readTenants(platform.database);
    const tenantId = Math.max(0, ...tenants.map((t) => t.tenantId)) + 1;
    const result = await platform.journal.commit(tenantId, proposal);
    if (result.status !== 'rejected') {
      const shop = await readShop(platform.database, tenantId);
      if (shop === null) throw new Error('a new shop cannot be read back');
      return shop;
    }
    if (result.rejection.code !== 'constraint' || result.rejection.constraint !== 'tenant_pkey') {
      throw new Error(`a new shop was refused: ${JSON.stringify(result.rejection)}`);
    }
  }
}

/** Throws `time_zone_unknown` for a name that this machine has no rules for. */
export function requireTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new ApiError('time_zone_unknown', {
      errors: [{ path: 'time_zone', code: 'time_zone_unknown', message: 'there is no such time zone' }],
    });
  }
}

/** Who asks for it, and by which command. */
export interface Asked {
  readonly tenantId: number;
  readonly actor: string;
  readonly command: Command;
  /** The revision of `subject` that the asker has seen. */
  readonly ifMatch?: number | undefined;
}

/** Decides on the present settings and commits. null: nothing changes. `subject`: the thing that `ifMatch` is about. */
export async function changeShop(
  platform: Needs,
  asked: Asked,
  command: (shop: ShopFacts) => TenantCommand,
  subject?: string,
): Promise<Committed | null> {
  const shop = await readShop(platform.database, asked.tenantId);
  if (shop === null) throw new ApiError('not_found');
  const revisions = new Map<string, number>([
    [shop.id, shop.revision],
    ...shop.taxRates.map((rate): [string, number] => [rate.taxRateId, rate.revision]),
    ...[...shop.locations.values()].map((place): [string, number] => [place.locationId, place.revision]),
  ]);
  const decision = decideTenant(stateOf(shop), command(shop));
  if (!decision.ok) throw refusal(decision.rejection);
  const about = subject ?? shop.id;
  const seen = revisions.get(about);
  if (asked.ifMatch !== undefined && seen !== undefined && asked.ifMatch !== seen) {
    throw new ApiError('conflict', { facts: { subject: about, revision: seen } });
  }
  if (decision.events.length === 0) return null;
  const expects = decision.events.map((event) => ({
    subject: event.subject,
    revision: revisions.get(event.subject) ?? 0,
  }));
  return commitOrThrow(
    platform.journal,
    asked.tenantId,
    { ...asked.command, actor: asked.actor, events: decision.events, expects },
    { location_receipt_prefix: 'receipt_prefix_taken' },
  );
}

function stateOf(shop: ShopFacts): TenantState {
  const { id, name, country, currency, timeZone, locale, taxIdentifier, address, receiptFooter, optionSets } = shop;
  return {
    shop: {
      tenantId: id,
      name,
      country,
      currency,
      timeZone,
      locale,
      taxIdentifier,
      address,
      receiptFooter,
      optionSets,
    },
    taxRates: shop.taxRates,
    locations: [...shop.locations.values()],
  };
}

const CODES = {
  tenant_exists: 'conflict',
  tenant_not_found: 'not_found',
  country_unknown: 'country_unknown',
  tax_rate_not_found: 'not_found',
  location_not_found: 'not_found',
  name_taken: 'name_taken',
  receipt_prefix_taken: 'receipt_prefix_taken',
  default_required: 'default_required',
  archived: 'archived',
} as const satisfies Record<TenantRejection['code'], ErrorCode>;

function refusal(rejection: TenantRejection): ApiError {
  return new ApiError(CODES[rejection.code]);
}
