/**
 * One tenant's way into the journal: what waits, and what this process remembers of the head it left behind.
 * A batch locks the head, loads, decides and writes in two round trips; see docs/spec/journal.md [JR2] to [JR8].
 */
import type pg from 'pg';
import { type Flushed, type Statement, flush as send } from '../database/index.js';
import { type Entry, type Evaluation, evaluate, type Head, type KnownCommit } from './batch.js';
import { WriterBook } from './book.js';
import * as load from './load.js';
import type { CommitRejection, JournalEvent, Projection } from './types.js';

export interface Waiting extends Entry {
  /** Tried alone, because a batch with it failed. */
  alone: boolean;
  /** It was sent and the answer was lost: it may be in the journal without anybody having been told. */
  doubtful: boolean;
  readonly since: number;
  settle(result: Settled): void;
  fail(error: unknown): void;
}

export type Settled =
  /** `repeated`: the same command stood earlier in the same batch. */
  | { readonly kind: 'committed'; readonly events: readonly JournalEvent[]; readonly repeated: boolean }
  | { readonly kind: 'known'; readonly commit: KnownCommit; readonly doubtful: boolean }
  | { readonly kind: 'rejected'; readonly rejection: CommitRejection };

/** Thrown by `flush` with the first statement that failed. */
export class BatchFailed extends Error {
  override readonly name = 'BatchFailed';
  constructor(readonly reason: unknown) {
    super(reason instanceof Error ? reason.message : String(reason), { cause: reason });
  }
}

/** Sends all statements at once, with one answer for all; throws BatchFailed with the first that failed. */
export async function flush(client: pg.Client, statements: readonly Statement[]): Promise<Flushed[]> {
  try {
    return await send(client, statements);
  } catch (reason) {
    throw new BatchFailed(reason);
  }
}

interface Decided extends Evaluation {
  readonly recordedAt: number;
  /** As the batch leaves it. */
  readonly head: Head;
}

/** A batch takes no further proposal above this many events, so that its arrays stay far from what a message may hold. */
const EVENTS_MAX = 32_000;

const begin: Statement = { name: 'begin', text: 'BEGIN', values: [] };
const commit: Statement = { name: 'commit', text: 'COMMIT', values: [] };
const rollback: Statement = { text: 'ROLLBACK', values: [] };

export function underTenant(tenantId: number): Statement {
  return {
    name: 'mostrador_tenant',
    text: "SELECT set_config('mostrador.tenant', $1, true)",
    values: [String(tenantId)],
  };
}

export class Lane {
  readonly waiting: Waiting[] = [];
  running = 0;
  #book = new WriterBook();
  #series = new Map<string, number>();
  /** The head as this process wrote it; undefined when it knows nothing. */
  #head: Head | undefined;
  /** Settles when the batch before has the head. */
  #turn: Promise<void> = Promise.resolve();
  /** Settles when the batch before has told its callers, so that events are told in order. */
  #told: Promise<void> = Promise.resolve();

  constructor(
    readonly tenantId: number,
    private readonly projections: readonly Projection[],
    private readonly memory: boolean,
    private readonly now: () => number,
  ) {}

