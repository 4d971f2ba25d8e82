/**
 * Evaluates a batch: the proposals in order, in memory, with the pure ledger, after their tenant's head is locked and
 * what they need is loaded. Nothing here waits, so what it decides is decided on one state of the shop [JR3].
 */
import {
  type AccountRef,
  applyTransfers,
  type EndTransfer,
  isHolding,
  type MoveTransfer,
  type Transfer,
} from '@mostrador/domain/ledger';
import type { PendingState, WriterBook } from './book.js';
import { eventHash, type HashedTransfer, type OpenedAccount } from './hash.js';
import type { Head } from './head.js';
import { BatchRows } from './rows.js';
import type { CommitRejection, JournalEvent, Proposal } from './types.js';

export interface Entry {
  readonly proposal: Proposal;
  /** Hex, 16 bytes, of a foreign idempotency key. */
  readonly keyHash: string | undefined;
}

/** A commit that is already in the journal. */
export interface KnownCommit {
  readonly commitId: string;
  readonly seq: number;
  readonly size: number;
  readonly digest: string;
}

/** What a batch was decided on. */
export interface BatchState {
  readonly head: Head;
  readonly book: WriterBook;
  readonly series: Map<string, number>;
  readonly byId: ReadonlyMap<string, KnownCommit>;
  readonly byKey: ReadonlyMap<string, KnownCommit>;
  readonly revisions: Map<string, number>;
  readonly recordedAt: number;
}

export type Outcome =
  | { readonly kind: 'accepted'; readonly events: readonly JournalEvent[] }
  | { readonly kind: 'known'; readonly commit: KnownCommit }
  /** The same command stands earlier in this batch. */
  | { readonly kind: 'same'; readonly as: number }
  | { readonly kind: 'rejected'; readonly rejection: CommitRejection };

export interface Evaluation {
  readonly outcomes: readonly Outcome[];
  /** All accepted events, in order. */
  readonly events: readonly JournalEvent[];
  readonly rows: BatchRows;
}

const TRANSFER_KIND = { direct: 0, pending: 1, post: 2, void: 3, expire: 4 } as const;

export function evaluate(entries: readonly Entry[], state: BatchState): Evaluation {
  const rows = new BatchRows();
  const events: JournalEvent[] = [];
  const accepted = new Map<string, number>();
  const dirty: AccountRef[] = [];
  const seriesMoved = new Set<string>();
  const outcomes = entries.map((entry, index): Outcome => {
    const repeated = findRepeated(entry, state, accepted, entries);
    if (repeated !== undefined) return repeated;
    const refusal = check(entry.proposal, state);
    if (refusal !== undefined) return { kind: 'rejected', rejection: refusal };
    const before = pendingBefore(entry.proposal, state.book);
    const transfers = entry.proposal.transfers ?? [];
    const applied = applyTransfers(state.book, transfers, { now: state.recordedAt });
    if (!applied.ok) {
      const transfer = transfers[applied.index] as Transfer;
      return { kind: 'rejected', rejection: { code: 'ledger', transfer, reason: applied.rejection } };
    }
    for (const ref of applied.touched) dirty.push(ref);
    const opened = numberAccounts(applied.touched, state);
    const hashed = transferRows(entry.proposal, applied.overdrawn, before, state, rows);
    const placed = placeEvents(entry, hashed, opened, state, rows, seriesMoved);
    for (const event of placed) events.push(event);
    accepted.set(entry.proposal.id, index);
    if (entry.keyHash !== undefined) {
      accepted.set(entry.keyHash, index);
      rows.keys.push(entry.keyHash, entry.proposal.id);
    }
    return { kind: 'accepted', events: placed };
  });
  accountRows(dirty, state.book, rows);
  for (const series of seriesMoved) rows.series.push(series, state.series.get(series) as number);
  return { outcomes, events, rows };
}

/** What a proposal that was accepted before is answered. */
export function findKnown(
  { proposal, keyHash }: Entry,
  { byId, byKey }: Pick<BatchState, 'byId' | 'byKey'>,
): Outcome | undefined {
  const known = byId.get(proposal.id) ?? (keyHash === undefined ? undefined : byKey.get(keyHash));
  if (known === undefined) return undefined;
  return known.digest === proposal.digest
    ? { kind: 'known', commit: known }
    : { kind: 'rejected', rejection: { code: 'id_reused' } };
}

function findRepeated(
  entry: Entry,
  state: BatchState,
  accepted: ReadonlyMap<string, number>,
  entries: readonly Entry[],
): Outcome | undefined {
  const { proposal, keyHash } = entry;
  const known = findKnown(entry, state);
  if (known !== undefined) return known;
  const earlier = accepted.get(proposal.id) ?? (keyHash === undefined ? undefined : accepted.get(keyHash));
  if (earlier === undefined) return undefined;
  return entries[earlier]?.proposal.digest === proposal.digest
    ? { kind: 'same', as: earlier }
    : { kind: 'rejected', rejection: { code: 'id_reused' } };
}

function check(proposal: Proposal, state: BatchState): CommitRejection | undefined {
  for (const expectation of proposal.expects ?? []) {
    const revision = state.revisions.get(expectation.subject) ?? 0;
    if (revision !== expectation.revision) {
      return { code: 'revision_conflict', subject: expectation.subject, revision };
    }
  }
  return undefined;
}

/** The pending transfers that a proposal ends, as they were: the book only tells afterwards that they ended. */
function pendingBefore(proposal: Proposal, book: WriterBook): Map<string, PendingState> {
  const before = new Map<string, PendingState>();
  for (const t of proposal.transfers ?? []) {
    if (isEnd(t)) {
      const state = book.pending(t.pendingId);
      if (state !== undefined) before.set(t.pendingId, state);
    }
  }
  return before;
}

