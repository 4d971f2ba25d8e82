/**
 * All SQL of the reports. Days are turned into moments once, at the edges of the period, so that the sums read ranges
 * of the primary keys; hours and weekdays are those of the shop's time zone.
 */
import { DEFAULT_REORDER_POINT_MILLI } from '@mostrador/domain/stock';
import type { Database } from '../../platform/database/index.js';
import { REPORT_SUBSCRIPTION } from './subscription.js';

/** Inclusive days in the shop's time zone. */
export interface Period {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly locationId: string | null;
}

export interface FigureRow {
  readonly tickets: number;
  readonly refund_count: number;
  readonly units: number;
  readonly gross: number;
  readonly refunds: number;
  readonly net: number;
  readonly tax: number;
  readonly costed: number;
  readonly cost: number;
}

const FIGURES = `coalesce(sum(tickets), 0)::int AS tickets, coalesce(sum(refund_count), 0)::int AS refund_count,
  coalesce(sum(units_milli), 0)::bigint AS units, coalesce(sum(gross_minor), 0)::bigint AS gross,
  coalesce(sum(refunds_minor), 0)::bigint AS refunds, coalesce(sum(net_minor), 0)::bigint AS net,
  coalesce(sum(tax_minor), 0)::bigint AS tax, coalesce(sum(costed_net_minor), 0)::bigint AS costed,
  coalesce(sum(cost_minor), 0)::bigint AS cost`;

/** $2 and $3 the days, $4 the zone, $5 the location or null. */
const IN_PERIOD = `tenant_id = $1 AND slot >= $2::date::timestamp AT TIME ZONE $4
  AND slot < ($3::date + 1)::timestamp AT TIME ZONE $4 AND ($5::text IS NULL OR location_id = $5)`;

function periodValues(tenantId: number, period: Period): unknown[] {
  return [tenantId, period.from, period.to, period.timeZone, period.locationId];
}

const FORMATS = { hour: 'YYYY-MM-DD"T"HH24', day: 'YYYY-MM-DD', month: 'YYYY-MM' } as const;

/** Sums by hour, day or month; only those with rows. */
export function salesBy(
  database: Database,
  tenantId: number,
  period: Period,
  group: keyof typeof FORMATS,
): Promise<(FigureRow & { readonly period: string })[]> {
  return database.read(tenantId, {
    name: `report_sales_${group}`,
    text: `SELECT to_char(slot AT TIME ZONE $4, '${FORMATS[group]}') AS period, ${FIGURES}
FROM report_sales_slot WHERE ${IN_PERIOD} GROUP BY 1 ORDER BY 1`,
    values: periodValues(tenantId, period),
  });
}

/** The sum of a day up to the time of day that `now` has; the quarter of an hour under way counts whole. */
export async function dayUpTo(
  database: Database,
  tenantId: number,
  period: Period,
  now: number,
): Promise<FigureRow | undefined> {
  const rows = await database.read<FigureRow>(tenantId, {
    name: 'report_day_up_to',
    text: `SELECT ${FIGURES} FROM report_sales_slot
WHERE ${IN_PERIOD} AND (slot AT TIME ZONE $4)::time < (to_timestamp($6) AT TIME ZONE $4)::time`,
    values: [...periodValues(tenantId, period), now / 1000],
  });
  return rows[0];
}

export interface TaxRow {
  readonly tax_rate_id: string;
  readonly tax_rate_bp: number;
  readonly name: string;
  readonly sales_net: number;
  readonly sales_tax: number;
  readonly refunds_net: number;
  readonly refunds_tax: number;
}

/** Highest rate first. */
export function taxes(database: Database, tenantId: number, period: Period): Promise<TaxRow[]> {
  return database.read(tenantId, {
    name: 'report_tax',
    text: `SELECT r.*, coalesce(t.name, '') AS name FROM (
  SELECT tax_rate_id, tax_rate_bp, sum(sales_net_minor)::bigint AS sales_net, sum(sales_tax_minor)::bigint AS sales_tax,
    sum(refunds_net_minor)::bigint AS refunds_net, sum(refunds_tax_minor)::bigint AS refunds_tax
  FROM report_tax_slot WHERE ${IN_PERIOD} GROUP BY 1, 2) r
LEFT JOIN tax_rate t ON t.tenant_id = $1 AND t.tax_rate_id = r.tax_rate_id ORDER BY r.tax_rate_bp DESC, r.tax_rate_id`,
    values: periodValues(tenantId, period),
  });
}

const VARIANT_SUMS = `sum(quantity_milli)::bigint AS quantity, sum(total_minor)::bigint AS total,
  sum(net_minor)::bigint AS net, sum(costed_net_minor)::bigint AS costed, sum(cost_minor)::bigint AS cost`;
