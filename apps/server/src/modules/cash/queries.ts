/** All that is asked of the tables of cash sessions. */
import type { Database, Statement } from '../../platform/database/index.js';

export interface SessionRow {
  readonly cash_session_id: string;
  readonly location_id: string;
  readonly location_name: string;
  readonly name: string;
  readonly currency: string;
  readonly opened_seq: number;
  readonly opened_at: Date;
  readonly opened_by: string;
  readonly float_minor: number;
  readonly in_minor: number;
  readonly out_minor: number;
  readonly closed_seq: number | null;
  readonly closed_at: Date | null;
  readonly closed_by: string | null;
  readonly expected_minor: number | null;
  readonly counted_minor: number | null;
  readonly note: string;
  readonly revision: number;
  /** Of its account in the ledger. */
  readonly balance_minor: number;
}

const COLUMNS = `s.cash_session_id, s.location_id, coalesce(l.name, '') AS location_name, s.name, s.currency, s.opened_seq,
  s.opened_at, s.opened_by, s.float_minor, s.in_minor, s.out_minor, s.closed_seq, s.closed_at, s.closed_by,
  s.expected_minor, s.counted_minor, s.note, s.revision, coalesce(a.debits_posted - a.credits_posted, 0) AS balance_minor`;
const JOINS = `LEFT JOIN location l ON l.tenant_id = $1 AND l.location_id = s.location_id
LEFT JOIN ledger_account a ON a.tenant_id = $1 AND a.kind = 'cash' AND a.owner = s.cash_session_id AND a.item = '' AND a.unit = s.currency`;

export async function readSession(database: Database, tenantId: number, id: string): Promise<SessionRow | null> {
  const rows = await database.read<SessionRow>(tenantId, {
    name: 'cash_session_read',
    text: `SELECT ${COLUMNS} FROM cash_session s ${JOINS} WHERE s.tenant_id = $1 AND s.cash_session_id = $2`,
    values: [tenantId, id],
  });
  return rows[0] ?? null;
}

export interface SessionFilter {
  readonly locationId: string | null;
  readonly status: 'open' | 'closed' | null;
  /** Sessions that were opened before this `seq`. */
  readonly before: number | null;
  readonly limit: number;
}

/** The last opened first; one more than `limit` tells that there are more. */
export function listSessions(database: Database, tenantId: number, filter: SessionFilter): Promise<SessionRow[]> {
  return database.read<SessionRow>(tenantId, {
    name: 'cash_session_list',
    text: `SELECT ${COLUMNS} FROM cash_session s ${JOINS}
WHERE s.tenant_id = $1 AND ($2::text IS NULL OR s.location_id = $2)
  AND ($3::text IS NULL OR (s.closed_seq IS NULL) = ($3 = 'open')) AND ($4::bigint IS NULL OR s.opened_seq < $4)
ORDER BY s.opened_seq DESC LIMIT $5`,
    values: [tenantId, filter.locationId, filter.status, filter.before, filter.limit + 1],
  });
}

export interface FigureRow {
  readonly head: number;
  readonly sales: number;
  readonly refunds: number;
  readonly cash_sales: number;
  readonly card_sales: number;
  readonly transfer_sales: number;
  readonly cash_refunds: number;
  readonly card_refunds: number;
  readonly transfer_refunds: number;
  readonly sale_count: number;
  readonly refund_count: number;
  readonly cash_sale_count: number;
  readonly card_sale_count: number;
  readonly transfer_sale_count: number;
  readonly cash_refund_count: number;
  readonly card_refund_count: number;
  readonly transfer_refund_count: number;
  /** Cash of sales less refunds with a `seq` of the close or later. */
  readonly late: number;
  /** As of the same moment. */
  readonly in_minor: number;
  readonly out_minor: number;
}

const TENDERS = ['cash', 'card', 'transfer'] as const;

function sums(): string {
  const columns: string[] = [];
  for (const refund of [false, true]) {
    const noun = refund ? 'refund' : 'sale';
    const which = `NOT f.late AND ${refund ? '' : 'NOT '}f.is_refund`;
    columns.push(`coalesce(sum(f.total_minor) FILTER (WHERE ${which}), 0)::bigint AS ${noun}s`);
    columns.push(`count(f.seq) FILTER (WHERE ${which}) AS ${noun}_count`);
    for (const t of TENDERS) {
      columns.push(`coalesce(sum(f.${t}_minor) FILTER (WHERE ${which}), 0)::bigint AS ${t}_${noun}s`);
      columns.push(`count(f.seq) FILTER (WHERE ${which} AND f.${t}_minor > 0) AS ${t}_${noun}_count`);
    }
  }
  columns.push(
    'coalesce(sum(CASE WHEN f.is_refund THEN -f.cash_minor ELSE f.cash_minor END) FILTER (WHERE f.late), 0)::bigint AS late',
  );
  return columns.join(',\n  ');
}

/** The sums of one session, and the journal's head they are of. */
export function figuresStatement(tenantId: number, cashSessionId: string): Statement {
  return {
    name: 'cash_session_figures',
    text: `SELECT (SELECT seq FROM journal_head WHERE tenant_id = $1) AS head, s.in_minor, s.out_minor,
  ${sums()}
FROM cash_session s
LEFT JOIN LATERAL (SELECT c.*, c.seq > coalesce(s.closed_seq, 9223372036854775807) AS late FROM cash_session_sale c
  WHERE c.tenant_id = $1 AND c.cash_session_id = s.cash_session_id) f ON true
WHERE s.tenant_id = $1 AND s.cash_session_id = $2 GROUP BY s.in_minor, s.out_minor`,
    values: [tenantId, cashSessionId],
  };
}

export interface MovementRow {
  readonly seq: number;
  readonly at: Date;
  readonly actor: string;
  readonly payload: {
    readonly movementId: string;
    readonly direction: 'in' | 'out';
    readonly amountMinor: number;
    readonly reason: string;
  };
}

/** The last 500 movements by hand, newest last. */
export async function readMovements(database: Database, tenantId: number, id: string): Promise<MovementRow[]> {
  const rows = await database.read<MovementRow>(tenantId, {
    name: 'cash_session_movements',
    text: `SELECT seq, at, actor, payload FROM journal_event
WHERE tenant_id = $1 AND subject = $2 AND type = 'cash.moved' ORDER BY seq DESC LIMIT 500`,
    values: [tenantId, id],
  });
  return rows.reverse();
}

/** Closed sessions whose account is not at zero. */
export function unsettledSessions(database: Database, tenantId: number): Promise<{ cash_session_id: string }[]> {
  return database.read(tenantId, {
    name: 'cash_session_unsettled',
    text: `SELECT s.cash_session_id FROM ledger_account a
JOIN cash_session s ON s.tenant_id = $1 AND s.cash_session_id = a.owner AND s.closed_seq IS NOT NULL
WHERE a.tenant_id = $1 AND a.kind = 'cash' AND a.debits_posted <> a.credits_posted LIMIT 100`,
    values: [tenantId],
  });
}

/** The id of the open session of a drawer. */
export async function findOpen(
  database: Database,
  tenantId: number,
  locationId: string,
  nameKey: string,
): Promise<string | null> {
  const rows = await database.read<{ cash_session_id: string }>(tenantId, {
    name: 'cash_session_open',
    text: `SELECT cash_session_id FROM cash_session
WHERE tenant_id = $1 AND location_id = $2 AND name_key = $3 AND closed_seq IS NULL`,
    values: [tenantId, locationId, nameKey],
  });
  return rows[0]?.cash_session_id ?? null;
}
