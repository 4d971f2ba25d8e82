/** Many prices at once: exact, rounded to a step, in one event. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedPrice, decidePriceChange, MAX_PRICE_CHANGES, priceChanges } from './price-change.js';

describe('changedPrice', () => {
  it.each([
    [1000, 1250, 1, 'nearest', 1125],
    [999, 1000, 1, 'nearest', 1099],
    [995, 1000, 1, 'nearest', 1095],
    [1001, 1000, 1, 'up', 1102],
    [1001, 1000, 1, 'down', 1101],
    [1000, -1000, 1, 'nearest', 900],
    [1234, 1000, 50, 'nearest', 1350],
    [1234, 1000, 100, 'up', 1400],
    [1234, 1000, 100, 'down', 1300],
    [1225, 0, 50, 'nearest', 1250],
    [30, -9000, 100, 'nearest', 100],
    [0, 5000, 100, 'up', 0],
    [999_999_999_999, 100_000, 1, 'nearest', 10_999_999_999_989],
  ] as const)('%i by %i bp to steps of %i (%s) is %i', (price, percentBp, step, mode, expected) => {
    expect(changedPrice(price, percentBp, { step, mode })).toBe(expected);
  });

  it('is a multiple of the step, on the right side of the exact value and less than a step away', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 12 }),
        fc.integer({ min: -9999, max: 100_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.constantFrom('nearest', 'up', 'down'),
        (price, percentBp, step, mode) => {
          const result = changedPrice(price, percentBp, { step, mode });
          expect(result % step).toBe(0);
          expect(result).toBeGreaterThan(0);
          const scaled = BigInt(result) * 10_000n - BigInt(price) * BigInt(10_000 + percentBp);
          const unit = BigInt(step) * 10_000n;
          if (result === step) return;
          if (mode === 'up') expect(scaled >= 0n && scaled < unit).toBe(true);
          else if (mode === 'down') expect(scaled <= 0n && -scaled < unit).toBe(true);
          else expect(2n * (scaled < 0n ? -scaled : scaled) <= unit).toBe(true);
        },
      ),
      { ...(process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) }) },
    );
  });
});

describe('decidePriceChange', () => {
  const rounding = { step: 1, mode: 'nearest' } as const;

  it('is one event with the prices before and after, without those that stay', () => {
    const changes = priceChanges(
      [
        { productId: 'prod_1', variantId: 'var_1', priceMinor: 100 },
        { productId: 'prod_2', variantId: 'var_2', priceMinor: 0 },
      ],
      1000,
      rounding,
    );
    expect(decidePriceChange('pch_1', changes, 'mayo')).toEqual({
      ok: true,
      transfers: [],
      events: [
        {
          type: 'product.priced',
          subject: 'pch_1',
          payload: {
            changes: [{ productId: 'prod_1', variantId: 'var_1', priceMinor: 110, previousPriceMinor: 100 }],
            reason: 'mayo',
          },
        },
      ],
    });
  });

  it('is no event when nothing changes', () => {
    expect(decidePriceChange('pch_1', [], '')).toEqual({ ok: true, transfers: [], events: [] });
  });

  it('has a bound, on the number and on the amounts', () => {
    const change = { productId: 'p', variantId: 'v', priceMinor: 2, previousPriceMinor: 1 };
    expect(decidePriceChange('pch_1', Array(MAX_PRICE_CHANGES + 1).fill(change), '')).toEqual({
      ok: false,
      rejection: { code: 'price_changes_too_many', limit: MAX_PRICE_CHANGES },
    });
    expect(decidePriceChange('pch_1', [{ ...change, priceMinor: 10 ** 13 }], '')).toEqual({
      ok: false,
      rejection: { code: 'amount_invalid', amount: 10 ** 13 },
    });
  });
});
