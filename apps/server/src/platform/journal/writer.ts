/**
 * The one write path [JR1]: gathers the proposals that wait for a tenant into batches, keeps a bound on what is in
 * flight, and tries again what a lost connection left in doubt, which the proposals' ids make safe [JR4].
 */
import type { AccountRef } from '@mostrador/domain/ledger';
import type pg from 'pg';
import { type Database, DatabaseUnavailable } from '../database/index.js';
import { BatchFailed, flush, Lane, type Settled, type Waiting } from './lane.js';
import { keyHash } from './load.js';
import { readCommit, readEventsAfter, readEventsOf, readHead } from './read.js';
import type { CommitResult, Journal, JournalEvent, Projection, Proposal } from './types.js';

export interface JournalOptions {
  readonly database: Database;
  readonly projections: readonly Projection[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log?: (level: 'info' | 'warn' | 'error', message: string, facts?: Record<string, unknown>) => void;
  /** Proposals in one transaction; default 256. */
  readonly batchMax?: number;
  /** Batches of one tenant under way at once where there is no memory; default 2. With memory it is one at a time. */
  readonly inFlightMax?: number;
  /** Connections over all tenants; default 4. */
  readonly connectionsMax?: number;
  /** Keep balances between batches and decide ahead on them; default true. */
  readonly memory?: boolean;
  /** How long a proposal is tried again while the database is away, in ms; default 10,000. */
  readonly patienceMs?: number;
  /** A batch without any answer for so long has lost its connection, in ms; default 60,000. */
  readonly silenceMs?: number;
}

export interface JournalFigures {
  readonly batches: number;
  readonly committed: number;
  readonly rejected: number;
  readonly waiting: number;
  readonly retried: number;
}

const TIME_MAX = 253_402_300_799_999;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const CONTROL = /[\u0000-\u001f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const NOT_IN_ADDRESS = /[\u0000-\u001f/;]/;
const TRANSFER_ID = /^[\w/.:-]{1,255}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const RETRY_MS = 100;
/**
 * The writer's statements touch a few hundred rows by key, whatever the tables hold. The planner, whose statistics are
 * behind on a young or fast growing shop, must not think of reading a table whole, nor plan the same thing each time.
 */
const PLANS = `SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_bitmapscan = off; SET enable_material = off; SET enable_memoize = off;
SET plan_cache_mode = force_generic_plan; SET jit = off; SET idle_in_transaction_session_timeout = '30s'; SET lock_timeout = '10s'`;
/**
 * SQLSTATEs that say "try again": lost connection, transaction rollback, resources, operator, lock, a transaction that
 * was ended because this process slept, a server that became a standby.
 */
const TRANSIENT = /^(08|40|53|57|58|55P03|25P03|25006)/;

export class JournalWriter implements Journal {
  readonly #lanes = new Map<number, Lane>();
  readonly #free: pg.Client[] = [];
  readonly #listeners: ((tenantId: number, events: readonly JournalEvent[]) => void)[] = [];
  #connections = 0;
  #closing = false;
  #idle: (() => void)[] = [];
  #figures = { batches: 0, committed: 0, rejected: 0, retried: 0 };
  readonly #o: Required<Omit<JournalOptions, 'log'>> & Pick<JournalOptions, 'log'>;

  constructor(options: JournalOptions) {
    this.#o = {
      batchMax: 256,
      inFlightMax: 2,
      connectionsMax: 4,
      memory: true,
      patienceMs: 10_000,
      silenceMs: 60_000,
      ...options,
    };
  }

  async commit(tenantId: number, proposal: Proposal): Promise<CommitResult> {
    if (this.#closing) throw new DatabaseUnavailable('the journal is closed');
    assertProposal(proposal);
    const settled = await new Promise<Settled>((settle, fail) => {
      this.#lane(tenantId).waiting.push({
        proposal,
        keyHash: proposal.key === undefined ? undefined : keyHash(proposal.key),
        alone: false,
        careful: false,
        doubtful: false,
        since: this.#o.now(),
        settle,
        fail,
      });
      this.#pump(tenantId);
    });
    return this.#result(tenantId, settled);
  }

