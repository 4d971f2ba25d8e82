/**
 * Stock over REST: levels, which are balances of the ledger, and the documents that change them. Quantities are in the
 * sales unit (1 piece, 0.345 kg). Rules: docs/spec/stock.md.
 */
import { z } from 'zod';
import {
  fromMilli,
  page,
  toMilli,
  zCurrency,
  zCursor,
  zId,
  zInstant,
  zLimit,
  zLine,
  zMoney,
  zMoneyInput,
  zName,
  zQuantity,
  zQuantityOrZero,
  zSignedQuantity,
  zTimestamp,
} from './common.js';

/** Pieces (or kg, l, m) at or below which a variant is `low` when the shop has set nothing else. */
export const REORDER_POINT_DEFAULT = 5;

/** `out`: nothing available; `low`: available, but at or below the reorder point; `below_zero`: oversold. */
export const zStockState = z.enum(['ok', 'low', 'out', 'below_zero']);
export type StockState = z.infer<typeof zStockState>;

export const zStockLevel = z.object({
  location_id: zId('loc'),
  location_name: z.string(),
  variant_id: zId('var'),
  product_id: zId('prod'),
  product_name: z.string(),
  /** '' for an only variant. */
  variant_name: z.string(),
  sku: z.string(),
  sales_unit: z.enum(['piece', 'kg', 'l', 'm']),
  on_hand: z.number(),
  reserved: z.number(),
  /** on_hand − reserved. */
  available: z.number(),
  state: zStockState,
  reorder_point: z.number(),
  /** `seq` of the last movement here; null when nothing has ever moved. */
  last_seq: z.int().nullable(),
});
export type StockLevelJson = z.infer<typeof zStockLevel>;
export const zStockLevelPage = page(zStockLevel);

/**
 * With `variant_id`: that variant at every location, zeros included. With `location_id`: every variant that is not
 * archived, zeros included. With neither: every level that has ever moved, and one zero at the default location for
 * variants that never did.
 */
export const zStockQuery = z.strictObject({
  variant_id: zId('var').optional(),
  location_id: zId('loc').optional(),
  /** Words of name or brand, the start of a SKU or of a barcode. */
  q: zLine(200).optional(),
  state: z.enum(['low', 'out', 'below_zero']).optional(),
  limit: zLimit,
  cursor: zCursor,
});
export type StockQuery = z.input<typeof zStockQuery>;

/** What all documents answer: `seq` is their place in the journal. */
const recorded = { id: z.string(), seq: z.int(), at: zTimestamp };

const zQuantityLine = z.strictObject({ variant_id: zId('var'), quantity: zQuantity });
const LINES_MAX = 1000;

export const zAdjustmentInput = z.strictObject({
  location_id: zId('loc'),
  variant_id: zId('var'),
  /** The signed change. */
  quantity: zSignedQuantity,
  /** Free text. */
  reason: zName(500),
  /** Asks for the permission `operations.write` and leaves a noted overdraft. */
  allow_below_zero: z.boolean().default(false),
});
export type AdjustmentInput = z.input<typeof zAdjustmentInput>;
export const zAdjustment = z.object({
  ...recorded,
  location_id: zId('loc'),
  variant_id: zId('var'),
  quantity: z.number(),
  reason: z.string(),
});
export type AdjustmentJson = z.infer<typeof zAdjustment>;

export const zReceiptInput = z.strictObject({
  location_id: zId('loc'),
  supplier_id: zId('sup').nullable().default(null),
  /** Number of the delivery note or invoice. */
  reference: zLine(120).default(''),
  lines: z
    .array(
      z.strictObject({
        variant_id: zId('var'),
        quantity: zQuantity,
        /** Of one sales unit; absent or null: unknown. It becomes the variant's last known cost. */
        unit_cost: zMoneyInput.nullable().default(null),
      }),
    )
    .min(1)
    .max(LINES_MAX),
});
export type ReceiptInput = z.input<typeof zReceiptInput>;

