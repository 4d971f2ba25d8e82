/**
 * What a batch needs from the database: asked for in the flush that locks the head, so that it costs no wait of its own, or
 * read beforehand by a batch that is decided ahead of the lock.
 */
import { createHash } from 'node:crypto';
import { type AccountRef, accountKey } from '@mostrador/domain/ledger';
import type { Statement } from '../database/index.js';
import { type Entry, isEnd, type KnownCommit } from './batch.js';
import type { AccountRow, PendingState, WriterBook } from './book.js';

/** Hex of 16 bytes, under which a foreign idempotency key is kept. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

export function accountsOf(entries: readonly Entry[], book: WriterBook): AccountRef[] {
  const missing = new Map<string, AccountRef>();
  for (const { proposal } of entries) {
    for (const t of proposal.transfers ?? []) {
      if (isEnd(t)) continue;
      if (!book.knows(t.debit)) missing.set(accountKey(t.debit), t.debit);
      if (!book.knows(t.credit)) missing.set(accountKey(t.credit), t.credit);
    }
  }
  return [...missing.values()];
}

export function accountsStatement(tenantId: number, refs: readonly AccountRef[]): Statement {
  return {
    name: 'journal_accounts',
    text: `SELECT a.account_id, a.kind, a.owner, a.item, a.unit, a.debits_posted, a.credits_posted, a.debits_pending, a.credits_pending
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS u(kind, owner, item, unit)
CROSS JOIN LATERAL (SELECT * FROM ledger_account WHERE tenant_id = $1 AND kind = u.kind AND owner = u.owner AND item = u.item AND unit = u.unit OFFSET 0) a`,
    values: [
      tenantId,
      refs.map((r) => r.kind),
      refs.map((r) => r.owner),
      refs.map((r) => r.item),
      refs.map((r) => r.unit),
    ],
  };
}

/** Puts the rows in the book, and zeros for the accounts that do not exist yet, so that it knows them. */
export function loadAccounts(
  book: WriterBook,
  refs: readonly AccountRef[],
  rows: readonly Record<string, unknown>[],
): void {
  for (const ref of refs) book.account(ref);
  for (const row of rows) book.load(row as unknown as AccountRow);
}

export function commitsStatement(tenantId: number, entries: readonly Entry[]): Statement {
  return {
    name: 'journal_commits',
    // OFFSET 0 keeps it one look-up an id: a planner without statistics would read the shop's whole index instead.
    text: `SELECT e.commit_id, e.seq, e.commit_size, encode(e.digest, 'hex') AS digest FROM unnest($2::uuid[]) AS u(id)
CROSS JOIN LATERAL (SELECT * FROM journal_event WHERE tenant_id = $1 AND n = 0 AND commit_id = u.id OFFSET 0) e`,
    values: [tenantId, entries.map((e) => e.proposal.id)],
  };
}

export function keysStatement(tenantId: number, entries: readonly Entry[]): Statement | undefined {
  const keys = entries.flatMap((e) => (e.keyHash === undefined ? [] : [e.keyHash]));
  if (keys.length === 0) return undefined;
  return {
    name: 'journal_keys',
    text: `SELECT k.commit_id, encode(k.key_hash, 'hex') AS key_hash, e.seq, e.commit_size, encode(e.digest, 'hex') AS digest
FROM unnest($2::text[]) AS u(h) JOIN journal_key k ON k.tenant_id = $1 AND k.key_hash = decode(u.h, 'hex')
JOIN journal_event e ON e.tenant_id = $1 AND e.n = 0 AND e.commit_id = k.commit_id`,
    values: [tenantId, keys],
  };
}

/** Both look-ups, by ids and by keys, in this order; the second only where there are keys. */
export function knownStatements(tenantId: number, entries: readonly Entry[]): Statement[] {
  const keys = keysStatement(tenantId, entries);
  return [commitsStatement(tenantId, entries), ...(keys === undefined ? [] : [keys])];
}

export function knownById(rows: readonly Record<string, unknown>[] = []): Map<string, KnownCommit> {
  return new Map(rows.map((row) => [row.commit_id as string, knownCommit(row)]));
}

export function knownByKey(rows: readonly Record<string, unknown>[] = []): Map<string, KnownCommit> {
  return new Map(rows.map((row) => [row.key_hash as string, knownCommit(row)]));
}

