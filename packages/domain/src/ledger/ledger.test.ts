/** The ledger's rules one by one, as tables of cases. */
import { describe, expect, it } from 'vitest';
import type { AccountKind, AccountRef, LedgerRejection, MoveTransfer, Transfer } from './index.js';
import {
  ACCOUNT_KINDS,
  accountKey,
  applyTransfers,
  available,
  balanceOf,
  isHolding,
  mayRetry,
  memoryBook,
  sideOf,
} from './index.js';

const NOW = 1_700_000_000_000;
const MAX = Number.MAX_SAFE_INTEGER;

const ref = (kind: AccountKind, owner = 'loc_1', item = '', unit = 'ARS'): AccountRef => ({ kind, owner, item, unit });
const stock = (item = 'var_a', owner = 'loc_1') => ref('stock', owner, item, 'milli');
const sold = ref('sold', 'loc_1', '', 'milli');
const supplied = ref('supplied', 'loc_1', '', 'milli');

let counter = 0;
function move(debit: AccountRef, credit: AccountRef, amount: number, more: Partial<MoveTransfer> = {}): MoveTransfer {
  return { id: `c/${counter++}`, kind: 'direct', debit, credit, amount, cause: 'adjustment', ...more };
}
const receive = (amount: number, item = 'var_a') => move(stock(item), supplied, amount);
const sell = (amount: number, more: Partial<MoveTransfer> = {}) => move(sold, stock(), amount, more);
const reserve = (id: string, amount: number, more: Partial<MoveTransfer> = {}) =>
  sell(amount, { id, kind: 'pending', cause: 'reservation', ...more });
const end = (kind: 'post' | 'void' | 'expire', pendingId: string, amount?: number): Transfer => ({
  id: `c/${counter++}`,
  kind,
  pendingId,
  ...(amount === undefined ? {} : { amount }),
});

function bookWith(...transfers: Transfer[]) {
  const book = memoryBook();
  expect(applyTransfers(book, transfers, { now: NOW }).ok).toBe(true);
  return book;
}
function codeOf(book: ReturnType<typeof memoryBook>, transfer: Transfer, now = NOW): string {
  const applied = applyTransfers(book, [transfer], { now });
  return applied.ok ? 'ok' : applied.rejection.code;
}
const left = (book: ReturnType<typeof memoryBook>, account = stock()) => available(account.kind, book.balance(account));

