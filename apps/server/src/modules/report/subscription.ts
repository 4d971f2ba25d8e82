/** Keeps the tables of the reports: adds what each chunk of events sums up to, in the transaction that moves the cursor [RP1]. */
import type { TenantEvent } from '@mostrador/domain/tenant';
import type { JournalEvent, Subscription, SubscriptionTransaction } from '../../platform/journal/index.js';
import { addUp, type SlotSum, type TaxSum, type VariantSum } from './sums.js';
import { dayIn } from './zone.js';

/** The name under which its cursor is kept. */
export const REPORT_SUBSCRIPTION = 'report';

const SLOT = `INSERT INTO report_sales_slot AS r (tenant_id, slot, location_id, tickets, refund_count, units_milli, gross_minor, refunds_minor, net_minor, tax_minor, costed_net_minor, cost_minor)
SELECT $1, to_timestamp(u.slot / 1000), u.location_id, u.tickets, u.refund_count, u.units, u.gross, u.refunds, u.net, u.tax, u.costed, u.cost
FROM unnest($2::bigint[], $3::text[], $4::int[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
AS u(slot, location_id, tickets, refund_count, units, gross, refunds, net, tax, costed, cost)
ON CONFLICT (tenant_id, slot, location_id) DO UPDATE SET
  tickets = r.tickets + excluded.tickets, refund_count = r.refund_count + excluded.refund_count,
  units_milli = r.units_milli + excluded.units_milli, gross_minor = r.gross_minor + excluded.gross_minor,
  refunds_minor = r.refunds_minor + excluded.refunds_minor, net_minor = r.net_minor + excluded.net_minor,
  tax_minor = r.tax_minor + excluded.tax_minor, costed_net_minor = r.costed_net_minor + excluded.costed_net_minor,
  cost_minor = r.cost_minor + excluded.cost_minor`;

const TAX = `INSERT INTO report_tax_slot AS r (tenant_id, slot, location_id, tax_rate_id, tax_rate_bp, sales_net_minor, sales_tax_minor, refunds_net_minor, refunds_tax_minor)
SELECT $1, to_timestamp(u.slot / 1000), u.location_id, u.rate_id, u.rate_bp, u.sales_net, u.sales_tax, u.refunds_net, u.refunds_tax
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
AS u(slot, location_id, rate_id, rate_bp, sales_net, sales_tax, refunds_net, refunds_tax)
ON CONFLICT (tenant_id, slot, location_id, tax_rate_id, tax_rate_bp) DO UPDATE SET
  sales_net_minor = r.sales_net_minor + excluded.sales_net_minor, sales_tax_minor = r.sales_tax_minor + excluded.sales_tax_minor,
  refunds_net_minor = r.refunds_net_minor + excluded.refunds_net_minor,
  refunds_tax_minor = r.refunds_tax_minor + excluded.refunds_tax_minor`;

const VARIANT = `INSERT INTO report_variant_day AS r (tenant_id, day, variant_id, location_id, product_id, quantity_milli, total_minor, net_minor, costed_net_minor, cost_minor)
SELECT $1, u.day, u.variant_id, u.location_id, u.product_id, u.quantity, u.total, u.net, u.costed, u.cost
FROM unnest($2::date[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[])
AS u(day, variant_id, location_id, product_id, quantity, total, net, costed, cost)
ON CONFLICT (tenant_id, day, variant_id, location_id) DO UPDATE SET
  quantity_milli = r.quantity_milli + excluded.quantity_milli, total_minor = r.total_minor + excluded.total_minor,
  net_minor = r.net_minor + excluded.net_minor, costed_net_minor = r.costed_net_minor + excluded.costed_net_minor,
  cost_minor = r.cost_minor + excluded.cost_minor`;

const ZONE = `INSERT INTO report_zone (tenant_id, time_zone) VALUES ($1, $2)
ON CONFLICT (tenant_id) DO UPDATE SET time_zone = excluded.time_zone`;

export const reportSubscription: Subscription = {
  name: REPORT_SUBSCRIPTION,
  types: ['tenant.created', 'tenant.changed', 'sale.completed', 'sale.refunded'],
  tables: ['report_sales_slot', 'report_tax_slot', 'report_variant_day', 'report_zone'],
  async handle(tx, tenantId, events) {
    // What a shop's day is can change; each sale counts on the day it was then.
    let sales: JournalEvent[] = [];
    for (const event of events) {
      const zone = zoneOf(event);
      if (zone === undefined) {
        sales.push(event);
        continue;
      }
      await add(tx, tenantId, sales);
      sales = [];
      if (zone !== null) await tx.query(ZONE, [tenantId, zone]);
    }
    await add(tx, tenantId, sales);
  },
};

/** The zone that an event of the shop sets; null: it sets none; undefined: it is no event of the shop. */
function zoneOf(event: JournalEvent): string | null | undefined {
  if (!event.type.startsWith('tenant.')) return undefined;
  const shop = event as unknown as TenantEvent;
  if (shop.type === 'tenant.created') return shop.payload.timeZone;
  return shop.type === 'tenant.changed' ? (shop.payload.changes.timeZone ?? null) : null;
}

async function add(tx: SubscriptionTransaction, tenantId: number, events: readonly JournalEvent[]): Promise<void> {
  if (events.length === 0) return;
  const { slots, taxes, variants } = addUp(events, dayIn(await timeZone(tx, tenantId)));
  if (slots.length > 0) await tx.query(SLOT, [tenantId, ...slotColumns(slots)]);
  if (taxes.length > 0) await tx.query(TAX, [tenantId, ...taxColumns(taxes)]);
  if (variants.length > 0) await tx.query(VARIANT, [tenantId, ...variantColumns(variants)]);
}

async function timeZone(tx: SubscriptionTransaction, tenantId: number): Promise<string> {
  const found = await tx.query<{ time_zone: string }>('SELECT time_zone FROM report_zone WHERE tenant_id = $1', [
    tenantId,
  ]);
  return found.rows[0]?.time_zone ?? 'UTC';
}

function slotColumns(rows: readonly SlotSum[]): unknown[] {
  return [
    rows.map((r) => r.slot),
    rows.map((r) => r.locationId),
    rows.map((r) => r.tickets),
    rows.map((r) => r.refundCount),
    rows.map((r) => r.unitsMilli),
    rows.map((r) => r.grossMinor),
    rows.map((r) => r.refundsMinor),
    rows.map((r) => r.netMinor),
    rows.map((r) => r.taxMinor),
    rows.map((r) => r.costedNetMinor),
    rows.map((r) => r.costMinor),
  ];
}

function taxColumns(rows: readonly TaxSum[]): unknown[] {
  return [
    rows.map((r) => r.slot),
    rows.map((r) => r.locationId),
    rows.map((r) => r.taxRateId),
    rows.map((r) => r.taxRateBp),
    rows.map((r) => r.salesNetMinor),
    rows.map((r) => r.salesTaxMinor),
    rows.map((r) => r.refundsNetMinor),
    rows.map((r) => r.refundsTaxMinor),
  ];
}

function variantColumns(rows: readonly VariantSum[]): unknown[] {
  return [
    rows.map((r) => r.day),
    rows.map((r) => r.variantId),
    rows.map((r) => r.locationId),
    rows.map((r) => r.productId),
    rows.map((r) => r.quantityMilli),
    rows.map((r) => r.totalMinor),
    rows.map((r) => r.netMinor),
    rows.map((r) => r.costedNetMinor),
    rows.map((r) => r.costMinor),
  ];
}
