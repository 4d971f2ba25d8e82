import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counter, createTestJournal, note, type TestJournal } from '../../../test/journal.js';
import type { Database } from '../database/index.js';
import { ATTEMPTS_MAX, backoffMs, Subscriptions } from './subscriptions.js';
import type { Subscription } from './types.js';

let t: TestJournal;
let tenants = 0;
const shop = () => ++tenants;

beforeAll(async () => {
  t = await createTestJournal();
});
afterAll(() => t.drop());

/** Subscriptions on a clock that a test moves. */
function workers(
  subscriptions: readonly Subscription[],
  clock = { now: Date.now() },
  database: Pick<Database, 'read' | 'transaction'> = t.database,
) {
  const made = new Subscriptions({
    database: { ...t.database, ...database },
    journal: t.journal,
    subscriptions,
    tenants: async () => [],
    now: () => clock.now,
    random: () => 0.5,
  });
  return { made, clock };
}

async function counted(tenantId: number): Promise<number> {
  const rows = await t.database.read<{ n: number }>(tenantId, {
    text: 'SELECT coalesce(sum(n), 0)::bigint AS n FROM test_count WHERE tenant_id = $1',
    values: [tenantId],
  });
  return rows[0]?.n ?? 0;
}

async function write(tenantId: number, n: number, from = 0): Promise<void> {
  await Promise.all(
    Array.from({ length: n }, (_, i) => t.journal.commit(tenantId, note(`s-${from + i}`, `text ${from + i}`))),
  );
}

describe('a subscription', () => {
  it('[JR12] reads each event once, in order, and goes on where it stopped', async () => {
    const tenant = shop();
    const seen: number[] = [];
    const reader: Subscription = {
      ...counter(new Set()),
      handle: async (_tx, _tenant, events) => void seen.push(...events.map((e) => e.seq)),
    };
    await write(tenant, 30);
    await workers([reader]).made.drain(tenant);
    await write(tenant, 30, 30);
    await workers([reader]).made.drain(tenant);
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  it('[JR12] counts each event once when two processes run the same reader', async () => {
    const tenant = shop();
    await write(tenant, 200);
    const [a, b] = [workers([counter(new Set())]), workers([counter(new Set())])];
    await Promise.all([a.made.drain(tenant), b.made.drain(tenant)]);
    await a.made.drain(tenant);
    expect(await counted(tenant)).toBe(200);
  });

  it('[JR12] counts once what is committed while a chunk is being read', async () => {
    const tenant = shop();
    await write(tenant, 10);
    let late = 10;
    // The worst moment: after the head was read, before the events are.
    const overtaken: Pick<Database, 'read' | 'transaction'> = {
      read: (tenantId, statement) => t.database.read(tenantId, statement),
      transaction: (tenantId, fn) =>
        t.database.transaction(tenantId, (tx) =>
          fn({
            statement: (s) => tx.statement(s),
            query: async (text, values) => {
              const result = await tx.query(text, values);
              if (/FROM journal_head/.test(text) && late < 11) await write(tenant, 1, late++);
              return result as never;
            },
          }),
        ),
    };
    await workers([counter(new Set())], undefined, overtaken).made.drain(tenant);
    await workers([counter(new Set())]).made.drain(tenant);
    expect(await t.journal.head(tenant)).toBe(11);
    expect(await counted(tenant)).toBe(11);
  });

  it('[JR13] waits longer after each failure, up to a minute', () => {
    expect([1, 2, 3, 7, 8].map((n) => backoffMs(n, 0.5))).toEqual([1000, 2000, 4000, 60_000, 60_000]);
    expect([backoffMs(1, 0), backoffMs(1, 1)]).toEqual([800, 1200]);
  });

  it('[JR14] sets the one event aside that cannot be done, and replays it once when it can', async () => {
    const tenant = shop();
    await write(tenant, 10);
    const broken = new Set(['text 4']);
    const { made, clock } = workers([counter(broken)]);
    for (let i = 0; i < ATTEMPTS_MAX + 2; i++) {
      await made.drain(tenant);
      clock.now += 61_000;
    }
    expect(await counted(tenant)).toBe(9);
    const [letter, ...others] = await made.deadLetters(tenant, { limit: 10 });
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ subscription: 'count', error: 'cannot count text 4', resolvedAt: null });
    expect(await made.replay(tenant, letter?.id ?? 0)).toBe('failed');
    broken.clear();
    expect(await made.replay(tenant, letter?.id ?? 0)).toBe('resolved');
    expect(await made.replay(tenant, letter?.id ?? 0)).toBe('already_resolved');
    expect(await made.replay(tenant, 999_999)).toBe('unknown');
    expect(await counted(tenant)).toBe(10);
    expect(await made.deadLetters(tenant, { limit: 10 })).toEqual([]);
  });

  it('[JR14] never takes the cursor back when another process got past what failed here', async () => {
    const tenant = shop();
    await write(tenant, 1);
    const clock = { now: Date.now() };
    const other = workers([counter(new Set())], clock);
    const late = counter(new Set());
    // Its transaction is over and the failure not yet written down: then the others go on.
    const overtaken: Pick<Database, 'read' | 'transaction'> = {
      read: (tenantId, statement) => t.database.read(tenantId, statement),
      transaction: (tenantId, fn) =>
        t.database.transaction(tenantId, fn).catch(async (error: unknown) => {
          await other.made.drain(tenantId);
          await write(tenantId, 10, 1);
          await other.made.drain(tenantId);
          await t.database.transaction(tenantId, (tx) =>
            tx.query('UPDATE journal_subscription SET attempts = $2 WHERE tenant_id = $1', [
              tenantId,
              ATTEMPTS_MAX - 1,
            ]),
          );
          throw error;
        }),
    };
    const failing: Subscription = { ...late, handle: () => Promise.reject(new Error('only here')) };
    await workers([failing], clock, overtaken).made.drain(tenant);
    clock.now += 61_000;
    await other.made.drain(tenant);
    expect(await counted(tenant)).toBe(11);
    expect(await other.made.status(tenant)).toMatchObject([{ cursor: 11, head: 11, deadLetters: 0 }]);
  });

  it('[JR15] tells how far it is behind', async () => {
    const tenant = shop();
    await write(tenant, 5);
    const { made } = workers([counter(new Set())]);
    expect(await made.status(tenant)).toMatchObject([{ name: 'count', cursor: 0, head: 5 }]);
    await made.drain(tenant);
    expect(await made.status(tenant)).toMatchObject([{ name: 'count', cursor: 5, head: 5, deadLetters: 0 }]);
  });
});
