/**
 * Random documents of stock: their events and their transfers must tell the same story, and goods are neither made
 * nor lost on the way between two places. FC_SEED repeats a run.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountKind, applyTransfers, available, balanceOf, memoryBook } from '../ledger/index.js';
import {
  decide,
  decideExpiry,
  EMPTY_STOCK,
  evolve,
  levelKey,
  releaseReserved,
  reserve,
  type StockCommand,
  type StockState,
  stockAccount,
  takeReserved,
} from './index.js';
import type { StockEvent } from './types.js';

const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
const LOCATIONS = ['loc_1', 'loc_2'] as const;
const VARIANTS = ['var_a', 'var_b', 'var_c'] as const;

const locationId = fc.constantFrom(...LOCATIONS);
const variantId = fc.constantFrom(...VARIANTS);
const quantityMilli = fc.integer({ min: 1, max: 9000 });
const lines = fc.array(fc.record({ variantId, quantityMilli }), { minLength: 1, maxLength: 4 });

const command: fc.Arbitrary<StockCommand> = fc.oneof(
  fc.record({
    type: fc.constant('receive' as const),
    receiptId: fc.constant('stk'),
    locationId,
    supplierId: fc.constant(null),
    reference: fc.constant(''),
    currency: fc.constant('ARS'),
    lines: lines.map((l) => l.map((line) => ({ ...line, productId: 'prod_1', unitCostMinor: null }))),
  }),
  fc.record({
    type: fc.constant('adjust' as const),
    adjustmentId: fc.constant('stk'),
    locationId,
    variantId,
    quantityMilli: fc.integer({ min: -9000, max: 9000 }),
    reason: fc.constant('x'),
    allowBelowZero: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('write_off' as const),
    writeOffId: fc.constant('stk'),
    locationId,
    reason: fc.constant('x'),
    lines,
    allowBelowZero: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('count' as const),
    countId: fc.constant('stk'),
    locationId,
    note: fc.constant(''),
    lines: fc.uniqueArray(
      fc.record(
        {
          variantId,
          countedMilli: fc.integer({ min: 0, max: 20_000 }),
          seenMilli: fc.integer({ min: -5000, max: 20_000 }),
        },
        { requiredKeys: ['variantId', 'countedMilli'] },
      ),
      { selector: (l) => l.variantId, minLength: 1 },
    ),
  }),
  fc.record({
    type: fc.constant('move' as const),
    moveId: fc.constant('stk'),
    fromLocationId: locationId,
    toLocationId: locationId,
    reason: fc.constant(''),
    lines,
  }),
  fc.record({ type: fc.constant('open' as const), openingId: fc.constant('stk'), locationId, lines }),
);

describe('stock under random documents', () => {
  it('[ST1] [ST2] the fold of the events is the balance of the transfers, and each refusal leaves both alone', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const book = memoryBook();
        let state: StockState = EMPTY_STOCK;
        for (const [n, one] of commands.entries()) {
          const context = { commitId: `c${n}`, now: n };
          const decision = decide(state, one, context);
          if (!decision.ok) continue;
          const applied = applyTransfers(book, decision.transfers, context);
          if (!applied.ok) {
            expect(applied.rejection.code).toBe('insufficient');
            continue;
          }
          // Decided events carry stock's own payloads.
          for (const event of decision.events) state = evolve(state, event as unknown as StockEvent);
          for (const location of LOCATIONS) {
            for (const variant of VARIANTS) {
              const balance = book.balance(stockAccount(location, variant));
              expect(balanceOf('stock', balance)).toBe(state.levels.get(levelKey(location, variant)) ?? 0);
            }
          }
        }
      }),
      { numRuns: 300, ...seed },
    );
  });

  it('[ST6] moves alone keep the sum over both places, and nothing falls below zero', () => {
    const moves = fc.array(fc.record({ from: fc.boolean(), lines }), { maxLength: 60 });
    fc.assert(
      fc.property(moves, (history) => {
        const book = memoryBook();
        const level = (l: string, v: string) => balanceOf('stock', book.balance(stockAccount(l, v)));
        const open = decide(
          EMPTY_STOCK,
          {
            type: 'open',
            openingId: 'stk',
            locationId: 'loc_1',
            lines: VARIANTS.map((v) => ({ variantId: v, quantityMilli: 15_000 })),
          },
          { commitId: 'o', now: 0 },
        );
        if (open.ok) applyTransfers(book, open.transfers, { now: 0 });
        for (const [n, { from, lines: moved }] of history.entries()) {
          const context = { commitId: `c${n}`, now: n };
          const decision = decide(
            EMPTY_STOCK,
            {
              type: 'move',
              moveId: 'stk',
              fromLocationId: from ? 'loc_1' : 'loc_2',
              toLocationId: from ? 'loc_2' : 'loc_1',
              reason: '',
              lines: moved,
            },
            context,
          );
          if (decision.ok) applyTransfers(book, decision.transfers, context);
          for (const v of VARIANTS) {
            expect(level('loc_1', v) + level('loc_2', v)).toBe(15_000);
            expect(Math.min(level('loc_1', v), level('loc_2', v))).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: 200, ...seed },
    );
  });

  it('[ST12] [ST13] reservations hold goods back once, and end by being taken, released or expired', () => {
    const step = fc.record({
      act: fc.constantFrom('reserve' as const, 'take' as const, 'release' as const, 'sweep' as const),
      quantityMilli,
      which: fc.nat(20),
      ttl: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (history) => {
        const book = memoryBook();
        const account = stockAccount('loc_1', 'var_a');
        const brought = 20_000;
        applyTransfers(
          book,
          [
            {
              id: 'o/0',
              kind: 'direct',
              debit: account,
              credit: { kind: 'opening', owner: 'loc_1', item: '', unit: 'milli' },
              amount: brought,
              cause: 'opening',
            },
          ],
          { now: 0 },
        );
        let taken = 0;
        for (const [n, { act, quantityMilli: milli, which, ttl }] of history.entries()) {
          const now = n + 1;
          const open = [...book.open()];
          const one = open[which % Math.max(1, open.length)];
          if (act === 'reserve') {
            const expiresAt = ttl === undefined ? undefined : now + ttl;
            const before = available('stock', book.balance(account));
            const applied = applyTransfers(
              book,
              [reserve(`r${n}`, { locationId: 'loc_1', variantId: 'var_a', quantityMilli: milli, expiresAt })],
              { now },
            );
            expect(applied.ok).toBe(milli <= before);
          } else if (act === 'sweep') {
            const decision = decideExpiry('stk', open, { commitId: `c${n}`, now });
            if (decision.ok) expect(applyTransfers(book, decision.transfers, { now }).ok).toBe(true);
            const due = [...book.open()].filter((p) => p.expiresAt !== null && p.expiresAt <= now);
            expect(due).toEqual([]);
          } else if (one !== undefined) {
            const isDue = one.expiresAt !== null && one.expiresAt <= now;
            const part = Math.min(milli, one.amount);
            const end = act === 'take' ? takeReserved(`e${n}`, one.id, part) : releaseReserved(`e${n}`, one.id);
            const applied = applyTransfers(book, [end], { now });
            expect(applied.ok).toBe(!isDue);
            if (applied.ok && act === 'take') taken += part;
          }
          const balance = book.balance(account);
          expect(balanceOf('stock', balance)).toBe(brought - taken);
          const reserved = [...book.open()].reduce((sum, p) => sum + p.amount, 0);
          expect(available('stock', balance)).toBe(brought - taken - reserved);
          expect(available('stock', balance)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 200, ...seed },
    );
  });

  it('[ST13] a sweep leaves what is not due and what is not stock', () => {
    const kind: AccountKind = 'points';
    const pending = { id: 'p', amount: 1, cause: 'reservation' as const, debit: stockAccount('x', 'y') };
    const credit = { kind, owner: 'cus_1', item: '', unit: 'point' };
    const context = { commitId: 'c', now: 100 };
    expect(
      decideExpiry(
        'stk',
        [
          { ...pending, credit, expiresAt: 1 },
          { ...pending, credit: stockAccount('l', 'v'), expiresAt: 101 },
          { ...pending, credit: stockAccount('l', 'v'), expiresAt: null },
        ],
        context,
      ),
    ).toEqual({ ok: false, rejection: { code: 'nothing_due' } });
  });
});