describe('accounts', () => {
  it('[LG1] tells accounts apart by every part of their address', () => {
    const keys = [
      ref('cash', 'a', '', 'ARS'),
      ref('card', 'a', '', 'ARS'),
      ref('cash', 'b', '', 'ARS'),
      ref('cash', 'a', '', 'USD'),
      ref('cash', 'a', 'x', 'ARS'),
    ].map(accountKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(accountKey(stock())).toBe('stock/loc_1/var_a/milli');
  });

  it('[LG3] signs each kind by the side on which it grows', () => {
    const balance = { debitsPosted: 10, creditsPosted: 4, debitsPending: 0, creditsPending: 0 };
    const byDebit = ACCOUNT_KINDS.filter((kind) => balanceOf(kind, balance) === 6);
    expect(byDebit.toSorted()).toEqual(['bank', 'card', 'cash', 'issued', 'sold', 'stock', 'written_off']);
    for (const kind of ACCOUNT_KINDS) expect(sideOf(kind)).toBe(byDebit.includes(kind) ? 'debit' : 'credit');
  });

  it('[LG4] limits holdings and nothing else', () => {
    expect(ACCOUNT_KINDS.filter(isHolding).toSorted()).toEqual(['bank', 'card', 'cash', 'credit', 'points', 'stock']);
    const book = memoryBook();
    expect(codeOf(book, receive(5))).toBe('ok');
    expect(available('supplied', book.balance(supplied))).toBe(Number.POSITIVE_INFINITY);
    for (const kind of ['stock', 'cash', 'card', 'bank'] as const) {
      expect(codeOf(book, move(ref('issued', 'x'), ref(kind, 'x'), 1))).toBe('insufficient');
    }
    for (const kind of ['points', 'credit'] as const) {
      expect(codeOf(book, move(ref(kind, 'x'), ref('issued', 'x'), 1))).toBe('insufficient');
      expect(codeOf(book, move(ref('issued', 'x'), ref(kind, 'x'), 1))).toBe('ok');
    }
  });

  it('[LG5] counts what is reserved to leave and not what is announced to come', () => {
    const book = bookWith(receive(10), reserve('p', 4), { ...receive(7), kind: 'pending' });
    expect(left(book)).toBe(6);
    expect(balanceOf('stock', book.balance(stock()))).toBe(10);
    expect(available('points', { debitsPosted: 1, creditsPosted: 9, debitsPending: 3, creditsPending: 50 })).toBe(5);
  });
});

describe('transfers', () => {
  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, MAX + 1])('[LG7] refuses the amount %s', (amount) => {
    expect(codeOf(memoryBook(), receive(amount))).toBe('amount_invalid');
    const book = bookWith(receive(5), reserve('p', 2));
    expect(codeOf(book, end('post', 'p', amount))).toBe('amount_invalid');
    expect(left(book)).toBe(3);
  });

  it('[LG7] refuses an amount on a void or an expiry', () => {
    const book = bookWith(receive(5), reserve('p', 2));
    expect(codeOf(book, end('void', 'p', 1))).toBe('amount_invalid');
  });

  it('[LG7] refuses what would leave the safe range, posted and pending together', () => {
    const book = bookWith(receive(MAX));
    expect(codeOf(book, receive(1))).toBe('amount_overflow');
    expect(codeOf(book, { ...receive(1), kind: 'pending' })).toBe('amount_overflow');
    const pending = bookWith({ ...receive(MAX), id: 'p', kind: 'pending' });
    expect(codeOf(pending, receive(1))).toBe('amount_overflow');
    // The counterparty overflows before the holding does.
    const many = bookWith(receive(MAX), sell(MAX));
    expect(codeOf(many, move(stock('var_b'), supplied, 1))).toBe('amount_overflow');
    expect(codeOf(many, move(stock('var_b'), ref('opening', 'loc_1', '', 'milli'), 1))).toBe('ok');
  });

  it('[LG8] refuses different units, different items, and an account with itself', () => {
    const book = bookWith(receive(5));
    expect(codeOf(book, move(ref('cash'), stock(), 1))).toBe('unit_mismatch');
    expect(codeOf(book, move(stock('var_b'), stock('var_a'), 1))).toBe('item_mismatch');
    expect(codeOf(book, move(stock(), stock(), 1))).toBe('same_account');
    expect(codeOf(book, move(stock('var_a', 'loc_2'), stock('var_a', 'loc_1'), 1))).toBe('ok');
  });

  it('[LG9] posts a direct transfer and only reserves a pending one', () => {
    const book = bookWith(receive(10), sell(3), reserve('p', 2));
    expect(book.balance(stock())).toEqual({ debitsPosted: 10, creditsPosted: 3, debitsPending: 0, creditsPending: 2 });
    expect(book.balance(sold)).toEqual({ debitsPosted: 3, creditsPosted: 0, debitsPending: 2, creditsPending: 0 });
  });

  it('[LG10] says what is left when it is not enough', () => {
    const book = bookWith(receive(10), reserve('p', 4));
    expect(applyTransfers(book, [sell(7)], { now: NOW })).toEqual({
      ok: false,
      index: 0,
      rejection: { code: 'insufficient', account: stock(), available: 6 },
    });
    expect(codeOf(book, reserve('q', 7))).toBe('insufficient');
    expect(codeOf(book, sell(6))).toBe('ok');
    expect(codeOf(book, sell(1))).toBe('insufficient');
  });

  it('[LG10] names the holding that is short when both sides take out', () => {
    const book = bookWith(move(ref('cash'), ref('revenue'), 5));
    const applied = applyTransfers(book, [move(ref('credit', 'cus_1'), ref('cash'), 5)], { now: NOW });
    expect(applied).toMatchObject({ ok: false, rejection: { account: ref('credit', 'cus_1'), available: 0 } });
  });

  it('[LG10] overdraws on demand and notes how far', () => {
    const book = bookWith(receive(10));
    expect(applyTransfers(book, [sell(12, { overdraw: true })], { now: NOW })).toMatchObject({
      ok: true,
      overdrawn: [{ index: 0, account: stock(), by: 2 }],
    });
    expect(codeOf(book, sell(1))).toBe('insufficient');
    const more = applyTransfers(book, [sell(1, { overdraw: true }), receive(1)], { now: NOW });
    expect(more).toMatchObject({ ok: true, overdrawn: [{ index: 0, by: 3 }] });
    expect(left(book)).toBe(-2);
    expect(applyTransfers(book, [receive(5), sell(3, { overdraw: true })], { now: NOW })).toMatchObject({
      ok: true,
      overdrawn: [],
    });
  });

  it('[LG11] refuses an id twice in a batch, or that of a known pending transfer', () => {
    const book = bookWith(receive(10), reserve('p', 1));
    expect(codeOf(book, reserve('p', 1))).toBe('id_reused');
    expect(codeOf(book, sell(1, { id: 'p' }))).toBe('id_reused');
    expect(codeOf(book, { id: 'p', kind: 'void', pendingId: 'p' })).toBe('id_reused');
    const twice = applyTransfers(book, [sell(1, { id: 'x' }), sell(1, { id: 'x' })], { now: NOW });
    expect(twice).toEqual({ ok: false, index: 1, rejection: { code: 'id_reused' } });
    expect(codeOf(book, end('void', 'p'))).toBe('ok');
    expect(codeOf(book, reserve('p', 1))).toBe('id_reused');
  });
});

