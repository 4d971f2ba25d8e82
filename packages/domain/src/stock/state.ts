/** What stock's own events add up to, what may be asked of it, and how it may refuse. Rules: docs/spec/stock.md. */

export interface StockState {
  /** On hand in thousandths, by `levelKey`; absent: zero. */
  readonly levels: ReadonlyMap<string, number>;
  /** Thousandths, by variant; absent: the default. */
  readonly reorderPoints: ReadonlyMap<string, number>;
}

export const EMPTY_STOCK: StockState = { levels: new Map(), reorderPoints: new Map() };

/** Key of a level. */
export function levelKey(locationId: string, variantId: string): string {
  return `${locationId}/${variantId}`;
}

/** Largest quantity of one line: 10^8 sales units. */
export const MAX_QUANTITY_MILLI = 100_000_000_000;
/** Most lines of one document. */
export const MAX_LINES = 1000;
/** Reorder point of a variant for which none was set: 5 sales units. */
export const DEFAULT_REORDER_POINT_MILLI = 5000;

export interface QuantityLine {
  readonly variantId: string;
  /** Above zero. */
  readonly quantityMilli: number;
}

export interface ReceiptLine extends QuantityLine {
  readonly productId: string;
  /** Of one sales unit; null: unknown. */
  readonly unitCostMinor: number | null;
}

export type StockCommand =
  | {
      readonly type: 'receive';
      readonly receiptId: string;
      readonly locationId: string;
      readonly supplierId: string | null;
      readonly reference: string;
      readonly currency: string;
      readonly lines: readonly ReceiptLine[];
    }
  | {
      readonly type: 'adjust';
      readonly adjustmentId: string;
      readonly locationId: string;
      readonly variantId: string;
      /** Signed, not zero. */
      readonly quantityMilli: number;
      readonly reason: string;
      readonly allowBelowZero: boolean;
    }
  | {
      readonly type: 'write_off';
      readonly writeOffId: string;
      readonly locationId: string;
      readonly reason: string;
      readonly lines: readonly QuantityLine[];
      readonly allowBelowZero: boolean;
    }
  | {
      readonly type: 'count';
      readonly countId: string;
      readonly locationId: string;
      readonly note: string;
      readonly lines: readonly {
        readonly variantId: string;
        readonly countedMilli: number;
        /** On hand as the counter saw it; absent: as the state has it. */
        readonly seenMilli?: number | undefined;
      }[];
    }
  | {
      readonly type: 'move';
      readonly moveId: string;
      readonly fromLocationId: string;
      readonly toLocationId: string;
      readonly reason: string;
      readonly lines: readonly QuantityLine[];
    }
  | {
      readonly type: 'open';
      readonly openingId: string;
      readonly locationId: string;
      readonly lines: readonly QuantityLine[];
    }
  | { readonly type: 'set_threshold'; readonly variantId: string; readonly reorderPointMilli: number | null };

/** Short stock is no rejection of these rules: the ledger refuses it, on the level at the moment of the commit. */
export type StockRejection =
  | { readonly code: 'lines_missing' }
  | { readonly code: 'lines_too_many'; readonly limit: number }
  /** Not a whole number of thousandths in range; `line` is its place. */
  | { readonly code: 'quantity_invalid'; readonly line: number }
  | { readonly code: 'cost_invalid'; readonly line: number }
  | { readonly code: 'reason_missing' }
  /** A count names a variant twice. */
  | { readonly code: 'line_repeated'; readonly line: number; readonly variantId: string }
  | { readonly code: 'same_location' };
