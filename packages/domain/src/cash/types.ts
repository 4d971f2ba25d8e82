/** Cash sessions: one drawer from its opening to its count. The balance is a ledger account owned by the session. */

export type CashEvent =
  | {
      readonly type: 'cash.session_opened';
      readonly payload: {
        readonly cashSessionId: string;
        readonly locationId: string;
        readonly name: string;
        readonly currency: string;
        readonly floatMinor: number;
      };
    }
  /** Cash put in (`in`) or taken out (`out`) by hand; positive. */
  | {
      readonly type: 'cash.moved';
      readonly payload: {
        readonly movementId: string;
        readonly cashSessionId: string;
        readonly direction: 'in' | 'out';
        readonly amountMinor: number;
        readonly currency: string;
        readonly reason: string;
      };
    }
  /** A blind close: counted against expected; the difference is a transfer of its own. */
  | {
      readonly type: 'cash.session_closed';
      readonly payload: {
        readonly cashSessionId: string;
        readonly currency: string;
        readonly expectedMinor: number;
        readonly countedMinor: number;
        readonly differenceMinor: number;
        readonly note: string;
      };
    }
  /** Cash of sales that were decided before the close and recorded after it; it follows the rest into the drawer. */
  | {
      readonly type: 'cash.late_settled';
      readonly payload: {
        readonly cashSessionId: string;
        readonly currency: string;
        /** Signed: below zero when late refunds took more than late sales brought. */
        readonly amountMinor: number;
      };
    };
