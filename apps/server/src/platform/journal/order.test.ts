/** Who proposes a receipt and then its sale does not wait in between: the first must be decided first. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestJournal, open, sell, type TestJournal } from '../../../test/journal.js';
import type { Database } from '../database/index.js';
import { JournalWriter } from './writer.js';

let t: TestJournal;

beforeAll(async () => {
  t = await createTestJournal();
});
afterAll(() => t.drop());

/** Its first connection is slow, so that the second is always ahead of it. */
function slowAtFirst(database: Database): Database {
  let made = 0;
  return {
    ...database,
    pipeline: async () => {
      const client = await database.pipeline();
      if (made++ > 0) return client;
      const query = client.query.bind(client) as (config: unknown) => Promise<pg.QueryResult>;
      const slow = (config: unknown) => new Promise((go) => setTimeout(go, 50)).then(() => query(config));
      return Object.assign(client, { query: slow });
    },
  };
}

describe('the writer', () => {
  it('[JR3] decides proposals in their order, over whatever connections', async () => {
    const journal = new JournalWriter({
      database: slowAtFirst(t.database),
      projections: [],
      now: Date.now,
      batchMax: 1,
    });
    const proposals = Array.from({ length: 10 }, (_, i) => [open(`item-${i}`, 1000), sell(`item-${i}`, 1000)]).flat();
    const results = await Promise.all(proposals.map((proposal) => journal.commit(1, proposal)));
    expect(results.map((result) => result.status)).toEqual(proposals.map(() => 'committed'));
    const order = (await journal.eventsAfter(1, 0, 100)).map((event) => event.commitId);
    expect(order).toEqual(proposals.map((proposal) => proposal.id));
    await journal.close();
  });
});
