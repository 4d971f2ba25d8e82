/**
 * Who may do what, over every route, and what one shop can see of another: nothing. The route table is the server's own;
 * what is expected of it stands here, so a route that nobody has thought about fails.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../src/platform/ids.js';
import { fillShop } from './fill.js';
import { Chance, Ids, type Operation, operationsOf, Values } from './requests.js';
import { ROLES, type RoleName, startTestServer, type TestServer } from './server.js';

/** Everybody, also without a token. */
const PUBLIC = 'public';
/** Whoever is signed in. */
const ALL: readonly RoleName[] = ROLES;
const SELLING: readonly RoleName[] = ['admin', 'manager', 'cashier'];
const LEADING: readonly RoleName[] = ['admin', 'manager'];
const ADMIN: readonly RoleName[] = ['admin'];

const EXPECTED: Readonly<Record<string, typeof PUBLIC | readonly RoleName[]>> = {
  'GET /settings': SELLING,
  'PATCH /settings': ADMIN,
  'GET /tax-rates': ALL,
  'POST /tax-rates': ADMIN,
  'PATCH /tax-rates/{tax_rate_id}': ADMIN,
  'GET /locations': ALL,
  'POST /locations': ADMIN,
  'PATCH /locations/{location_id}': ADMIN,

  'POST /auth/login': PUBLIC,
  'POST /auth/refresh': PUBLIC,
  'POST /auth/logout': PUBLIC,
  'GET /auth/me': ALL,
  'GET /users': LEADING,
  'POST /users': ADMIN,
  'GET /users/{user_id}': LEADING,
  'PATCH /users/{user_id}': ADMIN,
  // One's own; another's needs user.write.
  'POST /users/{user_id}/password': ALL,
  'GET /roles': LEADING,
  'POST /roles': ADMIN,
  'PATCH /roles/{role_id}': ADMIN,
  'GET /permissions': LEADING,

  'GET /products': SELLING,
  'POST /products': LEADING,
  'GET /products/scan/{code}': SELLING,
  'GET /products/{product_id}': SELLING,
  'PATCH /products/{product_id}': LEADING,
  'POST /products/{product_id}/archive': LEADING,
  'POST /products/{product_id}/restore': LEADING,
  'GET /products/{product_id}/picture': SELLING,
  // Drawings of the project's own, by name; they tell nothing of a shop.
  'GET /product-pictures/{name}': PUBLIC,
  'POST /products/{product_id}/variants': LEADING,
  'PATCH /products/{product_id}/variants/{variant_id}': LEADING,
  'POST /products/{product_id}/variants/{variant_id}/barcodes': LEADING,
  'DELETE /products/{product_id}/variants/{variant_id}/barcodes/{barcode}': LEADING,
  'POST /products/{product_id}/variants/{variant_id}/price': LEADING,
  'POST /products/price-changes': LEADING,
  'POST /products/labels': SELLING,
  'GET /products/cache-figures': LEADING,
  'GET /categories': SELLING,
  'POST /categories': LEADING,
  'PATCH /categories/{category_id}': LEADING,
  'POST /categories/{category_id}/archive': LEADING,

  'GET /stock': SELLING,
  'GET /stock/summary': SELLING,
  'GET /stock/movements': SELLING,
  'PUT /stock/thresholds': LEADING,
  'POST /stock/adjustments': LEADING,
  'POST /stock/receipts': LEADING,
  'GET /stock/receipts': SELLING,
  'GET /stock/receipts/{receipt_id}': SELLING,
  'POST /stock/counts': LEADING,
  'POST /stock/moves': LEADING,
  'POST /stock/write-offs': LEADING,

  'GET /suppliers': LEADING,
  'POST /suppliers': LEADING,
  'GET /suppliers/{supplier_id}': LEADING,
  'PATCH /suppliers/{supplier_id}': LEADING,
  'POST /suppliers/{supplier_id}/archive': LEADING,

  'GET /customers': SELLING,
  'POST /customers': SELLING,
  'GET /customers/{customer_id}': SELLING,
  'PATCH /customers/{customer_id}': SELLING,
  'POST /customers/{customer_id}/erase': ADMIN,
  'GET /customers/{customer_id}/sales': SELLING,

  'POST /sales/checkout': SELLING,
  'GET /sales': SELLING,
  'GET /sales/{sale_id}': SELLING,
  'POST /sales/{sale_id}/refunds': LEADING,
  'GET /sales/{sale_id}/receipt': SELLING,
  'GET /refunds/{refund_id}': SELLING,
  'GET /refunds/{refund_id}/receipt': SELLING,

  'GET /cash-sessions': SELLING,
  'POST /cash-sessions': SELLING,
  'GET /cash-sessions/{cash_session_id}': SELLING,
  'POST /cash-sessions/{cash_session_id}/movements': SELLING,
  'POST /cash-sessions/{cash_session_id}/close': SELLING,

  'GET /reports/dashboard': LEADING,
  'GET /reports/sales': LEADING,
  'GET /reports/tax': LEADING,
  'GET /reports/best-sellers': LEADING,
  'GET /reports/margins': LEADING,
  'GET /reports/low-stock': LEADING,

  'GET /journal': LEADING,
  'GET /journal/{seq}': LEADING,
  'GET /journal/subscriptions': LEADING,
  'GET /journal/dead-letters': LEADING,
  'POST /journal/dead-letters/{dead_letter_id}/replay': ADMIN,

  'POST /imports': LEADING,
  'GET /imports': SELLING,
  'GET /imports/{import_id}': SELLING,
  'GET /imports/{import_id}/errors': SELLING,
  'POST /imports/{import_id}/preview': LEADING,
  'POST /imports/{import_id}/start': LEADING,
  'POST /imports/{import_id}/cancel': LEADING,
};