export const zStockReceiptSummary = z.object({
  ...recorded,
  location_id: zId('loc'),
  location_name: z.string(),
  supplier_id: zId('sup').nullable(),
  supplier_name: z.string().nullable(),
  reference: z.string(),
  line_count: z.int(),
  quantity: z.number(),
  /** Sum of quantity × unit cost over the lines whose cost is known; null when the reader may not see costs. */
  cost: zMoney.nullable(),
  actor: z.string(),
  actor_name: z.string().nullable(),
});
export type StockReceiptSummaryJson = z.infer<typeof zStockReceiptSummary>;
export const zStockReceiptPage = page(zStockReceiptSummary);
export const zStockReceiptQuery = z.strictObject({
  location_id: zId('loc').optional(),
  supplier_id: zId('sup').optional(),
  limit: zLimit,
  cursor: zCursor,
});

/** The answer to a receipt: what was written, without names. */
export const zStockReceipt = z.object({
  ...recorded,
  location_id: zId('loc'),
  supplier_id: zId('sup').nullable(),
  reference: z.string(),
  currency: zCurrency,
  lines: z.array(
    z.object({
      product_id: zId('prod'),
      variant_id: zId('var'),
      quantity: z.number(),
      unit_cost: zMoney.nullable(),
    }),
  ),
});
export type StockReceiptJson = z.infer<typeof zStockReceipt>;
export const zStockReceiptParams = z.strictObject({ receipt_id: zId('stk') });

/** One receipt with names, as the office shows it. */
export const zStockReceiptDetail = zStockReceiptSummary.extend({
  lines: z.array(
    z.object({
      product_id: zId('prod'),
      variant_id: zId('var'),
      product_name: z.string(),
      variant_name: z.string(),
      sku: z.string(),
      quantity: z.number(),
      unit_cost: zMoney.nullable(),
    }),
  ),
});
export type StockReceiptDetailJson = z.infer<typeof zStockReceiptDetail>;

export const zCountInput = z.strictObject({
  location_id: zId('loc'),
  note: zLine(500).default(''),
  lines: z
    .array(
      z.strictObject({
        variant_id: zId('var'),
        counted: zQuantityOrZero,
        /**
         * `on_hand` as it stood on the counter's screen when the shelf was counted. What is sold or received after
         * that and before the count is committed stays counted. Absent: the level when the request is handled.
         */
        seen: z
          .number()
          .min(-1_000_000_000)
          .max(1_000_000_000)
          .refine((q) => fromMilli(toMilli(q)) === q, { message: 'more than 3 decimals' })
          .meta({ multipleOf: 0.001 })
          .optional(),
      }),
    )
    .min(1)
    .max(LINES_MAX),
});
export type CountInput = z.input<typeof zCountInput>;
export const zCount = z.object({
  ...recorded,
  location_id: zId('loc'),
  note: z.string(),
  lines: z.array(
    z.object({
      variant_id: zId('var'),
      expected: z.number(),
      counted: z.number(),
      /** counted − expected: what was booked. */
      difference: z.number(),
    }),
  ),
});
export type CountJson = z.infer<typeof zCount>;

export const zStockMoveInput = z.strictObject({
  from_location_id: zId('loc'),
  to_location_id: zId('loc'),
  reason: zLine(500).default(''),
  lines: z.array(zQuantityLine).min(1).max(LINES_MAX),
});
export type StockMoveInput = z.input<typeof zStockMoveInput>;
const zLineJson = z.object({ variant_id: zId('var'), quantity: z.number() });
export const zStockMove = z.object({
  ...recorded,
  from_location_id: zId('loc'),
  to_location_id: zId('loc'),
  reason: z.string(),
  lines: z.array(zLineJson),
});
export type StockMoveJson = z.infer<typeof zStockMove>;

