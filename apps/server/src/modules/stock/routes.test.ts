/** Stock over REST: what each route answers, refuses, and answers again. */
import type { StockLevelJson, StockMovementJson, StockReceiptDetailJson } from '@mostrador/contract/stock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Article, type Counter, openCounter, type Refused } from '../../../test/counter.js';
import { newId, newUuid } from '../../platform/ids.js';

let counter: Counter;
let here = '';
let depot = '';
let yerba: Article;

beforeAll(async () => {
  counter = await openCounter();
  here = counter.locationId;
  depot = (await counter.ask<{ id: string }>('POST', '/locations', { name: 'Depósito' })).body.id;
});
afterAll(() => counter.close());
beforeEach(async () => {
  yerba = await counter.article({ name: 'Yerba', price: 3200, cost: 2000 });
});

interface List<T> {
  readonly data: readonly T[];
  readonly page: { readonly next_cursor: string | null; readonly has_more: boolean };
}
interface Written {
  readonly id: string;
  readonly seq: number;
  readonly [field: string]: unknown;
}
const refusedBody = { code: expect.any(String) };

const post = <B = Written>(url: string, body: object, key?: string) =>
  counter.ask<B>('POST', `/stock${url}`, body, key);
const adjust = (quantity: number, more: object = {}, key?: string) =>
  post(
    '/adjustments',
    { location_id: here, variant_id: yerba.variantId, quantity, reason: 'inventario', ...more },
    key,
  );
async function levels(query = `variant_id=${yerba.variantId}`): Promise<readonly StockLevelJson[]> {
  const { status, body } = await counter.ask<List<StockLevelJson>>('GET', `/stock?${query}`);
  expect(status).toBe(200);
  return body.data;
}
const level = async (location = here) => (await levels()).find((l) => l.location_id === location);
async function movements(query: string): Promise<List<StockMovementJson>> {
  const { status, body } = await counter.ask<List<StockMovementJson>>('GET', `/stock/movements?${query}`);
  expect(status).toBe(200);
  return body;
}

describe('levels', () => {
  it('[ST14] of a variant: one per location with its names, zeros included', async () => {
    expect(await levels()).toEqual([
      expect.objectContaining({
        location_id: here,
        variant_id: yerba.variantId,
        product_id: yerba.productId,
        product_name: 'Yerba',
        on_hand: 0,
        reserved: 0,
        available: 0,
        state: 'out',
        reorder_point: 5,
        last_seq: null,
      }),
      expect.objectContaining({ location_id: depot, location_name: 'Depósito', on_hand: 0 }),
    ]);
    expect(await levels(`variant_id=${newId('var')}`)).toEqual([]);
  });

  it('[ST14] by page, by search and by state', async () => {
    const names = ['Zapallo plaza', 'Zapallo campo', 'Zapallo anco'];
    for (const name of names) await counter.article({ name, price: 100, stock: name.endsWith('anco') ? 3 : 30 });
    expect((await levels('q=zapallo')).map((l) => l.product_name)).toEqual([...names].reverse());
    expect((await levels('q=zapallo&state=low')).map((l) => l.product_name)).toEqual(['Zapallo anco']);
    expect(await levels('q=nothing-of-that-kind')).toEqual([]);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await counter.ask<List<StockLevelJson>>('GET', `/stock?location_id=${here}&limit=2${from}`);
      seen.push(...body.data.map((l) => l.variant_id));
      cursor = body.page.next_cursor;
    }
    expect(seen).toEqual((await levels(`location_id=${here}&limit=200`)).map((l) => l.variant_id));
    const { body } = await counter.ask<Record<string, number>>('GET', `/stock/summary?location_id=${here}`);
    expect(body.levels).toBe(seen.length);
  });

  it('[ST11] follow the reorder point', async () => {
    await adjust(10);
    expect((await level())?.state).toBe('ok');
    const set = (reorder_point: number | null, variant_id = yerba.variantId) =>
      counter.ask('PUT', '/stock/thresholds', { variant_id, reorder_point });
    expect(await set(12.5)).toMatchObject({ status: 200, body: { reorder_point: 12.5, is_default: false } });
    expect(await level()).toMatchObject({ state: 'low', reorder_point: 12.5 });
    expect(await set(null)).toMatchObject({ body: { reorder_point: 5, is_default: true } });
    expect(await set(1, newId('var'))).toMatchObject({ status: 422, body: { code: 'variant_unknown' } });
  });

  it.each(['cursor=abc', 'cursor=WzFd', 'limit=0', 'limit=201', 'state=many', 'variant_id=var_1', 'nonsense=1'])(
    'refuses ?%s',
    async (query) => {
      const { status, body } = await counter.ask<Refused>('GET', `/stock?${query}`);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(body).toMatchObject(refusedBody);
    },
  );
});

