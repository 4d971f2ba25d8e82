import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../../test/shop.js';
import { commitAround, listEvents, seqOfDay } from './queries.js';

const TENANT = 1;
const HOUR = 3_600_000;
let shop: Shop;
beforeAll(async () => {
  shop = await openShop([]);
  // Every three hours from 2026-03-01T00:00Z: 40 events, every tenth one rare.
  const begin = Date.UTC(2026, 2, 1);
  for (let n = 0; n < 40; n++) {
    shop.clock = begin + n * 3 * HOUR;
    const type = n % 10 === 0 ? 'rare.seen' : 'often.seen';
    await shop.commit(TENANT, {
      actor: n % 2 === 0 ? 'usr_a' : 'usr_b',
      events: [{ type, subject: `thing_${n % 4}`, payload: {} }],
    });
  }
  await shop.commit(TENANT, {
    events: ['a', 'b', 'c'].map((name) => ({ type: `set.${name}`, subject: name, payload: {} })),
  });
});
afterAll(() => shop.close());

const whole = { from: 1, to: 44 };

describe('reading the trail', () => {
  it.each(['newest', 'oldest'] as const)('finds what is rare, %s first, a stretch at a time', async (direction) => {
    const found: number[] = [];
    let pages = 0;
    let range = { ...whole, direction };
    for (;;) {
      const page = await listEvents(shop.kit.database, TENANT, { type: 'rare' }, range, 2, 7);
      pages += 1;
      found.push(...page.events.map((e) => e.seq));
      if (page.next === null) break;
      range = direction === 'newest' ? { ...range, to: page.next } : { ...range, from: page.next + 1 };
    }
    const all = [1, 11, 21, 31];
    expect(found).toEqual(direction === 'newest' ? all.reverse() : all);
    expect(pages).toBe(7);
  });

  it('joins filters', async () => {
    const find = async (filter: object) =>
      (await listEvents(shop.kit.database, TENANT, filter, { ...whole, direction: 'newest' }, 50)).events.map(
        (e) => e.seq,
      );
    expect(await find({ subject: 'thing_0', actor: 'usr_a', type: 'rare.seen' })).toEqual([21, 1]);
    expect(await find({ actor: 'usr_b', type: 'rare.seen' })).toEqual([]);
    expect(await find({ type: 'set' })).toEqual([43, 42, 41]);
    expect(await find({ type: 'set.b' })).toEqual([42]);
  });

  it('finds where a day begins, for days before, within and after the journal', async () => {
    const of = (day: string, zone: string) => seqOfDay(shop.kit.database, TENANT, day, zone, 43);
    expect(await of('2020-01-01', 'UTC')).toBe(1);
    expect(await of('2026-03-01', 'UTC')).toBe(1);
    expect(await of('2026-03-02', 'UTC')).toBe(9);
    // Midnight in Buenos Aires is three in the morning: an event of that very moment is of the new day.
    expect(await of('2026-03-02', 'America/Argentina/Buenos_Aires')).toBe(10);
    expect(await of('2030-01-01', 'UTC')).toBe(44);
    expect(await seqOfDay(shop.kit.database, 99, '2026-03-01', 'UTC', 0)).toBe(1);
  });

  it('shows the rest of a commit', async () => {
    const [event] = await shop.journal.eventsAfter(TENANT, 41, 1);
    if (event === undefined) throw new Error('an event');
    expect(await commitAround(shop.kit.database, TENANT, event)).toEqual([
      { seq: 41, type: 'set.a', subject: 'a' },
      { seq: 43, type: 'set.c', subject: 'c' },
    ]);
  });
});
