/**
 * One tenant's way into the journal: what waits, and what this process remembers of the head it left behind. A batch is
 * decided ahead on what is remembered and written in one round trip, on condition that the head is still that one; or it
 * locks the head, loads, decides and writes in two. See docs/spec/journal.md [JR2] to [JR8].
 */
import type pg from 'pg';
import { type Flushed, type Statement, flush as send } from '../database/index.js';
import { type Entry, type Evaluation, evaluate, findKnown, type KnownCommit } from './batch.js';
import { WriterBook } from './book.js';
import {
  confirmHead,
  HEAD_MOVED,
  type Head,
  type HeadRow,
  headOf,
  lockHead,
  moveHead,
  moveHeadFrom,
  openHead,
} from './head.js';
import * as load from './load.js';
import type { CommitRejection, JournalEvent, Projection } from './types.js';

export interface Waiting extends Entry {
  /** Tried alone, because a batch with it failed. */
  alone: boolean;
  /** Is decided under the lock, because a batch with it that was decided ahead failed. */
  careful: boolean;
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

/** Thrown by `flush` with the first statement that failed. `ahead`: of a batch that is still to be decided under the lock. */
export class BatchFailed extends Error {
  override readonly name = 'BatchFailed';
  constructor(
    readonly reason: unknown,
    readonly ahead = false,
  ) {
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

/** So many batches lock first once another process was seen to write: deciding ahead would mostly be in vain. */
const CAREFUL_BATCHES = 32;
const NOTHING: ReadonlyMap<string, KnownCommit> = new Map();

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
  /** Batches that are still to lock first. */
  #careful = 0;
  /** Settles when the batch before has the head. */
  #turn: Promise<void> = Promise.resolve();
  /** Settles when the batch before has told its callers, so that events are told in order. */
  #told: Promise<void> = Promise.resolve();

  constructor(
    readonly tenantId: number,
    private readonly projections: readonly Projection[],
    /** Keep balances between batches, and decide ahead on them. */
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
    if (await this.#canDecideAhead(client, batch)) {
      await this.#finish(batch, this.#writeAhead(client, batch), tell);
      return;
    }
    if (this.#careful > 0) this.#careful--;
    const decided = await this.#decide(client, batch, hasHead);
    await this.#finish(batch, this.#store(client, decided), tell);
  }

  /** When it is written: tells of it and answers its callers, after the batch before. */
  async #finish(
    batch: readonly Waiting[],
    written: Promise<Evaluation>,
    tell: (events: readonly JournalEvent[]) => void,
  ): Promise<void> {
    const before = this.#told;
    let done = () => {};
    this.#told = new Promise((resolve) => {
      done = resolve;
    });
    try {
      const evaluation = await written;
      await before;
      if (evaluation.events.length > 0) tell(evaluation.events);
      answer(batch, evaluation);
    } finally {
      done();
    }
  }

