import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withClient } from '../../../test/database.js';
import { counter, createTestJournal, note, notes, type TestJournal } from '../../../test/journal.js';
import { type RebuildReport, rebuild } from './rebuild.js';
import { ATTEMPTS_MAX, Subscriptions } from './subscriptions.js';
import type { Projection, Subscription } from './types.js';
import { verify } from './verify.js';

let t: TestJournal;
const broken = new Set<string>();
const reader = counter(broken);

beforeEach(async () => {
  broken.clear();
  t = await createTestJournal();
});
afterEach(() => t.drop());

function worker(clock = { now: Date.now() }): Subscriptions {
  return new Subscriptions({
    database: t.database,
    journal: t.journal,
    subscriptions: [reader],
    tenants: async () => [],
    now: () => clock.now,
    random: () => 0.5,
  });
}

async function write(tenantId: number, n: number, from = 0): Promise<void> {
  await Promise.all(
    Array.from({ length: n }, (_, i) => t.journal.commit(tenantId, note(`s-${from + i}`, `text ${from + i}`))),
  );
}

const run = (projections: readonly Projection[] = [notes], subscriptions: readonly Subscription[] = [reader]) =>
  rebuild({ database: t.database, projections, subscriptions, tenants: [1] });

async function isSound(): Promise<void> {
  const report = await verify({ database: t.database, projections: [notes], subscriptions: [reader] });
  expect(report.checks.filter((c) => c.failed > 0)).toEqual([]);
}

const sameness = (report: RebuildReport) => report.tables.map((table) => table.same);

/** The catalogue's words on a table and its indexes. */
async function shapeOf(table: string): Promise<unknown> {
  return t.database.owner(async (client) => {
    const found = await client.query(
      `SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text, c.reloptions::text, obj_description(c.oid) AS comment,
  (SELECT json_agg(pg_get_indexdef(i.indexrelid) ORDER BY 1) FROM pg_index i WHERE i.indrelid = c.oid) AS indexes,
  (SELECT json_agg(con.conname || pg_get_constraintdef(con.oid) ORDER BY con.conname) FROM pg_constraint con WHERE con.conrelid = c.oid) AS constraints,
  (SELECT json_agg(a.attname || format_type(a.atttypid, a.atttypmod) || a.attnotnull || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || coalesce(col_description(c.oid, a.attnum), '') ORDER BY a.attnum)
   FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE a.attrelid = c.oid AND a.attnum > 0) AS columns,
  (SELECT json_agg(p.polname || coalesce(pg_get_expr(p.polqual, c.oid), '') || coalesce(pg_get_expr(p.polwithcheck, c.oid), '') || p.polroles::regrole[]::text ORDER BY p.polname)
   FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
FROM pg_class c WHERE c.oid = $1::regclass`,
      [`public.${table}`],
    );
    return found.rows;
  });
}

