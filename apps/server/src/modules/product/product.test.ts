/** Products from a command to the tables and back, races between processes, and the shop next door. */
import { zProduct, zProductInput } from '@mostrador/contract/product';
import type { ProductCommand } from '@mostrador/domain/product';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../platform/http/index.js';
import { newId, newUuid } from '../../platform/ids.js';
import { rebuild } from '../../platform/journal/index.js';
import { runOnProduct } from './commands.js';
import { createProduct } from './create.js';
import { productJson } from './present.js';
import { productProjection } from './projection.js';
import { listIds, productById, scan } from './queries.js';
import { searchIds } from './search.js';
import { fresh, openProducts, type Process, type Shop } from './testing/shop.js';

let kit: Awaited<ReturnType<typeof openProducts>>;
let shop: Shop;

beforeAll(async () => {
  kit = await openProducts();
  shop = await kit.shop();
});
afterAll(() => kit.close());

const ARS = (amount: number) => ({ amount, currency: 'ARS' });

function make(input: Record<string, unknown>, at = kit.platform as Process, of = shop, command = fresh()) {
  return createProduct(at as never, { session: of.session, command }, zProductInput.parse(input));
}

function run(productId: string, command: ProductCommand, ifMatch?: number, at = kit.platform as Process) {
  return runOnProduct(at as never, { session: shop.session, command: fresh(), ifMatch }, productId, command);
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
  return 'accepted';
}

const find = (code: string, of = shop) => scan(kit.platform.database, of.tenantId, code);

describe('a product', () => {
  it('is read back as it was answered, and the answer is what the interface states', async () => {
    const made = await make({
      name: 'Remera lisa',
      brand: 'Norte',
      options: ['Talle'],
      variants: [
        { sku: 'REM-M', name: 'M', price: ARS(12_000), cost: ARS(6000), barcodes: ['7790001000019', '0012'] },
        { sku: 'REM-L', name: 'L', barcodes: ['2000010000005'] },
      ],
    });
    expect(zProduct.parse(made)).toEqual(made);
    expect(made.status).toBe('active');
    expect(made.variants[0]?.barcode_marks).toEqual({ '0012': 'bad_gtin' });
    const stored = await productById(kit.platform.database, shop.tenantId, made.id);
    expect(stored && productJson(shop.session, stored)).toEqual(made);
  });

  it('follows every command in the tables as the rules have it in memory', async () => {
    const made = await make({ name: 'Yerba', variants: [{ sku: 'Y-1', barcodes: ['1234567890128'] }] });
    const variantId = made.variants[0]?.id ?? '';
    expect(made.status).toBe('draft');
    const commands: ProductCommand[] = [
      { type: 'change', changes: { name: 'Yerba mate', brand: 'Sur', picture: 'mate' } },
      { type: 'price', variantId, priceMinor: 500, reason: '' },
      { type: 'add_barcode', variantId, barcode: '77' },
      { type: 'change_variant', variantId, changes: { sku: 'y-1', costMinor: 300 } },
      {
        type: 'add_variant',
        variant: {
          variantId: newId('var'),
          sku: 'Y-2',
          name: 'grande',
          barcodes: ['88', 'A-1'],
          priceMinor: null,
          costMinor: null,
        },
      },
      { type: 'remove_barcode', variantId, barcode: '1234567890128' },
      { type: 'archive' },
      { type: 'restore' },
    ];
    for (const command of commands) {
      const answer = await run(made.id, command);
      const story = await kit.platform.journal.eventsOf(shop.tenantId, made.id);
      expect(answer.revision).toBe(story.at(-1)?.seq);
    }
    const after = await run(made.id, { type: 'restore' });
    expect(after).toMatchObject({ name: 'Yerba mate', brand: 'Sur', status: 'active' });
    expect(after.picture_url).toBe('/api/v1/product-pictures/mate');
    expect(after.variants.map((v) => [v.sku, v.name, v.price?.amount ?? null, v.cost?.amount ?? null])).toEqual([
      ['y-1', '', 500, 300],
      ['Y-2', 'grande', null, null],
    ]);
    expect(after.variants[0]?.barcodes).toEqual(['77']);
    expect(new Set(after.variants[1]?.barcodes)).toEqual(new Set(['88', 'A-1']));
  });

  it('is decided again when somebody else changed it, unless a revision was named', async () => {
    const made = await make({ name: 'Azúcar' });
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((brand) => run(made.id, { type: 'change', changes: { brand } })));
    expect(await kit.platform.journal.eventsOf(shop.tenantId, made.id)).toHaveLength(5);
    expect(await codeOf(run(made.id, { type: 'change', changes: { brand: 'z' } }, made.revision))).toBe('conflict');
  });

  it('is answered the same when the request comes again, and refused when the key comes with another', async () => {
    const command = { id: newUuid(), digest: '2'.repeat(64) };
    const input = { name: 'Pan', variants: [{ sku: 'PAN', barcodes: ['5555'] }] };
    const first = await make(input, kit.platform, shop, command);
    await run(first.id, { type: 'change', changes: { name: 'Pan lactal' } });
    expect(await make(input, kit.platform, shop, command)).toEqual(first);
    expect(await codeOf(make(input, kit.platform, shop, { ...command, digest: '3'.repeat(64) }))).toBe(
      'idempotency_key_reused',
    );
  });

  it.each([
    ['currency_mismatch', { variants: [{ price: { amount: 1, currency: 'USD' } }] }],
    ['category_unknown', { category_id: newId('cat') }],
    ['tax_rate_unknown', { tax_rate_id: newId('tax') }],
    ['sku_taken', { variants: [{ sku: 'A1' }, { sku: 'a1' }] }],
  ])('is refused with %s', async (code, more) => {
    expect(await codeOf(make({ name: 'x', ...more }))).toBe(code);
  });

  it('with a price is not for those who may not set prices', async () => {
    const session = { ...shop.session, permissions: new Set(['product.write'] as const) };
    const priced = zProductInput.parse({ name: 'x', variants: [{ price: ARS(1) }] });
    expect(await codeOf(createProduct(kit.platform as never, { session, command: fresh() }, priced))).toBe('forbidden');
  });
});

