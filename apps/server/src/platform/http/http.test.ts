/** What every route gets from platform/http, on routes of its own. */
import { connect } from 'node:net';
import { page, zId, zLimit, zMoneyInput, zQuantity } from '@mostrador/contract/common';
import type { Permission } from '@mostrador/domain/identity';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newId, newUuid } from '../ids.js';
import { ApiError, createHttp, type Http, type HttpOptions, openApi, type Session } from './index.js';

const session = (userId: string, roleIds: string[], permissions: Permission[]): Session => ({
  tenantId: 1,
  tenant: { id: 'ten_1', name: 'T', country: 'AR', currency: 'ARS', timeZone: 'UTC', locale: 'es' },
  userId,
  sessionId: 's',
  roleIds,
  permissions: new Set(permissions),
});

const people: Record<string, Session> = {
  admin: session('usr_a', ['admin'], ['sale.write', 'sale.read']),
  cashier: session('usr_c', ['cashier'], ['sale.write']),
};

let http: Http;
let lines: string[] = [];
let clock = 0;

async function start(options: Partial<HttpOptions> = {}): Promise<Http> {
  lines = [];
  const made = await createHttp({
    log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    version: '1.2.3',
    strict: true,
    now: () => clock,
    authenticate: (token) => {
      const found = people[token];
      if (found === undefined) throw new ApiError('token_invalid');
      return token === 'admin' ? found : Promise.resolve(found);
    },
    ...options,
  });
  made.api.route(
    {
      method: 'POST',
      url: '/things/{thing_id}/sell',
      tag: 'thing',
      summary: 'Sell it',
      permission: 'sale.write',
      idempotent: true,
      params: z.strictObject({ thing_id: zId('thg') }),
      body: z.strictObject({ lines: z.array(z.strictObject({ quantity: zQuantity, price: zMoneyInput })).min(1) }),
      status: 201,
      response: z
        .object({ id: z.string(), key: z.string().optional(), digest: z.string(), total: z.int() })
        .meta({ id: 'Sold' }),
      errors: ['insufficient_stock'],
    },
    ({ body, command }) => ({ ...command, total: body.lines.reduce((sum, l) => sum + l.price.amount, 0) }),
  );
  made.api.route(
    {
      method: 'GET',
      url: '/things',
      tag: 'thing',
      summary: 'List them',
      permission: 'signed_in',
      query: z.strictObject({ limit: zLimit, wrong: z.string().optional(), big: z.string().optional() }),
      response: page(z.object({ id: z.string() })),
    },
    ({ query }) => {
      if (query.wrong === 'fault') throw new Error('a secret of the inside');
      if (query.wrong === 'answer')
        return { data: [{ id: 7 as unknown as string }], page: { next_cursor: null, has_more: false } };
      if (query.wrong === 'refusal') throw new ApiError('conflict', { facts: { revision: 3 } });
      const count = query.big === undefined ? query.limit : 5000;
      return {
        data: Array.from({ length: count }, (_, i) => ({ id: `thing ${i}` })),
        page: { next_cursor: null, has_more: false },
      };
    },
  );
  made.api.route(
    {
      method: 'POST',
      url: '/open',
      tag: 'thing',
      summary: 'For all',
      permission: 'public',
      status: 204,
      response: z.undefined(),
    },
    () => undefined,
  );
  made.api.route(
    {
      method: 'GET',
      url: '/paper',
      tag: 'thing',
      summary: 'A paper',
      permission: 'public',
      response: { raw: ['application/pdf'] },
    },
    () => ({ type: 'application/pdf', body: Buffer.from('%PDF'), filename: 'Año "1".pdf' }),
  );
  await made.app.ready();
  return made;
}

beforeEach(async () => {
  http = await start();
});
afterEach(() => http.close(0));

interface Ask {
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly payload?: string | Buffer | object;
}

