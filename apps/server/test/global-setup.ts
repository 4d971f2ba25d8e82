/**
 * One PostgreSQL for all test files of a run: that of DATABASE_URL, else an embedded one in a temporary folder. It
 * is not made to survive a power cut, unlike the real one; the tests of durability start their own.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { Cluster, type Embedded, openEmbedded } from '../src/platform/database/embedded/index.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of a database that no test writes to, as a role that may create databases. */
    databaseUrl: string;
    /** Begins the names of all databases of this run. */
    databasePrefix: string;
  }
}

const folderPrefix = 'mostrador-test-';
const abandonedMillis = 3_600_000;

/** Stops and removes what a killed run has left. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${folderPrefix}(\\d+)-`).exec(name)?.[1]);
    if (!pid) continue;
    try {
      process.kill(pid, 0);
    } catch {
      const dataDir = join(tmpdir(), name);
      await new Cluster({ dataDir, log: () => {} }).stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
}

async function withClient(url: string, fn: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await fn(client);
  } finally {
    await client.end();
  }
}

/** Databases, and the logins that tests made for themselves. */
async function dropWhere(url: string, condition: (name: string) => boolean): Promise<void> {
  await withClient(url, async (client) => {
    for (const [kind, catalogue, column, force] of [
      ['DATABASE', 'pg_database', 'datname', 'WITH (FORCE)'],
      ['ROLE', 'pg_roles', 'rolname', ''],
    ]) {
      const { rows } = await client.query<{ name: string }>(
        `SELECT ${column}::text AS name FROM ${catalogue} WHERE ${column} LIKE 'mostrador\\_test\\_%'`,
      );
      for (const { name } of rows) {
        if (condition(name)) await client.query(`DROP ${kind} IF EXISTS ${name} ${force}`);
      }
    }
  });
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = `mostrador_test_${Date.now().toString(36)}_${process.pid}`;
  const startOf = (name: string) => Number.parseInt(name.split('_')[2] ?? '', 36);
  const given = process.env.DATABASE_URL;
  let embedded: Embedded | undefined;
  let dataDir: string | undefined;
  if (given) {
    await dropWhere(given, (name) => startOf(name) < Date.now() - abandonedMillis);
  } else {
    await removeAbandoned();
    dataDir = mkdtempSync(join(tmpdir(), `${folderPrefix}${process.pid}-`));
    embedded = await openEmbedded({
      dataDir,
      user: 'server',
      log: () => {},
      settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '120' },
    });
  }
  const url = given ?? embedded?.url() ?? '';
  project.provide('databaseUrl', url);
  project.provide('databasePrefix', run);
  return async () => {
    if (given) await dropWhere(given, (name) => name.startsWith(`${run}_`));
    await embedded?.close();
    if (dataDir) rmSync(dataDir, { recursive: true, force: true });
  };
}
