/**
 * Sales over REST: checkout, refunds, receipts. Amounts are minor units with tax included, quantities are in the
 * sales unit. What a line was called and cost is kept as it was when it was sold.
 */
import { z } from 'zod';
import { page, zCursor, zDay, zId, zLimit, zMoney, zMoneyInput, zName, zQuantity, zTimestamp } from './common.js';

export const zTenderType = z.enum(['cash', 'card', 'transfer']);
export const zSaleChannel = z.enum(['counter', 'import', 'demo']);
export const zLineKind = z.enum(['product', 'shipping', 'fee', 'voucher', 'discount', 'other']);

/** Money off, with its reason: an amount, or a share in basis points (1000 = 10 %). Exactly one of the two. */
export const zDiscountInput = z
  .strictObject({
    amount: zMoneyInput.optional(),
    percent_bp: z.int().min(1).max(10_000).optional(),
    reason: zName(200),
  })
  .refine((d) => (d.amount === undefined) !== (d.percent_bp === undefined), {
    error: 'give either amount or percent_bp',
  });

export const zCheckoutLine = z.strictObject({
  variant_id: zId('var'),
  /** More than nothing; whole where the product is sold by the piece. */
  quantity: zQuantity,
  /** Another price of one sales unit than the product's own; needs the permission price.write. */
  price: zMoneyInput.optional(),
  discount: zDiscountInput.optional(),
});

export const zTenderInput = z.strictObject({ type: zTenderType, amount: zMoneyInput });

export const zCheckoutInput = z.strictObject({
  location_id: zId('loc'),
  lines: z.array(zCheckoutLine).min(1).max(1000),
  /** Empty only when the total is zero. Cash above the total gives change. */
  tenders: z.array(zTenderInput).max(20),
  customer_id: zId('cus').optional(),
  /** Must be open, at this location. */
  cash_session_id: zId('cse').optional(),
  /** Off the whole sale, after the lines' own discounts; spread over the lines. */
  discount: zDiscountInput.optional(),
});
export type CheckoutInput = z.input<typeof zCheckoutInput>;

export const zCheckoutAnswer = z.object({
  id: zId('sal'),
  receipt_number: z.string(),
  total: zMoney,
  change: zMoney,
  /** Its place in the shop's journal. */
  seq: z.int(),
});
export type CheckoutAnswer = z.infer<typeof zCheckoutAnswer>;

export const zTender = z.object({
  type: zTenderType,
  /** As handed over. */
  amount: zMoney,
});

export const zTaxTotal = z.object({
  tax_rate_id: z.string(),
  /** Basis points of the net amount: 2100 = 21 %. */
  tax_rate_bp: z.int(),
  net: zMoney,
  tax: zMoney,
});

export const zSaleStatus = z.enum(['completed', 'partly_refunded', 'refunded']);

/** A row of the list of sales. */
export const zSaleSummary = z.object({
  id: zId('sal'),
  seq: z.int(),
  receipt_number: z.string(),
  at: zTimestamp,
  status: zSaleStatus,
  location_id: zId('loc'),
  location_name: z.string(),
  /** Who sold: `usr_…`, or `system` or `import`. */
  user_id: z.string(),
  user_name: z.string(),
  customer_id: zId('cus').nullable(),
  cash_session_id: zId('cse').nullable(),
  channel: zSaleChannel,
  line_count: z.int(),
  total: zMoney,
  tax: zMoney,
  /** What was given back so far. */
  refunded: zMoney,
  external_reference: z.string().nullable(),
});
export type SaleSummaryJson = z.infer<typeof zSaleSummary>;
export const zSalePage = page(zSaleSummary);

export const zSaleLine = z.object({
  /** Its place in the sale, from 0; refunds name it. */
  index: z.int(),
  kind: zLineKind,
  product_id: zId('prod').nullable(),
  variant_id: zId('var').nullable(),
  sku: z.string(),
  name: z.string(),
  quantity: z.number(),
  unit_price: zMoney,
  /** The product's own price where another one was asked; else null. */
  list_price: zMoney.nullable(),
  discounts: z.array(z.object({ amount: zMoney, reason: z.string(), scope: z.enum(['line', 'sale']) })),
  total: zMoney,
  tax_rate_id: z.string(),
  tax_rate_bp: z.int(),
  tax: zMoney,
  /** Of one sales unit when it was sold; null when unknown or when the reader may not see costs (report.read). */
  unit_cost: zMoney.nullable(),
  refunded_quantity: z.number(),
  refunded_total: zMoney,
  refundable_quantity: z.number(),
  refundable_total: zMoney,
});
export type SaleLineJson = z.infer<typeof zSaleLine>;

