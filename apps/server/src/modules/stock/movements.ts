/**
 * The history of levels, newest first, with the level after each movement [ST15] [ST16]. A page is made in two steps:
 * a narrow scan along the ledger's own indexes, over which the levels are run backwards from the present one, and the
 * details of the few rows that are shown. The scan is bounded, so that no filter can hold the database [ST17].
 */
import type { Database, Statement } from '../../platform/database/index.js';

/** Movements that one page looks at, at most. */
export const SCAN_MAX = 20_000;
/** Accounts whose levels fit into a cursor. */
const LEVELS_IN_CURSOR = 12;
/** A device's clock may be ahead of the server's by this much. */
const CLOCK_SKEW_MS = 86_400_000;

export interface MovementFilter {
  readonly variantId: string | null;
  readonly locationId: string | null;
  readonly cause: string | null;
  /** Milliseconds: from this moment on, and before this moment. */
  readonly from: number | null;
  readonly to: number | null;
  readonly after: MovementPosition | null;
  readonly limit: number;
}

/** The last movement that was looked at, and the levels before it by account, where they are known. */
export interface MovementPosition {
  readonly seq: number;
  readonly n: number;
  readonly accountId: number;
  readonly levels: ReadonlyMap<number, number> | null;
}

export interface Movement {
  readonly seq: number;
  readonly n: number;
  readonly accountId: number;
  readonly quantityMilli: number;
  readonly reservedMilli: number;
  readonly balanceAfterMilli: number | null;
}

export interface MovementPage {
  readonly movements: readonly Movement[];
  /** Where the next page begins; null at the end of history. */
  readonly next: MovementPosition | null;
}

interface ScanRow {
  readonly seq: number;
  readonly n: number;
  readonly account_id: number | null;
  readonly quantity: number;
  readonly reserved: number;
  readonly matches: boolean;
}

interface Account {
  readonly account_id: number;
  readonly on_hand: number;
}

/** Signed effects on a stock account; a reservation is credited, a post moves some and releases all of it. */
const DEBIT = 'CASE WHEN t.kind IN (0, 2) THEN t.amount ELSE 0 END AS quantity, 0::bigint AS reserved';
const CREDIT = `CASE WHEN t.kind IN (0, 2) THEN -t.amount ELSE 0 END AS quantity,
  CASE WHEN t.kind = 1 THEN t.amount ELSE -t.released END AS reserved`;

export async function listMovements(
  database: Database,
  tenantId: number,
  filter: MovementFilter,
  scanMax = SCAN_MAX,
): Promise<MovementPage> {
  const floor = filter.from === null ? 0 : await seqAt(database, tenantId, filter.from - CLOCK_SKEW_MS);
  return filter.variantId === null
    ? ofShop(database, tenantId, filter, floor, scanMax)
    : ofVariant(database, tenantId, filter, filter.variantId, floor, scanMax);
}

async function ofVariant(
  database: Database,
  tenantId: number,
  filter: MovementFilter,
  variantId: string,
  floor: number,
  narrowMax: number,
): Promise<MovementPage> {
  const isNarrow = filter.cause !== null || filter.from !== null || filter.to !== null;
  const scanMax = isNarrow ? narrowMax : filter.limit + 1;
  const { text, values } = variantScan(tenantId, filter, variantId, floor, scanMax);
  const rows = await database.read<ScanRow & { levels: Account[] | null }>(tenantId, { text, values });
  // The first row carries the accounts, read in the same moment as the movements.
  const accounts = rows[0]?.levels ?? [];
  const scanned: ScanRow[] = rows.filter((r) => r.account_id !== null);
  const levels = new Map(accounts.map((a) => [a.account_id, a.on_hand]));
  if (filter.after !== null) {
    const known = filter.after.levels ?? (await levelsAt(database, tenantId, filter.after, accounts));
    for (const [id, level] of known) levels.set(id, level);
  }
  const shown: Movement[] = [];
  let last: ScanRow | undefined;
  for (const row of scanned) {
    if (shown.length === filter.limit) break;
    last = row;
    const accountId = row.account_id as number;
    const after = levels.get(accountId) ?? 0;
    levels.set(accountId, after - row.quantity);
    if (row.matches) shown.push(movement(row, accountId, after));
  }
  const looked = last === undefined ? 0 : scanned.indexOf(last) + 1;
  const more = looked < scanned.length || scanned.length === scanMax;
  if (last === undefined || !more) return { movements: shown, next: null };
  return {
    movements: shown,
    next: {
      seq: last.seq,
      n: last.n,
      accountId: last.account_id as number,
      levels: levels.size <= LEVELS_IN_CURSOR ? levels : null,
    },
  };
}