describe('two phases', () => {
  const later = NOW + 1000;

  it('[LG12] posts all, posts a part, or releases', () => {
    const book = bookWith(receive(10), reserve('a', 3), reserve('b', 3), reserve('c', 3));
    expect(left(book)).toBe(1);
    expect(codeOf(book, end('post', 'a'))).toBe('ok');
    expect(codeOf(book, end('post', 'b', 1))).toBe('ok');
    expect(codeOf(book, end('void', 'c'))).toBe('ok');
    expect(book.balance(stock())).toEqual({ debitsPosted: 10, creditsPosted: 4, debitsPending: 0, creditsPending: 0 });
    expect(book.balance(sold)).toEqual({ debitsPosted: 4, creditsPosted: 0, debitsPending: 0, creditsPending: 0 });
    expect([...book.open()]).toEqual([]);
  });

  it.each([
    ['post', 'pending_already_posted'],
    ['void', 'pending_already_voided'],
    ['expire', 'pending_already_voided'],
  ] as const)('[LG12] refuses to end again what a %s has ended', (how, code) => {
    const book = bookWith(receive(10), reserve('p', 3, { expiresAt: later }));
    expect(codeOf(book, end(how, 'p'), how === 'expire' ? later : NOW)).toBe('ok');
    for (const again of ['post', 'void', 'expire'] as const) expect(codeOf(book, end(again, 'p'), later)).toBe(code);
    expect(codeOf(book, end('post', 'unknown'))).toBe('pending_not_found');
  });

  it('[LG12] ends in the same batch what the batch has reserved', () => {
    const book = bookWith(receive(10), reserve('p', 3), end('post', 'p', 2));
    expect(left(book)).toBe(8);
    expect(codeOf(book, end('void', 'p'))).toBe('pending_already_posted');
    const twice = applyTransfers(book, [reserve('q', 3), end('void', 'q'), end('post', 'q')], { now: NOW });
    expect(twice).toEqual({ ok: false, index: 2, rejection: { code: 'pending_already_voided' } });
    expect(codeOf(book, end('void', 'q'))).toBe('pending_not_found');
  });

  it('[LG13] posts at most what was reserved, and that always', () => {
    const book = bookWith(receive(3), reserve('p', 3));
    expect(codeOf(book, end('post', 'p', 4))).toBe('post_exceeds_pending');
    expect(codeOf(book, sell(5, { overdraw: true }))).toBe('ok');
    expect(codeOf(book, end('post', 'p', 3))).toBe('ok');
    expect(left(book)).toBe(-5);
  });

  it.each([NOW, NOW - 1, 1.5 + NOW, Number.NaN])('[LG14] refuses to expire at %s', (expiresAt) => {
    expect(codeOf(bookWith(receive(3)), reserve('p', 1, { expiresAt }))).toBe('expires_invalid');
  });

  it('[LG14] refuses a time on a direct transfer', () => {
    expect(codeOf(bookWith(receive(3)), sell(1, { expiresAt: later }))).toBe('expires_invalid');
  });

  it('[LG14] only expires from its time on, and not before', () => {
    const book = bookWith(receive(5), reserve('p', 3, { expiresAt: later }), reserve('q', 1));
    expect(codeOf(book, end('expire', 'p'), later - 1)).toBe('pending_not_yet_expired');
    expect(codeOf(book, end('expire', 'q'), MAX)).toBe('pending_not_yet_expired');
    expect(codeOf(book, end('post', 'p'), later)).toBe('pending_expired');
    expect(codeOf(book, end('void', 'p'), later)).toBe('pending_expired');
    expect(left(book)).toBe(1);
    expect(codeOf(book, end('expire', 'p'), later)).toBe('ok');
    expect(left(book)).toBe(4);
  });
});

