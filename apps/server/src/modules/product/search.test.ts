/** Search finds what was meant, of this shop only, the sellable first. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productsById } from './queries.js';
import { MOST_RESULTS, type SearchRequest, searchIds } from './search.js';
import { alternativesOf, editsOf, lexemeQuery, slips, termsOf } from './search-terms.js';
import { openProducts, type Shop } from './testing/shop.js';
import { upsertProducts } from './upsert.js';

let kit: Awaited<ReturnType<typeof openProducts>>;
let shop: Shop;
let neighbour: Shop;

const ROWS = [
  ['7790001000019', 'Yerba mate con palo 1 kg', 'Tres Lomas', 489_000],
  ['7790001000026', 'Yerba mate suave 500 g', 'Tres Lomas', 265_000],
  ['7790001000033', 'Leche entera 1 l', 'La Demo', 120_000],
  ['7790001000040', 'Dulce de leche 400 g', 'La Demo', 210_000],
  ['7790001000057', 'Café molido 250 g', 'Monte', 350_000],
  ['7790001000064', 'Ñoquis de papa', 'Don José', 150_000],
  ['7790001000071', 'Chocolate amargo', 'Sur', 99_000],
  ['7790001000088', 'Chocolate con leche', 'Sur', null],
  ['7790001000095', 'Frutillas', '', 80_000],
] as const;

beforeAll(async () => {
  kit = await openProducts();
  shop = await kit.shop();
  neighbour = await kit.shop();
  const rows = ROWS.map(([barcode, name, brand, priceMinor]) => ({
    barcode,
    name,
    brand,
    priceMinor,
    category: 'Todo',
  }));
  await upsertProducts(kit.platform, shop.tenantId, rows, { source: 'test' });
  await upsertProducts(kit.platform, neighbour.tenantId, [{ name: 'Chocolate vecino', barcode: '1', priceMinor: 1 }], {
    source: 'test',
  });
});
afterAll(() => kit.close());

async function names(typed: string, more: Partial<SearchRequest> = {}, of = shop): Promise<string[]> {
  const request = { typed, status: [0, 1] as const, offset: 0, limit: 50, ...more };
  const ids = await searchIds(kit.platform.database, of.tenantId, request);
  return (await productsById(kit.platform.database, of.tenantId, ids)).map((p) => p.state.name);
}

describe('search', () => {
  it.each([
    ['yerba', ['Yerba mate con palo 1 kg', 'Yerba mate suave 500 g']],
    ['YERBA SUA', ['Yerba mate suave 500 g']],
    ['suave yerba', ['Yerba mate suave 500 g']],
    ['cafe', ['Café molido 250 g']],
    ['noquis', ['Ñoquis de papa']],
    ['ñoquis', ['Ñoquis de papa']],
    ['leche', ['Leche entera 1 l', 'Dulce de leche 400 g', 'Chocolate con leche']],
    ['choc', ['Chocolate amargo', 'Chocolate con leche']],
    ['demo', ['Dulce de leche 400 g', 'Leche entera 1 l']],
    ['fr', ['Frutillas']],
    ['7790001000057', ['Café molido 250 g']],
    ['07790001000057', ['Café molido 250 g']],
    [
      '77900010000',
      ROWS.slice()
        .sort()
        .map((r) => r[1]),
    ],
  ])('%j finds %j', async (typed, expected) => {
    const found = await names(typed);
    expect(typed.startsWith('779') ? new Set(found) : found).toEqual(
      typed.startsWith('779') ? new Set(expected) : expected,
    );
  });

  it.each([
    ['chocolte', 'Chocolate amargo'],
    ['cohcolate', 'Chocolate amargo'],
    ['frtillas', 'Frutillas'],
    ['frutila', 'Frutillas'],
    ['yreba', 'Yerba mate suave 500 g'],
    ['lehce entera', 'Leche entera 1 l'],
    ['noqis', 'Ñoquis de papa'],
    ['yerva mate suabe', 'Yerba mate suave 500 g'],
  ])('forgives %j', async (typed, expected) => {
    expect((await names(typed))[0]).toBe(expected);
  });

  it.each(['zzzz', '', '  ', '***', "'", '\\', "a' | 'b", '%', '_', ':*', 'x'.repeat(200)])(
    'finds nothing for %j and does not fail',
    async (typed) => {
      expect(await names(typed)).toEqual([]);
    },
  );

  it('finds a draft after what can be sold, an archived product only when asked', async () => {
    expect(await names('chocolate', { status: [0] })).toEqual(['Chocolate amargo']);
    expect(await names('chocolate', { status: [1] })).toEqual(['Chocolate con leche']);
    expect(await names('chocolate', { status: [2] })).toEqual([]);
    expect(await names('chocolate', { status: [1, 0] })).toEqual(['Chocolate con leche', 'Chocolate amargo']);
  });

  it('keeps to the brand and to the category', async () => {
    expect(await names('leche', { brandKey: 'la demo' })).toEqual(['Leche entera 1 l', 'Dulce de leche 400 g']);
    expect(await names('leche', { categoryId: 'cat_none' })).toEqual([]);
    expect(await names('7790001000033', { brandKey: 'sur' })).toEqual([]);
  });

  it('stays in its shop, also for what was meant', async () => {
    expect(await names('chocolate')).not.toContain('Chocolate vecino');
    expect(await names('chocolate', {}, neighbour)).toEqual(['Chocolate vecino']);
    expect(await names('frutila', {}, neighbour)).toEqual([]);
    // A query that names the other shop's lexemes gets nothing: the function itself holds to the tenant.
    const stolen = await kit.platform.database.read(shop.tenantId, {
      text: `SELECT * FROM product_search_ids($1::smallint[], $2::text[]::tsquery[], '', 'chocolate', 10)`,
      values: [[0], [lexemeQuery(neighbour.tenantId, 0, termsOf('chocolate'), {})]],
    });
    expect(stolen).toEqual([]);
    const nobody = await kit.platform.database.call({
      text: `SELECT * FROM product_search_ids($1::smallint[], $2::text[]::tsquery[], 'c', 'chocolate', 10)`,
      values: [[0], [lexemeQuery(shop.tenantId, 0, termsOf('chocolate'), {})]],
    });
    expect(nobody).toEqual([]);
  });

  it('gives the same results in pages as in one piece', async () => {
    const all = await names('leche');
    const paged = [];
    for (let offset = 0; offset < all.length; offset++) paged.push(...(await names('leche', { offset, limit: 1 })));
    expect(paged).toEqual(all);
    expect(await names('leche', { offset: MOST_RESULTS, limit: 10 })).toEqual([]);
  });
});

describe('terms', () => {
  it('counts slips, whole or as a beginning', () => {
    expect(slips('leche', 'lehce', false)).toBe(1);
    expect(slips('leche', 'leche', false)).toBe(0);
    expect(slips('choclat', 'chocolate', false)).toBe(2);
    expect(slips('choclat', 'chocolate', true)).toBe(1);
    expect(slips('abc', 'xyz', false)).toBe(3);
  });

  it('every edit is one slip away', () => {
    const edits = editsOf('yerba');
    expect(edits.length).toBeGreaterThan(250);
    expect(edits.every((e) => slips('yerba', e, false) === 1)).toBe(true);
    expect(editsOf('ab')).toEqual([]);
    expect(editsOf('chocolate')).toEqual([]);
  });

  it('puts the likeliest alternatives first and leaves out what is too far', () => {
    expect(alternativesOf(['frutila'], ['tortilla', 'frutillas', 'frutilla']).get('frutila')).toEqual([
      'frutilla',
      'frutillas',
    ]);
    expect(alternativesOf(['ab', '500', 'mate'], ['abc', '501', 'tomate']).size).toBe(0);
  });
});