function variantScan(
  tenantId: number,
  filter: MovementFilter,
  variantId: string,
  floor: number,
  scanMax: number,
): { text: string; values: unknown[] } {
  const values: unknown[] = [tenantId, variantId];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const at = filter.locationId === null ? '' : `AND a.owner = ${bind(filter.locationId)}`;
  const least = bind(floor);
  const limit = bind(scanMax);
  let before = '';
  if (filter.after !== null) {
    const [seq, n, account] = [bind(filter.after.seq), bind(filter.after.n), bind(filter.after.accountId)];
    // Of the two sides of a move the one with the higher account comes first; the other may still be to come.
    before = `AND (t.seq, t.n) < (${seq}::bigint, ${n}::int + CASE WHEN acc.account_id < ${account}::bigint THEN 1 ELSE 0 END)`;
  }
  const side = (column: string, effect: string) => `(SELECT t.seq, t.n, t.cause, ${effect} FROM ledger_transfer t
      WHERE t.tenant_id = $1 AND t.${column} = acc.account_id AND t.${column} > 0 AND t.seq >= ${least}::bigint ${before}
      ORDER BY t.seq DESC, t.n DESC LIMIT ${limit})`;
  return {
    text: `WITH acc AS MATERIALIZED (
  SELECT a.account_id, a.debits_posted - a.credits_posted AS on_hand FROM ledger_account a
  WHERE a.tenant_id = $1 AND a.item = $2 AND a.item <> '' AND a.kind = 'stock' ${at}
), scan AS (
  SELECT m.*, acc.account_id FROM acc CROSS JOIN LATERAL (
    ${side('debit_account', DEBIT)}
    UNION ALL
    ${side('credit_account', CREDIT)}
  ) m ORDER BY m.seq DESC, m.n DESC, acc.account_id DESC LIMIT ${limit}
)
SELECT s.seq, s.n, s.account_id, s.quantity, s.reserved, ${matches(filter, bind)} AS matches, NULL::json AS levels, 1 AS part FROM scan s
UNION ALL
SELECT 0, 0, NULL, 0, 0, false, (SELECT json_agg(acc) FROM acc), 0
ORDER BY part, seq DESC, n DESC, account_id DESC`,
    values,
  };
}

/** Whether a scanned row is one that was asked for. */
function matches(filter: MovementFilter, bind: (value: unknown) => string): string {
  const all: string[] = ['true'];
  if (filter.cause !== null) all.push(`s.cause = ${bind(filter.cause)}`);
  if (filter.from !== null || filter.to !== null) {
    const from = filter.from === null ? '' : ` AND e.at >= to_timestamp(${bind(filter.from / 1000)}::float8)`;
    const to = filter.to === null ? '' : ` AND e.at < to_timestamp(${bind(filter.to / 1000)}::float8)`;
    all.push(`EXISTS (SELECT FROM journal_event e WHERE e.tenant_id = $1 AND e.seq = s.seq${from}${to})`);
  }
  return all.join(' AND ');
}

/** All movements of a shop or a location: along the ledger itself, in which money stands between the goods. */
async function ofShop(
  database: Database,
  tenantId: number,
  filter: MovementFilter,
  floor: number,
  most: number,
): Promise<MovementPage> {
  const shown: Movement[] = [];
  let position = filter.after;
  let left = most;
  // Most of the time a few times the page is enough.
  for (let scanMax = 4 * filter.limit + 50; left > 0; scanMax = most) {
    scanMax = Math.min(scanMax, left);
    const rows = await database.read<ScanRow>(tenantId, shopScan(tenantId, filter, position, floor, scanMax));
    for (const row of rows) {
      if (row.matches && row.account_id !== null) {
        // Found one more than the page holds: the next begins after the one before.
        if (shown.length === filter.limit) return { movements: shown, next: position };
        shown.push(movement(row, row.account_id, null));
      }
      position = { seq: row.seq, n: row.n, accountId: row.account_id ?? 0, levels: null };
    }
    // Each transfer gives one row at least.
    if (rows.length < scanMax) return { movements: shown, next: null };
    left -= scanMax;
  }
  return { movements: shown, next: position };
}