describe('codes', () => {
  it('are one in the shop: of many who race for one, in two processes, one gets it', async () => {
    const other = await kit.another();
    const codes = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        codeOf(
          make(
            { name: `Rival ${n}`, variants: [{ sku: n % 2 === 0 ? 'Race' : 'RACE', barcodes: [`9${n}`] }] },
            n % 3 === 0 ? other : kit.platform,
          ),
        ),
      ),
    );
    expect(codes.filter((c) => c === 'accepted')).toHaveLength(1);
    expect(codes.filter((c) => c === 'sku_taken')).toHaveLength(11);
    const barcodes = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        codeOf(
          make({ name: 'x', variants: [{ sku: `R-${n}`, barcodes: ['31415926'] }] }, n % 2 ? other : kit.platform),
        ),
      ),
    );
    expect(barcodes.filter((c) => c === 'accepted')).toHaveLength(1);
    expect(barcodes.filter((c) => c === 'barcode_taken')).toHaveLength(11);
  });

  it('that are taken are named', async () => {
    const holder = await make({ name: 'Holder', variants: [{ sku: 'HELD', barcodes: ['4711'] }] });
    const refusal = make({ name: 'x', variants: [{ sku: 'free-1' }, { sku: 'held' }] });
    await expect(refusal).rejects.toMatchObject({ code: 'sku_taken', facts: { sku: 'HELD', product_id: holder.id } });
    const made = await make({ name: 'y' });
    const adding = run(made.id, { type: 'add_barcode', variantId: made.variants[0]?.id ?? '', barcode: '4711' });
    await expect(adding).rejects.toMatchObject({ code: 'barcode_taken', facts: { product_id: holder.id } });
  });

  it('may be the same in two shops, and neither sees the other', async () => {
    const next = await kit.shop();
    const own = await make({ name: 'Own', variants: [{ sku: 'BOTH', barcodes: ['1111'] }] });
    const theirs = await make({ name: 'Theirs', variants: [{ sku: 'both', barcodes: ['1111'] }] }, kit.platform, next);
    expect((await find('1111'))?.productId).toBe(own.id);
    expect((await find('1111', next))?.productId).toBe(theirs.id);
    expect(await productById(kit.platform.database, next.tenantId, own.id)).toBeUndefined();
  });

  it('are found as scanned: exactly first, then with other zeros, then as SKU without case, archived too', async () => {
    const upc = await make({ name: 'Upc', variants: [{ sku: 'U', barcodes: ['036000291452'] }] });
    expect(await find('0036000291452')).toMatchObject({ productId: upc.id, matchedBy: 'equivalent_gtin' });
    expect(await find('00036000291452')).toMatchObject({ productId: upc.id, matchedBy: 'equivalent_gtin' });
    const exact = await make({ name: 'Ean', variants: [{ sku: 'E', barcodes: ['0036000291452'] }] });
    expect(await find('0036000291452')).toMatchObject({ productId: exact.id, matchedBy: 'barcode' });
    expect(await find('e')).toMatchObject({ productId: exact.id, matchedBy: 'sku' });
    await make({ name: 'Zeros', variants: [{ sku: 'Z', barcodes: ['00777'] }] });
    expect(await find('777')).toBeUndefined();
    await run(exact.id, { type: 'archive' });
    expect((await find('0036000291452'))?.product.state.archived).toBe(true);
    expect(await find('nothing-like-it')).toBeUndefined();
  });
});

