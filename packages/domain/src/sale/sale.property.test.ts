import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideSale,
  evolveSale,
  type SaleCompleted,
  type SaleItem,
  type SaleRefunded,
  type SaleState,
} from './index.js';

const seed = globalThis.process?.env.FC_SEED;
const runs = seed === undefined ? { numRuns: 300 } : { numRuns: 300, seed: Number(seed) };
const context = { commitId: 'c', now: 0 };

const item = fc.record({
  n: fc.integer({ min: 0, max: 5 }),
  salesUnit: fc.constantFrom('piece' as const, 'kg' as const),
  priceMinor: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 10_000_000 })),
  costMinor: fc.option(fc.integer({ min: 0, max: 1000 })),
  rateBp: fc.constantFrom(0, 1050, 1600, 2100),
});

function asItem(i: {
  n: number;
  salesUnit: 'piece' | 'kg';
  priceMinor: number;
  costMinor: number | null;
  rateBp: number;
}): SaleItem {
  const { n, ...rest } = i;
  return {
    ...rest,
    productId: `prod_${n}`,
    variantId: `var_${n}`,
    sku: `S${n}`,
    name: `P${n}`,
    taxRateId: `tax_${i.rateBp}`,
    archived: false,
  };
}

const share = fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: undefined });
const asked = fc.record({
  item,
  units: fc.integer({ min: 1, max: 20 }),
  grams: fc.integer({ min: 0, max: 999 }),
  off: share,
});
const basket = fc.record({
  lines: fc.array(asked, { minLength: 1, maxLength: 8 }),
  off: share,
  card: fc.double({ min: 0, max: 1, noNaN: true }),
  note: fc.integer({ min: 0, max: 100_000 }),
});
type Basket = typeof basket extends fc.Arbitrary<infer T> ? T : never;

function sell(b: Basket): { sale: SaleCompleted; state: SaleState } {
  const lines = b.lines.map((l) => {
    const it = asItem(l.item);
    const quantityMilli = l.units * 1000 + (it.salesUnit === 'kg' ? l.grams : 0);
    const discount = l.off === undefined ? undefined : { percentBp: l.off, reason: 'r' };
    return { item: it, variantId: it.variantId, quantityMilli, discount };
  });
  const command = {
    type: 'complete' as const,
    saleId: 's',
    locationId: 'l',
    receipt: { series: 'r', prefix: '' },
    currency: 'ARS',
    cashSessionId: null,
    customerId: null,
    lines,
    discount: b.off === undefined ? undefined : { percentBp: b.off, reason: 'w' },
    channel: 'counter' as const,
  };
  const probe = decideSale(
    null,
    { ...command, tenders: [{ type: 'cash', amountMinor: 10 ** 13, currency: 'ARS' }] },
    context,
  );
  if (!probe.ok) throw new Error(JSON.stringify(probe.rejection));
  const { totalMinor } = only<SaleCompleted>(probe);
  const card = Math.floor(totalMinor * b.card);
  const decision = decideSale(
    null,
    {
      ...command,
      tenders: [
        { type: 'card', amountMinor: card, currency: 'ARS' },
        { type: 'cash', amountMinor: totalMinor - card + b.note, currency: 'ARS' },
      ],
    },
    context,
  );
  if (!decision.ok) throw new Error(JSON.stringify(decision.rejection));
  const sale = only<SaleCompleted>(decision);
  return { sale, state: evolveSale(null, { type: 'sale.completed', payload: sale }) as SaleState };
}

/** The payload of a decision's one event. */
function only<P>(decision: { readonly events: readonly { readonly payload: object }[] }): P {
  expect(decision.events).toHaveLength(1);
  return (decision.events[0] as { readonly payload: object }).payload as P;
}

const add = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0);

describe('any sale', () => {
  it('[SA1] [SA2] [SA3] adds up: lines, discounts, rates, tax, tenders and change', () => {
    fc.assert(
      fc.property(basket, (b) => {
        const { sale } = sell(b);
        expect(add(sale.lines.map((l) => l.totalMinor))).toBe(sale.totalMinor);
        expect(add(sale.lines.map((l) => l.taxMinor))).toBe(sale.taxMinor);
        expect(add(sale.taxes.map((t) => t.netMinor + t.taxMinor))).toBe(sale.totalMinor);
        for (const t of sale.taxes) {
          const own = sale.lines.filter((l) => l.taxRateId === t.taxRateId);
          expect(add(own.map((l) => l.taxMinor))).toBe(t.taxMinor);
          expect(
            Math.abs(t.taxMinor - ((t.netMinor + t.taxMinor) * t.taxRateBp) / (10_000 + t.taxRateBp)),
          ).toBeLessThanOrEqual(0.5);
        }
        for (const l of sale.lines) {
          const off = add((l.discounts ?? []).map((d) => d.amountMinor));
          expect(l.totalMinor).toBeGreaterThanOrEqual(0);
          expect(Math.abs(l.totalMinor + off - (l.unitPriceMinor * l.quantityMilli) / 1000)).toBeLessThanOrEqual(0.5);
        }
        expect(add(sale.tenders.map((t) => t.amountMinor)) - sale.changeMinor).toBe(sale.totalMinor);
        expect(sale.changeMinor).toBe(b.note);
      }),
      runs,
    );
  });

  it('[SA2] is decided alike each time, remainders and all', () => {
    fc.assert(
      fc.property(basket, (b) => {
        expect(JSON.stringify(sell(b).sale)).toBe(JSON.stringify(sell(b).sale));
      }),
      runs,
    );
  });

  it('[SA8] moves the goods of its lines and the money of its total', () => {
    fc.assert(
      fc.property(basket, (b) => {
        const { sale } = sell(b);
        const decision = decideSale(
          null,
          { ...again(sale), tenders: sale.tenders.map((t) => ({ ...t, currency: 'ARS' })) },
          context,
        );
        if (!decision.ok) throw new Error(JSON.stringify(decision.rejection));
        let goods = 0;
        let money = 0;
        for (const t of decision.transfers) {
          if (!('debit' in t)) throw new Error('moves only');
          expect(t.amount).toBeGreaterThan(0);
          if (t.debit.unit === 'milli') goods += t.amount;
          else money += t.amount;
        }
        expect(goods).toBe(add(sale.lines.map((l) => l.quantityMilli)));
        expect(money).toBe(sale.totalMinor);
        expect(new Set(decision.transfers.map((t) => t.id)).size).toBe(decision.transfers.length);
      }),
      runs,
    );
  });
});

