/** What a file's first rows would become under a mapping: read by the same rules as the import itself. */
import type { ImportPreviewJson } from '@mostrador/contract/import';
import { exponentOf } from '@mostrador/domain/money';
import { barcodeMark, isInStore } from '@mostrador/domain/product';
import { mapColumns } from '../columns.js';
import { barcodeOf, type ProductReading, readProduct } from '../products/line.js';
import type { RowDefect } from '../progress.js';
import { type Reading, readLine } from '../sales/line.js';
import type { Shop } from '../shop.js';
import type { TableRow } from '../table/source.js';
import { cleanText } from '../text.js';
import { decimalText, Habits } from '../values.js';
import { wallClock } from '../wall-clock.js';
import type { Job } from './queries.js';

type PreviewRow = ImportPreviewJson['rows'][number];

export function preview(job: Job, shop: Shop, stated: Readonly<Record<string, string>> | undefined): ImportPreviewJson {
  const mapping = mapColumns(job.kind, job.headings, stated);
  const missing = mapping.defects.filter((d) => d.code === 'column_missing').map((d) => d.target);
  const { columns, indexes } = mapping;
  if (missing.length > 0) return { columns, missing, rows: [] };
  const habits = new Habits();
  for (const { cells } of job.sample) {
    for (const [target, index] of Object.entries(indexes)) {
      const text = (cells[index] ?? '').trim();
      if (['price', 'cost', 'stock', 'quantity'].includes(target)) habits.number(text);
      if (target === 'at') habits.moment(text);
    }
  }
  const { numberStyle, dateOrder } = habits;
  const exponent = exponentOf(shop.currency);
  const read: (row: TableRow) => PreviewRow =
    job.kind === 'products'
      ? (row) => productRow(row, { indexes, numberStyle, exponent, taxRates: shop.taxRates })
      : (row) => saleRow(row, { indexes, numberStyle, dateOrder, toMs: wallClock(shop.timeZone) });
  return { columns, missing, rows: job.sample.map(read) };
}

function productRow({ row, cells }: TableRow, reading: ProductReading): PreviewRow {
  const read = readProduct(row, cells, reading);
  const barcode = reading.indexes.barcode === undefined ? undefined : barcodeOf(cells[reading.indexes.barcode] ?? '');
  const marks: PreviewRow['marks'] = [];
  if (barcode !== undefined && barcodeMark(barcode) === 'bad_gtin') marks.push('bad_gtin');
  if (barcode !== undefined && isInStore(barcode)) marks.push('in_store');
  if (Array.isArray(read)) return { row, values: texts(cells, reading.indexes), marks, errors: read.map(errorJson) };
  const { product, stockMilli } = read;
  if (product.priceMinor === undefined || product.priceMinor === null) marks.push('draft');
  const money = (minor: number) => decimalText({ units: BigInt(minor), scale: reading.exponent }, reading.exponent);
  const values = texts(cells, reading.indexes);
  for (const [target, value] of Object.entries({ ...product, price: undefined, cost: undefined })) {
    if (typeof value === 'string' && target in values) values[target] = value;
  }
  if (typeof product.priceMinor === 'number') values.price = money(product.priceMinor);
  if (typeof product.costMinor === 'number') values.cost = money(product.costMinor);
  if (stockMilli !== null) values.stock = decimalText({ units: BigInt(stockMilli), scale: 3 });
  return { row, values, marks, errors: [] };
}

function saleRow({ row, cells }: TableRow, reading: Reading): PreviewRow {
  const read = readLine(row, cells, reading);
  const values = texts(cells, reading.indexes);
  if (Array.isArray(read)) return { row, values, marks: [], errors: read.map(errorJson) };
  const { invoice, sku, name, customer } = read;
  for (const [target, value] of Object.entries({ invoice, sku, name, customer })) {
    if (target in values) values[target] = value;
  }
  values.quantity = decimalText({ units: BigInt(read.quantityMilli), scale: 3 });
  values.price = decimalText(read.price);
  values.at = new Date(read.at).toISOString();
  return { row, values, marks: [], errors: [] };
}

function texts(cells: readonly string[], indexes: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(indexes).map(([target, index]) => [target, cleanText(cells[index] ?? '')]));
}

function errorJson({ row, field, code, value, message }: RowDefect): PreviewRow['errors'][number] {
  return { row, field, code, value, message };
}
