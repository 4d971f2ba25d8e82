/**
 * `rebuild` [JR16]: all tables that the journal can derive are made anew beside the live ones while sales go on; for the
 * last events the heads are locked, and the new tables take the place of the old in one transaction. Whoever reads a
 * table for long is let finish: the exchange waits half a second for each lock, lets go of all and tries again.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { Database } from '../database/index.js';
import { asTenant, derivedTables, hashTable, SHADOW_SCHEMA, Shadow } from './shadow.js';
import type { Projection, Subscription } from './types.js';

const OLD_SCHEMA = 'mostrador_replaced';
/** So few events that the heads may stay locked while they are replayed. */
const NEARLY_THERE = 500;
/** Shorter than the time after which the database looks for deadlocks, so that nobody is chosen as a victim. */
const LOCK_TIMEOUT = '500ms';
const PAUSE_MS = 250;
const PAUSE_MS_MAX = 15_000;
/** How long the exchange is tried: longer than a verify or a backup of a large shop takes. */
const EXCHANGE_MS = 30 * 60_000;

export interface RebuildOptions {
  readonly database: Database;
  readonly projections: readonly Projection[];
  readonly subscriptions: readonly Subscription[];
  /** Those that have a journal are rebuilt too, whether they are named or not. */
  readonly tenants: readonly number[];
  readonly onProgress?: (done: number, total: number) => void;
}

export interface RebuildReport {
  readonly ok: boolean;
  readonly events: number;
  /** `same`: the new table equals the replaced one. One that differs was repaired by the rebuild. */
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly same: boolean }[];
  readonly seconds: number;
}

export async function rebuild(options: RebuildOptions): Promise<RebuildReport> {
  const started = performance.now();
  return options.database.owner(async (client) => {
    const lock = await client.query<{ got: boolean }>(
      "SELECT pg_try_advisory_lock(hashtext('mostrador rebuild')) AS got",
    );
    if (lock.rows[0]?.got !== true) throw new Error('another rebuild is running on this database');
    const shadow = new Shadow(client, options.projections, options.subscriptions);
    try {
      // What a rebuild left behind that was cut off after the exchange.
      await client.query(`DROP SCHEMA IF EXISTS ${OLD_SCHEMA} CASCADE`);
      await shadow.create();
      let events = await catchUp(client, shadow, options);
      const names = derivedTables(options.projections, options.subscriptions).map((t) => t.name);
      for (const name of names) await client.query(`ANALYZE ${SHADOW_SCHEMA}.${name}`);
      const tables = await compare(client, shadow, options, names);
      for (let pause = PAUSE_MS; ; pause = Math.min(pause * 2, PAUSE_MS_MAX)) {
        events += await catchUp(client, shadow, options);
        if (await exchange(client, shadow, options, names)) break;
        if (performance.now() - started > EXCHANGE_MS)
          throw new Error('somebody has been reading the tables for too long');
        await wait(pause);
      }
      return { ok: true, events, tables, seconds: (performance.now() - started) / 1000 };
    } finally {
      await shadow.drop().catch(() => {});
      await client.query(`DROP SCHEMA IF EXISTS ${OLD_SCHEMA} CASCADE`).catch(() => {});
      await client.query("SELECT pg_advisory_unlock(hashtext('mostrador rebuild'))").catch(() => {});
    }
  });
}

/** How far each shop's journal goes: all that have one, since the list of shops is itself a derived table. */
async function headsOf(client: pg.Client, tenants: readonly number[]): Promise<Map<number, number>> {
  const found = new Map(tenants.map((t) => [t, 0]));
  const rows = await client.query<{ tenant_id: number; seq: number }>(
    'SELECT tenant_id, seq FROM public.journal_head ORDER BY tenant_id',
  );
  for (const row of rows.rows) found.set(row.tenant_id, row.seq);
  return found;
}

interface Cursor {
  name: string;
  cursor_seq: number;
}

async function cursorsOf(client: pg.Client, tenantId: number, lock: boolean): Promise<Cursor[]> {
  await asTenant(client, tenantId);
  const rows = await client.query<Cursor>(
    `SELECT name, cursor_seq FROM public.journal_subscription WHERE tenant_id = $1 ORDER BY name ${lock ? 'FOR UPDATE' : ''}`,
    [tenantId],
  );
  return rows.rows;
}

/** Replays until little is left; answers how many events the projections had. */
async function catchUp(client: pg.Client, shadow: Shadow, options: RebuildOptions): Promise<number> {
  let done = 0;
  for (;;) {
    const heads = await headsOf(client, options.tenants);
    const total = [...heads.values()].reduce((a, b) => a + b, 0);
    let left = 0;
    for (const [tenantId, head] of heads) {
      left += shadow.behind(tenantId, '', head);
      await shadow.replay(tenantId, head, (n) => {
        done += n;
        options.onProgress?.(Math.min(done, total), total);
      });
      for (const { name, cursor_seq } of await cursorsOf(client, tenantId, false)) {
        left += shadow.behind(tenantId, name, cursor_seq);
        await shadow.replaySubscription(tenantId, name, cursor_seq, client);
      }
    }
    if (left < NEARLY_THERE) return done;
  }
}

/**
 * Brings the new tables to the moment of a snapshot and compares with the live ones as it shows them, so that nobody
 * is held up however large they are.
 */