/** Gives ids to accounts that have none yet; returns those, in order. */
function numberAccounts(touched: readonly AccountRef[], state: BatchState): OpenedAccount[] {
  const opened: OpenedAccount[] = [];
  for (const ref of touched) {
    const account = state.book.account(ref);
    if (account.id !== 0) continue;
    account.id = isHolding(ref.kind) ? ++state.head.lastHolding : --state.head.lastCounterparty;
    opened.push({ id: account.id, ref });
  }
  return opened;
}

function transferRows(
  proposal: Proposal,
  overdrawn: readonly { readonly account: AccountRef; readonly by: number; readonly index: number }[],
  before: ReadonlyMap<string, PendingState>,
  state: BatchState,
  rows: BatchRows,
): HashedTransfer[] {
  const seq = state.head.seq + 1;
  const hashed: HashedTransfer[] = [];
  const list = proposal.transfers ?? [];
  for (let n = 0; n < list.length; n++) {
    const t = list[n] as Transfer;
    const row = isEnd(t) ? endRow(t, before, state.book) : moveRow(t, state.book);
    const by = overdrawn.find((o) => o.index === n)?.by ?? null;
    const h: HashedTransfer = { ...row, overdrawn: by };
    const expires = h.expiresAt === null ? null : h.expiresAt / 1000;
    rows.transfers.push(
      seq,
      n,
      h.kind,
      h.cause,
      h.debitAccount,
      h.creditAccount,
      h.amount,
      h.released,
      h.pendingId,
      expires,
      by,
    );
    if (t.kind === 'pending') {
      rows.newPending.push(t.id, h.cause, h.debitAccount, h.creditAccount, h.amount, expires);
    } else if (isEnd(t)) {
      rows.endedPending.push(t.pendingId, t.kind === 'post' ? 'posted' : 'voided');
    }
    hashed.push(h);
  }
  return hashed;
}

export function isEnd(t: Transfer): t is EndTransfer {
  return 'pendingId' in t;
}

type Row = Omit<HashedTransfer, 'overdrawn'>;

function moveRow(t: MoveTransfer, book: WriterBook): Row {
  return {
    kind: TRANSFER_KIND[t.kind],
    cause: t.cause,
    debitAccount: book.account(t.debit).id,
    creditAccount: book.account(t.credit).id,
    amount: t.amount,
    released: 0,
    pendingId: t.kind === 'pending' ? t.id : null,
    expiresAt: t.kind === 'pending' ? (t.expiresAt ?? null) : null,
  };
}

function endRow(t: EndTransfer, before: ReadonlyMap<string, PendingState>, book: WriterBook): Row {
  const pending = before.get(t.pendingId) ?? book.putPending.find((p) => p.id === t.pendingId);
  // applyTransfers has accepted it, so it is open.
  if (pending === undefined || 'ended' in pending) throw new Error(`pending transfer ${t.pendingId} is not open`);
  return {
    kind: TRANSFER_KIND[t.kind],
    cause: pending.cause,
    debitAccount: book.account(pending.debit).id,
    creditAccount: book.account(pending.credit).id,
    amount: t.kind === 'post' ? (t.amount ?? pending.amount) : 0,
    released: pending.amount,
    pendingId: t.pendingId,
    expiresAt: null,
  };
}

function placeEvents(
  entry: Entry,
  transfers: readonly HashedTransfer[],
  opened: readonly OpenedAccount[],
  state: BatchState,
  rows: BatchRows,
  seriesMoved: Set<string>,
): JournalEvent[] {
  const { proposal } = entry;
  const at = proposal.at ?? state.recordedAt;
  const placed: JournalEvent[] = [];
  for (let n = 0; n < proposal.events.length; n++) {
    const proposed = proposal.events[n] as Proposal['events'][number];
    const seq = ++state.head.seq;
    let payload = proposed.payload;
    let number: number | null = null;
    if (proposed.number !== undefined) {
      const { series, field, prefix } = proposed.number;
      number = (state.series.get(series) ?? 0) + 1;
      state.series.set(series, number);
      seriesMoved.add(series);
      payload = { ...payload, [field]: `${prefix}${String(number).padStart(8, '0')}` };
    }
    const text = JSON.stringify(payload);
    const series = proposed.number?.series ?? null;
    const digest = n === 0 ? proposal.digest : null;
    const event: JournalEvent = {
      seq,
      commitId: proposal.id,
      at,
      recordedAt: state.recordedAt,
      type: proposed.type,
      version: proposed.version ?? 1,
      subject: proposed.subject,
      actor: proposal.actor,
      payload,
    };
    state.head.hash = eventHash(
      state.head.hash,
      { ...event, n, digest: digest ?? '', series, number, payload: text },
      n === 0 ? transfers : [],
      n === 0 ? opened : [],
    );
    const size = n === 0 ? proposal.events.length : null;
    const hex = state.head.hash.toString('hex');
    rows.events.push(
      seq,
      n,
      size,
      proposal.id,
      digest,
      event.version,
      event.type,
      event.subject,
      event.actor,
      at / 1000,
      series,
      number,
      text,
      hex,
    );
    state.revisions.set(proposed.subject, seq);
    placed.push(event);
  }
  return placed;
}

function accountRows(dirty: readonly AccountRef[], book: WriterBook, rows: BatchRows): void {
  for (const ref of dirty) {
    const account = book.account(ref);
    if (account.written) continue;
    account.written = true;
    const b = account.balance;
    rows.accounts.push(
      account.id,
      ref.kind,
      ref.owner,
      ref.item,
      ref.unit,
      b.debitsPosted,
      b.creditsPosted,
      b.debitsPending,
      b.creditsPending,
    );
  }
  for (const ref of dirty) book.account(ref).written = false;
}
