import { describe, expect, it } from 'vitest';
import { CLOCK_AHEAD_MAX_MS, judgeTime } from './clock.js';

describe('[SY35] a device’s time', () => {
  it.each([
    ['is taken as it is when it lies behind', 1_000, 0, 5_000, { atMs: 1_000, isAhead: false }],
    ['is corrected by what the server last said', 9_000, -5_000, 5_000, { atMs: 4_000, isAhead: false }],
    ['is not later than its arrival', 5_500, 0, 5_000, { atMs: 5_000, isAhead: false }],
    ['is told of when it is far ahead', 5_001 + CLOCK_AHEAD_MAX_MS, 0, 5_000, { atMs: 5_000, isAhead: true }],
    ['is never before the beginning of time', 10, -500, 5_000, { atMs: 0, isAhead: false }],
  ])('%s', (_what, device, correction, received, judged) => {
    expect(judgeTime(device, correction, received)).toEqual(judged);
  });
});
