/** Products over HTTP: what is answered, what is refused, and what a page of stickers looks like. */
import type { Permission } from '@mostrador/domain/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, openRoutes, type TestRoutes } from '../../../test/routes.js';
import { newId, newUuid } from '../../platform/ids.js';
import { stockModule } from '../stock/index.js';
import { createTenant, tenantModule } from '../tenant/index.js';
import { productModule } from './index.js';

const ALL: readonly Permission[] = ['product.read', 'product.write', 'price.write', 'report.read'];

let kit: TestRoutes;
let call: Caller;
let cashier: Caller;

beforeAll(async () => {
  kit = await openRoutes([tenantModule, productModule, stockModule]);
  await createTenant(kit.platform, { name: 'Prueba', country: 'AR' });
  await createTenant(kit.platform, { name: 'Vecina', country: 'AR' });
  call = kit.as(1, ALL);
  cashier = kit.as(1, ['product.read']);
});
afterAll(() => kit.close());

const ARS = (amount: number | string) => ({ amount, currency: 'ARS' });

interface Made {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly revision: number;
  readonly picture_url: string;
  readonly variants: readonly { id: string; sku: string; price: unknown; cost: unknown; barcodes: string[] }[];
}

async function make(body: object): Promise<Made> {
  const answered = await call('POST', '/products', body);
  expect(answered.status).toBe(201);
  return answered.body as unknown as Made;
}

const codeOf = (answered: { body: unknown }) => (answered.body as { code?: string }).code;

describe('making and finding', () => {
  it('takes amounts as numbers or digits, finds by id, by scan and in the list', async () => {
    const made = await make({ name: 'Galletitas', variants: [{ price: ARS('1250'), barcodes: ['7790001000019'] }] });
    expect(made.variants[0]).toMatchObject({ sku: '7790001000019', price: { amount: 1250, currency: 'ARS' } });
    const one = await call('GET', `/products/${made.id}`);
    expect(one.body).toEqual(made);
    expect(one.headers.etag).toBe(`"${made.revision}"`);
    const scanned = await call('GET', '/products/scan/7790001000019');
    expect(scanned.body).toMatchObject({ id: made.id, variant_id: made.variants[0]?.id, matched_by: 'barcode' });
    expect((await call('GET', '/products?q=galle')).body.data.map((p) => p.id)).toEqual([made.id]);
    expect((await call('GET', '/products?limit=200')).body.data.map((p) => p.id)).toContain(made.id);
  });

  it('hides costs from those who only sell', async () => {
    const made = await make({ name: 'Secreto', variants: [{ price: ARS(2), cost: ARS(1) }] });
    expect(made.variants[0]?.cost).toEqual(ARS(1));
    const seen = (await cashier('GET', `/products/${made.id}`)).body as unknown as Made;
    expect(seen.variants[0]).toMatchObject({ price: ARS(2), cost: null });
  });

  it('walks the list and a search by their cursors, and knows a wrong cursor', async () => {
    for (let n = 0; n < 5; n++) await make({ name: `Paginado ${n}` });
    for (const query of ['status=draft', 'q=paginado']) {
      const names: string[] = [];
      let cursor = '';
      do {
        const page = (await call('GET', `/products?${query}&limit=2${cursor}`)).body;
        names.push(...page.data.map((p) => p.name));
        cursor = page.page.has_more ? `&cursor=${page.page.next_cursor}` : '';
      } while (cursor !== '');
      expect(names.filter((n) => n.startsWith('Paginado'))).toEqual([0, 1, 2, 3, 4].map((n) => `Paginado ${n}`));
    }
    expect(codeOf(await call('GET', '/products?cursor=xyz'))).toBe('cursor_invalid');
    expect(codeOf(await call('GET', '/products?q=a&cursor=WyJhIiwiYiJd'))).toBe('cursor_invalid');
  });

  it('keeps another shop out', async () => {
    const made = await make({ name: 'Propio', variants: [{ sku: 'OWN-1' }] });
    const other = kit.as(2, ALL);
    expect((await other('GET', `/products/${made.id}`)).status).toBe(404);
    expect((await other('GET', '/products/scan/OWN-1')).status).toBe(404);
    expect((await other('GET', '/products?q=propio')).body.data).toEqual([]);
    expect((await other('POST', `/products/${made.id}/archive`)).status).toBe(404);
  });

  it.each<[string, string, object | undefined, number, string]>([
    ['POST', '/products', {}, 422, 'validation_failed'],
    ['POST', '/products', { name: ' ' }, 422, 'validation_failed'],
    ['POST', '/products', { name: 'a\u0007' }, 422, 'validation_failed'],
    ['POST', '/products', { name: 'x', prize: 1 }, 422, 'validation_failed'],
    ['POST', '/products', { name: 'x', variants: [{ price: ARS(1.5) }] }, 422, 'validation_failed'],
    ['POST', '/products', { name: 'x', variants: [{ price: ARS(10 ** 13) }] }, 422, 'validation_failed'],
    ['POST', '/products', { name: 'x', variants: [{ barcodes: ['1 2'] }] }, 422, 'validation_failed'],
    [
      'POST',
      '/products',
      { name: 'x', variants: [{ price: { amount: 1, currency: 'USD' } }] },
      422,
      'currency_mismatch',
    ],
    ['GET', '/products/prod_x', undefined, 422, 'validation_failed'],
    ['GET', '/products?limit=0', undefined, 422, 'validation_failed'],
    ['GET', '/products?limit=201', undefined, 422, 'validation_failed'],
    ['GET', '/products?colour=red', undefined, 422, 'validation_failed'],
    ['GET', '/products/scan/none', undefined, 404, 'not_found'],
    ['POST', '/products/price-changes', { percent_bp: 100 }, 400, 'idempotency_key_required'],
    ['POST', '/products/labels', { items: [{ variant_id: newId('var') }] }, 422, 'variant_unknown'],
    ['GET', '/product-pictures/none', undefined, 404, 'not_found'],
  ])('%s %s with %j is %i %s', async (method, url, body, status, code) => {
    const answered = await call(method as 'GET', url, body);
    expect([answered.status, codeOf(answered)]).toEqual([status, code]);
  });
});

