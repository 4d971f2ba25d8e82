/** Quantities between people and thousandths. FC_SEED repeats a run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsUnit, formatQuantity, milliOf, parseQuantity, quantityOf, SALES_UNITS } from './index.js';

const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };

describe('quantities', () => {
  it.each([
    [1, 1000],
    [0.345, 345],
    [1.005, 1005],
    [-2.5, -2500],
    [0, 0],
    [-0, 0],
    [100_000_000, 100_000_000_000],
    [4.35, 4350],
    [0.001, 1],
  ])('[QT1] %f is %i thousandths', (quantity, milli) => {
    expect(milliOf(quantity)).toBe(milli);
  });

  it.each([0.0001, 1.0005, 0.1 + 0.2, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2 ** 53 + 2, 1e-9])(
    '[QT1] refuses %d',
    (quantity) => {
      expect(milliOf(quantity)).toBeNull();
    },
  );

  it.each([
    ['1', 1000, '1'],
    ['1.5', 1500, '1.5'],
    ['0.345', 345, '0.345'],
    ['-10', -10_000, '-10'],
    ['100', 100_000, '100'],
    ['0', 0, '0'],
    ['2.000', 2000, '2'],
  ])('[QT1] reads %s and writes it', (text, milli, written) => {
    expect(parseQuantity(text)).toBe(milli);
    expect(formatQuantity(milli)).toBe(written);
  });

  it.each(['', '1,5', '0.0001', 'x', '1.', '1e3'])('[QT1] refuses the text %j', (text) => {
    expect(parseQuantity(text)).toBeNull();
  });

  it('[QT1] loses nothing on the way out and in', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e14, max: 1e14 }), (milli) => {
        expect(milliOf(quantityOf(milli))).toBe(milli);
        expect(parseQuantity(formatQuantity(milli))).toBe(milli);
        expect(milliOf(JSON.parse(JSON.stringify(quantityOf(milli))) as number)).toBe(milli);
      }),
      { numRuns: 1000, ...seed },
    );
  });

  it('sells pieces whole and the rest as it is weighed', () => {
    expect(SALES_UNITS.filter((unit) => !fitsUnit(unit, 1500))).toEqual(['piece']);
    expect(SALES_UNITS.every((unit) => fitsUnit(unit, -3000))).toBe(true);
  });
});
