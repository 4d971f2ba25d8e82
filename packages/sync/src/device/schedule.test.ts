import { describe, expect, it } from 'vitest';
import { BATCH_WAIT_MS, backoffMs, type LaneView, nextPush } from './schedule.js';

const NOW = 1_000_000;
const view = (more: Partial<LaneView>): LaneView => ({
  epoch: 'e',
  lane: 'high',
  pending: 1,
  oldestMs: NOW,
  isOnItsWay: false,
  failures: 0,
  retryAtMs: 0,
  ...more,
});
const due = (lanes: readonly LaneView[], nowMs = NOW, isManual = false) =>
  nextPush(lanes, nowMs, { isManual }).due.map((l) => l.lane);

describe('[SY10] a lane is sent', () => {
  it('at fifty events or after five seconds', () => {
    expect(due([view({})])).toEqual([]);
    expect(nextPush([view({})], NOW, { isManual: false }).wakeAtMs).toBe(NOW + BATCH_WAIT_MS);
    expect(due([view({})], NOW + BATCH_WAIT_MS)).toEqual(['high']);
    expect(due([view({ pending: 50 })])).toEqual(['high']);
  });

  it('at once when it is critical, or when a person asks', () => {
    expect(due([view({ lane: 'critical' })])).toEqual(['critical']);
    expect(due([view({ lane: 'low' })], NOW, true)).toEqual(['low']);
  });

  it('not while it is on its way, and not without events', () => {
    expect(due([view({ pending: 50, isOnItsWay: true }), view({ pending: 0 })], NOW, true)).toEqual([]);
  });

  it('also when the clock was put back', () => {
    expect(nextPush([view({ oldestMs: NOW + 86_400_000 })], NOW, { isManual: false }).wakeAtMs).toBe(
      NOW + BATCH_WAIT_MS,
    );
    expect(due([view({ lane: 'critical', retryAtMs: NOW + 86_400_000 })], NOW + 73_000)).toEqual([]);
    expect(nextPush([view({ lane: 'critical', retryAtMs: NOW + 86_400_000 })], NOW, { isManual: false }).wakeAtMs).toBe(
      NOW + 72_000,
    );
  });

  it('[SY1] the most urgent first, none waiting for another', () => {
    const lanes = [
      view({ lane: 'low', pending: 50 }),
      view({ lane: 'critical', isOnItsWay: true }),
      view({ pending: 50 }),
    ];
    expect(due(lanes)).toEqual(['high', 'low']);
  });
});

describe('[SY11] a retry', () => {
  it('comes after 1 s, doubling to 60 s, ±20 %', () => {
    const middle = [1, 2, 3, 4, 5, 6, 7, 8, 40].map((failures) => backoffMs(failures, 0.5));
    expect(middle).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect([backoffMs(1, 0), backoffMs(1, 0.999_999)]).toEqual([800, 1200]);
  });
});
