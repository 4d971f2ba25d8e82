/** Codes that name a variant: barcodes are text (leading zeros matter), SKUs are compared without case. */
import { gtin14, isGtin } from '../gtin/index.js';
import type { BarcodeMark } from './state.js';

/** What SKUs are compared by. */
export function skuKey(sku: string): string {
  return sku.normalize('NFC').trim().toLowerCase();
}

/** Printable ASCII without blanks, at most 64. */
export function isBarcode(code: string): boolean {
  return /^[!-~]{1,64}$/.test(code);
}

/**
 * What a scanned code and a stored one are matched by: a valid GTIN of 8, 12, 13 or 14 digits stands for the same
 * article with zeros before it; any other code only for itself.
 */
export function scanKey(code: string): string {
  return gtin14(code) ?? code;
}

/** Digits that are no valid GTIN are `bad_gtin`; codes that a shop's scale prints (13 digits from 2) are `in_store`. */
export function barcodeMark(code: string): BarcodeMark | undefined {
  if (!/^\d+$/.test(code)) return undefined;
  if (!isGtin(code)) return 'bad_gtin';
  return isInStore(code) ? 'in_store' : undefined;
}

/** Prefix 2 of 13 digits: given out by the shop itself, often with a price or a weight inside. */
export function isInStore(code: string): boolean {
  return /^2\d{12}$/.test(code);
}