export const zWriteOffInput = z.strictObject({
  location_id: zId('loc'),
  reason: zName(500),
  lines: z.array(zQuantityLine).min(1).max(LINES_MAX),
  /** As for an adjustment. */
  allow_below_zero: z.boolean().default(false),
});
export type WriteOffInput = z.input<typeof zWriteOffInput>;
export const zWriteOff = z.object({
  ...recorded,
  location_id: zId('loc'),
  reason: z.string(),
  lines: z.array(zLineJson),
});
export type WriteOffJson = z.infer<typeof zWriteOff>;

export const STOCK_CAUSES = [
  'sale',
  'refund',
  'receipt',
  'adjustment',
  'count',
  'move',
  'opening',
  'write_off',
  'reservation',
] as const;
export const zStockCause = z.enum(STOCK_CAUSES);
export type StockCause = z.infer<typeof zStockCause>;

export const zStockMovement = z.object({
  /** Of the journal; with `n` and the location it names the movement. */
  seq: z.int(),
  /** Place among the transfers of its commit. */
  n: z.int(),
  at: zTimestamp,
  cause: zStockCause,
  location_id: zId('loc'),
  location_name: z.string(),
  variant_id: zId('var'),
  product_id: zId('prod').nullable(),
  product_name: z.string(),
  variant_name: z.string(),
  sku: z.string(),
  /** What the quantities count. */
  sales_unit: z.enum(['piece', 'kg', 'l', 'm']),
  /** Signed change of on_hand; 0 for a reservation that was made or released. */
  quantity: z.number(),
  /** Signed change of what is reserved. */
  reserved: z.number(),
  /** on_hand after it; null in a list that is not of one variant. */
  balance_after: z.number().nullable(),
  /** How far below zero it left the level, when that was allowed; else null. */
  overdrawn: z.number().nullable(),
  /** The other location of a move; else null. */
  other_location_id: zId('loc').nullable(),
  other_location_name: z.string().nullable(),
  /** `sale.completed`, `stock.received`… and what it is about (`sal_…`, `stk_…`). */
  event_type: z.string(),
  subject: z.string(),
  /** Receipt number of a sale or refund, reference of a goods receipt; '' when there is none. */
  reference: z.string(),
  /** What the person gave as reason; '' when there is none. */
  reason: z.string(),
  /** `usr_…`, `system`, `import`. */
  actor: z.string(),
  /** null when it is no person, or one who was erased. */
  actor_name: z.string().nullable(),
});
export type StockMovementJson = z.infer<typeof zStockMovement>;

/**
 * Newest first. A filter that matches little is searched a stretch of history at a time, so that a page may hold fewer
 * rows than asked, even none, and still say `has_more`.
 */
export const zStockMovementPage = page(zStockMovement);
export const zStockMovementQuery = z.strictObject({
  variant_id: zId('var').optional(),
  location_id: zId('loc').optional(),
  cause: zStockCause.optional(),
  /** From this moment on. */
  from: zInstant.optional(),
  /** Before this moment. */
  to: zInstant.optional(),
  limit: zLimit,
  cursor: zCursor,
});
export type StockMovementQuery = z.input<typeof zStockMovementQuery>;

export const zThresholdInput = z.strictObject({
  variant_id: zId('var'),
  /** null: back to the default. */
  reorder_point: zQuantityOrZero.nullable(),
});
export type ThresholdInput = z.input<typeof zThresholdInput>;
export const zThreshold = z.object({
  variant_id: zId('var'),
  /** As it holds now, the default included. */
  reorder_point: z.number(),
  is_default: z.boolean(),
});
export type ThresholdJson = z.infer<typeof zThreshold>;
export const zStockSummaryQuery = z.strictObject({ location_id: zId('loc').optional() });

/** How many levels are in each state: the chips above the list. */
export const zStockSummary = z.object({
  levels: z.int(),
  low: z.int(),
  out: z.int(),
  below_zero: z.int(),
});
export type StockSummaryJson = z.infer<typeof zStockSummary>;
