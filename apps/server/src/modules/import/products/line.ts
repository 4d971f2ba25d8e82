/** One row of a product file, read: what it states, and what is wrong with it. Empty cells state nothing [IM18]. */
import type { ImportDefectCode } from '@mostrador/contract/import';
import { isBarcode, MAX_AMOUNT_MINOR } from '@mostrador/domain/product';
import type { ProductRow } from '../../product/index.js';
import type { RowDefect } from '../progress.js';
import { cleanText, shorten } from '../text.js';
import { type NumberStyle, parseDecimal, roundedTo, scaled } from '../values.js';

export interface ProductLine {
  readonly row: number;
  readonly product: ProductRow;
  /** What lies at the default location, in thousandths; null: not stated. */
  readonly stockMilli: number | null;
}

export interface ProductReading {
  readonly indexes: Readonly<Record<string, number>>;
  readonly numberStyle: NumberStyle;
  /** Decimals of the currency's minor unit. */
  readonly exponent: number;
  readonly taxRates: readonly { readonly taxRateId: string; readonly rateBp: number }[];
}

const STOCK_MAX = 100_000_000_000n;

/** A row as what it states, or all that is wrong with it. */
export function readProduct(row: number, cells: readonly string[], reading: ProductReading): ProductLine | RowDefect[] {
  const defects: RowDefect[] = [];
  const raw = (target: string): string => {
    const index = reading.indexes[target];
    return index === undefined ? '' : (cells[index] ?? '');
  };
  const defect = (field: string, code: ImportDefectCode, message: string): undefined => {
    defects.push({ row, field, code, value: shorten(cleanText(raw(field)), 80), message });
    return undefined;
  };

  const name = shorten(cleanText(raw('name')), 300);
  if (name === '') defect('name', 'missing', 'The row has no name');
  const barcode = barcodeOf(raw('barcode'));
  if (barcode !== undefined && !isBarcode(barcode)) {
    defect('barcode', 'barcode_invalid', 'Longer than 64 characters, or with characters that no barcode has');
  } else if (barcode !== undefined && /^\d\.?\d*E\+\d+$/iu.test(barcode)) {
    defect('barcode', 'barcode_invalid', 'A spreadsheet has made a rounded number of it');
  }
  const sku = cleanText(raw('sku'));
  if (sku.length > 64) defect('sku', 'too_long', 'Longer than 64 characters');
  const brand = cleanText(raw('brand'));
  const category = cleanText(raw('category'));

  const amount = (field: 'price' | 'cost'): number | undefined => {
    if (raw(field).trim() === '') return undefined;
    const value = parseDecimal(raw(field), reading.numberStyle);
    if (value === null) return defect(field, 'not_a_number', 'Not a number');
    if (value.units < 0n) return defect(field, 'negative', 'Below zero');
    const minor = roundedTo(value, reading.exponent);
    return minor > BigInt(MAX_AMOUNT_MINOR) ? defect(field, 'too_large', 'Too large') : Number(minor);
  };
  const price = amount('price');
  const cost = amount('cost');
  const taxRateId = taxOf(raw('tax'), reading, defect);
  const stockMilli = stockOf(raw('stock'), reading, defect);
  if (defects.length > 0) return defects;
  return {
    row,
    stockMilli,
    product: {
      name,
      ...(barcode === undefined ? {} : { barcode }),
      ...(sku === '' ? {} : { sku }),
      ...(brand === '' ? {} : { brand: shorten(brand, 120) }),
      ...(category === '' ? {} : { category: shorten(category, 120) }),
      // Nothing costs nothing: a price of zero means that it is not known yet [IM20].
      ...(price === undefined ? {} : { priceMinor: price === 0 ? null : price }),
      ...(cost === undefined ? {} : { costMinor: cost }),
      ...(taxRateId === undefined ? {} : { taxRateId }),
    },
  };
}

/** Digits as they stand: leading zeros matter; blanks, hyphens and the decimals of a spreadsheet do not. */
export function barcodeOf(text: string): string | undefined {
  const trimmed = text.trim().replace(/^'/u, '');
  if (trimmed === '') return undefined;
  const digits = trimmed.replace(/[\s-]/gu, '');
  if (/^\d+$/u.test(digits)) return digits;
  return /^\d+\.0+$/u.test(digits) ? digits.slice(0, digits.indexOf('.')) : trimmed;
}

type Note = (field: string, code: ImportDefectCode, message: string) => undefined;

function taxOf(text: string, reading: ProductReading, defect: Note): string | undefined {
  if (text.trim() === '') return undefined;
  const value = parseDecimal(text, reading.numberStyle) ?? parseDecimal(text, 'point');
  const bp = value === null ? null : scaled(value, 2);
  if (bp === null) return defect('tax', 'not_a_number', 'Not a percentage');
  const rate = reading.taxRates.find(({ rateBp }) => BigInt(rateBp) === bp);
  if (rate !== undefined) return rate.taxRateId;
  const known = reading.taxRates.map(({ rateBp }) => `${rateBp / 100} %`).join(', ');
  return defect('tax', 'tax_unknown', `The shop has no such tax rate; it has ${known}`);
}

function stockOf(text: string, reading: ProductReading, defect: Note): number | null {
  if (text.trim() === '') return null;
  const value = parseDecimal(text, reading.numberStyle);
  const milli = value === null ? null : scaled(value, 3);
  if (value === null) defect('stock', 'not_a_number', 'Not a number');
  else if (milli === null) defect('stock', 'too_many_decimals', 'More than three decimals');
  else if (milli < 0n) defect('stock', 'negative', 'Below zero');
  else if (milli > STOCK_MAX) defect('stock', 'too_large', 'More than 100,000,000');
  else return Number(milli);
  return null;
}
