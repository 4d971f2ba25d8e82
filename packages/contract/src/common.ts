/**
 * The small shapes that every noun of the REST interface shares: ids, money, quantities, text, times and pages.
 * They bound their values so that what passes them can be stored and added up without an overflow.
 */
import { z } from 'zod';

/** Largest amount of money that the interface takes, in minor units. */
export const MAX_AMOUNT_MINOR = 1_000_000_000_000;
/** Largest quantity that the interface takes, in sales units. */
export const MAX_QUANTITY = 100_000_000;
/** Longest list that one page can hold. */
export const MAX_LIMIT = 200;

/** An id with its prefix: `sal_` and 26 characters of a UUIDv7 in Crockford's base 32, lower case. */
export function zId<P extends string>(prefix: P) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`), { message: `not an id of the form ${prefix}_…` });
}

/** One line of text, trimmed, not empty, without control characters. */
export function zName(max = 200) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, { message: 'control characters are not allowed' });
}

/** One line of text that may be empty. */
export function zLine(max = 200) {
  return z
    .string()
    .trim()
    .max(max)
    .regex(/^\P{Cc}*$/u, { message: 'control characters are not allowed' });
}

/** Text of several lines that may be empty. */
export function zNote(max = 2000) {
  return z
    .string()
    .trim()
    .max(max)
    .regex(/^[\P{Cc}\n\r\t]*$/u, { message: 'control characters are not allowed' });
}

/** ISO 4217 code. */
export const zCurrency = z.string().regex(/^[A-Z]{3}$/, { message: 'not an ISO 4217 code' });

/** ISO 3166-1 alpha-2 code. */
export const zCountry = z.string().regex(/^[A-Z]{2}$/, { message: 'not an ISO 3166-1 alpha-2 code' });

export const zLocale = z.enum(['es', 'en']);

const zDigits = z
  .string()
  .regex(/^-?\d{1,13}$/, { message: 'not an integer' })
  .transform(Number);

function zAmount(min: number) {
  return z.union([z.int(), zDigits]).pipe(z.int().min(min).max(MAX_AMOUNT_MINOR));
}

/** Money as it is answered: minor units of the currency. */
export const zMoney = z.object({ amount: z.int(), currency: zCurrency }).meta({ id: 'Money' });
export type Money = z.infer<typeof zMoney>;

/** Money as it is asked: `amount` is an integer of minor units, as a number or a string of digits; not below zero. */
export const zMoneyInput = z.strictObject({ amount: zAmount(0), currency: zCurrency });
export type MoneyInput = z.input<typeof zMoneyInput>;

/** Money that may be below zero. */
export const zSignedMoneyInput = z.strictObject({ amount: zAmount(-MAX_AMOUNT_MINOR), currency: zCurrency });

function threeDecimals(value: number): boolean {
  return Math.round(value * 1000) / 1000 === value;
}

function quantity(base: z.ZodNumber) {
  return base.refine(threeDecimals, { message: 'more than 3 decimals' }).meta({ multipleOf: 0.001 });
}

/** A quantity in the sales unit, above zero, at most 3 decimals. */
export const zQuantity = quantity(z.number().positive().max(MAX_QUANTITY));
/** A quantity that may be zero (a count). */
export const zQuantityOrZero = quantity(z.number().min(0).max(MAX_QUANTITY));
/** A signed change, not zero. */
export const zSignedQuantity = quantity(z.number().min(-MAX_QUANTITY).max(MAX_QUANTITY)).refine((q) => q !== 0, {
  message: 'zero changes nothing',
});

/** Sales units to thousandths; the value has passed one of the schemas above. */
export function toMilli(quantity: number): number {
  return Math.round(quantity * 1000);
}

/** Thousandths to sales units. */
export function fromMilli(milli: number): number {
  return milli / 1000;
}

/** Minor units as answered money. */
export function money(amountMinor: number, currency: string): Money {
  return { amount: amountMinor, currency };
}

/** Basis points, 0 to 100 %. */
export const zBasisPoints = z.int().min(0).max(10_000);

function plausible(value: string): boolean {
  const year = new Date(value).getUTCFullYear();
  return year >= 1900 && year < 2200;
}

/** A moment, ISO 8601 with an offset; `Date.parse` reads it. */
export const zInstant = z.iso.datetime({ offset: true }).refine(plausible, { message: 'not between 1900 and 2199' });
/** A calendar day, `YYYY-MM-DD`, in the shop's time zone. */
export const zDay = z.iso.date().refine(plausible, { message: 'not between 1900 and 2199' });
/** A moment as answered. */
export const zTimestamp = z.string().meta({ format: 'date-time' });

/** Milliseconds since the epoch to the form of the interface. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}

/** `true` or `false` in a query. */
export const zFlag = z.enum(['true', 'false']).transform((v) => v === 'true');

/** How many rows a page may hold: 1 to 200, 50 when absent. */
export const zLimit = z.coerce.number().int().min(1).max(MAX_LIMIT).default(50);

/** Where a page begins, as the page before said; opaque. */
export const zCursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,600}$/, { message: 'not a cursor' })
  .optional();

/** The query of a plain list. */
export const zPageQuery = z.strictObject({ limit: zLimit, cursor: zCursor });

/** A page of a list. */
export function page<S extends z.ZodType>(item: S) {
  return z.object({
    data: z.array(item),
    page: z.object({ next_cursor: z.string().nullable(), has_more: z.boolean() }),
  });
}

export interface Page<T> {
  readonly data: T[];
  readonly page: { readonly next_cursor: string | null; readonly has_more: boolean };
}

/** A whole list that needs no pages. */
export function list<S extends z.ZodType>(item: S) {
  return z.object({ data: z.array(item) });
}
