/**
 * What `applyTransfers` works on. The server backs a Book by rows it has loaded, a till by its own store, tests by
 * memory; the rules see no difference.
 */
import { accountKey, zeroBalance } from './accounts.js';
import type { AccountRef, Balance, Pending } from './types.js';

/** How a pending transfer ended; one that expired is `voided`. */
export type Ended = 'posted' | 'voided';

export interface Book {
  /** The account's balance, zeros when it is new. One live object per account: `applyTransfers` changes it in place. */
  balance(ref: AccountRef): Balance;
  /** An open pending transfer, how it ended, or undefined when the book never had it. */
  pending(id: string): Pending | { readonly ended: Ended } | undefined;
  /** Keeps a new pending transfer; called only for batches that were accepted. */
  put(pending: Pending): void;
  /** Closes an open pending transfer; called only for batches that were accepted. */
  end(id: string, how: Ended): void;
}

export interface MemoryBook extends Book {
  /** Every account that was ever asked for, in that order. */
  accounts(): IterableIterator<{ readonly ref: AccountRef; readonly balance: Balance }>;
  /** The pending transfers that are open. */
  open(): IterableIterator<Pending>;
}

/** A Book in memory. */
export function memoryBook(): MemoryBook {
  const accounts = new Map<string, { readonly ref: AccountRef; readonly balance: Balance }>();
  const pendings = new Map<string, Pending>();
  const ended = new Map<string, { readonly ended: Ended }>();
  return {
    balance(ref) {
      const key = accountKey(ref);
      let account = accounts.get(key);
      if (account === undefined) {
        account = { ref, balance: zeroBalance() };
        accounts.set(key, account);
      }
      return account.balance;
    },
    pending: (id) => pendings.get(id) ?? ended.get(id),
    put(pending) {
      pendings.set(pending.id, pending);
    },
    end(id, how) {
      pendings.delete(id);
      ended.set(id, { ended: how });
    },
    accounts: () => accounts.values(),
    open: () => pendings.values(),
  };
}
