/**
 * Puts the platform together for whoever needs it: the server (app.ts), the command line (cli.ts), tests and bench. Opening
 * brings the schema forward, checks the master key and gives a journal with the projections of all modules.
 */
import pino, { type Logger } from 'pino';
import type { Config } from './config.js';
import type { Platform, ServerModule } from './module.js';
import { listTenants } from './modules/tenant/index.js';
import { modules as allModules } from './modules.js';
import { openDatabase } from './platform/database/index.js';
import {
  type JournalOptions,
  JournalWriter,
  journalMigrations,
  type Projection,
  type Subscription,
  Subscriptions,
} from './platform/journal/index.js';
import { keyMigrations, openKeyring } from './platform/keys/index.js';

export interface OpenOptions {
  /** A server holds the data directory alone; a tool works beside it. Default: tool. */
  readonly user?: 'server' | 'tool';
  readonly log?: Logger;
  readonly modules?: readonly ServerModule[];
  readonly now?: () => number;
  /** For measurements. */
  readonly journal?: Pick<JournalOptions, 'batchMax' | 'inFlightMax' | 'connectionsMax' | 'memory'>;
}

export interface OpenPlatform extends Platform {
  readonly journal: JournalWriter;
  readonly subscriptions: Subscriptions;
  readonly modules: readonly ServerModule[];
  readonly projections: readonly Projection[];
  readonly readers: readonly Subscription[];
  /** Finishes what was accepted, then lets go of the database. */
  close(): Promise<void>;
}

/** Throws DatabaseUnusable or MasterKeyRefused with what to do. Subscriptions are made, not started. */
export async function openPlatform(config: Config, options: OpenOptions = {}): Promise<OpenPlatform> {
  const log = options.log ?? pino({ level: config.logLevel });
  const modules = options.modules ?? allModules;
  const now = options.now ?? Date.now;
  const tell = (level: 'info' | 'warn' | 'error', message: string, facts: Record<string, unknown> = {}) =>
    log[level](facts, message);
  const database = await openDatabase({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    migrations: [...keyMigrations, ...journalMigrations, ...modules.flatMap((m) => m.migrations)],
    user: options.user ?? 'tool',
    log: tell,
  });
  try {
    const keyring = await openKeyring({ database, dataDir: config.dataDir, masterKey: config.masterKey, now });
    const projections = modules.flatMap((m) => m.projections);
    const readers = modules.flatMap((m) => m.subscriptions);
    const journal = new JournalWriter({ database, projections, now, log: tell, ...options.journal });
    const parts = { config, log, database, keyring, journal, now, modules, projections, readers };
    const subscriptions: Subscriptions = new Subscriptions({
      database,
      journal,
      subscriptions: readers,
      tenants: async () => (await listTenants(parts)).map((t) => t.tenantId),
      now,
      random: Math.random,
      log: tell,
    });
    const close = async () => {
      await subscriptions.stop();
      await journal.close();
      await keyring.close();
      await database.close();
    };
    return { ...parts, subscriptions, close };
  } catch (error) {
    await database.close();
    throw error;
  }
}
