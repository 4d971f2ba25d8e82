/** One line of a sales file, read: exact quantity and price, the moment, who bought. Rules: docs/spec/import.md. */
import type { ImportDefectCode } from '@mostrador/contract/import';
import { skuKey } from '@mostrador/domain/product';
import type { RowDefect } from '../progress.js';
import { cleanText, shorten } from '../text.js';
import { type DateOrder, type Decimal, type NumberStyle, parseDecimal, scaled } from '../values.js';

export interface SalesLine {
  readonly row: number;
  readonly invoice: string;
  /** As written, cleaned. */
  readonly sku: string;
  /** What SKUs are compared by: without case. */
  readonly key: string;
  readonly name: string;
  readonly quantityMilli: number;
  /** Of one unit, exact. */
  readonly price: Decimal;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** '' when the file names none. */
  readonly customer: string;
  readonly country: string;
}

/** How the cells of this file are read. */
export interface Reading {
  readonly indexes: Readonly<Record<string, number>>;
  readonly numberStyle: NumberStyle;
  readonly dateOrder: DateOrder;
  /** Wall time of the shop to milliseconds since the epoch; null when there is no such moment. */
  readonly toMs: (text: string, order: DateOrder) => number | null;
}

const QUANTITY_MAX = 100_000_000_000n;
const PRICE_MAX = 10_000_000_000n;

export function cell(cells: readonly string[], indexes: Readonly<Record<string, number>>, target: string): string {
  const index = indexes[target];
  return index === undefined ? '' : (cells[index] ?? '');
}

/** The invoice number as it is compared: trimmed; `536365.0` of a spreadsheet is 536365. */
export function invoiceOf(cells: readonly string[], indexes: Readonly<Record<string, number>>): string {
  return plainNumber(cleanText(cell(cells, indexes, 'invoice')));
}

/** Numbers that a spreadsheet made of ids lose their decimals: `17850.0` → `17850`. */
export function plainNumber(text: string): string {
  return /^\d+\.0+$/u.test(text) ? text.slice(0, text.indexOf('.')) : text;
}

/** A row as a line, or all that is wrong with it. */
export function readLine(row: number, cells: readonly string[], reading: Reading): SalesLine | RowDefect[] {
  const { indexes } = reading;
  const defects: RowDefect[] = [];
  const defect = (field: string, code: ImportDefectCode, message: string): void => {
    defects.push({ row, field, code, value: shorten(cell(cells, indexes, field), 80), message });
  };

  const invoice = invoiceOf(cells, indexes);
  if (invoice === '') defect('invoice', 'missing', 'The line names no invoice');
  else if (invoice.length > 64) defect('invoice', 'too_long', 'Longer than 64 characters');

  const sku = plainNumber(cleanText(cell(cells, indexes, 'sku')));
  if (sku === '') defect('sku', 'missing', 'The line names no product');
  else if (sku.length > 64) defect('sku', 'too_long', 'Longer than 64 characters');

  const quantityMilli = readQuantity(cell(cells, indexes, 'quantity'), reading, defect);
  const price = readPrice(cell(cells, indexes, 'price'), reading, defect);

  const moment = cell(cells, indexes, 'at');
  const at = moment.trim() === '' ? null : reading.toMs(moment, reading.dateOrder);
  if (at === null) {
    if (moment.trim() === '') defect('at', 'missing', 'The line has no date');
    else defect('at', 'not_a_date', 'Not a date between 1970 and 2199');
  }
  if (defects.length > 0 || quantityMilli === null || price === null || at === null) return defects;
  return {
    row,
    invoice,
    sku,
    key: skuKey(sku),
    name: shorten(cleanText(cell(cells, indexes, 'name')), 300),
    quantityMilli,
    price,
    at,
    customer: shorten(plainNumber(cleanText(cell(cells, indexes, 'customer'))), 64),
    country: cell(cells, indexes, 'country'),
  };
}

type Note = (field: string, code: ImportDefectCode, message: string) => void;

function readQuantity(text: string, reading: Reading, defect: Note): number | null {
  if (text.trim() === '') {
    defect('quantity', 'missing', 'The line has no quantity');
    return null;
  }
  const value = parseDecimal(text, reading.numberStyle);
  const milli = value === null ? null : scaled(value, 3);
  if (value === null) defect('quantity', 'not_a_number', 'Not a number');
  else if (milli === null) defect('quantity', 'too_many_decimals', 'More than three decimals');
  else if (milli === 0n) defect('quantity', 'zero_quantity', 'Nothing was sold');
  else if (milli > QUANTITY_MAX || milli < -QUANTITY_MAX) defect('quantity', 'too_large', 'More than 100,000,000');
  else return Number(milli);
  return null;
}

function readPrice(text: string, reading: Reading, defect: Note): Decimal | null {
  if (text.trim() === '') {
    defect('price', 'missing', 'The line has no price');
    return null;
  }
  const value = parseDecimal(text, reading.numberStyle);
  if (value === null) defect('price', 'not_a_number', 'Not a number');
  else if (
    value.units > PRICE_MAX * 10n ** BigInt(value.scale) ||
    value.units < -PRICE_MAX * 10n ** BigInt(value.scale)
  ) {
    defect('price', 'too_large', 'More than 10,000,000,000');
  } else return value;
  return null;
}