describe('the list', () => {
  it('walks all products once by name, whatever the page size and the status', async () => {
    const own = await kit.shop();
    const names = ['Ñandú', 'naranja', 'Águila', 'aceite', 'Zapallo', 'zapallo', '***', 'Éclair'];
    const ids: string[] = [];
    for (const name of names) {
      const priced = ids.length % 2 === 0 ? { variants: [{ price: ARS(1) }] } : {};
      ids.push((await make({ name, ...priced }, kit.platform, own)).id);
    }
    const walk = async (status: readonly (0 | 1 | 2)[], size: number) => {
      const seen: string[] = [];
      let after: { nameKey: string; productId: string } | undefined;
      for (;;) {
        const page = await listIds(kit.platform.database, own.tenantId, { status }, after, size);
        seen.push(...page.map((p) => p.productId));
        if (page.length < size) return seen;
        after = page.at(-1);
      }
    };
    const whole = await walk([0, 1], 100);
    expect(whole.map((id) => names[ids.indexOf(id)])).toEqual([
      '***',
      'aceite',
      'Águila',
      'Éclair',
      'Ñandú',
      'naranja',
      ...(ids[4] && ids[5] && ids[4] < ids[5] ? ['Zapallo', 'zapallo'] : ['zapallo', 'Zapallo']),
    ]);
    for (const size of [1, 3, 5]) expect(await walk([0, 1], size)).toEqual(whole);
    expect(await walk([1], 2)).toEqual(whole.filter((id) => ids.indexOf(id) % 2 === 1));
    expect(await walk([2], 2)).toEqual([]);
  });
});

describe('stock', () => {
  it('stands beside each variant, and filters lists and searches', async () => {
    const own = await kit.shop();
    const amounts = { Mucho: 60_000, Poco: 4_000, Nada: 0, Menos: -2_000, Nunca: null, Umbral: 7_000 };
    const ids: Record<string, string> = {};
    for (const [name, milli] of Object.entries(amounts)) {
      const made = await make({ name: `Cosa ${name}` }, kit.platform, own);
      ids[made.id] = name;
      const item = made.variants[0]?.id ?? '';
      if (name === 'Umbral') {
        await kit.platform.journal.commit(own.tenantId, {
          ...fresh(),
          actor: 'usr_1',
          events: [
            { type: 'stock.threshold_set', subject: item, payload: { variantId: item, reorderPointMilli: 8000 } },
          ],
        });
      }
      if (milli === null) continue;
      const id = newUuid();
      const stock = { kind: 'stock', owner: 'loc_1', item, unit: 'milli' } as const;
      const adjusted = { kind: 'adjusted', owner: 'loc_1', item: '', unit: 'milli' } as const;
      const move = (n: number, amount: number, into: boolean) => ({
        id: `${id}/${n}`,
        kind: 'direct' as const,
        debit: into ? stock : adjusted,
        credit: into ? adjusted : stock,
        amount,
        cause: 'adjustment' as const,
        overdraw: true,
      });
      const transfers = [move(0, 1000, true), move(1, Math.abs(milli - 1000), milli > 1000)];
      const result = await kit.platform.journal.commit(own.tenantId, {
        id,
        digest: '0'.repeat(64),
        actor: 'usr_1',
        events: [{ type: 'test.stocked', subject: item, payload: {} }],
        transfers,
      });
      expect(result.status).toBe('committed');
      const stored = await productById(kit.platform.database, own.tenantId, made.id);
      expect(stored && productJson(own.session, stored).variants[0]?.on_hand).toBe(milli / 1000);
    }
    const listed = async (stock: 'low' | 'out') =>
      (await listIds(kit.platform.database, own.tenantId, { status: [0, 1], stock }, undefined, 50)).map(
        (p) => ids[p.productId],
      );
    const searched = async (stock: 'low' | 'out') =>
      (
        await searchIds(kit.platform.database, own.tenantId, {
          typed: 'cosa',
          status: [0, 1],
          stock,
          offset: 0,
          limit: 50,
        })
      ).map((id) => ids[id]);
    for (const find of [listed, searched]) {
      expect((await find('low')).sort()).toEqual(['Poco', 'Umbral']);
      expect((await find('out')).sort()).toEqual(['Menos', 'Nada', 'Nunca']);
    }
  });
});

describe('the tables', () => {
  it('are the same when they are made anew from the journal', async () => {
    const report = await rebuild({
      database: kit.platform.database,
      projections: [productProjection],
      subscriptions: [],
      tenants: [1, 2, 3],
    });
    expect(report.tables.filter((t) => !t.same)).toEqual([]);
    expect(report.tables.map((t) => t.name)).toContain('product_search');
    // They still refuse and find as before.
    expect(await codeOf(make({ name: 'x', variants: [{ sku: 'held' }] }))).toBe('sku_taken');
    expect((await find('4711'))?.matchedBy).toBe('barcode');
    const asked = { typed: 'yrba', status: [0, 1] as const, offset: 0, limit: 5 };
    expect(await searchIds(kit.platform.database, shop.tenantId, asked)).toHaveLength(1);
  });
});
