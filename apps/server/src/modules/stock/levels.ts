/**
 * Reading levels: balances of the ledger beside the names of what lies there. The statements are built from the
 * filters that are given and planned for their values, because what is quick for a page in order of name (walk the
 * names) is slow for the few levels below zero (walk the accounts), and the other way round.
 */
import { DEFAULT_REORDER_POINT_MILLI } from '@mostrador/domain/stock';
import type { Database, Statement } from '../../platform/database/index.js';

export interface LevelRow {
  readonly status: number;
  readonly name_key: string;
  readonly position: number;
  readonly location_id: string;
  readonly location_name: string;
  readonly variant_id: string;
  readonly product_id: string;
  readonly product_name: string;
  readonly variant_name: string;
  readonly sku: string;
  readonly sales_unit: 'piece' | 'kg' | 'l' | 'm';
  readonly on_hand: number;
  readonly reserved: number;
  readonly reorder_point: number;
  readonly last_seq: number | null;
}

export type LevelState = 'low' | 'out' | 'below_zero';

/** Where a page of levels begins: the sort values of the row before it. */
export type LevelPosition = readonly [
  status: number,
  nameKey: string,
  productId: string,
  position: number,
  variantId: string,
  locationId: string,
];

export interface LevelFilter {
  readonly locationId: string | null;
  /** Only these products, from a search; null: all. */
  readonly productIds: readonly string[] | null;
  readonly state: LevelState | null;
  readonly after: LevelPosition | null;
  readonly limit: number;
}

const POINT = `coalesce(t.reorder_point_milli, ${DEFAULT_REORDER_POINT_MILLI})`;
const ON_HAND = 'coalesce(a.debits_posted - a.credits_posted, 0)';
const RESERVED = 'coalesce(a.credits_pending, 0)';
const AVAILABLE = `(${ON_HAND} - ${RESERVED})`;

/** Excludes each other: below_zero, else out, else low [docs/spec/stock.md]. */
const STATES: Readonly<Record<LevelState, string>> = {
  below_zero: `${ON_HAND} < 0`,
  out: `(${ON_HAND} >= 0 AND ${AVAILABLE} <= 0)`,
  low: `(${ON_HAND} >= 0 AND ${AVAILABLE} > 0 AND ${AVAILABLE} <= ${POINT})`,
};

const LEVEL = `p.status, p.name_key, v.position, v.variant_id, p.product_id, p.name AS product_name, v.name AS variant_name,
  v.sku, p.sales_unit, ${ON_HAND} AS on_hand, ${RESERVED} AS reserved, ${POINT} AS reorder_point, a.account_id`;

/** The last movement of an account, by both indexes of the ledger. */
const LAST_SEQ = `(SELECT max(m.seq) FROM (
    (SELECT seq FROM ledger_transfer WHERE tenant_id = $1 AND debit_account = x.account_id AND debit_account > 0 ORDER BY seq DESC, n DESC LIMIT 1)
    UNION ALL
    (SELECT seq FROM ledger_transfer WHERE tenant_id = $1 AND credit_account = x.account_id AND credit_account > 0 ORDER BY seq DESC, n DESC LIMIT 1)
  ) m) AS last_seq`;

/** One variant at every location that is not archived, or has some of it. */
export function readLevelsOf(
  database: Database,
  tenantId: number,
  variantId: string,
  locationId: string | null,
): Promise<LevelRow[]> {
  return database.read<LevelRow>(tenantId, {
    name: 'stock_levels_of',
    text: `SELECT x.*, ${LAST_SEQ} FROM (
  SELECT ${LEVEL}, l.location_id, l.name AS location_name, l.is_default
  FROM variant v
  JOIN product p ON p.tenant_id = $1 AND p.product_id = v.product_id
  CROSS JOIN location l
  LEFT JOIN ledger_account a ON a.tenant_id = $1 AND a.kind = 'stock' AND a.owner = l.location_id AND a.item = v.variant_id AND a.unit = 'milli'
  LEFT JOIN stock_threshold t ON t.tenant_id = $1 AND t.variant_id = v.variant_id
  WHERE v.tenant_id = $1 AND v.variant_id = $2 AND l.tenant_id = $1 AND ($3::text IS NULL OR l.location_id = $3)
    AND (NOT l.archived OR ${ON_HAND} <> 0 OR l.location_id = $3)
) x ORDER BY x.is_default DESC, x.location_name, x.location_id`,
    values: [tenantId, variantId, locationId],
  });
}

