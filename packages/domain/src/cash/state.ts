/** What a cash session is once its events are applied, what may be asked of it, and how it may refuse. */

export interface CashSessionState {
  readonly cashSessionId: string;
  readonly locationId: string;
  readonly name: string;
  readonly currency: string;
  readonly status: 'open' | 'closed';
  readonly floatMinor: number;
  /** Sums of what was put in and taken out by hand. */
  readonly inMinor: number;
  readonly outMinor: number;
  /** Set by the close. */
  readonly expectedMinor: number | null;
  readonly countedMinor: number | null;
  readonly note: string;
  /** Signed sum of what came after the close. */
  readonly lateMinor: number;
}

export type CashCommand =
  | {
      readonly type: 'open';
      readonly cashSessionId: string;
      readonly locationId: string;
      readonly name: string;
      readonly currency: string;
      readonly floatMinor: number;
    }
  | {
      readonly type: 'move';
      readonly movementId: string;
      readonly direction: 'in' | 'out';
      readonly amountMinor: number;
      readonly currency: string;
      readonly reason: string;
    }
  | {
      readonly type: 'close';
      readonly countedMinor: number;
      readonly currency: string;
      readonly note: string;
      /** Balance of the session's cash account. */
      readonly expectedMinor: number;
    }
  | {
      readonly type: 'settle';
      /** Balance of the session's cash account after its close. */
      readonly balanceMinor: number;
    };

export type CashRejection =
  | { readonly code: 'session_exists' }
  | { readonly code: 'session_not_found' }
  | { readonly code: 'session_closed' }
  | { readonly code: 'session_open' }
  | { readonly code: 'currency_mismatch'; readonly currency: string }
  | { readonly code: 'amount_invalid' }
  | { readonly code: 'name_missing' }
  | { readonly code: 'reason_missing' }
  | { readonly code: 'nothing_late' };

/** Largest amount of one command, in minor units. */
export const MAX_CASH_MINOR = 1_000_000_000_000;
