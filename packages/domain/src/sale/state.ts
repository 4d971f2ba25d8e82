/** What a sale is once its events are applied, what may be asked of it, and how it may refuse: all defects at once. */
import type { SalesUnit } from '../product/types.js';
import type { LineKind, SaleCompleted, TenderType } from './types.js';

/** What was given back of one line so far; places as in the sale. */
export interface RefundedLine {
  readonly quantityMilli: number;
  readonly totalMinor: number;
  readonly taxMinor: number;
}

/** A sale and what was refunded of it. */
export interface SaleState {
  readonly sale: SaleCompleted;
  readonly refunded: readonly RefundedLine[];
  readonly refundedMinor: number;
  /** What went back by each tender. */
  readonly refundedTenders: Readonly<Record<TenderType, number>>;
}

/** What the catalogue says of a variant at the moment of the sale. */
export interface SaleItem {
  readonly productId: string;
  readonly variantId: string;
  readonly sku: string;
  /** As it will stand on the receipt. */
  readonly name: string;
  readonly salesUnit: SalesUnit;
  /** Tax included, of one sales unit; null: no price yet. */
  readonly priceMinor: number | null;
  readonly costMinor: number | null;
  readonly taxRateId: string;
  /** Basis points of the net price. */
  readonly rateBp: number;
  readonly archived: boolean;
}

/** An amount as it was asked, in the currency in which it was asked. */
export interface AskedMoney {
  readonly amountMinor: number;
  readonly currency: string;
}

/** Exactly one of amount and percentBp (1 to 10000). */
export interface AskedDiscount {
  readonly amount?: AskedMoney | undefined;
  readonly percentBp?: number | undefined;
  readonly reason: string;
}

export interface AskedLine {
  /** null: the catalogue knows no such variant. */
  readonly item: SaleItem | null;
  readonly variantId: string;
  readonly quantityMilli: number;
  /** Instead of the item's own price. */
  readonly price?: AskedMoney | undefined;
  readonly discount?: AskedDiscount | undefined;
  /** Only `product`, the default, moves stock. */
  readonly kind?: LineKind | undefined;
}

export interface AskedTender extends AskedMoney {
  readonly type: TenderType;
}

/** A gapless series of receipt numbers. */
export interface ReceiptSeries {
  readonly series: string;
  readonly prefix: string;
}

export interface CompleteSale {
  readonly type: 'complete';
  readonly saleId: string;
  readonly locationId: string;
  readonly receipt: ReceiptSeries;
  /** The shop's. */
  readonly currency: string;
  readonly cashSessionId: string | null;
  readonly customerId: string | null;
  readonly lines: readonly AskedLine[];
  /** Off the whole, after the lines' own. */
  readonly discount?: AskedDiscount | undefined;
  readonly tenders: readonly AskedTender[];
  readonly channel: SaleCompleted['channel'];
  readonly externalReference?: string | undefined;
  /** The goods have left the shop already: stock may go below zero. */
  readonly overdraw?: boolean | undefined;
}

export interface AskedRefundLine {
  readonly saleLine: number;
  /** Absent: all that is left of the line. */
  readonly quantityMilli?: number | undefined;
  readonly restock: boolean;
}

export interface RefundSale {
  readonly type: 'refund';
  readonly refundId: string;
  readonly receipt: ReceiptSeries;
  readonly cashSessionId: string | null;
  /** Absent: all that is left of every line, back into stock. */
  readonly lines?: readonly AskedRefundLine[] | undefined;
  readonly reason: string;
  /** Absent: as the sale was paid, cash last. */
  readonly tenders?: readonly AskedTender[] | undefined;
  readonly channel: SaleCompleted['channel'];
}

export type SaleCommand = CompleteSale | RefundSale;

/** One thing that is wrong. `line` and `tender` are places in the command; `saleLine` is a place in the sale. */
export type SaleDefect =
  | { readonly code: 'variant_unknown'; readonly line: number; readonly variantId: string }
  | { readonly code: 'product_archived'; readonly line: number; readonly variantId: string }
  | { readonly code: 'price_missing'; readonly line: number; readonly variantId: string }
  | { readonly code: 'quantity_fraction'; readonly line: number; readonly variantId: string }
  /** Not a positive safe integer. */
  | { readonly code: 'quantity_invalid'; readonly line: number }
  /** A price, tender or discount below zero, or a discount without exactly one of amount and percentage. */
  | { readonly code: 'amount_invalid'; readonly at: DefectPlace }
  | { readonly code: 'currency_mismatch'; readonly at: DefectPlace; readonly currency: string }
  /** `line` null: the discount on the whole. */
  | { readonly code: 'discount_excess'; readonly line: number | null; readonly discountableMinor: number }
  | { readonly code: 'amount_out_of_range' }
  | { readonly code: 'tender_insufficient'; readonly totalMinor: number; readonly missingMinor: number }
  | { readonly code: 'tender_excess'; readonly totalMinor: number; readonly excessMinor: number }
  | { readonly code: 'tender_mismatch'; readonly totalMinor: number; readonly tenderedMinor: number }
  | { readonly code: 'sale_line_unknown'; readonly line: number; readonly saleLine: number }
  | {
      readonly code: 'refund_excess';
      /** null: the money, not the goods, are more than what is left. */
      readonly line: number | null;
      readonly saleLine: number | null;
      readonly refundableMilli: number;
      readonly refundableMinor: number;
    };

/** Which amount of the command a defect is about. */
export type DefectPlace =
  | { readonly field: 'price' | 'discount'; readonly line: number }
  | { readonly field: 'sale_discount' }
  | { readonly field: 'tender'; readonly tender: number };

export type SaleRejection =
  | { readonly code: 'sale_refused'; readonly defects: readonly SaleDefect[] }
  | { readonly code: 'sale_exists' }
  | { readonly code: 'sale_not_found' };
