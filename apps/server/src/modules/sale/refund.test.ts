import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Article, type Counter, openCounter, type Refused } from '../../../test/counter.js';
import { newId, newUuid } from '../../platform/ids.js';

interface Money {
  readonly amount: number;
}
interface Refunded {
  readonly id: string;
  readonly sale_id: string;
  readonly receipt_number: string;
  readonly total: Money;
  readonly tenders: readonly { readonly type: string; readonly amount: Money }[];
  readonly seq: number;
}
interface Sale {
  readonly id: string;
  readonly status: string;
  readonly total: Money;
  readonly tax: Money;
  readonly refunded: Money;
  readonly refundable: Money;
  readonly lines: readonly {
    readonly quantity: number;
    readonly refunded_quantity: number;
    readonly refundable_quantity: number;
    readonly unit_cost: Money | null;
  }[];
  readonly refunds: readonly { readonly id: string; readonly total: Money }[];
  readonly transfers: readonly { readonly cause: string; readonly amount: number }[];
}

let shop: Counter;
let yerba: Article;
beforeAll(async () => {
  shop = await openCounter();
  yerba = await shop.article({ name: 'Yerba', price: 333, cost: 200, stock: 10_000 });
});
afterAll(() => shop.close());

const ars = (amount: number) => ({ amount, currency: 'ARS' });

async function sell(pieces: number, more: object = {}, type = 'cash'): Promise<string> {
  const { status, body } = await shop.ask<{ id: string }>('POST', '/sales/checkout', {
    location_id: shop.locationId,
    lines: [{ variant_id: yerba.variantId, quantity: pieces }],
    tenders: [{ type, amount: ars(pieces * 333) }],
    ...more,
  });
  expect(status).toBe(201);
  return body.id;
}
const refund = (saleId: string, body: object, key?: string) =>
  shop.ask<Refunded & Refused>('POST', `/sales/${saleId}/refunds`, { reason: 'no era', ...body }, key);
const look = async (saleId: string) => (await shop.ask<Sale>('GET', `/sales/${saleId}`)).body;
const part = (quantity: number, restock = true) => ({ lines: [{ sale_line: 0, quantity, restock }] });
const onHand = async () => {
  const url = `/stock?variant_id=${yerba.variantId}`;
  return (await shop.ask<{ data: { on_hand: number }[] }>('GET', url)).body.data[0]?.on_hand ?? 0;
};

