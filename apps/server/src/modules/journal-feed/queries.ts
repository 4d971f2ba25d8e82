/**
 * All SQL of the audit trail. Filters by type and actor have no index of their own (the counter would pay for it), so a
 * page looks through a bounded stretch of the journal and its cursor says where the next one goes on.
 */
import type { Database, Statement } from '../../platform/database/index.js';
import { EVENT_COLUMNS, eventOf, type JournalEvent } from '../../platform/journal/index.js';

/** How many events one page looks at, at most. */
const STRETCH = 50_000;

export interface EventFilter {
  /** `noun.event`, or a noun. */
  readonly type?: string | undefined;
  readonly subject?: string | undefined;
  readonly actor?: string | undefined;
}

export interface EventPage {
  readonly events: JournalEvent[];
  /** Where the next page goes on: the last `seq` looked at. Null: that was all. */
  readonly next: number | null;
}

/**
 * Newest first below `before`, or oldest first above `after`, within `from` ≤ seq < `to`. At most `limit`; may be
 * fewer, even none, with more to come.
 */
export async function listEvents(
  database: Database,
  tenantId: number,
  filter: EventFilter,
  range: { readonly from: number; readonly to: number; readonly direction: 'newest' | 'oldest' },
  limit: number,
  stretchMax = STRETCH,
): Promise<EventPage> {
  const newest = range.direction === 'newest';
  const isIndexed = filter.subject !== undefined;
  const isFiltered = filter.type !== undefined || filter.actor !== undefined;
  const stretch = isFiltered && !isIndexed ? stretchMax : Number.MAX_SAFE_INTEGER;
  const from = newest ? Math.max(range.from, range.to - stretch) : range.from;
  const to = newest ? range.to : Math.min(range.to, range.from + stretch);
  if (from >= to) return { events: [], next: null };
  const values: unknown[] = [tenantId, from, to, limit + 1];
  const where = ['tenant_id = $1', 'seq >= $2', 'seq < $3'];
  const add = (condition: (n: string) => string, value: unknown) => {
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  if (filter.subject !== undefined) add((n) => `subject = ${n}`, filter.subject);
  if (filter.actor !== undefined) add((n) => `actor = ${n}`, filter.actor);
  if (filter.type?.includes('.')) add((n) => `type = ${n}`, filter.type);
  else if (filter.type !== undefined) add((n) => `starts_with(type, ${n} || '.')`, filter.type);
  const statement: Statement = {
    text: `SELECT ${EVENT_COLUMNS} FROM journal_event WHERE ${where.join(' AND ')} ORDER BY seq ${newest ? 'DESC' : 'ASC'} LIMIT $4`,
    values,
  };
  const events = (await database.read<Record<string, unknown>>(tenantId, statement)).map(eventOf);
  if (events.length > limit) {
    events.length = limit;
    return { events, next: events.at(-1)?.seq ?? null };
  }
  const isEnd = newest ? from <= range.from : to >= range.to;
  return { events, next: isEnd ? null : newest ? from : to - 1 };
}

/**
 * The first `seq` that was written at `day`'s beginning in the zone or later: a search by halves over the primary key,
 * for `seq` and the time of writing grow together. `head + 1` when there is none.
 */
export async function seqOfDay(
  database: Database,
  tenantId: number,
  day: string,
  timeZone: string,
  head: number,
): Promise<number> {
  const rows = await database.read<{ lo: number }>(tenantId, {
    name: 'journal_seq_of_day',
    text: `WITH RECURSIVE moment AS (SELECT $2::date::timestamp AT TIME ZONE $3 AS at), search(lo, hi) AS (
  SELECT 1::bigint, $4::bigint + 1
  UNION ALL
  SELECT CASE WHEN p.before THEN (s.lo + s.hi) / 2 + 1 ELSE s.lo END, CASE WHEN p.before THEN s.hi ELSE (s.lo + s.hi) / 2 END
  FROM search s CROSS JOIN LATERAL (
    SELECT e.recorded_at < m.at AS before FROM journal_event e, moment m WHERE e.tenant_id = $1 AND e.seq = (s.lo + s.hi) / 2
  ) p WHERE s.lo < s.hi
)
SELECT max(lo) AS lo FROM search`,
    values: [tenantId, day, timeZone, head],
  });
  return rows[0]?.lo ?? 1;
}

export async function eventAt(database: Database, tenantId: number, seq: number): Promise<JournalEvent | undefined> {
  const rows = await database.read<Record<string, unknown>>(tenantId, {
    name: 'journal_event_at',
    text: `SELECT ${EVENT_COLUMNS} FROM journal_event WHERE tenant_id = $1 AND seq = $2`,
    values: [tenantId, seq],
  });
  const [row] = rows;
  return row === undefined ? undefined : eventOf(row);
}

/** The events of one commit around one of them, without their payloads; at most 200. */
export function commitAround(
  database: Database,
  tenantId: number,
  event: Pick<JournalEvent, 'seq' | 'commitId'>,
): Promise<{ seq: number; type: string; subject: string }[]> {
  return database.read(tenantId, {
    name: 'journal_commit_around',
    text: `WITH first AS (SELECT seq, commit_size FROM journal_event WHERE tenant_id = $1 AND commit_id = $2 AND n = 0)
SELECT e.seq, e.type, e.subject FROM first f
JOIN journal_event e ON e.tenant_id = $1 AND e.seq >= f.seq AND e.seq < f.seq + f.commit_size
WHERE e.seq <> $3 ORDER BY e.seq LIMIT 200`,
    values: [tenantId, event.commitId, event.seq],
  });
}

export interface VariantName {
  readonly variant_id: string;
  readonly product_id: string;
  readonly name: string;
  readonly variant_name: string;
  readonly sales_unit: 'piece' | 'kg' | 'l' | 'm';
}

export function variantNames(database: Database, tenantId: number, ids: readonly string[]): Promise<VariantName[]> {
  return database.read(tenantId, {
    name: 'journal_variant_names',
    text: `SELECT v.variant_id, v.product_id, p.name, v.name AS variant_name, p.sales_unit
FROM variant v JOIN product p ON p.tenant_id = $1 AND p.product_id = v.product_id
WHERE v.tenant_id = $1 AND v.variant_id = ANY($2::text[])`,
    values: [tenantId, ids],
  });
}

/** Tables whose rows have an id and a `name`. */
const NAMED = {
  product: 'product_id',
  category: 'category_id',
  location: 'location_id',
  tax_rate: 'tax_rate_id',
  identity_role: 'role_id',
  cash_session: 'cash_session_id',
} as const;
export type NamedTable = keyof typeof NAMED;

export function plainNames(
  database: Database,
  tenantId: number,
  table: NamedTable,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  return database.read(tenantId, {
    name: `journal_names_${table}`,
    text: `SELECT ${NAMED[table]} AS id, name FROM ${table} WHERE tenant_id = $1 AND ${NAMED[table]} = ANY($2::text[])`,
    values: [tenantId, ids],
  });
}

/** Receipt numbers of sales and refunds by their ids. */
export function receiptNumbers(
  database: Database,
  tenantId: number,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  return database.read(tenantId, {
    name: 'journal_receipt_numbers',
    text: `SELECT e.subject AS id, s.receipt_number AS name FROM journal_event e JOIN sale s ON s.tenant_id = $1 AND s.seq = e.seq
WHERE e.tenant_id = $1 AND e.subject = ANY($2::text[]) AND e.type = 'sale.completed'
UNION ALL SELECT refund_id, receipt_number FROM refund WHERE tenant_id = $1 AND refund_id = ANY($2::text[])`,
    values: [tenantId, ids],
  });
}

/** What dead letters are about. */
export function subjectsAt(
  database: Database,
  tenantId: number,
  seqs: readonly number[],
): Promise<{ seq: number; subject: string }[]> {
  return database.read(tenantId, {
    name: 'journal_subjects_at',
    text: 'SELECT seq, subject FROM journal_event WHERE tenant_id = $1 AND seq = ANY($2::bigint[])',
    values: [tenantId, seqs],
  });
}
