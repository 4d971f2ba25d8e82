/**
 * What a server module is, and what it may stand on. `modules.ts` lists the modules; `main.ts` composes them.
 */
import type { Logger } from 'pino';
import type { Config } from './config.js';
import type { Database, Migration } from './platform/database/index.js';
import type { Api } from './platform/http/index.js';
import type { Journal, Projection, Subscription, Subscriptions } from './platform/journal/index.js';
import type { Keyring } from './platform/keys/index.js';

/** Shared services, made once by the composition root. */
export interface Platform {
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  readonly journal: Journal;
  /** What a person may know of the readers that lag, and ask of them. */
  readonly subscriptions: Pick<Subscriptions, 'status' | 'deadLetters' | 'replay'>;
  readonly keyring: Keyring;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface ServerModule {
  readonly name: string;
  /** Forward-only, in order; see platform/database. */
  readonly migrations: readonly Migration[];
  readonly projections: readonly Projection[];
  readonly subscriptions: readonly Subscription[];
  /** Registers the module's routes. */
  routes?(api: Api, platform: Platform): void;
}
