/**
 * Imports over REST: a file is uploaded, its columns are given a meaning, a preview shows what would happen, and a
 * job does it in the background, row by row accounted for. It goes on after a restart and doubles nothing.
 */
import { z } from 'zod';
import { page, zCurrency, zCursor, zId, zLimit, zTimestamp } from './common.js';

export const zImportKind = z.enum(['products', 'sales']);
export type ImportKind = z.infer<typeof zImportKind>;

/** `uploaded`: waits for its columns; `running`: also when it waits for a free worker; the others are final. */
export const zImportState = z.enum(['uploaded', 'running', 'done', 'failed', 'cancelled']);
export type ImportState = z.infer<typeof zImportState>;

/** What a column can mean, in the order in which the office offers it. */
export const PRODUCT_TARGETS = [
  'barcode',
  'sku',
  'name',
  'brand',
  'category',
  'price',
  'cost',
  'tax',
  'stock',
] as const;
export const SALES_TARGETS = ['invoice', 'sku', 'name', 'quantity', 'at', 'price', 'customer', 'country'] as const;
export type ImportTarget = (typeof PRODUCT_TARGETS)[number] | (typeof SALES_TARGETS)[number];

/** Which target is read from which column: target → the column's heading as the file spells it. */
export const zImportColumns = z.record(z.string().max(20), z.string().max(500));
export type ImportColumns = Readonly<Record<string, string>>;

/** Why a row, or one value of it, could not be used. */
export const zImportDefectCode = z.enum([
  'missing',
  'not_a_number',
  'not_a_date',
  'too_many_decimals',
  'too_large',
  'too_long',
  'negative',
  'zero_quantity',
  'barcode_invalid',
  'sku_taken',
  'barcode_taken',
  'tax_unknown',
  'imported_differently',
  'refused',
  'malformed',
]);
export type ImportDefectCode = z.infer<typeof zImportDefectCode>;

export const zImportError = z.object({
  /** As in the file: the heading is row 1. */
  row: z.int(),
  /** The target that was meant; null when it is about the whole row. */
  field: z.string().nullable(),
  code: zImportDefectCode,
  /** What stood there, shortened. */
  value: z.string(),
  /** One English sentence for developers and logs. */
  message: z.string(),
});
export type ImportErrorJson = z.infer<typeof zImportError>;
export const zImportErrorPage = page(zImportError);

export const zImportTarget = z.object({ name: z.string(), required: z.boolean() });

export const zImport = z.object({
  id: zId('imp'),
  kind: zImportKind,
  state: zImportState,
  file_name: z.string(),
  /** Size of the file as uploaded. */
  bytes: z.int(),
  format: z.enum(['csv', 'xlsx']),
  currency: zCurrency,
  /** The headings as the file spells them. */
  headings: z.array(z.string()),
  /** The first rows, cell by cell, in the order of the headings. */
  sample: z.array(z.array(z.string())),
  targets: z.array(zImportTarget),
  suggested_columns: zImportColumns,
  /** What it was started with; null before. */
  columns: zImportColumns.nullable(),
  /** Data rows; null until they have been counted. */
  total: z.int().nullable(),
  done: z.int(),
  created: z.int(),
  updated: z.int(),
  rejected: z.int(),
  /** Final figures by name (`invoices`, `gross`, `bad_gtin`, …); null before the end. */
  result: z.record(z.string(), z.unknown()).nullable(),
  /** Why it failed as a whole; null otherwise. */
  failure: z.string().nullable(),
  created_at: zTimestamp,
  started_at: zTimestamp.nullable(),
  ended_at: zTimestamp.nullable(),
  /** `usr_…` */
  user_id: z.string(),
});
export type ImportJson = z.infer<typeof zImport>;
export const zImportPage = page(zImport);

export const zImportParams = z.strictObject({ import_id: zId('imp') });
export const zImportQuery = z.strictObject({ limit: zLimit, cursor: zCursor });

/** `columns` absent: the suggested ones. */
export const zImportMapping = z.strictObject({ columns: zImportColumns.optional() });
export type ImportMapping = z.input<typeof zImportMapping>;

export const zImportPreview = z.object({
  columns: zImportColumns,
  /** Required targets that no column has; the import cannot start before they have one. */
  missing: z.array(z.string()),
  rows: z.array(
    z.object({
      row: z.int(),
      /** What was understood, by target, as text. */
      values: z.record(z.string(), z.string()),
      marks: z.array(z.enum(['bad_gtin', 'in_store', 'draft'])),
      errors: z.array(zImportError),
    }),
  ),
});
export type ImportPreviewJson = z.infer<typeof zImportPreview>;
