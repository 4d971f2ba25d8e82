/**
 * What is left of a real server and its embedded database when they are killed, doubled or told to go in the middle of a
 * load. `TORTURE=1` kills forty times.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Article, abreast, basket, type LoadResult, load, type Sent, type Sold } from './outsider.js';
import {
  ADMIN,
  brokenInvariants,
  DEMO_ADMIN,
  databaseProcesses,
  eventsThere,
  killAll,
  makeShop,
  openServerKit,
  type ServerKit,
  type ServerProcess,
} from './processes.js';

const ROUNDS = process.env.TORTURE ? 40 : 3;
const WORKERS = 12;
const STOCK = 1_000_000;
/** Acknowledged sales before the blow; it changes from round to round, so that it falls elsewhere. */
const before = (round: number) => 60 + ((round * 37) % 90);

let kit: ServerKit;
let counter: Counter;

beforeAll(async () => {
  kit = await openServerKit();
  counter = new Counter();
  await counter.open();
});
afterEach(() => counter.abandon());
afterAll(() => kit.close());

/** A shop with ten articles on the shelf, and all that it ever sold. Each test finds and leaves its server stopped. */
class Counter {
  readonly sold: Sold[] = [];
  readonly env: { readonly DATA_DIR: string };
  articles: Article[] = [];
  locationId = '';
  #server: ServerProcess | undefined;

  constructor() {
    this.env = { DATA_DIR: kit.dataDir() };
  }

