/** Documents of stock, case by case: the event, the transfers, or the refusal. */
import { describe, expect, it } from 'vitest';
import { applyTransfers, balanceOf, type MemoryBook, memoryBook, type Transfer } from '../ledger/index.js';
import { decide, EMPTY_STOCK, evolve, levelKey, type StockCommand, stockAccount, stockCounterparty } from './index.js';
import type { StockEvent } from './types.js';

const context = { commitId: 'c1', now: 1_000 };
const lines = [
  { variantId: 'var_a', quantityMilli: 3000 },
  { variantId: 'var_b', quantityMilli: 345 },
];

function ok(command: StockCommand, state = EMPTY_STOCK) {
  const decision = decide(state, command, context);
  if (!decision.ok) throw new Error(`refused: ${decision.rejection.code}`);
  return { event: decision.events[0], events: decision.events, transfers: decision.transfers };
}

function refusal(command: StockCommand) {
  const decision = decide(EMPTY_STOCK, command, context);
  return decision.ok ? null : decision.rejection;
}

const onHand = (book: MemoryBook, location: string, variant: string) =>
  balanceOf('stock', book.balance(stockAccount(location, variant)));

function apply(book: MemoryBook, transfers: readonly Transfer[]) {
  return applyTransfers(book, transfers, { now: context.now });
}

const receive = (more: Partial<Extract<StockCommand, { type: 'receive' }>> = {}): StockCommand => ({
  type: 'receive',
  receiptId: 'stk_1',
  locationId: 'loc_1',
  supplierId: 'sup_1',
  reference: 'R-77',
  currency: 'ARS',
  lines: lines.map((l) => ({ ...l, productId: 'prod_1', unitCostMinor: 900 })),
  ...more,
});
const adjust = (quantityMilli: number, allowBelowZero = false): StockCommand => ({
  type: 'adjust',
  adjustmentId: 'stk_2',
  locationId: 'loc_1',
  variantId: 'var_a',
  quantityMilli,
  reason: 'roto',
  allowBelowZero,
});
const move = (to = 'loc_2'): StockCommand => ({
  type: 'move',
  moveId: 'stk_3',
  fromLocationId: 'loc_1',
  toLocationId: to,
  reason: '',
  lines,
});
const count = (countedMilli: number, seenMilli?: number): StockCommand => ({
  type: 'count',
  countId: 'stk_4',
  locationId: 'loc_1',
  note: '',
  lines: [{ variantId: 'var_a', countedMilli, ...(seenMilli === undefined ? {} : { seenMilli }) }],
});

describe('documents', () => {
  it('[ST3] a receipt brings goods from the location’s suppliers and keeps what they cost', () => {
    const { event, transfers } = ok(receive());
    expect(event).toMatchObject({ type: 'stock.received', subject: 'stk_1' });
    expect(event?.payload).toMatchObject({ supplierId: 'sup_1', reference: 'R-77', currency: 'ARS' });
    expect(event?.payload).not.toHaveProperty('type');
    expect(transfers).toEqual([
      {
        id: 'c1/0',
        kind: 'direct',
        cause: 'receipt',
        amount: 3000,
        debit: stockAccount('loc_1', 'var_a'),
        credit: stockCounterparty('supplied', 'loc_1'),
      },
      {
        id: 'c1/1',
        kind: 'direct',
        cause: 'receipt',
        amount: 345,
        debit: stockAccount('loc_1', 'var_b'),
        credit: stockCounterparty('supplied', 'loc_1'),
      },
    ]);
  });

  it('[ST4] an adjustment is signed, and takes nothing below zero unless it says so', () => {
    expect(ok(adjust(500)).transfers[0]).toMatchObject({ debit: { kind: 'stock' }, amount: 500, cause: 'adjustment' });
    const book = memoryBook();
    expect(apply(book, ok(adjust(-500)).transfers)).toMatchObject({
      ok: false,
      rejection: { code: 'insufficient', available: 0 },
    });
    expect(apply(book, ok(adjust(-500, true)).transfers)).toMatchObject({ ok: true, overdrawn: [{ by: 500 }] });
    expect(onHand(book, 'loc_1', 'var_a')).toBe(-500);
    expect(ok(adjust(-500, true)).event?.payload).not.toHaveProperty('allowBelowZero');
  });

  it('[ST5] a write-off takes goods to where thrown-away goods go', () => {
    const { transfers } = ok({
      type: 'write_off',
      writeOffId: 'stk_5',
      locationId: 'loc_1',
      reason: 'vencido',
      lines,
      allowBelowZero: false,
    });
    expect(transfers).toHaveLength(2);
    expect(transfers[0]).toMatchObject({ debit: { kind: 'written_off', item: '' }, credit: { item: 'var_a' } });
  });

  it('[ST6] a move is one transfer between two levels, and not from a place to itself', () => {
    const book = memoryBook();
    apply(book, ok(receive()).transfers);
    expect(apply(book, ok(move()).transfers).ok).toBe(true);
    expect(onHand(book, 'loc_1', 'var_a')).toBe(0);
    expect(onHand(book, 'loc_2', 'var_a')).toBe(3000);
    expect(refusal(move('loc_1'))).toEqual({ code: 'same_location' });
    expect(apply(book, ok(move()).transfers)).toMatchObject({ ok: false, rejection: { code: 'insufficient' } });
  });

  it('[ST7] a count books the difference to what the counter saw, so that sales in between stay sold', () => {
    const book = memoryBook();
    apply(book, ok(adjust(10_000)).transfers);
    // The counter sees 10, finds 9; before the count is committed 4 are sold.
    apply(book, [
      {
        id: 's/0',
        kind: 'direct',
        debit: stockCounterparty('sold', 'loc_1'),
        credit: stockAccount('loc_1', 'var_a'),
        amount: 4000,
        cause: 'sale',
      },
    ]);
    const { event, transfers } = ok(count(9000, 10_000));
    expect(apply(book, transfers).ok).toBe(true);
    expect(onHand(book, 'loc_1', 'var_a')).toBe(5000);
    expect(event?.payload).toMatchObject({ lines: [{ expectedMilli: 10_000, countedMilli: 9000 }] });
  });

  it('[ST7] without a seen level a count is against the state, and no difference moves nothing', () => {
    const state = { ...EMPTY_STOCK, levels: new Map([[levelKey('loc_1', 'var_a'), 7000]]) };
    expect(ok(count(7000), state)).toMatchObject({ transfers: [] });
    expect(ok(count(6000), state).transfers[0]).toMatchObject({ amount: 1000, credit: { kind: 'stock' } });
    expect(ok(count(6000), state).events).toHaveLength(1);
  });

  it('[ST8] a count may leave a level below zero, and the ledger notes it', () => {
    const book = memoryBook();
    expect(apply(book, ok(count(0, 2000)).transfers)).toMatchObject({ ok: true, overdrawn: [{ by: 2000 }] });
  });

  it('[ST9] an opening brings what lay there before the journal', () => {
    const { transfers } = ok({ type: 'open', openingId: 'stk_6', locationId: 'loc_1', lines });
    expect(transfers[0]).toMatchObject({ credit: { kind: 'opening' }, cause: 'opening' });
  });

  it('[ST11] a reorder point is set on the variant, moves nothing, and null takes it away', () => {
    const set = ok({ type: 'set_threshold', variantId: 'var_a', reorderPointMilli: 12_000 });
    expect(set).toMatchObject({ event: { subject: 'var_a' }, transfers: [] });
    const state = evolve(EMPTY_STOCK, {
      type: 'stock.threshold_set',
      payload: { variantId: 'var_a', reorderPointMilli: 12_000 },
    });
    expect(state.reorderPoints.get('var_a')).toBe(12_000);
    const reset: StockEvent = { type: 'stock.threshold_set', payload: { variantId: 'var_a', reorderPointMilli: null } };
    expect(evolve(state, reset).reorderPoints.has('var_a')).toBe(false);
  });
});

