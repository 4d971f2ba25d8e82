import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { type Database, type Migration, openDatabase } from './index.js';
import { sortMigrations } from './migrate.js';

const table = (id: string, name: string): Migration => ({
  id,
  sql: `CREATE TABLE ${name} (tenant_id integer NOT NULL); SELECT mostrador_protect('${name}');`,
});

let kit: TestDatabase;
let opened: Database[];
beforeEach(async () => {
  kit = await createTestDatabase();
  opened = [];
});
afterEach(async () => {
  for (const database of opened) await database.close();
  await kit.drop();
});

async function open(migrations: Migration[]): Promise<Database> {
  const database = await openDatabase({ databaseUrl: kit.url, dataDir: '/nonexistent', migrations });
  opened.push(database);
  return database;
}

const applied = () =>
  kit.database.owner(async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM schema_migration ORDER BY id COLLATE "C"');
    return rows.map((row) => row.id);
  });

describe('migrations', () => {
  it('run once, in the order of their ids, also when several servers start at once', async () => {
    const all = [table('9002-b', 'b'), table('9001-a', 'a'), { id: '9003-c', sql: 'ALTER TABLE a RENAME TO c' }];
    await Promise.all(Array.from({ length: 4 }, () => open(all)));
    expect(await applied()).toEqual(['0001-database', '9001-a', '9002-b', '9003-c']);
  });

  it('run when they come from a module that joined later', async () => {
    await open([table('9002-b', 'b')]);
    await open([table('9001-a', 'a'), table('9002-b', 'b')]);
    expect(await applied()).toEqual(['0001-database', '9001-a', '9002-b']);
  });

  it('leave nothing behind when one fails', async () => {
    const bad = { id: '9002-bad', sql: 'CREATE TABLE half (); SELECT 1/0' };
    await expect(open([table('9001-a', 'a'), bad])).rejects.toThrow(/9002-bad: division by zero/);
    expect(await applied()).toEqual(['0001-database', '9001-a']);
    await open([table('9001-a', 'a'), { id: '9002-bad', sql: 'CREATE TABLE half ()' }]);
  });

  it('are refused when one was edited after it ran', async () => {
    await open([table('9001-a', 'a')]);
    await expect(open([table('9001-a', 'other')])).rejects.toThrow(/9001-a was edited/);
  });

  it('are refused when the database knows more than the program', async () => {
    await open([table('9001-a', 'a')]);
    await expect(open([])).rejects.toThrow(/newer program.*9001-a/);
  });

  it('do not leave the definer the right to create', async () => {
    await open([table('9001-a', 'a')]);
    const [row] = await kit.database.call({
      text: `SELECT has_schema_privilege('mostrador_definer', 'public', 'CREATE') AS may`,
      values: [],
    });
    expect(row).toEqual({ may: false });
  });

  it('have ids of one form, each used once', () => {
    expect(() => sortMigrations([table('1-a', 'a')])).toThrow(/form/);
    expect(() => sortMigrations([table('9001-a', 'a'), table('9001-a', 'b')])).toThrow(/twice/);
  });
});
