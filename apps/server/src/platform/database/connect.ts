/**
 * How connections are made: as the role that row-level security binds, or as the owner; and how values come back.
 * A source is where they go to; the embedded database may have to be started anew before one succeeds.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DatabaseUnavailable, DatabaseUnusable } from './errors.js';

/** The role of every request. Owns nothing, may bypass nothing. */
export const appRole = 'mostrador_app';
/** Owns the functions that look across tenants. */
export const definerRole = 'mostrador_definer';

/** Names this process among the connections of a database; another with the same number may run elsewhere. */
export const instance = `${process.pid}-${randomBytes(3).toString('hex')}`;

/** Where connections go. */
export interface Source {
  /** A PostgreSQL URL; a socket's folder stands in `?host=`. */
  readonly url: () => string;
  /** Brings the database back when it is ours to start; resolves when trying again makes sense. */
  readonly revive?: () => Promise<void>;
}

type Parser = (text: string) => unknown;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a safe integer`);
  return value;
}

const { builtins } = pg.types;
/** The type of int8[]; pg names no array types. */
const int8Array: number = 1016;
const integers = pg.types.getTypeParser(int8Array as typeof builtins.INT8, 'text') as (
  text: string,
) => (string | null)[];
const parsers = new Map<number, Parser>([
  [builtins.INT8, safeInteger],
  [int8Array, (text) => integers(text).map((item) => (item === null ? null : safeInteger(item)))],
  // A calendar day has no time zone; a Date would shift it.
  [builtins.DATE, (text) => text],
]);

/** int8 as safe numbers (an unsafe one fails the query), `date` as 'YYYY-MM-DD', json parsed, timestamptz as Date. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : parsers.get(oid);
    return own ?? pg.types.getTypeParser(oid, format as 'text');
  },
} as NonNullable<pg.ClientConfig['types']>;

/** Adds startup options (`-c name=value`) to those that the URL may already have, and our name. */
function withOptions(url: string, use: 'app' | 'owner', settings: Record<string, string>): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new DatabaseUnusable('DATABASE_URL is no URL. Its form is postgres://user:password@host:5432/database');
  }
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const given = parsed.searchParams.get('options');
  if (given) options.unshift(given);
  parsed.searchParams.set('options', options.join(' '));
  parsed.searchParams.set('application_name', `mostrador-${use} ${instance}`);
  return parsed.href;
}

const connectMillis = 10_000;

/** For requests: bound by row-level security. `settings` are further startup settings. */
export function appConfig(url: string, settings: Record<string, string> = {}): pg.ClientConfig {
  return {
    connectionString: withOptions(url, 'app', { role: appRole, search_path: 'public', ...settings }),
    types,
    keepAlive: true,
    connectionTimeoutMillis: connectMillis,
  };
}

/** For migrations, backup and the like: the role of the URL itself, past the tenants' policies. */
export function ownerConfig(url: string): pg.ClientConfig {
  return {
    connectionString: withOptions(url, 'owner', { search_path: 'public', 'mostrador.owner': 'on' }),
    types,
    keepAlive: true,
    connectionTimeoutMillis: connectMillis,
  };
}

/**
 * Connects a client. Its later 'error' events are swallowed here, since every query in flight fails by itself and
 * an event without a listener would end the process.
 */
export async function connect(config: pg.ClientConfig, source: Source): Promise<pg.Client> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client(config);
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (cause) {
      await client.end().catch(() => {});
      const error = asUnavailable(cause);
      if (attempt > 0 || !source.revive || !(error instanceof DatabaseUnavailable)) throw error;
      await source.revive();
    }
  }
}

const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_DESTROYED',
  // Shutting down, crashed, starting up, too many connections.
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);
const lostMessages =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout expire|timeout exceeded when trying to connect)/;

/** DatabaseUnavailable for what means that the server is not there; anything else unchanged. */
export function asUnavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseUnavailable) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (socketCodes.has(code) || code.startsWith('08') || lostMessages.test(error.message)) {
    return new DatabaseUnavailable(`The database cannot be reached: ${error.message || code}`, { cause: error });
  }
  return error;
}
