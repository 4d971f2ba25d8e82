/**
 * Derives the tables of projections and subscriptions anew from the journal, in a schema beside the live one, by the
 * very statements that keep the live ones: what `rebuild` swaps in and `verify` compares with.
 */
import type pg from 'pg';
import { EVENT_COLUMNS, eventOf } from './read.js';
import type { JournalEvent, Projection, Subscription } from './types.js';

export const SHADOW_SCHEMA = 'mostrador_rebuild';
/** For one connection only, gone with it. */
export const TEMPORARY = 'pg_temp';
const CHUNK = 2000;

export interface TableHash {
  readonly rows: number;
  /** Independent of the order of rows. */
  readonly hash: string;
}

/** Tables that the journal can derive; `subscription` is set for those that may lag. */
export interface DerivedTable {
  readonly name: string;
  readonly subscription: string | undefined;
}

export function derivedTables(
  projections: readonly Projection[],
  subscriptions: readonly Subscription[],
): DerivedTable[] {
  return [
    ...projections.flatMap((p) => p.tables.map((name) => ({ name, subscription: undefined }))),
    ...subscriptions.flatMap((s) => s.tables.map((name) => ({ name, subscription: s.name }))),
  ];
}

export async function asTenant(client: pg.Client, tenantId: number, local = false): Promise<void> {
  await client.query("SELECT set_config('mostrador.tenant', $1, $2)", [String(tenantId), local]);
}

export async function hashTable(client: pg.Client, tenantId: number, table: string): Promise<TableHash> {
  const result = await client.query<{ rows: number; hash: string }>(
    `SELECT count(*) AS rows, coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS hash FROM ${table} t WHERE tenant_id = $1`,
    [tenantId],
  );
  return result.rows[0] as TableHash;
}

/** Builds the shadow tables; the client keeps its search path on them until `drop`. */
export class Shadow {
  /** Cursor of what has been replayed, by tenant and reader ('' for the projections). */
  #cursors = new Map<string, number>();
  /** Dead letters that a reader passed over, by the same key. */
  #skipped = new Map<string, ReadonlySet<number>>();

  constructor(
    private readonly client: pg.Client,
    private readonly projections: readonly Projection[],
    private readonly subscriptions: readonly Subscription[],
    readonly schema: string = SHADOW_SCHEMA,
  ) {}

  async create(): Promise<void> {
    await this.drop();
    if (this.schema !== TEMPORARY) await this.client.query(`CREATE SCHEMA ${this.schema}`);
    for (const { name } of derivedTables(this.projections, this.subscriptions)) {
      await this.client.query(`CREATE TABLE ${this.schema}.${name} (LIKE public.${name} INCLUDING ALL)`);
      await this.#likeAlso(name);
    }
    await this.client.query(`SET search_path = ${this.schema}, public`);
  }

  async drop(): Promise<void> {
    await this.client.query('RESET search_path');
    await this.client.query('SET client_min_messages = warning');
    if (this.schema !== TEMPORARY) await this.client.query(`DROP SCHEMA IF EXISTS ${this.schema} CASCADE`);
  }

