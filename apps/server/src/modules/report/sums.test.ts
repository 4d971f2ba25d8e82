import type { SaleCompleted, SaleLine, SaleRefunded } from '@mostrador/domain/sale';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUp, slotOf } from './sums.js';
import { addDays, dayIn } from './zone.js';

const seed = process.env.FC_SEED;
const runs = seed === undefined ? { numRuns: 200 } : { numRuns: 200, seed: Number(seed) };

const line = (more: Partial<SaleLine> = {}): SaleLine => ({
  kind: 'product',
  productId: 'prod_1',
  variantId: 'var_1',
  sku: '',
  name: '',
  quantityMilli: 2000,
  unitPriceMinor: 605,
  totalMinor: 1210,
  taxRateId: 'tax_1',
  taxRateBp: 2100,
  taxMinor: 210,
  unitCostMinor: 300,
  ...more,
});

const sale = (lines: readonly SaleLine[], more: Partial<SaleCompleted> = {}): SaleCompleted => ({
  saleId: 'sal_1',
  locationId: 'loc_1',
  cashSessionId: null,
  customerId: null,
  currency: 'ARS',
  lines,
  taxes: [{ taxRateId: 'tax_1', taxRateBp: 2100, netMinor: 1000, taxMinor: 210 }],
  totalMinor: lines.reduce((sum, l) => sum + l.totalMinor, 0),
  taxMinor: lines.reduce((sum, l) => sum + l.taxMinor, 0),
  tenders: [],
  changeMinor: 0,
  channel: 'counter',
  ...more,
});

const refund = (of: SaleLine, restock: boolean): SaleRefunded => ({
  ...sale([]),
  refundId: 'ref_1',
  lines: [{ saleLine: 0, line: of, restock }],
  totalMinor: of.totalMinor,
  taxMinor: of.taxMinor,
  reason: '',
});

const at = Date.UTC(2026, 0, 1, 2, 59);
const day = dayIn('America/Argentina/Buenos_Aires');
const completed = (payload: SaleCompleted, when = at) => ({ type: 'sale.completed', at: when, payload });
const refunded = (payload: SaleRefunded, when = at) => ({ type: 'sale.refunded', at: when, payload });

