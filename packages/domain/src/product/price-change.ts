/** A change of many prices by a percentage: exact integer arithmetic, rounded to a step, one event for all of it. */
import type { Decision } from '../decision.js';
import { MAX_AMOUNT_MINOR } from './state.js';

export interface PriceRounding {
  /** Results are multiples of this many minor units; at least 1. */
  readonly step: number;
  readonly mode: 'nearest' | 'up' | 'down';
}

export interface PricedVariant {
  readonly productId: string;
  readonly variantId: string;
  readonly priceMinor: number;
}

export interface PriceChange {
  readonly productId: string;
  readonly variantId: string;
  readonly priceMinor: number;
  readonly previousPriceMinor: number;
}

export type PriceChangeRejection =
  | { readonly code: 'price_changes_too_many'; readonly limit: number }
  | { readonly code: 'amount_invalid'; readonly amount: number };

/** One event holds them all, so their number has a bound. */
export const MAX_PRICE_CHANGES = 20_000;

/**
 * `priceMinor` × (1 + `percentBp` / 10000), rounded to the step (halves up). A price above zero never rounds to
 * nothing: it stays at one step at least. `percentBp` is above −10000.
 */
export function changedPrice(priceMinor: number, percentBp: number, rounding: PriceRounding): number {
  if (priceMinor === 0) return 0;
  const unit = 10_000n * BigInt(rounding.step);
  const exact = BigInt(priceMinor) * BigInt(10_000 + percentBp);
  const floor = exact / unit;
  const rest = exact % unit;
  const up = rounding.mode === 'up' ? rest > 0n : rounding.mode === 'nearest' && rest * 2n >= unit;
  const steps = up ? floor + 1n : floor;
  return Number((steps === 0n ? 1n : steps) * BigInt(rounding.step));
}

/** What changes, in the order given; variants whose price stays the same are left out. */
export function priceChanges(
  variants: readonly PricedVariant[],
  percentBp: number,
  rounding: PriceRounding,
): PriceChange[] {
  const changes: PriceChange[] = [];
  for (const { productId, variantId, priceMinor } of variants) {
    const price = changedPrice(priceMinor, percentBp, rounding);
    if (price !== priceMinor) changes.push({ productId, variantId, priceMinor: price, previousPriceMinor: priceMinor });
  }
  return changes;
}

/** One `product.priced` event under the change's own id; no event when nothing changes. */
export function decidePriceChange(
  changeId: string,
  changes: readonly PriceChange[],
  reason: string,
): Decision<PriceChangeRejection> {
  if (changes.length > MAX_PRICE_CHANGES) {
    return { ok: false, rejection: { code: 'price_changes_too_many', limit: MAX_PRICE_CHANGES } };
  }
  const tooLarge = changes.find((c) => c.priceMinor > MAX_AMOUNT_MINOR);
  if (tooLarge !== undefined) {
    return { ok: false, rejection: { code: 'amount_invalid', amount: tooLarge.priceMinor } };
  }
  const events =
    changes.length === 0 ? [] : [{ type: 'product.priced', subject: changeId, payload: { changes, reason } }];
  return { ok: true, events, transfers: [] };
}
