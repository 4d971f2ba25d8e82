import { describe, expect, it } from 'vitest';
import { applyTransfers, balanceOf, memoryBook } from '../ledger/index.js';
import {
  type AskedLine,
  type CompleteSale,
  decideSale,
  evolveSale,
  type RefundSale,
  type SaleCompleted,
  type SaleDefect,
  type SaleEvent,
  type SaleItem,
  type SaleRefunded,
  type SaleState,
} from './index.js';

const yerba: SaleItem = {
  productId: 'prod_1',
  variantId: 'var_yerba',
  sku: 'YERBA-1',
  name: 'Yerba 1 kg',
  salesUnit: 'piece',
  priceMinor: 320_000,
  costMinor: 210_000,
  taxRateId: 'tax_21',
  rateBp: 2100,
  archived: false,
};
const queso: SaleItem = {
  ...yerba,
  productId: 'prod_2',
  variantId: 'var_queso',
  name: 'Queso',
  salesUnit: 'kg',
  priceMinor: 899_99,
  taxRateId: 'tax_105',
  rateBp: 1050,
};
const context = { commitId: 'c1', now: 0 };

const line = (item: SaleItem, quantityMilli: number, more: Partial<AskedLine> = {}): AskedLine => ({
  item,
  variantId: item.variantId,
  quantityMilli,
  ...more,
});
const ars = (amountMinor: number) => ({ amountMinor, currency: 'ARS' });
const cash = (amountMinor: number) => ({ type: 'cash' as const, ...ars(amountMinor) });
const card = (amountMinor: number) => ({ type: 'card' as const, ...ars(amountMinor) });

function command(lines: readonly AskedLine[], more: Partial<CompleteSale> = {}): CompleteSale {
  return {
    type: 'complete',
    saleId: 'sal_1',
    locationId: 'loc_1',
    receipt: { series: 'receipt/loc_1', prefix: 'A-' },
    currency: 'ARS',
    cashSessionId: null,
    customerId: null,
    lines,
    tenders: [],
    channel: 'counter',
    ...more,
  };
}

function accepted(c: CompleteSale) {
  const decision = decideSale(null, c, context);
  if (!decision.ok) throw new Error(JSON.stringify(decision.rejection));
  const sale = decision.events[0]?.payload as unknown as SaleCompleted;
  return { sale, transfers: decision.transfers, event: decision.events[0] };
}

function defectsOf(c: CompleteSale): readonly SaleDefect[] {
  const decision = decideSale(null, c, context);
  if (decision.ok || decision.rejection.code !== 'sale_refused') throw new Error('was not refused');
  return decision.rejection.defects;
}

