/**
 * What others rely on, asked of the demo shop as an outsider would: over sockets, with nothing but `fetch`. Each test is a
 * line of the contract in the README.
 */
import { randomUUID } from 'node:crypto';
import { isGtin } from '@mostrador/domain/gtin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answered, abreast, type Outsider } from './outsider.js';
import { brokenInvariants, DEMO_ADMIN, openServerKit, type ServerKit, type ServerProcess } from './processes.js';

interface Variant {
  readonly id: string;
  readonly sku: string;
  readonly price: { readonly amount: number; readonly currency: string };
  readonly barcodes: readonly string[];
}
interface Product {
  readonly id: string;
  readonly name: string;
  readonly sales_unit: string;
  readonly variants: readonly [Variant];
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

let kit: ServerKit;
let env: { readonly DATA_DIR: string; readonly DEMO: string };
let server: ServerProcess;
let shop: Outsider;
let locationId: string;
let products: readonly Product[];

beforeAll(async () => {
  kit = await openServerKit();
  env = { DATA_DIR: kit.dataDir(), DEMO: 'on' };
  server = await kit.launch(env).ready();
  shop = server.outsider;
  await shop.signIn(DEMO_ADMIN);
  locationId = await shop.locationId();
  products = await shop.walk('/products');
}, 120_000);
afterAll(() => kit?.close());

const ofUnit = (unit: string, place = 0): Variant =>
  (products.filter((product) => product.sales_unit === unit)[place] as Product).variants[0];
const checkoutBody = (variant: Variant, quantity: number, amount: number | string, type = 'cash') => ({
  location_id: locationId,
  lines: [{ variant_id: variant.id, quantity }],
  tenders: [{ type, amount: { amount, currency: 'ARS' } }],
});
const stockOf = async (variant: Variant) => {
  const { body } = await shop.get(`/stock?variant_id=${variant.id}`);
  return body.data.find((level: { location_id: string }) => level.location_id === locationId);
};
const refusal = ({ status, body }: Answered) => [status, body.code];

describe('the start', () => {
  it('prints the addresses and the demo logins', () => {
    expect(server.said).toMatch(/http:\/\/localhost:\d+\/office\//);
    expect(server.said).toMatch(/http:\/\/localhost:\d+\/api\/v1\/reference/);
    expect(server.said).toMatch(/admin@demo\.test\s+mostrador/);
  });

  it('listens on 127.0.0.1 and on localhost', async () => {
    const byName = shop.base.replace('127.0.0.1', 'localhost');
    expect((await fetch(`${byName}/monitoring/health`)).status).toBe(200);
  });

  it('answers health and metrics on loopback without a sign-in', async () => {
    const health = await shop.get('!/monitoring/health', { token: null });
    expect([health.status, health.body.status]).toEqual([200, 'ok']);
    const metrics = await shop.get('!/monitoring/metrics', { token: null });
    expect(metrics.status).toBe(200);
    expect(metrics.body).toMatch(/^mostrador_events_total\{type="sale\.completed"\} \d+$/m);
    expect(metrics.body).toMatch(/^# TYPE \S+ histogram$/m);
  });
});

describe('the demo shop', () => {
  it('has about a hundred products, each with a valid EAN-13, a price in one currency, and stock where sales go', async () => {
    expect(products.length).toBeGreaterThan(80);
    const level = await shop.walk(`/stock?location_id=${locationId}`);
    const available = new Map(level.map((row) => [row.variant_id, row.available]));
    const faults = products.flatMap(({ name, variants }) =>
      variants.flatMap((variant) => [
        ...(Number.isSafeInteger(variant.price.amount) && variant.price.amount > 0 ? [] : [`${name} has no price`]),
        ...(variant.price.currency === 'ARS' ? [] : [`${name} costs ${variant.price.currency}`]),
        ...(variant.barcodes.some((code) => code.length === 13 && isGtin(code)) ? [] : [`${name} has no EAN-13`]),
        ...((available.get(variant.id) ?? 0) > 0 ? [] : [`${name} is not in stock`]),
      ]),
    );
    expect(faults).toEqual([]);
  });

  it('has pictures of its own, which need no sign-in', async () => {
    const { body } = await shop.get('/products?limit=5');
    for (const { picture_url } of body.data) {
      const picture = await shop.get(`!${picture_url}`, { token: null });
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    }
  });

  it('has weeks of sales, staff with roles, and holds every invariant', async () => {
    const sales = await shop.walk('/sales');
    const days = new Set(sales.map((sale) => sale.at.slice(0, 10)));
    expect(days.size).toBeGreaterThan(20);
    const { body } = await shop.get('/users');
    const roles = body.data.flatMap((user: { role_ids: string[] }) => user.role_ids);
    expect(roles).toEqual(expect.arrayContaining(['admin', 'manager', 'cashier']));
    expect(await brokenInvariants(env)).toEqual([]);
  }, 60_000);
});

describe('signing in', () => {
  const cookieOf = (answer: Answered) => String(answer.headers.get('set-cookie')).split(';')[0] as string;
  const refresh = (cookie: string) => shop.ask('POST', '/auth/refresh', { token: null, headers: { cookie } });
  const login = (body: unknown) => shop.ask('POST', '/auth/login', { token: null, body });

  it('answers a token and sets the refresh cookie', async () => {
    const answer = await login(DEMO_ADMIN);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 900, user: { email: DEMO_ADMIN.email } });
    expect(answer.headers.get('set-cookie')).toMatch(/^mostrador_refresh=\S+; .*HttpOnly; SameSite=Strict/);
    expect((await shop.get('/auth/me', { token: answer.body.access_token })).status).toBe(200);
  });

  it('signs with a key pair: the token names its algorithm and says nothing secret', async () => {
    const { access_token } = (await login(DEMO_ADMIN)).body;
    const [head, claims] = access_token
      .split('.')
      .slice(0, 2)
      .map((part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()));
    expect(head.alg).toMatch(/^(EdDSA|ES256|RS256|PS256)$/);
    expect(claims.exp - claims.iat).toBe(900);
    const forged = `${access_token.slice(0, -6)}AAAAAA`;
    expect(refusal(await shop.get('/auth/me', { token: forged }))).toEqual([401, 'token_invalid']);
  });

  it('rotates the refresh token, forgives a lost answer, and ends the session of a stolen one', async () => {
    const first = cookieOf(await login(DEMO_ADMIN));
    const second = await refresh(first);
    expect(second.status).toBe(200);
    expect(cookieOf(second)).not.toBe(first);
    expect((await refresh(first)).status).toBe(200);
    const third = await refresh(cookieOf(second));
    expect(third.status).toBe(200);
    // Two behind: somebody else has it.
    expect(refusal(await refresh(first))).toEqual([401, 'refresh_reused']);
    expect((await refresh(cookieOf(third))).status).toBe(401);
    expect((await shop.get('/auth/me', { token: third.body.access_token })).status).toBe(401);
  });

  it('counts only failures: 40 sign-ins in a row succeed, a few wrong passwords lock', async () => {
    const email = 'caja@demo.test';
    const many = await abreast(Array.from({ length: 40 }), 8, () => login(DEMO_ADMIN));
    expect(many.map((answer) => answer.status)).toEqual(Array(40).fill(200));
    const wrong: unknown[] = [];
    for (let i = 0; i < 6; i++) wrong.push(refusal(await login({ email, password: 'not the password' })));
    expect(wrong).toEqual([...Array(5).fill([401, 'credentials_wrong']), [429, 'sign_in_locked']]);
    expect((await login(DEMO_ADMIN)).status).toBe(200);
  });

  it('is asked for by every route of the shop', async () => {
    for (const path of ['/products', '/stock', '/sales', '/journal', '/settings']) {
      expect(refusal(await shop.get(path, { token: null }))).toEqual([401, 'unauthenticated']);
    }
  });
});

describe('products', () => {
  it('come in pages of at most 200, each once', async () => {
    const page = await shop.get('/products?limit=3');
    expect(page.status).toBe(200);
    expect(page.body.data).toHaveLength(3);
    expect(page.body.page).toEqual({ next_cursor: expect.any(String), has_more: true });
    for (const product of page.body.data) {
      expect(product).toMatchObject({
        id: expect.stringMatching(/^prod_/),
        name: expect.any(String),
        variants: [
          {
            id: expect.stringMatching(/^var_/),
            sku: expect.any(String),
            price: { amount: expect.any(Number), currency: 'ARS' },
            barcodes: [expect.any(String)],
          },
        ],
      });
    }
    const walked = await shop.walk('/products', 7);
    expect(walked.map((product) => product.id)).toEqual(products.map((product) => product.id));
    expect(new Set(walked.map((product) => product.id)).size).toBe(walked.length);
    expect(refusal(await shop.get('/products?limit=201'))).toEqual([422, 'validation_failed']);
    expect(refusal(await shop.get('/products?limit=0'))).toEqual([422, 'validation_failed']);
    expect((await shop.get('/products?limit=200')).status).toBe(200);
    expect((await shop.get('/products?cursor=made-up')).status).toBe(400);
  });

  it('are found by the beginnings of words, without accents', async () => {
    const { body } = await shop.get('/products?q=yerb%20mat');
    expect(body.data.length).toBeGreaterThan(0);
    for (const { name } of body.data) expect(name).toMatch(/yerba mate/i);
    const plain = await shop.get('/products?q=azucar');
    expect(plain.body.data.map((product: Product) => product.name).join()).toMatch(/azúcar/i);
    expect((await shop.get('/products?q=zzzzqqqq')).body.data).toEqual([]);
  });

  it('are scanned by their EAN-13', async () => {
    const variant = ofUnit('piece');
    const scanned = await shop.get(`/products/scan/${variant.barcodes[0]}`);
    expect(scanned.status).toBe(200);
    expect(scanned.body.variants.map((v: Variant) => v.id)).toContain(variant.id);
    expect(scanned.body.variant).toMatchObject({ id: variant.id, price: variant.price });
    expect(refusal(await shop.get('/products/scan/5550000000000'))).toEqual([404, 'not_found']);
  });

  it('are made by POST, and without a price are found but not sold', async () => {
    const name = `Licor ${randomUUID()}`;
    const made = await shop.post('/products', { name });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name, status: 'draft', variants: [{ price: null }] });
    const { id, sku } = made.body.variants[0];
    expect((await shop.get(`/products/scan/${sku}`)).body.id).toBe(made.body.id);
    expect((await shop.get(`/products?q=${encodeURIComponent(name)}`)).body.data[0].id).toBe(made.body.id);
    // A list is what is for sale, so that each of its products has a price.
    const listed = async (query: string) => (await shop.walk(`/products${query}`)).map((product) => product.id);
    expect(await listed('')).not.toContain(made.body.id);
    for (const status of ['draft', 'current', 'all']) expect(await listed(`?status=${status}`)).toContain(made.body.id);
    const sold = await shop.post('/sales/checkout', checkoutBody({ ...ofUnit('piece'), id }, 1, 100));
    expect(refusal(sold)).toEqual([422, 'price_missing']);
    expect(sold.body.variant_id).toBe(id);
  });