let server: TestServer;
let operations: Operation[];
/** Every id of the first shop. */
const ids = new Ids();
let values: Values;

beforeAll(async () => {
  server = await startTestServer();
  const document = (await server.ask('GET', '/openapi.json')).body;
  operations = operationsOf(document);
  ids.gather(JSON.stringify(await fillShop(server)));
  for (const { userId } of Object.values(server.shop.staff)) ids.add(userId);
  values = new Values(new Chance(7), ids, document);
});
afterAll(() => server.close());

const nameOf = (operation: Operation) => `${operation.method} ${operation.path.replace('/api/v1', '')}`;

/** An address whose ids nobody has. */
function emptyAddress(operation: Operation): string {
  const strange = new Values(new Chance(1), new Ids(), { paths: {}, components: { schemas: {} } });
  return operation.parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce(
      (url, p) => url.replace(`{${p.name}}`, encodeURIComponent(String(strange.valid(p.schema)))),
      `!${operation.path}`,
    );
}

/** Asks with nothing in it: whoever may is told what is missing, or that there is no such thing; whoever may not, 403. */
async function knock(operation: Operation, token: string | undefined) {
  const answer = await server.ask(operation.method, emptyAddress(operation), token === undefined ? {} : { token });
  return { status: answer.status, code: answer.body?.code as string | undefined, permission: answer.body?.permission };
}

