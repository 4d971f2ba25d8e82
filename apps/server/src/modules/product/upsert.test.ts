/** Many rows at once: made, changed, refused, and run again. */
import { zProductInput } from '@mostrador/contract/product';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProduct } from './create.js';
import { allCategories, scan } from './queries.js';
import { fresh, openProducts, type Shop } from './testing/shop.js';
import { type RowOutcome, upsertProducts } from './upsert.js';
import type { ProductRow } from './upsert-rows.js';

let kit: Awaited<ReturnType<typeof openProducts>>;
let shop: Shop;

beforeAll(async () => {
  kit = await openProducts();
});
afterAll(() => kit.close());

const send = (
  rows: readonly ProductRow[],
  of = shop,
  at: Pick<typeof kit.platform, 'database' | 'journal'> = kit.platform,
) => upsertProducts(at, of.tenantId, rows, { source: 'file.csv' });

function tally(outcomes: readonly RowOutcome[]) {
  const count = (status: string) => outcomes.filter((o) => o.status === status).length;
  return { created: count('created'), updated: count('updated'), rejected: count('rejected') };
}

const stateOf = async (code: string, of = shop) =>
  (await scan(kit.platform.database, of.tenantId, code))?.product.state;

describe('upsertProducts', () => {
  it('makes products, marks odd codes, and names what is wrong with a row', async () => {
    shop = await kit.shop();
    const outcomes = await send([
      { name: 'A', barcode: '7790001000019', priceMinor: 100, category: 'Almacén', brand: 'X' },
      { name: 'B', barcode: '0012' },
      { name: 'C', barcode: '2000010000005' },
      { name: 'D', barcode: '2000010000000' },
      { name: ' ', barcode: '1' },
      { name: 'F', barcode: '1 2' },
      { name: 'G', priceMinor: -1 },
      { name: 'H\u0000' },
      { name: 'I', taxRateId: 'tax_unknown' },
      { name: 'J', sku: '' },
      { name: 'K' },
    ]);
    expect(outcomes.map((o) => (o.status === 'rejected' ? o.code : o.marks))).toEqual([
      [],
      ['bad_gtin'],
      ['in_store'],
      ['bad_gtin', 'in_store'],
      'name_missing',
      'barcode_invalid',
      'amount_invalid',
      'name_too_long',
      'tax_rate_unknown',
      'sku_invalid',
      [],
    ]);
    expect(await stateOf('7790001000019')).toMatchObject({ name: 'A', brand: 'X', taxRateId: shop.taxRateId });
    expect(
      (await allCategories(kit.platform.database, shop.tenantId, true)).map((c) => [c.name, c.productCount]),
    ).toEqual([['Almacén', 1]]);
  });

  it('run again changes nothing and writes nothing', async () => {
    shop = await kit.shop();
    const rows: ProductRow[] = Array.from({ length: 1203 }, (_, n) => ({
      name: `Producto ${n}`,
      ...(n % 3 === 0 ? { barcode: String(5_000_000 + n) } : n % 3 === 1 ? { sku: `S-${n}` } : {}),
      priceMinor: n % 5 === 0 ? null : n,
      category: `C ${n % 4}`,
    }));
    expect(tally(await send(rows))).toEqual({ created: 1203, updated: 0, rejected: 0 });
    const head = await kit.platform.journal.head(shop.tenantId);
    const again = await send(rows);
    expect(tally(again)).toEqual({ created: 0, updated: 1203, rejected: 0 });
    expect(again.every((o) => o.status !== 'rejected' && !o.changed)).toBe(true);
    expect(await kit.platform.journal.head(shop.tenantId)).toBe(head);
  });

  it('changes what has the barcode or the SKU, and only what differs', async () => {
    shop = await kit.shop();
    await send([{ name: 'Old', barcode: '111', sku: 'A', priceMinor: 100, brand: 'X', category: 'One' }]);
    const [outcome] = await send([{ name: 'New', barcode: '111', priceMinor: 120, costMinor: 50 }]);
    expect(outcome).toMatchObject({ status: 'updated', changed: true });
    expect(await stateOf('111')).toMatchObject({ name: 'New', brand: 'X' });
    expect((await stateOf('111'))?.variants[0]).toMatchObject({ sku: 'A', priceMinor: 120, costMinor: 50 });
    await send([{ name: 'New', barcode: '222', sku: 'a', priceMinor: null, category: '' }]);
    expect((await stateOf('222'))?.variants[0]).toMatchObject({ sku: 'a', barcodes: ['111', '222'], priceMinor: null });
    expect((await stateOf('222'))?.categoryId).toBeNull();
    const events = await kit.platform.journal.eventsAfter(shop.tenantId, 0, 100);
    expect(events.filter((e) => e.type === 'product.priced').map((e) => e.payload.reason)).toEqual([
      'file.csv',
      'file.csv',
    ]);
  });

  it('takes repeated codes in one call in their order', async () => {
    shop = await kit.shop();
    const outcomes = await send([
      { name: 'One', barcode: '111' },
      { name: 'Two', barcode: '111' },
      { name: 'Other', barcode: '222' },
      { name: 'Three', barcode: '111' },
      { name: 'Torn', barcode: '111', sku: '222' },
    ]);
    expect(tally(outcomes)).toEqual({ created: 2, updated: 2, rejected: 1 });
    expect(outcomes[4]).toMatchObject({ code: 'codes_of_two_products' });
    expect((await stateOf('111'))?.name).toBe('Three');
    const types = (await kit.platform.journal.eventsAfter(shop.tenantId, 0, 100)).map((e) => e.type);
    expect(types.filter((t) => t.startsWith('product.'))).toEqual([
      'product.created',
      'product.created',
      'product.changed',
      'product.changed',
    ]);
  });

  it('takes many variants of one product in one call', async () => {
    shop = await kit.shop();
    const variants = Array.from({ length: 8 }, (_, n) => ({ sku: `V-${n}`, name: `${n}` }));
    await createProduct(
      kit.platform as never,
      { session: shop.session, command: fresh() },
      zProductInput.parse({ name: 'Remera', variants }),
    );
    const outcomes = await send(variants.map(({ sku }, n) => ({ name: 'Remera', sku, priceMinor: n + 1 })));
    expect(tally(outcomes)).toEqual({ created: 0, updated: 8, rejected: 0 });
    expect((await stateOf('V-0'))?.variants.map((v) => v.priceMinor)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('by two processes at once makes each product once', async () => {
    shop = await kit.shop();
    const rows = Array.from({ length: 1100 }, (_, n) => ({
      name: `P ${n}`,
      barcode: String(80_000 + n),
      category: 'Same',
      priceMinor: 5,
    }));
    const other = await kit.another();
    const [mine, theirs] = await Promise.all([send(rows), send(rows.slice(300), shop, other)]);
    const both = [...tally2(mine), ...tally2(theirs)];
    expect(both.filter((s) => s === 'created')).toHaveLength(1100);
    expect(both.filter((s) => s === 'updated')).toHaveLength(800);
    expect(await allCategories(kit.platform.database, shop.tenantId, true)).toMatchObject([{ productCount: 1100 }]);
  });
});

const tally2 = (outcomes: readonly RowOutcome[]) => outcomes.map((o) => o.status);
