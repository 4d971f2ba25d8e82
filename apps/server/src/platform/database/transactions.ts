/**
 * Transactions under one tenant, on a small pool. They are not retried here: only the caller knows whether its work
 * may run twice.
 */
import pg from 'pg';
import { asUnavailable, type Source } from './connect.js';
import { DatabaseUnavailable, NotCommitted } from './errors.js';
import { toQuery } from './lanes.js';
import type { Result, Tx } from './types.js';

export class Transactions {
  readonly #pool: pg.Pool;
  readonly #source: Source;

  constructor(config: pg.PoolConfig, source: Source) {
    this.#source = source;
    this.#pool = new pg.Pool(config);
    // A connection that dies while idle is simply not used again.
    this.#pool.on('error', () => {});
  }

  async run<T>(tenantId: number, fn: (tx: Tx) => Promise<T>): Promise<T> {
    if (!Number.isSafeInteger(tenantId)) throw new TypeError('A tenant id is an integer');
    const client = await this.#connect();
    let broken: boolean | Error = false;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    try {
      return await this.#within(client, tenantId, fn);
    } catch (error) {
      const reached = asUnavailable(error);
      if (reached instanceof DatabaseUnavailable) broken ||= reached;
      throw reached;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #within<T>(client: pg.PoolClient, tenantId: number, fn: (tx: Tx) => Promise<T>): Promise<T> {
    let over = false;
    const send = async <R>(query: pg.QueryConfig): Promise<Result<R>> => {
      if (over) throw new Error('The transaction has ended');
      const { rows, rowCount } = await client.query(query);
      return { rows: rows as R[], rowCount };
    };
    await client.query(`BEGIN; SET LOCAL mostrador.tenant = '${tenantId}'`);
    let value: T;
    try {
      value = await fn({
        query: (text, values = []) => send({ text, values: values as unknown[] }),
        statement: (statement) => send(toQuery(statement)),
      });
    } catch (error) {
      over = true;
      await client.query('ROLLBACK');
      throw error;
    }
    over = true;
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT')
      throw new NotCommitted('The transaction was rolled back: one of its statements had failed');
    return value;
  }

  async #connect(): Promise<pg.PoolClient> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#pool.connect();
      } catch (cause) {
        const error = asUnavailable(cause);
        if (attempt > 0 || !this.#source.revive || !(error instanceof DatabaseUnavailable)) throw error;
        await this.#source.revive();
      }
    }
  }
}
