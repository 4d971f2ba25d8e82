/**
 * Two server processes on one PostgreSQL, and everybody at once: what may not be doubled, oversold or given back twice
 * when requests meet on different connections and different servers.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modules } from '../src/modules.js';
import { journalMigrations } from '../src/platform/journal/index.js';
import { keyMigrations } from '../src/platform/keys/index.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { type Answered, type Article, basket, load, type Outsider } from './outsider.js';
import {
  ADMIN,
  brokenInvariants,
  DEMO_ADMIN,
  makeShop,
  openServerKit,
  type ServerKit,
  type ServerProcess,
} from './processes.js';

let kit: ServerKit;
let database: TestDatabase;
let env: Record<string, string>;
let servers: ServerProcess[];
let both: Outsider[];
let locationId: string;

beforeAll(async () => {
  [kit, database] = await Promise.all([
    openServerKit(),
    createTestDatabase({
      migrations: [...keyMigrations, ...journalMigrations, ...modules.flatMap((m) => m.migrations)],
    }),
  ]);
  env = {
    DATABASE_URL: database.url,
    DATA_DIR: kit.dataDir(),
    MASTER_KEY: randomBytes(32).toString('hex'),
  };
  await makeShop(env);
  servers = await Promise.all([0, 1].map(() => kit.launch(env).ready()));
  both = servers.map((server) => server.outsider);
  for (const outsider of both) expect((await outsider.signIn(ADMIN)).status).toBe(200);
  locationId = await one().locationId();
});
afterAll(async () => {
  await kit?.close();
  await database?.drop();
});

const one = () => both[0] as Outsider;
const two = () => both[1] as Outsider;
const article = async (stock: number): Promise<Article> => (await one().stockUp(1, stock))[0] as Article;

/** `count` requests at once, over both servers. */
function everybody(count: number, ask: (outsider: Outsider, i: number) => Promise<Answered>): Promise<Answered[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => ask(both[i % 2] as Outsider, i)));
}

const accepted = (answers: readonly Answered[]) => answers.filter((answer) => answer.status === 201);
const codes = (answers: readonly Answered[]) =>
  [...new Set(answers.filter((a) => a.status !== 201).map((a) => `${a.status} ${a.body.code}`))].sort();

describe('two servers on one database', () => {
  it('keep one journal without a gap and oversell nothing under load', async () => {
    const articles = await one().stockUp(5, 100);
    const before = (await one().walk('/sales')).length;
    // 500 pieces are there and 800 are asked for.
    let n = 0;
    const result = await load({
      outsiders: both,
      workers: 16,
      next: () => {
        n++;
        return basket(
          locationId,
          [n, n + 2].map((i) => articles[i % 5] as Article),
        );
      },
      enough: () => n >= 400,
    });
    expect(result.unanswered).toEqual([]);
    expect(codes(result.refused.map(({ refusal }) => refusal))).toEqual(['409 insufficient_stock']);
    const taken = new Map<string, number>();
    for (const { body } of result.sold) {
      for (const { variant_id } of body.lines) taken.set(variant_id, (taken.get(variant_id) ?? 0) + 1);
    }
    for (const { variantId } of articles) {
      expect(taken.get(variantId) ?? 0).toBeLessThanOrEqual(100);
      expect(await two().onHand(variantId)).toBe(100 - (taken.get(variantId) ?? 0));
    }
    const sales = await two().walk('/sales');
    expect(sales.length - before).toBe(result.sold.length);
    const numbers = sales.map((sale) => Number(/\d+$/.exec(sale.receipt_number)?.[0])).sort((a, b) => a - b);
    expect(numbers).toEqual(sales.map((_, i) => i + 1));
    expect(await brokenInvariants(env)).toEqual([]);
  }, 120_000);

  it('start without a demo shop when DEMO=off', async () => {
    for (const outsider of both) expect((await outsider.signIn(DEMO_ADMIN)).status).toBe(401);
  });

  it('see at once what the other has written', async () => {
    const { variantId, priceMinor } = await article(1);
    const sold = await one().checkout({ key: randomUUID(), body: basket(locationId, [{ variantId, priceMinor }]) });
    expect((await two().get(`/sales/${sold.body.id}`)).body.receipt_number).toBe(sold.body.receipt_number);
    expect(await two().onHand(variantId)).toBe(0);
  });
});

