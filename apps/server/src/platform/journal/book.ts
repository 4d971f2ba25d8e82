/**
 * The ledger's book as the writer keeps it: balances in memory between batches, valid while the journal's head is the
 * one that this process left behind [JR6].
 */
import { type AccountRef, accountKey, type Balance, type Book, type Pending } from '@mostrador/domain/ledger';

export interface BookAccount {
  /** 0 until its first transfer is written. */
  id: number;
  readonly ref: AccountRef;
  readonly balance: Balance;
  /** Is among the rows of the batch in the making. */
  written: boolean;
}

/** A row of ledger_account. */
export interface AccountRow {
  account_id: number;
  kind: AccountRef['kind'];
  owner: string;
  item: string;
  unit: string;
  debits_posted: number;
  credits_posted: number;
  debits_pending: number;
  credits_pending: number;
}

export type PendingState = Pending | { readonly ended: 'posted' | 'voided' };

/** Above this many accounts the memory is emptied rather than grown: about 40 MB. */
export const ACCOUNTS_MAX = 100_000;

export class WriterBook implements Book {
  readonly #accounts = new Map<string, BookAccount>();
  /** The same by the very reference that a transfer of this batch holds: each is asked for half a dozen times. */
  readonly #met = new Map<AccountRef, BookAccount>();
  readonly #pending = new Map<string, PendingState>();
  /** Those made in this batch. */
  readonly putPending: Pending[] = [];

  balance(ref: AccountRef): Balance {
    return this.account(ref).balance;
  }

  account(ref: AccountRef): BookAccount {
    const met = this.#met.get(ref);
    if (met !== undefined) return met;
    const key = accountKey(ref);
    let account = this.#accounts.get(key);
    if (account === undefined) {
      account = {
        id: 0,
        ref,
        balance: { debitsPosted: 0, creditsPosted: 0, debitsPending: 0, creditsPending: 0 },
        written: false,
      };
      this.#accounts.set(key, account);
    }
    this.#met.set(ref, account);
    return account;
  }

  knows(ref: AccountRef): boolean {
    if (this.#met.has(ref)) return true;
    const account = this.#accounts.get(accountKey(ref));
    if (account === undefined) return false;
    this.#met.set(ref, account);
    return true;
  }

  load(row: AccountRow): void {
    const account = this.account({ kind: row.kind, owner: row.owner, item: row.item, unit: row.unit });
    account.id = row.account_id;
    account.balance.debitsPosted = row.debits_posted;
    account.balance.creditsPosted = row.credits_posted;
    account.balance.debitsPending = row.debits_pending;
    account.balance.creditsPending = row.credits_pending;
  }

  pending(id: string): PendingState | undefined {
    return this.#pending.get(id);
  }

  loadPending(id: string, state: PendingState): void {
    this.#pending.set(id, state);
  }

  put(pending: Pending): void {
    this.#pending.set(pending.id, pending);
    this.putPending.push(pending);
  }

  end(id: string, how: 'posted' | 'voided'): void {
    this.#pending.set(id, { ended: how });
  }

  /** Ends a batch that was decided: balances stay, the rest is forgotten. */
  settle(): void {
    this.#pending.clear();
    this.#met.clear();
    this.putPending.length = 0;
  }

  get isFull(): boolean {
    return this.#accounts.size > ACCOUNTS_MAX;
  }

  /** Keeps the memory bounded. Only while nothing is under way: what is forgotten is read again from what is committed. */
  trim(): void {
    // With what was met: an account that is loaded again must not stand beside the one that was.
    if (this.isFull) this.clear();
  }

  clear(): void {
    this.#accounts.clear();
    this.settle();
  }
}