function knownCommit(row: Record<string, unknown>): KnownCommit {
  const r = row as { commit_id: string; seq: number; commit_size: number; digest: string };
  return { commitId: r.commit_id, seq: r.seq, size: r.commit_size, digest: r.digest };
}

/** Whether all that the proposals need beside accounts and series is known without asking. */
export function isPlain(entries: readonly Entry[]): boolean {
  return entries.every(
    ({ proposal }) => (proposal.expects ?? []).length === 0 && !(proposal.transfers ?? []).some(isEnd),
  );
}

export function revisionsStatement(tenantId: number, entries: readonly Entry[]): Statement | undefined {
  const subjects = [...new Set(entries.flatMap((e) => (e.proposal.expects ?? []).map((x) => x.subject)))];
  if (subjects.length === 0) return undefined;
  return {
    name: 'journal_revisions',
    text: `SELECT s.subject, e.seq FROM unnest($2::text[]) AS s(subject)
CROSS JOIN LATERAL (SELECT seq FROM journal_event WHERE tenant_id = $1 AND subject = s.subject ORDER BY seq DESC LIMIT 1) e`,
    values: [tenantId, subjects],
  };
}

export function pendingStatement(tenantId: number, entries: readonly Entry[]): Statement | undefined {
  const ids = entries.flatMap((e) => (e.proposal.transfers ?? []).flatMap((t) => (isEnd(t) ? [t.pendingId] : [])));
  if (ids.length === 0) return undefined;
  return {
    name: 'journal_pending',
    text: `SELECT p.pending_id, p.cause, p.amount, (extract(epoch FROM p.expires_at) * 1000)::bigint AS expires_at, p.state,
  d.kind AS d_kind, d.owner AS d_owner, d.item AS d_item, d.unit AS d_unit,
  c.kind AS c_kind, c.owner AS c_owner, c.item AS c_item, c.unit AS c_unit
FROM unnest($2::text[]) AS u(id) JOIN ledger_pending p ON p.tenant_id = $1 AND p.pending_id = u.id
JOIN ledger_account d ON d.tenant_id = $1 AND d.account_id = p.debit_account
JOIN ledger_account c ON c.tenant_id = $1 AND c.account_id = p.credit_account`,
    values: [tenantId, ids],
  };
}

export interface PendingRow {
  pending_id: string;
  cause: string;
  amount: number;
  expires_at: number | null;
  state: 'open' | 'posted' | 'voided';
  d_kind: AccountRef['kind'];
  d_owner: string;
  d_item: string;
  d_unit: string;
  c_kind: AccountRef['kind'];
  c_owner: string;
  c_item: string;
  c_unit: string;
}

export function pendingRefs(row: PendingRow): { debit: AccountRef; credit: AccountRef } {
  return {
    debit: { kind: row.d_kind, owner: row.d_owner, item: row.d_item, unit: row.d_unit },
    credit: { kind: row.c_kind, owner: row.c_owner, item: row.c_item, unit: row.c_unit },
  };
}

export function pendingState(row: PendingRow): PendingState {
  if (row.state !== 'open') return { ended: row.state };
  return {
    id: row.pending_id,
    ...pendingRefs(row),
    amount: row.amount,
    cause: row.cause as never,
    expiresAt: row.expires_at,
  };
}

export function seriesStatement(
  tenantId: number,
  entries: readonly Entry[],
  known: ReadonlyMap<string, number>,
): Statement | undefined {
  const series = [
    ...new Set(
      entries.flatMap((e) =>
        e.proposal.events.flatMap((v) => (v.number && !known.has(v.number.series) ? [v.number.series] : [])),
      ),
    ),
  ];
  if (series.length === 0) return undefined;
  return {
    name: 'journal_series_read',
    text: 'SELECT series, last FROM journal_series WHERE tenant_id = $1 AND series = ANY($2::text[])',
    values: [tenantId, series],
  };
}

/** A series that has no row yet stands at 0; it stays unknown, which costs one look-up until its first number. */
export function loadSeries(series: Map<string, number>, rows: readonly Record<string, unknown>[]): void {
  for (const row of rows) series.set(row.series as string, row.last as number);
}
