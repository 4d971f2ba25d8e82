/** The settings of one shop in one round trip, and the list of shops. */
import type { Database } from '../../platform/database/index.js';

/** A tax rate with its revision: the `seq` of the last event on it, 0 while there is none but the shop's creation. */
export interface TaxRateFacts {
  readonly taxRateId: string;
  readonly name: string;
  /** Basis points of the net price. */
  readonly rateBp: number;
  readonly isDefault: boolean;
  readonly archived: boolean;
  readonly revision: number;
}

export interface LocationFacts {
  readonly locationId: string;
  readonly name: string;
  readonly address: string;
  readonly isDefault: boolean;
  readonly receiptPrefix: string;
  readonly archived: boolean;
  readonly revision: number;
}

/** What the rest of the server knows of a shop. */
export interface ShopFacts {
  /** The row number that isolates it. */
  readonly tenantId: number;
  /** `ten_…` */
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly locale: 'es' | 'en';
  readonly taxIdentifier: string;
  readonly address: string;
  readonly receiptFooter: string;
  readonly optionSets: readonly { readonly name: string; readonly values: readonly string[] }[];
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly revision: number;
  /** All, the default first, the archived last. */
  readonly taxRates: readonly TaxRateFacts[];
  /** All by id, the default first, the archived last. */
  readonly locations: ReadonlyMap<string, LocationFacts>;
  readonly defaultLocationId: string;
}

interface Row {
  id: string;
  name: string;
  country: string;
  currency: string;
  time_zone: string;
  locale: 'es' | 'en';
  tax_identifier: string;
  address: string;
  receipt_footer: string;
  option_sets: ShopFacts['optionSets'];
  created_ms: number;
  updated_ms: number;
  revision: number;
  tax_rates: TaxRateFacts[] | null;
  locations: LocationFacts[] | null;
}

const SHOP = `SELECT t.id, t.name, t.country, t.currency, t.time_zone, t.locale, t.tax_identifier, t.address,
  t.receipt_footer, t.option_sets, t.revision,
  (extract(epoch FROM t.created_at) * 1000)::float8 AS created_ms,
  (extract(epoch FROM t.updated_at) * 1000)::float8 AS updated_ms,
  (SELECT json_agg(json_build_object('taxRateId', r.tax_rate_id, 'name', r.name, 'rateBp', r.rate_bp,
      'isDefault', r.is_default, 'archived', r.archived, 'revision', r.revision)
    ORDER BY r.archived, r.is_default DESC, r.tax_rate_id)
   FROM tax_rate r WHERE r.tenant_id = $1) AS tax_rates,
  (SELECT json_agg(json_build_object('locationId', l.location_id, 'name', l.name, 'address', l.address,
      'isDefault', l.is_default, 'receiptPrefix', l.receipt_prefix, 'archived', l.archived, 'revision', l.revision)
    ORDER BY l.archived, l.is_default DESC, l.location_id)
   FROM location l WHERE l.tenant_id = $1) AS locations
FROM tenant t WHERE t.tenant_id = $1`;

/** null: there is no such shop. */
export async function readShop(database: Database, tenantId: number): Promise<ShopFacts | null> {
  const [row] = await database.read<Row>(tenantId, { name: 'tenant.shop', text: SHOP, values: [tenantId] });
  if (row === undefined) return null;
  const locations = row.locations ?? [];
  return {
    tenantId,
    id: row.id,
    name: row.name,
    country: row.country,
    currency: row.currency,
    timeZone: row.time_zone,
    locale: row.locale,
    taxIdentifier: row.tax_identifier,
    address: row.address,
    receiptFooter: row.receipt_footer,
    optionSets: row.option_sets,
    createdAt: row.created_ms,
    updatedAt: row.updated_ms,
    revision: row.revision,
    taxRates: row.tax_rates ?? [],
    locations: new Map(locations.map((place) => [place.locationId, place])),
    defaultLocationId: locations.find((place) => place.isDefault)?.locationId ?? '',
  };
}

export interface TenantSummary {
  readonly tenantId: number;
  /** `ten_…` */
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly currency: string;
}

/** All shops of the installation, the oldest first. */
export async function readTenants(database: Database): Promise<TenantSummary[]> {
  const rows = await database.call<{ tenant_id: number; id: string; name: string; country: string; currency: string }>({
    text: 'SELECT tenant_id, id, name, country, currency FROM tenant_list()',
    values: [],
  });
  return rows.map((r) => ({ tenantId: r.tenant_id, id: r.id, name: r.name, country: r.country, currency: r.currency }));
}
