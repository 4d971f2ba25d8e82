/** Keeps the tables of cash sessions, inside the commit that changes them. */
import type { CashEvent } from '@mostrador/domain/cash';
import { netTenders, type SaleEvent } from '@mostrador/domain/sale';
import type { JournalEvent, Projection, Statement } from '../../platform/journal/index.js';
import { drawerKey } from './drawer.js';

type Placed = JournalEvent & (CashEvent | SaleEvent);

/** A session as a batch leaves it; `opened` only where the batch opened it. */
interface Draft {
  opened: { event: JournalEvent; payload: Extract<CashEvent, { type: 'cash.session_opened' }>['payload'] } | null;
  inMinor: number;
  outMinor: number;
  closed: { event: JournalEvent; payload: Extract<CashEvent, { type: 'cash.session_closed' }>['payload'] } | null;
  revision: number;
}

export const cashProjection: Projection = {
  name: 'cash',
  tables: ['cash_session', 'cash_session_sale'],
  types: [
    'cash.session_opened',
    'cash.moved',
    'cash.session_closed',
    'cash.late_settled',
    'sale.completed',
    'sale.refunded',
  ],
  statements(tenantId, events) {
    const drafts = new Map<string, Draft>();
    const sales: SaleRow[] = [];
    // Their types were checked when they were decided.
    for (const event of events as readonly Placed[]) {
      if (event.type === 'sale.completed' || event.type === 'sale.refunded') {
        const row = saleRow(event);
        if (row !== null) sales.push(row);
      } else if (event.type.startsWith('cash.')) {
        draft(drafts, event as JournalEvent & CashEvent);
      }
    }
    const statements: Statement[] = [];
    const known = [...drafts].filter(([, d]) => d.opened === null);
    const fresh = [...drafts].filter(([, d]) => d.opened !== null);
    // Closes come before openings: a drawer may do both in one batch, and holds one open session at a time.
    if (known.length > 0) statements.push(change(tenantId, known));
    if (fresh.length > 0) statements.push(insert(tenantId, fresh));
    if (sales.length > 0) statements.push(insertSales(tenantId, sales));
    return statements;
  },
};

interface SaleRow {
  readonly cashSessionId: string;
  readonly seq: number;
  readonly isRefund: boolean;
  readonly totalMinor: number;
  readonly cash: number;
  readonly card: number;
  readonly transfer: number;
}

function saleRow(event: JournalEvent & SaleEvent): SaleRow | null {
  if (event.type === 'sale.fee_recorded' || event.payload.cashSessionId === null) return null;
  const changeMinor = event.type === 'sale.completed' ? event.payload.changeMinor : 0;
  const by = { cash: 0, card: 0, transfer: 0 };
  for (const t of netTenders({ tenders: event.payload.tenders, changeMinor })) by[t.type] += t.amountMinor;
  return {
    cashSessionId: event.payload.cashSessionId,
    seq: event.seq,
    isRefund: event.type === 'sale.refunded',
    totalMinor: event.payload.totalMinor,
    ...by,
  };
}

function draft(drafts: Map<string, Draft>, event: JournalEvent & CashEvent): void {
  const id = event.payload.cashSessionId;
  let d = drafts.get(id);
  if (d === undefined) {
    d = { opened: null, inMinor: 0, outMinor: 0, closed: null, revision: 0 };
    drafts.set(id, d);
  }
  d.revision = event.seq;
  if (event.type === 'cash.session_opened') d.opened = { event, payload: event.payload };
  else if (event.type === 'cash.session_closed') d.closed = { event, payload: event.payload };
  else if (event.type === 'cash.moved') {
    if (event.payload.direction === 'in') d.inMinor += event.payload.amountMinor;
    else d.outMinor += event.payload.amountMinor;
  }
}

