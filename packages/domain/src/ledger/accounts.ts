/**
 * What each kind of account is: which side makes it grow, and whether it holds something that cannot fall below
 * nothing. Everything that reads a balance goes through here, so that no sign is decided twice.
 */
import type { AccountKind, AccountRef, Balance } from './types.js';

/** `debit`: balance = debits − credits; `credit`: balance = credits − debits. */
export type Side = 'debit' | 'credit';

const SIDES: Readonly<Record<AccountKind, Side>> = {
  stock: 'debit',
  cash: 'debit',
  card: 'debit',
  bank: 'debit',
  sold: 'debit',
  written_off: 'debit',
  issued: 'debit',
  supplied: 'credit',
  adjusted: 'credit',
  opening: 'credit',
  revenue: 'credit',
  fee: 'credit',
  drawer: 'credit',
  points: 'credit',
  credit: 'credit',
};

const HOLDINGS: ReadonlySet<AccountKind> = new Set<AccountKind>(['stock', 'cash', 'card', 'bank', 'points', 'credit']);

/** Every kind, holdings and counterparties, in a fixed order. */
export const ACCOUNT_KINDS = Object.keys(SIDES) as readonly AccountKind[];

/** The side on which the kind grows. */
export function sideOf(kind: AccountKind): Side {
  return SIDES[kind];
}

/** A holding may not fall below zero without `overdraw`; a counterparty (false) has no limit. */
export function isHolding(kind: AccountKind): boolean {
  return HOLDINGS.has(kind);
}

/** The address as one string: `kind/owner/item/unit`. Owners, items and units hold no `/`, so it is unique. */
export function accountKey(ref: AccountRef): string {
  return `${ref.kind}/${ref.owner}/${ref.item}/${ref.unit}`;
}

/** A balance with nothing in it. */
export function zeroBalance(): Balance {
  return { debitsPosted: 0, creditsPosted: 0, debitsPending: 0, creditsPending: 0 };
}

/** What is there: posted amounts only, signed by the side of the kind. */
export function balanceOf(kind: AccountKind, balance: Balance): number {
  return SIDES[kind] === 'debit'
    ? balance.debitsPosted - balance.creditsPosted
    : balance.creditsPosted - balance.debitsPosted;
}

/** What may still be taken out: the balance without what is reserved to leave. Infinity for a counterparty. */
export function available(kind: AccountKind, balance: Balance): number {
  if (!HOLDINGS.has(kind)) return Number.POSITIVE_INFINITY;
  return SIDES[kind] === 'debit'
    ? balance.debitsPosted - balance.creditsPosted - balance.creditsPending
    : balance.creditsPosted - balance.debitsPosted - balance.debitsPending;
}
