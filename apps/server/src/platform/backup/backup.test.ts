import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createTestDatabase, ordinaryOwner, type TestDatabase } from '../../../test/database.js';
import { type Database, type Migration, openDatabase } from '../database/index.js';
import { keyMigrations, openKeyring } from '../keys/index.js';
import { BackupUnusable, backup, type Progress, type RestoreOptions, restore } from './index.js';

const first: Migration = {
  id: '9000-shop',
  sql: `
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE TABLE line (tenant_id integer NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, parent bigint, note text,
      raw bytea, facts json, twice bigint GENERATED ALWAYS AS (parent * 2) STORED, PRIMARY KEY (tenant_id, id));
    CREATE TABLE zone (tenant_id integer NOT NULL, id bigint NOT NULL, sum bigint NOT NULL, PRIMARY KEY (tenant_id, id));
    ALTER TABLE line ADD FOREIGN KEY (tenant_id, parent) REFERENCES zone (tenant_id, id);
    CREATE INDEX line_note ON line USING gin (note gin_trgm_ops);
    SELECT mostrador_protect('line');
    SELECT mostrador_protect('zone');
    SELECT mostrador_definer_reads('zone');
    CREATE FUNCTION zone_sum() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
      AS 'SELECT sum(sum)::bigint FROM zone';
    ALTER FUNCTION zone_sum() OWNER TO mostrador_definer;`,
};
const second: Migration = { id: '9001-shop', sql: `ALTER TABLE zone ADD COLUMN name text NOT NULL DEFAULT 'new'` };
const migrations = [...keyMigrations, first];

const oddTexts = ['', 'plain', 'tab\tand\nline\r\nbreak', '\\N', '\\.', '\\', 'ñandú 🛒', 'a"b\'c', null];

async function fill(database: Database, tenantId: number): Promise<void> {
  await database.transaction(tenantId, async (tx) => {
    await tx.query('INSERT INTO zone (tenant_id, id, sum) SELECT $1, n, 100 FROM generate_series(1, 50) n', [tenantId]);
    for (const note of oddTexts) {
      await tx.query('INSERT INTO line (tenant_id, parent, note, raw, facts) VALUES ($1, 7, $2, $3, $4)', [
        tenantId,
        note,
        Buffer.from([0, 10, 13, 92, 255]),
        { note },
      ]);
    }
  });
}

/** Everything in the tables, to compare. */
function contents(database: Database): Promise<string> {
  return database.owner(async (client) => {
    const hash = createHash('sha256');
    for (const table of ['line', 'zone', 'person_key', 'installation_key', 'master_key']) {
      const { rows } = await client.query(`SELECT t::text AS row FROM ${table} t ORDER BY 1`);
      hash.update(JSON.stringify([table, rows]));
    }
    return hash.digest('hex');
  });
}

