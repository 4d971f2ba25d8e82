import { isGtin } from '@mostrador/domain/gtin';
import { applyTransfers, balanceOf, memoryBook } from '@mostrador/domain/ledger';
import { describe, expect, it } from 'vitest';
import { CATEGORIES, demoProducts, SUPPLIERS } from './catalogue.js';
import { DAYS, demoHistory, firstMoment } from './history.js';
import { CUSTOMERS, STAFF } from './people.js';

const NOW = Date.UTC(2026, 4, 13, 17, 42);

function history(now = NOW, seed = 7) {
  return demoHistory({
    seed,
    now,
    locationId: 'loc_1',
    currency: 'ARS',
    receipt: { series: 'receipt/loc_1', prefix: 'A-' },
    refund: { series: 'refund/loc_1', prefix: 'A-R-' },
    products: demoProducts().map((p, i) => ({ ...p, productId: `prod_${i}`, variantId: `var_${i}` })),
    taxRateIds: { 2100: 'tax_21', 1050: 'tax_10' },
    supplierIds: SUPPLIERS.map((_, i) => `sup_${i}`),
    customerIds: CUSTOMERS.map((_, i) => `cus_${i}`),
    managerId: 'usr_m',
    cashierIds: ['usr_a', 'usr_b'],
  });
}

describe('the demo shop', () => {
  it('sells about a hundred products with a valid EAN-13, a price above its cost, a tax and a drawing', () => {
    const products = demoProducts();
    expect(products.length).toBeGreaterThanOrEqual(100);
    for (const p of products) {
      expect(p.barcode).toMatch(/^555\d{10}$/u);
      expect(isGtin(p.barcode)).toBe(true);
      expect(p.priceMinor).toBeGreaterThan(p.costMinor);
      expect(p.costMinor).toBeGreaterThan(0);
      expect([1050, 2100]).toContain(p.rateBp);
      expect(p.picture).toMatch(/^[a-z-]+-[0-7]$/u);
      expect(CATEGORIES[p.category]).toBeDefined();
      expect(SUPPLIERS[p.supplier]).toBeDefined();
    }
    for (const key of ['sku', 'barcode', 'name'] as const)
      expect(new Set(products.map((p) => p[key])).size).toBe(products.length);
  });

  it('names nobody who could exist', () => {
    for (const { email } of [...STAFF, ...CUSTOMERS]) expect(email).toMatch(/@demo\.test$/u);
    for (const { name } of CUSTOMERS) expect(name).toMatch(/Ejemplo|Ficticio|Muestra|Imaginario|Inventada/u);
  });

  it('has five weeks of sales with a daily and weekly rhythm that end now', () => {
    const proposals = history();
    const sales = proposals.filter((p) => p.events[0]?.type === 'sale.completed').map((p) => p.at ?? 0);
    expect(sales.length).toBeGreaterThan(1500);
    expect(sales.length).toBeLessThan(4000);
    expect(Math.min(...sales)).toBeGreaterThanOrEqual(firstMoment(NOW));
    expect(Math.max(...sales)).toBeLessThan(NOW);
    expect(NOW - Math.max(...sales)).toBeLessThanOrEqual(6 * 60_000);
    const local = sales.map((at) => new Date(at - 3 * 3_600_000));
    const at = (from: number, to: number) =>
      local.filter((d) => d.getUTCHours() >= from && d.getUTCHours() < to).length;
    expect(at(18, 21)).toBeGreaterThan(5 * at(1, 4));
    const on = (day: number) => local.filter((d) => d.getUTCDay() === day).length;
    expect(on(6)).toBeGreaterThan(on(0) * 1.3);
    expect(new Set(local.map((d) => d.toISOString().slice(0, 10))).size).toBe(DAYS + 1);
  });

  it('is in the order of time, with refunds, receipts, write-offs, counts, a price rise and one open cash session', () => {
    const proposals = history();
    const counts: Record<string, number> = {};
    for (const { events } of proposals) for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
    for (const type of [
      'sale.refunded',
      'stock.received',
      'stock.written_off',
      'stock.counted',
      'product.priced',
      'cash.session_closed',
    ]) {
      expect(counts[type], type).toBeGreaterThan(0);
    }
    expect((counts['cash.session_opened'] ?? 0) - (counts['cash.session_closed'] ?? 0)).toBe(1);
    const times = proposals.map((p) => p.at ?? 0);
    expect(Math.max(...times)).toBeLessThan(NOW);
    expect(times.every((time, i) => i === 0 || time >= (times[i - 1] as number) - 60_000)).toBe(true);
  });

  it('leaves every product in stock, a few of them low, and takes no account below zero', () => {
    const book = memoryBook();
    for (const { transfers, at } of history()) {
      const applied = applyTransfers(book, transfers ?? [], { now: at ?? 0 });
      expect(applied.ok).toBe(true);
    }
    const levels = [...book.accounts()]
      .filter(({ ref }) => ref.kind === 'stock')
      .map(({ balance }) => balanceOf('stock', balance));
    expect(levels.length).toBe(demoProducts().length);
    expect(Math.min(...levels)).toBeGreaterThanOrEqual(1000);
    expect(levels.filter((level) => level <= 5000).length).toBeLessThanOrEqual(3);
  });

  it('is the same for the same seed and moment, and another for another', () => {
    expect(history()).toEqual(history());
    expect(history(NOW, 8).map((p) => p.id)).not.toEqual(history().map((p) => p.id));
  });

  it('can begin at any hour of any day', () => {
    for (let hour = 0; hour < 24; hour += 3) {
      const now = Date.UTC(2026, 4, 13 + (hour % 7), hour, 1);
      const last = history(now).at(-1)?.at ?? 0;
      expect(last).toBeLessThan(now);
    }
  });
});