describe('adjustments', () => {
  it('[ST4] are signed, and the answer to a repeated key is the same', async () => {
    const key = newUuid();
    const first = await adjust(12.5, {}, key);
    expect(first).toMatchObject({ status: 201, body: { quantity: 12.5, reason: 'inventario', location_id: here } });
    expect(await adjust(12.5, {}, key)).toMatchObject({ status: 201, body: first.body });
    expect(await adjust(13, {}, key)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    await adjust(-0.5);
    expect(await level()).toMatchObject({ on_hand: 12, available: 12, state: 'ok' });
  });

  it('[ST4] take no level below zero, and say what is available', async () => {
    await adjust(4);
    expect(await adjust(-4.001)).toMatchObject({
      status: 409,
      body: { code: 'insufficient_stock', variant_id: yerba.variantId, location_id: here, quantity_available: 4 },
    });
    expect(await adjust(-7, { allow_below_zero: true })).toMatchObject({ status: 201 });
    expect(await level()).toMatchObject({ on_hand: -3, state: 'below_zero' });
    const [newest] = (await movements(`variant_id=${yerba.variantId}&limit=1`)).data;
    expect(newest).toMatchObject({ overdrawn: 3, balance_after: -3 });
  });

  it('[ST4] may go below zero only by people who may run the shop', async () => {
    const ask = counter.askAs(['stock.read', 'stock.write']);
    const body = { location_id: here, variant_id: yerba.variantId, quantity: -1, reason: 'x' };
    expect(await ask('POST', '/stock/adjustments', { ...body, allow_below_zero: true })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect(await ask('POST', '/stock/adjustments', { ...body, quantity: 1 })).toMatchObject({ status: 201 });
  });

  it('[ST10] take up to 10^8 and three decimals', async () => {
    expect((await adjust(100_000_000)).status).toBe(201);
    expect((await level())?.on_hand).toBe(100_000_000);
    expect((await adjust(-100_000_000)).status).toBe(201);
    for (const quantity of [0, 0.0001, 100_000_001, -100_000_001]) {
      expect(await adjust(quantity)).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
    }
    expect(await adjust(1, { reason: '  ' })).toMatchObject({ status: 422 });
    expect(await adjust(1, { variant_id: newId('var') })).toMatchObject({
      status: 422,
      body: { code: 'variant_unknown', errors: [{ path: 'variant_id' }] },
    });
    expect(await adjust(1, { location_id: newId('loc') })).toMatchObject({
      status: 422,
      body: { code: 'location_unknown' },
    });
  });
});

describe('documents', () => {
  it('[ST3] a receipt is kept with supplier and cost, and its cost becomes the variant’s', async () => {
    const supplier = (await counter.ask<{ id: string }>('POST', '/suppliers', { name: 'Molino Sur' })).body.id;
    const currency = counter.shop.currency;
    const body = {
      location_id: here,
      supplier_id: supplier,
      reference: 'R-0001-77',
      lines: [
        { variant_id: yerba.variantId, quantity: 6, unit_cost: { amount: '2150', currency } },
        { variant_id: yerba.variantId, quantity: 0.5 },
      ],
    };
    const answer = await post('/receipts', body);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        supplier_id: supplier,
        lines: [{ quantity: 6, unit_cost: { amount: 2150, currency } }, { unit_cost: null }],
      },
    });
    expect((await level())?.on_hand).toBe(6.5);
    const product = await counter.ask<{ variants: { cost: unknown }[] }>('GET', `/products/${yerba.productId}`);
    expect(product.body.variants[0]?.cost).toEqual({ amount: 2150, currency });
    const list = await counter.ask<List<Written>>('GET', `/stock/receipts?supplier_id=${supplier}`);
    expect(list.body.data).toMatchObject([
      { id: answer.body.id, supplier_name: 'Molino Sur', quantity: 6.5, line_count: 2, cost: { amount: 12_900 } },
    ]);
    const read = (permissions: Parameters<Counter['askAs']>[0]) =>
      counter.askAs(permissions)<StockReceiptDetailJson>('GET', `/stock/receipts/${answer.body.id}`);
    expect((await read(['stock.read', 'report.read'])).body.lines[0]).toMatchObject({
      product_name: 'Yerba',
      unit_cost: { amount: 2150 },
    });
    const hidden = (await read(['stock.read'])).body;
    expect([hidden.cost, ...hidden.lines.map((l) => l.unit_cost)]).toEqual([null, null, null]);
    expect(await counter.ask('GET', `/stock/receipts/${newId('stk')}`)).toMatchObject({ status: 404 });
  });

  it('[ST3] a receipt names every defect of its lines', async () => {
    const line = { variant_id: yerba.variantId, quantity: 1 };
    const dollars = { amount: 1, currency: 'USD' };
    const send = (more: object) => post<Refused>('/receipts', { location_id: here, lines: [line], ...more });
    expect((await send({ lines: [{ ...line, unit_cost: dollars }] })).body.code).toBe('currency_mismatch');
    expect((await send({ supplier_id: newId('sup') })).body.code).toBe('supplier_unknown');
    const unknown = [line, { ...line, variant_id: newId('var') }, { ...line, variant_id: newId('var') }];
    expect((await send({ lines: unknown })).body).toMatchObject({
      code: 'variant_unknown',
      errors: [{ path: 'lines.1.variant_id' }, { path: 'lines.2.variant_id' }],
    });
    expect((await level())?.on_hand).toBe(0);
  });

  it('[ST5] a write-off is refused whole when a line is short', async () => {
    await adjust(5);
    const mate = await counter.article({ name: 'Mate', price: 100, stock: 1 });
    const lines = (q: number) => [
      { variant_id: yerba.variantId, quantity: 2 },
      { variant_id: mate.variantId, quantity: q },
    ];
    const send = (q: number) => post('/write-offs', { location_id: here, reason: 'vencido', lines: lines(q) });
    expect(await send(2)).toMatchObject({ status: 409, body: { code: 'insufficient_stock', quantity_available: 1 } });
    expect((await level())?.on_hand).toBe(5);
    expect(await send(1)).toMatchObject({ status: 201, body: { reason: 'vencido', lines: lines(1) } });
    expect((await level())?.on_hand).toBe(3);
  });

  it('[ST6] a move keeps the sum, and is seen from both sides', async () => {
    await adjust(10);
    const move = (from: string, to: string, quantity: number) =>
      post('/moves', {
        from_location_id: from,
        to_location_id: to,
        reason: 'reponer',
        lines: [{ variant_id: yerba.variantId, quantity }],
      });
    expect(await move(here, depot, 4)).toMatchObject({ status: 201 });
    expect([(await level())?.on_hand, (await level(depot))?.on_hand]).toEqual([6, 4]);
    expect(await move(depot, here, 5)).toMatchObject({
      status: 409,
      body: { location_id: depot, quantity_available: 4 },
    });
    expect(await move(here, here, 1)).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', errors: [{ path: 'to_location_id', code: 'same_location' }] },
    });
    const { data } = await movements(`variant_id=${yerba.variantId}&cause=move`);
    expect(data.map((m) => [m.location_id, m.quantity, m.balance_after, m.other_location_id])).toEqual(
      expect.arrayContaining([
        [here, -4, 6, depot],
        [depot, 4, 4, here],
      ]),
    );
  });

  it('[ST7] a count books the difference to what was seen', async () => {
    await adjust(10);
    const seen = (await level())?.on_hand;
    await adjust(-4);
    const key = newUuid();
    const lines = [{ variant_id: yerba.variantId, counted: 9, seen }];
    const send = () => post('/counts', { location_id: here, note: 'góndola', lines }, key);
    const first = await send();
    expect(first).toMatchObject({ status: 201, body: { lines: [{ expected: 10, counted: 9, difference: -1 }] } });
    expect((await send()).body).toEqual(first.body);
    expect((await level())?.on_hand).toBe(5);
    const unseen = { location_id: here, lines: [{ variant_id: yerba.variantId, counted: 7 }] };
    expect(await post('/counts', unseen)).toMatchObject({ body: { lines: [{ expected: 5, difference: 2 }] } });
    const twice = { location_id: here, lines: [...unseen.lines, ...unseen.lines] };
    expect(await post('/counts', twice)).toMatchObject({ status: 422, body: { errors: [{ path: 'lines.1' }] } });
  });

  it('[ST2] goods can leave a place that was given up, and none can come to it', async () => {
    const old = (await counter.ask<{ id: string }>('POST', '/locations', { name: 'Vieja' })).body.id;
    await adjust(3, { location_id: old });
    await counter.ask('PATCH', `/locations/${old}`, { archived: true });
    expect(await adjust(1, { location_id: old })).toMatchObject({ status: 409, body: { code: 'location_archived' } });
    const lines = [{ variant_id: yerba.variantId, quantity: 3 }];
    const move = { from_location_id: old, to_location_id: here, lines };
    expect((await post('/moves', move)).status).toBe(201);
    expect((await levels()).map((l) => l.location_id)).not.toContain(old);
  });
});