async function compare(
  client: pg.Client,
  shadow: Shadow,
  options: RebuildOptions,
  tables: readonly string[],
): Promise<RebuildReport['tables']> {
  return options.database.owner(async (snapshot) => {
    await snapshot.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const heads = await headsOf(snapshot, options.tenants);
    const report = tables.map((name) => ({ name, rows: 0, same: true }));
    for (const [tenantId, head] of heads) {
      await shadow.replay(tenantId, head, () => {});
      for (const { name, cursor_seq } of await cursorsOf(snapshot, tenantId, false))
        await shadow.replaySubscription(tenantId, name, cursor_seq, snapshot);
      await asTenant(client, tenantId);
      for (const table of report) {
        const live = await hashTable(snapshot, tenantId, `public.${table.name}`);
        const derived = await hashTable(client, tenantId, `${SHADOW_SCHEMA}.${table.name}`);
        table.rows += derived.rows;
        table.same &&= live.hash === derived.hash && live.rows === derived.rows;
      }
    }
    await snapshot.query('ROLLBACK');
    return report;
  });
}

/** The last events and the change of places. False when a lock was not to be had; then nothing has happened. */
async function exchange(
  client: pg.Client,
  shadow: Shadow,
  options: RebuildOptions,
  tables: readonly string[],
): Promise<boolean> {
  const takeBack = shadow.mark();
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await finish(client, shadow, options);
    const all = tables.map((name) => `public.${name}`).join(', ');
    if (all !== '') await client.query(`LOCK TABLE ${all} IN ACCESS EXCLUSIVE MODE`);
    await swap(client, tables);
    await client.query('COMMIT');
    return true;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    takeBack();
    if ((error as { code?: string }).code === '55P03') return false;
    throw error;
  }
}

async function finish(client: pg.Client, shadow: Shadow, options: RebuildOptions): Promise<void> {
  // All heads at once, and also those of shops that are only now beginning: nobody writes until the tables have changed.
  await client.query('LOCK TABLE public.journal_head IN EXCLUSIVE MODE');
  const readers = options.subscriptions.filter((s) => s.tables.length > 0).map((s) => s.name);
  for (const [tenantId, head] of await headsOf(client, options.tenants)) {
    await shadow.replay(tenantId, head, () => {}, true);
    // A reader that has not begun has no row to lock; so that it does not begin now, it gets one.
    await client.query(
      `INSERT INTO public.journal_subscription (tenant_id, name, next_at) SELECT $1, u.name, to_timestamp(0) FROM unnest($2::text[]) AS u(name)
ON CONFLICT DO NOTHING`,
      [tenantId, readers],
    );
    for (const { name, cursor_seq } of await cursorsOf(client, tenantId, true))
      await shadow.replaySubscription(tenantId, name, cursor_seq, client, true);
  }
}

/** The new tables take over names, policies and rights of the old ones, which wait in a schema of their own. */
async function swap(client: pg.Client, tables: readonly string[]): Promise<void> {
  await client.query(`CREATE SCHEMA ${OLD_SCHEMA}`);
  for (const name of tables) {
    const definer = await client.query(
      "SELECT 1 FROM pg_policies WHERE schemaname = 'public' AND tablename = $1 AND 'mostrador_definer' = ANY(roles)",
      [name],
    );
    await client.query(`ALTER TABLE public.${name} SET SCHEMA ${OLD_SCHEMA}`);
    await client.query(`ALTER TABLE ${SHADOW_SCHEMA}.${name} SET SCHEMA public`);
    await renameIndexes(client, name);
    await client.query('SELECT public.mostrador_protect($1::regclass)', [`public.${name}`]);
    if (definer.rows.length > 0)
      await client.query('SELECT public.mostrador_definer_reads($1::regclass)', [`public.${name}`]);
  }
}

/** LIKE invents names for indexes, and refusals are told apart by the names of unique ones: give them back. */
async function renameIndexes(client: pg.Client, table: string): Promise<void> {
  const rows = await client.query<{ schemaname: string; indexname: string; shape: string }>(
    `SELECT schemaname, indexname, regexp_replace(indexdef, ' INDEX .* ON [^ ]+ ', ' INDEX ON ') AS shape FROM pg_indexes
WHERE tablename = $1 AND schemaname = ANY($2) ORDER BY indexname`,
    [table, ['public', OLD_SCHEMA]],
  );
  const old = rows.rows.filter((r) => r.schemaname === OLD_SCHEMA);
  const renamed: { from: string; to: string }[] = [];
  for (const index of rows.rows.filter((r) => r.schemaname === 'public')) {
    const place = old.findIndex((o) => o.shape === index.shape);
    const [match] = place < 0 ? [] : old.splice(place, 1);
    if (match !== undefined && match.indexname !== index.indexname)
      renamed.push({ from: index.indexname, to: match.indexname });
  }
  // In two steps, since an invented name may be another one's real name.
  for (const [i, { from }] of renamed.entries())
    await client.query(`ALTER INDEX public."${from}" RENAME TO "${table}_renamed_${i}"`);
  for (const [i, { to }] of renamed.entries())
    await client.query(`ALTER INDEX public."${table}_renamed_${i}" RENAME TO "${to}"`);
}
