/**
 * Trade item numbers (EAN-8, UPC-A, EAN-13, GTIN-14): their check digit, and which of them a shop may give out
 * itself. Codes are text, because leading zeros matter. Source: GS1 General Specifications, sections 1.4 and 7.9.
 */

const DIGITS = /^\d+$/;

/** The check digit of the digits before it, as one character; null when there is something else than digits. */
export function checkDigit(digits: string): string | null {
  if (!DIGITS.test(digits)) return null;
  let total = 0;
  for (let i = 0; i < digits.length; i++) {
    // The weights are 3, 1, 3 … counted from the right.
    const weight = (digits.length - i) % 2 === 1 ? 3 : 1;
    total += weight * (digits.charCodeAt(i) - 48);
  }
  return String((10 - (total % 10)) % 10);
}

/** Digits with their check digit; null when there is something else than digits. */
export function withCheckDigit(digits: string): string | null {
  const check = checkDigit(digits);
  return check === null ? null : digits + check;
}

/** True for 8, 12, 13 or 14 digits whose last one is right. */
export function isGtin(code: string): boolean {
  const { length } = code;
  if (length !== 8 && length !== 12 && length !== 13 && length !== 14) return false;
  return checkDigit(code.slice(0, -1)) === code.slice(-1);
}

/** The one form to compare by: 14 digits, so that a UPC-A equals the EAN-13 that scanners make of it. Null for no GTIN. */
export function gtin14(code: string): string | null {
  return isGtin(code) ? code.padStart(14, '0') : null;
}

/** The shortest usual form (8, 12, 13 or 14 digits) of the same number; null for no GTIN. */
export function shortestGtin(code: string): string | null {
  const full = gtin14(code);
  if (full === null) return null;
  for (const length of [8, 12, 13] as const) {
    if (/^0*$/.test(full.slice(0, 14 - length))) return full.slice(14 - length);
  }
  return full;
}

/**
 * True for numbers that GS1 leaves to the shop: EAN-13 from 2, 02 or 04 (UPC-A from 2 or 4), EAN-8 from 0 or 2. They
 * mean something else in every shop, and from a scale hold a weight or a price. False for what is no GTIN.
 */
export function isInStoreGtin(code: string): boolean {
  const full = gtin14(code);
  if (full === null) return false;
  if (full.startsWith('000000')) return full[6] === '0' || full[6] === '2';
  const ean13 = full.slice(1);
  return full.startsWith('0') && /^(?:2|02|04)/.test(ean13);
}