  get server(): ServerProcess {
    if (this.#server === undefined) throw new Error('not started');
    return this.#server;
  }

  async open(): Promise<void> {
    this.#server = await kit.launch(this.env).ready();
    await makeShop(this.env);
    await this.server.outsider.signIn(ADMIN);
    this.articles = await this.server.outsider.stockUp(10, STOCK);
    this.locationId = await this.server.outsider.locationId();
    await this.close();
  }

  async start(): Promise<void> {
    this.#server = await kit.launch(this.env).ready();
    expect((await this.server.outsider.get('!/monitoring/health')).status).toBe(200);
    expect((await this.server.outsider.signIn(ADMIN)).status).toBe(200);
  }

  /** After a test that failed half-way. */
  async abandon(): Promise<void> {
    await this.#server?.end('SIGKILL');
  }

  /** Sells until the server is gone or `acknowledged` says that it is enough. */
  async sell(acknowledged: (count: number) => boolean | undefined): Promise<LoadResult> {
    let n = 0;
    const next = () => {
      n++;
      const lines = [0, 3, 7].slice(0, 1 + (n % 3)).map((step) => this.articles[(n + step) % 10] as Article);
      return basket(this.locationId, lines);
    };
    const result = await load({ outsiders: [this.server.outsider], workers: WORKERS, next, acknowledged });
    this.sold.push(...result.sold);
    return result;
  }

  /** Sends again what has no answer; each must be a sale now, whether or not it was one before. */
  async settle(sents: readonly Sent[]): Promise<void> {
    const answers = await abreast(sents, WORKERS, (sent) => this.server.outsider.checkout(sent));
    answers.forEach(({ status, body }, i) => {
      expect(status).toBe(201);
      this.sold.push({ ...(sents[i] as Sent), answer: body });
    });
  }

  /** The sales are there, by id and by repeating their key. */
  async expectThere(sold: readonly Sold[]): Promise<void> {
    const { outsider } = this.server;
    const found = await abreast(sold, WORKERS, async ({ key, body, answer }) => {
      const [read, again] = [await outsider.get(`/sales/${answer.id}`), await outsider.checkout({ key, body })];
      const { id, receipt_number, seq } = read.body;
      return { read: { id, receipt_number, seq }, status: again.status, again: again.body };
    });
    found.forEach(({ read, status, again }, i) => {
      const { id, receipt_number, seq } = (sold[i] as Sold).answer;
      expect(read).toEqual({ id, receipt_number, seq });
      expect([status, again]).toEqual([201, (sold[i] as Sold).answer]);
    });
  }

  /** No sale is there but those that were answered, their receipts without a gap. */
  async expectNoOther(): Promise<void> {
    const sales = await this.server.outsider.walk('/sales');
    expect(sales.map((sale) => sale.id).sort()).toEqual(this.sold.map(({ answer }) => answer.id).sort());
    const numbers = sales.map((sale) => Number(/\d+$/.exec(sale.receipt_number)?.[0])).sort((a, b) => a - b);
    expect(numbers).toEqual(sales.map((_, i) => i + 1));
  }

  /** Neither more nor less than what was sold: sales, shelves, all invariants. */
  async expectWhole(): Promise<void> {
    await this.expectNoOther();
    const taken = new Map<string, number>();
    for (const { body } of this.sold) {
      for (const { variant_id } of body.lines) taken.set(variant_id, (taken.get(variant_id) ?? 0) + 1);
    }
    for (const { variantId } of this.articles) {
      expect(await this.server.outsider.onHand(variantId)).toBe(STOCK - (taken.get(variantId) ?? 0));
    }
    expect(await brokenInvariants(this.env)).toEqual([]);
  }

  async close(): Promise<void> {
    expect(await this.server.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(databaseProcesses(this.env.DATA_DIR)).toEqual([]);
  }
}

describe('kill -9 in the middle of a load', () => {
  it(
    `leaves every acknowledged sale there once, ${ROUNDS} times`,
    async () => {
      await counter.start();
      for (let round = 0; round < ROUNDS; round++) {
        const result = await counter.sell((count) => {
          if (count !== before(round)) return undefined;
          counter.server.signal('SIGKILL');
          // Every other time with all of its database.
          if (round % 2 === 1) killAll(databaseProcesses(counter.env.DATA_DIR));
          return undefined;
        });
        expect(result.refused).toEqual([]);
        expect(result.sold.length).toBeGreaterThanOrEqual(before(round));
        expect(await counter.server.ended()).toEqual({ code: null, signal: 'SIGKILL' });
        await counter.start();
        await counter.expectThere(result.sold);
        await counter.settle(result.unanswered);
        await counter.expectWhole();
      }
      await counter.expectThere(counter.sold);
      await counter.close();
    },
    ROUNDS * 60_000,
  );

  it('of the database alone: the server brings it back and loses nothing', async () => {
    await counter.start();
    const result = await counter.sell((count) => {
      if (count === before(1)) killAll(databaseProcesses(counter.env.DATA_DIR));
      return count < 3 * before(1);
    });
    expect(result.unanswered).toEqual([]);
    for (const { refusal } of result.refused) expect([refusal.status, refusal.body.code]).toEqual([503, 'unavailable']);
    await counter.expectThere(result.sold);
    await counter.settle(result.refused);
    await counter.expectWhole();
    expect((await counter.server.outsider.get('!/monitoring/health')).status).toBe(200);
    await counter.close();
  }, 120_000);

  it.each(process.env.TORTURE ? [1, 8, 20, 200, 800] : [20])(
    'after %i events of the demo shop: the next start completes it',
    async (events) => {
      const env = { DATA_DIR: kit.dataDir(), DEMO: 'on' };
      const first = kit.launch(env);
      await eventsThere(env.DATA_DIR, events);
      await first.end('SIGKILL');
      const { outsider } = await kit.launch(env).ready();
      expect((await outsider.signIn(DEMO_ADMIN)).status).toBe(200);
      const products = await outsider.walk('/products');
      expect(products.length).toBeGreaterThan(90);
      expect(new Set(products.map((product) => product.name)).size).toBe(products.length);
      expect(await brokenInvariants(env)).toEqual([]);
    },
    120_000,
  );
});

describe('SIGTERM in the middle of a load', () => {
  it('answers what was accepted, loses none of it, exits 0 and leaves no process', async () => {
    await counter.start();
    const database = databaseProcesses(counter.env.DATA_DIR);
    expect(database.length).toBeGreaterThan(1);
    const result = await counter.sell((count) => {
      if (count === before(0)) counter.server.signal('SIGTERM');
      return undefined;
    });
    expect(await counter.server.ended()).toEqual({ code: 0, signal: null });
    expect(databaseProcesses(counter.env.DATA_DIR)).toEqual([]);
    expect(result.refused).toEqual([]);
    await counter.start();
    // What was taken in was answered; what was not answered was not taken in.
    await counter.expectNoOther();
    await counter.expectThere(result.sold);
    await counter.settle(result.unanswered);
    await counter.expectWhole();
    await counter.close();
  }, 120_000);

  it.each([
    ['has just started its database', 0],
    ['fills the demo shop', 20],
  ])(
    'ends a server that %s, with the database',
    async (_when, events) => {
      const env = { DATA_DIR: kit.dataDir(), DEMO: 'on' };
      const server = kit.launch(env);
      if (events === 0) while (databaseProcesses(env.DATA_DIR).length === 0) await pause(5);
      else await eventsThere(env.DATA_DIR, events);
      await server.end('SIGTERM');
      // On a slow machine it runs out of time and only tells the database to end.
      while (databaseProcesses(env.DATA_DIR).length > 0) await pause(5);
      const { outsider } = await kit.launch(env).ready();
      expect((await outsider.signIn(DEMO_ADMIN)).status).toBe(200);
    },
    120_000,
  );
});

/** On the PostgreSQL of the run. */
function noSuchDatabase(): string {
  const url = new URL(inject('databaseUrl'));
  url.pathname = '/mostrador_nowhere';
  return url.href;
}

describe('a server that must not start', () => {
  it('is refused on a data directory that another one uses, which goes on', async () => {
    await counter.start();
    const second = await kit.launch(counter.env).refusal();
    expect(second.code).toBe(1);
    expect(second.said).toContain(`Another server (process ${counter.server.pid}) already uses`);
    expect(second.said).toContain(counter.env.DATA_DIR);
    await counter.sell((count) => count < 20);
    await counter.expectNoOther();
    await counter.close();
  }, 120_000);

  it('is refused with another master key than the one its database was made with', async () => {
    const wrong = await kit.launch({ ...counter.env, MASTER_KEY: 'ab'.repeat(32) }).refusal();
    expect(wrong.code).toBe(1);
    expect(wrong.said).toMatch(/master key of MASTER_KEY is not the one/i);
    // Words for a person, no trace.
    expect(wrong.said).not.toMatch(/\n\s+at /);
    expect(databaseProcesses(counter.env.DATA_DIR)).toEqual([]);
    await counter.start();
    await counter.expectNoOther();
    await counter.close();
  }, 120_000);

  it('says which port is taken, and stops the database that it started', async () => {
    const env = { DATA_DIR: kit.dataDir() };
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const refused = await kit.launch({ ...env, PORT: String(port) }).refusal();
    taken.close();
    expect(refused.code).toBe(1);
    expect(refused.said).toContain(`Port ${port} is taken`);
    expect(refused.said).not.toMatch(/\n\s+at /);
    expect(databaseProcesses(env.DATA_DIR)).toEqual([]);
  });

  it.each([
    ['cannot be reached', () => 'postgres://shop@127.0.0.1:1/shop', /^DATABASE_URL: The database cannot be reached/m],
    ['refuses the login', noSuchDatabase, /^DATABASE_URL: .*does not exist/m],
  ])(
    'says in words that a database of DATABASE_URL %s',
    async (_what, url, words) => {
      const refused = await kit.launch({ DATA_DIR: kit.dataDir(), DATABASE_URL: url() }).refusal();
      expect(refused.code).toBe(1);
      expect(refused.said).toMatch(words);
      expect(refused.said).not.toMatch(/\n\s+at /);
    },
    60_000,
  );

  it('names the settings that cannot be used', async () => {
    const wrong = await kit.launch({ DATA_DIR: kit.dataDir(), PORT: 'http', DEMO: 'maybe' }).refusal();
    expect(wrong.code).toBe(1);
    expect(wrong.said).toMatch(/PORT: /);
    expect(wrong.said).toMatch(/DEMO: /);
  });
});