  eventsOf(tenantId: number, subject: string): Promise<JournalEvent[]> {
    return readEventsOf(this.#o.database, tenantId, subject);
  }

  eventsAfter(tenantId: number, after: number, limit: number): Promise<JournalEvent[]> {
    return readEventsAfter(this.#o.database, tenantId, after, limit);
  }

  head(tenantId: number): Promise<number> {
    return readHead(this.#o.database, tenantId);
  }

  onCommitted(listener: (tenantId: number, events: readonly JournalEvent[]) => void): void {
    this.#listeners.push(listener);
  }

  figures(): JournalFigures {
    let waiting = 0;
    for (const lane of this.#lanes.values()) waiting += lane.waiting.length;
    return { ...this.#figures, waiting };
  }

  async close(): Promise<void> {
    this.#closing = true;
    while (this.#busy()) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await Promise.allSettled(this.#free.splice(0).map((client) => client.end()));
  }

  #busy(): boolean {
    for (const lane of this.#lanes.values()) if (lane.running > 0 || lane.waiting.length > 0) return true;
    return false;
  }

  #lane(tenantId: number): Lane {
    let lane = this.#lanes.get(tenantId);
    if (lane === undefined) {
      lane = new Lane(tenantId, this.#o.projections, this.#o.memory, this.#o.now);
      this.#lanes.set(tenantId, lane);
    }
    return lane;
  }

  #pump(tenantId: number): void {
    const lane = this.#lane(tenantId);
    // One at a time is faster than two: what comes meanwhile goes along with the next, and costs less there.
    const most = this.#o.memory ? 1 : this.#o.inFlightMax;
    while (lane.waiting.length > 0 && lane.running < most) {
      if (this.#free.length === 0 && this.#connections >= this.#o.connectionsMax) return;
      lane.running++;
      void this.#run(lane);
    }
  }

  /** Writes one batch and, when it is done, starts what waits, this tenant last. */
  async #run(lane: Lane): Promise<void> {
    let batch: Waiting[] = [];
    let client: pg.Client | undefined;
    let alarm: NodeJS.Timeout | undefined;
    let pass = () => {};
    try {
      client = await this.#connect();
      pass = await lane.inTurn();
      // As late as possible: what came meanwhile goes along.
      batch = lane.take(this.#o.batchMax);
      if (batch.length > 0) {
        alarm = setTimeout(cut, this.#o.silenceMs, client);
        await lane.write(client, batch, pass, (events) => this.#tell(lane.tenantId, events));
        this.#figures.batches++;
      }
      this.#free.push(client);
    } catch (error) {
      if (client !== undefined) await this.#recover(client);
      this.#putBack(lane, batch, error);
    }
    clearTimeout(alarm);
    pass();
    lane.running--;
    // Who was served last comes last, else two busy shops would hand the connections to each other for ever.
    this.#lanes.delete(lane.tenantId);
    this.#lanes.set(lane.tenantId, lane);
    for (const tenantId of this.#lanes.keys()) this.#pump(tenantId);
    if (!this.#busy()) for (const wake of this.#idle.splice(0)) wake();
  }

  #tell(tenantId: number, events: readonly JournalEvent[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(tenantId, events);
      } catch (error) {
        // What is durable must not look as if it had failed.
        this.#o.log?.('error', 'a listener of the journal failed', { tenant_id: tenantId, error: String(error) });
      }
    }
  }

  async #connect(): Promise<pg.Client> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    this.#connections++;
    try {
      const client = await this.#o.database.pipeline();
      await client.query(PLANS).catch((error) => {
        client.end().catch(() => {});
        throw error;
      });
      const forget = () => {
        const place = this.#free.indexOf(client);
        if (place < 0) return;
        this.#free.splice(place, 1);
        this.#connections--;
      };
      client.on('error', forget);
      client.on('end', forget);
      return client;
    } catch (error) {
      this.#connections--;
      throw error;
    }
  }

  /** A connection whose batch failed: rolled back when it still answers, dropped when not. */
  async #recover(client: pg.Client): Promise<void> {
    try {
      await flush(client, [{ text: 'ROLLBACK', values: [] }]);
      this.#free.push(client);
    } catch {
      this.#connections--;
      client.end().catch(() => {});
    }
  }

  #putBack(lane: Lane, batch: readonly Waiting[], error: unknown): void {
    const reason = error instanceof BatchFailed ? error.reason : error;
    const transient = isTransient(reason);
    if (error instanceof BatchFailed && error.ahead && !transient) {
      // Nobody is to blame yet: under the lock it may well pass.
      this.#figures.retried += batch.length;
      lane.waiting.unshift(...batch);
      return;
    }
    if (transient || batch.length > 1) {
      this.#figures.retried += batch.length;
      const deadline = this.#o.now() - this.#o.patienceMs;
      const kept: Waiting[] = [];
      for (const entry of batch) {
        if (transient) entry.doubtful = true;
        else entry.alone = true;
        if (transient && entry.since < deadline)
          entry.fail(new DatabaseUnavailable('the database did not answer', { cause: reason }));
        else kept.push(entry);
      }
      lane.waiting.unshift(...kept);
      if (batch.length === 0) this.#expire(lane, reason, deadline);
      if (transient) this.#pause(lane);
      if (transient)
        this.#o.log?.('warn', 'a batch is tried again', { tenant_id: lane.tenantId, error: String(reason) });
      return;
    }
    const [entry] = batch;
    if (entry === undefined) {
      this.#expire(lane, reason, this.#o.now() - this.#o.patienceMs);
      this.#pause(lane);
      return;
    }
    const constraint = constraintOf(reason);
    if (constraint !== undefined) entry.settle({ kind: 'rejected', rejection: { code: 'constraint', constraint } });
    else entry.fail(reason);
  }

  /** No connection could be made: those who waited too long are told. */
  #expire(lane: Lane, reason: unknown, deadline: number): void {
    for (let i = lane.waiting.length - 1; i >= 0; i--) {
      const entry = lane.waiting[i] as Waiting;
      if (entry.since >= deadline) continue;
      lane.waiting.splice(i, 1);
      entry.fail(new DatabaseUnavailable('the database did not answer', { cause: reason }));
    }
  }

  /** Holds the lane for a moment so that an absent database is asked ten times a second and not ten thousand. */
  #pause(lane: Lane): void {
    lane.running++;
    setTimeout(() => {
      lane.running--;
      this.#pump(lane.tenantId);
      if (!this.#busy()) for (const wake of this.#idle.splice(0)) wake();
    }, RETRY_MS);
  }

  async #result(tenantId: number, settled: Settled): Promise<CommitResult> {
    if (settled.kind === 'rejected') {
      this.#figures.rejected++;
      return { status: 'rejected', rejection: settled.rejection };
    }
    if (settled.kind === 'known') {
      const read = () => readCommit(this.#o.database, tenantId, settled.commit);
      // Often the moment in which connections are lost; what is known to be written deserves a second try.
      const events = await read().catch((error: unknown) => {
        if (error instanceof DatabaseUnavailable) return read();
        throw error;
      });
      // It was ours, probably, and its answer was lost: nobody here has heard of these events.
      if (settled.doubtful) this.#tell(tenantId, events);
      return { status: 'duplicate', seq: settled.commit.seq + settled.commit.size - 1, events };
    }
    if (!settled.repeated) this.#figures.committed++;
    const seq = settled.events.at(-1)?.seq ?? 0;
    return { status: settled.repeated ? 'duplicate' : 'committed', seq, events: settled.events };
  }
}

function assertProposal(proposal: Proposal): void {
  if (!UUID.test(proposal.id)) throw new TypeError(`a proposal's id is a lower-case UUID, not ${proposal.id}`);
  if (!/^[0-9a-f]{64}$/.test(proposal.digest)) throw new TypeError("a proposal's digest is 64 hexadecimal digits");
  if (proposal.events.length === 0 || proposal.events.length > 32_000) {
    throw new TypeError('a proposal holds 1 to 32,000 events');
  }
  assertTime(proposal.at);
  assertWord(proposal.actor);
  for (const { type, subject, number } of proposal.events) {
    assertWord(type);
    assertWord(subject);
    if (number !== undefined) assertWord(number.series);
  }
  for (const t of proposal.transfers ?? []) {
    if ('pendingId' in t) continue;
    assertTime(t.expiresAt);
    assertAddress(t.debit);
    assertAddress(t.credit);
    if (t.kind === 'pending' && !TRANSFER_ID.test(t.id)) throw new TypeError(`${t.id} is no transfer's id`);
  }
}

/** Times are stored to the millisecond, and the chain covers them, so they must come back as they were. */
function assertTime(time: number | undefined): void {
  if (time !== undefined && !(Number.isSafeInteger(time) && Math.abs(time) <= TIME_MAX))
    throw new TypeError(`a time is whole milliseconds up to the year 9999, not ${time}`);
}

/** What stands on a line of its own under the hash holds no line of its own. */
function assertWord(word: string): void {
  if (word === '' || CONTROL.test(word))
    throw new TypeError(`${JSON.stringify(word)} is empty or holds a control character`);
}

/** Its parts are joined by `/` to a key, and two accounts must not have the same. */
function assertAddress({ owner, item, unit }: AccountRef): void {
  if (NOT_IN_ADDRESS.test(owner) || NOT_IN_ADDRESS.test(item) || NOT_IN_ADDRESS.test(unit))
    throw new TypeError(`${owner}, ${item}, ${unit} is no account's address`);
}

/** Gives up a connection that does not answer; its queries fail and the batch is tried again. */
function cut(client: pg.Client): void {
  client.connection.stream.destroy();
}

function isTransient(reason: unknown): boolean {
  if (reason instanceof DatabaseUnavailable) return true;
  const code = codeOf(reason);
  if (code === undefined) return /Connection terminated|not queryable|ECONN|EPIPE|socket/i.test(String(reason));
  return TRANSIENT.test(code) || /^E[A-Z]+$/.test(code);
}

function codeOf(reason: unknown): string | undefined {
  const code = (reason as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

function constraintOf(reason: unknown): string | undefined {
  if (!codeOf(reason)?.startsWith('23')) return undefined;
  return (reason as { constraint?: string }).constraint ?? 'unknown';
}
