import type { SaleCompleted, SaleRefunded } from '@mostrador/domain/sale';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Article, type Counter, openCounter } from '../../../test/counter.js';
import { modules } from '../../modules.js';
import { rebuild, verify } from '../../platform/journal/index.js';
import { dayIn } from './zone.js';

interface Money {
  readonly amount: number;
}
interface Lag {
  readonly seq: number;
  readonly head: number;
}
interface Figures {
  readonly sales: Money;
  readonly gross: Money;
  readonly refunds: Money;
  readonly net: Money;
  readonly tax: Money;
  readonly tickets: number;
  readonly units: number;
  readonly margin: Money;
}
interface Best {
  readonly name: string;
  readonly quantity: number;
  readonly sales: Money;
  readonly margin: Money | null;
}

const ars = (amount: number) => ({ amount, currency: 'ARS' });
let shop: Counter;
let yerba: Article;
let queso: Article;
let today = '';

/** Sales and refunds at random, the same in every run. */
async function trade(): Promise<void> {
  let state = 42;
  const dice = (sides: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state % sides;
  };
  for (let n = 0; n < 30; n++) {
    const lines = [{ variant_id: yerba.variantId, quantity: 1 + dice(4) }];
    if (dice(2) === 0) lines.push({ variant_id: queso.variantId, quantity: (100 + dice(900)) / 1000 });
    const sold = await shop.ask<{ id: string }>('POST', '/sales/checkout', {
      location_id: shop.locationId,
      lines,
      tenders: [{ type: 'cash', amount: ars(10_000_000) }],
      ...(dice(3) === 0 ? { discount: { percent_bp: 500, reason: 'vecino' } } : {}),
    });
    expect(sold.status).toBe(201);
    if (dice(3) > 0) continue;
    const back = { reason: 'x', lines: [{ sale_line: 0, quantity: 1, restock: dice(2) === 0 }] };
    expect((await shop.ask('POST', `/sales/${sold.body.id}/refunds`, back)).status).toBe(201);
  }
}

beforeAll(async () => {
  // A Wednesday at noon in the shop: nothing here may depend on when it is run.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 18, 15, 10) });
  shop = await openCounter();
  yerba = await shop.article({ name: 'Yerba', price: 320_000, cost: 200_000, stock: 1000 });
  queso = await shop.article({ name: 'Queso', price: 1_000_000, unit: 'kg', stock: 50, taxBp: 1050 });
  await trade();
  await shop.catchUp();
  today = dayIn('America/Argentina/Buenos_Aires')(Date.now());
});
afterAll(async () => {
  await shop.close();
  vi.useRealTimers();
});

async function fold() {
  const events = await shop.routes.journal.eventsAfter(shop.shop.tenantId, 0, 10_000);
  const sum = { tickets: 0, gross: 0, refunds: 0, net: 0, tax: 0, units: 0, cost: 0, costedNet: 0 };
  const byRate = new Map<number, number>();
  for (const event of events) {
    if (event.type === 'sale.completed') {
      const sale = event.payload as unknown as SaleCompleted;
      sum.tickets += 1;
      sum.gross += sale.totalMinor;
      sum.net += sale.totalMinor - sale.taxMinor;
      sum.tax += sale.taxMinor;
      for (const t of sale.taxes) byRate.set(t.taxRateBp, (byRate.get(t.taxRateBp) ?? 0) + t.taxMinor);
      for (const line of sale.lines) {
        sum.units += line.quantityMilli;
        if (line.unitCostMinor === null) continue;
        sum.cost += Math.round((line.unitCostMinor * line.quantityMilli) / 1000);
        sum.costedNet += line.totalMinor - line.taxMinor;
      }
    } else if (event.type === 'sale.refunded') {
      const refund = event.payload as unknown as SaleRefunded;
      sum.refunds += refund.totalMinor;
      sum.net -= refund.totalMinor - refund.taxMinor;
      sum.tax -= refund.taxMinor;
      for (const t of refund.taxes) byRate.set(t.taxRateBp, (byRate.get(t.taxRateBp) ?? 0) - t.taxMinor);
      for (const { line, restock } of refund.lines) {
        sum.units -= line.quantityMilli;
        if (line.unitCostMinor === null) continue;
        if (restock) sum.cost -= Math.round((line.unitCostMinor * line.quantityMilli) / 1000);
        sum.costedNet -= line.totalMinor - line.taxMinor;
      }
    }
  }
  return { ...sum, byRate };
}