describe('movements', () => {
  it('[ST15] name what they belong to, by page', async () => {
    await adjust(20);
    const sold = await counter.ask<{ id: string; receipt_number: string }>('POST', '/sales/checkout', {
      location_id: here,
      lines: [{ variant_id: yerba.variantId, quantity: 3 }],
      tenders: [{ type: 'cash', amount: { amount: 9600, currency: counter.shop.currency } }],
    });
    expect(sold.status).toBe(201);
    const first = await movements(`variant_id=${yerba.variantId}&limit=1`);
    expect(first.data).toMatchObject([
      {
        cause: 'sale',
        quantity: -3,
        balance_after: 17,
        subject: sold.body.id,
        reference: sold.body.receipt_number,
        product_name: 'Yerba',
        event_type: 'sale.completed',
      },
    ]);
    const second = await movements(`variant_id=${yerba.variantId}&limit=1&cursor=${first.page.next_cursor}`);
    expect(second.data).toMatchObject([{ cause: 'adjustment', reason: 'inventario', balance_after: 20 }]);
    expect(second.page).toEqual({ next_cursor: null, has_more: false });
  });

  it('[ST15] count in the unit that the goods are sold in', async () => {
    const queso = await counter.article({ name: 'Queso', price: 9000, cost: 5000, unit: 'kg' });
    await post('/adjustments', {
      location_id: here,
      variant_id: queso.variantId,
      quantity: 1.35,
      reason: 'inventario',
    });
    await adjust(1);
    expect((await movements('limit=2')).data).toMatchObject([
      { quantity: 1, sales_unit: 'piece' },
      { quantity: 1.35, sales_unit: 'kg' },
    ]);
  });

  it('[ST17] of a whole shop come newest first', async () => {
    await adjust(1);
    const { data } = await movements('limit=3');
    expect(data[0]).toMatchObject({ variant_id: yerba.variantId, balance_after: null });
    expect(data.map((m) => m.seq)).toEqual(data.map((m) => m.seq).sort((a, b) => b - a));
    const now = new Date(Date.now() + 60_000).toISOString();
    expect((await movements(`from=${now}`)).data).toEqual([]);
    expect((await movements(`variant_id=${yerba.variantId}&to=2001-01-01T00:00:00Z`)).data).toEqual([]);
  });

  it('are another shop’s secret', async () => {
    await adjust(1);
    const other = await counter.another('Otra tienda');
    expect((await other.ask<List<StockLevelJson>>('GET', `/stock?variant_id=${yerba.variantId}`)).body.data).toEqual(
      [],
    );
    const url = `/stock/movements?variant_id=${yerba.variantId}`;
    expect((await other.ask<List<StockMovementJson>>('GET', url)).body.data).toEqual([]);
    const theirs = { location_id: other.locationId, variant_id: yerba.variantId, quantity: 1, reason: 'x' };
    expect(await other.ask('POST', '/stock/adjustments', theirs)).toMatchObject({ status: 422 });
  });
});
