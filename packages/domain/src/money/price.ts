/** What a quantity costs. Rounding happens here, once per line, half away from zero. */
import { mulDivRound } from './exact.js';

/** Price of one sales unit × thousandths of it, in minor units. Null when it leaves the safe range. */
export function lineTotal(unitPriceMinor: number, quantityMilli: number): number | null {
  return mulDivRound(unitPriceMinor, quantityMilli, 1000);
}

/** `bp` basis points of an amount: basisPoints(1000, 2100) is 210. Null on an overflow. */
export function basisPoints(amountMinor: number, bp: number): number | null {
  return mulDivRound(amountMinor, bp, 10_000);
}
