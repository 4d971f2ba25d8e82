/** The tax inside prices, by cases and against exact arithmetic. FC_SEED repeats a run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaxableLine } from './index.js';
import { taxInside, taxOfSale } from './index.js';

const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
const line = (totalMinor: number, taxRateBp = 2100, taxRateId = `tax_${taxRateBp}`): TaxableLine => ({
  taxRateId,
  taxRateBp,
  totalMinor,
});

describe('tax', () => {
  it.each([
    [121, 2100, 21],
    [100, 2100, 17],
    [-100, 2100, -17],
    [100, 0, 0],
    [1, 1050, 0],
    [1190, 1900, 190],
    [0, 2100, 0],
    [9_007_199_254_740_991, 2100, 1_563_232_928_508_767],
  ])('[TX1] in %i at %i basis points is %i', (gross, bp, tax) => {
    expect(taxInside(gross, bp)).toBe(tax);
  });

  it('[TX2] is decided on the total of a rate, not line by line', () => {
    // Three lines of 0.10 hold 1.7356 cents each: 2 + 2 + 2 line by line, but 5.2 of 0.30.
    const tax = taxOfSale([line(10), line(10), line(10)]);
    expect(tax).toEqual({
      taxes: [{ taxRateId: 'tax_2100', taxRateBp: 2100, netMinor: 25, taxMinor: 5 }],
      lineTaxes: [2, 2, 1],
      totalMinor: 30,
      taxMinor: 5,
    });
  });

  it('[TX2] keeps rates apart, in the order of their first line', () => {
    const tax = taxOfSale([line(1050, 500), line(1210), line(-105, 500), line(700, 0)]);
    expect(tax?.taxes).toEqual([
      { taxRateId: 'tax_500', taxRateBp: 500, netMinor: 900, taxMinor: 45 },
      { taxRateId: 'tax_2100', taxRateBp: 2100, netMinor: 1000, taxMinor: 210 },
      { taxRateId: 'tax_0', taxRateBp: 0, netMinor: 700, taxMinor: 0 },
    ]);
    expect(tax?.lineTaxes).toEqual([50, 210, -5, 0]);
    expect(tax).toMatchObject({ totalMinor: 2855, taxMinor: 255 });
  });

  it('[TX2] of nothing is nothing, and of too much is refused', () => {
    expect(taxOfSale([])).toEqual({ taxes: [], lineTaxes: [], totalMinor: 0, taxMinor: 0 });
    expect(taxOfSale([line(Number.MAX_SAFE_INTEGER), line(1)])).toBeNull();
    expect(taxOfSale([line(Number.MAX_SAFE_INTEGER), line(1, 0)])).toBeNull();
  });

  it('[TX2] [TX3] adds up over lines, rates and the sale, each line rounded down or up', () => {
    const anyLine = fc
      .tuple(fc.integer({ min: -50_000, max: 1_000_000 }), fc.constantFrom(0, 500, 1050, 1900, 2100, 2700))
      .map(([total, bp]) => line(total, bp));
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 40 }), (lines) => {
        const tax = taxOfSale(lines);
        if (tax === null) throw new Error('overflow');
        expect(tax.taxes.reduce((s, t) => s + t.netMinor + t.taxMinor, 0)).toBe(tax.totalMinor);
        expect(tax.taxes.reduce((s, t) => s + t.taxMinor, 0)).toBe(tax.taxMinor);
        for (const rate of tax.taxes) {
          const own = lines.map((l, i) => (l.taxRateId === rate.taxRateId ? (tax.lineTaxes[i] as number) : 0));
          expect(own.reduce((s, n) => s + n, 0)).toBe(rate.taxMinor);
        }
        lines.forEach((l, i) => {
          const exact = (l.totalMinor * l.taxRateBp) / (10_000 + l.taxRateBp);
          expect(Math.abs((tax.lineTaxes[i] as number) - exact)).toBeLessThan(1);
        });
        expect(taxOfSale(lines)).toEqual(tax);
      }),
      { numRuns: 500, ...seed },
    );
  });
});