describe('completing a sale', () => {
  it('[SA1] [SA3] adds up lines and the taxes inside them', () => {
    const { sale } = accepted(command([line(yerba, 3000), line(queso, 345)], { tenders: [cash(991_050)] }));
    // 899.99 × 0.345 = 310.49655
    expect(sale.lines.map((l) => l.totalMinor)).toEqual([960_000, 31_050]);
    expect(sale.totalMinor).toBe(991_050);
    expect(sale.taxes).toEqual([
      { taxRateId: 'tax_21', taxRateBp: 2100, netMinor: 793_388, taxMinor: 166_612 },
      { taxRateId: 'tax_105', taxRateBp: 1050, netMinor: 28_100, taxMinor: 2_950 },
    ]);
    expect(sale.taxMinor).toBe(169_562);
    expect(sale.changeMinor).toBe(0);
    expect(sale.lines[1]?.salesUnit).toBe('kg');
    expect(sale.lines[0]).not.toHaveProperty('salesUnit');
  });

  it('[SA8] moves one amount per variant and one per tender type, without the change', () => {
    const { transfers } = accepted(
      command([line(yerba, 1000), line(yerba, 2000), line(queso, 500)], {
        cashSessionId: 'cse_1',
        tenders: [card(500_000), cash(600_000), card(1)],
      }),
    );
    expect(transfers.map((t) => ('amount' in t && 'debit' in t ? [t.id, t.debit, t.credit, t.amount] : []))).toEqual([
      [
        'c1/0',
        { kind: 'sold', owner: 'loc_1', item: '', unit: 'milli' },
        { kind: 'stock', owner: 'loc_1', item: 'var_yerba', unit: 'milli' },
        3000,
      ],
      [
        'c1/1',
        { kind: 'sold', owner: 'loc_1', item: '', unit: 'milli' },
        { kind: 'stock', owner: 'loc_1', item: 'var_queso', unit: 'milli' },
        500,
      ],
      [
        'c1/2',
        { kind: 'cash', owner: 'cse_1', item: '', unit: 'ARS' },
        { kind: 'revenue', owner: 'loc_1', item: '', unit: 'ARS' },
        960_000 + 45_000 - 500_001,
      ],
      [
        'c1/3',
        { kind: 'card', owner: 'loc_1', item: '', unit: 'ARS' },
        { kind: 'revenue', owner: 'loc_1', item: '', unit: 'ARS' },
        500_001,
      ],
    ]);
  });

  it('[SA8] moves no stock for what is no product, and no money for nothing', () => {
    const free = { ...yerba, priceMinor: 0 };
    const { transfers, sale } = accepted(command([line(free, 1000), line(free, 1000, { kind: 'shipping' })]));
    expect(sale.totalMinor).toBe(0);
    expect(transfers).toHaveLength(1);
  });

  it('[SA10] draws its number from the series of the location', () => {
    const { event } = accepted(command([line(yerba, 1000)], { tenders: [cash(320_000)] }));
    expect(event).toMatchObject({
      type: 'sale.completed',
      subject: 'sal_1',
      number: { series: 'receipt/loc_1', field: 'receiptNumber', prefix: 'A-' },
    });
  });

  it('[SA2] takes the own discount first and spreads the one on the whole', () => {
    const { sale } = accepted(
      command([line(yerba, 1000, { discount: { percentBp: 1000, reason: 'vecino' } }), line(queso, 1000)], {
        discount: { amount: ars(100), reason: 'redondeo' },
        tenders: [cash(288_000 + 89_999 - 100)],
      }),
    );
    expect(sale.lines[0]).toMatchObject({
      totalMinor: 288_000 - 76,
      discounts: [
        { amountMinor: 32_000, reason: 'vecino', scope: 'line' },
        { amountMinor: 76, reason: 'redondeo', scope: 'sale' },
      ],
    });
    expect(sale.lines[1]).toMatchObject({
      totalMinor: 89_999 - 24,
      discounts: [{ amountMinor: 24, reason: 'redondeo', scope: 'sale' }],
    });
    expect(sale.changeMinor).toBe(0);
  });

  it('[SA2] takes off all of it, but no more', () => {
    const all = command([line(yerba, 1000)], { discount: { percentBp: 10_000, reason: 'cortesía' } });
    expect(accepted(all).sale.totalMinor).toBe(0);
    const more = command([line(yerba, 1000, { discount: { amount: ars(320_001), reason: 'x' } })]);
    expect(defectsOf(more)).toEqual([{ code: 'discount_excess', line: 0, discountableMinor: 320_000 }]);
    const whole = command([line(yerba, 1000)], { discount: { amount: ars(320_001), reason: 'x' } });
    expect(defectsOf(whole)).toEqual([{ code: 'discount_excess', line: null, discountableMinor: 320_000 }]);
  });

  it('[SA6] keeps the own price beside the one that was asked', () => {
    const { sale } = accepted(command([line(yerba, 1000, { price: ars(300_000) })], { tenders: [cash(300_000)] }));
    expect(sale.lines[0]).toMatchObject({ unitPriceMinor: 300_000, listPriceMinor: 320_000, totalMinor: 300_000 });
  });

  it.each<[string, Partial<CompleteSale>, SaleDefect]>([
    ['too little', { tenders: [cash(319_999)] }, { code: 'tender_insufficient', totalMinor: 320_000, missingMinor: 1 }],
    ['nothing', { tenders: [] }, { code: 'tender_insufficient', totalMinor: 320_000, missingMinor: 320_000 }],
    [
      'change out of a card',
      { tenders: [card(320_001)] },
      { code: 'tender_excess', totalMinor: 320_000, excessMinor: 1 },
    ],
    [
      'more change than cash',
      { tenders: [card(320_000), cash(5), card(1)] },
      { code: 'tender_excess', totalMinor: 320_000, excessMinor: 1 },
    ],
  ])('[SA4] refuses tenders: %s', (_, more, defect) => {
    expect(defectsOf(command([line(yerba, 1000)], more))).toEqual([defect]);
  });

  it('[SA4] gives change out of cash', () => {
    const { sale, transfers } = accepted(command([line(yerba, 1000)], { tenders: [card(300_000), cash(50_000)] }));
    expect(sale.changeMinor).toBe(30_000);
    expect(sale.tenders).toEqual([
      { type: 'card', amountMinor: 300_000 },
      { type: 'cash', amountMinor: 50_000 },
    ]);
    expect(transfers.filter((t) => 'cause' in t && t.cause === 'tender').map((t) => t.amount)).toEqual([
      20_000, 300_000,
    ]);
  });

  it('[SA5] [SA7] names every defect at once', () => {
    const defects = defectsOf(
      command(
        [
          { item: null, variantId: 'var_none', quantityMilli: 1000 },
          line({ ...yerba, archived: true, priceMinor: null }, 1500),
          line(yerba, 0),
          line(yerba, 1000, { price: { amountMinor: -1, currency: 'USD' } }),
          line(yerba, 1000, { discount: { reason: 'x' } }),
        ],
        { tenders: [{ type: 'cash', amountMinor: 1, currency: 'USD' }] },
      ),
    );
    expect(defects).toEqual([
      { code: 'variant_unknown', line: 0, variantId: 'var_none' },
      { code: 'product_archived', line: 1, variantId: 'var_yerba' },
      { code: 'quantity_fraction', line: 1, variantId: 'var_yerba' },
      { code: 'price_missing', line: 1, variantId: 'var_yerba' },
      { code: 'quantity_invalid', line: 2 },
      { code: 'amount_invalid', at: { field: 'price', line: 3 } },
      { code: 'currency_mismatch', at: { field: 'price', line: 3 }, currency: 'ARS' },
      { code: 'amount_invalid', at: { field: 'discount', line: 4 } },
      { code: 'currency_mismatch', at: { field: 'tender', tender: 0 }, currency: 'ARS' },
    ]);
  });

  it('[SA5] sells no draft, whatever price is asked', () => {
    const draft = { ...yerba, priceMinor: null };
    const defects = defectsOf(command([line(draft, 1000, { price: ars(1) })], { tenders: [cash(1)] }));
    expect(defects).toEqual([{ code: 'price_missing', line: 0, variantId: 'var_yerba' }]);
  });

  it('[SA1] refuses what leaves the safe range', () => {
    const dear = { ...yerba, priceMinor: 10 ** 12 };
    expect(defectsOf(command([line(dear, 10 ** 11)]))).toEqual([{ code: 'amount_out_of_range' }]);
    const many = Array.from({ length: 20 }, () => line(dear, 10 ** 6));
    expect(defectsOf(command(many))).toEqual([{ code: 'amount_out_of_range' }]);
    expect(defectsOf(command(many, { discount: { percentBp: 1, reason: 'x' } }))).toEqual([
      { code: 'amount_out_of_range' },
    ]);
    expect(defectsOf(command([line(yerba, Number.NaN)]))).toEqual([{ code: 'quantity_invalid', line: 0 }]);
  });

  it('refuses to complete a sale twice and to refund none', () => {
    const { sale } = accepted(command([line(yerba, 1000)], { tenders: [cash(320_000)] }));
    const state = evolveSale(null, { type: 'sale.completed', payload: sale });
    expect(decideSale(state, command([line(yerba, 1000)]), context)).toEqual({
      ok: false,
      rejection: { code: 'sale_exists' },
    });
    expect(decideSale(null, refund(), context)).toEqual({ ok: false, rejection: { code: 'sale_not_found' } });
  });
});

