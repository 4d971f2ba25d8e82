/**
 * Runs the readers that may lag [JR12] to [JR15]: each has a cursor per shop that moves in the same transaction as
 * what the reader writes, retries with backoff, and sets aside the one event it cannot do as a dead letter.
 */
import type { Database, Tx } from '../database/index.js';
import { EVENT_COLUMNS, eventOf, readHead } from './read.js';
import { RecentEvents } from './recent.js';
import type { Journal, JournalEvent, Subscription } from './types.js';

/** Events read at once. */
const CHUNK = 1000;
/** Attempts at one event before it becomes a dead letter. */
export const ATTEMPTS_MAX = 5;
const BACKOFF_MS = 1000;
const BACKOFF_MS_MAX = 60_000;
/** How often other processes' commits are looked for. */
const POLL_MS = 1000;
/** Readers rest this many times as long as they worked, so that a rush at the counter keeps its processor. */
const REST_FACTOR = 4;
/**
 * And at least so long once they have read anything: a reader that ran after every commit would cost a busy counter nearly
 * as much as the sales themselves, for figures that nobody reads more often.
 */
const REST_MS_MIN = 250;

export interface SubscriptionsOptions {
  readonly database: Database;
  readonly journal: Journal;
  readonly subscriptions: readonly Subscription[];
  /** The shops of this installation. */
  readonly tenants: () => Promise<readonly number[]>;
  readonly now: () => number;
  /** 0 to 1, for the jitter of the backoff. */
  readonly random: () => number;
  readonly log?: (level: 'info' | 'warn' | 'error', message: string, facts?: Record<string, unknown>) => void;
}

export interface SubscriptionStatus {
  readonly name: string;
  readonly cursor: number;
  readonly head: number;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly deadLetters: number;
}

export interface DeadLetter {
  readonly id: number;
  readonly subscription: string;
  readonly seq: number;
  readonly type: string;
  readonly error: string;
  readonly attempts: number;
  readonly createdAt: number;
  readonly resolvedAt: number | null;
}

/** `done`: it read something and has caught up. */
type Step = 'idle' | 'done' | 'more' | 'failed';

interface Chunk {
  readonly step: Step;
  readonly size: number;
  /** To blame when it was alone. */
  readonly first: JournalEvent | undefined;
  /** Where the cursor stood. */
  readonly from: number;
  readonly error: unknown;
}

export class Subscriptions {
  readonly #o: SubscriptionsOptions;
  readonly #dirty = new Set<number>();
  readonly #recent = new RecentEvents();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #wakeRest: (() => void) | undefined;
  #stopped = true;

