/**
 * Quantities: people and REST speak of sales units with up to three decimals (0.345 kg), everything inside counts
 * whole thousandths of them, so that stock adds up.
 */
import { formatDecimal, parseDecimal, plusZero } from '../money/index.js';
import type { SalesUnit } from '../product/types.js';

/** The closed list of sales units. */
export const SALES_UNITS = ['piece', 'kg', 'l', 'm'] as const satisfies readonly SalesUnit[];

/** 0.345 is 345 thousandths. Null when it has more than three decimals, is not finite, or leaves the safe range. */
export function milliOf(quantity: number): number | null {
  const milli = Math.round(quantity * 1000);
  if (!Number.isSafeInteger(milli) || milli / 1000 !== quantity) return null;
  return plusZero(milli);
}

/** 345 thousandths are 0.345: the number that prints so. */
export function quantityOf(quantityMilli: number): number {
  return quantityMilli / 1000;
}

/** Reads `-1.5`; null for anything but a plain decimal with at most three decimals. */
export function parseQuantity(text: string): number | null {
  const scaled = parseDecimal(text, 3);
  return scaled?.exact === true ? scaled.value : null;
}

/** 1500 is `1.5`, 2000 is `2`. */
export function formatQuantity(quantityMilli: number): string {
  return formatDecimal(quantityMilli, 3).replace(/\.?0+$/, '');
}

/** Pieces are sold whole; what is weighed or measured may be cut. */
export function fitsUnit(unit: SalesUnit, quantityMilli: number): boolean {
  return unit !== 'piece' || quantityMilli % 1000 === 0;
}
