/** Cash sessions over REST: a day at a drawer, who sees what, and what is answered again. */
import type { CashSessionClosedJson, CashSessionDetailJson, CashSessionOpenedJson } from '@mostrador/contract/cash';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Article, type Ask, type Counter, openCounter, type Refused } from '../../../test/counter.js';
import { newId, newUuid } from '../../platform/ids.js';

let counter: Counter;
let cashier: Ask;
let yerba: Article;
let drawer = 0;
let id = '';
const money = (amount: number) => ({ amount, currency: counter.shop.currency });

beforeAll(async () => {
  counter = await openCounter();
  cashier = counter.askAs(['cash.read', 'cash.write', 'sale.write', 'sale.read', 'product.read']);
  yerba = await counter.article({ name: 'Yerba', price: 1000, stock: 1000 });
});
afterAll(() => counter.close());
beforeEach(async () => {
  drawer += 1;
  const opened = await open();
  expect(opened.status).toBe(201);
  id = opened.body.id;
});

const open = (more: object = {}, key?: string) =>
  cashier<CashSessionOpenedJson>(
    'POST',
    '/cash-sessions',
    { location_id: counter.locationId, name: `Caja ${drawer}`, float: money(5000), ...more },
    key,
  );
const sell = (amount: number, type = 'cash', session: string | undefined = id) =>
  cashier<{ id: string }>('POST', '/sales/checkout', {
    location_id: counter.locationId,
    lines: [{ variant_id: yerba.variantId, quantity: 2 }],
    tenders: [{ type, amount: money(amount) }],
    cash_session_id: session,
  });
const move = (direction: string, amount: number) =>
  cashier<{ id: string }>('POST', `/cash-sessions/${id}/movements`, {
    direction,
    amount: money(amount),
    reason: 'cambio',
  });
const close = (counted: number, key?: string) =>
  cashier<CashSessionClosedJson>('POST', `/cash-sessions/${id}/close`, { counted: money(counted), note: 'fin' }, key);
const read = (ask: Ask = counter.ask) => ask<CashSessionDetailJson>('GET', `/cash-sessions/${id}`);

describe('a day at a drawer', () => {
  it('[CS5] [CS6] [CS7] [CS10] from its float to its Z report', async () => {
    expect((await sell(5000)).status).toBe(201);
    const carded = await sell(2000, 'card');
    await move('out', 1500);
    expect((await move('in', 200)).status).toBe(201);
    const { body: x } = await read();
    expect(x).toMatchObject({
      status: 'open',
      expected: money(5700),
      counted: null,
      movements: [{ direction: 'out', amount: money(1500), reason: 'cambio' }, { direction: 'in' }],
      report: { kind: 'x', sale_count: 2, sales: money(4000), cash_in: money(200), cash_out: money(1500) },
    });
    const refund = { lines: [{ sale_line: 0, quantity: 1 }], reason: 'rota', cash_session_id: id };
    const refunded = await counter.ask('POST', `/sales/${carded.body.id}/refunds`, {
      ...refund,
      tenders: [{ type: 'cash', amount: money(1000) }],
    });
    expect(refunded.status, JSON.stringify(refunded.body)).toBe(201);
    const key = newUuid();
    const closed = await close(4650, key);
    expect(closed).toMatchObject({
      status: 200,
      body: {
        status: 'closed',
        expected: money(4700),
        counted: money(4650),
        difference: money(-50),
        report: { kind: 'z', refund_count: 1, refunds: money(1000), expected: money(4700), late: money(0) },
      },
    });
    expect((await close(4650, key)).body).toEqual(closed.body);
    expect((await close(1, key)).body).toMatchObject({ code: 'idempotency_key_reused' });
    expect((await close(4650)).body).toMatchObject({ code: 'cash_session_closed' });
    expect((await move('in', 1)).body).toMatchObject({ code: 'cash_session_closed' });
    expect(await sell(2000)).toMatchObject({ status: 409, body: { code: 'cash_session_closed' } });
    expect((await read(cashier)).body).toMatchObject({ expected: money(4700), difference: money(-50), note: 'fin' });
  });

  it('[CS6] is blind for whoever counts it', async () => {
    await sell(2000);
    const { body } = await read(cashier);
    expect(body).toMatchObject({ expected: null, report: null, float: money(5000) });
    const list = await cashier<{ data: { id: string; expected: unknown }[] }>('GET', '/cash-sessions?status=open');
    expect(list.body.data.find((s) => s.id === id)?.expected).toBeNull();
    const seen = await counter.ask<{ data: { id: string; expected: unknown }[] }>('GET', '/cash-sessions?status=open');
    expect(seen.body.data.find((s) => s.id === id)?.expected).toEqual(money(7000));
  });

  it('[CS4] gives no more than it has', async () => {
    expect(await move('out', 5001)).toMatchObject({
      status: 409,
      body: { code: 'insufficient_cash', available: money(5000) },
    });
  });
});

describe('what is refused', () => {
  it('[CS2] a drawer that is open, with the session that has it', async () => {
    expect(await open({ name: ` CAJA  ${drawer} ` })).toMatchObject({
      status: 409,
      body: { code: 'cash_session_open', cash_session_id: id },
    });
  });

  it('[CS2] of 30 that open a drawer at once, one does', async () => {
    drawer += 1000;
    const answers = await Promise.all(Array.from({ length: 30 }, () => open()));
    drawer -= 1000;
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1);
    expect(answers.filter((a) => a.status === 409)).toHaveLength(29);
  });

  it('[CS3] [CS9] another currency, another place, nothing at all', async () => {
    const usd = { amount: 1, currency: 'USD' };
    const code = (answer: { body: unknown }) => (answer.body as Refused).code;
    expect(code(await open({ name: 'X', float: usd }))).toBe('currency_mismatch');
    expect(code(await open({ name: 'X', location_id: newId('loc') }))).toBe('location_unknown');
    expect(code(await open({ name: ' ' }))).toBe('validation_failed');
    expect(code(await move('in', 0))).toBe('validation_failed');
    expect(code(await cashier('POST', `/cash-sessions/${id}/close`, { counted: usd }))).toBe('currency_mismatch');
    const nowhere = `/cash-sessions/${newId('cse')}`;
    expect((await cashier('GET', nowhere)).status).toBe(404);
    expect((await cashier('POST', `${nowhere}/close`, { counted: money(1) })).status).toBe(404);
  });

  it('another shop’s session', async () => {
    const other = await counter.another('Otra tienda');
    expect((await other.ask('GET', `/cash-sessions/${id}`)).status).toBe(404);
    const own = await other.ask<{ data: unknown[] }>('GET', '/cash-sessions');
    expect(own.body.data).toEqual([]);
  });
});

describe('at once', () => {
  it('[CS8] [CS9] sales and a close: each sale is in the session or refused, and the drawer ends at zero', async () => {
    const sales = Array.from({ length: 20 }, () => sell(2000));
    const [closed, ...sold] = await Promise.all([close(0), ...sales]);
    expect(closed?.status).toBe(200);
    const taken = sold.filter((s) => s.status === 201).length;
    for (const s of sold) expect([201, 409]).toContain(s.status);
    const { body } = await read();
    const late = body.report?.late.amount ?? 0;
    expect((body.expected?.amount ?? 0) + late).toBe(5000 + taken * 2000);
  });
});
