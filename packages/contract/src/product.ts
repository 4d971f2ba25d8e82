/**
 * Products over REST: what the office, the till and importers send and receive. Prices include tax; a variant
 * without a price makes a draft, which is found everywhere and sold nowhere.
 */
import { z } from 'zod';
import { list, page, zCursor, zFlag, zId, zLimit, zMoney, zMoneyInput, zTimestamp } from './common.js';

/** Everything but control characters and lone surrogates; in the second, line breaks too. */
const NO_CONTROLS = /^[^\p{Cc}\p{Cs}]*$/u;
const NO_CONTROLS_BUT_BREAKS = /^(?:[^\p{Cc}\p{Cs}]|\n)*$/u;

/** One line of text, trimmed and in NFC. */
const line = (min: number, max: number) => z.string().normalize('NFC').trim().min(min).max(max).regex(NO_CONTROLS);

export const zSalesUnit = z.enum(['piece', 'kg', 'l', 'm']);
export const zProductStatus = z.enum(['active', 'draft', 'archived']);
export const zBarcodeMark = z.enum(['bad_gtin', 'in_store']);

/** Printable characters without blanks; leading zeros matter, so it is never a number. */
export const zBarcode = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[!-~]+$/);
export const zSku = line(1, 64);
export const zProductName = line(1, 300);

export const zVariant = z.object({
  id: zId('var'),
  sku: z.string(),
  /** What tells it from its siblings; '' for an only variant. */
  name: z.string(),
  price: zMoney.nullable(),
  /** Last known, of one sales unit; null when unknown or when the reader may not see costs. */
  cost: zMoney.nullable(),
  barcodes: z.array(z.string()),
  /** Oddities, by barcode. */
  barcode_marks: z.record(z.string(), zBarcodeMark),
  /** Sum over all locations, in the sales unit. */
  on_hand: z.number(),
});
export type VariantJson = z.infer<typeof zVariant>;

export const zProduct = z.object({
  id: zId('prod'),
  name: z.string(),
  brand: z.string(),
  description: z.string(),
  category_id: zId('cat').nullable(),
  category_name: z.string().nullable(),
  tax_rate_id: zId('tax'),
  sales_unit: zSalesUnit,
  /** `draft`: no variant has a price. */
  status: zProductStatus,
  /** Names of the options whose values make the variants. */
  options: z.array(z.string()),
  /** Root-relative, needs no sign-in: it carries initials or the name of a drawing, nothing of the shop. */
  picture_url: z.string(),
  variants: z.array(zVariant),
  created_at: zTimestamp,
  updated_at: zTimestamp,
  /** For If-Match. */
  revision: z.int(),
});
export type ProductJson = z.infer<typeof zProduct>;

export const zProductPage = page(zProduct);

export const zProductQuery = z.strictObject({
  limit: zLimit,
  cursor: zCursor,
  /** Words of name or brand (prefixes, accents and typos forgiven), the start of a SKU or of a barcode. */
  q: line(0, 200).optional(),
  category_id: zId('cat').optional(),
  brand: line(1, 120).optional(),
  /** Absent: `active` in a list, `current` (active and draft) in a search. */
  status: z.enum(['active', 'draft', 'archived', 'current', 'all']).optional(),
  /** `low`: some variant has something left, but no more than its reorder point; `out`: nothing of any variant. */
  stock: z.enum(['low', 'out']).optional(),
});

export const zScanParams = z.object({ code: line(1, 80) });

/** The product, and which of its variants the code stands for. */
export const zScanned = zProduct.extend({
  variant_id: zId('var'),
  variant: zVariant,
  matched_by: z.enum(['barcode', 'equivalent_gtin', 'sku']),
});
export type ScannedJson = z.infer<typeof zScanned>;

export const zProductParams = z.object({ product_id: zId('prod') });
export const zVariantParams = zProductParams.extend({ variant_id: zId('var') });
export const zBarcodeParams = zVariantParams.extend({ barcode: zBarcode });
export const zCategoryParams = z.object({ category_id: zId('cat') });

export const zVariantInput = z.strictObject({
  /** Absent: the first barcode, else drawn from the variant's id. */
  sku: zSku.optional(),
  name: line(0, 120).default(''),
  price: zMoneyInput.nullable().optional(),
  cost: zMoneyInput.nullable().optional(),
  barcodes: z.array(zBarcode).max(20).default([]),
});