function refund(more: Partial<RefundSale> = {}): RefundSale {
  return {
    type: 'refund',
    refundId: 'ref_1',
    receipt: { series: 'refund/loc_1', prefix: 'A-R-' },
    cashSessionId: null,
    reason: 'no era',
    channel: 'counter',
    ...more,
  };
}

function sold(c: CompleteSale): SaleState {
  return evolveSale(null, { type: 'sale.completed', payload: accepted(c).sale }) as SaleState;
}

function refunded(state: SaleState, c: RefundSale) {
  const decision = decideSale(state, c, context);
  if (!decision.ok) throw new Error(JSON.stringify(decision.rejection));
  const payload = decision.events[0]?.payload as unknown as SaleRefunded;
  const next = evolveSale(state, { type: 'sale.refunded', payload } as SaleEvent) as SaleState;
  return { payload, next, transfers: decision.transfers, event: decision.events[0] };
}

function refundDefects(state: SaleState, c: RefundSale): readonly SaleDefect[] {
  const decision = decideSale(state, c, context);
  if (decision.ok || decision.rejection.code !== 'sale_refused') throw new Error('was not refused');
  return decision.rejection.defects;
}

describe('refunding', () => {
  const three = () => sold(command([line({ ...yerba, priceMinor: 3333 }, 3000)], { tenders: [cash(10_000)] }));

  it('[SA13] gives back a whole sale with its taxes', () => {
    const state = sold(command([line(yerba, 2000), line(queso, 345)], { tenders: [cash(700_000)] }));
    const { payload, next, event } = refunded(state, refund());
    expect(payload.totalMinor).toBe(state.sale.totalMinor);
    expect(payload.taxes).toEqual(state.sale.taxes);
    expect(next.refundedMinor).toBe(state.sale.totalMinor);
    expect(event).toMatchObject({ type: 'sale.refunded', subject: 'sal_1', number: { series: 'refund/loc_1' } });
    expect(refundDefects(next, refund())).toMatchObject([{ code: 'refund_excess', saleLine: null }]);
  });

  it('[SA13] cuts parts that add up to the line', () => {
    let state = sold(
      command([line(yerba, 3000, { discount: { amount: ars(959_000), reason: 'x' } })], { tenders: [cash(1000)] }),
    );
    const parts: number[][] = [];
    for (let n = 0; n < 3; n++) {
      const r = refunded(state, refund({ lines: [{ saleLine: 0, quantityMilli: 1000, restock: true }] }));
      parts.push([r.payload.totalMinor, r.payload.taxMinor]);
      expect(r.payload.lines[0]?.line).not.toHaveProperty('discounts');
      state = r.next;
    }
    // 1000 with 174 of tax in three.
    expect(parts).toEqual([
      [333, 58],
      [334, 58],
      [333, 58],
    ]);
  });

  it('[SA14] refuses more than is left of a line, also in two lines of one command', () => {
    const one = { saleLine: 0, quantityMilli: 2000, restock: true };
    expect(refundDefects(three(), refund({ lines: [one, one] }))).toEqual([
      { code: 'refund_excess', line: 1, saleLine: 0, refundableMilli: 1000, refundableMinor: 3333 },
    ]);
    expect(refundDefects(three(), refund({ lines: [{ saleLine: 1, restock: true }] }))).toEqual([
      { code: 'sale_line_unknown', line: 0, saleLine: 1 },
    ]);
    expect(
      refundDefects(three(), refund({ lines: [{ saleLine: 0, quantityMilli: 1500, restock: true }] })),
    ).toMatchObject([{ code: 'quantity_fraction' }]);
  });

  it('[SA14] refuses more money than the sale brought, where a discount was a line of its own', () => {
    const { sale } = accepted(command([line(yerba, 1000), line(queso, 1000)], { tenders: [cash(1_000_000)] }));
    const [first, second] = sale.lines;
    if (first === undefined || second === undefined) throw new Error('two lines');
    const off = { ...second, kind: 'discount' as const, variantId: null, productId: null, totalMinor: -100_000 };
    const payload = { ...sale, lines: [first, off], totalMinor: 220_000 };
    const state = evolveSale(null, { type: 'sale.completed', payload }) as SaleState;
    expect(refundDefects(state, refund({ lines: [{ saleLine: 0, restock: true }] }))).toMatchObject([
      { code: 'refund_excess', refundableMinor: 220_000 },
    ]);
    expect(refundDefects(state, refund({ lines: [{ saleLine: 1, restock: true }] }))).toMatchObject([
      { code: 'refund_excess' },
    ]);
    expect(refunded(state, refund()).payload.totalMinor).toBe(220_000);
  });

  it('[SA15] puts back into stock only what is on the shelf again', () => {
    const state = sold(command([line(yerba, 2000), line(queso, 1000)], { tenders: [cash(1_000_000)] }));
    const { transfers, payload } = refunded(
      state,
      refund({
        lines: [
          { saleLine: 0, quantityMilli: 1000, restock: true },
          { saleLine: 0, restock: false },
          { saleLine: 1, restock: false },
        ],
      }),
    );
    expect(transfers.map((t) => ('debit' in t ? [t.debit.kind, t.debit.item, t.credit.kind, t.amount] : []))).toEqual([
      ['stock', 'var_yerba', 'sold', 1000],
      ['revenue', '', 'cash', payload.totalMinor],
    ]);
  });

  it('[SA16] goes back as it was paid, cash last', () => {
    let state = sold(
      command([line({ ...yerba, priceMinor: 1000 }, 10_000)], {
        tenders: [cash(4000), card(3000), { type: 'transfer', ...ars(4000) }],
      }),
    );
    const give = (pieces: number) => {
      const r = refunded(state, refund({ lines: [{ saleLine: 0, quantityMilli: pieces * 1000, restock: true }] }));
      state = r.next;
      return r.payload.tenders.map((t) => `${t.type} ${t.amountMinor}`);
    };
    expect(give(2)).toEqual(['card 2000']);
    expect(give(6)).toEqual(['card 1000', 'transfer 4000', 'cash 1000']);
    expect(give(2)).toEqual(['cash 2000']);
  });

  it('[SA16] [SA7] refuses tenders that do not add up', () => {
    expect(refundDefects(three(), refund({ tenders: [cash(9998)] }))).toEqual([
      { code: 'tender_mismatch', totalMinor: 9999, tenderedMinor: 9998 },
    ]);
    expect(
      refundDefects(three(), refund({ tenders: [{ type: 'cash', amountMinor: 9999, currency: 'USD' }] })),
    ).toMatchObject([{ code: 'currency_mismatch' }]);
    expect(refunded(three(), refund({ tenders: [cash(9000), card(999)] })).payload.tenders).toHaveLength(2);
  });

  it('[SA17] leaves lines alone whose quantity is not above zero', () => {
    const { sale } = accepted(command([line(yerba, 1000), line(queso, 1000)], { tenders: [cash(1_000_000)] }));
    const lines = sale.lines.map((l, n) => (n === 1 ? { ...l, quantityMilli: -1000, totalMinor: 0 } : l));
    const state = evolveSale(null, {
      type: 'sale.completed',
      payload: { ...sale, lines, totalMinor: 320_000 },
    }) as SaleState;
    expect(refunded(state, refund()).payload.lines.map((l) => l.saleLine)).toEqual([0]);
    expect(refundDefects(state, refund({ lines: [{ saleLine: 1, restock: true }] }))).toMatchObject([
      { code: 'refund_excess', refundableMilli: 0 },
    ]);
  });

  it('[SA8] sale and refund leave the book as it was', () => {
    const book = memoryBook();
    const stock = { kind: 'stock', owner: 'loc_1', item: 'var_yerba', unit: 'milli' } as const;
    const opening = { kind: 'opening', owner: 'loc_1', item: '', unit: 'milli' } as const;
    applyTransfers(
      book,
      [{ id: 'o/0', kind: 'direct', debit: stock, credit: opening, amount: 3000, cause: 'opening' }],
      { now: 0 },
    );
    const { sale, transfers } = accepted(command([line(yerba, 3000)], { tenders: [cash(1_000_000)] }));
    expect(applyTransfers(book, transfers, { now: 0 })).toMatchObject({ ok: true, overdrawn: [] });
    expect(balanceOf('stock', book.balance(stock))).toBe(0);
    const state = evolveSale(null, { type: 'sale.completed', payload: sale }) as SaleState;
    const back = refunded(state, refund()).transfers.map((t) => ({ ...t, id: `r/${t.id}` }));
    expect(applyTransfers(book, back, { now: 0 })).toMatchObject({ ok: true, overdrawn: [] });
    expect(balanceOf('stock', book.balance(stock))).toBe(3000);
    const drawer = book.balance({ kind: 'cash', owner: 'loc_1', item: '', unit: 'ARS' });
    expect(balanceOf('cash', drawer)).toBe(0);
  });
});
