/** What goes wrong under the writer: faults in the middle of a batch, lost connections, races for a shop's first event. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../../test/database.js';
import {
  createTestJournal,
  digestOf,
  note,
  notes,
  open,
  sell,
  stock,
  type TestJournal,
} from '../../../test/journal.js';
import type { Flush } from '../database/flush.js';
import { type Database, DatabaseUnavailable } from '../database/index.js';
import { pruneKeys } from './keys.js';
import type { JournalEvent, Projection } from './types.js';
import { verify } from './verify.js';
import { type JournalOptions, JournalWriter } from './writer.js';

let t: TestJournal;
let tenants = 0;
const shop = () => ++tenants;
const writers: JournalWriter[] = [];

beforeAll(async () => {
  t = await createTestJournal();
});
afterAll(async () => {
  await Promise.all(writers.map((w) => w.close()));
  await t.drop();
});

type Query = pg.Client['query'];

/** A writer whose connections go through `around`, which may keep, fail or watch what is sent. */
function writer(options: Partial<JournalOptions>, around?: (client: pg.Client, query: Query) => Query): JournalWriter {
  const database: Database = {
    ...t.database,
    pipeline: async () => {
      const client = await t.database.pipeline();
      const query = client.query.bind(client) as Query;
      if (around !== undefined) client.query = around(client, query);
      return client;
    },
  };
  const made = new JournalWriter({ database, projections: [notes], now: Date.now, ...options });
  writers.push(made);
  return made;
}

/** The texts of what is sent at once, one a line. */
const textOf = ([sent]: readonly unknown[]): string =>
  typeof sent === 'string' ? sent : (sent as Flush).statements.map((s) => s.text).join('\n');

async function isSound(tenantId: number): Promise<void> {
  const report = await verify({ database: t.database, projections: [notes], subscriptions: [], tenants: [tenantId] });
  expect(report.checks.filter((c) => c.failed > 0)).toEqual([]);
}

async function balanceOf(tenantId: number, item: string): Promise<number> {
  const rows = await t.database.read<{ n: number }>(tenantId, {
    text: "SELECT debits_posted - credits_posted AS n FROM ledger_account WHERE tenant_id = $1 AND kind = 'stock' AND item = $2",
    values: [tenantId, item],
  });
  return rows[0]?.n ?? 0;
}

describe('a fault in the middle of a batch', () => {
  it('[JR6] forgets what it had decided when deciding breaks off', async () => {
    const tenant = shop();
    const journal = writer({});
    await journal.commit(tenant, open('a', 10));
    const impossible = note('n', 'n', {
      events: [{ type: 'note.written', subject: 'n', payload: { text: 1n } }],
    });
    const [sale, broken] = await Promise.allSettled([
      journal.commit(tenant, sell('a', 4)),
      journal.commit(tenant, impossible),
    ]);
    expect(sale).toMatchObject({ status: 'fulfilled', value: { status: 'committed' } });
    expect(broken).toMatchObject({ status: 'rejected', reason: expect.any(TypeError) });
    expect(await balanceOf(tenant, 'a')).toBe(6);
    expect((await journal.commit(tenant, sell('a', 6))).status).toBe('committed');
    await isSound(tenant);
  });

  it('[JR6] forgets it also when a projection breaks off', async () => {
    const tenant = shop();
    const faulty: Projection = {
      ...notes,
      statements: (tenantId, events) => {
        if (events.some((e) => e.subject === 'faulty')) throw new Error('no statements');
        return notes.statements(tenantId, events);
      },
    };
    const journal = writer({ projections: [faulty] });
    await journal.commit(tenant, open('a', 10));
    const lost = sell('a', 9);
    await expect(
      journal.commit(tenant, { ...lost, events: [{ type: 'note.written', subject: 'faulty', payload: {} }] }),
    ).rejects.toThrow('no statements');
    expect((await journal.commit(tenant, sell('a', 10))).status).toBe('committed');
    await isSound(tenant);
  });

  it('[JR11] answers a durable commit whatever its listeners do', async () => {
    const tenant = shop();
    const journal = writer({});
    journal.onCommitted(() => {
      throw new Error('a listener with a fault');
    });
    expect((await journal.commit(tenant, note('a', 'a'))).status).toBe('committed');
    expect((await journal.commit(tenant, note('b', 'b'))).status).toBe('committed');
  });

  it('[JR8] blames the database only for its own faults, however long a proposal has waited', async () => {
    const tenant = shop();
    let clock = 1_700_000_000_000;
    const journal = writer({ now: () => clock });
    await journal.commit(tenant, note('a', 'taken'));
    const both = Promise.all([journal.commit(tenant, note('b', 'free')), journal.commit(tenant, note('c', 'taken'))]);
    clock += 60_000;
    expect((await both).map((r) => r.status)).toEqual(['committed', 'rejected']);
  });
});