  constructor(options: SubscriptionsOptions) {
    this.#o = options;
    options.journal.onCommitted((tenantId, events) => {
      if (this.#stopped) return;
      this.#recent.add(tenantId, events);
      this.#dirty.add(tenantId);
      this.#wake();
    });
  }

  start(): void {
    this.#stopped = false;
    this.#timer = setInterval(() => void this.#poll(), POLL_MS);
    void this.#poll();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#wakeRest?.();
    await this.#running;
  }

  /** Works until every reader of a shop has caught up or is waiting for its next attempt. */
  async drain(tenantId: number): Promise<void> {
    for (const subscription of this.#o.subscriptions) {
      while ((await this.#step(tenantId, subscription)) === 'more');
    }
  }

  async status(tenantId: number): Promise<SubscriptionStatus[]> {
    const rows = await this.#o.database.read<{
      name: string;
      cursor_seq: number | null;
      attempts: number | null;
      last_error: string | null;
      dead: number;
    }>(tenantId, {
      text: `SELECT u.name, s.cursor_seq, s.attempts, s.last_error,
  (SELECT count(*) FROM journal_dead_letter d WHERE d.tenant_id = $1 AND d.subscription = u.name AND d.resolved_at IS NULL) AS dead
FROM unnest($2::text[]) AS u(name) LEFT JOIN journal_subscription s ON s.tenant_id = $1 AND s.name = u.name`,
      values: [tenantId, this.#o.subscriptions.map((s) => s.name)],
    });
    const head = await readHead(this.#o.database, tenantId);
    return rows.map((r) => ({
      name: r.name,
      cursor: r.cursor_seq ?? 0,
      head,
      attempts: r.attempts ?? 0,
      lastError: r.last_error,
      deadLetters: r.dead,
    }));
  }

  /** Newest first; unresolved ones only unless `all`. */
  async deadLetters(
    tenantId: number,
    options: { limit: number; before?: number; all?: boolean },
  ): Promise<DeadLetter[]> {
    const rows = await this.#o.database.read<{
      dead_letter_id: number;
      subscription: string;
      seq: number;
      type: string;
      error: string;
      attempts: number;
      created_at: Date;
      resolved_at: Date | null;
    }>(tenantId, {
      text: `SELECT d.dead_letter_id, d.subscription, d.seq, e.type, d.error, d.attempts, d.created_at, d.resolved_at
FROM journal_dead_letter d JOIN journal_event e ON e.tenant_id = d.tenant_id AND e.seq = d.seq
WHERE d.tenant_id = $1 AND ($2 OR d.resolved_at IS NULL) AND ($3::bigint IS NULL OR d.dead_letter_id < $3)
ORDER BY d.dead_letter_id DESC LIMIT $4`,
      values: [tenantId, options.all ?? false, options.before ?? null, options.limit],
    });
    return rows.map((r) => ({
      id: r.dead_letter_id,
      subscription: r.subscription,
      seq: r.seq,
      type: r.type,
      error: r.error,
      attempts: r.attempts,
      createdAt: r.created_at.getTime(),
      resolvedAt: r.resolved_at?.getTime() ?? null,
    }));
  }

  /** Tries a dead letter again. `unknown`: no such letter, or its reader is gone; `failed`: it stays, with the new reason. */
  async replay(
    tenantId: number,
    deadLetterId: number,
  ): Promise<'resolved' | 'already_resolved' | 'failed' | 'unknown'> {
    try {
      return await this.#o.database.transaction(tenantId, async (tx) => {
        const found = await tx.query<{ subscription: string; seq: number; resolved_at: Date | null }>(
          'SELECT subscription, seq, resolved_at FROM journal_dead_letter WHERE tenant_id = $1 AND dead_letter_id = $2 FOR UPDATE',
          [tenantId, deadLetterId],
        );
        const letter = found.rows[0];
        const subscription = this.#o.subscriptions.find((s) => s.name === letter?.subscription);
        if (letter === undefined || subscription === undefined) return 'unknown';
        if (letter.resolved_at !== null) return 'already_resolved';
        const events = await tx.query(`SELECT ${EVENT_COLUMNS} FROM journal_event WHERE tenant_id = $1 AND seq = $2`, [
          tenantId,
          letter.seq,
        ]);
        await subscription.handle(tx, tenantId, events.rows.map(eventOf));
        await tx.query(
          'UPDATE journal_dead_letter SET resolved_at = now() WHERE tenant_id = $1 AND dead_letter_id = $2',
          [tenantId, deadLetterId],
        );
        return 'resolved';
      });
    } catch (error) {
      await this.#o.database.transaction(tenantId, (tx) =>
        tx.query(
          'UPDATE journal_dead_letter SET attempts = attempts + 1, error = $3 WHERE tenant_id = $1 AND dead_letter_id = $2',
          [tenantId, deadLetterId, messageOf(error)],
        ),
      );
      return 'failed';
    }
  }

  async #poll(): Promise<void> {
    try {
      for (const tenantId of await this.#o.tenants()) this.#dirty.add(tenantId);
      this.#wake();
    } catch (error) {
      this.#o.log?.('warn', 'the shops could not be listed', { error: messageOf(error) });
    }
  }