describe('refunds', () => {
  it('[SA13] [SA15] give back parts that add up to the sale, and put back what is on the shelf', async () => {
    const before = await onHand();
    const id = await sell(3);
    const first = await refund(id, part(1));
    expect(first).toMatchObject({ status: 201, body: { sale_id: id, total: ars(333) } });
    expect(await look(id)).toMatchObject({ status: 'partly_refunded', refunded: ars(333), refundable: ars(666) });
    expect(await refund(id, part(1, false))).toMatchObject({ status: 201 });
    expect(await onHand()).toBe(before - 2);
    const last = await refund(id, {});
    expect(last).toMatchObject({ status: 201, body: { total: ars(333) } });
    expect(await onHand()).toBe(before - 1);
    const sale = await look(id);
    expect(sale).toMatchObject({ status: 'refunded', refunded: ars(999), refundable: ars(0) });
    expect(sale.lines[0]).toMatchObject({ quantity: 3, refunded_quantity: 3, refundable_quantity: 0 });
    expect(sale.refunds.map((r) => r.id)).toEqual([first.body.id, sale.refunds[1]?.id, last.body.id]);
    expect(sale.transfers.map((t) => [t.cause, t.amount])).toEqual([
      ['sale', 3000],
      ['tender', 999],
    ]);
    const { body } = await shop.ask<Sale & { transfers: { cause: string }[] }>('GET', `/refunds/${first.body.id}`);
    expect(body).toMatchObject({
      sale_id: id,
      reason: 'no era',
      total: ars(333),
      lines: [{ sale_line: 0, restock: true }],
    });
    expect(body.transfers.map((t) => t.cause)).toEqual(['refund', 'refund']);
    expect(await refund(id, {})).toMatchObject({ status: 409, body: { code: 'refund_excess' } });
  });

  it('[SA10] have numbers of their own', async () => {
    const a = await refund(await sell(1), {});
    const b = await refund(await sell(1), {});
    const number = (r: Refunded) => Number(r.receipt_number.slice(-8));
    expect(number(b.body)).toBe(number(a.body) + 1);
    expect(a.body.receipt_number).toMatch(/-R-\d{8}$/);
  });

  it('[SA14] tell what is left', async () => {
    const id = await sell(3);
    await refund(id, part(2));
    expect(await refund(id, part(2))).toMatchObject({
      status: 409,
      body: { code: 'refund_excess', sale_line: 0, quantity_refundable: 1, refundable: ars(333) },
    });
    expect(await refund(id, { lines: [{ sale_line: 4 }] })).toMatchObject({
      status: 422,
      body: { code: 'sale_line_unknown', errors: [{ path: 'lines.0.sale_line' }] },
    });
    expect(await refund(id, part(0.5))).toMatchObject({ status: 422, body: { code: 'quantity_fraction' } });
    expect(await refund(newId('sal'), {})).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('[SA14] 50 race for a sale of 10 pieces: exactly 10 are given back', async () => {
    const before = await onHand();
    const id = await sell(10);
    const answers = await Promise.all(Array.from({ length: 50 }, () => refund(id, part(1))));
    expect(answers.filter((a) => a.status === 201)).toHaveLength(10);
    for (const a of answers) {
      if (a.status !== 201) expect(a).toMatchObject({ status: 409, body: { code: 'refund_excess' } });
    }
    expect(await look(id)).toMatchObject({ status: 'refunded', refunded: ars(3330) });
    expect(await onHand()).toBe(before);
  });

  it('[SA14] 50 race for a sale of 50 pieces: all of them get one', async () => {
    const id = await sell(50);
    const answers = await Promise.all(Array.from({ length: 50 }, () => refund(id, part(1))));
    expect(answers.map((a) => a.status)).toEqual(Array.from({ length: 50 }, () => 201));
    expect(await look(id)).toMatchObject({ status: 'refunded', refundable: ars(0) });
  });

  it('[SA12] repeated are answered as before, also when nothing is left', async () => {
    const id = await sell(1);
    const key = newUuid();
    const first = await refund(id, {}, key);
    expect((await refund(id, {}, key)).body).toEqual(first.body);
    expect(await refund(id, part(1), key)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect((await look(id)).refunds).toHaveLength(1);
  });

  it('[SA16] go back as asked, when it adds up and is there', async () => {
    const id = await sell(3, {}, 'card');
    expect(await refund(id, { ...part(1), tenders: [{ type: 'cash', amount: ars(332) }] })).toMatchObject({
      status: 422,
      body: { code: 'tender_mismatch', total: ars(333), tendered: ars(332) },
    });
    expect((await refund(id, part(1))).body.tenders).toEqual([{ type: 'card', amount: ars(333) }]);
    const other = await shop.another('Sin efectivo');
    const thing = await other.article({ name: 'Cosa', price: 100, stock: 5 });
    const sold = await other.ask<{ id: string }>('POST', '/sales/checkout', {
      location_id: other.locationId,
      lines: [{ variant_id: thing.variantId, quantity: 1 }],
      tenders: [{ type: 'card', amount: ars(100) }],
    });
    const inCash = { reason: 'x', tenders: [{ type: 'cash', amount: ars(100) }] };
    expect(await other.ask('POST', `/sales/${sold.body.id}/refunds`, inCash)).toMatchObject({
      status: 409,
      body: { code: 'insufficient_cash' },
    });
  });

  it('[SA11] come out of the drawer that is named', async () => {
    const drawer = await shop.ask<{ id: string }>('POST', '/cash-sessions', {
      location_id: shop.locationId,
      name: 'Caja 1',
      float: ars(300),
    });
    const cash_session_id = drawer.body.id;
    const id = await sell(2, { cash_session_id });
    expect(await refund(id, { ...part(1), cash_session_id })).toMatchObject({ status: 201 });
    await shop.ask('POST', `/cash-sessions/${cash_session_id}/close`, { counted: ars(633) });
    expect(await refund(id, { ...part(1), cash_session_id })).toMatchObject({
      status: 409,
      body: { code: 'cash_session_closed' },
    });
    expect(await refund(id, { ...part(1), cash_session_id: newId('cse') })).toMatchObject({
      status: 422,
      body: { code: 'cash_session_unknown' },
    });
  });

  it('need their own permission, and costs are seen by those who read reports', async () => {
    const id = await sell(1);
    const cashier = shop.askAs(['sale.write', 'sale.read']);
    expect((await cashier('POST', `/sales/${id}/refunds`, { reason: 'x' })).status).toBe(403);
    expect((await cashier<Sale>('GET', `/sales/${id}`)).body.lines[0]?.unit_cost).toBeNull();
    expect((await look(id)).lines[0]?.unit_cost).toEqual(ars(200));
  });

  it('are not there for another shop', async () => {
    const id = await sell(1);
    const { body } = await refund(id, {});
    const other = await shop.another('Ajeno');
    for (const url of [`/sales/${id}`, `/sales/${id}/receipt`, `/refunds/${body.id}`, `/refunds/${body.id}/receipt`]) {
      expect(await other.ask('GET', url)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect((await other.ask('POST', `/sales/${id}/refunds`, { reason: 'x' })).status).toBe(404);
  });
});

describe('receipts over the interface', () => {
  it('[SA18] are pages and PDFs in either language, that run and load nothing', async () => {
    const id = await sell(1);
    const { body } = await refund(id, {});
    for (const url of [`/sales/${id}/receipt`, `/refunds/${body.id}/receipt`]) {
      const page = await shop.ask<string>('GET', `${url}?locale=en`);
      expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
      expect(page.body).toContain('Not a fiscal document');
      expect(page.body).toContain('Yerba');
      expect(String(page.headers['content-security-policy'])).toContain("default-src 'none'");
      expect((await shop.ask<string>('GET', url)).body).toContain('Documento no fiscal');
      const pdf = await shop.ask<string>('GET', `${url}?format=pdf`);
      expect(pdf).toMatchObject({ status: 200, headers: { 'content-type': 'application/pdf' } });
      expect(pdf.body.slice(0, 5)).toBe('%PDF-');
    }
    expect(await shop.ask('GET', `/sales/${id}/receipt?format=doc`)).toMatchObject({ status: 422 });
  });
});

describe('finding sales', () => {
  it('lists them, finds them by number, and by the number of a refund', async () => {
    const other = await shop.another('Listado');
    const thing = await other.article({ name: 'Cosa', price: 100, stock: 50 });
    const sales: { id: string; receipt_number: string }[] = [];
    for (let n = 0; n < 5; n++) {
      const sold = await other.ask<{ id: string; receipt_number: string }>('POST', '/sales/checkout', {
        location_id: other.locationId,
        lines: [{ variant_id: thing.variantId, quantity: n + 1 }],
        tenders: [{ type: 'cash', amount: ars(1000) }],
      });
      sales.unshift(sold.body);
    }
    const list = async (query: string) =>
      (
        await other.ask<{ data: { id: string; status: string }[]; page: { next_cursor: string | null } }>(
          'GET',
          `/sales${query}`,
        )
      ).body;
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await list(`?limit=2${cursor}`);
      seen.push(...page.data.map((s) => s.id));
      cursor = page.page.next_cursor === null ? '' : `&cursor=${page.page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(sales.map((s) => s.id));
    const third = sales[2];
    expect((await list(`?q=${third?.receipt_number}`)).data.map((s) => s.id)).toEqual([third?.id]);
    expect((await list('?q=3')).data.map((s) => s.id)).toEqual([third?.id]);
    const back = await other.ask<Refunded>('POST', `/sales/${third?.id}/refunds`, { reason: 'x' });
    expect((await list(`?q=${back.body.receipt_number.toLowerCase()}`)).data).toMatchObject([
      { id: third?.id, status: 'refunded' },
    ]);
    expect((await list('?q=999')).data).toEqual([]);
    expect(await other.ask('GET', '/sales?cursor=eHh4')).toMatchObject({
      status: 400,
      body: { code: 'cursor_invalid' },
    });
  });
});
