import { completeSale, refundSale, type SaleItem } from '@mostrador/domain/sale';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../../test/shop.js';
import { newId, newUuid } from '../../platform/ids.js';
import { historyOf } from './json.js';
import { saleMigrations } from './migrations.js';
import { saleProjection } from './projections.js';
import { availableOf, listSales, refundSeq, tracesOf } from './queries.js';

const LOCATION = newId('loc');
const item: SaleItem = {
  productId: newId('prod'),
  variantId: newId('var'),
  sku: 'Y1',
  name: 'Yerba',
  salesUnit: 'piece',
  priceMinor: 1000,
  costMinor: null,
  taxRateId: newId('tax'),
  rateBp: 2100,
  archived: false,
};
const DAY = 86_400_000;
const zone = { timeZone: 'America/Lima', limit: 50 };

let shop: Shop;
let tenant = 0;
beforeAll(async () => {
  shop = await openShop([{ migrations: saleMigrations, projections: [saleProjection] }]);
});
afterAll(() => shop.close());

async function sell(
  pieces: number,
  more: { at?: number; actor?: string; customerId?: string; reference?: string } = {},
) {
  const id = newUuid();
  const decision = completeSale(
    {
      type: 'complete',
      saleId: newId('sal'),
      locationId: LOCATION,
      receipt: { series: `receipt/${LOCATION}`, prefix: 'A-' },
      currency: 'PEN',
      cashSessionId: null,
      customerId: more.customerId ?? null,
      lines: [{ item, variantId: item.variantId, quantityMilli: pieces * 1000 }],
      tenders: [{ type: 'cash', amountMinor: pieces * 1000, currency: 'PEN' }],
      channel: 'counter',
      externalReference: more.reference,
      overdraw: true,
    },
    { commitId: id, now: 0 },
  );
  if (!decision.ok) throw new Error(JSON.stringify(decision.rejection));
  const { events, transfers } = decision;
  const actor = more.actor ?? 'usr_1';
  const result = await shop.commit(tenant, { id, events, transfers, at: more.at, actor });
  if (result.status === 'rejected') throw new Error(JSON.stringify(result.rejection));
  return { saleId: events[0]?.subject ?? '', commitId: id, seq: result.seq };
}

async function giveBack(saleId: string, pieces: number) {
  const history = historyOf(await shop.journal.eventsOf(tenant, saleId));
  if (history === null) throw new Error('no sale');
  const id = newUuid();
  const refundId = newId('ref');
  const decision = refundSale(
    history.state,
    {
      type: 'refund',
      refundId,
      receipt: { series: `refund/${LOCATION}`, prefix: 'A-R-' },
      cashSessionId: null,
      lines: [{ saleLine: 0, quantityMilli: pieces * 1000, restock: true }],
      reason: 'x',
      channel: 'counter',
    },
    { commitId: id, now: 0 },
  );
  if (!decision.ok) throw new Error(JSON.stringify(decision.rejection));
  const { events, transfers } = decision;
  const result = await shop.commit(tenant, { id, events, transfers });
  if (result.status === 'rejected') throw new Error(JSON.stringify(result.rejection));
  return { refundId, seq: result.seq };
}

const ids = (rows: readonly { sale_id: string }[]) => rows.map((row) => row.sale_id);

