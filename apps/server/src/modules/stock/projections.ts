/** Keeps the list of goods receipts and the reorder points. Levels need no projection: they are the ledger's. */
import { lineTotal, sum } from '@mostrador/domain/money';
import type { StockEvent } from '@mostrador/domain/stock';
import type { JournalEvent, Projection, Statement } from '../../platform/journal/index.js';

type Received = Extract<StockEvent, { type: 'stock.received' }>['payload'];

export const stockProjection: Projection = {
  name: 'stock',
  tables: ['stock_receipt', 'stock_threshold'],
  types: ['stock.received', 'stock.threshold_set'],
  statements(tenantId, events) {
    const receipts: JournalEvent<Received>[] = [];
    const points = new Map<string, number | null>();
    // The type decides the payload's shape.
    for (const event of events as readonly (JournalEvent & StockEvent)[]) {
      if (event.type === 'stock.received') receipts.push(event as JournalEvent<Received>);
      else if (event.type === 'stock.threshold_set') {
        points.set(event.payload.variantId, event.payload.reorderPointMilli);
      }
    }
    const statements: Statement[] = [];
    if (receipts.length > 0) statements.push(insertReceipts(tenantId, receipts));
    const set = [...points].filter(([, milli]) => milli !== null);
    const gone = [...points].filter(([, milli]) => milli === null).map(([id]) => id);
    if (set.length > 0) statements.push(setThresholds(tenantId, set));
    if (gone.length > 0) {
      statements.push({
        name: 'stock_threshold_delete',
        text: 'DELETE FROM stock_threshold WHERE tenant_id = $1 AND variant_id = ANY($2::text[])',
        values: [tenantId, gone],
      });
    }
    return statements;
  },
};

/** Null when no cost is known, or when the whole is no safe integer. */
function costOf(lines: Received['lines']): number | null {
  const costs: number[] = [];
  for (const line of lines) {
    if (line.unitCostMinor === null) continue;
    const cost = lineTotal(line.unitCostMinor, line.quantityMilli);
    if (cost === null) return null;
    costs.push(cost);
  }
  return costs.length === 0 ? null : sum(costs);
}

function insertReceipts(tenantId: number, receipts: readonly JournalEvent<Received>[]): Statement {
  return {
    name: 'stock_receipt_insert',
    text: `INSERT INTO stock_receipt (tenant_id, receipt_id, seq, at, actor, location_id, supplier_id, reference, currency, line_count, quantity_milli, cost_minor)
SELECT $1, u.id, u.seq, to_timestamp(u.at), u.actor, u.location_id, u.supplier_id, u.reference, u.currency, u.line_count, u.quantity, u.cost
FROM unnest($2::text[], $3::bigint[], $4::float8[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int[], $11::bigint[], $12::bigint[])
AS u(id, seq, at, actor, location_id, supplier_id, reference, currency, line_count, quantity, cost)`,
    values: [
      tenantId,
      receipts.map((e) => e.payload.receiptId),
      receipts.map((e) => e.seq),
      receipts.map((e) => e.at / 1000),
      receipts.map((e) => e.actor),
      receipts.map((e) => e.payload.locationId),
      receipts.map((e) => e.payload.supplierId),
      receipts.map((e) => e.payload.reference),
      receipts.map((e) => e.payload.currency),
      receipts.map((e) => e.payload.lines.length),
      receipts.map((e) => e.payload.lines.reduce((milli, line) => milli + line.quantityMilli, 0)),
      receipts.map((e) => costOf(e.payload.lines)),
    ],
  };
}

function setThresholds(tenantId: number, set: readonly (readonly [string, number | null])[]): Statement {
  return {
    name: 'stock_threshold_set',
    text: `INSERT INTO stock_threshold (tenant_id, variant_id, reorder_point_milli)
SELECT $1, u.id, u.milli FROM unnest($2::text[], $3::bigint[]) AS u(id, milli)
ON CONFLICT (tenant_id, variant_id) DO UPDATE SET reorder_point_milli = excluded.reorder_point_milli`,
    values: [tenantId, set.map(([id]) => id), set.map(([, milli]) => milli)],
  };
}