  /** Reads what is not remembered; false when the batch has to be decided under the lock. */
  async #canDecideAhead(client: pg.Client, batch: readonly Waiting[]): Promise<boolean> {
    if (!this.memory || this.#careful > 0 || this.#book.isFull || !load.isPlain(batch)) return false;
    if (batch.some((entry) => entry.alone || entry.careful || entry.doubtful)) return false;
    if (this.#head === undefined) return false;
    // Nothing of this shop is under way here, so what is committed is what counts, if the head holds.
    const refs = load.accountsOf(batch, this.#book);
    const series = load.seriesStatement(this.tenantId, batch, this.#series);
    if (refs.length === 0 && series === undefined) return true;
    // By the batch's own connection: it is given up when it does not answer, and its planner goes by keys.
    const results = await flush(client, [
      underTenant(this.tenantId),
      load.accountsStatement(this.tenantId, refs),
      ...(series === undefined ? [] : [series]),
    ]);
    load.loadAccounts(this.#book, refs, results[1]?.rows ?? []);
    load.loadSeries(this.#series, results[2]?.rows ?? []);
    return true;
  }

  /** Decides on what is remembered and sends all of it at once; throws BatchFailed when it has to be decided under the lock. */
  async #writeAhead(client: pg.Client, batch: readonly Waiting[]): Promise<Evaluation> {
    const { tenantId } = this;
    const from = this.#head as Head;
    // Should deciding break off, the memory is left half changed: then no head must look like the one it belongs to.
    this.#head = undefined;
    const head = { ...from };
    const recordedAt = Math.trunc(this.now());
    const state = { book: this.#book, series: this.#series, byId: NOTHING, byKey: NOTHING, revisions: new Map() };
    const evaluation = evaluate(batch, { ...state, head, recordedAt });
    this.#book.settle();
    // Whoever is refused may have been accepted before; who is accepted and was, meets a unique index.
    const refused = batch.filter((_, i) => evaluation.outcomes[i]?.kind === 'rejected');
    const asked = refused.length === 0 ? [] : load.knownStatements(tenantId, refused);
    const isMoved = evaluation.events.length > 0;
    const statements = [
      underTenant(tenantId),
      isMoved ? moveHeadFrom(tenantId, from.hash, head) : confirmHead(tenantId, from.hash),
      // Before the batch's own rows, or who was refused would be found again in what was accepted after it.
      ...asked,
      ...(isMoved ? this.#statements({ ...evaluation, recordedAt, head }) : []),
    ];
    try {
      const results = await flush(client, statements);
      this.#head = head;
      return asked.length === 0 ? evaluation : withKnown(batch, evaluation, results.slice(2, 2 + asked.length));
    } catch (error) {
      const { reason } = error as BatchFailed;
      for (const entry of batch) entry.careful = true;
      if ((reason as { code?: unknown }).code === HEAD_MOVED) this.#careful = CAREFUL_BATCHES;
      throw new BatchFailed(reason, true);
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
      lockHead(tenantId),
      load.commitsStatement(tenantId, batch),
      ...asked.map(([, s]) => s),
    ];
    let results = await flush(client, [begin, ...locking]);
    if (results[2]?.rows.length === 0) {
      // A shop's first batch. Nothing was locked, so what was read may be behind another process's first batch.
      results = await flush(client, [openHead(tenantId), ...locking]);
    }
    hasHead();
    const rowsOf = (name: keyof typeof questions) => {
      const place = asked.findIndex(([n]) => n === name);
      return place < 0 ? [] : ((results[4 + place]?.rows ?? []) as Record<string, unknown>[]);
    };
    const head = headOf(results[2]?.rows[0] as unknown as HeadRow);

    // Under the lock all that is forgotten can be read again.
    book.trim();
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
      byId: load.knownById(results[3]?.rows),
      byKey: load.knownByKey(rowsOf('keys')),
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

  async #store(client: pg.Client, batch: Decided): Promise<Evaluation> {
    if (batch.events.length === 0) {
      await flush(client, [rollback]);
      return batch;
    }
    const results = await flush(client, [...this.#statements(batch), moveHead(this.tenantId, batch.head), commit]);
    // COMMIT of an aborted transaction answers ROLLBACK and no error.
    const tag = results.at(-1)?.command;
    if (tag !== 'COMMIT') throw new BatchFailed(new Error(`COMMIT answered ${tag}`));
    return batch;
  }

  /** What writes the rows of the batch and of its projections. */
  #statements(batch: Decided): Statement[] {
    const statements = batch.rows.statements(this.tenantId, batch.recordedAt);
    const types = new Set(batch.events.map((e) => e.type));
    for (const projection of this.projections) {
      if (!projection.types.some((type) => types.has(type))) continue;
      const wanted = batch.events.filter((e) => projection.types.includes(e.type));
      statements.push(...projection.statements(this.tenantId, wanted));
    }
    return statements;
  }
}

/** With the refusals of what was accepted before turned into what it was answered then [JR4]. */
function withKnown(batch: readonly Waiting[], evaluation: Evaluation, results: readonly Flushed[]): Evaluation {
  const known = { byId: load.knownById(results[0]?.rows), byKey: load.knownByKey(results[1]?.rows) };
  const outcomes = evaluation.outcomes.map((outcome, i) =>
    outcome.kind === 'rejected' ? (findKnown(batch[i] as Waiting, known) ?? outcome) : outcome,
  );
  return { ...evaluation, outcomes };
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
