/**
 * Reads share a few connections: each sends the tenant and its statement in one flush, which is one transaction, and does
 * not wait for its neighbours' answers. An answer that takes long holds up those behind it, so statements that proved
 * slow go on lanes of their own.
 */
import type pg from 'pg';
import { asUnavailable, connect, type Source } from './connect.js';
import { DatabaseUnavailable } from './errors.js';
import { flush } from './flush.js';
import type { Statement } from './types.js';

const slowMillis = 15;
const statementsRemembered = 2_000;

/** Holds until the flush ends. A name for the text, so that it is prepared once. */
function readingAs(tenantId: number): Statement {
  return {
    name: 'read_as',
    text: "SELECT set_config('mostrador.tenant', $1, true), set_config('transaction_read_only', 'on', true)",
    values: [String(tenantId)],
  };
}

interface Lane {
  client: Promise<pg.Client> | undefined;
  open: pg.Client | undefined;
  waiting: number;
  /** When it last answered. Answers come in order, so what one took began no earlier. */
  answered: number;
}

function lane(): Lane {
  return { client: undefined, open: undefined, waiting: 0, answered: 0 };
}

export class Lanes {
  readonly #config: () => pg.ClientConfig;
  readonly #source: Source;
  readonly #fast: Lane[];
  readonly #slow: Lane[];
  /** Running mean of each statement's time in ms, by its name or text; the oldest is forgotten first. */
  readonly #millis = new Map<string, number>();
  #closed = false;

  constructor(config: () => pg.ClientConfig, source: Source, counts: { fast: number; slow: number }) {
    this.#config = config;
    this.#source = source;
    this.#fast = Array.from({ length: counts.fast }, lane);
    this.#slow = Array.from({ length: counts.slow }, lane);
  }

  /** One statement in a read-only transaction of the tenant. */
  read<R>(tenantId: number, statement: Statement): Promise<R[]> {
    if (!Number.isSafeInteger(tenantId)) throw new TypeError('A tenant id is an integer');
    return this.#run(statement, async (client) => {
      const results = await flush(client, [readingAs(tenantId), statement]);
      return results[1]?.rows as R[];
    });
  }

  /** One statement by itself with no tenant set. */
  call<R>(statement: Statement): Promise<R[]> {
    return this.#run(statement, async (client) => (await flush(client, [statement]))[0]?.rows as R[]);
  }

  /** Ends the connections once what was asked is answered. */
  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#fast, ...this.#slow];
    await Promise.all(all.map(async (l) => (await l.client?.catch(() => undefined))?.end().catch(() => {})));
  }

  async #run<T>(statement: Statement, send: (client: pg.Client) => Promise<T>): Promise<T> {
    if (this.#closed) throw new DatabaseUnavailable('The database is being closed');
    const key = statement.name ?? statement.text;
    const lanes = (this.#millis.get(key) ?? 0) > slowMillis ? this.#slow : this.#fast;
    const chosen = lanes.reduce((best, l) => (l.waiting < best.waiting ? l : best));
    chosen.waiting++;
    try {
      for (let attempt = 0; ; attempt++) {
        const client = chosen.open ?? (await this.#open(chosen));
        const sent = performance.now();
        try {
          const result = await send(client);
          const now = performance.now();
          this.#note(key, now - Math.max(sent, chosen.answered));
          chosen.answered = now;
          return result;
        } catch (error) {
          const reached = asUnavailable(error);
          const code = (reached as { code?: string }).code;
          if (reached instanceof DatabaseUnavailable) this.#drop(chosen, client);
          // A prepared statement that is gone or whose table was exchanged: a new connection prepares it anew.
          else if (attempt === 0 && (code === '26000' || code === '0A000')) {
            this.#drop(chosen, client);
            continue;
          }
          throw reached;
        }
      }
    } finally {
      chosen.waiting--;
    }
  }

  async #open(chosen: Lane): Promise<pg.Client> {
    chosen.client ??= connect(this.#config(), this.#source).then(
      (client) => {
        chosen.open = client;
        client.once('end', () => this.#drop(chosen, client));
        return client;
      },
      (error) => {
        chosen.client = undefined;
        throw error;
      },
    );
    return chosen.client;
  }

  #drop(chosen: Lane, client: pg.Client): void {
    if (chosen.open !== client) return;
    chosen.open = undefined;
    chosen.client = undefined;
    client.end().catch(() => {});
  }

  #note(key: string, millis: number): void {
    const before = this.#millis.get(key);
    this.#millis.delete(key);
    this.#millis.set(key, before === undefined ? millis : before * 0.8 + millis * 0.2);
    if (this.#millis.size > statementsRemembered) {
      for (const oldest of this.#millis.keys()) {
        this.#millis.delete(oldest);
        break;
      }
    }
  }
}

/** pg wants a mutable array and no `name` key without a name. */
export function toQuery(statement: Statement): pg.QueryConfig {
  const query = { text: statement.text, values: statement.values as unknown[] };
  return statement.name === undefined ? query : { ...query, name: statement.name };
}