describe('batches', () => {
  it('[LG15] sees the transfers before it', () => {
    expect(codeOf(memoryBook(), sell(3))).toBe('insufficient');
    bookWith(receive(3), sell(3));
  });

  it('[LG15] undoes everything when one is refused, pending transfers too', () => {
    const book = bookWith(receive(10), reserve('p', 4));
    const before = JSON.stringify([[...book.accounts()], [...book.open()]]);
    const applied = applyTransfers(
      book,
      [sell(2), reserve('q', 1), end('post', 'p', 3), end('void', 'q'), receive(1), sell(99)],
      { now: NOW },
    );
    expect(applied).toMatchObject({ ok: false, index: 5, rejection: { code: 'insufficient', available: 6 } });
    expect(JSON.stringify([[...book.accounts()], [...book.open()]])).toBe(before);
    expect(codeOf(book, end('void', 'q'))).toBe('pending_not_found');
    expect(codeOf(book, end('post', 'p'))).toBe('ok');
  });

  it('[LG16] names each account it changed once', () => {
    const applied = applyTransfers(memoryBook(), [receive(5), sell(1), sell(1)], { now: NOW });
    expect(applied).toEqual({ ok: true, touched: [stock(), supplied, sold], overdrawn: [] });
    expect(applyTransfers(memoryBook(), [], { now: NOW })).toEqual({ ok: true, touched: [], overdrawn: [] });
  });

  it('[LG17] decides for every refusal whether to send again', () => {
    const account = stock();
    const again: Record<LedgerRejection['code'], boolean> = {
      amount_invalid: false,
      amount_overflow: false,
      unit_mismatch: false,
      item_mismatch: false,
      same_account: false,
      insufficient: true,
      pending_not_found: true,
      pending_already_posted: false,
      pending_already_voided: false,
      pending_expired: false,
      pending_not_yet_expired: true,
      post_exceeds_pending: false,
      expires_invalid: false,
      id_reused: false,
    };
    for (const [code, expected] of Object.entries(again)) {
      expect(mayRetry({ code, account, available: 0 } as LedgerRejection), code).toBe(expected);
    }
    expect(() => mayRetry({ code: 'new' } as unknown as LedgerRejection)).toThrow('new');
  });
});
