/** A shop's settings, tax rates and locations over REST. */
import { timestamp } from '@mostrador/contract/common';
import {
  type Location,
  type Settings,
  type TaxRate,
  zLocation,
  zLocationChange,
  zLocationCreate,
  zLocationParams,
  zLocationQuery,
  zLocations,
  zSettings,
  zSettingsChange,
  zTaxRate,
  zTaxRateChange,
  zTaxRateCreate,
  zTaxRateParams,
  zTaxRates,
} from '@mostrador/contract/tenant';
import type { TenantCommand, TenantEvent } from '@mostrador/domain/tenant';
import { SALES_UNITS } from '@mostrador/domain/unit';
import type { Platform } from '../../module.js';
import {
  type Api,
  ApiError,
  type Command,
  type Committed,
  orAsBefore,
  type Session,
} from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { type Asked, changeShop, requireTimeZone } from './commands.js';
import { type LocationFacts, readShop, type ShopFacts, type TaxRateFacts } from './queries.js';

const TAG = 'settings';

export function tenantRoutes(api: Api, platform: Platform): void {
  const { database, journal } = platform;
  const shopOf = async (session: Session): Promise<ShopFacts> => {
    const shop = await readShop(database, session.tenantId);
    if (shop === null) throw new ApiError('not_found');
    return shop;
  };

  api.route(
    {
      method: 'GET',
      url: '/settings',
      tag: TAG,
      summary: 'The settings of the shop',
      permission: 'settings.read',
      response: zSettings,
    },
    async ({ session }) => settingsJson(await shopOf(session)),
  );

  api.route(
    {
      method: 'PATCH',
      url: '/settings',
      tag: TAG,
      summary: 'Change settings; country and currency are for life',
      permission: 'settings.write',
      body: zSettingsChange,
      response: zSettings,
      errors: ['conflict', 'time_zone_unknown'],
    },
    async ({ body, session, command, ifMatch }) => {
      if (body.time_zone !== undefined) requireTimeZone(body.time_zone);
      const changes = {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.time_zone === undefined ? {} : { timeZone: body.time_zone }),
        ...(body.locale === undefined ? {} : { locale: body.locale }),
        ...(body.tax_identifier === undefined ? {} : { taxIdentifier: body.tax_identifier }),
        ...(body.address === undefined ? {} : { address: body.address }),
        ...(body.receipt_footer === undefined ? {} : { receiptFooter: body.receipt_footer }),
      };
      await change(platform, asked(session, command, ifMatch), () => ({ type: 'change', changes }));
      return settingsJson(await shopOf(session));
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/tax-rates',
      tag: TAG,
      summary: 'The tax rates, the default first, the archived last',
      permission: 'signed_in',
      response: zTaxRates,
    },
    async ({ session }) => ({ data: (await shopOf(session)).taxRates.map(taxRateJson) }),
  );

  api.route(
    {
      method: 'POST',
      url: '/tax-rates',
      tag: TAG,
      summary: 'Add a tax rate',
      permission: 'settings.write',
      body: zTaxRateCreate,
      status: 201,
      response: zTaxRate,
      errors: ['name_taken', 'conflict'],
    },
    async ({ body, session, command }) => {
      const committed = await orAsBefore(journal, session.tenantId, command, () =>
        made(platform, asked(session, command), {
          type: 'add_tax_rate',
          taxRateId: newId('tax'),
          name: body.name,
          rateBp: body.rate_bp,
          isDefault: body.is_default,
        }),
      );
      const { payload } = eventOf(committed, 'tenant.tax_rate_added');
      return taxRateJson({ ...payload, archived: false });
    },
  );

  api.route(
    {
      method: 'PATCH',
      url: '/tax-rates/{tax_rate_id}',
      tag: TAG,
      summary: 'Rename a tax rate, archive it, or make it the default',
      permission: 'settings.write',
      params: zTaxRateParams,
      body: zTaxRateChange,
      response: zTaxRate,
      errors: ['name_taken', 'default_required', 'archived', 'conflict'],
    },
    async ({ params, body, session, command, ifMatch }) => {
      const taxRateId = params.tax_rate_id;
      const changes = {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.is_default === undefined ? {} : { isDefault: body.is_default }),
        ...(body.archived === undefined ? {} : { archived: body.archived }),
      };
      await change(
        platform,
        asked(session, command, ifMatch),
        () => ({ type: 'change_tax_rate', taxRateId, changes }),
        taxRateId,
      );
      const rate = (await shopOf(session)).taxRates.find((r) => r.taxRateId === taxRateId);
      if (rate === undefined) throw new ApiError('not_found');
      return taxRateJson(rate);
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/locations',
      tag: TAG,
      summary: 'The locations, the default first',
      permission: 'signed_in',
      query: zLocationQuery,
      response: zLocations,
    },
    async ({ query, session }) => {
      const places = [...(await shopOf(session)).locations.values()];
      return { data: places.filter((place) => query.archived === 'true' || !place.archived).map(locationJson) };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/locations',
      tag: TAG,
      summary: 'Add a location',
      permission: 'settings.write',
      body: zLocationCreate,
      status: 201,
      response: zLocation,
      errors: ['name_taken', 'receipt_prefix_taken', 'conflict'],
    },
    async ({ body, session, command }) => {
      const committed = await orAsBefore(journal, session.tenantId, command, () =>
        made(platform, asked(session, command), {
          type: 'create_location',
          locationId: newId('loc'),
          name: body.name,
          address: body.address,
          isDefault: body.is_default,
          receiptPrefix: body.receipt_prefix,
        }),
      );
      const { payload, seq } = eventOf(committed, 'location.created');
      return locationJson({ ...payload, archived: false, revision: seq });
    },
  );

  api.route(
    {
      method: 'PATCH',
      url: '/locations/{location_id}',
      tag: TAG,
      summary: 'Rename a location, archive it, or make it the default',
      permission: 'settings.write',
      params: zLocationParams,
      body: zLocationChange,
      response: zLocation,
      errors: ['name_taken', 'default_required', 'archived', 'conflict'],
    },
    async ({ params, body, session, command, ifMatch }) => {
      const locationId = params.location_id;
      const changes = {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.address === undefined ? {} : { address: body.address }),
        ...(body.is_default === undefined ? {} : { isDefault: body.is_default }),
        ...(body.archived === undefined ? {} : { archived: body.archived }),
      };
      await change(
        platform,
        asked(session, command, ifMatch),
        () => ({ type: 'change_location', locationId, changes }),
        locationId,
      );
      const place = (await shopOf(session)).locations.get(locationId);
      if (place === undefined) throw new ApiError('not_found');
      return locationJson(place);
    },
  );
}

