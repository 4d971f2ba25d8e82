/** Decimal strings to and from integers of minor units, strictly: a digit too many is refused or reported, never lost. */
import { exponentOf } from './currency.js';
import { plusZero, toSafe } from './exact.js';

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** A decimal as an integer of 10^-places. `exact` is false when digits beyond were rounded, half away from zero. */
export interface Scaled {
  readonly value: number;
  readonly exact: boolean;
}

/** Reads `-12.345`: ASCII digits, a point, no spaces, signs or groups besides. Null for anything else or an overflow. */
export function parseDecimal(text: string, places: number): Scaled | null {
  if (text.length > 400) return null;
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign, whole, fraction = ''] = match;
  const kept = fraction.slice(0, places).padEnd(places, '0');
  const rest = fraction.slice(places);
  let value = BigInt(`${whole}${kept}`);
  if (rest !== '' && rest.charCodeAt(0) >= 53) value += 1n;
  const safe = toSafe(sign === '-' ? -value : value);
  return safe === null ? null : { value: plusZero(safe), exact: /^0*$/.test(rest) };
}

/** The shortest way to write value × 10^-places with exactly `places` decimals: formatDecimal(-5, 2) is `-0.05`. */
export function formatDecimal(value: number, places: number): string {
  const digits = Math.abs(value)
    .toString()
    .padStart(places + 1, '0');
  const sign = value < 0 ? '-' : '';
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** `12.5` in ARS is 1250 minor units. Null when it is no decimal, has too many decimals, or overflows. */
export function parseMoney(text: string, currency: string): number | null {
  const scaled = parseDecimal(text, exponentOf(currency));
  return scaled?.exact === true ? scaled.value : null;
}

/** 1250 in ARS is `12.50`, in CLP `1250`. For people use Intl.NumberFormat on this string. */
export function formatMoney(minor: number, currency: string): string {
  return formatDecimal(minor, exponentOf(currency));
}