/** The same basket as a command, by the totals its lines came to. */
function again(sale: SaleCompleted) {
  return {
    type: 'complete' as const,
    saleId: 's',
    locationId: 'l',
    receipt: { series: 'r', prefix: '' },
    currency: 'ARS',
    cashSessionId: null,
    customerId: null,
    channel: 'counter' as const,
    lines: sale.lines.map((l) => {
      const off = add((l.discounts ?? []).map((d) => d.amountMinor));
      return {
        variantId: l.variantId ?? '',
        quantityMilli: l.quantityMilli,
        discount: off === 0 ? undefined : { amount: { amountMinor: off, currency: 'ARS' }, reason: 'r' },
        item: {
          productId: l.productId ?? '',
          variantId: l.variantId ?? '',
          sku: l.sku,
          name: l.name,
          salesUnit: l.salesUnit ?? ('piece' as const),
          priceMinor: l.unitPriceMinor,
          costMinor: null,
          taxRateId: l.taxRateId,
          rateBp: l.taxRateBp,
          archived: false,
        },
      };
    }),
  };
}

const cuts = fc.array(fc.record({ line: fc.nat(7), units: fc.integer({ min: 1, max: 6 }), restock: fc.boolean() }), {
  maxLength: 25,
});

describe('any refunds of any sale', () => {
  it('[SA13] [SA14] never exceed it, and with the rest add up to it in goods, money and tax', () => {
    fc.assert(
      fc.property(basket, cuts, (b, tries) => {
        const { sale, state } = sell(b);
        let now = state;
        const refunds: SaleRefunded[] = [];
        const attempt = (lines: { saleLine: number; quantityMilli: number; restock: boolean }[] | undefined) => {
          const decision = decideSale(
            now,
            {
              type: 'refund',
              refundId: 'r',
              receipt: { series: 'r', prefix: '' },
              cashSessionId: null,
              lines,
              reason: 'r',
              channel: 'counter',
            },
            context,
          );
          if (!decision.ok) return;
          const payload = only<SaleRefunded>(decision);
          refunds.push(payload);
          now = evolveSale(now, { type: 'sale.refunded', payload }) as SaleState;
        };
        for (const t of tries) attempt([{ saleLine: t.line, quantityMilli: t.units * 1000, restock: t.restock }]);
        const check = () => {
          sale.lines.forEach((l, n) => {
            const back = refunds.flatMap((r) => r.lines).filter((r) => r.saleLine === n);
            const quantity = add(back.map((r) => r.line.quantityMilli));
            const money = add(back.map((r) => r.line.totalMinor));
            expect(quantity).toBeLessThanOrEqual(l.quantityMilli);
            expect(money).toBeLessThanOrEqual(l.totalMinor);
            for (const r of back) {
              expect(r.line.taxMinor).toBeGreaterThanOrEqual(0);
              expect(r.line.taxMinor).toBeLessThanOrEqual(r.line.totalMinor);
            }
          });
          expect(now.refundedMinor).toBeLessThanOrEqual(sale.totalMinor);
        };
        check();
        attempt(undefined);
        check();
        expect(now.refundedMinor).toBe(sale.totalMinor);
        expect(add(refunds.map((r) => r.taxMinor))).toBe(sale.taxMinor);
        for (const t of sale.taxes) {
          const own = refunds.flatMap((r) => r.taxes).filter((x) => x.taxRateId === t.taxRateId);
          expect(add(own.map((x) => x.netMinor))).toBe(t.netMinor);
        }
        sale.lines.forEach((l, n) => {
          expect(now.refunded[n]).toEqual({
            quantityMilli: l.quantityMilli,
            totalMinor: l.totalMinor,
            taxMinor: l.taxMinor,
          });
        });
        for (const r of refunds) expect(add(r.tenders.map((t) => t.amountMinor))).toBe(r.totalMinor);
      }),
      runs,
    );
  });
});
