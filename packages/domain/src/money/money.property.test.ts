/** Money against exact rational arithmetic on BigInt. FC_SEED repeats a run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, CURRENCIES, formatMoney, mulDivRound, parseMoney, slice, sum } from './index.js';

const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
/** `npm run torture` tries more. */
const LONGER = process.env.TORTURE === undefined ? 1 : 20;
const small = fc.integer({ min: -100_000, max: 100_000 });
const anyInt = fc.oneof(small, fc.maxSafeInteger());
const divisor = fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
const abs = (n: bigint) => (n < 0n ? -n : n);
const isSafe = (n: bigint) => abs(n) <= BigInt(Number.MAX_SAFE_INTEGER);

describe('exact arithmetic', () => {
  it('[MN3] rounds a product half away from zero, whatever its size', () => {
    fc.assert(
      fc.property(anyInt, anyInt, divisor, (a, b, d) => {
        const product = BigInt(a) * BigInt(b);
        // |x| rounded half up is floor((2|x| + 1) / 2).
        const magnitude = (2n * abs(product) + BigInt(d)) / (2n * BigInt(d));
        const exact = product < 0n ? -magnitude : magnitude;
        const got = mulDivRound(a, b, d);
        expect(got).toBe(isSafe(exact) ? Number(exact) : null);
        expect(Object.is(got, -0)).toBe(false);
      }),
      { numRuns: 2000 * LONGER, ...seed },
    );
  });

  it('[MN3] adds up exactly or says that it cannot', () => {
    fc.assert(
      fc.property(fc.array(anyInt), (amounts) => {
        const exact = amounts.reduce((s, n) => s + BigInt(n), 0n);
        expect(sum(amounts)).toBe(isSafe(exact) ? Number(exact) : null);
      }),
      { numRuns: 500 * LONGER, ...seed },
    );
  });

  it('[MN2] reads back what it writes', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(...CURRENCIES), (minor, currency) => {
        expect(parseMoney(formatMoney(minor, currency), currency)).toBe(minor);
      }),
      { numRuns: 500 * LONGER, ...seed },
    );
  });
});

describe('splitting', () => {
  it('[MN5] adds up, within one unit of the exact share, the same every time', () => {
    fc.assert(
      fc.property(anyInt, fc.array(anyInt, { minLength: 1, maxLength: 20 }), (total, weights) => {
        const parts = allocate(total, weights);
        const whole = weights.reduce((s, w) => s + BigInt(w), 0n);
        if (parts === null) {
          const fits = weights.every((w) => isSafe(BigInt(total) * BigInt(w))) && isSafe(whole);
          expect(fits && abs(whole) > 0n).toBe(false);
          return;
        }
        expect(parts.reduce((s, p) => s + BigInt(p), 0n)).toBe(BigInt(total));
        expect(allocate(total, weights)).toEqual(parts);
        if (whole === 0n) return;
        parts.forEach((part, i) => {
          // |part − total × weight / whole| < 1, without dividing.
          const off = BigInt(part) * whole - BigInt(total) * BigInt(weights[i] as number);
          expect(abs(off) < abs(whole)).toBe(true);
        });
      }),
      { numRuns: 1000 * LONGER, ...seed },
    );
  });

  it('[MN6] gives the whole back, however it is cut', () => {
    fc.assert(
      fc.property(
        small,
        fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 12 }),
        (total, cuts) => {
          const of = cuts.reduce((s, n) => s + n, 0) || 1;
          let before = 0;
          let given = 0;
          for (const cut of cuts) {
            const piece = slice(total, before, cut, of) as number;
            // No piece turns the other way, so a refund never charges.
            expect(total < 0 ? piece <= 0 : piece >= 0).toBe(true);
            given += piece;
            before += cut;
          }
          expect(given).toBe(before === 0 ? 0 : total);
        },
      ),
      { numRuns: 500 * LONGER, ...seed },
    );
  });
});
