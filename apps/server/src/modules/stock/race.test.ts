/**
 * Many who change the same levels at once, through two processes on one database: nothing is made, nothing is lost,
 * nothing falls below zero unasked [ST18].
 */
import { decide, EMPTY_STOCK, reserve, type StockCommand, takeReserved } from '@mostrador/domain/stock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import type { Database } from '../../platform/database/index.js';
import { newId, newUuid } from '../../platform/ids.js';
import { type CommitResult, JournalWriter, journalMigrations } from '../../platform/journal/index.js';
import { expirePending } from './expire.js';
import { readOnHand } from './levels.js';
import { stockProjection } from './projections.js';
import { stockMigrations } from './tables.js';

let kit: TestDatabase;
let second: Database;
let writers: JournalWriter[];
let tenant = 0;
let clock = Date.now();
const now = () => clock;

beforeAll(async () => {
  kit = await createTestDatabase({ migrations: [...journalMigrations, ...stockMigrations] });
  second = await kit.open();
  writers = [kit.database, second].map(
    (database) => new JournalWriter({ database, projections: [stockProjection], now }),
  );
});
afterAll(async () => {
  await Promise.all(writers.map((w) => w.close()));
  await second.close();
  await kit.drop();
});
beforeEach(() => {
  tenant += 1;
});

let turn = 0;
/** Each proposal goes to the other process than the one before. */
async function run(command: StockCommand): Promise<CommitResult> {
  const id = newUuid();
  const decision = decide(EMPTY_STOCK, command, { commitId: id, now: now() });
  if (!decision.ok) throw new Error(decision.rejection.code);
  const writer = writers[turn++ % 2] as JournalWriter;
  const { events, transfers } = decision;
  return writer.commit(tenant, { id, digest: '1'.repeat(64), actor: 'usr_1', events, transfers });
}

const adjust = (quantityMilli: number, locationId = 'loc_1', variantId = 'var_1') =>
  run({
    type: 'adjust',
    adjustmentId: newId('stk'),
    locationId,
    variantId,
    quantityMilli,
    reason: 'x',
    allowBelowZero: false,
  });
const move = (from: string, to: string, quantityMilli: number, variantId = 'var_1') =>
  run({
    type: 'move',
    moveId: newId('stk'),
    fromLocationId: from,
    toLocationId: to,
    reason: '',
    lines: [{ variantId, quantityMilli }],
  });
const level = async (location: string, variant = 'var_1') =>
  (await readOnHand(kit.database, tenant, location, [variant])).get(variant) ?? 0;
const accepted = (results: readonly CommitResult[]) => results.filter((r) => r.status === 'committed').length;

describe('at once', () => {
  it('[ST18] 200 adjustments add up, and what would go below zero is refused', async () => {
    await adjust(20_000);
    const changes = Array.from({ length: 200 }, (_, i) => (i % 4 === 3 ? 1000 : -1000));
    const results = await Promise.all(changes.map((c) => adjust(c)));
    const sum = results.reduce((s, r, i) => s + (r.status === 'committed' ? (changes[i] as number) : 0), 20_000);
    expect(await level('loc_1')).toBe(sum);
    expect(sum).toBeGreaterThanOrEqual(0);
    // All that brought something were taken: those are never short.
    expect(accepted(results.filter((_, i) => (changes[i] as number) > 0))).toBe(50);
    for (const r of results) {
      if (r.status === 'rejected')
        expect(r.rejection).toMatchObject({ code: 'ledger', reason: { code: 'insufficient' } });
    }
  });

  it('[ST18] of 200 who take the last 10, exactly 10 get one', async () => {
    await adjust(10_000);
    const results = await Promise.all(Array.from({ length: 200 }, () => adjust(-1000)));
    expect(accepted(results)).toBe(10);
    expect(await level('loc_1')).toBe(0);
  });

  it('[ST6] [ST18] 200 moves to and fro keep the sum over both places', async () => {
    await adjust(30_000, 'loc_1');
    await adjust(30_000, 'loc_2');
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        i % 2 === 0 ? move('loc_1', 'loc_2', 1000 + i * 7) : move('loc_2', 'loc_1', 1500 + i * 3),
      ),
    );
    const [one, two] = await Promise.all([level('loc_1'), level('loc_2')]);
    expect(one + two).toBe(60_000);
    expect(Math.min(one, two)).toBeGreaterThanOrEqual(0);
    expect(accepted(results)).toBeGreaterThan(0);
  });

  it('[ST7] [ST18] sales during a count stay sold', async () => {
    await adjust(50_000);
    const count = run({
      type: 'count',
      countId: newId('stk'),
      locationId: 'loc_1',
      note: '',
      lines: [{ variantId: 'var_1', seenMilli: 50_000, countedMilli: 48_000 }],
    });
    const taken = await Promise.all(Array.from({ length: 30 }, () => adjust(-1000)));
    expect((await count).status).toBe('committed');
    expect(accepted(taken)).toBe(30);
    expect(await level('loc_1')).toBe(18_000);
  });

  it('[ST18] the seq of everything that was accepted is gapless', async () => {
    await adjust(5000);
    await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? adjust(-1000) : move('loc_1', 'loc_2', 500))));
    const events = await (writers[0] as JournalWriter).eventsAfter(tenant, 0, 1000);
    expect(events.map((e) => e.seq)).toEqual(events.map((_, i) => i + 1));
  });
});