describe('role × route', () => {
  it('is stated here for every route of the server, and for no other', () => {
    const routes = server.app.http.api.routes.map((route) => `${route.method} ${route.url}`);
    expect(routes.filter((name) => EXPECTED[name] === undefined)).toEqual([]);
    expect(Object.keys(EXPECTED).filter((name) => !routes.includes(name))).toEqual([]);
    expect(operations.map(nameOf).sort()).toEqual([...routes].sort());
  });

  it.each(ROLES)('%s is let in where expected, and refused elsewhere', async (role) => {
    const wrong: string[] = [];
    for (const operation of operations) {
      const expected = EXPECTED[nameOf(operation)] ?? [];
      const allowed = expected === PUBLIC || expected.includes(role);
      const { status, code, permission } = await knock(operation, server.shop.staff[role].token);
      const refused = status === 403 && code === 'forbidden' && permission !== undefined;
      // The one route whose permission depends on whom it is about.
      const special = nameOf(operation) === 'POST /users/{user_id}/password';
      if (refused === allowed && !special) wrong.push(`${nameOf(operation)}: ${status} ${code}`);
      if (status >= 500) wrong.push(`${nameOf(operation)}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('nobody without a token is let in but where it is public', async () => {
    const wrong: string[] = [];
    for (const operation of operations) {
      const isPublic = EXPECTED[nameOf(operation)] === PUBLIC;
      const { status, code } = await knock(operation, undefined);
      const refused = status === 401 && code === 'unauthenticated';
      if (refused === isPublic) wrong.push(`${nameOf(operation)}: ${status} ${code}`);
    }
    expect(wrong).toEqual([]);
  });
});

/** All rows of all tables as the owner sees them: table → rows with their tenant. */
async function everything(): Promise<Map<string, { tenant_id: number; row: string }[]>> {
  return server.app.platform.database.owner(async (client) => {
    await client.query("SELECT set_config('mostrador.owner', 'on', false)");
    const tables = await client.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`,
    );
    const all = new Map<string, { tenant_id: number; row: string }[]>();
    for (const { name } of tables.rows) {
      const rows = await client.query<{ tenant_id: number; row: string }>(
        `SELECT tenant_id, t::text AS row FROM ${name} t`,
      );
      all.set(name, rows.rows);
    }
    return all;
  });
}

function rowsOf(all: Map<string, { tenant_id: number; row: string }[]>, tenantId: number): string {
  return JSON.stringify(
    [...all].map(([name, rows]) => [
      name,
      rows
        .filter((r) => r.tenant_id === tenantId)
        .map((r) => r.row)
        .sort(),
    ]),
  );
}

describe('tenant × route', () => {
  it('whatever the other shop’s admin asks about this shop’s things, they learn and change nothing', async () => {
    const { token } = server.other.staff.admin;
    const mine = server.shop.facts.tenantId;
    const before = rowsOf(await everything(), mine);
    const leaks: string[] = [];
    for (const operation of operations) {
      if (EXPECTED[nameOf(operation)] === PUBLIC) continue;
      // Several bodies each, since one may fail on something that is not the tenant.
      for (let i = 0; i < 6; i++) {
        let url = `!${operation.path}`;
        const query: string[] = [];
        for (const p of operation.parameters) {
          const value = encodeURIComponent(String(values.valid(p.schema)));
          if (p.in === 'path') url = url.replace(`{${p.name}}`, value);
          else if (p.in === 'query' && /_id$/.test(p.name)) query.push(`${p.name}=${value}`);
        }
        const body = operation.body === undefined ? undefined : (values.request(operation.body) as object);
        const answer = await server.ask(operation.method, query.length === 0 ? url : `${url}?${query.join('&')}`, {
          token,
          headers: { 'idempotency-key': newUuid() },
          ...(body === undefined ? {} : { body }),
        });
        if (answer.status >= 400) continue;
        const asked = `${url} ${query.join('&')} ${JSON.stringify(body ?? '')}`;
        for (const [id] of JSON.stringify(answer.body ?? '').matchAll(/\b[a-z]{3,4}_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g)) {
          // A shop may be told what it said itself, but not learn what it did not know.
          if (ids.has(id) && !asked.includes(id)) leaks.push(`${nameOf(operation)} told ${id}`);
        }
        if (/Carmen|Distribuidora del Sur|Repositor/.test(JSON.stringify(answer.body ?? ''))) {
          leaks.push(`${nameOf(operation)} told a name`);
        }
      }
    }
    expect(leaks).toEqual([]);
    expect(rowsOf(await everything(), mine)).toBe(before);
  });

  it.each([
    ['GET', /\{(?!code|name|seq|dead_letter)/],
    ['POST', /\{(?!name|dead_letter)/],
    ['PATCH', /\{/],
    ['DELETE', /\{/],
  ] as const)('%s of a thing of the other shop finds nothing', async (method, named) => {
    const { token } = server.other.staff.admin;
    const found: string[] = [];
    for (const operation of operations.filter((o) => o.method === method && named.test(o.path))) {
      let url = `!${operation.path}`;
      for (const p of operation.parameters.filter((q) => q.in === 'path')) {
        url = url.replace(`{${p.name}}`, encodeURIComponent(ids.pickKnown(p.schema) ?? String(values.valid(p.schema))));
      }
      const body = operation.body === undefined ? undefined : BODIES[nameOf(operation)];
      const answer = await server.ask(method, url, {
        token,
        headers: { 'idempotency-key': newUuid() },
        ...(body === undefined ? {} : { body }),
      });
      // A list of what somebody unknown did tells as little.
      if (answer.status === 200 && answer.body?.data?.length === 0) continue;
      if (answer.status !== 404)
        found.push(`${nameOf(operation)}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`);
    }
    expect(found).toEqual([]);
  });
});

const ars = { amount: 100, currency: 'CLP' };
/** Good bodies for routes that name a thing in their address; a route without one here fails above. */
const BODIES: Readonly<Record<string, object>> = {
  'PATCH /tax-rates/{tax_rate_id}': { name: 'Otra' },
  'PATCH /locations/{location_id}': { name: 'Otra' },
  'PATCH /users/{user_id}': { name: 'Otra' },
  'POST /users/{user_id}/password': { password: 'something long enough' },
  'PATCH /roles/{role_id}': { name: 'Otra' },
  'PATCH /products/{product_id}': { name: 'Otra' },
  'POST /products/{product_id}/variants': { name: 'Otra' },
  'PATCH /products/{product_id}/variants/{variant_id}': { name: 'Otra' },
  'POST /products/{product_id}/variants/{variant_id}/barcodes': { barcode: '7790895000997' },
  'POST /products/{product_id}/variants/{variant_id}/price': { price: ars },
  'PATCH /categories/{category_id}': { name: 'Otra' },
  'PATCH /suppliers/{supplier_id}': { name: 'Otra' },
  'PATCH /customers/{customer_id}': { name: 'Otra' },
  'POST /sales/{sale_id}/refunds': { reason: 'x' },
  'POST /cash-sessions/{cash_session_id}/movements': { direction: 'in', amount: ars, reason: 'x' },
  'POST /cash-sessions/{cash_session_id}/close': { counted: ars },
  'POST /imports/{import_id}/preview': {},
  'POST /imports/{import_id}/start': {},
};

describe('tenant × table', () => {
  it('every table of the database belongs to tenants, or holds nothing of them', async () => {
    const names = await server.app.platform.database.owner(async (client) => {
      const rows = await client.query<{ name: string }>(
        `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'v')
           AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') ORDER BY 1`,
      );
      return rows.rows.map((row) => row.name);
    });
    expect(names).toEqual(['installation', 'installation_key', 'master_key', 'schema_migration']);
  });

  it('read raw under another tenant or under none, no table shows this shop’s rows', async () => {
    const { database } = server.app.platform;
    const mine = server.shop.facts.tenantId;
    const all = await everything();
    const filled = [...all].filter(([, rows]) => rows.some((row) => row.tenant_id === mine)).map(([name]) => name);
    expect(filled.length).toBeGreaterThan(25);
    for (const name of all.keys()) {
      const text = `SELECT tenant_id FROM ${name}`;
      const seen = await database.read<{ tenant_id: number }>(server.other.facts.tenantId, { text, values: [] });
      expect([name, seen.filter((row) => row.tenant_id !== server.other.facts.tenantId)]).toEqual([name, []]);
      expect([name, await database.call({ text, values: [] })]).toEqual([name, []]);
      const own = await database.read(mine, { text, values: [] });
      const expected = all.get(name)?.filter((row) => row.tenant_id === mine).length;
      expect([name, own.length]).toEqual([name, expected]);
    }
  });

  it('nothing can be written into another tenant', async () => {
    const { database } = server.app.platform;
    const mine = server.shop.facts.tenantId;
    const before = rowsOf(await everything(), mine);
    for (const name of (await everything()).keys()) {
      const attempt = (sql: string) =>
        database.transaction(server.other.facts.tenantId, (tx) => tx.query(sql).then((r) => r.rowCount));
      const moved = await attempt(`UPDATE ${name} SET tenant_id = ${mine}`).catch(
        (error: { code: string }) => error.code,
      );
      // Refused by the policy, or there was nothing of its own to move; never done.
      expect([name, moved === 0 || typeof moved === 'string']).toEqual([name, true]);
      const erased = await attempt(`DELETE FROM ${name} WHERE tenant_id = ${mine}`).catch(
        (error: { code: string }) => error.code,
      );
      expect([name, erased === 0 || typeof erased === 'string']).toEqual([name, true]);
    }
    expect(rowsOf(await everything(), mine)).toBe(before);
  });
});
