import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ordinaryOwner, urlOf, withClient } from '../../../test/database.js';
import { type Embedded, openEmbedded } from './embedded/index.js';
import { type Migration, openDatabase } from './index.js';

const migrations: Migration[] = [
  {
    id: '9000-note',
    sql: `
      CREATE TABLE note (tenant_id integer NOT NULL, id text NOT NULL);
      SELECT mostrador_protect('note');
      SELECT mostrador_definer_reads('note');
      CREATE TABLE secret (tenant_id integer NOT NULL);
      SELECT mostrador_protect('secret');
      CREATE FUNCTION count_notes() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        AS 'SELECT count(*) FROM note';
      ALTER FUNCTION count_notes() OWNER TO mostrador_definer;`,
  },
  {
    id: '9001-note',
    sql: `
      CREATE OR REPLACE FUNCTION count_notes() RETURNS bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = public, pg_temp AS 'SELECT count(*) + 100 FROM note';
      ALTER FUNCTION count_notes() OWNER TO mostrador_definer;`,
  },
];

const open = (databaseUrl: string) => openDatabase({ databaseUrl, dataDir: '/nonexistent', migrations });

async function provesItself(url: string): Promise<void> {
  const database = await open(url);
  try {
    for (const id of [1, 2]) {
      await database.transaction(id, (tx) => tx.query('INSERT INTO note VALUES ($1, $2)', [id, `n${id}`]));
    }
    const text = 'SELECT id FROM note';
    expect(await database.read(1, { text, values: [] })).toEqual([{ id: 'n1' }]);
    expect(await database.call({ text, values: [] })).toEqual([]);
    expect(await database.call({ text: 'SELECT count_notes() AS n', values: [] })).toEqual([{ n: 102 }]);
    expect(await database.owner(async (client) => (await client.query(text)).rowCount)).toBe(2);
    await database.transaction(1, (tx) => tx.query('INSERT INTO secret VALUES (1)'));
    // A connection that does not say what it is for is bound by the policies, though it owns the table.
    expect(await withClient(url, async (client) => (await client.query('SELECT FROM secret')).rowCount)).toBe(0);
  } finally {
    await database.close();
  }
}

describe('an ordinary owner of the database', () => {
  it('needs no right to create roles once they exist and were granted', async () => {
    const server = inject('databaseUrl');
    const seed = `${inject('databasePrefix')}_roles`;
    await withClient(server, (client) => client.query(`CREATE DATABASE ${seed}`));
    await (await open(urlOf(server, seed))).close();
    const owner = await ordinaryOwner(server, '', async (client, login) => {
      await client.query(`GRANT mostrador_app, mostrador_definer TO ${login}`);
    });
    await provesItself(owner.url);
    await owner.remove();
  });
});

describe('on a PostgreSQL of its own', () => {
  let folder: string;
  let embedded: Embedded;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'roles-'));
    const settings = { fsync: 'off' };
    embedded = await openEmbedded({ dataDir: folder, user: 'tool', log: () => {}, settings });
  });
  afterAll(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('an owner that may not create roles is told what a superuser has to run', async () => {
    const owner = await ordinaryOwner(embedded.url(), '', async () => {});
    await expect(open(owner.url)).rejects.toThrow(/CREATE ROLE mostrador_app NOLOGIN;.*GRANT mostrador_app/s);
    await owner.remove();
  });

  it('an owner that may create roles makes them, and another is told what was not granted to it', async () => {
    const first = await ordinaryOwner(embedded.url(), 'CREATEROLE', async () => {});
    await provesItself(first.url);
    const second = await ordinaryOwner(embedded.url(), 'CREATEROLE', async () => {});
    const refused = await open(second.url).catch((error: Error) => error.message);
    const statement = /GRANT mostrador_app TO .*;/.exec(String(refused))?.[0];
    expect(statement).toBeDefined();
    await withClient(embedded.url(), async (client) => {
      await client.query(statement ?? '');
      await client.query((statement ?? '').replace('mostrador_app', 'mostrador_definer').replace('FALSE', 'TRUE'));
    });
    await provesItself(second.url);
    await second.remove();
    await first.remove();
    await withClient(embedded.url(), (client) => client.query('DROP ROLE mostrador_app, mostrador_definer'));
  });

  it('several databases make the roles at the same moment', async () => {
    const names = Array.from({ length: 6 }, (_, i) => `race${i}`);
    await withClient(embedded.url(), async (client) => {
      for (const name of names) await client.query(`CREATE DATABASE ${name}`);
    });
    const databases = await Promise.all(names.map((name) => open(urlOf(embedded.url(), name))));
    for (const database of databases) await database.close();
    expect(databases).toHaveLength(6);
  });

  it('a role that could bypass the policies is refused', async () => {
    await withClient(embedded.url(), (client) => client.query('ALTER ROLE mostrador_app BYPASSRLS'));
    await expect(open(embedded.url())).rejects.toThrow(/mostrador_app must be neither superuser/);
  });
});