function closeColumns(rows: readonly [string, Draft][]): unknown[] {
  return [
    rows.map(([, d]) => d.inMinor),
    rows.map(([, d]) => d.outMinor),
    rows.map(([, d]) => d.closed?.event.seq ?? null),
    rows.map(([, d]) => seconds(d.closed?.event.at)),
    rows.map(([, d]) => d.closed?.event.actor ?? null),
    rows.map(([, d]) => d.closed?.payload.expectedMinor ?? null),
    rows.map(([, d]) => d.closed?.payload.countedMinor ?? null),
    rows.map(([, d]) => d.closed?.payload.note ?? ''),
    rows.map(([, d]) => d.revision),
  ];
}

const CLOSE_TYPES = (from: number) =>
  ['bigint', 'bigint', 'bigint', 'float8', 'text', 'bigint', 'bigint', 'text', 'bigint']
    .map((type, i) => `$${from + i}::${type}[]`)
    .join(', ');
const CLOSE_NAMES =
  'in_minor, out_minor, closed_seq, closed_at, closed_by, expected_minor, counted_minor, note, revision';

function change(tenantId: number, rows: readonly [string, Draft][]): Statement {
  return {
    name: 'cash_session_change',
    text: `UPDATE cash_session s SET in_minor = s.in_minor + u.in_minor, out_minor = s.out_minor + u.out_minor,
  closed_seq = coalesce(u.closed_seq, s.closed_seq), closed_at = coalesce(to_timestamp(u.closed_at), s.closed_at),
  closed_by = coalesce(u.closed_by, s.closed_by), expected_minor = coalesce(u.expected_minor, s.expected_minor),
  counted_minor = coalesce(u.counted_minor, s.counted_minor),
  note = CASE WHEN u.closed_seq IS NULL THEN s.note ELSE u.note END, revision = u.revision
FROM unnest($2::text[], ${CLOSE_TYPES(3)}) AS u(id, ${CLOSE_NAMES})
WHERE s.tenant_id = $1 AND s.cash_session_id = u.id`,
    values: [tenantId, rows.map(([id]) => id), ...closeColumns(rows)],
  };
}

function insert(tenantId: number, rows: readonly [string, Draft][]): Statement {
  const opened = rows.flatMap(([, d]) => (d.opened === null ? [] : [d.opened]));
  return {
    name: 'cash_session_insert',
    text: `INSERT INTO cash_session (tenant_id, cash_session_id, location_id, name, name_key, currency, opened_seq, opened_at,
  opened_by, float_minor, ${CLOSE_NAMES})
SELECT $1, u.id, u.location_id, u.name, u.name_key, u.currency, u.opened_seq, to_timestamp(u.opened_at), u.opened_by,
  u.float_minor, u.in_minor, u.out_minor, u.closed_seq, to_timestamp(u.closed_at), u.closed_by, u.expected_minor,
  u.counted_minor, u.note, u.revision
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::float8[], $9::text[], $10::bigint[],
  ${CLOSE_TYPES(11)})
AS u(id, location_id, name, name_key, currency, opened_seq, opened_at, opened_by, float_minor, ${CLOSE_NAMES})`,
    values: [
      tenantId,
      rows.map(([id]) => id),
      opened.map((o) => o.payload.locationId),
      opened.map((o) => o.payload.name),
      opened.map((o) => drawerKey(o.payload.name)),
      opened.map((o) => o.payload.currency),
      opened.map((o) => o.event.seq),
      opened.map((o) => seconds(o.event.at)),
      opened.map((o) => o.event.actor),
      opened.map((o) => o.payload.floatMinor),
      ...closeColumns(rows),
    ],
  };
}

function insertSales(tenantId: number, rows: readonly SaleRow[]): Statement {
  return {
    name: 'cash_session_sale_insert',
    text: `INSERT INTO cash_session_sale (tenant_id, cash_session_id, seq, is_refund, total_minor, cash_minor, card_minor, transfer_minor)
SELECT $1, u.* FROM unnest($2::text[], $3::bigint[], $4::boolean[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[]) AS u`,
    values: [
      tenantId,
      rows.map((r) => r.cashSessionId),
      rows.map((r) => r.seq),
      rows.map((r) => r.isRefund),
      rows.map((r) => r.totalMinor),
      rows.map((r) => r.cash),
      rows.map((r) => r.card),
      rows.map((r) => r.transfer),
    ],
  };
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000;
}
