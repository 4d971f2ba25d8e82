/** Sales: completed facts. A refund is another fact that points at its sale. Amounts are minor units of the sale's currency. */
import type { SalesUnit } from '../product/types.js';

export type TenderType = 'cash' | 'card' | 'transfer';

/** What a line is: only `product` lines move stock. */
export type LineKind = 'product' | 'shipping' | 'fee' | 'voucher' | 'discount' | 'other';

/** Money taken off a line; already out of its total. */
export interface LineDiscount {
  readonly amountMinor: number;
  readonly reason: string;
  /** `sale`: this line's share of a discount on the whole sale. */
  readonly scope: 'line' | 'sale';
}

export interface SaleLine {
  readonly kind: LineKind;
  readonly productId: string | null;
  readonly variantId: string | null;
  readonly sku: string;
  /** As it was called when it was sold. */
  readonly name: string;
  readonly quantityMilli: number;
  /** Absent: piece. */
  readonly salesUnit?: SalesUnit;
  /** Tax included; of one sales unit. */
  readonly unitPriceMinor: number;
  /** The product's own price, where another one was asked. */
  readonly listPriceMinor?: number;
  /** Absent: none. */
  readonly discounts?: readonly LineDiscount[];
  /** Tax included, rounded; may be negative for discounts and vouchers. */
  readonly totalMinor: number;
  readonly taxRateId: string;
  /** Rate in basis points of the net price: 2100 = 21 %. */
  readonly taxRateBp: number;
  /** The tax inside totalMinor. */
  readonly taxMinor: number;
  /** Cost of one sales unit when it was sold; null: unknown. */
  readonly unitCostMinor: number | null;
}

export interface TaxTotal {
  readonly taxRateId: string;
  readonly taxRateBp: number;
  readonly netMinor: number;
  readonly taxMinor: number;
}

export interface Tender {
  readonly type: TenderType;
  /** As handed over; the change is given out of cash. */
  readonly amountMinor: number;
}

export interface SaleCompleted {
  readonly saleId: string;
  /** Set by the journal from the location's series. */
  readonly receiptNumber?: string;
  readonly locationId: string;
  readonly cashSessionId: string | null;
  readonly customerId: string | null;
  readonly currency: string;
  readonly lines: readonly SaleLine[];
  readonly taxes: readonly TaxTotal[];
  readonly totalMinor: number;
  readonly taxMinor: number;
  readonly tenders: readonly Tender[];
  readonly changeMinor: number;
  readonly channel: 'counter' | 'import' | 'demo';
  /** The number the sale had where it was imported from. */
  readonly externalReference?: string;
}

export interface SaleRefunded {
  readonly refundId: string;
  readonly saleId: string | null;
  readonly receiptNumber?: string;
  readonly locationId: string;
  readonly cashSessionId: string | null;
  readonly customerId: string | null;
  readonly currency: string;
  /** Positive quantities and amounts; `saleLine` is the index in the sale, null when the sale is unknown (imports). */
  readonly lines: readonly { readonly saleLine: number | null; readonly line: SaleLine; readonly restock: boolean }[];
  readonly taxes: readonly TaxTotal[];
  readonly totalMinor: number;
  readonly taxMinor: number;
  readonly tenders: readonly Tender[];
  readonly reason: string;
  readonly channel: 'counter' | 'import' | 'demo';
  readonly externalReference?: string;
}

/** Money that moved without a sale: bank charges, marketplace fees, bad debt (imports). Signed: below zero is a cost. */
export interface FeeRecorded {
  readonly feeId: string;
  readonly locationId: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly lines: readonly {
    readonly kind: LineKind;
    readonly sku: string;
    readonly name: string;
    readonly quantityMilli: number;
    readonly totalMinor: number;
  }[];
  readonly reason: string;
  readonly externalReference: string;
}

export type SaleEvent =
  | { readonly type: 'sale.completed'; readonly payload: SaleCompleted }
  | { readonly type: 'sale.refunded'; readonly payload: SaleRefunded }
  | { readonly type: 'sale.fee_recorded'; readonly payload: FeeRecorded };