let folder: string;
let source: TestDatabase;
let saved: string;
let progress: Progress[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'));
  source = await createTestDatabase({ migrations });
  await fill(source.database, 1);
  await fill(source.database, 2);
  const keyring = await openKeyring({ database: source.database, dataDir: folder });
  await keyring.seal(1, 'cus_a', { name: 'Ana' });
  await keyring.seal(1, 'cus_b', { name: 'Bea' });
  await keyring.installationKey('signing', () => Buffer.from('key'));
  await keyring.close();
  saved = join(folder, 'shop.backup');
  progress = [];
  const result = await backup(source.database, saved, (p) => progress.push(p));
  expect(result).toMatchObject({ file: saved, bytes: statSync(saved).size });
  expect(result.excludes.join()).toContain('master key');
});
afterAll(async () => {
  await source.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a backup', () => {
  it('is one file for its owner alone that names what it leaves out', () => {
    expect(statSync(saved).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
    const plain = gunzipSync(readFileSync(saved)).toString('latin1');
    expect(plain).toContain('"excludes":["master key');
    expect(plain).not.toContain(readFileSync(join(folder, 'master.key'), 'utf8').trim());
    expect(progress.at(-1)?.done).toBeGreaterThan(100);
  });

  it('is of one moment, while others write', async () => {
    let writing = true;
    const move = async () => {
      for (let i = 1; writing; i = (i % 49) + 1) {
        await source.database.transaction(9, async (tx) => {
          await tx.query('UPDATE zone SET sum = sum - 1 WHERE id = $1', [i]);
          await tx.query('UPDATE zone SET sum = sum + 1 WHERE id = $1', [i + 1]);
          await tx.query(`INSERT INTO line (tenant_id, parent, note) VALUES (9, $1, 'moved')`, [i]);
          await tx.query('UPDATE zone SET sum = sum + 1 WHERE id = 50');
        });
      }
    };
    await fill(source.database, 9);
    const movers = [move(), move()];
    const file = join(folder, 'moving.backup');
    await backup(source.database, file);
    writing = false;
    await Promise.all(movers);
    const target = await createTestDatabase({ migrations });
    await restore({ database: target.database, file, migrations, dataDir: folder });
    const [row] = await target.database.read<{ sum: number; moves: number }>(9, {
      text: `SELECT (SELECT sum(sum)::bigint FROM zone) AS sum, (SELECT count(*) FROM line WHERE note = 'moved') AS moves`,
      values: [],
    });
    expect(row?.sum).toBe(5000 + (row?.moves ?? 0));
    await target.drop();
  });

  it('replaces no older one when it fails', async () => {
    const file = join(folder, 'kept.backup');
    writeFileSync(file, 'older');
    const broken: Database = { ...source.database, owner: () => Promise.reject(new Error('no')) };
    await expect(backup(broken, file)).rejects.toThrow('no');
    expect(readFileSync(file, 'utf8')).toBe('older');
  });
});

describe('a restore', () => {
  let target: TestDatabase;
  let dataDir: string;
  beforeEach(async () => {
    target = await createTestDatabase({ migrations });
    dataDir = mkdtempSync(join(tmpdir(), 'restore-'));
  });
  afterEach(async () => {
    await target.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const load = (options: Partial<RestoreOptions> = {}) =>
    restore({ database: target.database, file: saved, migrations, dataDir, ...options });

  it('tells the planner of every table what it holds, which it would else read whole for a key', async () => {
    await load();
    await target.database.owner(async (client) => {
      const { rows } = await client.query(`SELECT relname AS name, reltuples::int AS rows FROM pg_class
        WHERE oid IN ('line'::regclass, 'zone'::regclass, 'installation_key'::regclass) ORDER BY 1`);
      expect(rows).toEqual([
        { name: 'installation_key', rows: 1 },
        { name: 'line', rows: 2 * oddTexts.length },
        { name: 'zone', rows: 100 },
      ]);
    });
  });

  it('gives back every row, the policies and the counters, in a new life of the journal', async () => {
    const masterKey = readFileSync(join(folder, 'master.key'), 'utf8');
    const seen: Progress[] = [];
    const result = await load({ masterKey, onProgress: (p) => seen.push(p) });
    expect(result).toMatchObject({ masterKey: 'right', erased: [] });
    expect(seen.at(-1)).toMatchObject({ unit: 'bytes', total: statSync(saved).size });
    const again = join(folder, 'again.backup');
    await backup(target.database, again);
    const third = await createTestDatabase({ migrations });
    await restore({ database: third.database, file: again, migrations, dataDir });
    expect(await contents(third.database)).toBe(await contents(target.database));
    await third.drop();

    const notes = await target.database.read<{ note: string | null; twice: number }>(1, {
      text: 'SELECT note, twice FROM line ORDER BY id',
      values: [],
    });
    expect(notes.map((row) => row.note)).toEqual(oddTexts);
    expect(notes[0]?.twice).toBe(14);
    expect(await target.database.call({ text: 'SELECT count(*) AS n FROM line', values: [] })).toEqual([{ n: 0 }]);
    const [made] = await target.database.transaction(2, async (tx) => {
      const { rows } = await tx.query<{ id: number }>('INSERT INTO line (tenant_id) VALUES (2) RETURNING id');
      return rows;
    });
    expect(made?.id).toBeGreaterThan(oddTexts.length * 2);
    const lives = await target.database.call<{ log_id: string; restored: boolean }>({
      text: 'SELECT log_id, restored_at IS NOT NULL AS restored FROM installation ORDER BY created_at',
      values: [],
    });
    expect(lives).toHaveLength(2);
    expect(lives[1]).toEqual({ log_id: result.logId, restored: true });
    const forced = await target.database.owner(async (client) => {
      const { rows } = await client.query(
        `SELECT relname FROM pg_class WHERE relname IN ('line', 'zone', 'person_key') AND relforcerowsecurity`,
      );
      return rows.length;
    });
    expect(forced).toBe(3);
    const keyring = await openKeyring({ database: target.database, dataDir, masterKey });
    expect((await keyring.installationKey('signing', () => Buffer.from('other'))).toString()).toBe('key');
    await keyring.close();
  });

  it('says when the master key at hand is missing or another', async () => {
    expect((await load()).masterKey).toBe('missing');
    expect((await load({ masterKey: 'cd'.repeat(32), force: true })).masterKey).toBe('wrong');
  });

  it('takes only an empty database, or replaces what is there when it is told to', async () => {
    await target.database.transaction(5, (tx) => tx.query('INSERT INTO zone (tenant_id, id, sum) VALUES (5, 1, 1)'));
    await expect(load()).rejects.toThrow(/not empty.*--force/);
    const count = { text: 'SELECT count(*) AS n FROM zone', values: [] };
    expect(await target.database.read(5, count)).toEqual([{ n: 1 }]);
    await load({ force: true });
    expect(await target.database.read(5, count)).toEqual([{ n: 0 }]);
    expect(await target.database.read(1, count)).toEqual([{ n: 50 }]);
  });

  it('erases again who was erased since, by the tombstones and by the log', async () => {
    const masterKey = readFileSync(join(folder, 'master.key'), 'utf8');
    await load();
    const keyring = await openKeyring({ database: target.database, dataDir, masterKey });
    const sealed = await keyring.seal(1, 'cus_a', {});
    await keyring.seal(1, 'cus_new', {});
    const elsewhere = mkdtempSync(join(tmpdir(), 'restore-'));
    await keyring.destroy(1, 'cus_a');
    await keyring.destroy(1, 'cus_new');
    await keyring.close();
    expect((await load({ force: true, dataDir: elsewhere })).erased).toMatchObject([
      { tenantId: 1, personId: 'cus_a' },
    ]);
    const fresh = await createTestDatabase({ migrations });
    const result = await load({ database: fresh.database });
    expect(result.erased).toMatchObject([{ tenantId: 1, personId: 'cus_a' }]);
    const after = await openKeyring({ database: fresh.database, dataDir, masterKey });
    expect(await after.open(1, 'cus_a', sealed)).toBeNull();
    await expect(after.seal(1, 'cus_new', {})).rejects.toThrow(/erased/);
    await after.seal(1, 'cus_b', {});
    await after.close();
    await fresh.drop();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  it('brings an older backup to the schema of today, and refuses a newer one', async () => {
    const today = [...migrations, second];
    await load({ migrations: today });
    const [row] = await target.database.read(1, { text: 'SELECT name FROM zone LIMIT 1', values: [] });
    expect(row).toEqual({ name: 'new' });
    const file = join(folder, 'today.backup');
    await backup(target.database, file);
    await expect(load({ file, force: true })).rejects.toThrow(/newer program.*9001-shop/);
    const edited = [...keyMigrations, { ...first, sql: `${first.sql} SELECT 1;` }];
    await expect(load({ migrations: edited, force: true })).rejects.toThrow(/another version of migration 9000-shop/);
  });

  it('changes nothing for a file that is damaged, cut off or something else', async () => {
    await target.database.transaction(5, (tx) => tx.query('INSERT INTO zone (tenant_id, id, sum) VALUES (5, 1, 1)'));
    const before = await contents(target.database);
    const whole = readFileSync(saved);
    const plain = gunzipSync(whole);
    const flipped = Buffer.from(whole);
    flipped[Math.floor(whole.length / 2)] = (flipped[Math.floor(whole.length / 2)] ?? 0) ^ 1;
    const edited = Buffer.from(plain);
    edited.write('PLAIN', edited.indexOf('\tplain\t') + 1);
    const cases: [string, Buffer, RegExp][] = [
      ['flipped', flipped, /damaged|ends in the middle/],
      ['edited', gzipSync(edited), /table line is not what was saved/],
      ['short', whole.subarray(0, whole.length - 40), /ends in the middle/],
      ['without its end', gzipSync(plain.subarray(0, plain.length - 60)), /ends in the middle/],
      ['other', gzipSync(Buffer.from('x'.repeat(100))), /not a backup/],
      ['text', Buffer.from('name,price\n'), /not a backup/],
      ['newer', gzipSync(Buffer.concat([Buffer.from('mostrador-backup 2\n'), plain.subarray(19)])), /newer format/],
      ['empty', Buffer.alloc(0), /not a backup|ends in the middle/],
    ];
    for (const [name, bytes, message] of cases) {
      const file = join(folder, 'bad.backup');
      writeFileSync(file, bytes);
      const bad = load({ file, force: true });
      await expect(bad, name).rejects.toThrow(message);
      await expect(bad, name).rejects.toThrow(BackupUnusable);
    }
    await expect(load({ file: join(folder, 'none'), force: true })).rejects.toThrow(/cannot be read/);
    expect(await contents(target.database)).toBe(before);
  });

  it('is refused while a server uses the database', async () => {
    const other = new pg.Client({ connectionString: target.url, application_name: 'mostrador-app 77-abcdef' });
    await other.connect();
    await expect(load()).rejects.toThrow(/in use \(app 77\)/);
    await other.end();
    await load();
  });

  it('works for an owner that is no superuser', async () => {
    const owner = await ordinaryOwner(inject('databaseUrl'), '', async (client, login) => {
      await client.query(`GRANT mostrador_app, mostrador_definer TO ${login}`);
    });
    const database = await openDatabase({ databaseUrl: owner.url, dataDir, migrations });
    try {
      await restore({ database, file: saved, migrations, dataDir });
      await restore({ database, file: saved, migrations, dataDir, force: true });
      expect(await database.call({ text: 'SELECT zone_sum() AS n', values: [] })).toEqual([{ n: 10_000 }]);
      const file = join(folder, 'own.backup');
      expect((await backup(database, file)).rows).toBeGreaterThan(100);
    } finally {
      await database.close();
      await owner.remove();
    }
  });
});
