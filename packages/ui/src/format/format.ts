/**
 * Numbers, money and time as a person of this language and this shop's country writes them. Pure: the clock
 * is an argument. `Intl` formatters are costly to make, so they are kept.
 */

export interface FormatSettings {
  readonly language: 'es' | 'en';
  /** ISO 3166-1 alpha-2 of the shop. */
  readonly country: string;
  /** ISO 4217, for amounts that do not say theirs. */
  readonly currency: string;
  /** IANA name of the shop's time zone. */
  readonly timeZone: string;
}

export interface MoneyValue {
  /** Integer minor units. */
  readonly amount: number;
  readonly currency: string;
}

export type DateStyle = 'date' | 'time' | 'datetime' | 'exact' | 'day' | 'month' | 'weekday';

const NARROW_NBSP = '\u00a0';

const DATE_OPTIONS: Readonly<Record<DateStyle, Intl.DateTimeFormatOptions>> = {
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  datetime: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  exact: { dateStyle: 'full', timeStyle: 'medium', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
  weekday: { weekday: 'short' },
};

/** How many decimals the currency has (2 for ARS, none for CLP). */
export function currencyDigits(currency: string): number {
  return kept(`digits ${currency}`, () => {
    try {
      const options = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
      return options.maximumFractionDigits ?? 2;
    } catch {
      return 2;
    }
  });
}

const cache = new Map<string, unknown>();
function kept<T>(key: string, make: () => T): T {
  const found = cache.get(key);
  if (found !== undefined) return found as T;
  const made = make();
  cache.set(key, made);
  return made;
}

/** `es-AR`, `en-PE`; falls back to the language where the country is not known. */
export function localeOf(settings: FormatSettings): string {
  const tag = `${settings.language}-${settings.country || 'AR'}`;
  return Intl.NumberFormat.supportedLocalesOf([tag]).length > 0 ? tag : settings.language;
}

/** A typographic minus, so that it is as wide as a digit. */
function minus(text: string): string {
  return text.replace(/^-|(?<=^\D*)-(?=\d)/, '\u2212');
}

export function makeFormat(settings: FormatSettings) {
  const locale = localeOf(settings);

  const number = (value: number, digits = 0, least = 0): string =>
    minus(
      kept(
        `n ${locale} ${digits} ${least}`,
        () =>
          new Intl.NumberFormat(locale, {
            maximumFractionDigits: digits,
            minimumFractionDigits: least,
            useGrouping: 'always',
          } as Intl.NumberFormatOptions),
      ).format(value),
    );

  const money = (value: MoneyValue, style: 'exact' | 'round' | 'compact' = 'exact'): string => {
    const digits = currencyDigits(value.currency);
    const formatter = kept(`m ${locale} ${value.currency} ${style}`, () => {
      const options: Record<string, unknown> = {
        style: 'currency',
        currency: value.currency,
        currencyDisplay: 'narrowSymbol',
        useGrouping: 'always',
      };
      if (style === 'round') Object.assign(options, { maximumFractionDigits: 0, minimumFractionDigits: 0 });
      if (style === 'compact') {
        Object.assign(options, { notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 });
      }
      return new Intl.NumberFormat(locale, options as Intl.NumberFormatOptions);
    });
    return minus(formatter.format(value.amount / 10 ** digits || 0).replace(/\s/g, NARROW_NBSP));
  };

  const date = (value: string | number | Date, style: DateStyle = 'date'): string =>
    kept(
      `d ${locale} ${settings.timeZone} ${style}`,
      () => new Intl.DateTimeFormat(locale, { ...DATE_OPTIONS[style], timeZone: settings.timeZone }),
    ).format(new Date(value));

  /** Under a day relative, absolute after; the year only when it is another one. */
  const relative = (value: string | number | Date, now: number): string => {
    const at = new Date(value).getTime();
    const seconds = Math.round((at - now) / 1000);
    const rtf = kept(`r ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }));
    const far = Math.abs(seconds);
    if (far < 45) return rtf.format(0, 'second');
    // Whole units that have passed: never "60 min" or "24 h".
    const whole = (size: number) => Math.sign(seconds) * Math.max(1, Math.floor(far / size));
    if (far < 3_600) return rtf.format(whole(60), 'minute');
    if (far < 86_400) return rtf.format(whole(3_600), 'hour');
    const sameYear = date(at, 'date').slice(-4) === date(now, 'date').slice(-4);
    return date(at, sameYear ? 'datetime' : 'date');
  };

  return {
    settings,
    locale,
    number,
    money,
    date,
    relative,
    /** A quantity in the sales unit; pieces carry no unit. */
    quantity: (value: number, unit: string = 'piece'): string =>
      unit === 'piece' ? number(value, 3) : `${number(value, 3)}${NARROW_NBSP}${unit}`,
    /** Basis points as per cent: 2100 → 21 %. */
    percent: (basisPoints: number, digits = 2): string => `${number(basisPoints / 100, digits)}${NARROW_NBSP}%`,
  };
}

export type Format = ReturnType<typeof makeFormat>;

/**
 * Reads an amount as a person types it: `1.234,50`, `1234.5`, `1,234.50`, `$ 12`. The last separator followed by
 * as many digits as the currency has, or fewer, is the decimal one. Minor units, or null when it is no amount.
 */
export function parseMoney(text: string, currency: string): number | null {
  const digits = currencyDigits(currency);
  const bare = text.replace(/[^\d.,\u2212-]/g, '').replace(/\u2212/g, '-');
  const match = /^(-?)([\d.,]*\d)[.,]?$/.exec(bare);
  if (!match) return null;
  const body = match[2] as string;
  const last = Math.max(body.lastIndexOf('.'), body.lastIndexOf(','));
  const tail = last < 0 ? '' : body.slice(last + 1);
  const decimal = last >= 0 && digits > 0 && tail.length <= digits;
  const whole = (decimal ? body.slice(0, last) : body).replace(/[.,]/g, '') || '0';
  const amount = Number(whole + (decimal ? tail.padEnd(digits, '0') : '0'.repeat(digits)));
  if (!Number.isSafeInteger(amount)) return null;
  return match[1] ? -amount : amount;
}

/** What stands in a field before a person edits it: no symbol, no grouping. */
export function editableMoney(amount: number, currency: string, locale: string): string {
  const digits = currencyDigits(currency);
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  }).format(amount / 10 ** digits);
}

/** Reads a quantity with up to three decimals, comma or point; null when it is none. */
export function parseQuantity(text: string): number | null {
  const bare = text
    .trim()
    .replace(/\u2212/g, '-')
    .replace(',', '.');
  if (!/^[+-]?\d{1,9}(\.\d{1,3})?$/.test(bare)) return null;
  return Number(bare);
}