  /** What LIKE leaves out: how full pages are kept, and what the table says of itself. */
  async #likeAlso(table: string): Promise<void> {
    const found = await this.client.query<{ options: string | null; comment: string | null }>(
      `SELECT array_to_string(reloptions, ', ') AS options, quote_literal(obj_description(oid, 'pg_class')) AS comment
FROM pg_class WHERE oid = $1::regclass`,
      [`public.${table}`],
    );
    const { options, comment } = found.rows[0] ?? {};
    if (options) await this.client.query(`ALTER TABLE ${this.schema}.${table} SET (${options})`);
    if (comment) await this.client.query(`COMMENT ON TABLE ${this.schema}.${table} IS ${comment}`);
  }

  /** Remembers how far it is; the answer takes it back there, after a transaction that was rolled back. */
  mark(): () => void {
    const [cursors, skipped] = [new Map(this.#cursors), new Map(this.#skipped)];
    return () => {
      this.#cursors = cursors;
      this.#skipped = skipped;
    };
  }

  /** Events between what has been replayed for a reader ('' for the projections) and `to`. */
  behind(tenantId: number, reader: string, to: number): number {
    return Math.max(0, to - (this.#cursors.get(`${tenantId}/${reader}`) ?? 0));
  }

  /** Replays the projections up to and including `to`; in the caller's transaction when `inTransaction`. */
  async replay(tenantId: number, to: number, onEvents: (n: number) => void, inTransaction = false): Promise<void> {
    const types = [...new Set(this.projections.flatMap((p) => p.types))];
    await this.#each(tenantId, '', types, to, onEvents, inTransaction, async (events) => {
      for (const projection of this.projections) {
        const wanted = events.filter((e) => projection.types.includes(e.type));
        if (wanted.length === 0) continue;
        for (const s of projection.statements(tenantId, wanted)) {
          await this.client.query({ text: s.text, values: s.values as unknown[] });
        }
      }
    });
  }

  /**
   * The same for one subscription, up to its own cursor and without what it has set aside. `letters` is where the dead
   * letters are read: as with the cursor, the caller says of which moment.
   */
  async replaySubscription(
    tenantId: number,
    name: string,
    to: number,
    letters: pg.Client,
    inTransaction = false,
  ): Promise<void> {
    const subscription = this.subscriptions.find((s) => s.name === name);
    if (subscription === undefined || subscription.tables.length === 0) return;
    const key = `${tenantId}/${name}`;
    const found = await letters.query<{ seq: number }>(
      `SELECT seq FROM public.journal_dead_letter WHERE tenant_id = $1 AND subscription = $2 AND resolved_at IS NULL ${inTransaction ? 'FOR UPDATE' : ''}`,
      [tenantId, name],
    );
    const aside = new Set(found.rows.map((r) => r.seq));
    const tx = {
      query: async <R>(text: string, values: readonly unknown[] = []) => {
        const result = await this.client.query(text, values as unknown[]);
        return { rows: result.rows as R[], rowCount: result.rowCount };
      },
    };
    // A letter that was replayed since: the live table has its effect, so this one needs it too.
    const replayed = [...(this.#skipped.get(key) ?? [])].filter((seq) => !aside.has(seq));
    if (replayed.length > 0) {
      await this.#within(tenantId, inTransaction, async () => {
        const rows = await this.client.query(
          `SELECT ${EVENT_COLUMNS} FROM public.journal_event WHERE tenant_id = $1 AND seq = ANY($2) ORDER BY seq`,
          [tenantId, replayed],
        );
        for (const row of rows.rows) await subscription.handle(tx, tenantId, [eventOf(row)]);
      });
    }
    await this.#each(
      tenantId,
      name,
      [...subscription.types],
      to,
      () => {},
      inTransaction,
      async (events) => {
        const wanted = events.filter((e) => !aside.has(e.seq));
        if (wanted.length > 0) await subscription.handle(tx, tenantId, wanted);
      },
    );
    this.#skipped.set(key, new Set([...aside].filter((seq) => seq <= to)));
  }

  async #each(
    tenantId: number,
    reader: string,
    types: string[],
    to: number,
    onEvents: (n: number) => void,
    inTransaction: boolean,
    apply: (events: readonly JournalEvent[]) => Promise<void>,
  ): Promise<void> {
    const key = `${tenantId}/${reader}`;
    let cursor = this.#cursors.get(key) ?? 0;
    while (cursor < to) {
      let end = Math.min(to, cursor + CHUNK);
      await this.#within(tenantId, inTransaction, async () => {
        end = Math.min(to, await this.#endOfCommit(tenantId, end));
        const rows = await this.client.query(
          `SELECT ${EVENT_COLUMNS} FROM public.journal_event WHERE tenant_id = $1 AND seq > $2 AND seq <= $3 AND type = ANY($4) ORDER BY seq`,
          [tenantId, cursor, end, types],
        );
        if (rows.rows.length > 0) await this.#inParts(commitsOf(rows.rows.map(eventOf)), apply);
      });
      onEvents(end - cursor);
      cursor = end;
      this.#cursors.set(key, cursor);
    }
  }

  /** The last place of the commit that `seq` belongs to: live tables never saw half of one. */
  async #endOfCommit(tenantId: number, seq: number): Promise<number> {
    const found = await this.client.query<{ last: number }>(
      'SELECT seq + commit_size - 1 AS last FROM public.journal_event WHERE tenant_id = $1 AND seq <= $2 AND n = 0 ORDER BY seq DESC LIMIT 1',
      [tenantId, seq],
    );
    return Math.max(seq, found.rows[0]?.last ?? 0);
  }

  /**
   * As the writer does: commits that fail together are tried in smaller parts, in their order, down to single ones. What
   * moved from one subject to another may clash within one statement and not in two.
   */
  async #inParts(
    commits: readonly (readonly JournalEvent[])[],
    apply: (events: readonly JournalEvent[]) => Promise<void>,
  ): Promise<void> {
    await this.client.query('SAVEPOINT part');
    try {
      await apply(commits.flat());
      await this.client.query('RELEASE SAVEPOINT part');
    } catch (error) {
      await this.client.query('ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part');
      if (commits.length === 1) throw error;
      const half = commits.length >> 1;
      await this.#inParts(commits.slice(0, half), apply);
      await this.#inParts(commits.slice(half), apply);
    }
  }

  /** In the caller's transaction or in one of its own, which does not stay open when the work fails. */
  async #within(tenantId: number, inTransaction: boolean, work: () => Promise<void>): Promise<void> {
    if (!inTransaction) await this.client.query('BEGIN');
    try {
      await asTenant(this.client, tenantId, true);
      await work();
      if (!inTransaction) await this.client.query('COMMIT');
    } catch (error) {
      if (!inTransaction) await this.client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  }
}

function commitsOf(events: readonly JournalEvent[]): JournalEvent[][] {
  const commits: JournalEvent[][] = [];
  for (const event of events) {
    const last = commits.at(-1);
    if (last?.[0]?.commitId === event.commitId) last.push(event);
    else commits.push([event]);
  }
  return commits;
}
