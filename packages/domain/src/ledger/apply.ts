/**
 * The one function that changes balances. It runs some thousand times a second under the journal's lock, so it
 * changes live balances in place and remembers how to undo that, instead of copying the book. Rules: docs/spec/ledger.md.
 */
import { available, isHolding, sideOf } from './accounts.js';
import type { Book, Ended } from './book.js';
import type { AccountRef, Balance, EndTransfer, LedgerRejection, MoveTransfer, Pending, Transfer } from './types.js';

/** A holding that a transfer was allowed to overdraw: `by` is how far below zero it then stood. */
export interface Overdrawn {
  /** Place of the transfer in its batch. */
  readonly index: number;
  readonly account: AccountRef;
  readonly by: number;
}

export type Applied =
  | { readonly ok: true; readonly touched: readonly AccountRef[]; readonly overdrawn: readonly Overdrawn[] }
  /** `index`: the first transfer that was refused. The book is as it was before. */
  | { readonly ok: false; readonly index: number; readonly rejection: LedgerRejection };

/**
 * Applies the transfers in order, all of them or none. `now` is milliseconds since the epoch and decides what has
 * expired. `touched` names every account whose balance changed, once, in the order of the first change.
 */
export function applyTransfers(book: Book, transfers: readonly Transfer[], context: { readonly now: number }): Applied {
  const run = new Run(book, context.now);
  for (let index = 0; index < transfers.length; index++) {
    const transfer = transfers[index] as Transfer;
    const rejection = isMove(transfer) ? run.move(transfer, index) : run.end(transfer);
    if (rejection !== null) {
      run.undo();
      return { ok: false, index, rejection };
    }
  }
  run.settle();
  return { ok: true, touched: run.touched, overdrawn: run.overdrawn };
}

const AMOUNT_INVALID: LedgerRejection = { code: 'amount_invalid' };
const AMOUNT_OVERFLOW: LedgerRejection = { code: 'amount_overflow' };

/** A batch under way. The undo log is four parallel arrays, which costs no object per transfer. */
class Run {
  readonly touched: AccountRef[] = [];
  readonly overdrawn: Overdrawn[] = [];
  private readonly ids = new Set<string>();
  private readonly seen = new Set<Balance>();
  private readonly debits: Balance[] = [];
  private readonly credits: Balance[] = [];
  private readonly posted: number[] = [];
  private readonly reserved: number[] = [];
  /** Pending transfers this batch made or ended; the book learns of them only when all is accepted. */
  private made: Map<string, Pending> | null = null;
  private closed: Map<string, Ended> | null = null;

  constructor(
    private readonly book: Book,
    private readonly now: number,
  ) {}

  move(transfer: MoveTransfer, index: number): LedgerRejection | null {
    const { amount, debit, credit, expiresAt } = transfer;
    if (!isAmount(amount)) return AMOUNT_INVALID;
    if (debit.unit !== credit.unit) return { code: 'unit_mismatch' };
    if (debit.item !== credit.item && debit.item !== '' && credit.item !== '') return { code: 'item_mismatch' };
    if (debit.owner === credit.owner && debit.kind === credit.kind && debit.item === credit.item) {
      return { code: 'same_account' };
    }
    const isPending = transfer.kind === 'pending';
    if (expiresAt !== undefined && !(isPending && Number.isSafeInteger(expiresAt) && expiresAt > this.now)) {
      return { code: 'expires_invalid' };
    }
    if (!this.takeId(transfer.id)) return { code: 'id_reused' };

    const to = this.book.balance(debit);
    const from = this.book.balance(credit);
    if (
      to.debitsPosted + to.debitsPending + amount > Number.MAX_SAFE_INTEGER ||
      from.creditsPosted + from.creditsPending + amount > Number.MAX_SAFE_INTEGER
    ) {
      return AMOUNT_OVERFLOW;
    }
    // Crediting takes out of stock and money, debiting takes out of points and credit: either side can fall short.
    const debitLeft = takesByDebit(debit) ? available(debit.kind, to) - amount : 0;
    const creditLeft = takesByCredit(credit) ? available(credit.kind, from) - amount : 0;
    if (debitLeft < 0 || creditLeft < 0) {
      if (transfer.overdraw !== true) {
        const account = debitLeft < 0 ? debit : credit;
        return { code: 'insufficient', account, available: (debitLeft < 0 ? debitLeft : creditLeft) + amount };
      }
      if (debitLeft < 0) this.overdrawn.push({ index, account: debit, by: -debitLeft });
      if (creditLeft < 0) this.overdrawn.push({ index, account: credit, by: -creditLeft });
    }
    this.touch(debit, to);
    this.touch(credit, from);
    if (isPending) {
      this.change(to, from, 0, amount);
      this.made ??= new Map();
      this.made.set(transfer.id, {
        id: transfer.id,
        debit,
        credit,
        amount,
        cause: transfer.cause,
        expiresAt: expiresAt ?? null,
      });
    } else {
      this.change(to, from, amount, 0);
    }
    return null;
  }

