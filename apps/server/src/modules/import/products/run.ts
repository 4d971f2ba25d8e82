/** The import of products: two readings of the file, the rows sent on in lots, every one of them accounted for. */
import type { ImportDefectCode } from '@mostrador/contract/import';
import { exponentOf } from '@mostrador/domain/money';
import { barcodeMark, isInStore } from '@mostrador/domain/product';
import type { Platform } from '../../../module.js';
import { type RowOutcome, upsertProducts } from '../../product/index.js';
import { mapColumns } from '../columns.js';
import type { ImportInput } from '../progress.js';
import { ImportRefused, type Shop } from '../shop.js';
import { Habits } from '../values.js';
import { barcodeOf, type ProductLine, type ProductReading, readProduct } from './line.js';
import { bringStock } from './stock.js';

const ROWS_AT_ONCE = 4000;

/** Counts of rows. */
export interface ProductFigures {
  readonly rows: number;
  readonly created: number;
  /** Including those that were already as the row says. */
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** Rows whose barcode is no valid GTIN; they are taken all the same. */
  readonly bad_gtin: number;
  /** Rows whose barcode a shop has given out itself (13 digits from 2); one that is invalid too counts in both. */
  readonly in_store: number;
  readonly notes: readonly string[];
  readonly seconds: number;
}

/** Throws ImportRefused when the file as a whole cannot be used, FileUnreadable when it is damaged. */
export async function importProducts(
  platform: Pick<Platform, 'database' | 'journal' | 'now'>,
  shop: Shop,
  input: ImportInput & { readonly actor: string; readonly source: string },
): Promise<ProductFigures> {
  const started = performance.now();
  const { table, signal } = input;
  const mapping = mapColumns('products', table.headings, input.columns);
  if (mapping.defects.length > 0) throw new ImportRefused(mapping.defects.map((d) => d.message).join('\n'));
  const { indexes } = mapping;
  const counts = { rows: 0, created: 0, updated: 0, unchanged: 0, rejected: 0, bad_gtin: 0, in_store: 0 };

  const habits = new Habits();
  let total = 0;
  for await (const { rows, bytes } of table.batches()) {
    signal?.throwIfAborted();
    total += rows.length;
    for (const { cells } of rows) {
      for (const target of ['price', 'cost', 'stock']) {
        const index = indexes[target];
        if (index !== undefined) habits.number((cells[index] ?? '').trim());
      }
    }
    input.onProgress?.({ phase: 'read', share: (0.05 * bytes) / table.bytes, total: null, ...progressOf(counts) });
  }
  const reading: ProductReading = {
    indexes,
    numberStyle: habits.numberStyle,
    exponent: exponentOf(shop.currency),
    taxRates: shop.taxRates,
  };

  const settle = async (lines: readonly ProductLine[]): Promise<void> => {
    const outcomes = await upsertProducts(
      platform,
      shop.tenantId,
      lines.map((line) => line.product),
      { source: input.source, actor: input.actor },
    );
    const stock = new Map<string, number>();
    outcomes.forEach((outcome, n) => {
      const line = lines[n] as ProductLine;
      if (outcome.status === 'rejected') {
        counts.rejected++;
        input.onDefect?.(defectOf(line, outcome.code));
        return;
      }
      counts[outcome.status]++;
      if (!outcome.changed) counts.unchanged++;
      if (line.stockMilli !== null) stock.set(outcome.variantId, line.stockMilli);
    });
    if (stock.size > 0) await bringStock(platform, shop, stock, input.actor, input.source);
  };

  let lines: ProductLine[] = [];
  // The next lot is read while the one before is written.
  let writing: Promise<void> = Promise.resolve();
  for await (const { rows, bytes } of table.batches()) {
    signal?.throwIfAborted();
    for (const { row, cells } of rows) {
      counts.rows++;
      const barcode = indexes.barcode === undefined ? undefined : barcodeOf(cells[indexes.barcode] ?? '');
      if (barcode !== undefined) {
        if (barcodeMark(barcode) === 'bad_gtin') counts.bad_gtin++;
        if (isInStore(barcode)) counts.in_store++;
      }
      const read = readProduct(row, cells, reading);
      if (Array.isArray(read)) {
        counts.rejected++;
        for (const defect of read) input.onDefect?.(defect);
      } else lines.push(read);
    }
    if (lines.length >= ROWS_AT_ONCE) {
      await writing;
      writing = settle(lines);
      // Met by the next await; until then it is nobody's fault.
      writing.catch(() => {});
      lines = [];
      input.onProgress?.({ phase: 'write', share: 0.05 + (0.95 * bytes) / table.bytes, total, ...progressOf(counts) });
    }
  }
  await writing;
  if (lines.length > 0) await settle(lines);
  input.onProgress?.({ phase: 'write', share: 1, total, ...progressOf(counts) });
  return { ...counts, notes: table.notes, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

function progressOf(counts: { rows: number; created: number; updated: number; rejected: number }) {
  const { rows, created, updated, rejected } = counts;
  return { rows, created, updated, rejected };
}

type Refusal = Extract<RowOutcome, { status: 'rejected' }>['code'];

const DEFECTS: Readonly<Record<Refusal, readonly [string | null, ImportDefectCode, string]>> = {
  name_missing: ['name', 'missing', 'The row has no name'],
  name_too_long: ['name', 'too_long', 'The name cannot be kept'],
  text_too_long: [null, 'too_long', 'A text is too long'],
  barcode_invalid: ['barcode', 'barcode_invalid', 'Not a barcode'],
  sku_invalid: ['sku', 'too_long', 'The SKU cannot be kept'],
  amount_invalid: ['price', 'too_large', 'An amount is out of range'],
  tax_rate_unknown: ['tax', 'tax_unknown', 'The shop has no such tax rate'],
  codes_of_two_products: ['barcode', 'barcode_taken', 'Barcode and SKU belong to two different products'],
  product_archived: [null, 'refused', 'The product is archived; restore it first'],
  barcodes_too_many: ['barcode', 'refused', 'The product has too many barcodes'],
  conflict: [null, 'refused', 'Somebody else changed it at the same time'],
};

function defectOf({ row, product }: ProductLine, refusal: Refusal): ReturnType<typeof toDefect> {
  return toDefect(row, product, DEFECTS[refusal]);
}

function toDefect(row: number, product: ProductLine['product'], [field, code, message]: (typeof DEFECTS)[Refusal]) {
  const value = field === 'barcode' ? product.barcode : field === 'sku' ? product.sku : product.name;
  return { row, field, code, value: value ?? '', message };
}