  it('may be repeated by key', async () => {
    const [key, body] = [randomUUID(), { name: `Ron ${randomUUID()}` }];
    const make = () => shop.post('/products', body, { headers: { 'idempotency-key': key } });
    const [first, again] = [await make(), await make()];
    expect([again.status, again.body.id]).toEqual([first.status, first.body.id]);
  });

  it('stand in locations, of which the default is first', async () => {
    const { body } = await shop.get('/locations');
    expect(body.data[0]).toMatchObject({ id: expect.stringMatching(/^loc_/), name: expect.any(String) });
    const made = await shop.post('/locations', { name: 'AAA Depósito', receipt_prefix: 'AAA' });
    expect(made.status).toBe(201);
    expect((await shop.get('/locations')).body.data[0].id).toBe(body.data[0].id);
  });
});

describe('checkout', () => {
  it('sells, takes from stock, and is read back', async () => {
    const variant = ofUnit('piece', 1);
    const before = await stockOf(variant);
    const total = 2 * variant.price.amount;
    const sold = await shop.post('/sales/checkout', checkoutBody(variant, 2, total));
    expect(sold.status).toBe(201);
    expect(sold.body).toEqual({
      id: expect.stringMatching(/^sal_/),
      receipt_number: expect.stringMatching(/\d{8}$/),
      total: { amount: total, currency: 'ARS' },
      change: { amount: 0, currency: 'ARS' },
      seq: expect.any(Number),
    });
    const after = await stockOf(variant);
    expect([after.on_hand, after.available]).toEqual([before.on_hand - 2, before.available - 2]);
    const read = await shop.get(`/sales/${sold.body.id}`);
    expect(read.status).toBe(200);
    expect(read.body).toMatchObject({
      id: sold.body.id,
      receipt_number: sold.body.receipt_number,
      total: sold.body.total,
      lines: [{ variant_id: variant.id, quantity: 2 }],
      tenders: [{ type: 'cash', amount: { amount: total } }],
    });
  });

  it('takes amounts as numbers and as digits, and gives change out of cash', async () => {
    const variant = ofUnit('piece', 2);
    const sold = await shop.post('/sales/checkout', checkoutBody(variant, 1, String(variant.price.amount + 250)));
    expect([sold.status, sold.body.change]).toEqual([201, { amount: 250, currency: 'ARS' }]);
    for (const type of ['card', 'transfer']) {
      expect((await shop.post('/sales/checkout', checkoutBody(variant, 1, variant.price.amount, type))).status).toBe(
        201,
      );
      const more = await shop.post('/sales/checkout', checkoutBody(variant, 1, variant.price.amount + 1, type));
      expect(refusal(more)).toEqual([422, 'tender_excess']);
    }
    const less = await shop.post('/sales/checkout', checkoutBody(variant, 1, variant.price.amount - 1));
    expect(refusal(less)).toEqual([422, 'tender_insufficient']);
    expect(less.body.missing).toEqual({ amount: 1, currency: 'ARS' });
  });

  it('weighs to the gram', async () => {
    const variant = ofUnit('kg');
    const before = await stockOf(variant);
    const total = Math.round(variant.price.amount * 0.345);
    const sold = await shop.post('/sales/checkout', checkoutBody(variant, 0.345, total + 1000));
    expect(sold.status).toBe(201);
    expect(Math.abs(sold.body.total.amount - total)).toBeLessThanOrEqual(1);
    expect((await stockOf(variant)).on_hand).toBeCloseTo(before.on_hand - 0.345, 9);
    const finer = await shop.post('/sales/checkout', checkoutBody(variant, 0.3456, 100_000));
    expect(refusal(finer)).toEqual([422, 'validation_failed']);
    expect(finer.body.errors).toMatchObject([{ path: 'lines.0.quantity' }]);
    const half = await shop.post('/sales/checkout', checkoutBody(ofUnit('piece'), 0.5, 100_000));
    expect(refusal(half)).toEqual([422, 'quantity_fraction']);
  });

  it('refuses what is not there, whole, and tells what is left', async () => {
    const [short, other] = [ofUnit('piece', 3), ofUnit('piece', 4)];
    const [left, untouched] = [await stockOf(short), await stockOf(other)];
    const body = {
      ...checkoutBody(other, 1, 100_000_000_000),
      lines: [
        { variant_id: other.id, quantity: 1 },
        { variant_id: short.id, quantity: left.available + 1 },
      ],
    };
    const refused = await shop.post('/sales/checkout', body);
    expect(refusal(refused)).toEqual([409, 'insufficient_stock']);
    expect(refused.body).toMatchObject({
      variant_id: short.id,
      location_id: locationId,
      quantity_available: left.available,
    });
    expect((await stockOf(other)).on_hand).toBe(untouched.on_hand);
  });

  it('needs an Idempotency-Key, answers alike for the same, and refuses it for another body', async () => {
    const variant = ofUnit('piece', 5);
    const body = checkoutBody(variant, 1, variant.price.amount);
    const without = await shop.ask('POST', '/sales/checkout', { body });
    expect(refusal(without)).toEqual([400, 'idempotency_key_required']);
    for (const key of [randomUUID(), 'caja 1'.replace(' ', '-').repeat(36).slice(0, 255)]) {
      const sent = { headers: { 'idempotency-key': key } };
      const first = await shop.post('/sales/checkout', body, sent);
      const again = await shop.post('/sales/checkout', body, sent);
      expect([again.status, again.body]).toEqual([201, first.body]);
      const other = await shop.post('/sales/checkout', { ...body, lines: [{ ...body.lines[0], quantity: 2 }] }, sent);
      expect(refusal(other)).toEqual([422, 'idempotency_key_reused']);
    }
  });

  it('tells all defects of an input at once', async () => {
    const refused = await shop.post('/sales/checkout', {
      location_id: 'here',
      lines: [{ variant_id: 'that', quantity: -1, colour: 'red' }],
      tenders: [{ type: 'gold', amount: { amount: '1e3', currency: 'pesos' } }],
      tip: 5,
    });
    expect(refusal(refused)).toEqual([422, 'validation_failed']);
    const paths = refused.body.errors.map((defect: { path: string }) => defect.path);
    for (const path of ['location_id', 'lines.0.variant_id', 'lines.0.quantity', 'tenders.0.type']) {
      expect(paths).toContain(path);
    }
    expect(JSON.stringify(refused.body.errors)).toMatch(/tip/);
    expect(JSON.stringify(refused.body.errors)).toMatch(/colour/);
  });

  it('is given back in part and in whole, never more', async () => {
    const variant = ofUnit('piece', 6);
    const sold = await shop.post('/sales/checkout', checkoutBody(variant, 3, 3 * variant.price.amount));
    const before = await stockOf(variant);
    const path = `/sales/${sold.body.id}/refunds`;
    const part = await shop.post(path, { lines: [{ sale_line: 0, quantity: 1 }], reason: 'Vencido' });
    expect([part.status, part.body.total.amount]).toEqual([201, variant.price.amount]);
    expect((await stockOf(variant)).on_hand).toBe(before.on_hand + 1);
    const excess = await shop.post(path, { lines: [{ sale_line: 0, quantity: 3 }], reason: 'Todos' });
    expect(refusal(excess)).toEqual([409, 'refund_excess']);
    expect(excess.body.quantity_refundable).toBe(2);
    const rest = await shop.post(path, { reason: 'El resto' });
    expect([rest.status, rest.body.total.amount]).toEqual([201, 2 * variant.price.amount]);
    expect(refusal(await shop.post(path, { reason: 'Otra vez' }))).toEqual([409, 'refund_excess']);
    const read = await shop.get(`/sales/${sold.body.id}`);
    expect([read.body.status, read.body.refundable.amount]).toEqual(['refunded', 0]);
  });
});