describe("a shop's first batch", () => {
  /** Both writers find no head and wait for the one that a third is about to make, and does not. */
  async function together<T>(tenant: number, work: () => Promise<T[]>): Promise<T[]> {
    return withClient(t.url, async (client) => {
      await client.query("SET mostrador.owner = 'on'");
      await client.query('BEGIN');
      await client.query("INSERT INTO journal_head (tenant_id, hash) VALUES ($1, '')", [tenant]);
      const working = work();
      // By another connection: within a transaction the view stands still.
      await withClient(t.url, async (watcher) => {
        for (let waiting = 0; waiting < 2; ) {
          const rows = await watcher.query<{ n: number }>(
            `SELECT count(*)::int AS n FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO journal_head%'`,
          );
          waiting = rows.rows[0]?.n ?? 0;
        }
      });
      await client.query('ROLLBACK');
      return working;
    });
  }

  it('[JR7] sees what another process wrote a moment before', async () => {
    const tenant = shop();
    const [one, two] = [writer({}), writer({})];
    const expects = [{ subject: 's', revision: 0 }];
    const results = await together(tenant, () =>
      Promise.all([
        one.commit(tenant, note('s', 'one', { expects })),
        two.commit(tenant, note('s', 'two', { expects })),
      ]),
    );
    expect(results.map((r) => r.status).sort()).toEqual(['committed', 'rejected']);
    await isSound(tenant);
  });

  it('[JR4] [JR10] repeats neither an id nor a number nor an account', async () => {
    const tenant = shop();
    const [one, two] = [writer({}), writer({})];
    const first = open('a', 5);
    const numbered = (subject: string) =>
      note(subject, subject, {
        events: [
          {
            type: 'note.written',
            subject,
            payload: { text: subject },
            number: { series: 'r', field: 'number', prefix: '' },
          },
        ],
      });
    const results = await together(tenant, () =>
      Promise.all([
        one.commit(tenant, first),
        one.commit(tenant, numbered('x')),
        two.commit(tenant, first),
        two.commit(tenant, numbered('y')),
        two.commit(tenant, open('a', 1)),
      ]),
    );
    expect(results.map((r) => r.status)).not.toContain('rejected');
    expect(await t.journal.head(tenant)).toBe(4);
    expect(await balanceOf(tenant, 'a')).toBe(6);
    await isSound(tenant);
  });
});

describe('connections', () => {
  it('[JR1] serves a quiet shop while a busy one has work for all connections', async () => {
    const [busy, quiet] = [shop(), shop()];
    const journal = writer({ connectionsMax: 1, batchMax: 1 });
    const order: number[] = [];
    const commit = (tenant: number, i: number) =>
      journal.commit(tenant, note(`n-${i}`, `n ${i}`)).then(() => order.push(tenant));
    await Promise.all([...Array.from({ length: 30 }, (_, i) => commit(busy, i)), commit(quiet, 0)]);
    expect(order.indexOf(quiet)).toBeLessThan(4);
  });

  it('[JR11] ends a connection that could not be prepared', async () => {
    const tenant = shop();
    const made: pg.Client[] = [];
    const ended = new Set<pg.Client>();
    const journal = writer({}, (client, query) => {
      made.push(client);
      client.once('end', () => ended.add(client));
      const fails = made.length <= 2;
      return ((...args: Parameters<Query>) =>
        fails && textOf(args).startsWith('SET')
          ? Promise.reject(Object.assign(new Error('starting up'), { code: '57P03' }))
          : query(...args)) as Query;
    });
    expect((await journal.commit(tenant, note('a', 'a'))).status).toBe('committed');
    await journal.close();
    expect(made.length).toBeGreaterThan(2);
    expect(made.filter((c) => !ended.has(c))).toEqual([]);
  });

  it('[JR11] tries again when a transaction was ended because this process slept', async () => {
    const tenant = shop();
    let once = true;
    const journal = writer({}, (client, query) => {
      return ((...args: Parameters<Query>) => {
        if (!once || !textOf(args).includes('INSERT INTO journal_event')) return query(...args);
        once = false;
        client.connection.stream.destroy();
        (args[0] as unknown as Flush).handleError(Object.assign(new Error('idle in transaction'), { code: '25P03' }));
      }) as Query;
    });
    expect((await journal.commit(tenant, note('a', 'a'))).status).not.toBe('rejected');
    expect(await t.journal.head(tenant)).toBe(1);
  });

  it('[JR11] gives up a connection that answers no more, tells the caller and can be closed', async () => {
    const tenant = shop();
    const journal = writer({ patienceMs: 100, silenceMs: 100 }, (client, query) => {
      return ((...args: Parameters<Query>) => {
        const answer = query(...args);
        if (textOf(args).startsWith('BEGIN')) client.connection.stream.pause();
        return answer;
      }) as Query;
    });
    await expect(journal.commit(tenant, note('a', 'a'))).rejects.toBeInstanceOf(DatabaseUnavailable);
    await journal.close();
    await expect(journal.commit(tenant, note('b', 'b'))).rejects.toBeInstanceOf(DatabaseUnavailable);
  });

  it('[JR11] tells of a commit whose answer was lost, once it is found again', async () => {
    const tenant = shop();
    let once = true;
    const journal = writer({}, (client, query) => {
      return ((...args: Parameters<Query>) => {
        if (once && textOf(args).endsWith('COMMIT')) {
          once = false;
          const sent = args[0] as unknown as Flush;
          sent.handleReadyForQuery = () => {
            client.connection.stream.destroy();
            sent.handleError(new Error('Connection terminated unexpectedly'));
          };
        }
        return query(...args);
      }) as Query;
    });
    const told: JournalEvent[] = [];
    journal.onCommitted((_tenant, events) => told.push(...events));
    expect(await journal.commit(tenant, note('a', 'a'))).toMatchObject({ status: 'duplicate', seq: 1 });
    expect(told.map((e) => e.seq)).toEqual([1]);
    await journal.commit(tenant, note('b', 'b'));
    expect(told.map((e) => e.seq)).toEqual([1, 2]);
  });
});