const IN_DAYS = `tenant_id = $1 AND day BETWEEN $2::date AND $3::date AND ($4::text IS NULL OR location_id = $4)`;

export interface VariantRow {
  readonly product_id: string;
  readonly variant_id: string;
  readonly name: string;
  readonly variant_name: string;
  readonly sku: string;
  readonly picture: string;
  readonly sales_unit: 'piece' | 'kg' | 'l' | 'm';
  readonly quantity: number;
  readonly total: number;
  readonly net: number;
  readonly costed: number;
  readonly cost: number;
}

const ORDERS = { quantity: 'quantity', sales: 'total', margin: 'costed - cost' } as const;

export function bestSellers(
  database: Database,
  tenantId: number,
  period: Omit<Period, 'timeZone'>,
  order: keyof typeof ORDERS,
  limit: number,
): Promise<VariantRow[]> {
  return database.read(tenantId, {
    name: `report_best_${order}`,
    text: `SELECT b.variant_id, v.product_id, p.name, v.name AS variant_name, v.sku, p.picture, p.sales_unit,
  b.quantity, b.total, b.net, b.costed, b.cost
FROM (SELECT *, ${ORDERS[order]} AS worth FROM (
    SELECT variant_id, ${VARIANT_SUMS} FROM report_variant_day WHERE ${IN_DAYS} GROUP BY variant_id) s
  WHERE quantity > 0 ORDER BY worth DESC, variant_id LIMIT $5) b
JOIN variant v ON v.tenant_id = $1 AND v.variant_id = b.variant_id
JOIN product p ON p.tenant_id = $1 AND p.product_id = v.product_id
ORDER BY b.worth DESC, b.variant_id`,
    values: [tenantId, period.from, period.to, period.locationId, limit],
  });
}

export interface MarginRow {
  readonly id: string | null;
  readonly name: string;
  readonly quantity: number;
  readonly total: number;
  readonly net: number;
  readonly costed: number;
  readonly cost: number;
}

const MARGIN_GROUPS = {
  category: `SELECT p.category_id AS id, coalesce(max(c.name), '') AS name, GROUPED FROM s
JOIN product p ON p.tenant_id = $1 AND p.product_id = s.product_id
LEFT JOIN category c ON c.tenant_id = $1 AND c.category_id = p.category_id GROUP BY p.category_id`,
  product: `SELECT s.product_id AS id, coalesce(max(p.name), '') AS name, GROUPED FROM s
LEFT JOIN product p ON p.tenant_id = $1 AND p.product_id = s.product_id GROUP BY s.product_id`,
} as const;
const GROUPED = `sum(s.quantity)::bigint AS quantity, sum(s.total)::bigint AS total, sum(s.net)::bigint AS net,
  sum(s.costed)::bigint AS costed, sum(s.cost)::bigint AS cost`;

/** The highest net first, at most `limit`. */
export function margins(
  database: Database,
  tenantId: number,
  period: Omit<Period, 'timeZone'>,
  group: keyof typeof MARGIN_GROUPS,
  limit: number,
): Promise<MarginRow[]> {
  return database.read(tenantId, {
    name: `report_margins_${group}`,
    text: `WITH s AS (SELECT product_id, ${VARIANT_SUMS} FROM report_variant_day WHERE ${IN_DAYS} GROUP BY product_id)
${MARGIN_GROUPS[group].replace('GROUPED', GROUPED)} ORDER BY net DESC, id LIMIT $5`,
    values: [tenantId, period.from, period.to, period.locationId, limit],
  });
}

export interface LowRow {
  readonly product_id: string;
  readonly variant_id: string;
  readonly name: string;
  readonly variant_name: string;
  readonly sku: string;
  readonly sales_unit: 'piece' | 'kg' | 'l' | 'm';
  readonly location_id: string;
  readonly location_name: string;
  readonly on_hand: number;
  readonly available: number;
  /** Sold over the 28 days. */
  readonly sold: number;
  /** Days it lasts, what lists are ordered by; far below zero for what is below zero, far above where nothing sold. */
  readonly days: number;
}

/**
 * What is below zero; what is at or under a reorder point that somebody set; and of what sold in the 28 days up to
 * `day`, what is under the default point or lasts for no more than a week at that pace. What lasts the shortest first;
 * one row more than `limit` when there are more.
 */