describe('stock', () => {
  it('is asked by variant, changed up and down with a reason, and every movement has its cause', async () => {
    const variant = ofUnit('piece', 7);
    const before = await stockOf(variant);
    expect(before).toMatchObject({ variant_id: variant.id, location_id: locationId, reserved: 0 });
    const adjust = (quantity: number) =>
      shop.post('/stock/adjustments', {
        location_id: locationId,
        variant_id: variant.id,
        quantity,
        reason: 'Recuento: ¡mal contado! (2ª vez)',
      });
    expect((await adjust(12)).status).toBe(201);
    expect((await stockOf(variant)).on_hand).toBe(before.on_hand + 12);
    expect((await adjust(-5)).status).toBe(201);
    expect((await stockOf(variant)).on_hand).toBe(before.on_hand + 7);
    const short = await adjust(-1_000_000);
    expect(refusal(short)).toEqual([409, 'insufficient_stock']);
    expect(short.body.quantity_available).toBe(before.available + 7);
    expect((await adjust(0)).status).toBe(422);
    expect((await adjust(100_000_001)).status).toBe(422);
    expect((await adjust(100_000_000)).status).toBe(201);
    expect((await adjust(-100_000_000)).status).toBe(201);
    const { body } = await shop.get(`/stock/movements?variant_id=${variant.id}&limit=4`);
    expect(body.data.map((row: { quantity: number }) => row.quantity)).toEqual([-100_000_000, 100_000_000, -5, 12]);
    for (const row of body.data)
      expect(row).toMatchObject({ cause: 'adjustment', reason: expect.stringMatching(/2ª/) });
    expect(body.data[0].balance_after).toBe(before.on_hand + 7);
  });

  it('adds up: every level is the sum of its movements', async () => {
    const variant = ofUnit('kg', 1);
    const movements = await shop.walk(`/stock/movements?variant_id=${variant.id}&location_id=${locationId}`);
    const milli = movements.reduce((sum, row) => sum + Math.round(row.quantity * 1000), 0);
    expect(movements.length).toBeGreaterThan(10);
    expect(Math.round((await stockOf(variant)).on_hand * 1000)).toBe(milli);
  });
});