function asked(session: Session, command: Command, ifMatch?: number): Asked {
  return { tenantId: session.tenantId, actor: session.userId, command, ifMatch };
}

async function change(
  platform: Platform,
  by: Asked,
  command: (shop: ShopFacts) => TenantCommand,
  subject?: string,
): Promise<void> {
  await changeShop(platform, by, command, subject);
}

/** For commands that always make something. */
async function made(platform: Platform, by: Asked, command: TenantCommand): Promise<Committed> {
  for (;;) {
    try {
      const committed = await changeShop(platform, by, () => command);
      if (committed === null) throw new Error('a new thing changed nothing');
      return committed;
    } catch (error) {
      // Another location took the prefix that was just thought of; nobody asked for that one, so think again.
      const chosen = command.type !== 'create_location' || command.receiptPrefix !== undefined;
      if (chosen || !(error instanceof ApiError) || error.code !== 'receipt_prefix_taken') throw error;
    }
  }
}

function eventOf<T extends TenantEvent['type']>(committed: Committed, type: T) {
  const event = committed.events.find((e) => e.type === type);
  if (event === undefined) throw new ApiError('idempotency_key_reused');
  // The type decides the payload's shape.
  return event as unknown as { seq: number; payload: Extract<TenantEvent, { type: T }>['payload'] };
}

function settingsJson(shop: ShopFacts): Settings {
  return {
    id: shop.id,
    name: shop.name,
    country: shop.country,
    currency: shop.currency,
    time_zone: shop.timeZone,
    locale: shop.locale,
    tax_identifier: shop.taxIdentifier,
    address: shop.address,
    receipt_footer: shop.receiptFooter,
    option_sets: shop.optionSets.map((set) => ({ name: set.name, values: [...set.values] })),
    units: SALES_UNITS.map((unit) => ({ unit, decimals: unit === 'piece' ? 0 : 3 })),
    created_at: timestamp(shop.createdAt),
    updated_at: timestamp(shop.updatedAt),
    revision: shop.revision,
  };
}

function taxRateJson(rate: Omit<TaxRateFacts, 'revision'>): TaxRate {
  return {
    id: rate.taxRateId,
    name: rate.name,
    rate_bp: rate.rateBp,
    is_default: rate.isDefault,
    archived: rate.archived,
  };
}

function locationJson(place: LocationFacts): Location {
  return {
    id: place.locationId,
    name: place.name,
    address: place.address,
    is_default: place.isDefault,
    receipt_prefix: place.receiptPrefix,
    archived: place.archived,
    revision: place.revision,
  };
}
