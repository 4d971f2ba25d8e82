/**
 * Codes that a shop's scale prints: 13 digits from 2 that hold the article and its weight or its price [PC4]. Every shop and
 * scale has its own layout, so it is a setting, written as a picture of the code: `20IIIIIWWWWWC`.
 */
import { isGtin } from '../gtin/index.js';

/**
 * A layout as text of 13 characters: digits stand for themselves, `I` for the article, `W` for grams, `P` for the price in
 * minor units, `C` (the last one) for the check digit.
 */
export type ScaleLayout = string;

export type ScaleReading =
  /** `itemCode`: the digits that name the article, leading zeros included. */
  | { readonly itemCode: string; readonly weightMilli: number }
  | { readonly itemCode: string; readonly priceMinor: number };

/** True for a picture that a code can be read by: in-store, one run for the article, one for weight or price. */
export function isScaleLayout(layout: string): layout is ScaleLayout {
  return layout.length === 13 && /^2\d*(?:I+\d*(?:W+|P+)|(?:W+|P+)\d*I+)\d*C$/.test(layout);
}

/**
 * What a scanned code says by the first layout that fits it; null when none does, when the check digit is wrong, or when
 * nothing was weighed. Weight comes in thousandths of a kilogram, the unit of quantities.
 */
export function readScaleCode(code: string, layouts: readonly ScaleLayout[]): ScaleReading | null {
  if (code.length !== 13 || !isGtin(code)) return null;
  for (const layout of layouts) {
    if (!isScaleLayout(layout) || !fits(code, layout)) continue;
    const itemCode = digitsAt(code, layout, 'I');
    const [grams, price] = [digitsAt(code, layout, 'W'), digitsAt(code, layout, 'P')];
    const value = Number(grams || price);
    if (value === 0) return null;
    return grams === '' ? { itemCode, priceMinor: value } : { itemCode, weightMilli: value };
  }
  return null;
}

function fits(code: string, layout: string): boolean {
  for (let i = 0; i < code.length; i++) {
    const drawn = layout[i] as string;
    if (drawn >= '0' && drawn <= '9' && drawn !== code[i]) return false;
  }
  return true;
}

function digitsAt(code: string, layout: string, letter: string): string {
  const from = layout.indexOf(letter);
  return from < 0 ? '' : code.slice(from, layout.lastIndexOf(letter) + 1);
}
