/**
 * `verify` [JR17]: checks every invariant of journal and ledger on a live database, in one snapshot, while sales go on.
 * Each check has a name, says how much it looked at and names what it found.
 */
import type pg from 'pg';
import type { Database } from '../database/index.js';
import { asTenant, derivedTables, hashTable, Shadow, TEMPORARY } from './shadow.js';
import { type CheckResult, Tally } from './tally.js';
import type { Projection, Subscription } from './types.js';
import { verifyChain } from './verify-chain.js';
import { journalChecks, ledgerChecks, type SqlCheck } from './verify-checks.js';
import { policiesCheck } from './verify-policies.js';

export interface VerifyOptions {
  readonly database: Database;
  readonly projections: readonly Projection[];
  readonly subscriptions: readonly Subscription[];
  /** Absent: all shops that have a journal, also those that the list of shops has lost. */
  readonly tenants?: readonly number[] | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

export type { CheckResult };

export interface VerifyReport {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
  readonly seconds: number;
}

export async function verify(options: VerifyOptions): Promise<VerifyReport> {
  const started = performance.now();
  const tallies = await options.database.owner((snapshot) =>
    options.database.owner(async (worker) => {
      await snapshot.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      try {
        return await runAll(snapshot, worker, options);
      } finally {
        await snapshot.query('ROLLBACK');
      }
    }),
  );
  const checks = tallies.map((t) => t.result());
  return { ok: checks.every((c) => c.failed === 0), checks, seconds: (performance.now() - started) / 1000 };
}

async function runAll(snapshot: pg.Client, worker: pg.Client, options: VerifyOptions): Promise<Tally[]> {
  await holdTables(snapshot, options);
  const heads = await headsOf(snapshot, options.tenants);
  const events = [...heads.values()].reduce((a, b) => a + b, 0);
  let done = 0;
  // The chain and the replay each read every event once.
  const progress = (n: number) => {
    done += n;
    options.onProgress?.(done, events * 2);
  };
  const tallies: Tally[] = [];
  const sql: readonly SqlCheck[] = [...journalChecks, ...ledgerChecks];
  await compareWhole(snapshot);
  for (const check of sql) {
    const tally = new Tally(check.name);
    for (const tenantId of heads.keys()) {
      await guarded(snapshot, tenantId, tally, () => runSql(snapshot, tenantId, check, tally));
    }
    tallies.push(tally);
  }
  await snapshot.query('SET LOCAL enable_nestloop TO DEFAULT');
  const chain = new Tally('journal_hash_chain');
  for (const tenantId of heads.keys()) {
    await guarded(snapshot, tenantId, chain, () => verifyChain(snapshot, tenantId, chain, progress));
  }
  tallies.push(chain);
  tallies.push(...(await compareDerived(snapshot, worker, options, heads, progress)));
  tallies.push(await policiesCheck(snapshot));
  return tallies;
}

/**
 * The checks compare whole tables. Just after an import the planner may know nothing of them, takes them for small and
 * would hold each row of one against each of the other, for hours.
 */
export async function compareWhole(client: pg.Client): Promise<void> {
  await client.query('SET LOCAL enable_nestloop = off');
}

/** Before the snapshot is taken, so that no rebuild exchanges a table for one in which the snapshot sees nothing. */
async function holdTables(snapshot: pg.Client, options: VerifyOptions): Promise<void> {
  const names = derivedTables(options.projections, options.subscriptions).map((t) => `public.${t.name}`);
  if (names.length > 0) await snapshot.query(`LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE`);
}

async function headsOf(snapshot: pg.Client, tenants: readonly number[] | undefined): Promise<Map<number, number>> {
  const rows = await snapshot.query<{ tenant_id: number; seq: number }>(
    // A shop without a head may still have events, which is then for the checks to say.
    `SELECT t.tenant_id, coalesce(h.seq, 0) AS seq FROM (SELECT unnest($1::int[]) AS tenant_id
UNION SELECT tenant_id FROM journal_head WHERE $1 IS NULL) t LEFT JOIN journal_head h USING (tenant_id) ORDER BY 1`,
    [tenants ?? null],
  );
  return new Map(rows.rows.map((r) => [r.tenant_id, r.seq]));
}

/** What is so damaged that it cannot even be looked at has not held: the check fails and the others go on. */
async function guarded(snapshot: pg.Client, tenantId: number, tally: Tally, check: () => Promise<void>): Promise<void> {
  await asTenant(snapshot, tenantId);
  await snapshot.query('SAVEPOINT one_check');
  try {
    await check();
    await snapshot.query('RELEASE SAVEPOINT one_check');
  } catch (error) {
    // Throws when the connection itself is lost.
    await snapshot.query('ROLLBACK TO SAVEPOINT one_check');
    tally.fail(`tenant ${tenantId} could not be checked: ${messageOf(error)}`);
  }
}

async function runSql(client: pg.Client, tenantId: number, check: SqlCheck, tally: Tally): Promise<void> {
  const counted = await client.query<{ n: number }>(check.count, [tenantId]);
  tally.checked += counted.rows[0]?.n ?? 0;
  const found = await client.query<{ what: string }>(check.failures, [tenantId]);
  for (const row of found.rows) tally.fail(row.what);
}

/** One check a derived table: the live one must equal what the journal says. */
async function compareDerived(
  snapshot: pg.Client,
  worker: pg.Client,
  options: VerifyOptions,
  heads: ReadonlyMap<number, number>,
  progress: (n: number) => void,
): Promise<Tally[]> {
  const shadow = new Shadow(worker, options.projections, options.subscriptions, TEMPORARY);
  const tables = derivedTables(options.projections, options.subscriptions).map(({ name }) => ({
    name,
    tally: new Tally(`projection_${name}`),
  }));
  await shadow.create();
  for (const [tenantId, head] of heads) {
    const unreplayable = await replayed(snapshot, shadow, tenantId, head, progress);
    for (const { name, tally } of tables) {
      await guarded(snapshot, tenantId, tally, async () => {
        await asTenant(worker, tenantId);
        const live = await hashTable(snapshot, tenantId, `public.${name}`);
        const derived = await hashTable(worker, tenantId, `${shadow.schema}.${name}`);
        tally.checked += derived.rows;
        if (unreplayable !== undefined)
          tally.fail(`${name} of tenant ${tenantId} cannot be derived: ${messageOf(unreplayable)}`);
        else if (live.rows !== derived.rows || live.hash !== derived.hash)
          tally.fail(
            `${name} of tenant ${tenantId} holds ${live.rows} rows that are not the ${derived.rows} the journal gives`,
          );
      });
    }
  }
  return tables.map((t) => t.tally);
}

/** Derives a shop's tables up to the snapshot; answers what stood in the way, if anything. */
async function replayed(
  snapshot: pg.Client,
  shadow: Shadow,
  tenantId: number,
  head: number,
  progress: (n: number) => void,
): Promise<unknown> {
  await asTenant(snapshot, tenantId);
  const cursors = await snapshot.query<{ name: string; cursor_seq: number }>(
    'SELECT name, cursor_seq FROM journal_subscription WHERE tenant_id = $1',
    [tenantId],
  );
  try {
    await shadow.replay(tenantId, head, progress);
    for (const c of cursors.rows)
      await shadow.replaySubscription(tenantId, c.name, Math.min(c.cursor_seq, head), snapshot);
    return undefined;
  } catch (error) {
    return error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