describe('changing', () => {
  it('knows the revision that was read', async () => {
    const made = await make({ name: 'Uno' });
    const first = await call('PATCH', `/products/${made.id}`, { name: 'Dos' }, { 'if-match': `"${made.revision}"` });
    expect(first.body).toMatchObject({ name: 'Dos' });
    const second = await call('PATCH', `/products/${made.id}`, { name: 'Tres' }, { 'if-match': `"${made.revision}"` });
    expect([second.status, codeOf(second)]).toEqual([409, 'conflict']);
  });

  it('adds and removes variants, barcodes and prices; archives and restores', async () => {
    const made = await make({ name: 'Pantalón' });
    const at = `/products/${made.id}`;
    const added = await call('POST', `${at}/variants`, { name: 'M', sku: 'PAN-M' });
    expect(added.status).toBe(201);
    const variantId = (added.body as unknown as Made).variants[1]?.id ?? '';
    await call('POST', `${at}/variants/${variantId}/barcodes`, { barcode: '7790001000026' });
    await call('PATCH', `${at}/variants/${variantId}`, { cost: ARS(10), name: 'M largo' });
    const priced = await call('POST', `${at}/variants/${variantId}/price`, { price: ARS(20), reason: 'alta' });
    expect(priced.body).toMatchObject({ status: 'active' });
    const gone = await call('DELETE', `${at}/variants/${variantId}/barcodes/7790001000026`);
    expect((gone.body as unknown as Made).variants[1]).toMatchObject({ price: ARS(20), cost: ARS(10), barcodes: [] });
    expect((await call('POST', `${at}/archive`)).body).toMatchObject({ status: 'archived' });
    expect((await call('GET', '/products/scan/pan-m')).body).toMatchObject({ status: 'archived' });
    expect(codeOf(await call('PATCH', at, { name: 'x' }))).toBe('product_archived');
    expect((await call('GET', '/products?status=archived')).body.data.map((p) => p.id)).toEqual([made.id]);
    expect((await call('POST', `${at}/restore`)).body).toMatchObject({ status: 'active' });
    expect((await call('POST', `${at}/restore`)).status).toBe(200);
  });

  it('answers a repeated command as before, also when the state would refuse it now', async () => {
    const made = await make({ name: 'Repetido' });
    const key = { 'idempotency-key': newUuid() };
    const body = { sku: 'REP-1', name: 'M' };
    const first = await call('POST', `/products/${made.id}/variants`, body, key);
    const again = await call('POST', `/products/${made.id}/variants`, body, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
  });
});

describe('price changes', () => {
  it('are seen before they are done, done once, and leave out what has no price', async () => {
    const made = await make({ name: 'Vino', brand: 'Bodega X', variants: [{ price: ARS(1000) }, { sku: 'free-v' }] });
    const body = { percent_bp: 1250, rounding: { step: 50, mode: 'up' }, filters: { brand: 'bodega x' } };
    const key = { 'idempotency-key': 'change-1' };
    const preview = await call(
      'POST',
      '/products/price-changes',
      { ...body, preview: true },
      { 'idempotency-key': 'p' },
    );
    expect(preview.body).toMatchObject({
      id: null,
      preview: true,
      changed: 1,
      changes: [{ name: 'Vino', previous: ARS(1000), price: ARS(1150) }],
    });
    expect((await call('GET', `/products/${made.id}`)).body).toEqual(made);
    const done = await call('POST', '/products/price-changes', body, key);
    expect(done.body).toMatchObject({ preview: false, changed: 1, changes: [{ price: ARS(1150) }] });
    expect((await call('POST', '/products/price-changes', body, key)).body).toEqual(done.body);
    const after = (await call('GET', `/products/${made.id}`)).body as unknown as Made;
    expect(after.variants.map((v) => v.price)).toEqual([ARS(1150), null]);
    const other = { ...body, percent_bp: 1 };
    expect(codeOf(await call('POST', '/products/price-changes', other, key))).toBe('idempotency_key_reused');
  });

  it('touch what the words of q all match, in a category', async () => {
    const category = (await call('POST', '/categories', { name: 'Bebidas' })).body;
    await make({ name: 'Jugo de manzana', category_id: category.id, variants: [{ price: ARS(100) }] });
    await make({ name: 'Jugo de naranja', category_id: category.id, variants: [{ price: ARS(100) }] });
    const ask = (filters: object, key: string) =>
      call('POST', '/products/price-changes', { percent_bp: 100, filters, preview: true }, { 'idempotency-key': key });
    expect((await ask({ q: 'manz jug' }, 'a')).body).toMatchObject({ changed: 1 });
    expect((await ask({ q: 'jugo', category_id: category.id }, 'b')).body).toMatchObject({ changed: 2 });
    expect((await ask({ q: 'jugo%' }, 'c')).body).toMatchObject({ changed: 2 });
    expect((await ask({ category_id: newId('cat') }, 'd')).body).toMatchObject({ changed: 0 });
  });
});

describe('categories', () => {
  it('are made, moved, counted and put away', async () => {
    const top = (await call('POST', '/categories', { name: 'Limpieza' })).body;
    const child = (await call('POST', '/categories', { name: 'Jabones', parent_id: top.id })).body;
    expect(codeOf(await call('POST', '/categories', { name: 'LIMPIEZA' }))).toBe('name_taken');
    expect(codeOf(await call('PATCH', `/categories/${top.id}`, { parent_id: child.id }))).toBe('category_cycle');
    expect(codeOf(await call('POST', `/categories/${top.id}/archive`))).toBe('category_has_children');
    await make({ name: 'Jabón blanco', category_id: child.id });
    const moved = await call('PATCH', `/categories/${child.id}`, { name: 'Jabón', parent_id: null });
    expect(moved.body).toMatchObject({ name: 'Jabón', parent_id: null, product_count: 1 });
    expect((await call('POST', `/categories/${child.id}/archive`)).body).toMatchObject({ archived: true });
    const listed = (await call('GET', '/categories?archived=false')).body.data.map((c) => c.name);
    expect(listed).toContain('Limpieza');
    expect(listed).not.toContain('Jabón');
    expect(codeOf(await call('POST', '/products', { name: 'x', category_id: child.id }))).toBe('category_archived');
  });

  it('of one name race, and one is made', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('POST', '/categories', { name: 'Única' })));
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1);
    expect(answers.filter((a) => codeOf(a) === 'name_taken')).toHaveLength(5);
  });
});

