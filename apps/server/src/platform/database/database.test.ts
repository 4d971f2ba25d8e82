import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { DatabaseUnavailable, DatabaseUnusable, type Migration, NotCommitted, openDatabase } from './index.js';

const migrations: Migration[] = [
  {
    id: '9000-note',
    sql: `
      CREATE TABLE note (tenant_id integer NOT NULL, id text COLLATE "C" NOT NULL, size bigint NOT NULL, day date,
        facts json, PRIMARY KEY (tenant_id, id));
      SELECT mostrador_protect('note');
      SELECT mostrador_definer_reads('note');
      CREATE FUNCTION count_notes() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        AS 'SELECT count(*) FROM note';
      ALTER FUNCTION count_notes() OWNER TO mostrador_definer;`,
  },
];

let kit: TestDatabase;
beforeAll(async () => {
  kit = await createTestDatabase({ migrations });
});
afterAll(() => kit.drop());

const insert = (tenantId: number, id: string, size: number) =>
  kit.database.transaction(tenantId, (tx) =>
    tx.query('INSERT INTO note (tenant_id, id, size, day, facts) VALUES ($1, $2, $3, $4, $5)', [
      tenantId,
      id,
      size,
      '2024-02-29',
      { a: [1] },
    ]),
  );
const all = { name: 'all_notes', text: 'SELECT * FROM note ORDER BY id', values: [] };

describe('the database', () => {
  it('shows a tenant its own rows and nobody else any', async () => {
    await insert(1, 'a', 12);
    await insert(2, 'b', 34);
    expect(await kit.database.read(1, all)).toEqual([
      { tenant_id: 1, id: 'a', size: 12, day: '2024-02-29', facts: { a: [1] } },
    ]);
    expect(await kit.database.read(2, all)).toHaveLength(1);
    expect(await kit.database.read(3, all)).toEqual([]);
    expect(await kit.database.call(all)).toEqual([]);
    expect(await kit.database.call({ text: 'SELECT count_notes() AS n', values: [] })).toEqual([{ n: 2 }]);
  });

  it('refuses to write a row of another tenant', async () => {
    const foreign = kit.database.transaction(1, (tx) => tx.query(`INSERT INTO note VALUES (2, 'x', 1)`));
    await expect(foreign).rejects.toThrow(/row-level security/);
    const moved = kit.database.transaction(1, (tx) => tx.query('UPDATE note SET tenant_id = 2'));
    await expect(moved).rejects.toThrow(/row-level security/);
  });

  it('keeps the tenants of concurrent reads apart, whatever fails between them', async () => {
    const tenants = Array.from({ length: 20 }, (_, i) => 100 + i);
    await Promise.all(tenants.map((id) => insert(id, `n${id}`, id)));
    const reads = Array.from({ length: 600 }, (_, i) => {
      const tenantId = 100 + (i % 20);
      if (i % 7 === 0) return kit.database.read(tenantId, { text: 'SELECT 1/0', values: [] }).catch((e) => e.code);
      if (i % 7 === 1) return kit.database.call(all);
      return kit.database.read(tenantId, all);
    });
    for (const [i, result] of (await Promise.all(reads)).entries()) {
      if (i % 7 === 0) expect(result).toBe('22012');
      else if (i % 7 === 1) expect(result).toEqual([]);
      else expect(result).toMatchObject([{ size: 100 + (i % 20) }]);
    }
  });

  it('refuses to write in a read', async () => {
    const write = kit.database.read(1, { text: 'DELETE FROM note RETURNING id', values: [] });
    await expect(write).rejects.toThrow(/read-only/);
  });

  it('refuses an integer that a number cannot hold, and only that query', async () => {
    const big = kit.database.read(1, { text: 'SELECT 9007199254740993::bigint AS n', values: [] });
    const list = kit.database.read(1, { text: 'SELECT ARRAY[1, NULL, 9007199254740991]::bigint[] AS n', values: [] });
    await expect(big).rejects.toThrow(/9007199254740993/);
    expect(await list).toEqual([{ n: [1, null, 9007199254740991] }]);
  });

  it('does not report a transaction as done that was rolled back', async () => {
    const swallowed = kit.database.transaction(5, async (tx) => {
      await tx.query(`INSERT INTO note VALUES (5, 'lost', 1)`);
      await tx.query('SELECT 1/0').catch(() => {});
    });
    await expect(swallowed).rejects.toThrow(NotCommitted);
    const thrown = kit.database.transaction(5, async (tx) => {
      await tx.query(`INSERT INTO note VALUES (5, 'lost', 1)`);
      throw new Error('no');
    });
    await expect(thrown).rejects.toThrow('no');
    expect(await kit.database.read(5, all)).toEqual([]);
  });

  it('refuses statements after the end of a transaction', async () => {
    const late = await kit.database.transaction(5, async (tx) => tx);
    await expect(late.query('SELECT 1')).rejects.toThrow(/has ended/);
  });

  it('runs as a role that owns nothing and bypasses nothing', async () => {
    const [role] = await kit.database.call({
      text: `SELECT rolname AS name, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS mighty,
        (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid) AS owned FROM pg_roles r WHERE rolname = current_user`,
      values: [],
    });
    expect(role).toEqual({ name: 'mostrador_app', mighty: false, owned: 0 });
    for (const text of [`SELECT mostrador_protect('note')`, 'SELECT * FROM schema_migration', 'CREATE TABLE t ()']) {
      await expect(kit.database.call({ text, values: [] })).rejects.toThrow(/permission denied/);
    }
  });

  it('shows the owner the rows of all tenants', async () => {
    const rows = await kit.database.owner(async (c) => (await c.query('SELECT DISTINCT tenant_id FROM note')).rows);
    expect(rows.length).toBeGreaterThan(20);
  });

  it('answers a prepared read also after its table was exchanged', async () => {
    await insert(6, 'x', 1);
    const star = { name: 'star', text: 'SELECT * FROM note', values: [] };
    await Promise.all(Array.from({ length: 9 }, () => kit.database.read(6, star)));
    await kit.database.owner((client) => client.query('ALTER TABLE note ADD COLUMN extra text'));
    const answers = await Promise.all(Array.from({ length: 9 }, () => kit.database.read(6, star)));
    for (const rows of answers) expect(rows).toMatchObject([{ id: 'x', extra: null }]);
  });

  it('gives a pipelined connection of the application role', async () => {
    const client = await kit.database.pipeline();
    const answers = await Promise.all([
      client.query('SELECT current_user AS who'),
      client.query('SELECT 1/0').catch((error) => error.code),
      client.query('SELECT 2::bigint AS n'),
    ]);
    expect(answers[0].rows).toEqual([{ who: 'mostrador_app' }]);
    expect(answers[1]).toBe('22012');
    expect(answers[2].rows).toEqual([{ n: 2 }]);
    await client.end();
  });
});

