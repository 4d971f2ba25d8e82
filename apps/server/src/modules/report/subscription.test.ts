import type { SaleCompleted } from '@mostrador/domain/sale';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../../test/shop.js';
import { newId } from '../../platform/ids.js';
import { Subscriptions } from '../../platform/journal/index.js';
import { reportMigrations } from './migrations.js';
import { dayUpTo, lagOf, salesBy } from './queries.js';
import { reportSubscription } from './subscription.js';

let shop: Shop;
let subscriptions: Subscriptions;
let tenant = 0;
beforeAll(async () => {
  shop = await openShop([{ migrations: reportMigrations, projections: [] }]);
  subscriptions = new Subscriptions({
    database: shop.kit.database,
    journal: shop.journal,
    subscriptions: [reportSubscription],
    tenants: () => Promise.resolve([]),
    now: () => shop.clock,
    random: () => 0.5,
  });
});
afterAll(() => shop.close());

const zone = (timeZone: string, type = 'tenant.changed') =>
  shop.commit(tenant, {
    events: [{ type, subject: 'ten_1', payload: type === 'tenant.created' ? { timeZone } : { changes: { timeZone } } }],
  });

async function sell(at: number, totalMinor: number, locationId = 'loc_1') {
  const payload = {
    saleId: newId('sal'),
    locationId,
    currency: 'ARS',
    lines: [
      {
        kind: 'product',
        variantId: 'var_1',
        productId: 'prod_1',
        quantityMilli: 1000,
        totalMinor,
        taxMinor: 0,
        unitCostMinor: 1,
      },
    ],
    taxes: [],
    totalMinor,
  } as unknown as SaleCompleted;
  await shop.commit(tenant, {
    at,
    events: [{ type: 'sale.completed', subject: payload.saleId, payload: { ...payload } }],
  });
}

const period = (from: string, to: string, timeZone: string, locationId: string | null = null) => ({
  from,
  to,
  timeZone,
  locationId,
});

describe('the tables of reports', () => {
  it('[RP1] count every sale once, however often they are looked at, and say how far they are', async () => {
    tenant += 1;
    await zone('UTC', 'tenant.created');
    const at = Date.UTC(2026, 2, 3, 10);
    for (let n = 0; n < 5; n++) await sell(at + n * 3_600_000, 100);
    expect(await lagOf(shop.kit.database, tenant)).toEqual({ seq: 0, head: 6 });
    await subscriptions.drain(tenant);
    await subscriptions.drain(tenant);
    await sell(at, 100);
    await subscriptions.drain(tenant);
    expect(await lagOf(shop.kit.database, tenant)).toEqual({ seq: 7, head: 7 });
    const rows = await salesBy(shop.kit.database, tenant, period('2026-03-03', '2026-03-03', 'UTC'), 'day');
    expect(rows).toMatchObject([{ period: '2026-03-03', tickets: 6, gross: 600, cost: 6 }]);
  });

  it('[RP2] are read by any zone, one half an hour off and one that changes its clocks too', async () => {
    tenant += 1;
    await zone('America/Santiago', 'tenant.created');
    // 24:00 of 4 April is put back to 23:00: eleven at night comes twice.
    await sell(Date.UTC(2026, 3, 5, 2, 30), 1);
    await sell(Date.UTC(2026, 3, 5, 3, 30), 10);
    await sell(Date.UTC(2026, 3, 5, 4, 5), 100);
    await subscriptions.drain(tenant);
    const by = async (timeZone: string, group: 'hour' | 'day') =>
      (await salesBy(shop.kit.database, tenant, period('2026-04-04', '2026-04-05', timeZone), group)).map((r) => [
        r.period,
        r.gross,
      ]);
    expect(await by('America/Santiago', 'day')).toEqual([
      ['2026-04-04', 11],
      ['2026-04-05', 100],
    ]);
    expect(await by('America/Santiago', 'hour')).toEqual([
      ['2026-04-04T23', 11],
      ['2026-04-05T00', 100],
    ]);
    // 08:00, 09:00 and 09:35 in Kolkata, half an hour off: the hours are cut where the zone cuts them.
    expect(await by('Asia/Kolkata', 'hour')).toEqual([
      ['2026-04-05T08', 1],
      ['2026-04-05T09', 110],
    ]);
  });

  it('[RP2] keep days as they were when the shop moves to another zone, alike when built anew', async () => {
    tenant += 1;
    await zone('UTC', 'tenant.created');
    await sell(Date.UTC(2026, 2, 3, 2), 1);
    await zone('America/Lima');
    await sell(Date.UTC(2026, 2, 3, 2), 10);
    await subscriptions.drain(tenant);
    const days = () =>
      shop.kit.database.read<{ day: string; total: number }>(tenant, {
        text: 'SELECT day::text, total_minor AS total FROM report_variant_day WHERE tenant_id = $1 ORDER BY day',
        values: [tenant],
      });
    const before = await days();
    expect(before).toEqual([
      { day: '2026-03-02', total: 10 },
      { day: '2026-03-03', total: 1 },
    ]);
    await shop.kit.database.transaction(tenant, async (tx) => {
      for (const table of reportSubscription.tables)
        await tx.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenant]);
      const events = await shop.journal.eventsAfter(tenant, 0, 100);
      // In other chunks than the first time.
      await reportSubscription.handle(tx, tenant, events.slice(0, 3));
      await reportSubscription.handle(tx, tenant, events.slice(3));
    });
    expect(await days()).toEqual(before);
  });

  it('compare a day up to the same time, at one location or all', async () => {
    tenant += 1;
    await zone('UTC', 'tenant.created');
    const day = Date.UTC(2026, 2, 3);
    await sell(day + 9 * 3_600_000, 1, 'loc_1');
    await sell(day + 11 * 3_600_000, 10, 'loc_2');
    await sell(day + 13 * 3_600_000, 100, 'loc_1');
    await subscriptions.drain(tenant);
    const noon = day + 7 * 86_400_000 + 12 * 3_600_000;
    const of = async (locationId: string | null) =>
      (await dayUpTo(shop.kit.database, tenant, period('2026-03-03', '2026-03-03', 'UTC', locationId), noon))?.gross;
    expect(await of(null)).toBe(11);
    expect(await of('loc_1')).toBe(1);
    expect(await of('loc_3')).toBe(0);
  });
});
