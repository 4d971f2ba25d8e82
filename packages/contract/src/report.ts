/**
 * Reports over REST. They read tables that lag behind the journal by a moment, so every answer says how far they had
 * read (`lag`). Days and hours are those of the shop's time zone; `sales` is what was sold less what was refunded.
 */
import { z } from 'zod';
import { page, zCursor, zDay, zId, zLimit, zMoney, zTimestamp } from './common.js';

/** `seq`: the last event that is in the figures; `head`: the last one of the journal. Equal: nothing is missing. */
export const zLag = z.object({ seq: z.int(), head: z.int() });
export type LagJson = z.infer<typeof zLag>;

/** The figures of a stretch of time. */
export const zFigures = z.object({
  /** Sold less refunded, tax included. */
  sales: zMoney,
  /** Sold, before refunds. */
  gross: zMoney,
  refunds: zMoney,
  /** Without tax, less refunds. */
  net: zMoney,
  tax: zMoney,
  tickets: z.int(),
  refund_count: z.int(),
  /** Sales units of products, less refunded ones. */
  units: z.number(),
  /** Gross over tickets; null without tickets. */
  average: zMoney.nullable(),
  /** Net less cost, of what has a known cost. */
  margin: zMoney,
  /** Margin over the net of what has a known cost, in basis points; null when nothing has. */
  margin_bp: z.int().nullable(),
});
export type FiguresJson = z.infer<typeof zFigures>;

/** Inclusive days in the shop's time zone. */
const period = { from: zDay, to: zDay, location_id: zId('loc').optional() };

export const zDashboardQuery = z.strictObject({ location_id: zId('loc').optional() });

export const zLowStockRow = z.object({
  product_id: zId('prod'),
  variant_id: zId('var'),
  name: z.string(),
  variant_name: z.string(),
  sku: z.string(),
  sales_unit: z.enum(['piece', 'kg', 'l', 'm']),
  location_id: zId('loc'),
  location_name: z.string(),
  available: z.number(),
  /** Sold a day, averaged over the last 28 days. */
  sold_per_day: z.number(),
  /** How long it lasts at that pace; null when nothing sells. */
  days_left: z.number().nullable(),
  state: z.enum(['below_zero', 'out', 'low']),
});
export type LowStockJson = z.infer<typeof zLowStockRow>;

export const zBestSeller = z.object({
  product_id: zId('prod'),
  variant_id: zId('var'),
  name: z.string(),
  variant_name: z.string(),
  sku: z.string(),
  picture_url: z.string(),
  sales_unit: z.enum(['piece', 'kg', 'l', 'm']),
  quantity: z.number(),
  sales: zMoney,
  net: zMoney,
  /** null when no cost is known. */
  margin: zMoney.nullable(),
  margin_bp: z.int().nullable(),
});
export type BestSellerJson = z.infer<typeof zBestSeller>;

/** What a person should look at. `facts` are for the sentence. */
export const zAttention = z.object({
  kind: z.enum(['dead_letters', 'subscription_failing', 'below_zero', 'draft_products']),
  count: z.int(),
  severity: z.enum(['error', 'warning', 'info']),
});
export type AttentionJson = z.infer<typeof zAttention>;

export const zDashboard = z.object({
  now: zTimestamp,
  /** Today in the shop. */
  day: zDay,
  time_zone: z.string(),
  currency: z.string(),
  lag: zLag,
  today: zFigures,
  /** The same weekday a week ago, up to the same time of day. */
  last_week: zFigures,
  /** The same weekday a week ago, whole. */
  last_week_whole: zFigures,
  /** 24 of them; hours of today that are still to come are null. */
  hours: z.array(
    z.object({
      hour: z.int(),
      today: zFigures.pick({ sales: true, tickets: true, margin: true }).nullable(),
      last_week: zFigures.pick({ sales: true, tickets: true, margin: true }),
    }),
  ),
  /** The last 28 days before today, one for each weekday (1 = Monday) and hour with sales; averages a week. */
  heat_map: z.array(
    z.object({ weekday: z.int().min(1).max(7), hour: z.int().min(0).max(23), sales: zMoney, tickets: z.number() }),
  ),
  /** The last 28 days, today included. */
  days: z.array(z.object({ day: zDay, sales: zMoney, tickets: z.int(), margin: zMoney })),
  /** The last 7 days. */
  best_sellers: z.array(zBestSeller),
  running_low: z.array(zLowStockRow),
  attention: z.array(zAttention),
});
export type DashboardJson = z.infer<typeof zDashboard>;

export const zSalesReportQuery = z.strictObject({ ...period, group: z.enum(['hour', 'day', 'month']).default('day') });
export const zSalesReport = z.object({
  lag: zLag,
  time_zone: z.string(),
  group: z.enum(['hour', 'day', 'month']),
  total: zFigures,
  /** Without gaps. `period`: `2026-11-22`, `2026-11`, or `2026-11-22T14` in the shop's time. */
  data: z.array(zFigures.extend({ period: z.string() })),
});
export type SalesReportJson = z.infer<typeof zSalesReport>;

export const zTaxReportQuery = z.strictObject(period);
const zTaxFigures = z.object({
  sales_net: zMoney,
  sales_tax: zMoney,
  refunds_net: zMoney,
  refunds_tax: zMoney,
  /** Sales less refunds. */
  net: zMoney,
  tax: zMoney,
});
export const zTaxReport = z.object({
  lag: zLag,
  time_zone: z.string(),
  data: z.array(zTaxFigures.extend({ tax_rate_id: z.string(), name: z.string(), tax_rate_bp: z.int() })),
  total: zTaxFigures,
});
export type TaxReportJson = z.infer<typeof zTaxReport>;

export const zBestSellersQuery = z.strictObject({
  ...period,
  order: z.enum(['quantity', 'sales', 'margin']).default('sales'),
  limit: z.coerce.number().int().min(1).max(200).default(20),
});
export const zBestSellers = z.object({ lag: zLag, data: z.array(zBestSeller) });
export type BestSellersJson = z.infer<typeof zBestSellers>;

export const zMarginsQuery = z.strictObject({ ...period, group: z.enum(['category', 'product']).default('category') });
export const zMargins = z.object({
  lag: zLag,
  /** The 200 with the highest net; `id` is the category (null: none) or the product. */
  data: z.array(
    z.object({
      id: z.string().nullable(),
      name: z.string(),
      quantity: z.number(),
      sales: zMoney,
      net: zMoney,
      cost: zMoney,
      margin: zMoney,
      margin_bp: z.int().nullable(),
      /** Share of the net that has a known cost, in basis points. */
      costed_bp: z.int(),
    }),
  ),
});
export type MarginsJson = z.infer<typeof zMargins>;

export const zLowStockQuery = z.strictObject({
  location_id: zId('loc').optional(),
  limit: zLimit,
  cursor: zCursor,
});
export const zLowStock = page(zLowStockRow).extend({ lag: zLag });
export type LowStockReportJson = z.infer<typeof zLowStock>;