/** A page of levels in order of name, drafts after what is for sale; one row more than `limit` tells that there are more. */
export async function listLevels(database: Database, tenantId: number, filter: LevelFilter): Promise<LevelRow[]> {
  if (filter.state !== null) return database.read<LevelRow>(tenantId, byState(tenantId, filter, filter.state));
  const inUse =
    filter.after === null || filter.after[0] < ARCHIVED
      ? await database.read<LevelRow>(tenantId, byName(tenantId, filter))
      : [];
  if (inUse.length > filter.limit) return inUse;
  const left = { ...filter, limit: filter.limit - inUse.length };
  return [...inUse, ...(await database.read<LevelRow>(tenantId, ofArchived(tenantId, left)))];
}

/** The status of archived products, the last in the order. */
const ARCHIVED = 2;

const ORDER = 'p.status, p.name_key, p.product_id, v.position, v.variant_id, l.location_id';
const DEFAULT_LOCATION =
  '(SELECT d.location_id FROM location d WHERE d.tenant_id = $1 ORDER BY d.is_default DESC, d.location_id LIMIT 1)';

/** Collects the values of a statement as its text is written. */
class Values {
  readonly list: unknown[];
  constructor(tenantId: number) {
    this.list = [tenantId];
  }
  bind(value: unknown): string {
    return `$${this.list.push(value)}`;
  }
}

/** Walks the names: each product of the page has a level at least, so a page needs no more products than rows. */
function byName(tenantId: number, filter: LevelFilter): Statement {
  const values = new Values(tenantId);
  const product = ['p.tenant_id = $1', `p.status < ${ARCHIVED}`, ...searched(filter, values)];
  const level = ['true'];
  if (filter.after !== null) {
    const { products, levels } = afterOf(filter.after, values);
    product.push(products);
    level.push(levels);
  }
  return details(
    `WITH p AS MATERIALIZED (
    SELECT p.status, p.name_key, p.product_id, p.name, p.sales_unit FROM product p WHERE ${product.join(' AND ')}
    ORDER BY p.status, p.name_key, p.product_id LIMIT ${values.bind(filter.limit + 2)}
  ) SELECT ${LEVEL}, l.location_id, l.name AS location_name FROM p ${levelsOfProduct(filter, values)}
  WHERE ${level.join(' AND ')} ORDER BY ${ORDER} LIMIT ${values.bind(filter.limit + 1)}`,
    values,
  );
}

/** Of archived products only what still lies there. */
function ofArchived(tenantId: number, filter: LevelFilter): Statement {
  const values = new Values(tenantId);
  const where = ['p.tenant_id = $1', `p.status = ${ARCHIVED}`, `${ON_HAND} <> 0`, ...searched(filter, values)];
  if (filter.after !== null) where.push(afterOf(filter.after, values).levels);
  return details(
    `SELECT ${LEVEL}, l.location_id, l.name AS location_name FROM product p ${levelsOfProduct(filter, values)}
  WHERE ${where.join(' AND ')} ORDER BY ${ORDER} LIMIT ${values.bind(filter.limit + 1)}`,
    values,
  );
}

function levelsOfProduct(filter: LevelFilter, values: Values): string {
  const at = filter.locationId === null ? null : values.bind(filter.locationId);
  return `JOIN variant v ON v.tenant_id = $1 AND v.product_id = p.product_id
  LEFT JOIN ledger_account a ON a.tenant_id = $1 AND a.kind = 'stock' AND a.item = v.variant_id AND a.item <> ''
    AND a.unit = 'milli' ${at === null ? '' : `AND a.owner = ${at}`}
  JOIN location l ON l.tenant_id = $1 AND l.location_id = ${at ?? `coalesce(a.owner, ${DEFAULT_LOCATION})`}
  LEFT JOIN stock_threshold t ON t.tenant_id = $1 AND t.variant_id = v.variant_id`;
}

/** Walks the accounts, because few of them are in a state; names are looked up for those that are. */
function byState(tenantId: number, filter: LevelFilter, state: LevelState): Statement {
  const values = new Values(tenantId);
  const hits = hitsOf(filter.locationId, STATES[state], state === 'out', values);
  const where = ['p.tenant_id = $1', `(p.status < ${ARCHIVED} OR h.on_hand <> 0)`, ...searched(filter, values)];
  if (filter.after !== null) where.push(afterOf(filter.after, values).levels);
  return details(
    `WITH h AS MATERIALIZED (${hits})
  SELECT p.status, p.name_key, v.position, v.variant_id, p.product_id, p.name AS product_name, v.name AS variant_name,
    v.sku, p.sales_unit, h.on_hand, h.reserved, h.reorder_point, h.account_id, l.location_id, l.name AS location_name
  FROM h JOIN variant v ON v.tenant_id = $1 AND v.variant_id = h.variant_id
  JOIN product p ON p.tenant_id = $1 AND p.product_id = v.product_id
  JOIN location l ON l.tenant_id = $1 AND l.location_id = h.location_id
  WHERE ${where.join(' AND ')} ORDER BY ${ORDER} LIMIT ${values.bind(filter.limit + 1)}`,
    values,
  );
}

