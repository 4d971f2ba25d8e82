/**
 * What the rest of the server sees of the database. Every read and write runs as a role that row-level security
 * binds, under one tenant; what must cross tenants says so by its name (`call`, `owner`).
 */
import type pg from 'pg';

/** A forward-only step of the schema. `sql` may hold several statements; it runs once, in one transaction. */
export interface Migration {
  /** `0100-product`: four digits and a noun; sorted over all modules, unique, never edited once released. */
  readonly id: string;
  readonly sql: string;
}

/** A parametrised SQL statement; `name` prepares it once per connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface Result<R> {
  rows: R[];
  /** Rows touched; null where the command has no count. */
  rowCount: number | null;
}

/** A transaction under one tenant. Statements run in order; one that fails ends the transaction. */
export interface Tx {
  query<R = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Result<R>>;
  statement<R = Record<string, unknown>>(statement: Statement): Promise<Result<R>>;
}

/** The access to one database. Throws DatabaseUnavailable when it cannot be reached, pg's DatabaseError otherwise. */
export interface Database {
  /** One statement in one round trip, under the tenant's policies, read only. */
  read<R = Record<string, unknown>>(tenantId: number, statement: Statement): Promise<R[]>;
  /** BEGIN … COMMIT under the tenant; throws when COMMIT did not commit. `fn` may not be run twice, so it is not retried. */
  transaction<T>(tenantId: number, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** With no tenant set: tables show nothing, only SECURITY DEFINER functions answer. May write through them. */
  call<R = Record<string, unknown>>(statement: Statement): Promise<R[]>;
  /** The owner's connection, outside every policy: migrations, rebuild, backup, verify. Never in a request. */
  owner<T>(fn: (client: pg.Client) => Promise<T>): Promise<T>;
  /** A connection of its own, as the app role with `pipeline: true`; the caller ends it. */
  pipeline(): Promise<pg.Client>;
  /** Hears NOTIFY on a channel, also after the connection had to be made anew (then `fn` is called with '' once). */
  listen(channel: string, fn: (payload: string) => void): Promise<() => Promise<void>>;
  /** Finishes what runs, closes the connections and, where it was the last user of the embedded database, stops it. */
  close(): Promise<void>;
}

/** What `openDatabase` needs. */
export interface DatabaseOptions {
  /** Absent: the embedded database in `dataDir`. */
  readonly databaseUrl?: string | undefined;
  /** Absolute; created when missing. */
  readonly dataDir: string;
  readonly migrations: readonly Migration[];
  /**
   * `server` holds the data directory alone (a second one is refused); `tool` works beside a server or alone.
   * Either starts the embedded database when it does not run. Default: tool.
   */
  readonly user?: 'server' | 'tool' | undefined;
  /** One line of progress or trouble, for the log. */
  readonly log?:
    | ((level: 'info' | 'warn' | 'error', message: string, facts?: Record<string, unknown>) => void)
    | undefined;
}
