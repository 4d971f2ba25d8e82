/**
 * The routes of a few modules on a database of their own, without sign-in: the token says who asks and what they may.
 * Answers are held against their schemas.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Permission } from '@mostrador/domain/identity';
import pino from 'pino';
import { readConfig } from '../src/config.js';
import type { Platform, ServerModule } from '../src/module.js';
import { createHttp, type Session } from '../src/platform/http/index.js';
import { newId } from '../src/platform/ids.js';
import { JournalWriter, journalMigrations, Subscriptions } from '../src/platform/journal/index.js';
import { keyMigrations, openKeyring } from '../src/platform/keys/index.js';
import { createTestDatabase, type TestDatabase } from './database.js';

/** The fields of answers that tests go on with; whether they are there the schemas have checked. */
export interface AnsweredBody {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly erased_at: string | null;
  readonly data: readonly { readonly id: string; readonly name: string }[];
  readonly page: { readonly next_cursor: string | null; readonly has_more: boolean };
  readonly errors: readonly unknown[];
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: AnsweredBody;
}

/** Whoever asks: a shop's number and permissions. */
export type Caller = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: object,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answered>;

export interface TestRoutes {
  readonly kit: TestDatabase;
  readonly platform: Platform;
  readonly journal: JournalWriter;
  /** Requests of one person of the shop. */
  as(tenantId: number, permissions: readonly Permission[]): Caller;
  close(): Promise<void>;
}

export async function openRoutes(modules: readonly ServerModule[]): Promise<TestRoutes> {
  const dataDir = mkdtempSync(join(tmpdir(), 'routes-'));
  const kit = await createTestDatabase({
    migrations: [...keyMigrations, ...journalMigrations, ...modules.flatMap((m) => m.migrations)],
  });
  const { database } = kit;
  const log = pino({ level: 'silent' });
  const now = Date.now;
  const keyring = await openKeyring({ database, dataDir, masterKey: randomBytes(32).toString('base64') });
  const journal = new JournalWriter({ database, projections: modules.flatMap((m) => m.projections), now });
  const subscriptions = new Subscriptions({
    database,
    journal,
    subscriptions: modules.flatMap((m) => m.subscriptions),
    tenants: async () => [],
    now,
    random: Math.random,
  });
  const platform: Platform = {
    config: readConfig({ DATA_DIR: dataDir }, '/'),
    log,
    database,
    journal,
    keyring,
    now,
    subscriptions,
  };
  const sessions = new Map<string, Session>();
  const http = await createHttp({
    log,
    version: '0.0.0',
    strict: true,
    authenticate: (token) => {
      const session = sessions.get(token);
      if (session === undefined) throw new Error('no such token');
      return session;
    },
  });
  for (const module of modules) module.routes?.(http.api, platform);

  return {
    kit,
    platform,
    journal,
    as(tenantId, permissions) {
      const token = randomBytes(8).toString('hex');
      sessions.set(token, {
        tenantId,
        tenant: {
          id: newId('ten'),
          name: 'Prueba',
          country: 'AR',
          currency: 'ARS',
          timeZone: 'America/Argentina/Buenos_Aires',
          locale: 'es',
        },
        userId: newId('usr'),
        sessionId: token,
        roleIds: ['manager'],
        permissions: new Set(permissions),
      });
      return async (method, url, body, headers = {}) => {
        const answer = await http.app.inject({
          method,
          url: `/api/v1${url}`,
          headers: { authorization: `Bearer ${token}`, ...headers },
          ...(body === undefined ? {} : { payload: body }),
        });
        return {
          status: answer.statusCode,
          headers: answer.headers,
          // What is no JSON (a picture, a PDF) stays text.
          body: /json/.test(String(answer.headers['content-type']))
            ? JSON.parse(answer.body)
            : answer.body || undefined,
        };
      };
    },
    close: async () => {
      await http.close(0);
      await journal.close();
      await keyring.close();
      await kit.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
