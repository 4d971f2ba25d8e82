/**
 * Erasures outlive restores. Each is a tombstone in the database and a line in DATA_DIR/erasures.log, written before
 * the key is destroyed; a restore of an older backup applies both again.
 */
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { Erasure } from './types.js';

function erasureLogPath(dataDir: string): string {
  return join(dataDir, 'erasures.log');
}

/** Appends and waits for the disk. */
export function logErasure(dataDir: string, erasure: Erasure): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = openSync(erasureLogPath(dataDir), 'a+', 0o600);
  try {
    // A line that a crash has torn must not swallow the next one.
    writeSync(file, `${endsWhole(file) ? '' : '\n'}${JSON.stringify(erasure)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function endsWhole(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last.toString() === '\n';
}

/** All lines that can be read; a torn one is left out. */
export function readErasureLog(dataDir: string): Erasure[] {
  let text: string;
  try {
    text = readFileSync(erasureLogPath(dataDir), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      const { tenantId, personId, at } = JSON.parse(line) as Record<string, unknown>;
      const whole = Number.isSafeInteger(tenantId) && typeof personId === 'string' && typeof at === 'number';
      return whole ? [{ tenantId: tenantId as number, personId: personId as string, at: at as number }] : [];
    } catch {
      return [];
    }
  });
}

/** The tombstones of a database; empty when it has no such table. */
export async function readTombstones(client: pg.Client): Promise<Erasure[]> {
  const { rows: found } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public.person_key') IS NOT NULL AS there`,
  );
  if (!found[0]?.there) return [];
  const { rows } = await client.query<{ tenant_id: number; person_id: string; erased_at: Date }>(
    'SELECT tenant_id, person_id, erased_at FROM person_key WHERE erased_at IS NOT NULL',
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, personId: row.person_id, at: row.erased_at.getTime() }));
}

/** Destroys the keys of those people; returns those whose key was still there. As the owner. */
export async function applyErasures(client: pg.Client, erasures: readonly Erasure[]): Promise<Erasure[]> {
  const unique = [...new Map(erasures.map((e) => [`${e.tenantId}/${e.personId}`, e])).values()];
  if (unique.length === 0) return [];
  const columns = [unique.map((e) => e.tenantId), unique.map((e) => e.personId), unique.map((e) => e.at)];
  const { rows } = await client.query<{ tenant_id: number; person_id: string }>(
    `UPDATE person_key k SET wrapped = NULL, erased_at = to_timestamp(e.at / 1000.0)
     FROM unnest($1::int[], $2::text[], $3::float8[]) AS e (tenant_id, person_id, at)
     WHERE k.tenant_id = e.tenant_id AND k.person_id = e.person_id AND k.wrapped IS NOT NULL
     RETURNING k.tenant_id, k.person_id`,
    columns,
  );
  await client.query(
    `INSERT INTO person_key (tenant_id, person_id, erased_at)
     SELECT e.tenant_id, e.person_id, to_timestamp(e.at / 1000.0)
     FROM unnest($1::int[], $2::text[], $3::float8[]) AS e (tenant_id, person_id, at)
     ON CONFLICT DO NOTHING`,
    columns,
  );
  const again = new Set(rows.map((row) => `${row.tenant_id}/${row.person_id}`));
  return unique.filter((e) => again.has(`${e.tenantId}/${e.personId}`));
}
