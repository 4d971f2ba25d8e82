import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowDefect } from '../progress.js';
import type { Shop } from '../shop.js';
import { openTable } from '../table/open.js';
import { type ImportShop, openImportShop } from '../testing/shop.js';
import { importSales, surveySales } from './run.js';

let kit: ImportShop;
beforeAll(async () => {
  kit = await openImportShop();
});
afterAll(() => kit.close());

const HEADING = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const LINES = [
  '536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
  '536365,85123a,WHITE HEART,2,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
  '536365,71053,LANTERN,6,2010-12-01 08:27:00,3.39,17850.0,United Kingdom',
  '536366,POST,POSTAGE,1,2010-12-01 08:28:00,18.00,12583.0,France',
  '536366,71053,LANTERN &amp; LIGHT,24,2010-12-01 08:28:00,3.39,12583.0,France',
  'C536379,85123A,WHITE HEART,-3,2010-12-01 09:41:00,2.55,17850.0,United Kingdom',
  'C536380,D,Discount,-1,2010-12-01 09:42:00,27.50,14527.0,United Kingdom',
  '536381,71053,damaged,-4,2010-12-01 09:50:00,0.0,,United Kingdom',
  '536365,71053,LANTERN,1,2010-12-01 08:27:00,3.39,17850.0,United Kingdom',
  '536382,10002,found,10,2010-12-01 10:00:00,0.0,,United Kingdom',
  '536383,PADS,PADS TO MATCH ALL CUSHIONS,1,2010-12-01 10:05:00,0.001,13952.0,United Kingdom',
  'C536384,AMAZONFEE,AMAZON FEE,-1,2010-12-01 10:10:00,100.00,,United Kingdom',
];

async function run(shop: Shop, path: string, more: { defects?: RowDefect[]; signal?: AbortSignal } = {}) {
  const table = await openTable(path);
  const input = { table, signal: more.signal, onDefect: (d: RowDefect) => more.defects?.push(d) };
  return importSales(kit.platform, shop, input, await surveySales(input));
}

const level = async (shop: Shop, sku: string) => {
  const rows = await kit.platform.database.read<{ level: number }>(shop.tenantId, {
    text: `SELECT a.debits_posted - a.credits_posted AS level FROM variant v JOIN ledger_account a
ON a.tenant_id = v.tenant_id AND a.item = v.variant_id AND a.kind = 'stock' WHERE v.tenant_id = $1 AND v.sku_key = $2`,
    values: [shop.tenantId, sku],
  });
  return rows[0]?.level;
};

