/** Stock: how much of a variant lies where. Levels are ledger balances; these events are the causes. */

export type StockEvent =
  /** Goods received; transfers supplied → stock. */
  | {
      readonly type: 'stock.received';
      readonly payload: {
        readonly receiptId: string;
        readonly locationId: string;
        readonly supplierId: string | null;
        readonly reference: string;
        readonly currency: string;
        readonly lines: readonly {
          readonly productId: string;
          readonly variantId: string;
          readonly quantityMilli: number;
          readonly unitCostMinor: number | null;
        }[];
      };
    }
  /** A signed change with its reason; transfers adjusted ↔ stock. */
  | {
      readonly type: 'stock.adjusted';
      readonly payload: {
        readonly adjustmentId: string;
        readonly locationId: string;
        readonly variantId: string;
        readonly quantityMilli: number;
        readonly reason: string;
      };
    }
  /** Thrown away, broken, stolen (positive quantities); transfers stock → written_off. */
  | {
      readonly type: 'stock.written_off';
      readonly payload: {
        readonly writeOffId: string;
        readonly locationId: string;
        readonly reason: string;
        readonly lines: readonly { readonly variantId: string; readonly quantityMilli: number }[];
      };
    }
  /**
   * A count: what was found against what the counter's screen said; transfers for the differences only, so that what
   * was sold between the look and the commit stays sold.
   */
  | {
      readonly type: 'stock.counted';
      readonly payload: {
        readonly countId: string;
        readonly locationId: string;
        readonly note: string;
        readonly lines: readonly {
          readonly variantId: string;
          readonly expectedMilli: number;
          readonly countedMilli: number;
        }[];
      };
    }
  /** Between two locations. */
  | {
      readonly type: 'stock.moved';
      readonly payload: {
        readonly moveId: string;
        readonly fromLocationId: string;
        readonly toLocationId: string;
        readonly reason: string;
        readonly lines: readonly { readonly variantId: string; readonly quantityMilli: number }[];
      };
    }
  /** What lay there before the journal began (imports, demo); transfers opening → stock. */
  | {
      readonly type: 'stock.opened';
      readonly payload: {
        readonly openingId: string;
        readonly locationId: string;
        readonly lines: readonly { readonly variantId: string; readonly quantityMilli: number }[];
      };
    }
  /** At or below this the variant is low, at every location; null: the shop's default. Moves nothing. */
  | {
      readonly type: 'stock.threshold_set';
      readonly payload: { readonly variantId: string; readonly reorderPointMilli: number | null };
    }
  /** Reservations whose time had come; what they held is available again. */
  | {
      readonly type: 'stock.reservations_expired';
      readonly payload: {
        readonly sweepId: string;
        readonly reservations: readonly {
          readonly pendingId: string;
          readonly locationId: string;
          readonly variantId: string;
          readonly quantityMilli: number;
        }[];
      };
    };