/** Accounts in a state, and for `out` the variants that have none. */
function hitsOf(locationId: string | null, is: string, withUnmoved: boolean, values: Values): string {
  const at = locationId === null ? null : values.bind(locationId);
  const here = at === null ? '' : `AND a.owner = ${at}`;
  const moved = `SELECT a.item AS variant_id, a.owner AS location_id, ${ON_HAND} AS on_hand, ${RESERVED} AS reserved,
    ${POINT} AS reorder_point, a.account_id
  FROM ledger_account a LEFT JOIN stock_threshold t ON t.tenant_id = $1 AND t.variant_id = a.item
  WHERE a.tenant_id = $1 AND a.kind = 'stock' AND a.item <> '' AND a.unit = 'milli' ${here} AND ${is}`;
  if (!withUnmoved) return moved;
  return `${moved} UNION ALL
  SELECT v.variant_id, ${at ?? DEFAULT_LOCATION}, 0, 0, ${POINT}, NULL
  FROM variant v LEFT JOIN stock_threshold t ON t.tenant_id = $1 AND t.variant_id = v.variant_id
  WHERE v.tenant_id = $1 AND NOT EXISTS (SELECT FROM ledger_account a
    WHERE a.tenant_id = $1 AND a.kind = 'stock' AND a.item = v.variant_id AND a.item <> '' AND a.unit = 'milli' ${here})`;
}

function searched(filter: LevelFilter, values: Values): string[] {
  return filter.productIds === null ? [] : [`p.product_id = ANY (${values.bind(filter.productIds)}::text[])`];
}

function afterOf(after: LevelPosition, values: Values): { products: string; levels: string } {
  const [status, nameKey, productId, position, variantId, locationId] = after;
  const product = [`${values.bind(status)}::smallint`, values.bind(nameKey), values.bind(productId)];
  const level = [...product, `${values.bind(position)}::int`, values.bind(variantId), values.bind(locationId)];
  return {
    products: `(p.status, p.name_key, p.product_id) >= (${product.join(', ')})`,
    levels: `(${ORDER}) > (${level.join(', ')})`,
  };
}

function details(levels: string, values: Values): Statement {
  return {
    text: `SELECT x.*, ${LAST_SEQ} FROM (${levels}) x
ORDER BY x.status, x.name_key, x.product_id, x.position, x.variant_id, x.location_id`,
    values: values.list,
  };
}

export interface SummaryRow {
  readonly levels: number;
  readonly low: number;
  readonly out: number;
  readonly below_zero: number;
}

/** How many levels of a list are in each state. Names are not looked at, but for what is at zero and may be archived. */
export async function countLevels(
  database: Database,
  tenantId: number,
  locationId: string | null,
): Promise<SummaryRow> {
  const values = new Values(tenantId);
  const hits = hitsOf(locationId, 'true', true, values);
  const rows = await database.read<SummaryRow>(tenantId, {
    text: `SELECT count(*) AS levels, count(*) FILTER (WHERE h.on_hand < 0) AS below_zero,
  count(*) FILTER (WHERE h.on_hand >= 0 AND h.on_hand <= h.reserved) AS out,
  count(*) FILTER (WHERE h.on_hand >= 0 AND h.on_hand > h.reserved AND h.on_hand - h.reserved <= h.reorder_point) AS low
FROM (${hits}) h
WHERE h.on_hand <> 0 OR NOT EXISTS (SELECT FROM variant v JOIN product p ON p.tenant_id = $1 AND p.product_id = v.product_id
  WHERE v.tenant_id = $1 AND v.variant_id = h.variant_id AND p.status = ${ARCHIVED})`,
    values: values.list,
  });
  return rows[0] ?? { levels: 0, low: 0, out: 0, below_zero: 0 };
}

/** On hand of some variants at a location, in thousandths; the absent ones are at zero. */
export async function readOnHand(
  database: Database,
  tenantId: number,
  locationId: string,
  variantIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await database.read<{ item: string; on_hand: number }>(tenantId, {
    name: 'stock_on_hand',
    text: `SELECT a.item, a.debits_posted - a.credits_posted AS on_hand FROM ledger_account a
WHERE a.tenant_id = $1 AND a.kind = 'stock' AND a.owner = $2 AND a.item = ANY ($3::text[]) AND a.unit = 'milli'`,
    values: [tenantId, locationId, variantIds],
  });
  return new Map(rows.map((r) => [r.item, r.on_hand]));
}
