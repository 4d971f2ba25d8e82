/**
 * The ledger's nouns. An account is one thing that is counted in one place; a transfer moves an amount
 * from one account to another of the same unit; nothing else changes a balance. Rules: docs/spec/ledger.md.
 */

/** What an account counts in: an ISO 4217 code (minor units), `milli` (thousandths of a sales unit) or `point`. */
export type Unit = string;

/**
 * The closed list of account kinds. `stock` and the tender kinds hold what a shop has; the others are the
 * counterparties through which it comes and goes, one per owner and unit, without a limit.
 */
export type AccountKind =
  | 'stock' // owner: location, item: variant
  | 'cash' // owner: cash session or location
  | 'card' // owner: location
  | 'bank' // owner: location (transfers)
  | 'sold' // stock that was sold; owner: location
  | 'supplied' // stock received; owner: location
  | 'adjusted' // stock found or lost by adjustment or count; owner: location
  | 'written_off' // stock thrown away; owner: location
  | 'opening' // what was there before the journal began
  | 'revenue' // money for sales; owner: location
  | 'fee' // money for fees, vouchers and corrections; owner: location
  | 'drawer' // counterparty of cash put in, taken out, or found different at a close; owner: location
  | 'points' // owner: customer (liability)
  | 'credit' // owner: customer (liability)
  | 'issued'; // counterparty of points and credit

/** An account's address. `item` is the variant of a stock account and '' elsewhere. */
export interface AccountRef {
  readonly kind: AccountKind;
  readonly owner: string;
  readonly item: string;
  readonly unit: Unit;
}

/** Why a transfer happened; shown to people as the cause of a movement. */
export type TransferCause =
  | 'sale'
  | 'refund'
  | 'receipt'
  | 'adjustment'
  | 'count'
  | 'move'
  | 'opening'
  | 'write_off'
  | 'reservation'
  | 'tender'
  | 'fee'
  | 'float'
  | 'cash_in'
  | 'cash_out'
  | 'cash_difference'
  | 'earn'
  | 'spend';

interface TransferBase {
  /** Made by whoever causes it; unique in a shop for ever: `<commit id>/<n>`. */
  readonly id: string;
}

/** Moves `amount` at once (`direct`) or reserves it until it is posted, voided or expires (`pending`). */
export interface MoveTransfer extends TransferBase {
  readonly kind: 'direct' | 'pending';
  readonly debit: AccountRef;
  readonly credit: AccountRef;
  /** Positive safe integer in the accounts' unit. */
  readonly amount: number;
  readonly cause: TransferCause;
  /** The overdraft is allowed and will be noted. */
  readonly overdraw?: boolean;
  /** Milliseconds since the epoch, pending only. */
  readonly expiresAt?: number;
}

/** Ends a pending transfer: posts all or a part of it (the rest is released), voids it, or lets it expire. */
export interface EndTransfer extends TransferBase {
  readonly kind: 'post' | 'void' | 'expire';
  readonly pendingId: string;
  /** `post` only; absent means all. */
  readonly amount?: number;
}

export type Transfer = MoveTransfer | EndTransfer;

/** Non-negative safe integers in the account's unit. */
export interface Balance {
  debitsPosted: number;
  creditsPosted: number;
  debitsPending: number;
  creditsPending: number;
}

/** An open pending transfer. */
export interface Pending {
  readonly id: string;
  readonly debit: AccountRef;
  readonly credit: AccountRef;
  readonly amount: number;
  readonly cause: TransferCause;
  readonly expiresAt: number | null;
}

export type LedgerRejection =
  | { readonly code: 'amount_invalid' }
  | { readonly code: 'amount_overflow' }
  | { readonly code: 'unit_mismatch' }
  | { readonly code: 'item_mismatch' }
  | { readonly code: 'same_account' }
  | { readonly code: 'insufficient'; readonly account: AccountRef; readonly available: number }
  | { readonly code: 'pending_not_found' }
  | { readonly code: 'pending_already_posted' }
  | { readonly code: 'pending_already_voided' }
  | { readonly code: 'pending_expired' }
  | { readonly code: 'pending_not_yet_expired' }
  | { readonly code: 'post_exceeds_pending' }
  | { readonly code: 'expires_invalid' }
  | { readonly code: 'id_reused' };
