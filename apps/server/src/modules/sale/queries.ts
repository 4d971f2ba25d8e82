/** All SQL that reads sales: the list, look-up by receipt, refunds, and the trace of what a commit moved. */
import type { TransferTraceJson } from '@mostrador/contract/sale';
import type { Database } from '../../platform/database/index.js';

export interface SaleRow {
  readonly seq: number;
  readonly sale_id: string;
  readonly at_ms: number;
  /** With all its microseconds, for the cursor. */
  readonly at_iso: string;
  readonly receipt_number: string;
  readonly location_id: string;
  readonly user_id: string;
  readonly customer_id: string | null;
  readonly cash_session_id: string | null;
  readonly channel: 'counter' | 'import' | 'demo';
  readonly currency: string;
  readonly total_minor: number;
  readonly tax_minor: number;
  readonly line_count: number;
  readonly external_reference: string | null;
  readonly refunded_minor: number;
  readonly refund_count: number;
}

export interface SaleFilter {
  /** Inclusive days in `timeZone`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timeZone: string;
  readonly locationId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly userId?: string | undefined;
  /** Exact receipt numbers or foreign references, any of them. */
  readonly numbers?: readonly string[] | undefined;
  /** The last row of the page before. */
  readonly before?: { readonly at: string; readonly seq: number } | undefined;
  readonly limit: number;
}

/** Newest first by when they happened, one row more than `limit` when there are more. */
export function listSales(database: Database, tenantId: number, filter: SaleFilter): Promise<SaleRow[]> {
  const values: unknown[] = [tenantId];
  const where = ['s.tenant_id = $1'];
  const add = (condition: (n: string) => string, value: unknown) => {
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  if (filter.numbers !== undefined) {
    // A refund's number finds its sale.
    add(
      (n) => `s.seq IN (
  SELECT seq FROM sale WHERE tenant_id = $1 AND receipt_number = ANY(${n}::text[])
  UNION SELECT seq FROM sale WHERE tenant_id = $1 AND external_reference = ANY(${n}::text[])
  UNION SELECT e.seq FROM refund r JOIN journal_event e ON e.tenant_id = $1 AND e.subject = r.sale_id AND e.type = 'sale.completed'
    WHERE r.tenant_id = $1 AND r.receipt_number = ANY(${n}::text[]))`,
      filter.numbers,
    );
  }
  const zone = () => {
    values.push(filter.timeZone);
    return `$${values.length}`;
  };
  if (filter.from !== undefined) add((n) => `s.at >= ${n}::date::timestamp AT TIME ZONE ${zone()}`, filter.from);
  if (filter.to !== undefined) add((n) => `s.at < (${n}::date + 1)::timestamp AT TIME ZONE ${zone()}`, filter.to);
  if (filter.locationId !== undefined) add((n) => `s.location_id = ${n}`, filter.locationId);
  if (filter.customerId !== undefined) add((n) => `s.customer_id = ${n}`, filter.customerId);
  if (filter.userId !== undefined) add((n) => `s.user_id = ${n}`, filter.userId);
  if (filter.before !== undefined) {
    values.push(filter.before.at, filter.before.seq);
    where.push(`(s.at, s.seq) < ($${values.length - 1}::timestamptz, $${values.length}::bigint)`);
  }
  values.push(filter.limit + 1);
  return database.read(tenantId, {
    text: `SELECT s.*, (extract(epoch FROM s.at) * 1000)::bigint AS at_ms, to_char(s.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at_iso,
  coalesce(r.minor, 0)::bigint AS refunded_minor, coalesce(r.n, 0)::int AS refund_count
FROM (SELECT * FROM sale s WHERE ${where.join(' AND ')} ORDER BY s.at DESC, s.seq DESC LIMIT $${values.length}) s
LEFT JOIN LATERAL (SELECT sum(total_minor) AS minor, count(*) AS n FROM refund WHERE tenant_id = $1 AND sale_id = s.sale_id) r ON true
ORDER BY s.at DESC, s.seq DESC`,
    values,
  });
}

/** The event of a refund: its `seq`, or undefined. */
export async function refundSeq(database: Database, tenantId: number, refundId: string): Promise<number | undefined> {
  const rows = await database.read<{ seq: number }>(tenantId, {
    name: 'refund_seq',
    text: 'SELECT seq FROM refund WHERE tenant_id = $1 AND refund_id = $2',
    values: [tenantId, refundId],
  });
  return rows[0]?.seq;
}

const KINDS = ['direct', 'pending', 'post', 'void', 'expire'] as const;

interface TraceRow {
  readonly commit_id: string;
  readonly seq: number;
  readonly n: number;
  readonly kind: number;
  readonly cause: string;
  readonly amount: number;
  readonly overdrawn: number | null;
  readonly d_kind: string;
  readonly d_owner: string;
  readonly d_item: string;
  readonly unit: string;
  readonly c_kind: string;
  readonly c_owner: string;
  readonly c_item: string;
}

/** What commits moved, in order. */
export async function tracesOf(
  database: Database,
  tenantId: number,
  commitIds: readonly string[],
): Promise<TransferTraceJson[]> {
  const rows = await database.read<TraceRow>(tenantId, {
    name: 'sale_traces',
    text: `SELECT e.commit_id, t.seq, t.n, t.kind, t.cause, t.amount, t.overdrawn, d.unit,
  d.kind AS d_kind, d.owner AS d_owner, d.item AS d_item, c.kind AS c_kind, c.owner AS c_owner, c.item AS c_item
FROM journal_event e
JOIN ledger_transfer t ON t.tenant_id = $1 AND t.seq = e.seq
JOIN ledger_account d ON d.tenant_id = $1 AND d.account_id = t.debit_account
JOIN ledger_account c ON c.tenant_id = $1 AND c.account_id = t.credit_account
WHERE e.tenant_id = $1 AND e.n = 0 AND e.commit_id = ANY($2::uuid[]) ORDER BY t.seq, t.n`,
    values: [tenantId, commitIds],
  });
  return rows.map((r) => ({
    id: `${r.commit_id}/${r.n}`,
    seq: r.seq,
    kind: KINDS[r.kind] ?? 'direct',
    cause: r.cause,
    debit: { kind: r.d_kind, owner: r.d_owner, item: r.d_item, unit: r.unit },
    credit: { kind: r.c_kind, owner: r.c_owner, item: r.c_item, unit: r.unit },
    amount: r.amount,
    unit: r.unit,
    overdrawn: r.overdrawn,
  }));
}

/** What is on the shelves: available thousandths by variant, only of accounts that exist. */
export async function availableOf(
  database: Database,
  tenantId: number,
  locationId: string,
  variantIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await database.read<{ item: string; available: number }>(tenantId, {
    name: 'sale_available',
    text: `SELECT item, debits_posted - credits_posted - credits_pending AS available FROM ledger_account
WHERE tenant_id = $1 AND kind = 'stock' AND owner = $2 AND item = ANY($3::text[]) AND unit = 'milli'`,
    values: [tenantId, locationId, variantIds],
  });
  return new Map(rows.map((r) => [r.item, r.available]));
}
