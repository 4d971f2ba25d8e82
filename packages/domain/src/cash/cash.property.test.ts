/** Random days at a drawer: whatever happened, the session's account is what its events say, and zero after its close. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyTransfers, balanceOf, memoryBook } from '../ledger/index.js';
import { type CashCommand, type CashSessionState, decide, drawerAccount, evolve, sessionCash } from './index.js';
import type { CashEvent } from './types.js';

const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
const amountMinor = fc.integer({ min: 1, max: 5000 });
const act = fc.oneof(
  fc.record({
    kind: fc.constant('move' as const),
    direction: fc.constantFrom('in' as const, 'out' as const),
    amountMinor,
  }),
  fc.record({ kind: fc.constant('sale' as const), amountMinor }),
);

describe('a day at a drawer', () => {
  it('[CS5] [CS6] [CS7] expected = float + in − out + sales; after the close nothing is left, nothing is lost', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.array(act, { maxLength: 40 }),
        fc.nat(90_000),
        (floatMinor, acts, countedMinor) => {
          const book = memoryBook();
          const cash = sessionCash('cse_1', 'ARS');
          const balance = () => balanceOf('cash', book.balance(cash));
          let state: CashSessionState | null = null;
          let n = 0;
          const run = (command: CashCommand): boolean => {
            const context = { commitId: `c${n++}`, now: n };
            const decision = decide(state, command, context);
            if (!decision.ok || !applyTransfers(book, decision.transfers, context).ok) return false;
            for (const e of decision.events) state = evolve(state, e as unknown as CashEvent);
            return true;
          };
          run({ type: 'open', cashSessionId: 'cse_1', locationId: 'loc_1', name: 'a', currency: 'ARS', floatMinor });
          let sold = 0;
          for (const one of acts) {
            if (one.kind === 'sale') {
              const revenue = { kind: 'revenue', owner: 'loc_1', item: '', unit: 'ARS' } as const;
              const id = `s${n++}/0`;
              applyTransfers(
                book,
                [{ id, kind: 'direct', debit: cash, credit: revenue, amount: one.amountMinor, cause: 'tender' }],
                { now: n },
              );
              sold += one.amountMinor;
            } else {
              const { direction, amountMinor: amount } = one;
              const enough = direction === 'in' || amount <= balance();
              const base = { movementId: `m${n}`, currency: 'ARS', reason: 'x' };
              expect(run({ type: 'move', direction, amountMinor: amount, ...base })).toBe(enough);
            }
            const s = state as CashSessionState | null;
            expect(balance()).toBe(floatMinor + (s?.inMinor ?? 0) - (s?.outMinor ?? 0) + sold);
          }
          expect(run({ type: 'close', countedMinor, currency: 'ARS', note: '', expectedMinor: balance() })).toBe(true);
          expect(balance()).toBe(0);
          // All that customers paid, and nothing else, went through the drawer.
          expect(balanceOf('drawer', book.balance(drawerAccount('loc_1', 'ARS')))).toBe(0 - sold);
        },
      ),
      { numRuns: 200, ...seed },
    );
  });
});