function shopScan(
  tenantId: number,
  filter: MovementFilter,
  after: MovementPosition | null,
  floor: number,
  scanMax: number,
): Statement {
  const values: unknown[] = [tenantId, floor, scanMax];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const at = filter.locationId === null ? '' : `AND a.owner = ${bind(filter.locationId)}`;
  let upTo = '';
  let before = '';
  if (after !== null) {
    const [seq, n, account] = [bind(after.seq), bind(after.n), bind(after.accountId)];
    upTo = `AND (t.seq, t.n) <= (${seq}::bigint, ${n}::int)`;
    before = `WHERE (s.seq, s.n) < (${seq}::bigint, ${n}::int) OR s.account_id < ${account}::bigint`;
  }
  return {
    text: `SELECT s.seq, s.n, s.account_id, s.quantity, s.reserved, ${matches(filter, bind)} AS matches FROM (
  SELECT t.seq, t.n, t.cause, a.account_id,
    CASE WHEN t.kind NOT IN (0, 2) THEN 0 WHEN a.account_id = t.debit_account THEN t.amount ELSE -t.amount END AS quantity,
    CASE WHEN a.account_id = t.debit_account OR t.kind = 0 THEN 0 WHEN t.kind = 1 THEN t.amount ELSE -t.released END AS reserved
  FROM (
    SELECT * FROM ledger_transfer t WHERE t.tenant_id = $1 AND t.seq >= $2::bigint ${upTo}
    ORDER BY t.seq DESC, t.n DESC LIMIT $3 + 1
  ) t
  LEFT JOIN ledger_account a ON a.tenant_id = $1 AND a.account_id IN (t.debit_account, t.credit_account)
    AND a.account_id > 0 AND a.kind = 'stock' ${at}
) s ${before} ORDER BY s.seq DESC, s.n DESC, s.account_id DESC NULLS LAST`,
    values,
  };
}

function movement(row: ScanRow, accountId: number, balanceAfterMilli: number | null): Movement {
  return {
    seq: row.seq,
    n: row.n,
    accountId,
    quantityMilli: row.quantity,
    reservedMilli: row.reserved,
    balanceAfterMilli,
  };
}

/** The levels of accounts before a position, summed up from their movements; for cursors too short to carry them. */
async function levelsAt(
  database: Database,
  tenantId: number,
  position: MovementPosition,
  accounts: readonly Account[],
): Promise<Map<number, number>> {
  const side = (column: string, sign: string) => `(SELECT ${sign}coalesce(sum(t.amount), 0) FROM ledger_transfer t
    WHERE t.tenant_id = $1 AND t.${column} = u.id AND t.${column} > 0 AND t.kind IN (0, 2)
      AND (t.seq, t.n) < ($3::bigint, $4::int + CASE WHEN u.id < $5::bigint THEN 1 ELSE 0 END))`;
  const rows = await database.read<{ id: number; level: number }>(tenantId, {
    text: `SELECT u.id, (${side('debit_account', '')} + ${side('credit_account', '-')})::bigint AS level FROM unnest($2::bigint[]) AS u(id)`,
    values: [tenantId, accounts.map((a) => a.account_id), position.seq, position.n, position.accountId],
  });
  return new Map(rows.map((r) => [r.id, r.level]));
}