describe('a database that goes away', () => {
  const cutAll = () =>
    kit.database.owner((client) =>
      client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = session_user AND pid <> pg_backend_pid()',
      ),
    );

  it('is told from a mistake, and used again when it is back', async () => {
    const waiting = kit.database.transaction(1, (tx) => tx.query('SELECT pg_sleep(30)'));
    const reading = kit.database.read(1, { text: 'SELECT pg_sleep(30)', values: [] });
    const both = Promise.allSettled([waiting, reading]);
    const busy = `SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active'
      AND datname = current_database() AND pid <> pg_backend_pid()`;
    await expect.poll(() => kit.database.owner(async (client) => (await client.query(busy)).rows[0].n)).toBe(2);
    await cutAll();
    for (const result of await both) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(DatabaseUnavailable);
    }
    await insert(7, 'after', 1);
    expect(await kit.database.read(7, all)).toHaveLength(1);
  });

  it('is still listened to by who begins while the last one stops', async () => {
    const stop = await kit.database.listen('handed_over', () => {});
    const stopped = stop();
    const heard: string[] = [];
    const stopSecond = await kit.database.listen('handed_over', (payload) => heard.push(payload));
    await stopped;
    await kit.database.call({ text: "SELECT pg_notify('handed_over', 'x')", values: [] });
    await expect.poll(() => heard).toEqual(['x']);
    await stopSecond();
  });

  it('is listened to again, and a listener is told that it may have missed something', async () => {
    const heard: string[] = [];
    const notify = (text: string) => kit.database.call({ text: 'SELECT pg_notify($1, $2)', values: ['tests', text] });
    const stop = await kit.database.listen('tests', (payload) => heard.push(payload));
    await notify('one');
    await expect.poll(() => heard).toEqual(['one']);
    await cutAll();
    await expect.poll(() => heard, { timeout: 5_000 }).toEqual(['one', '']);
    // A read whose connection was cut may fail once.
    await notify('two').catch(() => notify('two'));
    await expect.poll(() => heard).toEqual(['one', '', 'two']);
    await stop();
    await notify('three');
    expect(heard).toHaveLength(3);
  });

  it('is refused with its reason when it was never there', async () => {
    const open = (databaseUrl: string) => openDatabase({ databaseUrl, dataDir: '/nonexistent', migrations: [] });
    await expect(open('postgres://nobody@127.0.0.1:1/none')).rejects.toThrow(DatabaseUnavailable);
    await expect(open('host=localhost')).rejects.toThrow(DatabaseUnusable);
  });
});