describe('rebuild', () => {
  it('[JR16] gives the same tables while commits go on, and repairs one that was changed', async () => {
    await write(1, 300);
    await worker().drain(1);
    const [report] = await Promise.all([run(), write(1, 200, 300)]);
    expect(report.tables).toMatchObject([
      { name: 'test_note', same: true },
      { name: 'test_count', same: true, rows: 300 },
    ]);
    expect(await t.journal.head(1)).toBe(500);
    await isSound();

    await t.database.owner((client) => client.query("UPDATE test_note SET text = 'forged' WHERE subject = 's-7'"));
    expect((await run()).tables).toMatchObject([{ same: false, rows: 500 }, { same: true }]);
    expect(sameness(await run())).toEqual([true, true]);
    await isSound();
    const clash = await t.journal.commit(1, note('other', 'text 7'));
    expect(clash).toMatchObject({
      status: 'rejected',
      rejection: { code: 'constraint', constraint: 'test_note_text' },
    });
  });

  it('[JR16] loses no shop that was not named or that begins meanwhile', async () => {
    await write(1, 20);
    await write(2, 20);
    await Promise.all([run(), ...[3, 4, 5, 6].map((tenant) => write(tenant, 40))]);
    await write(7, 5);
    await isSound();
  });

  it('[JR16] gives the new tables all that the old ones were', async () => {
    await t.database.owner((client) =>
      client.query(`ALTER TABLE test_note SET (fillfactor = 77, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE test_note ADD COLUMN doubled text GENERATED ALWAYS AS (text || text) STORED;
ALTER TABLE test_note ADD COLUMN odd integer NOT NULL DEFAULT 7, ADD CONSTRAINT is_odd CHECK (odd % 2 = 1);
ALTER TABLE test_note ADD CONSTRAINT placed UNIQUE (tenant_id, seq) DEFERRABLE;
CREATE INDEX test_note_tenant_id_seq_idx ON test_note (tenant_id, text);
CREATE INDEX test_note_tenant_id_text_idx ON test_note (tenant_id, seq) WHERE seq > 5;
COMMENT ON TABLE test_note IS 'It''s a note'; COMMENT ON COLUMN test_note.odd IS 'never even';
SELECT mostrador_definer_reads('test_note')`),
    );
    await write(1, 10);
    const before = await shapeOf('test_note');
    expect(sameness(await run())).toEqual([true, true]);
    expect(await shapeOf('test_note')).toEqual(before);
    await isSound();
  });

  it('[JR16] derives what clashes within one statement and did not when it was written', async () => {
    for (const [subject, text] of [
      ['a', 'x'],
      ['a', 'y'],
      ['b', 'x'],
      ['a', 'z'],
      ['c', 'y'],
    ] as const)
      await t.journal.commit(1, note(subject, text));
    expect(sameness(await run())).toEqual([true, true]);
    await isSound();
  });

  it('[JR16] goes on after one that was cut off', async () => {
    await write(1, 10);
    await t.database.owner((client) =>
      client.query(
        'CREATE SCHEMA mostrador_replaced; CREATE TABLE mostrador_replaced.test_note (); CREATE SCHEMA mostrador_rebuild',
      ),
    );
    expect((await run()).ok).toBe(true);
    await isSound();
  });

  it('[JR16] changes nothing when it fails half-way', async () => {
    await write(1, 10);
    const failing: Projection = {
      ...notes,
      statements: () => {
        throw new Error('cannot derive');
      },
    };
    await expect(run([failing])).rejects.toThrow('cannot derive');
    await expect(run([{ ...notes, tables: ['absent'] }])).rejects.toThrow('absent');
    expect((await t.journal.commit(1, note('after', 'after'))).status).toBe('committed');
    await isSound();
    const left = await t.database.owner((client) =>
      client.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'mostrador%'"),
    );
    expect(left.rows).toEqual([]);
    expect(sameness(await run())).toEqual([true, true]);
  });

  it('[JR16] waits for those who read the tables, and holds up nobody meanwhile', async () => {
    await write(1, 10);
    await withClient(t.url, async (client) => {
      await client.query("SET mostrador.owner = 'on'; BEGIN ISOLATION LEVEL REPEATABLE READ");
      await client.query('SELECT * FROM test_count');
      const rebuilding = run();
      await withClient(t.url, async (watcher) => {
        for (let waiting = 0; waiting === 0; ) {
          const found = await watcher.query(
            "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'test_count'::regclass",
          );
          waiting = found.rows.length;
        }
      });
      // Neither a sale nor a reader with its locks in the other order is made a victim.
      await write(1, 5, 10);
      await client.query('SELECT * FROM test_note');
      await client.query('COMMIT');
      expect(sameness(await rebuilding)).toEqual([true, true]);
    });
    await isSound();
  });

  it('[JR14] [JR16] keeps what was replayed while it was under way', async () => {
    await write(1, 10);
    broken.add('text 4');
    const clock = { now: Date.now() };
    const subscriptions = worker(clock);
    for (let i = 0; i <= ATTEMPTS_MAX; i++) {
      await subscriptions.drain(1);
      clock.now += 61_000;
    }
    const [letter] = await subscriptions.deadLetters(1, { limit: 1 });
    broken.clear();
    // Its second connection is asked for after the first replay, which passes the letter over.
    let calls = 0;
    const owner = async <T>(fn: Parameters<typeof t.database.owner<T>>[0]) => {
      if (calls++ === 1) expect(await subscriptions.replay(1, letter?.id ?? 0)).toBe('resolved');
      return t.database.owner(fn);
    };
    const database = { ...t.database, owner };
    const report = await rebuild({ database, projections: [notes], subscriptions: [reader], tenants: [1] });
    expect(sameness(report)).toEqual([true, true]);
    const rows = await t.database.read<{ n: number }>(1, {
      text: 'SELECT sum(n)::bigint AS n FROM test_count WHERE tenant_id = $1',
      values: [1],
    });
    expect(rows).toEqual([{ n: 10 }]);
    await isSound();
  });
});

describe('verify', () => {
  it('[JR17] raises no alarm while sales, readers and a rebuild go on', async () => {
    await write(1, 50);
    let busy = true;
    const selling = (async () => {
      for (let from = 50; busy; from += 20) {
        await write(1, 20, from);
        await worker().drain(1);
      }
    })();
    const working = Promise.all([run(), isSound(), isSound()]);
    await working.finally(() => {
      busy = false;
    });
    await selling;
    await isSound();
  });

  it('[JR17] checks the shops that have a journal, also one that it is not told of', async () => {
    await write(1, 5);
    await write(2, 5);
    await t.database.owner((client) =>
      client.query("UPDATE test_note SET text = 'forged' WHERE tenant_id = 2 AND seq = 3"),
    );
    const report = await verify({ database: t.database, projections: [notes], subscriptions: [reader] });
    expect(report.checks.filter((c) => c.failed > 0).map((c) => c.name)).toEqual(['projection_test_note']);
  });
});