describe('what may be proposed', () => {
  it.each([
    ['a fraction of a millisecond', note('a', 'a', { at: 1_700_000_000_000.5 })],
    ['a time that is none', note('a', 'a', { at: Number.NaN })],
    ['a line break in a subject', note('a\nb', 'a')],
    ['a line break in an actor', note('a', 'a', { actor: 'usr\n1' })],
    ['an account whose address could be read in two ways', open('a/b', 1)],
  ])('[JR9] refuses %s, which the chain could not tell apart', async (_what, proposal) => {
    await expect(t.journal.commit(shop(), proposal)).rejects.toBeInstanceOf(TypeError);
  });

  it('[JR9] keeps times to the millisecond', async () => {
    const tenant = shop();
    const times = [0, -1, 1, 999, 1_700_000_000_123, 253_402_300_799_999, -2_208_988_800_001];
    for (const at of times) await t.journal.commit(tenant, note(`at-${at}`, `at ${at}`, { at }));
    expect((await t.journal.eventsAfter(tenant, 0, 100)).map((e) => e.at)).toEqual(times);
    await isSound(tenant);
  });

  it('[JR3] writes 32,000 events and as many transfers as one commit, beside others', async () => {
    const tenant = shop();
    const large = open('a', 1);
    const events = Array.from({ length: 32_000 }, (_, i) => ({
      type: 'note.counted',
      subject: `s-${i % 100}`,
      payload: { i },
    }));
    const transfers = Array.from({ length: 32_000 }, (_, n) => ({
      kind: 'direct' as const,
      id: `${large.id}/${n}`,
      debit: stock('a'),
      credit: { kind: 'opening' as const, owner: 'loc_1', item: '', unit: 'milli' },
      amount: 2,
      cause: 'opening' as const,
    }));
    const results = await Promise.all([
      t.journal.commit(tenant, note('before', 'before')),
      t.journal.commit(tenant, { ...large, events, transfers }),
      t.journal.commit(tenant, note('after', 'after')),
    ]);
    expect(results.map((r) => r.status)).toEqual(['committed', 'committed', 'committed']);
    expect(await t.journal.head(tenant)).toBe(32_002);
    expect(await balanceOf(tenant, 'a')).toBe(64_000);
    await isSound(tenant);
  });
});

describe('foreign keys', () => {
  const DAY = 86_400_000;

  it('[JR5] are kept for seven days and may be forgotten then', async () => {
    const [tenant, neighbour] = [shop(), shop()];
    let clock = 1_700_000_000_000;
    const journal = writer({ now: () => clock });
    const keyed = (key: string, text: string) => note(`${key}-${text}`, text, { key, digest: digestOf(key) });
    await journal.commit(tenant, keyed('old', 'old'));
    await journal.commit(neighbour, keyed('old', 'old'));
    clock += 3 * DAY;
    await journal.commit(tenant, keyed('new', 'new'));
    expect(await pruneKeys(t.database, tenant, clock + 4 * DAY)).toBe(0);
    expect(await pruneKeys(t.database, tenant, clock + 4 * DAY + 1)).toBe(1);
    expect(await journal.commit(tenant, keyed('new', 'again'))).toMatchObject({ status: 'duplicate', seq: 2 });
    expect(await journal.commit(tenant, keyed('old', 'again'))).toMatchObject({ status: 'committed', seq: 3 });
    expect(await journal.commit(neighbour, keyed('old', 'again'))).toMatchObject({ status: 'duplicate', seq: 1 });
    await isSound(tenant);
  });
});
