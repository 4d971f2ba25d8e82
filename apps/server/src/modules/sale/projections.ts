/** Writes `sale` and `refund` in the commit's own transaction: inserts only, one statement per table and batch. */
import type { SaleCompleted, SaleRefunded } from '@mostrador/domain/sale';
import type { JournalEvent, Projection, Statement } from '../../platform/journal/index.js';

const SALE = `INSERT INTO sale (tenant_id, seq, sale_id, at, receipt_number, location_id, user_id, customer_id, cash_session_id, channel, currency, total_minor, tax_minor, line_count, external_reference)
SELECT $1, u.seq, u.sale_id, to_timestamp(u.at), u.receipt_number, u.location_id, u.user_id, u.customer_id, u.cash_session_id, u.channel, u.currency, u.total, u.tax, u.line_count, u.external_reference
FROM unnest($2::bigint[], $3::text[], $4::float8[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::int[], $15::text[])
AS u(seq, sale_id, at, receipt_number, location_id, user_id, customer_id, cash_session_id, channel, currency, total, tax, line_count, external_reference)`;

const REFUND = `INSERT INTO refund (tenant_id, seq, refund_id, sale_id, at, receipt_number, location_id, user_id, customer_id, channel, currency, total_minor, tax_minor, external_reference)
SELECT $1, u.seq, u.refund_id, u.sale_id, to_timestamp(u.at), u.receipt_number, u.location_id, u.user_id, u.customer_id, u.channel, u.currency, u.total, u.tax, u.external_reference
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::float8[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::text[])
AS u(seq, refund_id, sale_id, at, receipt_number, location_id, user_id, customer_id, channel, currency, total, tax, external_reference)`;

export const saleProjection: Projection = {
  name: 'sale',
  tables: ['sale', 'refund'],
  types: ['sale.completed', 'sale.refunded'],
  statements(tenantId, events) {
    const sales: JournalEvent[] = [];
    const refunds: JournalEvent[] = [];
    for (const event of events) (event.type === 'sale.completed' ? sales : refunds).push(event);
    const statements: Statement[] = [];
    if (sales.length > 0) statements.push(saleRows(tenantId, sales));
    if (refunds.length > 0) statements.push(refundRows(tenantId, refunds));
    return statements;
  },
};

function saleRows(tenantId: number, events: readonly JournalEvent[]): Statement {
  const columns: (string | number | null)[][] = Array.from({ length: 14 }, () => []);
  for (const event of events) {
    const sale = event.payload as unknown as SaleCompleted;
    push(columns, [
      event.seq,
      sale.saleId,
      event.at / 1000,
      sale.receiptNumber ?? '',
      sale.locationId,
      event.actor,
      sale.customerId,
      sale.cashSessionId,
      sale.channel,
      sale.currency,
      sale.totalMinor,
      sale.taxMinor,
      sale.lines.length,
      sale.externalReference ?? null,
    ]);
  }
  return { name: 'sale_insert', text: SALE, values: [tenantId, ...columns] };
}

function refundRows(tenantId: number, events: readonly JournalEvent[]): Statement {
  const columns: (string | number | null)[][] = Array.from({ length: 13 }, () => []);
  for (const event of events) {
    const refund = event.payload as unknown as SaleRefunded;
    push(columns, [
      event.seq,
      refund.refundId,
      refund.saleId,
      event.at / 1000,
      refund.receiptNumber ?? '',
      refund.locationId,
      event.actor,
      refund.customerId,
      refund.channel,
      refund.currency,
      refund.totalMinor,
      refund.taxMinor,
      refund.externalReference ?? null,
    ]);
  }
  return { name: 'refund_insert', text: REFUND, values: [tenantId, ...columns] };
}

function push(columns: readonly (string | number | null)[][], row: readonly (string | number | null)[]): void {
  for (let i = 0; i < row.length; i++) columns[i]?.push(row[i] ?? null);
}