describe('[ST10] what is malformed', () => {
  const bad = (quantityMilli: number) => [{ variantId: 'var_a', quantityMilli }];
  const writeOff = (more: object): StockCommand => ({
    type: 'write_off',
    writeOffId: 'stk_5',
    locationId: 'loc_1',
    reason: 'x',
    lines,
    allowBelowZero: false,
    ...more,
  });
  const cost = (unitCostMinor: number) =>
    receive({ lines: [{ variantId: 'var_a', productId: 'prod_1', quantityMilli: 1, unitCostMinor }] });
  it.each<[string, StockCommand, object]>([
    ['no lines', writeOff({ lines: [] }), { code: 'lines_missing' }],
    ['too many lines', writeOff({ lines: Array(1001).fill(lines[0]) }), { code: 'lines_too_many', limit: 1000 }],
    ['nothing', writeOff({ lines: bad(0) }), { code: 'quantity_invalid', line: 0 }],
    ['less than nothing', writeOff({ lines: bad(-1) }), { code: 'quantity_invalid', line: 0 }],
    ['a fraction of a thousandth', writeOff({ lines: bad(0.5) }), { code: 'quantity_invalid', line: 0 }],
    ['not a number', writeOff({ lines: bad(Number.NaN) }), { code: 'quantity_invalid', line: 0 }],
    ['more than 10^8', writeOff({ lines: bad(100_000_000_001) }), { code: 'quantity_invalid', line: 0 }],
    ['no reason', writeOff({ reason: ' ' }), { code: 'reason_missing' }],
    ['a negative cost', cost(-1), { code: 'cost_invalid', line: 0 }],
    ['a cost in fractions', cost(1.5), { code: 'cost_invalid', line: 0 }],
    ['an adjustment of nothing', adjust(0), { code: 'quantity_invalid', line: 0 }],
    ['a count below nothing', count(-1, 0), { code: 'quantity_invalid', line: 0 }],
    ['a count against half a thousandth', count(1, 0.5), { code: 'quantity_invalid', line: 0 }],
    [
      'a variant counted twice',
      {
        type: 'count',
        countId: 'stk_4',
        locationId: 'loc_1',
        note: '',
        lines: [
          { variantId: 'var_a', countedMilli: 1 },
          { variantId: 'var_a', countedMilli: 2 },
        ],
      },
      { code: 'line_repeated', line: 1, variantId: 'var_a' },
    ],
    [
      'a reorder point below nothing',
      { type: 'set_threshold', variantId: 'var_a', reorderPointMilli: -1 },
      { code: 'quantity_invalid', line: 0 },
    ],
  ])('%s is refused', (_, command, rejection) => {
    expect(refusal(command)).toEqual(rejection);
  });
});