  #wake(): void {
    if (this.#stopped || this.#running !== undefined) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      // What came between its last look and its end.
      if (this.#dirty.size > 0) this.#wake();
    });
  }

  /** Rounds over the shops that have something new, with a rest after each. */
  async #run(): Promise<void> {
    while (this.#dirty.size > 0 && !this.#stopped) {
      const started = performance.now();
      let worked = false;
      for (const tenantId of [...this.#dirty]) {
        this.#dirty.delete(tenantId);
        let caughtUp = true;
        for (const subscription of this.#o.subscriptions) {
          if (this.#stopped) return;
          const step = await this.#step(tenantId, subscription).catch((error: unknown) => {
            this.#o.log?.('warn', 'a subscription could not be run', {
              subscription: subscription.name,
              error: messageOf(error),
            });
            return 'failed' as const;
          });
          if (step === 'more') this.#dirty.add(tenantId);
          if (step !== 'idle') worked = true;
          if (step === 'more' || step === 'failed') caughtUp = false;
        }
        if (caughtUp && !this.#dirty.has(tenantId)) this.#recent.forget(tenantId);
      }
      if (worked) await this.#rest(performance.now() - started);
    }
  }

  async #rest(workedMs: number): Promise<void> {
    if (this.#stopped) return;
    const ms = Math.max(workedMs * REST_FACTOR, REST_MS_MIN);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(ms, 2000));
      this.#wakeRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One chunk of one reader of one shop; when it fails, event by event up to the one that is to blame. */
  async #step(tenantId: number, subscription: Subscription): Promise<Step> {
    const whole = await this.#chunk(tenantId, subscription, CHUNK);
    if (whole.step !== 'failed' || whole.size <= 1) return this.#counted(tenantId, subscription, whole);
    for (let i = 0; i < whole.size; i++) {
      const one = await this.#chunk(tenantId, subscription, 1);
      if (one.step !== 'more') return this.#counted(tenantId, subscription, one);
    }
    return 'more';
  }

  async #counted(tenantId: number, subscription: Subscription, chunk: Chunk): Promise<Step> {
    if (chunk.step === 'failed') await this.#failed(tenantId, subscription.name, chunk);
    return chunk.step;
  }

  async #chunk(tenantId: number, subscription: Subscription, limit: number): Promise<Chunk> {
    let events: JournalEvent[] = [];
    let from = 0;
    try {
      const step = await this.#o.database.transaction(tenantId, async (tx): Promise<Step> => {
        const cursor = await this.#lock(tx, tenantId, subscription.name);
        if (cursor === undefined) return 'idle';
        from = cursor.seq;
        const heads = await tx.query<{ seq: number }>('SELECT seq FROM journal_head WHERE tenant_id = $1', [tenantId]);
        const head = heads.rows[0]?.seq ?? 0;
        if (cursor.seq >= head) return 'idle';
        events =
          this.#recent
            .between(tenantId, cursor.seq, head)
            ?.filter((e) => subscription.types.includes(e.type))
            .slice(0, limit) ?? (await wanted(tx, tenantId, subscription.types, cursor.seq, head, limit));
        const to = events.length === limit ? (events.at(-1) as JournalEvent).seq : head;
        if (events.length > 0) await subscription.handle(tx, tenantId, events);
        await tx.query(
          `UPDATE journal_subscription SET cursor_seq = $3, attempts = 0, last_error = NULL, next_at = now(), updated_at = now()
WHERE tenant_id = $1 AND name = $2`,
          [tenantId, subscription.name, to],
        );
        if (to < head) return 'more';
        return events.length > 0 ? 'done' : 'idle';
      });
      return { step, size: events.length, first: events[0], from, error: undefined };
    } catch (error) {
      return { step: 'failed', size: events.length, first: events[0], from, error };
    }
  }

  /** The cursor, locked; undefined when another process has it or it waits for its next attempt. */
  async #lock(tx: Tx, tenantId: number, name: string): Promise<{ seq: number; attempts: number } | undefined> {
    const select = `SELECT cursor_seq, attempts, next_at <= to_timestamp($3) AS due FROM journal_subscription
WHERE tenant_id = $1 AND name = $2 FOR UPDATE SKIP LOCKED`;
    const values = [tenantId, name, this.#o.now() / 1000];
    let found = await tx.query<{ cursor_seq: number; attempts: number; due: boolean }>(select, values);
    if (found.rows.length === 0) {
      const made = await tx.query(
        'INSERT INTO journal_subscription (tenant_id, name, next_at) VALUES ($1, $2, to_timestamp(0)) ON CONFLICT DO NOTHING RETURNING 1',
        [tenantId, name],
      );
      if (made.rows.length === 0) return undefined;
      found = await tx.query(select, values);
    }
    const row = found.rows[0];
    // A due time in the database's clock may lie ahead of ours by its skew; without a failure there is nothing to wait for.
    if (row === undefined || (row.attempts > 0 && !row.due)) return undefined;
    return { seq: row.cursor_seq, attempts: row.attempts };
  }

  async #failed(tenantId: number, name: string, chunk: Chunk): Promise<void> {
    const blamed = chunk.first;
    const error = messageOf(chunk.error);
    this.#o.log?.('warn', 'a subscription failed', {
      tenant_id: tenantId,
      subscription: name,
      seq: blamed?.seq,
      error,
    });
    await this.#o.database.transaction(tenantId, async (tx) => {
      const row = await tx.query<{ attempts: number }>(
        `INSERT INTO journal_subscription AS s (tenant_id, name, attempts, last_error) VALUES ($1, $2, 1, $3)
ON CONFLICT (tenant_id, name) DO UPDATE SET attempts = s.attempts + 1, last_error = excluded.last_error, updated_at = now()
WHERE s.cursor_seq = $4 RETURNING attempts`,
        [tenantId, name, error, chunk.from],
      );
      const attempts = row.rows[0]?.attempts;
      // Another process has got past it since: its cursor must not be taken back.
      if (attempts === undefined) return;
      if (blamed !== undefined && attempts >= ATTEMPTS_MAX) {
        await tx.query(
          `INSERT INTO journal_dead_letter (tenant_id, subscription, seq, error, attempts) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, subscription, seq) DO UPDATE SET error = excluded.error, attempts = excluded.attempts, resolved_at = NULL`,
          [tenantId, name, blamed.seq, error, attempts],
        );
        await tx.query(
          'UPDATE journal_subscription SET cursor_seq = $3, attempts = 0 WHERE tenant_id = $1 AND name = $2',
          [tenantId, name, blamed.seq],
        );
        return;
      }
      const wait = backoffMs(attempts, this.#o.random());
      await tx.query('UPDATE journal_subscription SET next_at = to_timestamp($3) WHERE tenant_id = $1 AND name = $2', [
        tenantId,
        name,
        (this.#o.now() + wait) / 1000,
      ]);
    });
  }
}

/** 1 s doubling to 60 s, ±20 %. `random` is 0 to 1. */
export function backoffMs(attempts: number, random: number): number {
  return Math.round(Math.min(BACKOFF_MS * 2 ** (attempts - 1), BACKOFF_MS_MAX) * (0.8 + 0.4 * random));
}

/** No further than the head that was read: what was committed since would be handled and yet stay beyond the cursor. */
async function wanted(
  tx: Tx,
  tenantId: number,
  types: readonly string[],
  after: number,
  head: number,
  limit: number,
): Promise<JournalEvent[]> {
  const rows = await tx.query(
    `SELECT ${EVENT_COLUMNS} FROM journal_event WHERE tenant_id = $1 AND seq > $2 AND seq <= $3 AND type = ANY($4) ORDER BY seq LIMIT $5`,
    [tenantId, after, head, types, limit],
  );
  return rows.rows.map(eventOf);
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2000);
}