export const zAccountRef = z.object({ kind: z.string(), owner: z.string(), item: z.string(), unit: z.string() });

/** One movement of the ledger, as the answer to "why". */
export const zTransferTrace = z.object({
  /** `<commit id>/<n>`. */
  id: z.string(),
  seq: z.int(),
  kind: z.enum(['direct', 'pending', 'post', 'void', 'expire']),
  cause: z.string(),
  debit: zAccountRef,
  credit: zAccountRef,
  /** Minor units of money, thousandths of a sales unit for the unit `milli`. */
  amount: z.int(),
  unit: z.string(),
  /** How far below zero it left an account; null when it did not. */
  overdrawn: z.int().nullable(),
});
export type TransferTraceJson = z.infer<typeof zTransferTrace>;

export const zRefundLine = z.object({
  /** The line of the sale; null when the sale is unknown (imports). */
  sale_line: z.int().nullable(),
  kind: zLineKind,
  product_id: zId('prod').nullable(),
  variant_id: zId('var').nullable(),
  sku: z.string(),
  name: z.string(),
  quantity: z.number(),
  total: zMoney,
  tax_rate_bp: z.int(),
  tax: zMoney,
  restock: z.boolean(),
});

export const zRefund = z.object({
  id: zId('ref'),
  seq: z.int(),
  sale_id: zId('sal').nullable(),
  receipt_number: z.string(),
  at: zTimestamp,
  location_id: zId('loc'),
  location_name: z.string(),
  user_id: z.string(),
  user_name: z.string(),
  customer_id: zId('cus').nullable(),
  cash_session_id: zId('cse').nullable(),
  reason: z.string(),
  lines: z.array(zRefundLine),
  taxes: z.array(zTaxTotal),
  total: zMoney,
  tax: zMoney,
  tenders: z.array(zTender),
  transfers: z.array(zTransferTrace),
});
export type RefundJson = z.infer<typeof zRefund>;

export const zSale = zSaleSummary.extend({
  recorded_at: zTimestamp,
  lines: z.array(zSaleLine),
  taxes: z.array(zTaxTotal),
  net: zMoney,
  tenders: z.array(zTender),
  change: zMoney,
  refunds: z.array(zRefund.omit({ transfers: true })),
  refundable: zMoney,
  /** Of the sale itself; a refund's are in GET /refunds/{id}. */
  transfers: z.array(zTransferTrace),
  /** The `seq` of the last event on the sale. */
  revision: z.int(),
});
export type SaleJson = z.infer<typeof zSale>;

export const zSaleParams = z.strictObject({ sale_id: zId('sal') });
export const zRefundParams = z.strictObject({ refund_id: zId('ref') });

export const zSaleQuery = z.strictObject({
  limit: zLimit,
  cursor: zCursor,
  /** Inclusive days in the shop's time zone. */
  from: zDay.optional(),
  to: zDay.optional(),
  /** A receipt number, with or without its prefix and zeros, or the number of the system it came from. */
  q: zName(80).optional(),
  location_id: zId('loc').optional(),
  customer_id: zId('cus').optional(),
  user_id: zId('usr').optional(),
});

/** Without `lines` all that is left is refunded and put back into stock. */
export const zRefundInput = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        /** The index of the sale's line. */
        sale_line: z.int().min(0).max(100_000),
        /** Absent: all that is left of the line. */
        quantity: zQuantity.optional(),
        /** Whether the goods are back on the shelf. */
        restock: z.boolean().default(true),
      }),
    )
    .min(1)
    .max(2000)
    .optional(),
  reason: zName(300),
  /** Absent: in the sale's own tenders, cash last. Otherwise they must add up to the refund. */
  tenders: z.array(zTenderInput).max(20).optional(),
  /** The drawer that pays; must be open. Absent: the location's cash. */
  cash_session_id: zId('cse').optional(),
});
export type RefundInput = z.input<typeof zRefundInput>;

export const zRefundAnswer = z.object({
  id: zId('ref'),
  sale_id: zId('sal'),
  receipt_number: z.string(),
  total: zMoney,
  tenders: z.array(zTender),
  seq: z.int(),
});
export type RefundAnswer = z.infer<typeof zRefundAnswer>;

export const zReceiptQuery = z.strictObject({
  format: z.enum(['html', 'pdf']).default('html'),
  /** Absent: the shop's own. */
  locale: z.enum(['es', 'en']).optional(),
});
