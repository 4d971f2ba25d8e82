/**
 * Brings the schema forward, never back. One process at a time does so, under an advisory lock; a step that was
 * edited after it ran, or that only a newer program knows, is refused instead of guessed at.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { appRole, definerRole } from './connect.js';
import { DatabaseUnusable } from './errors.js';
import { ensureRoles } from './roles.js';
import type { Migration } from './types.js';

/** Of the advisory lock; any constant that nothing else uses. */
const migrationLock = '7306916331180251';
const idShape = /^\d{4}-[a-z0-9]+(-[a-z0-9]+)*$/;

export interface Applied {
  id: string;
  checksum: string;
}

/** SHA-256 of the text, hex; line endings do not count. */
export function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql.replaceAll('\r\n', '\n')).digest('hex');
}

/** Sorted by id; throws for an id that is malformed or used twice. */
export function sortMigrations(migrations: readonly Migration[]): Migration[] {
  const sorted = [...migrations].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const [i, { id }] of sorted.entries()) {
    if (!idShape.test(id)) throw new Error(`Migration id ${id} is not of the form 0000-name`);
    if (sorted[i - 1]?.id === id) throw new Error(`Migration id ${id} is used twice`);
  }
  return sorted;
}

/** What has run here, oldest id first; empty on an empty database. */
export async function appliedMigrations(client: pg.Client): Promise<Applied[]> {
  const { rows: found } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public.schema_migration') IS NOT NULL AS there`,
  );
  if (!found[0]?.there) return [];
  const { rows } = await client.query<Applied>('SELECT id, checksum FROM schema_migration ORDER BY id COLLATE "C"');
  return rows;
}

/** Those still to run. Throws DatabaseUnusable when the database holds steps that this program does not know so. */
function missing(sorted: Migration[], applied: Applied[]): Migration[] {
  const known = new Map(sorted.map((m) => [m.id, m]));
  for (const { id, checksum } of applied) {
    const migration = known.get(id);
    if (!migration) {
      throw new DatabaseUnusable(`The database was written by a newer program (migration ${id}). Update this one.`);
    }
    if (checksumOf(migration) !== checksum) {
      throw new DatabaseUnusable(`Migration ${id} was edited after it ran on this database. Add a new one instead.`);
    }
  }
  const done = new Set(applied.map((a) => a.id));
  return sorted.filter((m) => !done.has(m.id));
}

async function prepare(client: pg.Client): Promise<void> {
  await ensureRoles(client);
  await client.query(`
    CREATE TABLE IF NOT EXISTS schema_migration (
      id text COLLATE "C" PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp());
    ALTER TABLE schema_migration ENABLE ROW LEVEL SECURITY;
    GRANT USAGE ON SCHEMA public TO ${appRole}, ${definerRole};`);
}

/** One step, its record, and for its time only the right of the definer to own functions. */
async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query(`GRANT CREATE ON SCHEMA public TO ${definerRole}`);
    await client.query(migration.sql);
    await client.query('INSERT INTO schema_migration (id, checksum) VALUES ($1, $2)', [
      migration.id,
      checksumOf(migration),
    ]);
    await client.query(`REVOKE CREATE ON SCHEMA public FROM ${definerRole}`);
  } catch (cause) {
    if (cause instanceof Error) cause.message = `Migration ${migration.id}: ${cause.message}`;
    throw cause;
  }
}

async function applyAlone(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await apply(client, migration);
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new Error(`Migration ${migration.id} was rolled back`);
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {});
    throw cause;
  }
}

/** What of `migrations` is missing, within the transaction of the caller (a restore), which others wait for. */
export async function migrateWithin(client: pg.Client, migrations: readonly Migration[]): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
  await prepare(client);
  for (const migration of missing(sortMigrations(migrations), await appliedMigrations(client))) {
    await apply(client, migration);
  }
}

/** Runs what is missing, as the owner; returns the ids that ran. Waits for another process that does the same. */
export async function migrate(client: pg.Client, migrations: readonly Migration[]): Promise<string[]> {
  const sorted = sortMigrations(migrations);
  const before = await appliedMigrations(client);
  if (before.length > 0 && missing(sorted, before).length === 0) return [];
  await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
  try {
    await prepare(client);
    const todo = missing(sorted, await appliedMigrations(client));
    for (const migration of todo) await applyAlone(client, migration);
    return todo.map((m) => m.id);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => {});
  }
}
