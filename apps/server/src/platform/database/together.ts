/**
 * Sends what is asked of a pipelined connection in one write. Each query would else be a write of its own, and each wakes
 * the database's process, which on a small machine takes the processor from the one that is still writing.
 */
import type pg from 'pg';

/** Runs `ask`, which sends queries without waiting, and puts their bytes on the wire together. */
export function together<T>(client: pg.Client, ask: () => T): T {
  const { stream } = client.connection;
  stream.cork();
  try {
    return ask();
  } finally {
    stream.uncork();
  }
}