describe('at once', () => {
  it('200 buyers of a stock of 10: exactly 10 are sold', async () => {
    const wanted = await article(10);
    const answers = await everybody(200, (outsider) =>
      outsider.checkout({ key: randomUUID(), body: basket(locationId, [wanted]) }),
    );
    expect(accepted(answers)).toHaveLength(10);
    expect(codes(answers)).toEqual(['409 insufficient_stock']);
    for (const { status, body } of answers) {
      if (status === 409) expect(body).toMatchObject({ variant_id: wanted.variantId, quantity_available: 0 });
    }
    expect(await one().onHand(wanted.variantId)).toBe(0);
  }, 60_000);

  it('50 refunds of a sale of 7 pieces: exactly 7 pieces come back', async () => {
    const { variantId, priceMinor } = await article(7);
    const sold = await one().checkout({
      key: randomUUID(),
      body: {
        location_id: locationId,
        lines: [{ variant_id: variantId, quantity: 7 }],
        tenders: [{ type: 'cash', amount: { amount: 7 * priceMinor, currency: 'ARS' } }],
      },
    });
    const answers = await everybody(50, (outsider) =>
      outsider.post(`/sales/${sold.body.id}/refunds`, { lines: [{ sale_line: 0, quantity: 1 }], reason: 'No gustó' }),
    );
    expect(codes(answers)).toEqual(['409 refund_excess']);
    expect(accepted(answers)).toHaveLength(7);
    expect(await two().onHand(variantId)).toBe(7);
    const sale = (await two().get(`/sales/${sold.body.id}`)).body;
    expect(sale).toMatchObject({ status: 'refunded', refundable: { amount: 0 }, refunded: { amount: 7 * priceMinor } });
  }, 60_000);

  it('50 refunds of the whole of a sale: one', async () => {
    const bought = await article(3);
    const sold = await one().checkout({ key: randomUUID(), body: basket(locationId, [bought, bought]) });
    const answers = await everybody(50, (outsider) =>
      outsider.post(`/sales/${sold.body.id}/refunds`, { reason: 'Todo' }),
    );
    expect(accepted(answers)).toHaveLength(1);
    expect(codes(answers)).toEqual(['409 refund_excess']);
    expect(await one().onHand(bought.variantId)).toBe(3);
  }, 60_000);

  it('the same key 20 times over both servers: one sale, one answer', async () => {
    const bought = await article(20);
    const sent = { key: randomUUID(), body: basket(locationId, [bought]) };
    const answers = await everybody(20, (outsider) => outsider.checkout(sent));
    expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(201));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await one().onHand(bought.variantId)).toBe(19);
  });

  it('the same refund key 20 times: one refund', async () => {
    const bought = await article(2);
    const sold = await one().checkout({ key: randomUUID(), body: basket(locationId, [bought, bought]) });
    const headers = { 'idempotency-key': 'refund of the till, 4711'.replaceAll(/[ ,]/g, '-') };
    const answers = await everybody(20, (outsider) =>
      outsider.post(
        `/sales/${sold.body.id}/refunds`,
        { lines: [{ sale_line: 0, quantity: 1 }], reason: 'x' },
        { headers },
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(201));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await two().onHand(bought.variantId)).toBe(1);
  });

  it('the same key with another body is refused by either server, and the first answer stays', async () => {
    const bought = await article(20);
    const sent = { key: randomUUID(), body: basket(locationId, [bought]) };
    const first = await one().checkout(sent);
    expect(first.status).toBe(201);
    for (const outsider of both) {
      const other = await outsider.checkout({ key: sent.key, body: basket(locationId, [bought, bought]) });
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
      expect((await outsider.checkout(sent)).body).toEqual(first.body);
    }
    expect(await one().onHand(bought.variantId)).toBe(19);
  });

  it('leave all invariants whole', async () => {
    expect(await brokenInvariants(env)).toEqual([]);
    for (const server of servers) expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  }, 60_000);
});