/** The first `seq` that was written at or after a moment: `recorded_at` never goes back, so halving finds it. */
async function seqAt(database: Database, tenantId: number, ms: number): Promise<number> {
  const rows = await database.read<{ seq: number }>(tenantId, {
    name: 'stock_seq_at',
    // The look-up is a sub-select, so that it can only be done by the key.
    text: `WITH RECURSIVE half(low, high) AS (
  SELECT 1::bigint, (SELECT seq + 1 FROM journal_head WHERE tenant_id = $1)
  UNION ALL
  SELECT CASE WHEN m.is_before THEN m.middle + 1 ELSE m.low END, CASE WHEN m.is_before THEN m.high ELSE m.middle END
  FROM (SELECT h.low, h.high, (h.low + h.high) / 2 AS middle, (SELECT e.recorded_at < to_timestamp($2) FROM journal_event e
    WHERE e.tenant_id = $1 AND e.seq = (h.low + h.high) / 2) AS is_before FROM half h WHERE h.low < h.high) m
) SELECT low AS seq FROM half WHERE low >= high LIMIT 1`,
    values: [tenantId, ms / 1000],
  });
  return rows[0]?.seq ?? 0;
}

export interface MovementDetail {
  readonly seq: number;
  readonly n: number;
  readonly account_id: number;
  readonly at: Date;
  readonly cause: string;
  readonly overdrawn: number | null;
  readonly location_id: string;
  readonly location_name: string | null;
  readonly variant_id: string;
  readonly product_id: string | null;
  readonly product_name: string | null;
  readonly variant_name: string | null;
  readonly sku: string | null;
  readonly sales_unit: 'piece' | 'kg' | 'l' | 'm' | null;
  readonly other_location_id: string | null;
  readonly other_location_name: string | null;
  readonly event_type: string;
  readonly subject: string;
  readonly reference: string | null;
  readonly reason: string | null;
  readonly actor: string;
}

/** What the shown movements belong to, in the same order. */
export function readDetails(
  database: Database,
  tenantId: number,
  movements: readonly Movement[],
): Promise<MovementDetail[]> {
  return database.read<MovementDetail>(tenantId, {
    name: 'stock_movement_details',
    text: `SELECT t.seq, t.n, a.account_id, e.at, t.cause,
  CASE WHEN a.account_id = t.credit_account THEN t.overdrawn END AS overdrawn, a.owner AS location_id, l.name AS location_name,
  a.item AS variant_id, v.product_id, p.name AS product_name, v.name AS variant_name, v.sku, p.sales_unit,
  o.owner AS other_location_id, ol.name AS other_location_name, e.type AS event_type, e.subject, e.actor,
  coalesce(e.payload ->> 'receiptNumber', e.payload ->> 'reference') AS reference,
  coalesce(e.payload ->> 'reason', e.payload ->> 'note') AS reason
FROM unnest($2::bigint[], $3::int[], $4::bigint[]) WITH ORDINALITY AS u(seq, n, account_id, place)
JOIN ledger_transfer t ON t.tenant_id = $1 AND t.seq = u.seq AND t.n = u.n
JOIN ledger_account a ON a.tenant_id = $1 AND a.account_id = u.account_id
LEFT JOIN ledger_account o ON o.tenant_id = $1 AND o.kind = 'stock' AND o.account_id > 0
  AND o.account_id = CASE WHEN a.account_id = t.debit_account THEN t.credit_account ELSE t.debit_account END
-- A commit may hold other events before the one that moved the goods (a product made in the same go).
CROSS JOIN LATERAL (SELECT commit_size FROM journal_event WHERE tenant_id = $1 AND seq = t.seq) h
CROSS JOIN LATERAL (
  SELECT j.at, j.type, j.subject, j.actor, j.payload FROM journal_event j
  WHERE j.tenant_id = $1 AND j.seq >= t.seq AND j.seq < t.seq + least(h.commit_size, 20)
  ORDER BY CASE t.cause WHEN 'sale' THEN j.type = 'sale.completed' WHEN 'refund' THEN j.type = 'sale.refunded'
    WHEN 'reservation' THEN j.type NOT LIKE 'product.%' ELSE j.type LIKE 'stock.%' END DESC, j.seq LIMIT 1
) e
LEFT JOIN location l ON l.tenant_id = $1 AND l.location_id = a.owner
LEFT JOIN location ol ON ol.tenant_id = $1 AND ol.location_id = o.owner
LEFT JOIN variant v ON v.tenant_id = $1 AND v.variant_id = a.item
LEFT JOIN product p ON p.tenant_id = $1 AND p.product_id = v.product_id
ORDER BY u.place`,
    values: [tenantId, movements.map((m) => m.seq), movements.map((m) => m.n), movements.map((m) => m.accountId)],
  });
}
