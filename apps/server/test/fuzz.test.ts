/**
 * Twenty thousand requests made from the OpenAPI document, most of them nearly valid, many hostile. None may be answered
 * with a 5xx, every refusal names a code of the catalogue, and afterwards the books still balance.
 */
import { ERRORS } from '@mostrador/contract/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../src/platform/ids.js';
import { verify } from '../src/platform/journal/index.js';
import { fillShop } from './fill.js';
import { Chance, HOSTILE_VALUES, Ids, type Json, type Operation, operationsOf, Values } from './requests.js';
import { startTestServer, type TestServer } from './server.js';

const SEED = Number(process.env.FUZZ_SEED ?? 20_251_122);
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 20_000);
/** Under way at once: a commit's wait for the disk is another request's time. */
const ABREAST = 16;
const TIMEOUT_MS = 600_000;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

interface Made {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload: string | Buffer | undefined;
}

/** Tests a request against the promise; null when it is kept. */
function broken(status: number, type: string, body: string): string | null {
  if (status >= 500) return 'a fault of the server';
  if (status < 400) return null;
  if (!type.startsWith('application/problem+json')) return `a refusal that is ${type}`;
  const document = JSON.parse(body) as { code?: string; status?: number };
  const known = ERRORS[document.code as keyof typeof ERRORS];
  if (known === undefined) return 'a refusal without a code of the catalogue';
  return known.status === status && document.status === status ? null : 'a refusal whose status is not its code’s';
}

