import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cashRounding, cashRoundingOf } from './rounding.js';

/** FC_SEED repeats a run. */
const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
const [chile, uruguay, argentina] = [
  cashRoundingOf('CL', 'CLP'),
  cashRoundingOf('UY', 'UYU'),
  cashRoundingOf('AR', 'ARS'),
];

describe('[CS11] cash rounding', () => {
  it.each([
    [1230, 0],
    [1231, -1],
    [1235, -5],
    [1236, 4],
    [1239, 1],
    [5, -5],
    [0, 0],
  ])('in Chile adds to %i pesos %i', (due, added) => {
    expect(cashRounding(chile, due)).toBe(added);
  });

  it.each([
    [12_300, 0],
    [12_301, -1],
    [12_350, -50],
    [12_351, 49],
    [12_399, 1],
  ])('in Uruguay adds to %i centésimos %i', (due, added) => {
    expect(cashRounding(uruguay, due)).toBe(added);
  });

  it.each([
    [12_300, 0],
    [12_304, -4],
    [12_305, 0],
    [12_309, -4],
  ])('in Argentina adds to %i centavos %i', (due, added) => {
    expect(cashRounding(argentina, due)).toBe(added);
  });

  it('is unknown elsewhere, and for another currency than the country’s', () => {
    expect(cashRoundingOf('PE', 'PEN')).toBeNull();
    expect(cashRoundingOf('CL', 'USD')).toBeNull();
    expect(cashRoundingOf('toString', 'USD')).toBeNull();
    expect(cashRounding(null, 1234)).toBe(0);
  });

  it('leads to what can be paid, less than one step away, whatever is due', () => {
    const rule = fc.constantFrom(chile, uruguay, argentina);
    fc.assert(
      fc.property(rule, fc.nat({ max: Number.MAX_SAFE_INTEGER }), (r, due) => {
        const step = r?.stepMinor ?? 0;
        const added = cashRounding(r, due);
        expect(Number.isSafeInteger(due + added)).toBe(true);
        expect((due + added) % step).toBe(0);
        expect(Math.abs(added)).toBeLessThan(step);
        expect(Object.is(added, -0)).toBe(false);
      }),
      seed,
    );
  });
});