describe('the sums of reports', () => {
  it('[RP3] count a sale and what was given back of it', () => {
    const { slots, taxes, variants } = addUp(
      [
        completed(sale([line()])),
        refunded(refund(line({ quantityMilli: 1000, totalMinor: 605, taxMinor: 105 }), true)),
      ],
      day,
    );
    expect(slots).toEqual([
      {
        slot: Date.UTC(2026, 0, 1, 2, 45),
        locationId: 'loc_1',
        tickets: 1,
        refundCount: 1,
        unitsMilli: 1000,
        grossMinor: 1210,
        refundsMinor: 605,
        netMinor: 500,
        taxMinor: 105,
        costedNetMinor: 500,
        costMinor: 300,
      },
    ]);
    expect(taxes).toMatchObject([{ salesNetMinor: 1000, salesTaxMinor: 210, refundsNetMinor: 1000 }]);
    // Eleven at night, the day before.
    expect(variants).toMatchObject([{ day: '2025-12-31', variantId: 'var_1', quantityMilli: 1000, totalMinor: 605 }]);
  });

  it('[RP4] keep what is known of costs apart from what is not', () => {
    const { slots } = addUp([completed(sale([line(), line({ unitCostMinor: null })]))], day);
    expect(slots).toMatchObject([{ netMinor: 2000, costedNetMinor: 1000, costMinor: 600 }]);
  });

  it('[RP4] leave the cost where goods did not come back', () => {
    const { slots } = addUp([completed(sale([line()])), refunded(refund(line(), false))], day);
    expect(slots).toMatchObject([{ netMinor: 0, costedNetMinor: 0, costMinor: 600, unitsMilli: 0 }]);
  });

  it('count only products as units and best sellers, but everything as sales', () => {
    const shipping = line({ kind: 'shipping', variantId: null, productId: null });
    const { slots, variants } = addUp([completed(sale([shipping, line()]))], day);
    expect(slots).toMatchObject([{ unitsMilli: 2000, grossMinor: 2420, netMinor: 2000, costedNetMinor: 1000 }]);
    expect(variants).toHaveLength(1);
  });

  it('[RP1] are the same however the events are cut into chunks', () => {
    const happened = fc.array(
      fc.record({
        minutes: fc.nat(60 * 24 * 3),
        loc: fc.constantFrom('loc_1', 'loc_2'),
        variant: fc.constantFrom('var_1', 'var_2', null),
        total: fc.integer({ min: 0, max: 100_000 }),
        cost: fc.option(fc.integer({ min: 0, max: 1000 })),
        isRefund: fc.boolean(),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(happened, fc.nat(40), (list, cut) => {
        const events = list.map((h) => {
          const l = line({
            variantId: h.variant,
            totalMinor: h.total,
            taxMinor: Math.floor(h.total / 5),
            unitCostMinor: h.cost,
          });
          const when = at + h.minutes * 60_000;
          return h.isRefund
            ? refunded({ ...refund(l, true), locationId: h.loc }, when)
            : completed(sale([l], { locationId: h.loc }), when);
        });
        const whole = addUp(events, day);
        const a = addUp(events.slice(0, cut), day);
        const b = addUp(events.slice(cut), day);
        expect(merged([...a.slots, ...b.slots], ['slot', 'locationId'])).toEqual(
          merged(whole.slots, ['slot', 'locationId']),
        );
        const keys = ['day', 'variantId', 'locationId', 'productId'];
        expect(merged([...a.variants, ...b.variants], keys)).toEqual(merged(whole.variants, keys));
        const net = events.reduce((sum, e) => {
          const { totalMinor, taxMinor } = e.payload;
          return sum + (e.type === 'sale.refunded' ? -1 : 1) * (totalMinor - taxMinor);
        }, 0);
        expect(whole.slots.reduce((sum, s) => sum + s.netMinor, 0)).toBe(net);
      }),
      runs,
    );
  });
});

/** Rows of equal keys added up, as the tables do. */
function merged(rows: readonly object[], keys: readonly string[]): Record<string, Record<string, number>> {
  const out: Record<string, Record<string, number>> = {};
  for (const row of rows as readonly Record<string, number | string>[]) {
    const key = keys.map((k) => row[k]).join(' ');
    const sum = out[key] ?? {};
    out[key] = sum;
    for (const [name, value] of Object.entries(row)) {
      if (!keys.includes(name)) sum[name] = (sum[name] ?? 0) + Number(value);
    }
  }
  return out;
}

describe('days of the shop', () => {
  it('[RP2] follow the clocks of the zone, also across a change of them', () => {
    const santiago = dayIn('America/Santiago');
    // 4 April 2026, 24:00 summer time is 23:00 winter time: the day has 25 hours.
    expect(santiago(Date.UTC(2026, 3, 5, 2, 59))).toBe('2026-04-04');
    expect(santiago(Date.UTC(2026, 3, 5, 3, 59))).toBe('2026-04-04');
    expect(santiago(Date.UTC(2026, 3, 5, 4, 0))).toBe('2026-04-05');
    // Half-hour zones: a quarter of an hour never spans two days.
    const caracas = dayIn('America/Caracas');
    expect(caracas(Date.UTC(2015, 5, 1, 4, 29))).toBe('2015-05-31');
    expect(caracas(Date.UTC(2015, 5, 1, 4, 30))).toBe('2015-06-01');
    expect(slotOf(Date.UTC(2015, 5, 1, 4, 29))).toBe(Date.UTC(2015, 5, 1, 4, 15));
  });

  it('are counted over months and leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });
});
