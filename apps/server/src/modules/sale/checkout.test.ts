import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Article, type Counter, openCounter, type Refused } from '../../../test/counter.js';
import { newId, newUuid } from '../../platform/ids.js';

interface Sold {
  readonly id: string;
  readonly receipt_number: string;
  readonly total: { readonly amount: number; readonly currency: string };
  readonly change: { readonly amount: number };
  readonly seq: number;
}

let shop: Counter;
let yerba: Article;
let queso: Article;
beforeAll(async () => {
  shop = await openCounter();
  yerba = await shop.article({ name: 'Yerba', price: 320_000, cost: 200_000, stock: 1000 });
  queso = await shop.article({ name: 'Queso', price: 1_000_000, unit: 'kg', stock: 50, taxBp: 1050 });
});
afterAll(() => shop.close());

const ars = (amount: number) => ({ amount, currency: 'ARS' });
const cash = (amount: number) => ({ type: 'cash', amount: ars(amount) });
const card = (amount: number) => ({ type: 'card', amount: ars(amount) });
const line = (article: Article, quantity: number, more: object = {}) => ({
  variant_id: article.variantId,
  quantity,
  ...more,
});
const basket = (lines: readonly object[], tenders: readonly object[], more: object = {}) => ({
  location_id: shop.locationId,
  lines,
  tenders,
  ...more,
});
const sell = (body: object, key?: string) => shop.ask<Sold>('POST', '/sales/checkout', body, key);
const refused = (body: object, key?: string) => shop.ask<Refused>('POST', '/sales/checkout', body, key);
const available = async (article: Article) => {
  const { body } = await shop.ask<{ data: { location_id: string; on_hand: number }[] }>(
    'GET',
    `/stock?variant_id=${article.variantId}`,
  );
  return body.data.find((row) => row.location_id === shop.locationId)?.on_hand ?? 0;
};