  end(transfer: EndTransfer): LedgerRejection | null {
    const { pendingId } = transfer;
    if (transfer.amount !== undefined && !(transfer.kind === 'post' && isAmount(transfer.amount))) {
      return AMOUNT_INVALID;
    }
    if (!this.takeId(transfer.id)) return { code: 'id_reused' };
    const pending = this.find(pendingId);
    if (pending === undefined) return { code: 'pending_not_found' };
    if ('ended' in pending) {
      return { code: pending.ended === 'posted' ? 'pending_already_posted' : 'pending_already_voided' };
    }
    const isDue = pending.expiresAt !== null && pending.expiresAt <= this.now;
    if (transfer.kind === 'expire' && !isDue) return { code: 'pending_not_yet_expired' };
    if (transfer.kind !== 'expire' && isDue) return { code: 'pending_expired' };
    const amount = transfer.kind === 'post' ? (transfer.amount ?? pending.amount) : 0;
    if (amount > pending.amount) return { code: 'post_exceeds_pending' };

    const to = this.book.balance(pending.debit);
    const from = this.book.balance(pending.credit);
    this.touch(pending.debit, to);
    this.touch(pending.credit, from);
    this.change(to, from, amount, -pending.amount);
    this.closed ??= new Map();
    this.closed.set(pendingId, transfer.kind === 'post' ? 'posted' : 'voided');
    return null;
  }

  /** Tells the book of the pending transfers. The balances are in place already. */
  settle(): void {
    if (this.made !== null) for (const pending of this.made.values()) this.book.put(pending);
    if (this.closed !== null) for (const [id, how] of this.closed) this.book.end(id, how);
  }

  undo(): void {
    for (let i = this.debits.length - 1; i >= 0; i--) {
      const posted = this.posted[i] as number;
      const reserved = this.reserved[i] as number;
      const to = this.debits[i] as Balance;
      const from = this.credits[i] as Balance;
      to.debitsPosted -= posted;
      to.debitsPending -= reserved;
      from.creditsPosted -= posted;
      from.creditsPending -= reserved;
    }
  }

  private find(id: string): Pending | { readonly ended: Ended } | undefined {
    const ended = this.closed?.get(id);
    if (ended !== undefined) return { ended };
    return this.made?.get(id) ?? this.book.pending(id);
  }

  /** Ids of one batch must differ, and no id may be that of a pending transfer the book knows. */
  private takeId(id: string): boolean {
    if (this.ids.has(id) || this.book.pending(id) !== undefined) return false;
    this.ids.add(id);
    return true;
  }

  private touch(ref: AccountRef, balance: Balance): void {
    if (this.seen.has(balance)) return;
    this.seen.add(balance);
    this.touched.push(ref);
  }

  private change(to: Balance, from: Balance, posted: number, reserved: number): void {
    to.debitsPosted += posted;
    to.debitsPending += reserved;
    from.creditsPosted += posted;
    from.creditsPending += reserved;
    this.debits.push(to);
    this.credits.push(from);
    this.posted.push(posted);
    this.reserved.push(reserved);
  }
}

function isMove(transfer: Transfer): transfer is MoveTransfer {
  return transfer.kind === 'direct' || transfer.kind === 'pending';
}

function isAmount(amount: number): boolean {
  return Number.isSafeInteger(amount) && amount > 0;
}

function takesByDebit(ref: AccountRef): boolean {
  return isHolding(ref.kind) && sideOf(ref.kind) === 'credit';
}

function takesByCredit(ref: AccountRef): boolean {
  return isHolding(ref.kind) && sideOf(ref.kind) === 'debit';
}