describe('a history of sales', () => {
  it('[IM1] accounts for every line, exactly, and leaves a journal that verifies', async () => {
    const shop = await kit.shop();
    const figures = await run(shop, kit.file('year.csv', `${HEADING}\n${LINES.join('\n')}\n`));
    expect(figures).toMatchObject({
      lines: 12,
      invoices: 8,
      units: 6 + 2 + 6 + 1 + 24 - 3 - 1 - 4 + 1 + 10 + 1 - 1,
      gross: '8.341',
      products: 3,
      customers: 4,
      sales: 3,
      refunds: 2,
      write_offs: 1,
      other: 2,
      rejected: 0,
      rounding: { recorded: '8.34', difference: '0.001', lines: 1 },
      lines_by_kind: { sold: 7, refunded: 2, written_off: 1, found: 1, fees_and_other: 1 },
      refunded_units: { matched: 3, unmatched: 0 },
      written: { invoices: 8, products: 3, customers: 4 },
    });
    expect(await kit.counts(shop.tenantId)).toMatchObject({
      'product.created': 3,
      'customer.created': 4,
      'stock.opened': 1,
      'sale.completed': 3,
      'sale.refunded': 2,
      'stock.written_off': 1,
      'stock.adjusted': 1,
      'sale.fee_recorded': 1,
    });
    // Never below zero on the way; the heart ends with what came back, the lantern with none.
    expect([await level(shop, '85123a'), await level(shop, '71053'), await level(shop, '10002')]).toEqual([
      3000, 0, 10000,
    ]);
    expect(await kit.verify(shop.tenantId)).toEqual([]);
  });

  it('[IM3] started again it writes nothing and reports the same', async () => {
    const shop = await kit.shop();
    const path = kit.file('again.csv', `${HEADING}\n${LINES.join('\n')}\n`);
    const first = await run(shop, path);
    const before = await kit.counts(shop.tenantId);
    const second = await run(shop, path);
    expect(await kit.counts(shop.tenantId)).toEqual(before);
    expect({ ...second, seconds: 0 }).toEqual({
      ...first,
      seconds: 0,
      opening_units: 0,
      written: { invoices: 0, products: 0, customers: 0 },
    });
  });

  it('[IM3] [IM8] a longer file of the same history adds only what is new, and the stock it needs', async () => {
    const shop = await kit.shop();
    const later = '536390,71053,LANTERN,5,2010-12-02 10:00:00,3.39,17850.0,United Kingdom';
    await run(shop, kit.file('short.csv', `${HEADING}\n${LINES.join('\n')}\n`));
    const figures = await run(shop, kit.file('long.csv', `${HEADING}\n${[...LINES, later].join('\n')}\n`));
    expect(figures).toMatchObject({ sales: 4, opening_units: 5, written: { invoices: 1, products: 0, customers: 0 } });
    expect(await level(shop, '71053')).toBe(0);
    expect(await kit.verify(shop.tenantId)).toEqual([]);
  });

  it('[IM3] an invoice that was imported with other lines is rejected and named', async () => {
    const shop = await kit.shop();
    await run(shop, kit.file('one.csv', `${HEADING}\n${LINES.join('\n')}\n`));
    const defects: RowDefect[] = [];
    const changed = LINES.map((line) => line.replace('536366,POST,POSTAGE,1,', '536366,POST,POSTAGE,2,'));
    const figures = await run(shop, kit.file('other.csv', `${HEADING}\n${changed.join('\n')}\n`), { defects });
    expect(figures.rejected).toBe(2);
    expect(defects).toMatchObject([{ row: 5, code: 'imported_differently', value: '536366' }]);
  });

  it('[IM1] leaves out what cannot be read, with row, field and reason, and takes the rest', async () => {
    const shop = await kit.shop();
    const defects: RowDefect[] = [];
    const bad = [
      ',10001,A,1,2011-01-01,1.00,,',
      '1,,A,1,2011-01-01,1.00,,',
      '1,10001,A,x,2011-01-01,1.00,,',
      '1,10001,A,1,31/31/2011,1.00,,',
      '1,10001,A,1,2011-01-01,,,',
      '1,10001,A,0,2011-01-01,1.00,,',
      '1,10001,A,1,2011-01-01,1.00,,',
    ];
    const figures = await run(shop, kit.file('bad.csv', `${HEADING}\n${bad.join('\n')}\n`), { defects });
    expect(figures).toMatchObject({ lines: 7, invoices: 1, rejected: 6, sales: 1, gross: '1.00' });
    expect(defects.map((d) => [d.row, d.field, d.code])).toEqual([
      [2, 'invoice', 'missing'],
      [3, 'sku', 'missing'],
      [4, 'quantity', 'not_a_number'],
      [5, 'at', 'not_a_date'],
      [6, 'price', 'missing'],
      [7, 'quantity', 'zero_quantity'],
    ]);
  });

  it('[IM2] a file in the order of nothing gives the same history', async () => {
    const [a, b] = [await kit.shop(), await kit.shop()];
    await run(a, kit.file('ordered.csv', `${HEADING}\n${LINES.join('\n')}\n`));
    // Whole invoices turned around; within one the lines keep their order.
    const turned = [...LINES].sort((x, y) => ((x.split(',')[0] ?? '') < (y.split(',')[0] ?? '') ? 1 : -1));
    await run(b, kit.file('turned.csv', `${HEADING}\n${turned.join('\n')}\n`));
    expect(await kit.counts(b.tenantId)).toEqual(await kit.counts(a.tenantId));
    expect(await level(b, '71053')).toBe(await level(a, '71053'));
  });

  it('[IM3] stopped in the middle it goes on, also with somebody else doing the same at once', async () => {
    const shop = await kit.shop();
    const many = Array.from(
      { length: 600 },
      (_, i) => `${7000 + i},P${i % 9},Thing ${i % 9},1,2011-01-01 10:00,1.50,${i % 7},`,
    );
    const path = kit.file('many.csv', `${HEADING}\n${many.join('\n')}\n`);
    const stop = new AbortController();
    kit.platform.journal.onCommitted((tenantId, events) => {
      if (tenantId === shop.tenantId && events.some((e) => e.type === 'sale.completed'))
        stop.abort(new Error('stopped'));
    });
    await run(shop, path, { signal: stop.signal }).catch((error: Error) => expect(error.message).toBe('stopped'));
    await Promise.all([run(shop, path), run(shop, path)]);
    expect(await kit.counts(shop.tenantId)).toMatchObject({
      'sale.completed': 600,
      'product.created': 9,
      'customer.created': 7,
    });
    expect((await level(shop, 'p0')) ?? -1).toBeGreaterThanOrEqual(0);
    expect(await kit.verify(shop.tenantId)).toEqual([]);
  });
});