describe('the rest', () => {
  it('draws initials and named pictures, kept for ever', async () => {
    const plain = await make({ name: 'Ñandú & Cía' });
    const drawn = await make({ name: 'Pan', picture: 'bread-1' });
    for (const { picture_url } of [plain, drawn]) {
      const answered = await call('GET', picture_url.replace('/api/v1', ''));
      expect(answered.status).toBe(200);
      expect(answered.headers['content-type']).toMatch('image/svg+xml');
      expect(answered.headers['cache-control']).toMatch('immutable');
      expect(answered.body).toMatch(/^<svg /);
    }
    expect(plain.picture_url).toMatch('initials.NC');
    expect(drawn.picture_url).toMatch('bread-1');
  });

  it.each(['a4_65', 'a4_24', 'a4_8', 'roll_50x25', 'roll_58x40', 'roll_100x50'])(
    'prints labels of %s with bars, for codes of every kind',
    async (size) => {
      const codes = ['7790001000101', '96385074', '036000291452', '10012345678902', 'CODE-128', '123'];
      const items = [];
      for (const code of codes) {
        const found = await call('GET', `/products/scan/${code}`);
        const body =
          found.status === 200
            ? found.body
            : await make({
                name: `Etiqueta ${code} ñ “larga” con muchas palabras 日本`,
                variants: [{ barcodes: [code] }],
              });
        items.push({ variant_id: (body as unknown as Made).variants[0]?.id, copies: 2 });
      }
      const answered = await call('POST', '/products/labels', { size, items, skip: 3 });
      expect(answered.status).toBe(200);
      expect(answered.headers['content-type']).toBe('application/pdf');
      const text = answered.body as unknown as string;
      expect(text.startsWith('%PDF-')).toBe(true);
      const pages = text.match(/\/Type \/Page\b/g)?.length;
      expect(pages).toBe({ a4_65: 1, a4_24: 1, a4_8: 2 }[size] ?? 12);
    },
  );

  it('prints at most two thousand labels at once', async () => {
    const made = await make({ name: 'Muchas' });
    const items = Array.from({ length: 11 }, () => ({ variant_id: made.variants[0]?.id, copies: 200 }));
    expect(codeOf(await call('POST', '/products/labels', { items }))).toBe('validation_failed');
  });

  it('tells what the cache did', async () => {
    expect((await call('GET', '/products/cache-figures')).body).toMatchObject({ entries: 0, hits: 0, hit_rate: null });
  });
});
