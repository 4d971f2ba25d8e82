/** What the checkout sees is never older than what is committed, whoever committed it. */
import { zProductInput } from '@mostrador/contract/product';
import type { ProductCommand } from '@mostrador/domain/product';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, newUuid } from '../../platform/ids.js';
import { announcement, readAnnouncement, staleBy } from './announce.js';
import { runOnProduct } from './commands.js';
import { createProduct } from './create.js';
import { catalogueFigures, variantsForSale } from './for-sale.js';
import { fresh, openProducts, type Process, type Shop } from './testing/shop.js';

let kit: Awaited<ReturnType<typeof openProducts>>;
let shop: Shop;

beforeAll(async () => {
  kit = await openProducts();
  shop = await kit.shop();
});
afterAll(() => kit.close());

async function product(price: number) {
  const made = await createProduct(
    kit.platform as never,
    { session: shop.session, command: fresh() },
    zProductInput.parse({ name: 'Agua', variants: [{ name: '1 l', price: { amount: price, currency: 'ARS' } }] }),
  );
  return { productId: made.id, variantId: made.variants[0]?.id ?? '' };
}

const run = (at: Process, productId: string, command: ProductCommand) =>
  runOnProduct(at as never, { session: shop.session, command: fresh(), ifMatch: undefined }, productId, command);

const see = async (at: Process, variantId: string) =>
  (await variantsForSale(at, shop.tenantId, [variantId])).get(variantId);

/** Asks until the answer is as expected; a wrong one for ever ends with the test's own time. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

describe('variantsForSale', () => {
  it('tells all that a sale needs, and leaves out what is unknown', async () => {
    const { productId, variantId } = await product(500);
    const unknown = newId('var');
    const found = await variantsForSale(kit.platform, shop.tenantId, [variantId, unknown]);
    expect([...found.keys()]).toEqual([variantId]);
    expect(found.get(variantId)).toMatchObject({
      productId,
      name: 'Agua (1 l)',
      priceMinor: 500,
      taxRateId: shop.taxRateId,
      rateBp: 2100,
      salesUnit: 'piece',
      costMinor: null,
      archived: false,
    });
    const next = await kit.shop();
    expect((await variantsForSale(kit.platform, next.tenantId, [variantId])).size).toBe(0);
  });

  it('sees own changes at once, from memory in between', async () => {
    const { productId, variantId } = await product(500);
    await until(async () => {
      const before = catalogueFigures(kit.platform).hits;
      await see(kit.platform, variantId);
      return catalogueFigures(kit.platform).hits > before;
    });
    await run(kit.platform, productId, { type: 'price', variantId, priceMinor: 600, reason: '' });
    expect((await see(kit.platform, variantId))?.priceMinor).toBe(600);
    await run(kit.platform, productId, { type: 'change', changes: { name: 'Agua fría' } });
    expect((await see(kit.platform, variantId))?.name).toBe('Agua fría (1 l)');
    await run(kit.platform, productId, { type: 'archive' });
    expect((await see(kit.platform, variantId))?.archived).toBe(true);
  });

  it('takes the last cost from goods received', async () => {
    const { productId, variantId } = await product(500);
    await see(kit.platform, variantId);
    const lines = [300, null, 350].map((unitCostMinor) => ({
      productId,
      variantId,
      quantityMilli: 1000,
      unitCostMinor,
    }));
    const where = { receiptId: 'stk_1', locationId: 'loc_1', supplierId: null, reference: '', currency: 'ARS' };
    const payload = { ...where, lines };
    await kit.platform.journal.commit(shop.tenantId, {
      id: newUuid(),
      digest: '0'.repeat(64),
      actor: 'usr_1',
      events: [{ type: 'stock.received', subject: 'stk_1', payload }],
    });
    expect((await see(kit.platform, variantId))?.costMinor).toBe(350);
  });

  it('hears of the changes of another process', async () => {
    const { productId, variantId } = await product(500);
    const other = await kit.another();
    await until(async () => {
      const before = catalogueFigures(other).hits;
      expect((await see(other, variantId))?.priceMinor).toBe(500);
      return catalogueFigures(other).hits > before;
    });
    await run(kit.platform, productId, { type: 'price', variantId, priceMinor: 700, reason: '' });
    await until(async () => (await see(other, variantId))?.priceMinor === 700);
    await run(kit.platform, productId, { type: 'archive' });
    await until(async () => (await see(other, variantId))?.archived === true);
  });
});

describe('announcements', () => {
  const priced = (count: number) => ({
    seq: 1,
    commitId: newUuid(),
    at: 0,
    recordedAt: 0,
    type: 'product.priced',
    version: 1,
    subject: 'pch_1',
    actor: 'usr_1',
    payload: { changes: Array.from({ length: count }, () => ({ variantId: newId('var') })), reason: '' },
  });

  it.each([1, 240, 241, 2400])('of %i variants arrive whole and fit a message each', (count) => {
    const event = priced(count);
    const messages = announcement(7, [event])?.values[0] as string[];
    const heard = new Set<string>();
    for (const message of messages) {
      expect(message.length).toBeLessThan(8000);
      const told = readAnnouncement(message);
      expect(told?.tenantId).toBe(7);
      if (told === null || told.stale === 'all') throw new Error('should name variants');
      for (const id of told.stale.variantIds) heard.add(id);
    }
    expect(heard).toEqual(staleBy([event]).variantIds);
  });

  it('of very many say all, of none nothing, and an empty one tells nothing in particular', () => {
    expect(announcement(7, [priced(2401)])?.values[0]).toEqual(['7 all']);
    expect(readAnnouncement('7 all')).toEqual({ tenantId: 7, stale: 'all' });
    expect(announcement(7, [priced(0)])).toBeUndefined();
    expect(readAnnouncement('')).toBeNull();
  });
});