describe('20,000 requests made from the document', () => {
  it(
    `keep the promise (FUZZ_SEED=${SEED})`,
    async () => {
      const { app } = server.app.http;
      const document = (await server.ask('GET', '/openapi.json')).body;
      const operations = operationsOf(document);
      const selling = operations.filter((o) => o.path.includes('/sales/') && o.method === 'POST');
      const chance = new Chance(SEED);
      const ids = new Ids();
      ids.gather(JSON.stringify(await fillShop(server)));
      const values = new Values(chance, ids, document);
      const maker = new Maker(chance, values, server);
      const succeeded = new Set<string>();
      const statuses = new Map<number, number>();
      const failures: string[] = [];
      // The people whose tokens the run needs must not be found by it.
      const spared = [server.shop, server.other].flatMap((shop) => Object.values(shop.staff)).map((s) => s.userId);

      let left = REQUESTS;
      const work = async () => {
        while (left > 0) {
          left -= 1;
          const operation = chance.of(chance.is(0.1) ? selling : operations);
          const made = maker.make(operation);
          const answer = await app.inject({
            method: made.method as 'GET',
            url: made.url,
            headers: made.headers,
            ...(made.payload === undefined ? {} : { payload: made.payload }),
          });
          const { statusCode } = answer;
          const type = String(answer.headers['content-type']);
          const fault = made.method === 'HEAD' && statusCode < 500 ? null : broken(statusCode, type, answer.body);
          if (fault !== null) {
            failures.push(
              `${fault}: ${made.method} ${made.url} ${describeOf(made)} → ${statusCode} ${answer.body.slice(0, 300)}`,
            );
          }
          statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
          if (statusCode < 300) {
            succeeded.add(`${operation.method} ${operation.path}`);
            if (type.includes('json') && answer.headers['content-encoding'] === undefined) {
              let text = answer.body;
              for (const id of spared) text = text.replaceAll(id, '');
              ids.gather(text);
            }
          }
        }
      };
      await Promise.all(Array.from({ length: ABREAST }, work));

      console.log(
        [...statuses],
        operations.map((o) => `${o.method} ${o.path}`).filter((n) => !succeeded.has(n)),
      );
      expect(failures.slice(0, 10)).toEqual([]);
      // A run that only met refusals at the door would prove little.
      const never = operations.map((o) => `${o.method} ${o.path}`).filter((name) => !succeeded.has(name));
      expect(never.length, `never succeeded: ${never.join(', ')}`).toBeLessThan(operations.length / 4);
      expect(succeeded).toContain('POST /api/v1/sales/checkout');
      expect(statuses.get(422) ?? 0).toBeGreaterThan(REQUESTS / 20);

      const { platform } = server.app;
      const report = await verify({
        database: platform.database,
        projections: platform.projections,
        subscriptions: platform.readers,
        tenants: [server.shop.facts.tenantId, server.other.facts.tenantId],
      });
      expect(report.checks.filter((check) => check.failed > 0)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

function describeOf(made: Made): string {
  const { authorization: _token, ...headers } = made.headers;
  return `${JSON.stringify(headers)} ${String(made.payload ?? '').slice(0, 600)}`;
}

/** Makes one request of an operation; three in five are meant to be good. */
class Maker {
  readonly #chance: Chance;
  readonly #values: Values;
  readonly #tokens: readonly (string | null)[];

  constructor(chance: Chance, values: Values, { shop, other }: TestServer) {
    this.#chance = chance;
    this.#values = values;
    const { admin, manager, cashier, stranger } = shop.staff;
    // Mostly one who may do everything; the others must be refused as well.
    this.#tokens = [
      ...Array<string>(40).fill(admin.token),
      manager.token,
      cashier.token,
      stranger.token,
      other.staff.admin.token,
      null,
    ];
  }

  make(operation: Operation): Made {
    const chance = this.#chance;
    const isHostile = chance.is(0.4);
    const token = chance.of(this.#tokens);
    const headers: Record<string, string> = {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(chance.is(0.95) ? { 'idempotency-key': chance.is(0.9) ? newUuid() : `key-${chance.int(1, 50)}` } : {}),
    };
    let url = this.#url(operation, isHostile && chance.is(0.3));
    let payload: string | Buffer | undefined;
    if (operation.isMultipart) {
      payload = this.#file(headers, isHostile);
    } else if (operation.body !== undefined) {
      headers['content-type'] = 'application/json';
      const value = this.#values.request(operation.body);
      payload = JSON.stringify(isHostile && chance.is(0.75) ? this.#values.hostile(value) : value);
    }
    if (isHostile && chance.is(0.12)) payload = this.#garble(payload);
    if (isHostile && chance.is(0.15)) this.#spoil(headers);
    let { method } = operation;
    if (isHostile && chance.is(0.02))
      method = chance.of(['GET', 'PUT', 'DELETE', 'PATCH', 'POST', 'OPTIONS', 'HEAD', 'PROPFIND']);
    if (isHostile && chance.is(0.02))
      url += chance.of(['/', '//', '%00', '/..', '?', '%', ';x=1', '#x', '%2e%2e%2f', '\u00e9']);
    if (payload !== undefined && (method === 'GET' || method === 'HEAD')) payload = undefined;
    return { method, url: encodeLoose(url), headers, payload };
  }

  #url(operation: Operation, isHostile: boolean): string {
    const chance = this.#chance;
    let url = operation.path;
    const query: string[] = [];
    for (const parameter of operation.parameters) {
      const spoilt = isHostile && chance.is(0.6);
      const value = spoilt ? asText(chance.of(HOSTILE_VALUES)) : asText(this.#values.valid(parameter.schema));
      const text = chance.is(0.97) ? escaped(value) : value;
      if (parameter.in === 'path')
        url = url.replace(`{${parameter.name}}`, text === '' ? 'x' : text.replaceAll('/', '%2f'));
      else if (parameter.in === 'query' && (parameter.required === true || chance.is(0.3)))
        query.push(`${parameter.name}=${text}`);
    }
    if (isHostile && chance.is(0.2))
      query.push(chance.of(['x=1', 'limit=1&limit=2', 'limit[]=1', '=', '&&', 'q=%ff', 'q=%00', '%', 'cursor=W10']));
    return query.length === 0 ? url : `${url}?${query.join('&')}`;
  }

  #file(headers: Record<string, string>, isHostile: boolean): Buffer | string {
    const chance = this.#chance;
    const boundary = isHostile && chance.is(0.2) ? chance.of(['', '"', 'x y', 'ñ', 'z'.repeat(200)]) : 'limit';
    headers['content-type'] = `multipart/form-data; boundary=${boundary}`;
    const kind = isHostile && chance.is(0.3) ? asText(chance.of(HOSTILE_VALUES)) : chance.of(['products', 'sales']);
    const rows = isHostile
      ? chance.of(['', '\u0000\u0001', 'a;b\n"', 'PK\u0003\u0004broken', 'name\n'.repeat(50), '"'.repeat(999)])
      : `barcode,name,price\n779${chance.int(1e9, 9e9)},Galletitas ${chance.int(1, 99)},1200\n`;
    const name =
      isHostile && chance.is(0.3) ? chance.of(['', '../x.csv', 'x.xlsx', 'x.csv.gz', 'x"y']) : 'products.csv';
    const part = (head: string, content: string) =>
      `--${boundary}\r\ncontent-disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
    const body = `${part('name="kind"', kind)}${part(`name="file"; filename="${name}"`, rows)}--${boundary}--\r\n`;
    return isHostile && chance.is(0.3) ? body.slice(0, chance.int(0, body.length)) : body;
  }

  #garble(payload: string | Buffer | undefined): string | Buffer {
    const chance = this.#chance;
    const text = String(payload ?? '{}');
    return chance.of<() => string | Buffer>([
      () => text.slice(0, chance.int(0, text.length)),
      () => `${text}${text}`,
      () => Buffer.concat([Buffer.from(text.slice(0, 3)), Buffer.from([0xff, 0xfe, 0x00]), Buffer.from(text.slice(3))]),
      () => '['.repeat(chance.int(1, 20_000)),
      () => `{"a":${'{"a":'.repeat(500)}1${'}'.repeat(501)}`,
      () => text.replaceAll(':', ''),
      () => `\ufeff${text}`,
      () => '',
      () => 'null',
      () => '{"__proto__":{"admin":true}}',
      () => `"${'x'.repeat(1_100_000)}"`,
    ])();
  }

  #spoil(headers: Record<string, string>): void {
    const chance = this.#chance;
    const [name, value] = chance.of<[string, string]>([
      ['content-type', 'text/plain'],
      ['content-type', 'application/json; charset=utf-16'],
      ['content-type', 'application/xml'],
      ['content-type', ';;;'],
      ['content-type', 'multipart/form-data'],
      ['idempotency-key', ''],
      ['idempotency-key', 'x'.repeat(300)],
      ['idempotency-key', 'same for all'],
      ['if-match', '"abc"'],
      ['if-match', '*'],
      ['if-match', 'W/"3"'],
      ['if-match', '99999999999999999999'],
      ['authorization', 'Bearer'],
      ['authorization', 'Bearer a.b.c'],
      ['authorization', 'Basic eDp5'],
      ['accept', 'image/png'],
      ['accept-encoding', 'gzip;q=0, identity;q=0'],
      ['cookie', 'mostrador_refresh=1.x.2.y'],
      ['cookie', `mostrador_refresh=1.${newUuid()}.1.${'A'.repeat(43)}`],
      ['x-request-id', 'a b'],
      ['x-forwarded-for', '::ffff:1.2.3.4, not an address'],
      ['origin', 'null'],
      ['expect', 'nonsense'],
    ]);
    headers[name] = value;
  }
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function escaped(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}

/** What no client can send as an address at all (raw spaces, controls) is escaped; everything else stays as hostile as it is. */
function encodeLoose(url: string): string {
  return url.replaceAll(/[^\x21-\x7e]/g, (c) => escaped(c));
}
