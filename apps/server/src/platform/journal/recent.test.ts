import { describe, expect, it } from 'vitest';
import { RecentEvents } from './recent.js';
import type { JournalEvent } from './types.js';

const event = (seq: number) => ({ seq }) as JournalEvent;
const events = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => event(from + i));
const seqs = (found: JournalEvent[] | undefined) => found?.map((e) => e.seq);

describe('[JR12] recent events', () => {
  it('are those between two places, and no answer when one of them is missing', () => {
    const recent = new RecentEvents();
    expect(recent.between(1, 0, 0)).toBeUndefined();
    recent.add(1, events(5, 6));
    recent.add(1, events(7, 9));
    expect(seqs(recent.between(1, 4, 9))).toEqual([5, 6, 7, 8, 9]);
    expect(seqs(recent.between(1, 6, 8))).toEqual([7, 8]);
    expect(recent.between(1, 3, 9)).toBeUndefined();
    expect(recent.between(1, 4, 10)).toBeUndefined();
    expect(recent.between(2, 4, 9)).toBeUndefined();
  });

  it('begin anew after a gap, also when an older commit is found again', () => {
    const recent = new RecentEvents();
    recent.add(1, events(1, 3));
    recent.add(1, events(6, 7));
    expect(recent.between(1, 0, 7)).toBeUndefined();
    expect(seqs(recent.between(1, 5, 7))).toEqual([6, 7]);
    recent.add(1, events(4, 5));
    expect(recent.between(1, 5, 7)).toBeUndefined();
    expect(seqs(recent.between(1, 3, 5))).toEqual([4, 5]);
  });

  it('are the last ones only, and gone when they are let go of', () => {
    const recent = new RecentEvents();
    for (let seq = 1; seq <= 10_000; seq++) recent.add(1, [event(seq)]);
    expect(recent.between(1, 0, 10_000)).toBeUndefined();
    expect(seqs(recent.between(1, 9_500, 10_000))).toHaveLength(500);
    recent.forget(1);
    expect(recent.between(1, 9_999, 10_000)).toBeUndefined();
  });
});
