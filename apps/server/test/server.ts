/**
 * The whole server on a database of its own, with a shop, its staff and their tokens, and a second shop that must never
 * be seen from the first. Answers are held against their schemas; requests go in without a socket.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { type App, createApp } from '../src/app.js';
import { readConfig } from '../src/config.js';
import type { ServerModule } from '../src/module.js';
import { authOf, createUser } from '../src/modules/identity/index.js';
import { createTenant, type ShopFacts } from '../src/modules/tenant/index.js';
import { modules as allModules } from '../src/modules.js';
import { DEFAULT_LIMITS, type Limits } from '../src/platform/http/index.js';
import { newUuid } from '../src/platform/ids.js';
import { journalMigrations } from '../src/platform/journal/index.js';
import { keyMigrations } from '../src/platform/keys/index.js';
import { createTestDatabase, type TestDatabase } from './database.js';

/** The built-in roles, and `stranger`: a person of the shop whose role allows nothing. */
export const ROLES = ['admin', 'manager', 'cashier', 'stranger'] as const;
export type RoleName = (typeof ROLES)[number];

export const PASSWORD = 'a long enough secret';

/** A member of staff with a session. */
export interface Staff {
  readonly userId: string;
  readonly email: string;
  readonly token: string;
}

export interface TestShop {
  readonly facts: ShopFacts;
  readonly staff: Readonly<Record<RoleName, Staff>>;
}

export interface AskOptions {
  /** A token; absent: anonymous. */
  readonly token?: string;
  /** An object as JSON, a string or bytes as they are. */
  readonly body?: object | string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ip?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  /** Parsed JSON, the text of anything else, undefined for nothing. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the schemas have already checked.
  readonly body: any;
}

export interface TestServer {
  readonly app: App;
  readonly kit: TestDatabase;
  readonly shop: TestShop;
  /** Nothing of it may be seen from `shop`. */
  readonly other: TestShop;
  /** `url` under /api/v1 unless it begins with `!`. */
  ask(method: string, url: string, options?: AskOptions): Promise<Answered>;
  /** With a fresh Idempotency-Key, as the shop's admin unless told otherwise. */
  post(url: string, body?: object, options?: AskOptions): Promise<Answered>;
  get(url: string, options?: AskOptions): Promise<Answered>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly modules?: readonly ServerModule[];
  readonly now?: () => number;
  readonly limits?: Limits;
}

/** No test meets a limit that it does not ask for. */
const NO_LIMITS: Limits = { ...DEFAULT_LIMITS, anonymousPerHour: null, staffPerHour: null };

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const modules = options.modules ?? allModules;
  const dataDir = mkdtempSync(join(tmpdir(), 'server-'));
  const kit = await createTestDatabase({
    migrations: [...keyMigrations, ...journalMigrations, ...modules.flatMap((m) => m.migrations)],
  });
  const config = readConfig(
    { DATA_DIR: dataDir, DATABASE_URL: kit.url, MASTER_KEY: randomBytes(32).toString('base64'), DEMO: 'off' },
    '/',
  );
  const app = await createApp(config, {
    modules,
    strict: true,
    log: pino({ level: 'silent' }),
    limits: options.limits ?? NO_LIMITS,
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  await app.http.app.ready();
  const shop = await makeShop(app, 'Almacén', 'AR', 'one');
  const other = await makeShop(app, 'Otra', 'CL', 'two');

  const ask: TestServer['ask'] = async (method, url, { token, body, headers = {}, ip } = {}) => {
    const answer = await app.http.app.inject({
      // The type knows the usual methods; any other must be refused too.
      method: method as 'GET',
      url: url.startsWith('!') ? url.slice(1) : `/api/v1${url}`,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { payload: body }),
      ...(ip === undefined ? {} : { remoteAddress: ip }),
    });
    const isJson = /json/.test(String(answer.headers['content-type']));
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: isJson && answer.body !== '' ? JSON.parse(answer.body) : answer.body || undefined,
    };
  };
  const asAdmin = (more: AskOptions = {}): AskOptions => ({ token: shop.staff.admin.token, ...more });

  return {
    app,
    kit,
    shop,
    other,
    ask,
    post: (url, body, more = {}) =>
      ask('POST', url, {
        ...asAdmin(more),
        ...(body === undefined ? {} : { body }),
        headers: { 'idempotency-key': newUuid(), ...more.headers },
      }),
    get: (url, more) => ask('GET', url, asAdmin(more)),
    close: async () => {
      await app.close(0);
      await kit.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A shop with one person for each role, signed in. */
async function makeShop(app: App, name: string, country: string, word: string): Promise<TestShop> {
  const { platform } = app;
  const facts = await createTenant(platform, { name, country });
  const roleId = await makeStrangerRole(app, facts.tenantId);
  const staff: Partial<Record<RoleName, Staff>> = {};
  for (const role of ROLES) {
    const email = `${role}.${word}@shop.test`;
    const roleIds = [role === 'stranger' ? roleId : role];
    const userId = await createUser(platform, facts.tenantId, {
      email,
      name: `${role} ${word}`,
      password: PASSWORD,
      roleIds,
    });
    const { accessToken } = await authOf(platform).signIn({ email, password: PASSWORD, ip: '127.0.0.1' });
    staff[role] = { userId, email, token: accessToken };
  }
  return { facts, staff: staff as Record<RoleName, Staff> };
}

async function makeStrangerRole(app: App, tenantId: number): Promise<string> {
  const roleId = 'rol_00000000000000000000000000';
  const payload = { roleId, name: 'Sin permisos', permissions: [], builtIn: false };
  const result = await app.platform.journal.commit(tenantId, {
    id: newUuid(),
    digest: '0'.repeat(64),
    actor: 'system',
    events: [{ type: 'role.created', subject: roleId, payload }],
  });
  if (result.status === 'rejected') throw new Error(JSON.stringify(result.rejection));
  return roleId;
}
