/**
 * Cells read as numbers and moments. How a file writes them (decimal comma or point, day or month first) is found out
 * once for the whole file by `Habits`, because one cell alone cannot say whether `1.234` or `03/04/2011` means this
 * or that.
 */

/** An exact decimal: `units` × 10^-`scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

export type NumberStyle = 'point' | 'comma';
export type DateOrder = 'day' | 'month';

const BARE = /^-?\d{1,15}(?:\.\d{1,10})?$/u;

/** Reads a number in the file's style; signs, blanks, currency marks and brackets for below zero are understood. */
export function parseDecimal(text: string, style: NumberStyle): Decimal | null {
  const trimmed = text.trim();
  if (style === 'point' && BARE.test(trimmed)) return bare(trimmed);
  let body = trimmed.replace(/[\s\u00a0\u202f']/gu, '').replace(/\u2212/gu, '-');
  let negative = false;
  if (/^\(.*\)$/u.test(body)) {
    negative = true;
    body = body.slice(1, -1);
  }
  body = body
    .replace(/^([-+]?)(?:[A-Z]{1,3}\$|R\$|S\/\.?|[$£€¥₡₲]|[A-Z]{3})/u, '$1')
    .replace(/(?:[$£€]|[A-Z]{3}|%)$/u, '');
  if (body.startsWith('-') || body.endsWith('-')) {
    negative = !negative;
    body = body.replace(/^-|-$/u, '');
  } else if (body.startsWith('+')) body = body.slice(1);
  const [decimal, group] = style === 'comma' ? [',', '.'] : ['.', ','];
  const parts = body.split(decimal);
  if (parts.length > 2) return null;
  const whole = parts[0] as string;
  const fraction = parts[1] ?? '';
  const groups = whole.split(group);
  if (groups.length > 1 && !groups.every((g, i) => (i === 0 ? /^\d{1,3}$/u : /^\d{3}$/u).test(g))) return null;
  const digits = groups.join('');
  if (!/^\d*$/u.test(digits) || !/^\d*$/u.test(fraction) || digits + fraction === '') return null;
  if (digits.length > 15 || fraction.length > 10) return null;
  return bare(`${negative ? '-' : ''}${digits === '' ? '0' : digits}${fraction === '' ? '' : `.${fraction}`}`);
}

function bare(text: string): Decimal {
  const dot = text.indexOf('.');
  if (dot === -1) return { units: BigInt(text), scale: 0 };
  let fraction = text.slice(dot + 1);
  while (fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  return { units: BigInt(text.slice(0, dot) + fraction), scale: fraction.length };
}

/** The value in units of 10^-`scale`, exact; null when it has more decimals. */
export function scaled(value: Decimal, scale: number): bigint | null {
  return value.scale > scale ? null : value.units * 10n ** BigInt(scale - value.scale);
}

/** The value in units of 10^-`scale`, rounded half away from zero. */
export function roundedTo(value: Decimal, scale: number): bigint {
  if (value.scale <= scale) return value.units * 10n ** BigInt(scale - value.scale);
  const divisor = 10n ** BigInt(value.scale - scale);
  const half = divisor / 2n;
  return value.units >= 0n ? (value.units + half) / divisor : -((-value.units + half) / divisor);
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: (scaled(a, scale) as bigint) + (scaled(b, scale) as bigint), scale };
}

export const ZERO: Decimal = { units: 0n, scale: 0 };

/** `-9747.934`: no more decimals than it has, at least `decimals`. */
export function decimalText(value: Decimal, decimals = 0): string {
  let { units, scale } = value;
  while (scale > decimals && units % 10n === 0n) {
    units /= 10n;
    scale--;
  }
  if (scale < decimals) {
    units *= 10n ** BigInt(decimals - scale);
    scale = decimals;
  }
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

/** A moment as written, without a zone unless it states one. */
export interface Wall {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Minutes east of UTC where the text says so; null: the shop's own time. */
  readonly offset: number | null;
}

const ISO =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/u;
const LOCAL =
  /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:,?[T ]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp])?\.?\s*[Mm]?\.?)?$/u;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2}):?(\d{2})?)?$/u;

/** Reads a moment; `order` decides what `03/04/2011` means. Null when it is none. */
export function parseMoment(text: string, order: DateOrder): Wall | null {
  const trimmed = text.trim();
  const iso = ISO.exec(trimmed) ?? COMPACT.exec(trimmed);
  if (iso !== null) return wall(iso[1], iso[2], iso[3], iso[4], iso[5], iso[6], zone(iso[7]));
  const local = LOCAL.exec(trimmed);
  if (local === null) return null;
  const [month, day] = order === 'month' ? [local[1], local[2]] : [local[2], local[1]];
  const year = (local[3] as string).length === 2 ? `20${local[3]}` : local[3];
  let hour = local[4];
  const half = local[7]?.toLowerCase();
  if (half !== undefined && hour !== undefined) {
    if (Number(hour) < 1 || Number(hour) > 12) return null;
    hour = String((Number(hour) % 12) + (half === 'p' ? 12 : 0));
  }
  return wall(year, month, day, hour, local[5], local[6], null);
}

function zone(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return text.startsWith('-') ? -minutes : minutes;
}

function wall(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  offset: number | null,
): Wall | null {
  const w: Wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    offset,
  };
  if (w.hour > 23 || w.minute > 59 || w.second > 59 || w.year < 1970 || w.year > 2199) return null;
  const date = new Date(Date.UTC(w.year, w.month - 1, w.day));
  return date.getUTCMonth() === w.month - 1 && date.getUTCDate() === w.day ? w : null;
}

/** Learns from all cells of a file how it writes numbers and dates. */
export class Habits {
  #comma = 0;
  #point = 0;
  #dayFirst = 0;
  #monthFirst = 0;

  number(text: string): void {
    if (BARE.test(text) && !/\.\d{3}$/u.test(text)) {
      if (text.includes('.')) this.#point++;
      return;
    }
    if (/\d,\d{1,2}\D*$/u.test(text) || /\d\.\d{3},/u.test(text)) this.#comma++;
    else if (/\d\.\d{1,2}\D*$/u.test(text) || /\d,\d{3}\./u.test(text) || /\d\.\d{4,}/u.test(text)) this.#point++;
  }

  moment(text: string): void {
    const match = LOCAL.exec(text.trim());
    if (match === null) return;
    if (Number(match[1]) > 12) this.#dayFirst++;
    if (Number(match[2]) > 12) this.#monthFirst++;
  }

  /** A comma only where commas with one or two digits behind outnumber points. */
  get numberStyle(): NumberStyle {
    return this.#comma > this.#point ? 'comma' : 'point';
  }

  /** Day first unless the file shows otherwise. */
  get dateOrder(): DateOrder {
    return this.#monthFirst > this.#dayFirst ? 'month' : 'day';
  }
}
