/**
 * Several statements in one write and one answer: all their messages, then a single Sync. The driver sends a Sync with each
 * query, so that the database's process flushes its answer, and both sides wake each other, once a statement; on a small
 * machine that costs a sale more than its rows do.
 *
 * Statements up to the Sync that are not within BEGIN … COMMIT are one transaction: an error undoes all of them. Within
 * BEGIN … COMMIT an error leaves a failed transaction, which the caller ends with ROLLBACK.
 */
import pg from 'pg';
import type { Statement } from './types.js';
import { Wire } from './wire.js';

export interface Flushed {
  readonly rows: Record<string, unknown>[];
  /** What the statement was: `SELECT`, `COMMIT`, `ROLLBACK` … */
  command: string;
}

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

type Column = readonly [name: string, parse: (text: string) => unknown];

/** A statement that this connection has prepared. Its columns are told once. */
interface Prepared {
  readonly text: string;
  columns: readonly Column[] | undefined;
}

interface Known {
  readonly prepared: Map<string, Prepared>;
  /** Were sent with something that failed, so that nobody knows whether they were prepared. */
  readonly doubtful: Set<string>;
}

/** A prepared statement is gone, or its rows have changed. */
const OUTDATED: ReadonlySet<unknown> = new Set(['26000', '0A000']);

const connections = new WeakMap<pg.Client, Known>();
const wire = new Wire();

/** Sends all statements at once. Resolves when all were done; rejects with the first error, after which none was tried. */
export function flush(client: pg.Client, statements: readonly Statement[]): Promise<Flushed[]> {
  return new Promise((resolve, reject) => {
    client.query(new Flush(client, statements, resolve, reject) as unknown as pg.Submittable);
  });
}

function knownOf(client: pg.Client): Known {
  let known = connections.get(client);
  if (known === undefined) {
    known = { prepared: new Map(), doubtful: new Set() };
    connections.set(client, known);
  }
  return known;
}

/** A query to the driver, which in pipeline mode takes no other than its own kind. */
export class Flush extends pg.Query {
  readonly #known: Known;
  readonly #results: Flushed[] = [];
  /** What each statement's rows look like, in the order in which they are answered. */
  readonly #shapes: Prepared[] = [];
  readonly #parsed: string[] = [];
  #current: Flushed = { rows: [], command: '' };
  #unreadable: unknown;

  constructor(
    private readonly client: pg.Client,
    readonly statements: readonly Statement[],
    private readonly resolve: (results: Flushed[]) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    super('');
    this.#known = knownOf(client);
  }

  override readonly submit = (connection: pg.Connection): Error | null => {
    try {
      for (const statement of this.statements) this.#write(statement);
      connection.stream.write(wire.sync());
      return null;
    } catch (error) {
      wire.reset();
      // At once: the driver tells `handleError` only after what was asked for meanwhile is sent.
      this.#doubt(this.#parsed);
      return error instanceof Error ? error : new Error(String(error));
    }
  };

  #write({ name = '', text, values }: Statement): void {
    const { prepared, doubtful } = this.#known;
    let shape = name === '' ? undefined : prepared.get(name);
    if (shape !== undefined && shape.text !== text) throw new Error(`there are two statements of the name ${name}`);
    const fresh = shape === undefined;
    if (shape === undefined) {
      shape = { text, columns: undefined };
      if (name !== '') {
        if (doubtful.delete(name)) wire.closeStatement(name);
        prepared.set(name, shape);
        this.#parsed.push(name);
      }
      wire.parse(name, text);
    }
    wire.bind(name, values);
    if (fresh) wire.describe();
    wire.execute();
    this.#shapes.push(shape);
  }

  handleRowDescription({ fields }: { fields: readonly Field[] }): void {
    const shape = this.#shapes[this.#results.length];
    if (shape === undefined) return;
    shape.columns = fields.map((f) => [f.name, this.client.getTypeParser(f.dataTypeID, 'text')]);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    if (this.#unreadable !== undefined) return;
    try {
      const columns = this.#shapes[this.#results.length]?.columns;
      if (columns === undefined) throw new Error('a row came before its columns were told');
      const row: Record<string, unknown> = {};
      for (let i = 0; i < columns.length; i++) {
        const [name, parse] = columns[i] as Column;
        const text = fields[i] ?? null;
        row[name] = text === null ? null : parse(text);
      }
      this.#current.rows.push(row);
    } catch (error) {
      this.#unreadable = error;
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const end = text.indexOf(' ');
    this.#current.command = end < 0 ? text : text.slice(0, end);
    this.#next();
  }

  handleEmptyQuery(): void {
    this.#next();
  }

  #next(): void {
    this.#results.push(this.#current);
    this.#current = { rows: [], command: '' };
  }

  handleError(error: unknown): void {
    const code = (error as { code?: unknown } | null)?.code;
    // It does not say which; a connection that is kept would fail with it for ever.
    this.#doubt(OUTDATED.has(code) ? this.#known.prepared.keys() : this.#parsed);
    this.reject(this.#unreadable ?? error);
  }

  #doubt(names: Iterable<string>): void {
    for (const name of names) {
      this.#known.prepared.delete(name);
      this.#known.doubtful.add(name);
    }
  }

  handleReadyForQuery(): void {
    if (this.#unreadable === undefined) this.resolve(this.#results);
    else this.reject(this.#unreadable);
  }
}