export function lowStock(
  database: Database,
  tenantId: number,
  query: {
    readonly day: string;
    readonly locationId: string | null;
    readonly after: { readonly days: number; readonly variantId: string; readonly locationId: string } | null;
    readonly limit: number;
  },
): Promise<LowRow[]> {
  const { after } = query;
  return database.read(tenantId, {
    name: 'report_low_stock',
    text: `WITH sold AS (
  SELECT variant_id, location_id, sum(quantity_milli)::bigint AS sold FROM report_variant_day
  WHERE tenant_id = $1 AND day > $2::date - 28 AND day <= $2::date AND ($3::text IS NULL OR location_id = $3)
  GROUP BY variant_id, location_id HAVING sum(quantity_milli) > 0
), wanted AS (
  SELECT variant_id, location_id FROM sold
  UNION SELECT item, owner FROM ledger_account
    WHERE tenant_id = $1 AND kind = 'stock' AND debits_posted < credits_posted AND ($3::text IS NULL OR owner = $3)
  UNION SELECT a.item, a.owner FROM stock_threshold t JOIN ledger_account a
    ON a.tenant_id = $1 AND a.item = t.variant_id AND a.item <> '' AND a.kind = 'stock' AND ($3::text IS NULL OR a.owner = $3)
    WHERE t.tenant_id = $1
), level AS (
  SELECT w.variant_id, w.location_id, coalesce(s.sold, 0) AS sold,
    coalesce(a.debits_posted - a.credits_posted, 0) AS on_hand,
    coalesce(a.debits_posted - a.credits_posted - a.credits_pending, 0) AS available,
    coalesce(t.reorder_point_milli, ${DEFAULT_REORDER_POINT_MILLI}) AS point
  FROM wanted w
  LEFT JOIN sold s ON s.variant_id = w.variant_id AND s.location_id = w.location_id
  LEFT JOIN ledger_account a
    ON a.tenant_id = $1 AND a.kind = 'stock' AND a.owner = w.location_id AND a.item = w.variant_id AND a.unit = 'milli'
  LEFT JOIN stock_threshold t ON t.tenant_id = $1 AND t.variant_id = w.variant_id
), ranked AS (
  SELECT *, CASE WHEN on_hand < 0 THEN -1e12::float8 WHEN sold > 0 THEN available * 28.0::float8 / sold
    ELSE 1e12::float8 + available END AS days
  FROM level WHERE on_hand < 0 OR available <= point OR available * 4 <= sold
)
SELECT v.product_id, r.variant_id, p.name, v.name AS variant_name, v.sku, p.sales_unit, r.location_id,
  coalesce(l.name, '') AS location_name, r.on_hand, r.available, r.sold, r.days
FROM ranked r
JOIN variant v ON v.tenant_id = $1 AND v.variant_id = r.variant_id
JOIN product p ON p.tenant_id = $1 AND p.product_id = v.product_id AND NOT p.archived
LEFT JOIN location l ON l.tenant_id = $1 AND l.location_id = r.location_id
WHERE $4::float8 IS NULL OR (r.days, r.variant_id, r.location_id) > ($4, $5::text, $6::text)
ORDER BY r.days, r.variant_id, r.location_id LIMIT $7`,
    values: [
      tenantId,
      query.day,
      query.locationId,
      after?.days ?? null,
      after?.variantId ?? null,
      after?.locationId ?? null,
      query.limit + 1,
    ],
  });
}

export interface AttentionRow {
  readonly dead_letters: number;
  readonly failing: number;
  readonly below_zero: number;
  /** At most 1,000 are counted. */
  readonly drafts: number;
}

export async function attention(
  database: Database,
  tenantId: number,
  locationId: string | null,
): Promise<AttentionRow | undefined> {
  const rows = await database.read<AttentionRow>(tenantId, {
    name: 'report_attention',
    text: `SELECT
  (SELECT count(*)::int FROM journal_dead_letter WHERE tenant_id = $1 AND resolved_at IS NULL) AS dead_letters,
  (SELECT count(*)::int FROM journal_subscription WHERE tenant_id = $1 AND attempts > 0) AS failing,
  (SELECT count(*)::int FROM ledger_account WHERE tenant_id = $1 AND kind = 'stock' AND debits_posted < credits_posted
    AND ($2::text IS NULL OR owner = $2)) AS below_zero,
  (SELECT count(*)::int FROM (SELECT FROM product WHERE tenant_id = $1 AND status = 1 LIMIT 1000) d) AS drafts`,
    values: [tenantId, locationId],
  });
  return rows[0];
}

/** How far the reports have read, and the journal's last `seq`. */
export async function lagOf(database: Database, tenantId: number): Promise<{ seq: number; head: number }> {
  const rows = await database.read<{ seq: number | null; head: number | null }>(tenantId, {
    name: 'report_lag',
    text: `SELECT (SELECT cursor_seq FROM journal_subscription WHERE tenant_id = $1 AND name = $2) AS seq,
  (SELECT seq FROM journal_head WHERE tenant_id = $1) AS head`,
    values: [tenantId, REPORT_SUBSCRIPTION],
  });
  return { seq: rows[0]?.seq ?? 0, head: rows[0]?.head ?? 0 };
}
