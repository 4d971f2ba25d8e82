/**
 * Who uses the embedded database. Every process keeps one connection that holds a shared advisory lock, a server
 * another exclusive one; the kernel closes the connection with its process, so after a kill -9 nothing stale stays.
 * The last one to leave gets the first lock exclusively and stops the postmaster.
 */

import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { asUnavailable, instance, type Source } from '../connect.js';
import { DatabaseUnavailable, DatabaseUnusable } from '../errors.js';
import { Cluster, type ClusterOptions } from './cluster.js';

const usersLock = 7306916331180252n;
const serverLock = 7306916331180253n;
const startMillis = 60_000;
const reviveMillis = 15_000;
/** How long the connection of a server that was just killed may hold its lock. */
const heirMillis = 5_000;

export interface EmbeddedOptions extends ClusterOptions {
  readonly user: 'server' | 'tool';
}

/** The embedded database as long as this process uses it. */
export interface Embedded extends Source {
  readonly revive: () => Promise<void>;
  /** Ends the use; the last user stops the database. */
  close(): Promise<void>;
}

/** Starts or finds it and registers this process. Throws DatabaseUnusable for a second server on one data directory. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const session = new Session(options);
  await session.open(Date.now() + startMillis);
  return {
    url: () => session.url,
    revive: () => session.revive(),
    close: () => session.close(),
  };
}

/** Tells the embedded database of a data directory to end at once; for a process that has no time left. */
export function quitEmbedded(dataDir: string): void {
  new Cluster({ dataDir, log: () => {} }).quit();
}

class Session {
  url = '';
  readonly #options: EmbeddedOptions;
  readonly #cluster: Cluster;
  #client: pg.Client | undefined;
  #reviving: Promise<void> | undefined;
  #closing = false;

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.#cluster = new Cluster(options);
  }

  async open(deadline: number): Promise<void> {
    for (;;) {
      await this.#cluster.ensure(deadline);
      const client = await this.#register().catch((error: unknown) => {
        // It may be stopping, or starting up after a fault: look again.
        if (asUnavailable(error) instanceof DatabaseUnavailable && Date.now() < deadline) return undefined;
        throw error;
      });
      if (client) {
        this.#client = client;
        client.once('end', () => this.#lost(client));
        return;
      }
      await wait(20);
    }
  }

  /** Brings it back after it was lost; several callers share one attempt. */
  revive(): Promise<void> {
    this.#reviving ??= this.#revive().finally(() => {
      this.#reviving = undefined;
    });
    return this.#reviving;
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await this.#reviving?.catch(() => {});
    const client = this.#client;
    if (!client) return;
    try {
      await client.query('SELECT pg_advisory_unlock_shared($1)', [usersLock]);
      const { rows } = await client.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [usersLock]);
      if (rows[0]?.last) await this.#cluster.stop();
    } catch (error) {
      if (!(asUnavailable(error) instanceof DatabaseUnavailable)) throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }

  async #revive(): Promise<void> {
    if (this.#closing) throw new DatabaseUnavailable('The database is being closed');
    const alive = await this.#client?.query('SELECT 1').catch(() => undefined);
    if (alive) return;
    this.#options.log('warn', 'The database was lost and is being started again');
    await this.open(Date.now() + reviveMillis);
    this.#options.log('info', 'The database is back');
  }

  #lost(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    if (this.#closing) return;
    this.revive().catch((error) => {
      this.#options.log('error', `The database could not be started again: ${(error as Error).message}`);
    });
  }

  async #register(): Promise<pg.Client | undefined> {
    const url = this.#cluster.url();
    if (!url) return undefined;
    const { user } = this.#options;
    const client = new pg.Client({ connectionString: url, application_name: `mostrador-${user} ${instance}` });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('SELECT pg_advisory_lock_shared($1)', [usersLock]);
      if (user === 'server') await this.#claim(client);
      this.url = url;
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
  }

  /** Takes the server's lock, or refuses with the process that has it. */
  async #claim(client: pg.Client): Promise<void> {
    const deadline = Date.now() + heirMillis;
    for (;;) {
      const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [serverLock]);
      if (rows[0]?.mine) return;
      const holder = await holderOf(client);
      if ((holder && isAlive(holder)) || Date.now() > deadline) {
        throw new DatabaseUnusable(
          `Another server (process ${holder ?? 'unknown'}) already uses ${this.#options.dataDir}. Stop it, or give this one its own DATA_DIR. To run several servers on one database, set DATABASE_URL.`,
        );
      }
      await wait(25);
    }
  }
}

/** The process number of the server that holds the lock. */
async function holderOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
       AND (l.classid::bigint << 32 | l.objid::bigint) = $1`,
    [serverLock],
  );
  const pid = Number(/^mostrador-server (\d+)-/.exec(rows[0]?.name ?? '')?.[1]);
  return Number.isSafeInteger(pid) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
