/**
 * Writes all tables as they were at one moment into one file, while the server goes on. Needs no pg_dump. The master
 * key stays outside: without it nobody reads personal data from the file, and it has to be kept elsewhere.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { appliedMigrations, type Database } from '../database/index.js';
import { columnsOf, quoted, roughRows, sequenceStates, tablesInOrder } from './catalogue.js';
import { beginning, frame, type Head, type Manifest, type TableHead } from './format.js';

/** Where a long run stands; `total` may be an estimate that `done` passes. */
export interface Progress {
  readonly unit: 'rows' | 'bytes';
  readonly done: number;
  readonly total: number;
  readonly table: string;
}

export interface BackupResult {
  readonly file: string;
  /** Of the file. */
  readonly bytes: number;
  readonly rows: number;
  readonly tables: number;
  readonly createdAt: string;
  /** What is not in the file and has to be kept beside it. */
  readonly excludes: readonly string[];
}

const excludes = ['master key (MASTER_KEY or DATA_DIR/master.key)', 'DATA_DIR/erasures.log'];
const compression = 4;

/** Writes `file` (mode 0600), which appears only once it is whole; an existing one is replaced then. */
export async function backup(
  database: Database,
  file: string,
  onProgress: (progress: Progress) => void = () => {},
): Promise<BackupResult> {
  const partial = `${file}.partial-${process.pid}`;
  try {
    const result = await database.owner((client) => write(client, partial, onProgress));
    const handle = await open(partial, 'r');
    await handle.sync();
    const { size } = await handle.stat();
    await handle.close();
    await rename(partial, file);
    return { ...result, file, bytes: size };
  } finally {
    await rm(partial, { force: true });
  }
}

async function write(client: pg.Client, path: string, onProgress: (progress: Progress) => void) {
  const tables = await tablesInOrder(client);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  // Before anything is read, and so before the snapshot: a rebuild may not exchange a table in between.
  await client.query(`LOCK TABLE ${tables.map((t) => `public.${quoted(t)}`).join(', ')} IN ACCESS SHARE MODE`);
  const { rows: facts } = await client.query<{ now: Date; version: string; log_id: string }>(
    `SELECT now(), current_setting('server_version') AS version,
       (SELECT log_id FROM installation ORDER BY created_at DESC LIMIT 1) AS log_id`,
  );
  const [fact] = facts;
  if (!fact) throw new Error('The database does not say who it is');
  const head: Head = {
    createdAt: fact.now.toISOString(),
    logId: fact.log_id,
    serverVersion: fact.version,
    migrations: await appliedMigrations(client),
    tables,
    excludes,
  };
  const manifest = { tables: [] as Manifest['tables'][number][] };
  const frames = framesOf(client, head, manifest, onProgress);
  await pipeline(
    Readable.from(frames, { objectMode: true }),
    createGzip({ level: compression }),
    createWriteStream(path, { mode: 0o600 }),
  );
  await client.query('COMMIT');
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  return { rows, tables: tables.length, createdAt: head.createdAt, excludes };
}

async function* framesOf(
  client: pg.Client,
  head: Head,
  manifest: { tables: Manifest['tables'][number][] },
  onProgress: (progress: Progress) => void,
): AsyncGenerator<Buffer> {
  const total = await roughRows(client);
  let before = 0;
  yield beginning();
  yield frame('H', head);
  for (const table of head.tables) {
    const columns = await columnsOf(client, table);
    const tableHead: TableHead = { table, columns };
    yield frame('T', tableHead);
    const list = columns.map(quoted).join(', ');
    const stream = client.query(copyTo(`COPY (SELECT ${list} FROM public.${quoted(table)}) TO STDOUT`));
    const hash = createHash('sha256');
    let bytes = 0;
    let rows = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      // In this form of COPY a row ends with the only kind of line break there is.
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows++;
      yield frame('D', chunk);
      onProgress({ unit: 'rows', done: before + rows, total: Math.max(total, before + rows), table });
    }
    before += rows;
    manifest.tables.push({ table, rows, bytes, sha256: hash.digest('hex') });
  }
  const end: Manifest = { tables: manifest.tables, sequences: await sequenceStates(client) };
  yield frame('M', end);
}
