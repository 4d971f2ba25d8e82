/**
 * Loads a backup in one transaction: afterwards the database is wholly the saved one or wholly what it was. A restore
 * begins a new life of the journal (a new log id), so that tills notice; and people who were erased since the backup
 * are erased again.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import {
  checksumOf,
  type Database,
  databaseMigrations,
  type Migration,
  migrateWithin,
  otherUsers,
} from '../database/index.js';
import { applyErasures, checkMasterKey, type Erasure, readErasureLog, readTombstones } from '../keys/index.js';
import type { Progress } from './backup.js';
import { clearSchema, holdsData, quoted } from './catalogue.js';
import { BackupUnusable, type Frame, type Head, type Manifest, readFrames, type TableHead } from './format.js';

export interface RestoreOptions {
  readonly database: Database;
  readonly file: string;
  /** Of all modules, as at the start of the server. */
  readonly migrations: readonly Migration[];
  /** Where erasures.log and, without MASTER_KEY, master.key stand. */
  readonly dataDir: string;
  readonly masterKey?: string | undefined;
  /** Replace what is there. Without it only an empty database is taken. */
  readonly force?: boolean | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface RestoreResult {
  /** When the backup was made, ISO 8601. */
  readonly createdAt: string;
  readonly rows: number;
  readonly tables: number;
  /** Of the new life of the journal. */
  readonly logId: string;
  /** Erased since the backup, and now again: modules still have to forget what they derived. */
  readonly erased: readonly Erasure[];
  /** Whether the master key at hand opens the restored keys; anything but `right` and `unset` needs the old one. */
  readonly masterKey: 'right' | 'wrong' | 'missing' | 'unset';
}