describe('the list of sales', () => {
  it('[SA10] is the newest first, in pages that neither skip nor repeat, with what was refunded', async () => {
    tenant += 1;
    const sold = [];
    // Three at the same moment, so that the place in the journal must tell them apart.
    for (let n = 0; n < 7; n++) sold.push(await sell(n + 1, { at: Date.UTC(2026, 0, 1) + (n < 3 ? 0 : n) * DAY }));
    const [first] = sold;
    if (first === undefined) throw new Error('sales');
    const { refundId, seq } = await giveBack(sold[6]?.saleId ?? '', 2);
    await giveBack(sold[6]?.saleId ?? '', 5);
    const seen = [];
    let before: { at: string; seq: number } | undefined;
    for (;;) {
      const rows = await listSales(shop.kit.database, tenant, { ...zone, limit: 2, before });
      seen.push(...rows.slice(0, 2));
      const last = rows[1];
      if (rows.length < 3 || last === undefined) break;
      before = { at: last.at_iso, seq: last.seq };
    }
    expect(ids(seen)).toEqual(sold.map((s) => s.saleId).reverse());
    expect(seen[0]).toMatchObject({ refunded_minor: 7000, refund_count: 2, total_minor: 7000, line_count: 1 });
    expect(seen[1]).toMatchObject({ refunded_minor: 0, refund_count: 0, receipt_number: 'A-00000006' });
    expect(await refundSeq(shop.kit.database, tenant, refundId)).toBe(seq);
    expect(await refundSeq(shop.kit.database, tenant, newId('ref'))).toBeUndefined();
  });

  it('filters by day in the shop, person, customer and location, and finds by number', async () => {
    tenant += 1;
    const customerId = newId('cus');
    // 23:30 on the 1st and 00:30 on the 2nd in Lima.
    const late = await sell(1, { at: Date.UTC(2026, 0, 2, 4, 30), actor: 'usr_2', reference: '536365' });
    const early = await sell(2, { at: Date.UTC(2026, 0, 2, 5, 30), customerId });
    await giveBack(early.saleId, 1);
    const find = async (more: object) => ids(await listSales(shop.kit.database, tenant, { ...zone, ...more }));
    expect(await find({ from: '2026-01-01', to: '2026-01-01' })).toEqual([late.saleId]);
    expect(await find({ from: '2026-01-02' })).toEqual([early.saleId]);
    expect(await find({ userId: 'usr_2' })).toEqual([late.saleId]);
    expect(await find({ customerId })).toEqual([early.saleId]);
    expect(await find({ locationId: newId('loc') })).toEqual([]);
    expect(await find({ numbers: ['A-00000001'] })).toEqual([late.saleId]);
    expect(await find({ numbers: ['536365'] })).toEqual([late.saleId]);
    expect(await find({ numbers: ['A-R-00000001'] })).toEqual([early.saleId]);
    expect(await find({ numbers: ['A-R-00000001'], userId: 'usr_2' })).toEqual([]);
  });

  it('shows nothing of another shop', async () => {
    tenant += 1;
    const mine = await sell(1);
    expect(ids(await listSales(shop.kit.database, tenant + 1000, { ...zone, numbers: ['A-00000001'] }))).toEqual([]);
    expect(await tracesOf(shop.kit.database, tenant + 1000, [mine.commitId])).toEqual([]);
  });
});

describe('the trace of a sale', () => {
  it('[SA8] is what its commit moved', async () => {
    tenant += 1;
    const { commitId, seq } = await sell(2);
    const trace = await tracesOf(shop.kit.database, tenant, [commitId]);
    expect(trace).toEqual([
      {
        id: `${commitId}/0`,
        seq,
        kind: 'direct',
        cause: 'sale',
        debit: { kind: 'sold', owner: LOCATION, item: '', unit: 'milli' },
        credit: { kind: 'stock', owner: LOCATION, item: item.variantId, unit: 'milli' },
        amount: 2000,
        unit: 'milli',
        overdrawn: 2000,
      },
      {
        id: `${commitId}/1`,
        seq,
        kind: 'direct',
        cause: 'tender',
        debit: { kind: 'cash', owner: LOCATION, item: '', unit: 'PEN' },
        credit: { kind: 'revenue', owner: LOCATION, item: '', unit: 'PEN' },
        amount: 2000,
        unit: 'PEN',
        overdrawn: null,
      },
    ]);
    expect([...(await availableOf(shop.kit.database, tenant, LOCATION, [item.variantId, newId('var')]))]).toEqual([
      [item.variantId, -2000],
    ]);
  });
});