async function ask(method: string, url: string, { token = 'admin', headers = {}, payload }: Ask = {}) {
  const answer = await http.app.inject({
    method: method as 'GET',
    url,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  const isJson =
    String(answer.headers['content-type']).includes('json') && answer.headers['content-encoding'] === undefined;
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: isJson ? JSON.parse(answer.body) : undefined,
    raw: answer.rawPayload,
  };
}

const url = `/api/v1/things/${newId('thg')}/sell`;
const body = { lines: [{ quantity: 1.5, price: { amount: '250', currency: 'ARS' } }] };
const sell = (payload: Ask['payload'] = body, headers: Record<string, string> = {}, more: Ask = {}) =>
  ask('POST', url, {
    payload,
    headers: { 'idempotency-key': 'k', 'content-type': 'application/json', ...headers },
    ...more,
  });

describe('a request that can be used', () => {
  it('is answered with its status, unkept and unsniffed', async () => {
    const answer = await sell();
    expect([answer.status, answer.body.total]).toEqual([201, 250]);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect((await ask('POST', '/api/v1/open', { token: null })).status).toBe(204);
  });

  it('is compressed when it is a large list and the caller can read that', async () => {
    const packed = await ask('GET', '/api/v1/things?big=1', { headers: { 'accept-encoding': 'br, gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.raw.length).toBeLessThan(30_000);
    expect((await ask('GET', '/api/v1/things?big=1')).headers['content-encoding']).toBe(undefined);
    const unwanted = await ask('GET', '/api/v1/things?big=1', { headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(unwanted.headers['content-encoding']).toBe(undefined);
  });

  it('can ask for what is no JSON', async () => {
    const paper = await ask('GET', '/api/v1/paper', { token: null });
    expect(paper.raw.toString()).toBe('%PDF');
    expect(paper.headers['content-disposition']).toBe(
      `attachment; filename="A_o _1_.pdf"; filename*=UTF-8''A%C3%B1o%20%221%22.pdf`,
    );
  });
});

describe('a command', () => {
  it('takes a UUIDv7 key as its id, and binds any other to a fresh one', async () => {
    const key = newUuid();
    expect((await sell(body, { 'idempotency-key': key.toUpperCase() })).body).toMatchObject({ id: key });
    expect((await sell(body, { 'idempotency-key': key })).body.key).toBe(undefined);
    const other = (await sell(body, { 'idempotency-key': 'order-17' })).body;
    expect(other.key).toBe('order-17');
    expect(other.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('has the digest of what it asks, however it is written', async () => {
    const digestOf = async (payload: string | object) => (await sell(payload)).body.digest;
    const first = await digestOf(body);
    expect(await digestOf('{ "lines": [ {"price":{"currency":"ARS","amount":"250"},"quantity":1.50} ] }')).toBe(first);
    expect(await digestOf({ lines: [{ quantity: 1.5, price: { amount: '251', currency: 'ARS' } }] })).not.toBe(first);
    const elsewhere = await ask('POST', `/api/v1/things/${newId('thg')}/sell`, {
      payload: body,
      headers: { 'idempotency-key': 'k' },
    });
    expect(elsewhere.body.digest).not.toBe(first);
  });

  it('is refused without a key, and with one that is none', async () => {
    const missing = await ask('POST', url, { payload: body });
    expect([missing.status, missing.body.code]).toEqual([400, 'idempotency_key_required']);
    for (const key of ['x'.repeat(256), 'with space', 'ñ']) {
      const answer = await sell(body, { 'idempotency-key': key });
      expect([key, answer.body.code]).toEqual([key, 'idempotency_key_invalid']);
    }
  });
});

describe('a malformed request', () => {
  it('is told all its defects at once', async () => {
    const wrong = { lines: [{ quantity: 0.0001, price: { amount: 1.5, currency: 'pesos' } }, { price: {} }], extra: 1 };
    const answer = await ask('POST', '/api/v1/things/xyz/sell?a=1', { payload: wrong });
    expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
    expect(answer.body).toMatchObject({
      type: 'urn:mostrador:problem:validation_failed',
      status: 422,
      instance: '/api/v1/things/xyz/sell',
    });
    expect(answer.body.errors.map((e: { path: string; code: string }) => `${e.path} ${e.code}`)).toEqual([
      'path.thing_id invalid_format',
      'query.a unknown_field',
      'lines.0.quantity custom',
      'lines.0.price.amount invalid_union',
      'lines.0.price.currency invalid_format',
      'lines.1.quantity required',
      'lines.1.price.amount required',
      'lines.1.price.currency required',
      'extra unknown_field',
      'header.idempotency-key required',
    ]);
  });

  it.each([
    ['half a document', '{"lines":', 400, 'malformed_json'],
    ['nothing where something is needed', '', 422, 'validation_failed'],
    ['null', 'null', 422, 'validation_failed'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 400, 'malformed_text'],
    [
      'a NUL in a string',
      '{"lines":[{"quantity":1,"price":{"amount":"\\u0000","currency":"ARS"}}]}',
      400,
      'malformed_text',
    ],
    ['half a character', '{"lines":"\\ud800"}', 400, 'malformed_text'],
    ['a key that rewrites prototypes', '{"__proto__":{"x":1}}', 400, 'malformed_text'],
    ['the same, escaped', '{"\\u005f_proto__":{"x":1}}', 400, 'malformed_text'],
    [
      'numbers that are none',
      '{"lines":[{"quantity":1e999,"price":{"amount":1,"currency":"ARS"}}]}',
      422,
      'validation_failed',
    ],
    ['a very deep document', '['.repeat(200_000), 400, 'malformed_json'],
    ['a very deep valid document', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 422, 'validation_failed'],
    ['too much', `"${'x'.repeat(1_100_000)}"`, 413, 'body_too_large'],
  ] as const)('%s', async (_what, payload, status, code) => {
    const answer = await sell(payload);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  it.each([
    ['text/plain', 415, 'unsupported_media_type'],
    ['application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['nonsense', 415, 'unsupported_media_type'],
    ['application/json; charset=utf-8', 201, undefined],
  ])('of type %s is answered %i', async (type, status, code) => {
    const answer = await sell(JSON.stringify(body), { 'content-type': type });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it.each([
    ['GET', '/api/v1/nothing', 404, 'route_not_found'],
    ['GET', '/api/v1/things/', 404, 'route_not_found'],
    ['DELETE', '/api/v1/things', 405, 'method_not_allowed'],
    ['PROPFIND', '/api/v1/things', 405, 'method_not_allowed'],
    ['GET', '/api/v1/things?limit=%ff', 400, 'malformed_text'],
    ['GET', '/api/v1/things/%E0%A4%A/sell', 400, 'malformed_text'],
    ['GET', '/api/v1/things?wrong=%00', 400, 'malformed_text'],
    ['GET', '/api/v1/things?limit=0', 422, 'validation_failed'],
    ['GET', '/api/v1/things?limit=201', 422, 'validation_failed'],
    ['GET', '/api/v1/things?limit=1&limit=2', 422, 'validation_failed'],
  ])('%s %s is answered %i', async (method, address, status, code) => {
    const answer = await ask(method, address);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    if (status === 405) expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS');
  });

  it('that is not even HTTP gets a problem, then the connection ends', async () => {
    const [address = ''] = await http.listen('127.0.0.1', 0);
    const { port } = new URL(address);
    const talk = (text: string) =>
      new Promise<string>((resolve) => {
        let heard = '';
        const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
        socket.on('data', (chunk) => {
          heard += chunk.toString();
        });
        socket.on('close', () => resolve(heard));
      });
    expect(await talk('not http at all\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"malformed_request"/);
    expect(await talk(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 [\s\S]*"code":"header_too_large"/,
    );
    for (const headers of ['', 'host: x\r\nexpect: the impossible\r\n']) {
      expect(await talk(`GET /api/v1/things HTTP/1.1\r\n${headers}\r\n`)).toMatch(
        /^HTTP\/1\.1 400 [\s\S]*"code":"malformed_header"/,
      );
    }
  });
});

describe('a refusal', () => {
  it('carries its facts; a fault of ours hides what it was, and is logged', async () => {
    const refused = await ask('GET', '/api/v1/things?wrong=refusal');
    expect([refused.status, refused.body.code, refused.body.revision]).toEqual([409, 'conflict', 3]);
    const fault = await ask('GET', '/api/v1/things?wrong=fault', { headers: { 'x-request-id': 'r-1' } });
    expect([fault.status, fault.body.code, fault.body.request_id]).toEqual([500, 'internal', 'r-1']);
    expect(fault.raw.toString()).not.toContain('secret');
    const logged = lines.map((line) => JSON.parse(line)).find((line) => line.level === 50);
    expect(logged).toMatchObject({
      request: 'r-1',
      user: 'usr_a',
      tenant: 'ten_1',
      err: { message: 'a secret of the inside' },
    });
  });

  it('of an answer that is not what the route states is a fault in tests', async () => {
    expect((await ask('GET', '/api/v1/things?wrong=answer')).status).toBe(500);
  });

  it('leaves a line for each request with its request, tenant and user', async () => {
    await ask('GET', '/api/v1/things?limit=1', { token: 'cashier' });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      tenant: 'ten_1',
      user: 'usr_c',
      method: 'GET',
      route: '/api/v1/things',
      status: 200,
    });
  });
});

describe('who may ask', () => {
  it('needs a token, a good one, and the permission', async () => {
    const codes = async (more: Ask) => {
      const { status, body: b, headers } = await sell(body, {}, more);
      return [status, b.code, headers['www-authenticate']];
    };
    expect(await codes({ token: null })).toEqual([401, 'unauthenticated', 'Bearer']);
    expect(await codes({ token: 'nobody' })).toEqual([401, 'token_invalid', 'Bearer']);
    const basic = await ask('GET', '/api/v1/things', { token: null, headers: { authorization: 'Basic eDp5' } });
    expect([basic.status, basic.body.code]).toEqual([401, 'token_invalid']);
    expect((await sell(body, {}, { token: 'cashier' })).status).toBe(201);
  });

  it('is limited by the hour: strangers by address, staff by person, administrators not', async () => {
    await http.close(0);
    http = await start({ limits: { anonymousPerHour: 3, staffPerHour: 5 } });
    const statuses = async (n: number, more: Ask) => {
      const all: number[] = [];
      for (let i = 0; i < n; i++) all.push((await ask('GET', '/api/v1/things', more)).status);
      return all;
    };
    expect(await statuses(4, { token: null })).toEqual([401, 401, 401, 429]);
    expect(await statuses(6, { token: 'cashier' })).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await statuses(20, { token: 'admin' })).toEqual(Array(20).fill(200));
    const limited = await ask('GET', '/api/v1/things', { token: 'cashier' });
    expect([limited.body.code, limited.body.retry_after, limited.headers['retry-after']]).toEqual([
      'rate_limited',
      720,
      '720',
    ]);
    // Public routes know no such limit: signing in has its own.
    expect((await ask('POST', '/api/v1/open', { token: null })).status).toBe(204);
    clock += 720_000;
    expect(await statuses(2, { token: 'cashier' })).toEqual([200, 429]);
  });

  it('is told that a token has expired however often, since it was somebody’s', async () => {
    await http.close(0);
    const authenticate = () => Promise.reject(new ApiError('token_expired'));
    http = await start({ limits: { anonymousPerHour: 3, staffPerHour: 5 }, authenticate });
    for (let i = 0; i < 6; i++) {
      const { status, body } = await ask('GET', '/api/v1/things', { token: 'old' });
      expect([status, body.code]).toEqual([401, 'token_expired']);
    }
  });

  it('may be a page of another origin only when the shop named it', async () => {
    const origin = 'https://shop.example';
    expect((await ask('GET', '/api/v1/things', { headers: { origin } })).headers['access-control-allow-origin']).toBe(
      undefined,
    );
    await http.close(0);
    http = await start({ corsOrigins: [origin] });
    expect((await ask('GET', '/api/v1/things', { headers: { origin } })).headers['access-control-allow-origin']).toBe(
      origin,
    );
    const preflight = await ask('OPTIONS', '/api/v1/things', {
      token: null,
      headers: { origin, 'access-control-request-method': 'GET' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-headers']).toContain('Idempotency-Key');
    const stranger = await ask('OPTIONS', '/api/v1/things', {
      token: null,
      headers: { origin: 'https://evil.example' },
    });
    expect(stranger.headers['access-control-allow-origin']).toBe(undefined);
  });
});

describe('the document', () => {
  it('is OpenAPI 3.1 of the very routes, with components and codes', async () => {
    const { body: document } = await ask('GET', '/api/v1/openapi.json', { token: null });
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([
      '/api/v1/things/{thing_id}/sell',
      '/api/v1/things',
      '/api/v1/open',
      '/api/v1/paper',
    ]);
    const operation = document.paths['/api/v1/things/{thing_id}/sell'].post;
    expect(operation.parameters.map((p: { name: string; in: string }) => `${p.in} ${p.name}`)).toEqual([
      'path thing_id',
      'header Idempotency-Key',
    ]);
    expect(operation.responses['201'].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/Sold',
    });
    expect(operation.responses['409'].description).toContain('insufficient_stock');
    expect(document.components.schemas.Sold.properties.total.type).toBe('integer');
    expect(document.paths['/api/v1/open'].post.security).toEqual([]);
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name = ''] of references) expect(Object.keys(document.components.schemas)).toContain(name);
    expect(openApi(http.api.routes, '1.2.3')).toEqual(document);
  });

  it('is browsable without the Internet: page and script come from here', async () => {
    const found = await ask('GET', '/api/v1/reference', { token: null });
    expect(found.status).toBe(200);
    const sources = [...found.raw.toString().matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source);
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect((await ask('GET', source, { token: null })).status).toBe(200);
    expect(String(found.headers['content-security-policy'])).toContain("default-src 'self'");
  });
});