/** Throws BackupUnusable, and changes nothing, when the file or the database is not fit for it. */
export async function restore(options: RestoreOptions): Promise<RestoreResult> {
  return options.database.owner(async (client) => {
    const others = await otherUsers(client);
    if (others.length > 0) {
      throw new BackupUnusable(`The database is in use (${others.join(', ')}). Stop the server first.`);
    }
    await client.query('BEGIN');
    try {
      const result = await load(client, options);
      const { command } = await client.query('COMMIT');
      if (command !== 'COMMIT') throw new Error('The restore was rolled back');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  });
}

async function load(client: pg.Client, options: RestoreOptions): Promise<RestoreResult> {
  if (!options.force && (await holdsData(client))) {
    throw new BackupUnusable('The database is not empty. Give --force to replace what is in it.');
  }
  const erasures = [...(await readTombstones(client)), ...readErasureLog(options.dataDir)];
  const size = statSync(options.file, { throwIfNoEntry: false })?.size ?? 0;
  let read = 0;
  const frames = readFrames(options.file, (bytes) => {
    read = bytes;
  });
  try {
    const head = parse<Head>(await next(frames), 'H');
    const migrations = [...databaseMigrations, ...options.migrations];
    const saved = migrationsOf(head, migrations);
    await clearSchema(client);
    await migrateWithin(client, saved);
    const loader = new Loader(client, frames, (table) =>
      options.onProgress?.({ unit: 'bytes', done: read, total: size, table }),
    );
    const manifest = await loader.run(head).catch((error) => {
      throw explain(error);
    });
    await setSequences(client, manifest);
    await describeTables(client, manifest);
    await migrateWithin(client, migrations);
    const erased = await applyErasures(client, erasures);
    return {
      createdAt: head.createdAt,
      rows: manifest.tables.reduce((sum, table) => sum + table.rows, 0),
      tables: manifest.tables.length,
      logId: await beginAnew(client),
      erased,
      masterKey: await checkMasterKey(client, options),
    };
  } finally {
    await frames.return(undefined);
  }
}

/** Our migrations up to what the backup had. */
function migrationsOf(head: Head, migrations: readonly Migration[]): Migration[] {
  const known = new Map(migrations.map((m) => [m.id, m]));
  return head.migrations.map(({ id, checksum }) => {
    const migration = known.get(id);
    if (!migration)
      throw new BackupUnusable(`The backup was made by a newer program (migration ${id}). Update this one.`);
    if (checksumOf(migration) !== checksum) {
      throw new BackupUnusable(
        `The backup was made with another version of migration ${id}. Use the program that made it.`,
      );
    }
    return migration;
  });
}

class Loader {
  readonly #client: pg.Client;
  readonly #frames: AsyncGenerator<Frame>;
  readonly #onTable: (table: string) => void;
  readonly #loaded: Manifest['tables'][number][] = [];

  constructor(client: pg.Client, frames: AsyncGenerator<Frame>, onTable: (table: string) => void) {
    this.#client = client;
    this.#frames = frames;
    this.#onTable = onTable;
  }

  async run(head: Head): Promise<Manifest> {
    // What the migrations themselves wrote is in the backup too.
    const all = head.tables.map((table) => `public.${quoted(table)}`);
    await this.#client.query(`TRUNCATE ${all.join(', ')}`);
    let pending = await next(this.#frames);
    while (pending.kind === 'T') pending = await this.#table(parse<TableHead>(pending, 'T'));
    const manifest = parse<Manifest>(pending, 'M');
    if (!(await this.#frames.next()).done) throw new BackupUnusable('The backup file goes on after its end.');
    this.#check(manifest);
    return manifest;
  }

  /** Loads one table; returns the frame after it. */
  async #table({ table, columns }: TableHead): Promise<Frame> {
    const name = `public.${quoted(table)}`;
    const { rows } = await this.#client.query<{ forced: boolean }>(
      'SELECT relforcerowsecurity AS forced FROM pg_class WHERE oid = $1::regclass',
      [name],
    );
    // COPY does not load a table whose policies bind the one who loads it.
    const forced = rows[0]?.forced === true;
    if (forced) await this.#client.query(`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`);
    const hash = createHash('sha256');
    let bytes = 0;
    let after: Frame | undefined;
    const frames = this.#frames;
    const onTable = this.#onTable;
    async function* data(): AsyncGenerator<Buffer> {
      for (;;) {
        const frame = await next(frames);
        if (frame.kind !== 'D') {
          after = frame;
          return;
        }
        hash.update(frame.body);
        bytes += frame.body.length;
        onTable(table);
        yield frame.body;
      }
    }
    const stream = copyFrom(`COPY ${name} (${columns.map(quoted).join(', ')}) FROM STDIN`);
    await pipeline(Readable.from(data(), { objectMode: true }), this.#client.query(stream));
    if (forced) await this.#client.query(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
    this.#loaded.push({ table, rows: stream.rowCount, bytes, sha256: hash.digest('hex') });
    if (!after) throw new BackupUnusable('The backup file ends in the middle.');
    return after;
  }

  #check(manifest: Manifest): void {
    const loaded = new Map(this.#loaded.map((table) => [table.table, table]));
    for (const expected of manifest.tables) {
      const found = loaded.get(expected.table);
      if (found?.rows !== expected.rows || found.sha256 !== expected.sha256) {
        throw new BackupUnusable(`The backup file is damaged: table ${expected.table} is not what was saved.`);
      }
    }
    if (loaded.size !== manifest.tables.length)
      throw new BackupUnusable('The backup file holds tables twice or too many.');
  }
}

/** What PostgreSQL refuses to load (bad values, broken rules, unknown columns) was not what was saved. */
function explain(error: unknown): unknown {
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
  if (!/^(22|23|42)/.test(code)) return error;
  return new BackupUnusable(`The backup file is damaged: ${(error as Error).message}`, { cause: error });
}

async function next(frames: AsyncGenerator<Frame>): Promise<Frame> {
  const { value, done } = await frames.next();
  if (done) throw new BackupUnusable('The backup file ends in the middle.');
  return value;
}

function parse<T>(frame: Frame, kind: Frame['kind']): T {
  if (frame.kind !== kind) throw new BackupUnusable('The backup file is damaged: its parts are out of order.');
  try {
    return JSON.parse(frame.body.toString('utf8')) as T;
  } catch (cause) {
    throw new BackupUnusable('The backup file is damaged.', { cause });
  }
}

/** A planner that knows nothing of the new rows reads whole tables for a key, until some minutes later autovacuum comes by. */
async function describeTables(client: pg.Client, manifest: Manifest): Promise<void> {
  for (const { table } of manifest.tables) await client.query(`ANALYZE public.${quoted(table)}`);
}

async function setSequences(client: pg.Client, manifest: Manifest): Promise<void> {
  for (const { sequence, value, called } of manifest.sequences) {
    await client.query('SELECT setval($1::regclass, $2, $3)', [`public.${quoted(sequence)}`, value, called]);
  }
}

/** The newest row is the current one, also when this clock is behind that of the machine that was saved. */
async function beginAnew(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ log_id: string }>(
    `INSERT INTO installation (created_at, restored_at)
     SELECT greatest(clock_timestamp(), max(created_at) + interval '1 millisecond'), clock_timestamp() FROM installation
     RETURNING log_id`,
  );
  return rows[0]?.log_id ?? '';
}