export const zProductInput = z.strictObject({
  name: zProductName,
  brand: line(0, 120).default(''),
  description: z.string().max(5000).regex(NO_CONTROLS_BUT_BREAKS).default(''),
  category_id: zId('cat').nullable().default(null),
  /** Absent: the shop's default rate. */
  tax_rate_id: zId('tax').optional(),
  sales_unit: zSalesUnit.default('piece'),
  options: z.array(line(1, 60)).max(5).default([]),
  /** Name of a drawing. */
  picture: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .optional(),
  /** Absent or empty: one variant without a price. */
  variants: z.array(zVariantInput).max(200).default([]),
});
export type ProductInput = z.input<typeof zProductInput>;

export const zProductPatch = z
  .strictObject({
    name: zProductName,
    brand: line(0, 120),
    description: z.string().max(5000).regex(NO_CONTROLS_BUT_BREAKS),
    category_id: zId('cat').nullable(),
    tax_rate_id: zId('tax'),
    sales_unit: zSalesUnit,
    picture: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  })
  .partial();
export type ProductPatch = z.input<typeof zProductPatch>;

export const zVariantPatch = z.strictObject({ sku: zSku, name: line(0, 120), cost: zMoneyInput.nullable() }).partial();
export const zBarcodeInput = z.strictObject({ barcode: zBarcode });
export const zPriceInput = z.strictObject({
  /** null takes the price away: the variant becomes a draft. */
  price: zMoneyInput.nullable(),
  reason: line(0, 200).default(''),
});

export const zPriceChangeInput = z.strictObject({
  /** Signed basis points: 1250 = 12.5 % up. */
  percent_bp: z.int().min(-9999).max(100_000),
  rounding: z
    .strictObject({
      /** Results are multiples of this many minor units. */
      step: z.int().min(1).max(100_000_000).default(1),
      mode: z.enum(['nearest', 'up', 'down']).default('nearest'),
    })
    .default({ step: 1, mode: 'nearest' }),
  /** All given filters must hold; none given means every priced product that is not archived. */
  filters: z
    .strictObject({
      category_id: zId('cat').optional(),
      brand: line(1, 120).optional(),
      q: line(1, 200).optional(),
      product_ids: z.array(zId('prod')).min(1).max(1000).optional(),
    })
    .default({}),
  reason: line(0, 200).default(''),
  /** true: nothing is written. */
  preview: z.boolean().default(false),
});
export type PriceChangeInput = z.input<typeof zPriceChangeInput>;

export const zPriceChange = z.object({
  /** null in a preview, and when no price changes. */
  id: z.string().nullable(),
  seq: z.int().nullable(),
  preview: z.boolean(),
  /** Variants whose price changes. */
  changed: z.int(),
  /** The first hundred. Names are '' in the answer to a change that was carried out. */
  changes: z.array(
    z.object({
      product_id: zId('prod'),
      variant_id: zId('var'),
      name: z.string(),
      sku: z.string(),
      previous: zMoney,
      price: zMoney,
    }),
  ),
});
export type PriceChangeJson = z.infer<typeof zPriceChange>;

/** Sheets of A4 stickers by count, or one label a page for roll printers, in millimetres. */
export const LABEL_SIZES = ['a4_65', 'a4_24', 'a4_8', 'roll_50x25', 'roll_58x40', 'roll_100x50'] as const;

export const zLabelsInput = z.strictObject({
  size: z.enum(LABEL_SIZES).default('a4_24'),
  /** Stickers already used up on the first sheet. */
  skip: z.int().min(0).max(64).default(0),
  items: z
    .array(z.object({ variant_id: zId('var'), copies: z.int().min(1).max(200).default(1) }))
    .min(1)
    .max(500),
});
export type LabelsInput = z.input<typeof zLabelsInput>;

export const zCategory = z.object({
  id: zId('cat'),
  name: z.string(),
  parent_id: zId('cat').nullable(),
  archived: z.boolean(),
  /** Products in it that are not archived. */
  product_count: z.int(),
  revision: z.int(),
});
export type CategoryJson = z.infer<typeof zCategory>;

/** All of them at once, by name: a shop has tens. */
export const zCategoryList = list(zCategory);
export const zCategoryQuery = z.strictObject({ archived: zFlag.optional() });
export const zCategoryInput = z.strictObject({ name: line(1, 120), parent_id: zId('cat').nullable().default(null) });
export const zCategoryPatch = z.strictObject({ name: line(1, 120), parent_id: zId('cat').nullable() }).partial();

/** What the checkout's catalogue cache did since the process started. */
export const zCacheFigures = z.object({
  entries: z.int(),
  capacity: z.int(),
  hits: z.int(),
  misses: z.int(),
  /** 0 to 1; null before the first look-up. */
  hit_rate: z.number().nullable(),
  invalidations: z.int(),
  clears: z.int(),
});
