import { describe, expect, it } from 'vitest';
import { rangeOf } from './virtual.js';

describe('the rows in the window', () => {
  it('are few, however long the list', () => {
    const { start, end } = rangeOf(-250_000, 900, 48, 100_000);
    expect(start).toBeLessThanOrEqual(Math.floor(250_000 / 48));
    expect(end).toBeGreaterThanOrEqual(Math.ceil(250_900 / 48));
    expect(end - start).toBeLessThan(60);
  });

  it('stay inside the list', () => {
    expect(rangeOf(400, 900, 48, 3)).toEqual({ start: 0, end: 3 });
    expect(rangeOf(-10_000, 900, 48, 5).end).toBeLessThanOrEqual(5);
    expect(rangeOf(0, 900, 48, 0)).toEqual({ start: 0, end: 0 });
  });
});