describe('the interface', () => {
  it('answers every refusal as a problem with a code', async () => {
    const text = { 'content-type': 'text/plain' };
    const refused = [
      await shop.get('/nowhere'),
      await shop.ask('DELETE', '/products'),
      await shop.get('/products/prod_wrong'),
      await shop.get('/sales/sal_00000000000000000000000000'),
      await shop.get('/products?colour=red'),
      await shop.ask('POST', '/products', { body: '{"name":' }),
      await shop.ask('POST', '/products', { body: 'name', headers: text }),
      await shop.ask('POST', '/products', { body: '[]' }),
      await shop.get('/products', { token: 'x' }),
    ];
    expect(refused.map(refusal)).toEqual([
      [404, 'route_not_found'],
      [405, 'method_not_allowed'],
      [422, 'validation_failed'],
      [404, 'not_found'],
      [422, 'validation_failed'],
      [400, 'malformed_json'],
      [415, 'unsupported_media_type'],
      [422, 'validation_failed'],
      [401, 'token_invalid'],
    ]);
    for (const { status, headers, body } of refused) {
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(body).toMatchObject({ status, type: expect.any(String), title: expect.any(String) });
    }
  });

  it('describes itself in OpenAPI 3.1, and everything it refers to is there', async () => {
    const { status, body: document } = await shop.get('/openapi.json', { token: null });
    expect([status, document.openapi]).toEqual([200, '3.1.0']);
    for (const [path, method] of [
      ['/auth/login', 'post'],
      ['/products', 'get'],
      ['/products', 'post'],
      ['/products/scan/{code}', 'get'],
      ['/locations', 'get'],
      ['/sales/checkout', 'post'],
      ['/sales/{sale_id}', 'get'],
      ['/sales/{sale_id}/refunds', 'post'],
      ['/stock', 'get'],
      ['/stock/adjustments', 'post'],
      ['/stock/movements', 'get'],
    ] as const) {
      expect(Object.keys(document.paths[`/api/v1${path}`] ?? {})).toContain(method);
    }
    const names = Object.keys(document.components.schemas);
    for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      expect(names).toContain(name);
    }
    const ids: string[] = [];
    for (const [path, item] of Object.entries<Record<string, Operation>>(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { operationId, parameters = [], responses } of Object.values(item)) {
        ids.push(operationId);
        expect(parameters.filter((p) => p.in === 'path').map((p) => p.name)).toEqual(inPath);
        expect(Object.keys(responses).some((code) => /^[23]\d\d$/.test(code))).toBe(true);
      }
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is browsable without the Internet: all that the page loads comes from here', async () => {
    const page = await shop.get('/reference', { token: null });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
    const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source);
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect((await shop.get(`!${source}`, { token: null })).status).toBe(200);
  });

  it('has no limit for an administrator, and answers 256 connections at once', async () => {
    const answers = await abreast(Array.from({ length: 2560 }), 256, () => shop.get('/locations'));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  }, 60_000);
});
