/**
 * Opens a database: the embedded one or the one of DATABASE_URL, brought to the schema of this program, behind the
 * few connections that all of the server shares.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { appConfig, appRole, asUnavailable, connect, ownerConfig, type Source } from './connect.js';
import { openEmbedded } from './embedded/index.js';
import { DatabaseUnavailable, DatabaseUnusable } from './errors.js';
import { Lanes } from './lanes.js';
import { Listener } from './listener.js';
import { migrate } from './migrate.js';
import { ensureRoles } from './roles.js';
import { databaseMigrations } from './schema.js';
import { Transactions } from './transactions.js';
import type { Database, DatabaseOptions } from './types.js';

/** Requests give up on a statement after this; the owner's work (imports, backup) has no such limit. */
const readMillis = 30_000;
const idleTransactionMillis = 60_000;
/** What still runs at the end is given this long. */
const closeMillis = 1_500;

/**
 * Starts or finds the database, migrates it and connects. Throws DatabaseUnavailable when it cannot be reached and
 * DatabaseUnusable, with what to do, when it may not be used.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.databaseUrl) {
    const url = options.databaseUrl;
    return attach({ url: () => url }, options, async () => {});
  }
  const embedded = await openEmbedded({
    dataDir: options.dataDir,
    user: options.user ?? 'tool',
    log: options.log ?? (() => {}),
  });
  try {
    return await attach(embedded, options, () => embedded.close());
  } catch (error) {
    await embedded.close();
    throw error;
  }
}

async function attach(source: Source, options: DatabaseOptions, release: () => Promise<void>): Promise<Database> {
  const asOwner = async <T>(fn: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = await connect(ownerConfig(source.url()), source);
    try {
      return await fn(client);
    } catch (error) {
      throw asUnavailable(error);
    } finally {
      await client.end().catch(() => {});
    }
  };
  await asOwner(async (client) => {
    await ensureRoles(client);
    const ran = await migrate(client, [...databaseMigrations, ...options.migrations]);
    if (ran.length > 0) options.log?.('info', 'The schema was brought forward', { migrations: ran });
  });

  const timeouts = { idle_in_transaction_session_timeout: String(idleTransactionMillis) };
  const forReads = () => ({ ...appConfig(source.url(), { statement_timeout: String(readMillis) }), pipeline: true });
  const lanes = new Lanes(forReads, source, { fast: 3, slow: 2 });
  const transactions = new Transactions(
    { ...appConfig(source.url(), timeouts), pipeline: true, max: 4, idleTimeoutMillis: 30_000 },
    source,
  );
  // Modules begin to listen at the same moment; what they ask is sent without waiting for one another.
  const listener = new Listener(() => ({ ...appConfig(source.url()), pipeline: true }), source);
  let closing: Promise<void> | undefined;
  const disconnect = async () => {
    const late = new AbortController();
    const all = Promise.all([lanes.close(), transactions.close(), listener.close()]);
    await Promise.race([all, wait(closeMillis, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
  };
  const close = async () => {
    await disconnect();
    await release();
  };
  const database: Database = {
    read: (tenantId, statement) => lanes.read(tenantId, statement),
    call: (statement) => lanes.call(statement),
    transaction: (tenantId, fn) => transactions.run(tenantId, fn),
    owner: asOwner,
    pipeline: () => connect({ ...appConfig(source.url()), pipeline: true }, source),
    listen: (channel, fn) => listener.listen(channel, fn),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
  try {
    await refuseWrongRole(lanes);
  } catch (error) {
    await disconnect();
    throw error;
  }
  return database;
}

/** A pooler between may drop startup options; then nobody would be bound by the policies. */
async function refuseWrongRole(lanes: Lanes): Promise<void> {
  const [row] = await lanes
    .call<{ role: string }>({ text: 'SELECT current_user AS role', values: [] })
    .catch((cause) => {
      if (cause instanceof DatabaseUnavailable) throw cause;
      throw new DatabaseUnusable(`Connections as ${appRole} are refused: ${(cause as Error).message}`, { cause });
    });
  if (row?.role !== appRole) {
    throw new DatabaseUnusable(
      `Connections come up as "${row?.role}" instead of ${appRole}: something between (a pooler?) drops startup options.`,
    );
  }
}
