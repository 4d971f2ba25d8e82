/** Cash sessions, case by case. */
import { describe, expect, it } from 'vitest';
import { applyTransfers, balanceOf, memoryBook } from '../ledger/index.js';
import { type CashCommand, type CashSessionState, decide, drawerAccount, evolve, sessionCash } from './index.js';
import type { CashEvent } from './types.js';

const context = { commitId: 'c1', now: 1 };
const open: CashCommand = {
  type: 'open',
  cashSessionId: 'cse_1',
  locationId: 'loc_1',
  name: 'Caja 1',
  currency: 'ARS',
  floatMinor: 5000,
};
const session: CashSessionState = {
  cashSessionId: 'cse_1',
  locationId: 'loc_1',
  name: 'Caja 1',
  currency: 'ARS',
  status: 'open',
  floatMinor: 5000,
  inMinor: 0,
  outMinor: 0,
  expectedMinor: null,
  countedMinor: null,
  note: '',
  lateMinor: 0,
};
const closed: CashSessionState = { ...session, status: 'closed', expectedMinor: 5000, countedMinor: 5000 };
const move = (direction: 'in' | 'out', more: object = {}): CashCommand => ({
  type: 'move',
  movementId: 'cmv_1',
  direction,
  amountMinor: 700,
  currency: 'ARS',
  reason: 'cambio',
  ...more,
});
const close = (countedMinor: number, expectedMinor: number, currency = 'ARS'): CashCommand => ({
  type: 'close',
  countedMinor,
  expectedMinor,
  currency,
  note: '',
});

function ok(state: CashSessionState | null, command: CashCommand) {
  const decision = decide(state, command, context);
  if (!decision.ok) throw new Error(`refused: ${decision.rejection.code}`);
  return decision;
}

describe('a cash session', () => {
  it('[CS1] opens with its float, out of the drawer’s account', () => {
    const { events, transfers } = ok(null, open);
    expect(events).toMatchObject([{ type: 'cash.session_opened', subject: 'cse_1', payload: { floatMinor: 5000 } }]);
    expect(transfers).toEqual([
      {
        id: 'c1/0',
        kind: 'direct',
        cause: 'float',
        amount: 5000,
        debit: sessionCash('cse_1', 'ARS'),
        credit: drawerAccount('loc_1', 'ARS'),
      },
    ]);
    expect(evolve(null, events[0] as unknown as CashEvent)).toEqual(session);
  });

  it('[CS1] opens without a float, moving nothing', () => {
    expect(ok(null, { ...open, floatMinor: 0 })).toMatchObject({ events: [{}], transfers: [] });
  });

  it('[CS4] takes cash in and gives it out, with a reason', () => {
    expect(ok(session, move('in')).transfers[0]).toMatchObject({ debit: { kind: 'cash' }, cause: 'cash_in' });
    const out = ok(session, move('out'));
    expect(out.transfers[0]).toMatchObject({ credit: { kind: 'cash', owner: 'cse_1' }, cause: 'cash_out' });
    expect(out.transfers[0]).not.toHaveProperty('overdraw');
    expect(evolve(session, out.events[0] as unknown as CashEvent)).toMatchObject({ outMinor: 700, inMinor: 0 });
  });

  it.each([
    ['short', 8000, 7900],
    ['even', 8000, 8000],
    ['over', 8000, 8300],
    ['empty', 8000, 0],
    ['empty and expected so', 0, 0],
  ])('[CS6] [CS7] closes %s and leaves its account at zero', (_, expected, counted) => {
    const book = memoryBook();
    const cash = sessionCash('cse_1', 'ARS');
    if (expected > 0) {
      const revenue = { kind: 'revenue', owner: 'loc_1', item: '', unit: 'ARS' } as const;
      applyTransfers(
        book,
        [{ id: 's/0', kind: 'direct', debit: cash, credit: revenue, amount: expected, cause: 'tender' }],
        { now: 0 },
      );
    }
    const { events, transfers } = ok(session, close(counted, expected));
    expect(applyTransfers(book, transfers, { now: 0 }).ok).toBe(true);
    expect(balanceOf('cash', book.balance(cash))).toBe(0);
    expect(events[0]?.payload).toMatchObject({ differenceMinor: counted - expected });
    const differences = transfers.filter((t) => t.kind === 'direct' && t.cause === 'cash_difference');
    expect(differences).toHaveLength(counted === expected ? 0 : 1);
    expect(evolve(session, events[0] as unknown as CashEvent)).toMatchObject({
      status: 'closed',
      countedMinor: counted,
    });
  });

  it.each([300, -300])('[CS8] what came late (%i) is settled, and the account is at zero again', (late) => {
    const { events, transfers } = ok(closed, { type: 'settle', balanceMinor: late });
    expect(transfers[0]).toMatchObject({ amount: 300, [late > 0 ? 'credit' : 'debit']: { kind: 'cash' } });
    expect(evolve(closed, events[0] as unknown as CashEvent)).toMatchObject({ lateMinor: late });
  });

  it.each<[string, CashSessionState | null, CashCommand, object]>([
    ['opened twice', session, open, { code: 'session_exists' }],
    ['opened without a name', null, { ...open, name: ' ' }, { code: 'name_missing' }],
    ['opened with less than nothing', null, { ...open, floatMinor: -1 }, { code: 'amount_invalid' }],
    ['opened with a fraction', null, { ...open, floatMinor: 0.5 }, { code: 'amount_invalid' }],
    ['moved before it is opened', null, move('in'), { code: 'session_not_found' }],
    ['moved after its close', closed, move('in'), { code: 'session_closed' }],
    ['moved by nothing', session, move('in', { amountMinor: 0 }), { code: 'amount_invalid' }],
    ['moved without a reason', session, move('out', { reason: '' }), { code: 'reason_missing' }],
    [
      'moved in another currency',
      session,
      move('in', { currency: 'USD' }),
      { code: 'currency_mismatch', currency: 'ARS' },
    ],
    ['closed twice', closed, close(1, 1), { code: 'session_closed' }],
    ['closed in another currency', session, close(1, 1, 'USD'), { code: 'currency_mismatch', currency: 'ARS' }],
    ['closed with less than nothing', session, close(-1, 1), { code: 'amount_invalid' }],
    ['settled while open', session, { type: 'settle', balanceMinor: 1 }, { code: 'session_open' }],
    ['settled with nothing late', closed, { type: 'settle', balanceMinor: 0 }, { code: 'nothing_late' }],
  ])('[CS9] is not %s', (_, state, command, rejection) => {
    expect(decide(state, command, context)).toEqual({ ok: false, rejection });
  });
});
