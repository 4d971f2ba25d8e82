/**
 * A database of its own for a test file, on the run's PostgreSQL (global-setup.ts). The schema is migrated once per
 * set of migrations into a template and copied from there.
 */
import { createHash, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import pg from 'pg';
import { inject } from 'vitest';
import {
  type Database,
  databaseMigrations,
  type Migration,
  migrate,
  openDatabase,
} from '../src/platform/database/index.js';

export interface TestDatabase {
  readonly database: Database;
  /** As the owner, for a second server or a raw connection. */
  readonly url: string;
  /** A second access to the same database, as another process would have; close it yourself. */
  open(): Promise<Database>;
  /** Closes and drops it. Call it in `afterAll`. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Those of the platform's database itself are always there. */
  readonly migrations?: readonly Migration[];
}

/** The URL of another database on the same server. */
export function urlOf(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.href;
}

/** Runs `fn` with a connection of the owner (or of whom the URL names) and ends it. */
export async function withClient<T>(url: string, fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}

async function template(url: string, prefix: string, migrations: readonly Migration[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { id, sql } of [...databaseMigrations, ...migrations]) hash.update(`${id}\0${sql}\0`);
  const digest = hash.digest('hex').slice(0, 16);
  const name = `${prefix}_t_${digest}`;
  await withClient(url, async (client) => {
    // Test files of the same run want the same template at the same time.
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    const making = `${name}_making`;
    await client.query(`DROP DATABASE IF EXISTS ${making} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${making}`);
    await withClient(urlOf(url, making), (fresh) => migrate(fresh, [...databaseMigrations, ...migrations]));
    await client.query(`ALTER DATABASE ${making} RENAME TO ${name}`);
  });
  return name;
}

/** Makes it and connects. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const prefix = inject('databasePrefix');
  const migrations = options.migrations ?? [];
  const from = await template(server, prefix, migrations);
  const name = `${prefix}_${randomBytes(5).toString('hex')}`;
  await withClient(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${from}`));
  const url = urlOf(server, name);
  const open = () => openDatabase({ databaseUrl: url, dataDir: tmpdir(), migrations });
  const database = await open();
  return {
    database,
    url,
    open,
    drop: async () => {
      await database.close();
      await withClient(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

export interface OrdinaryOwner {
  readonly login: string;
  /** Of a database that this login owns. */
  readonly url: string;
  remove(): Promise<void>;
}

/** A login that is no superuser, with an empty database of its own; `prepare` may grant it something first. */
export async function ordinaryOwner(
  server: string,
  attributes: string,
  prepare: (client: pg.Client, login: string) => Promise<void>,
): Promise<OrdinaryOwner> {
  const login = `${inject('databasePrefix')}_o${randomBytes(4).toString('hex')}`;
  await withClient(server, async (client) => {
    await client.query(`CREATE ROLE ${login} LOGIN CREATEDB ${attributes} PASSWORD 'secret'`);
    await prepare(client, login);
  });
  const own = new URL(server);
  own.username = login;
  own.password = 'secret';
  await withClient(own.href, (client) => client.query(`CREATE DATABASE ${login}`));
  return {
    login,
    url: urlOf(own.href, login),
    remove: async () => {
      await withClient(own.href, (client) => client.query(`DROP DATABASE ${login} WITH (FORCE)`));
      await withClient(server, (client) => client.query(`DROP ROLE ${login}`));
    },
  };
}