describe('reports', () => {
  it('[RP1] [RP3] [RP4] of sales equal the fold of the journal, at lag zero', async () => {
    const sum = await fold();
    expect(sum.refunds).toBeGreaterThan(0);
    for (const group of ['hour', 'day', 'month']) {
      const { status, body } = await shop.ask<{ lag: Lag; total: Figures; data: (Figures & { period: string })[] }>(
        'GET',
        `/reports/sales?from=${today}&to=${today}&group=${group}`,
      );
      expect(status).toBe(200);
      expect(body.lag.seq).toBe(body.lag.head);
      expect(body.total).toMatchObject({
        tickets: sum.tickets,
        gross: ars(sum.gross),
        refunds: ars(sum.refunds),
        sales: ars(sum.gross - sum.refunds),
        net: ars(sum.net),
        tax: ars(sum.tax),
        units: sum.units / 1000,
        margin: ars(sum.costedNet - sum.cost),
      });
      expect(body.data).toHaveLength(group === 'hour' ? 24 : 1);
      expect(body.data.reduce((gross, row) => gross + row.gross.amount, 0)).toBe(sum.gross);
    }
  });

  it('[RP5] of taxes are by rate, and add up to the sales', async () => {
    const sum = await fold();
    const { body } = await shop.ask<{
      data: { tax_rate_bp: number; name: string; tax: Money; sales_net: Money; sales_tax: Money; refunds_tax: Money }[];
      total: { net: Money; tax: Money };
    }>('GET', `/reports/tax?from=${today}&to=${today}`);
    expect(body.data.map((row) => [row.tax_rate_bp, row.tax.amount])).toEqual([
      [2100, sum.byRate.get(2100)],
      [1050, sum.byRate.get(1050)],
    ]);
    expect(body.data.every((row) => row.name !== '')).toBe(true);
    expect(body.total).toMatchObject({ net: ars(sum.net), tax: ars(sum.tax) });
  });

  it('of best sellers and margins add up to the sales', async () => {
    const sum = await fold();
    const best = async (order: string) =>
      (await shop.ask<{ data: Best[] }>('GET', `/reports/best-sellers?from=${today}&to=${today}&order=${order}`)).body
        .data;
    const bySales = await best('sales');
    expect(bySales.map((b) => b.name).sort()).toEqual(['Queso', 'Yerba']);
    expect(bySales.reduce((sales, b) => sales + b.sales.amount, 0)).toBe(sum.gross - sum.refunds);
    expect((await best('quantity'))[0]?.name).toBe('Yerba');
    expect((await best('margin'))[0]).toMatchObject({ name: 'Yerba', margin: ars(sum.costedNet - sum.cost) });
    expect(bySales.find((b) => b.name === 'Queso')?.margin).toBeNull();
    for (const group of ['product', 'category']) {
      const { body } = await shop.ask<{
        data: { id: string | null; name: string; net: Money; margin: Money; costed_bp: number }[];
      }>('GET', `/reports/margins?from=${today}&to=${today}&group=${group}`);
      expect(body.data.reduce((net, row) => net + row.net.amount, 0)).toBe(sum.net);
      expect(body.data.reduce((margin, row) => margin + row.margin.amount, 0)).toBe(sum.costedNet - sum.cost);
      if (group === 'category') expect(body.data).toMatchObject([{ id: null, name: '' }]);
    }
  });

  it('[RP1] tell how far they have read', async () => {
    const before = await shop.ask<{ lag: Lag; total: Figures }>('GET', `/reports/sales?from=${today}&to=${today}`);
    await shop.ask('POST', '/sales/checkout', {
      location_id: shop.locationId,
      lines: [{ variant_id: yerba.variantId, quantity: 1 }],
      tenders: [{ type: 'card', amount: ars(320_000) }],
    });
    const behind = await shop.ask<{ lag: Lag; total: Figures }>('GET', `/reports/sales?from=${today}&to=${today}`);
    expect(behind.body.total).toEqual(before.body.total);
    expect(behind.body.lag).toEqual({ seq: before.body.lag.seq, head: before.body.lag.head + 1 });
    await shop.catchUp();
    const after = await shop.ask<{ total: Figures }>('GET', `/reports/sales?from=${today}&to=${today}`);
    expect(after.body.total.gross.amount).toBe(before.body.total.gross.amount + 320_000);
  });

  it('name what runs low: below zero, out, and what lasts no week, the shortest first, in pages', async () => {
    const short = await shop.article({ name: 'Corta', price: 100, stock: 40 });
    const out = await shop.article({ name: 'Agotada', price: 100, stock: 3 });
    await shop.article({ name: 'Quieta', price: 100, stock: 1 });
    for (const [article, quantity] of [
      [short, 34],
      [out, 3],
    ] as const) {
      const sold = await shop.ask('POST', '/sales/checkout', {
        location_id: shop.locationId,
        lines: [{ variant_id: article.variantId, quantity }],
        tenders: [{ type: 'card', amount: ars(quantity * 100) }],
      });
      expect(sold.status).toBe(201);
    }
    const below = await shop.article({ name: 'Negativa', price: 100 });
    const adjusted = await shop.ask('POST', '/stock/adjustments', {
      location_id: shop.locationId,
      variant_id: below.variantId,
      quantity: -2,
      reason: 'x',
      allow_below_zero: true,
    });
    expect(adjusted.status).toBe(201);
    await shop.catchUp();
    const seen: { name: string; state: string; available: number; days_left: number | null }[] = [];
    let cursor = '';
    do {
      const { status, body } = await shop.ask<{ data: typeof seen; page: { next_cursor: string | null } }>(
        'GET',
        `/reports/low-stock?limit=1${cursor}`,
      );
      expect(status).toBe(200);
      seen.push(...body.data);
      cursor = body.page.next_cursor === null ? '' : `&cursor=${body.page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toMatchObject([
      { name: 'Negativa', state: 'below_zero', available: -2, days_left: null },
      { name: 'Agotada', state: 'out', available: 0, days_left: 0 },
      { name: 'Corta', state: 'low', available: 6, days_left: 4.9 },
    ]);
  });

  it('on the dashboard show today, and what needs a person', async () => {
    const { status, body } = await shop.ask<{
      day: string;
      today: Figures;
      last_week: Figures;
      hours: { hour: number; today: Figures | null }[];
      days: { day: string; sales: Money }[];
      best_sellers: Best[];
      running_low: { name: string }[];
      attention: { kind: string; count: number }[];
    }>('GET', '/reports/dashboard');
    expect(status).toBe(200);
    const sum = await fold();
    expect(body.day).toBe(today);
    expect(body.today).toMatchObject({ tickets: sum.tickets, gross: ars(sum.gross), net: ars(sum.net) });
    expect(body.last_week).toMatchObject({ tickets: 0, gross: ars(0) });
    expect(body.hours.map((h) => h.today !== null)).toEqual(Array.from({ length: 24 }, (_, hour) => hour <= 12));
    expect(body.hours.reduce((total, h) => total + (h.today?.sales.amount ?? 0), 0)).toBe(sum.gross - sum.refunds);
    expect(body.days).toHaveLength(28);
    expect(body.days.at(-1)).toMatchObject({ day: today, sales: ars(sum.gross - sum.refunds) });
    expect(body.best_sellers.map((b) => b.name)).toEqual(expect.arrayContaining(['Queso', 'Yerba']));
    expect(body.running_low.map((row) => row.name)).toContain('Negativa');
    expect(body.attention).toEqual([{ kind: 'below_zero', count: 1, severity: 'warning' }]);
  });

  it('on the dashboard compare with the same day a week ago, up to the same time, and show when the shop is busy', async () => {
    const other = await shop.another('Con historia');
    const thing = await other.article({ name: 'Cosa', price: 100, stock: 1000 });
    const sellAt = async (at: number, quantity: number) => {
      vi.setSystemTime(at);
      const sold = await other.ask('POST', '/sales/checkout', {
        location_id: other.locationId,
        lines: [{ variant_id: thing.variantId, quantity }],
        tenders: [{ type: 'card', amount: ars(quantity * 100) }],
      });
      expect(sold.status).toBe(201);
    };
    const now = Date.now();
    const hour = 3_600_000;
    const week = 7 * 24 * hour;
    await sellAt(now - 2 * week - hour, 8);
    await sellAt(now - week - 3 * hour, 1);
    await sellAt(now - week + 3 * hour, 2);
    await sellAt(now - hour, 4);
    vi.setSystemTime(now);
    await other.catchUp();
    const { body } = await other.ask<{
      today: Figures;
      last_week: Figures;
      last_week_whole: Figures;
      hours: { hour: number; today: Figures | null; last_week: Figures }[];
      heat_map: { weekday: number; hour: number; sales: Money; tickets: number }[];
    }>('GET', '/reports/dashboard');
    expect([body.today.sales, body.last_week.sales, body.last_week_whole.sales]).toEqual([
      ars(400),
      ars(100),
      ars(300),
    ]);
    expect(body.hours[9]).toMatchObject({ today: { sales: ars(0) }, last_week: { sales: ars(100) } });
    expect(body.hours[15]).toMatchObject({ today: null, last_week: { sales: ars(200) } });
    // Averages of four Wednesdays.
    expect(body.heat_map).toEqual([
      { weekday: 3, hour: 9, sales: ars(25), tickets: 0.25 },
      { weekday: 3, hour: 11, sales: ars(200), tickets: 0.25 },
      { weekday: 3, hour: 15, sales: ars(50), tickets: 0.25 },
    ]);
  });

  it('refuse a period that ends before it begins, or is too long', async () => {
    for (const query of ['from=2026-02-02&to=2026-02-01', 'from=2020-01-01&to=2026-02-01&group=hour']) {
      expect(await shop.ask('GET', `/reports/sales?${query}`)).toMatchObject({
        status: 422,
        body: { code: 'validation_failed', errors: [{ path: 'query.to' }] },
      });
    }
  });

  it('show nothing of another shop', async () => {
    const other = await shop.another('Ajeno');
    await other.catchUp();
    const { body } = await other.ask<{ total: Figures }>('GET', `/reports/sales?from=${today}&to=${today}`);
    expect(body.total).toMatchObject({ tickets: 0, gross: ars(0) });
    const low = await other.ask<{ data: unknown[] }>('GET', '/reports/low-stock');
    expect(low.body.data).toEqual([]);
  });

  it('[RP1] and everything else built anew from the journal is the same', async () => {
    const { database } = shop.routes.platform;
    await shop.catchUp();
    const options = {
      database,
      projections: modules.flatMap((m) => m.projections),
      subscriptions: modules.flatMap((m) => m.subscriptions),
      tenants: [shop.shop.tenantId],
    };
    expect((await verify(options)).checks.filter((c) => c.failed > 0)).toEqual([]);
    const { tables } = await rebuild(options);
    expect(tables.filter((t) => !t.same)).toEqual([]);
    expect(tables.filter((t) => t.rows > 0).map((t) => t.name)).toEqual(
      expect.arrayContaining([
        'sale',
        'refund',
        'report_sales_slot',
        'report_tax_slot',
        'report_variant_day',
        'report_zone',
      ]),
    );
  });
});