describe('reservations', () => {
  const hold = (quantityMilli: number, expiresAt?: number) => {
    const id = newUuid();
    return (writers[turn++ % 2] as JournalWriter)
      .commit(tenant, {
        id,
        digest: '2'.repeat(64),
        actor: 'usr_1',
        events: [{ type: 'order.placed', subject: `ord_${id}`, payload: {} }],
        transfers: [reserve(`${id}/0`, { locationId: 'loc_1', variantId: 'var_1', quantityMilli, expiresAt })],
      })
      .then((result) => ({ result, pendingId: `${id}/0` }));
  };
  const take = (pendingId: string) => {
    const id = newUuid();
    return (writers[turn++ % 2] as JournalWriter).commit(tenant, {
      id,
      digest: '3'.repeat(64),
      actor: 'usr_1',
      events: [{ type: 'order.shipped', subject: `ord_${id}`, payload: {} }],
      transfers: [takeReserved(`${id}/0`, pendingId)],
    });
  };
  const available = async () => {
    const rows = await kit.database.read<{ available: number }>(tenant, {
      text: `SELECT debits_posted - credits_posted - credits_pending AS available FROM ledger_account
WHERE tenant_id = $1 AND kind = 'stock' AND owner = 'loc_1' AND item = 'var_1'`,
      values: [tenant],
    });
    return rows[0]?.available;
  };
  const platforms = () =>
    [kit.database, second].map((database, i) => ({ database, journal: writers[i] as JournalWriter, now }));

  it('[ST12] of 60 who reserve the last 10, exactly 10 do, and on hand stays', async () => {
    await adjust(10_000);
    const held = await Promise.all(Array.from({ length: 60 }, () => hold(1000)));
    expect(accepted(held.map((h) => h.result))).toBe(10);
    expect(await available()).toBe(0);
    expect(await level('loc_1')).toBe(10_000);
    expect((await adjust(-1)).status).toBe('rejected');
  });

  it('[ST13] two sweeps at once end each due reservation once, and leave the others', async () => {
    await adjust(100_000);
    const due = await Promise.all(Array.from({ length: 30 }, () => hold(1000, clock + 1000)));
    await hold(1000);
    await hold(1000, clock + 60_000);
    await take((due[0] as { pendingId: string }).pendingId);
    clock += 2000;
    const swept = await Promise.all([...platforms(), ...platforms()].map((p) => expirePending(p, tenant)));
    expect(swept.reduce((a, b) => a + b, 0)).toBe(29);
    expect(await level('loc_1')).toBe(99_000);
    expect(await available()).toBe(97_000);
    expect((await take((due[1] as { pendingId: string }).pendingId)).status).toBe('rejected');
  });

  it('[ST13] a sweep with nothing due writes nothing', async () => {
    await adjust(1000);
    await hold(1000);
    expect(await expirePending(platforms()[0] as never, tenant)).toBe(0);
    expect(await (writers[0] as JournalWriter).head(tenant)).toBe(2);
  });
});