  /**
   * Waits until the batch before has the head, so that batches are decided in the order in which they were proposed: two
   * connections that ask for it at once get it in any order. Call what it answers when this batch has the head, or never will.
   */
  async inTurn(): Promise<() => void> {
    const before = this.#turn;
    let pass = () => {};
    this.#turn = new Promise((resolve) => {
      pass = resolve;
    });
    await before;
    return pass;
  }

  take(max: number): Waiting[] {
    if (this.waiting[0]?.alone) return this.waiting.splice(0, 1);
    let n = 0;
    let events = 0;
    for (; n < this.waiting.length && n < max; n++) {
      const entry = this.waiting[n] as Waiting;
      events += entry.proposal.events.length;
      if (entry.alone || (n > 0 && events > EVENTS_MAX)) break;
    }
    return this.waiting.splice(0, n);
  }

  /** Writes a batch. Resolves when it is durable and its callers are answered; throws BatchFailed when nothing was written. */
  async write(
    client: pg.Client,
    batch: readonly Waiting[],
    hasHead: () => void,
    tell: (events: readonly JournalEvent[]) => void,
  ): Promise<void> {
    const evaluation = await this.#decide(client, batch, hasHead);
    const before = this.#told;
    let done = () => {};
    this.#told = new Promise((resolve) => {
      done = resolve;
    });
    try {
      await this.#store(client, evaluation);
      await before;
      if (evaluation.events.length > 0) tell(evaluation.events);
      answer(batch, evaluation);
    } finally {
      done();
    }
  }

  async #decide(client: pg.Client, batch: readonly Waiting[], hasHead: () => void): Promise<Decided> {
    const { tenantId } = this;
    const book = this.memory ? this.#book : new WriterBook();
    const series = this.memory ? this.#series : new Map<string, number>();
    const refs = load.accountsOf(batch, book);
    const questions = {
      keys: load.keysStatement(tenantId, batch),
      revisions: load.revisionsStatement(tenantId, batch),
      pending: load.pendingStatement(tenantId, batch),
      series: load.seriesStatement(tenantId, batch, series),
      accounts: refs.length > 0 ? load.accountsStatement(tenantId, refs) : undefined,
    };
    const asked = Object.entries(questions).filter((q): q is [keyof typeof questions, Statement] => q[1] !== undefined);
    const locking = [
      underTenant(tenantId),
      load.lockHead(tenantId),
      load.commitsStatement(tenantId, batch),
      ...asked.map(([, s]) => s),
    ];
    let results = await flush(client, [begin, ...locking]);
    if (results[2]?.rows.length === 0) {
      // A shop's first batch. Nothing was locked, so what was read may be behind another process's first batch.
      results = await flush(client, [load.openHead(tenantId), ...locking]);
    }
    hasHead();
    const rowsOf = (name: keyof typeof questions) => {
      const place = asked.findIndex(([n]) => n === name);
      return place < 0 ? [] : ((results[4 + place]?.rows ?? []) as Record<string, unknown>[]);
    };
    const head = headOf(results[2]?.rows[0] as unknown as load.HeadRow);

    // Somebody else wrote, or a batch of ours was lost: what we remember is void.
    if (this.#head === undefined || !this.#head.hash.equals(head.hash)) {
      book.clear();
      series.clear();
    }
    load.loadAccounts(book, refs, rowsOf('accounts'));
    load.loadSeries(series, rowsOf('series'));
    await this.#loadRest(client, batch, book, series, rowsOf('pending') as unknown as load.PendingRow[]);

    // From here to the end nothing waits: one state, one decision.
    for (const row of rowsOf('pending') as unknown as load.PendingRow[]) {
      book.loadPending(row.pending_id, load.pendingState(row));
    }
    // Should deciding break off, the memory is left half changed: then no head must look like the one it belongs to.
    this.#head = undefined;
    const recordedAt = Math.trunc(this.now());
    const evaluation = evaluate(batch, {
      head,
      book,
      series,
      byId: new Map((results[3]?.rows ?? []).map((r) => [r.commit_id as string, load.knownCommit(r)])),
      byKey: new Map(rowsOf('keys').map((r) => [r.key_hash as string, load.knownCommit(r)])),
      revisions: new Map(rowsOf('revisions').map((r) => [r.subject as string, r.seq as number])),
      recordedAt,
    });
    book.settle();
    this.#head = { ...head };
    return { ...evaluation, recordedAt, head };
  }

  /** What only showed itself as missing after the lock: emptied memory, and accounts of pending transfers. */
  async #loadRest(
    client: pg.Client,
    batch: readonly Waiting[],
    book: WriterBook,
    series: Map<string, number>,
    pendings: readonly load.PendingRow[],
  ): Promise<void> {
    const ofPending = pendings.flatMap((p) => Object.values(load.pendingRefs(p)));
    const refs = [...load.accountsOf(batch, book), ...ofPending.filter((r) => !book.knows(r))];
    const seriesStatement = load.seriesStatement(this.tenantId, batch, series);
    if (refs.length === 0 && seriesStatement === undefined) return;
    const results = await flush(client, [
      load.accountsStatement(this.tenantId, refs),
      ...(seriesStatement === undefined ? [] : [seriesStatement]),
    ]);
    load.loadAccounts(book, refs, results[0]?.rows ?? []);
    load.loadSeries(series, results[1]?.rows ?? []);
  }

  async #store(client: pg.Client, batch: Decided): Promise<void> {
    if (batch.events.length === 0) {
      await flush(client, [rollback]);
      return;
    }
    const statements = batch.rows.statements(this.tenantId, batch.recordedAt, batch.head);
    const types = new Set(batch.events.map((e) => e.type));
    for (const projection of this.projections) {
      if (!projection.types.some((type) => types.has(type))) continue;
      const wanted = batch.events.filter((e) => projection.types.includes(e.type));
      statements.push(...projection.statements(this.tenantId, wanted));
    }
    statements.push(commit);
    const results = await flush(client, statements);
    // COMMIT of an aborted transaction answers ROLLBACK and no error.
    const tag = results.at(-1)?.command;
    if (tag !== 'COMMIT') throw new BatchFailed(new Error(`COMMIT answered ${tag}`));
  }
}

function headOf(row: load.HeadRow): Head {
  return { seq: row.seq, hash: row.hash, lastHolding: row.last_holding, lastCounterparty: row.last_counterparty };
}

function answer(batch: readonly Waiting[], evaluation: Evaluation): void {
  for (let i = 0; i < batch.length; i++) {
    const entry = batch[i] as Waiting;
    let outcome = evaluation.outcomes[i] as Evaluation['outcomes'][number];
    let repeated = false;
    if (outcome.kind === 'same') {
      outcome = evaluation.outcomes[outcome.as] as Evaluation['outcomes'][number];
      repeated = true;
    }
    if (outcome.kind === 'accepted') entry.settle({ kind: 'committed', events: outcome.events, repeated });
    else if (outcome.kind === 'known')
      entry.settle({ kind: 'known', commit: outcome.commit, doubtful: entry.doubtful });
    else if (outcome.kind === 'rejected') entry.settle({ kind: 'rejected', rejection: outcome.rejection });
  }
}