describe('checkout', () => {
  it('[SA1] [SA4] [SA8] sells, gives change, takes the stock and numbers the receipt', async () => {
    const before = await available(yerba);
    const first = await sell(basket([line(yerba, 2), line(queso, 0.345), line(yerba, 1)], [cash(1_400_000)]));
    expect(first).toMatchObject({
      status: 201,
      body: { total: ars(960_000 + 345_000), change: ars(95_000), seq: expect.any(Number) },
    });
    expect(Object.keys(first.body).sort()).toEqual(['change', 'id', 'receipt_number', 'seq', 'total']);
    const second = await sell(
      basket([line(yerba, 1)], [{ type: 'transfer', amount: { amount: '320000', currency: 'ARS' } }]),
    );
    expect(second.status).toBe(201);
    expect(await available(yerba)).toBe(before - 4);
    const number = (receipt: string) => Number(receipt.slice(receipt.lastIndexOf('-') + 1));
    expect(number(second.body.receipt_number)).toBe(number(first.body.receipt_number) + 1);
    expect(second.body.seq).toBe(first.body.seq + 1);
  });

  it('[SA9] refuses what is short with what is left, for every line, and takes nothing', async () => {
    const few = await shop.article({ name: 'Pocas', price: 100, stock: 3 });
    const none = await shop.article({ name: 'Ninguna', price: 100 });
    const before = await available(yerba);
    const answer = await refused(basket([line(yerba, 1), line(few, 2), line(few, 2), line(none, 1)], [card(320_500)]));
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'insufficient_stock',
        variant_id: few.variantId,
        location_id: shop.locationId,
        quantity_available: 3,
        short: [
          { variant_id: few.variantId, quantity_available: 3 },
          { variant_id: none.variantId, quantity_available: 0 },
        ],
      },
    });
    expect(answer.body.errors?.map((e) => e.path)).toEqual([
      'lines.1.quantity',
      'lines.2.quantity',
      'lines.3.quantity',
    ]);
    expect([await available(yerba), await available(few)]).toEqual([before, 3]);
  });

  it('[SA5] [SA7] names every defect, the first as the code', async () => {
    const draft = await shop.article({ name: 'Sin precio', price: null, stock: 5 });
    const gone = await shop.article({ name: 'Archivado', price: 100, stock: 5 });
    expect((await shop.ask('POST', `/products/${gone.productId}/archive`)).status).toBe(200);
    const unknown = { variantId: newId('var'), productId: '', priceMinor: null };
    const answer = await refused(
      basket(
        [line(draft, 1), line(gone, 1), line(unknown, 1), line(yerba, 0.5)],
        [{ type: 'cash', amount: { amount: 1, currency: 'USD' } }],
      ),
    );
    expect(answer).toMatchObject({ status: 422, body: { code: 'price_missing', variant_id: draft.variantId } });
    expect(answer.body.errors?.map((e) => `${e.path} ${e.code}`)).toEqual([
      'lines.0.variant_id price_missing',
      'lines.1.variant_id product_archived',
      'lines.2.variant_id variant_unknown',
      'lines.3.quantity quantity_fraction',
      'tenders.0.amount currency_mismatch',
    ]);
  });

  it.each([
    ['tender_insufficient', () => basket([line(yerba, 1)], [cash(319_999)])],
    ['tender_insufficient', () => basket([line(yerba, 1)], [])],
    ['tender_excess', () => basket([line(yerba, 1)], [card(320_001)])],
    ['discount_excess', () => basket([line(yerba, 1, { discount: { amount: ars(320_001), reason: 'x' } })], [])],
    ['amount_out_of_range', () => basket([line(yerba, 100_000_000, { price: ars(1_000_000_000_000) })], [])],
    ['customer_unknown', () => basket([line(yerba, 1)], [cash(320_000)], { customer_id: newId('cus') })],
    ['cash_session_unknown', () => basket([line(yerba, 1)], [cash(320_000)], { cash_session_id: newId('cse') })],
    ['location_unknown', () => ({ ...basket([line(yerba, 1)], [cash(320_000)]), location_id: newId('loc') })],
    ['validation_failed', () => basket([line(yerba, 1, { discount: { reason: 'x' } })], [cash(320_000)])],
    ['validation_failed', () => basket([line(yerba, 0.0001)], [cash(320_000)])],
    ['validation_failed', () => basket([line(yerba, -1)], [cash(-320_000)])],
    ['validation_failed', () => basket([], [])],
  ] as const)('[SA5] refuses with 422 %s', async (code, body) => {
    expect(await refused(body())).toMatchObject({ status: 422, body: { code } });
  });

  it('[SA2] [SA4] sells for nothing after a discount of all, without a tender', async () => {
    const answer = await sell(basket([line(yerba, 1)], [], { discount: { percent_bp: 10_000, reason: 'cortesía' } }));
    expect(answer).toMatchObject({ status: 201, body: { total: ars(0), change: ars(0) } });
  });

  it('[SA6] lets only who may set prices sell at another', async () => {
    const body = basket([line(yerba, 1, { price: ars(1) })], [cash(1)]);
    const cashier = shop.askAs(['sale.write']);
    expect(await cashier('POST', '/sales/checkout', body)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const boss = shop.askAs(['sale.write', 'price.write']);
    expect(await boss('POST', '/sales/checkout', body)).toMatchObject({ status: 201, body: { total: ars(1) } });
  });

  it('[SA12] answers a repeated key as before, and another body with 422', async () => {
    const once = await shop.article({ name: 'Última', price: 500, stock: 1 });
    const body = basket([line(once, 1)], [cash(1000)]);
    for (const key of [newUuid(), 'caja-1/2026-11-22/0001']) {
      const before = await available(once);
      const sold = await sell(basket([line(yerba, 1)], [cash(320_000)]), key);
      const again = await sell(basket([line(yerba, 1)], [cash(320_000)]), key);
      expect(again).toMatchObject({ status: 201, body: sold.body });
      expect(await refused(body, key)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
      expect(await available(once)).toBe(before);
    }
  });

  it('[SA12] answers a repeated key as before when it would be refused now', async () => {
    const once = await shop.article({ name: 'Una', price: 500, stock: 1 });
    const body = basket([line(once, 1)], [cash(1000)]);
    const key = newUuid();
    const sold = await sell(body, key);
    // Nothing is left, the price is another, and then it is archived.
    expect((await sell(body, key)).body).toEqual(sold.body);
    await shop.ask('POST', `/products/${once.productId}/variants/${once.variantId}/price`, { price: ars(9999) });
    expect((await sell(body, key)).body).toEqual(sold.body);
    await shop.ask('POST', `/products/${once.productId}/archive`);
    expect((await sell(body, key)).body).toEqual(sold.body);
    expect(await refused(body)).toMatchObject({ status: 422, body: { code: 'product_archived' } });
  });

  it('[SA12] decides a refused command anew when it is sent again', async () => {
    const late = await shop.article({ name: 'Demorada', price: 500 });
    const body = basket([line(late, 1)], [cash(500)]);
    const key = newUuid();
    expect((await refused(body, key)).status).toBe(409);
    await shop.ask('POST', '/stock/adjustments', {
      location_id: shop.locationId,
      variant_id: late.variantId,
      quantity: 1,
      reason: 'llegó',
    });
    expect((await sell(body, key)).status).toBe(201);
  });

  it('[SA9] 200 buyers race for a stock of 10: exactly 10 are sold', async () => {
    const hot = await shop.article({ name: 'Oferta', price: 100, stock: 10 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        shop.ask<Sold & Refused>('POST', '/sales/checkout', basket([line(hot, 1)], [cash(100)])),
      ),
    );
    const sold = answers.filter((a) => a.status === 201);
    expect(sold).toHaveLength(10);
    expect(new Set(sold.map((a) => a.body.receipt_number)).size).toBe(10);
    for (const a of answers) {
      if (a.status !== 201) expect(a).toMatchObject({ status: 409, body: { code: 'insufficient_stock' } });
    }
    expect(await available(hot)).toBe(0);
  });

  it('[SA12] one key sent 20 times at once sells once', async () => {
    const before = await available(yerba);
    const key = newUuid();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => sell(basket([line(yerba, 1)], [cash(320_000)]), key)),
    );
    expect(new Set(answers.map((a) => a.body.id)).size).toBe(1);
    expect(await available(yerba)).toBe(before - 1);
  });

  it('[SA11] sells into an open drawer, and not into a closed one', async () => {
    const { body: drawer } = await shop.ask<{ id: string }>('POST', '/cash-sessions', {
      location_id: shop.locationId,
      name: 'Caja 7',
      float: ars(0),
    });
    const body = basket([line(yerba, 1)], [cash(320_000)], { cash_session_id: drawer.id });
    const sales = Promise.all(Array.from({ length: 20 }, () => sell(body)));
    await shop.ask('POST', `/cash-sessions/${drawer.id}/movements`, { direction: 'in', amount: ars(500), reason: 'x' });
    expect((await sales).map((a) => a.status)).toEqual(Array.from({ length: 20 }, () => 201));
    const { body: open } = await shop.ask<{ expected: { amount: number } }>('GET', `/cash-sessions/${drawer.id}`);
    expect(open.expected.amount).toBe(20 * 320_000 + 500);
    await shop.ask('POST', `/cash-sessions/${drawer.id}/close`, { counted: ars(20 * 320_000 + 500) });
    expect(await refused(body)).toMatchObject({ status: 409, body: { code: 'cash_session_closed' } });
  });

  it('[SA10] keeps the numbers of a location gapless, whoever was refused in between', async () => {
    const other = await shop.another('Otro almacén');
    const thing = await other.article({ name: 'Cosa', price: 100, stock: 30 });
    const answers = await Promise.all(
      Array.from({ length: 60 }, () =>
        other.ask<Sold>('POST', '/sales/checkout', {
          location_id: other.locationId,
          lines: [line(thing, 1)],
          tenders: [cash(100)],
        }),
      ),
    );
    const numbers = answers.filter((a) => a.status === 201).sort((a, b) => a.body.seq - b.body.seq);
    expect(numbers.map((a) => a.body.receipt_number.slice(-8))).toEqual(
      Array.from({ length: 30 }, (_, n) => String(n + 1).padStart(8, '0')),
    );
  });
});
