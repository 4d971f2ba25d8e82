/** Batches that are decided on memory before the head is locked, and what happens when memory was wrong. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../../test/database.js';
import { createTestJournal, note, notes, open, sell, type TestJournal } from '../../../test/journal.js';
import type { Flush } from '../database/flush.js';
import type { Database } from '../database/index.js';
import type { Proposal } from './types.js';
import { verify } from './verify.js';
import { JournalWriter } from './writer.js';

let t: TestJournal;
let tenants = 0;
const shop = () => ++tenants;
const writers: JournalWriter[] = [];

beforeAll(async () => {
  t = await createTestJournal();
});
afterAll(async () => {
  await Promise.all(writers.map((w) => w.close()));
  await t.drop();
});

/** A process of its own; `sent` gets the first words of each statement, a list a flush. */
function writer(sent: string[][] = []): JournalWriter {
  const database: Database = {
    ...t.database,
    pipeline: async () => {
      const client = await t.database.pipeline();
      const query = client.query.bind(client) as (flush: unknown) => unknown;
      const watched = (flush: unknown) => {
        if (typeof flush !== 'string') sent.push((flush as Flush).statements.map((s) => s.text.slice(0, 11)));
        return query(flush);
      };
      return Object.assign(client, { query: watched });
    },
  };
  const made = new JournalWriter({ database, projections: [notes], now: Date.now });
  writers.push(made);
  return made;
}

async function isSound(tenantId: number): Promise<void> {
  const report = await verify({ database: t.database, projections: [notes], subscriptions: [], tenants: [tenantId] });
  expect(report.checks.filter((c) => c.failed > 0)).toEqual([]);
}

const statuses = (journal: JournalWriter, tenant: number, proposals: readonly Proposal[]) =>
  Promise.all(proposals.map((p) => journal.commit(tenant, p))).then((results) => results.map((r) => r.status));

describe('a batch decided ahead', () => {
  it('[JR6] is written in one flush once this process knows the head', async () => {
    const [tenant, sent] = [shop(), [] as string[][]];
    const journal = writer(sent);
    await journal.commit(tenant, open('a', 10));
    sent.length = 0;
    expect(await statuses(journal, tenant, [sell('a', 1), sell('a', 2), open('new', 3)])).toEqual(
      Array(3).fill('committed'),
    );
    expect(sent.every((flush) => flush[0]?.startsWith('SELECT set_'))).toBe(true);
    await isSound(tenant);
  });

  it('[JR6] neither loses nor doubles anything when another process writes in between, and refuses nothing by what was', async () => {
    const tenant = shop();
    const [one, two] = [writer(), writer()];
    await one.commit(tenant, open('a', 1));
    expect(await statuses(one, tenant, [sell('a', 1)])).toEqual(['committed']);
    await two.commit(tenant, open('a', 5));
    // To the first process there is none left.
    expect(await statuses(one, tenant, [sell('a', 5)])).toEqual(['committed']);
    expect(await statuses(two, tenant, [sell('a', 1)])).toEqual(['rejected']);
    await isSound(tenant);
  });

  it('[JR6] refuses when nothing has changed, though nothing is written', async () => {
    const tenant = shop();
    const journal = writer();
    await journal.commit(tenant, open('a', 1));
    expect(await statuses(journal, tenant, [sell('a', 2), sell('a', 3)])).toEqual(['rejected', 'rejected']);
    expect(await statuses(journal, tenant, [sell('a', 2), sell('a', 1), sell('a', 1)])).toEqual([
      'rejected',
      'committed',
      'rejected',
    ]);
    await isSound(tenant);
  });

  it('[JR4] [JR5] answers a repeated proposal as before, also when it would be refused now', async () => {
    const tenant = shop();
    const journal = writer();
    await journal.commit(tenant, open('a', 4));
    const byId = sell('a', 2);
    const byKey = { ...sell('a', 2), key: 'a foreign key' };
    expect(await statuses(journal, tenant, [byId, byKey])).toEqual(['committed', 'committed']);
    // Repeated alone they are refused by the ledger at first, and found; beside another they meet an index.
    const again = { ...byKey, id: sell('a', 2).id };
    expect(await statuses(journal, tenant, [byId, again])).toEqual(['duplicate', 'duplicate']);
    expect(await statuses(journal, tenant, [note('x', 'x'), byId, again])).toEqual([
      'committed',
      'duplicate',
      'duplicate',
    ]);
    await journal.commit(tenant, open('a', 10));
    expect(await statuses(journal, tenant, [sell('a', 1), byId, again])).toEqual([
      'committed',
      'duplicate',
      'duplicate',
    ]);
    const other = { ...byId, digest: byKey.digest.replace(/./, (c) => (c === '0' ? '1' : '0')) };
    expect(await journal.commit(tenant, other)).toMatchObject({ rejection: { code: 'id_reused' } });
    await isSound(tenant);
  });

  it('[JR8] blames the one that meets a constraint, and writes its neighbours', async () => {
    const tenant = shop();
    const journal = writer();
    await journal.commit(tenant, note('a', 'taken'));
    expect(await statuses(journal, tenant, [note('b', 'b'), note('c', 'taken'), note('d', 'd')])).toEqual([
      'committed',
      'rejected',
      'committed',
    ]);
    await isSound(tenant);
  });

  it('[JR2] [JR6] two processes that take turns for every sale stay gapless and sell what there is', async () => {
    const tenant = shop();
    const [one, two] = [writer(), writer()];
    await one.commit(tenant, open('a', 60));
    let sold = 0;
    for (let i = 0; i < 40; i++) {
      const done = await Promise.all([one.commit(tenant, sell('a', 1)), two.commit(tenant, sell('a', 1))]);
      sold += done.filter((r) => r.status === 'committed').length;
    }
    expect(sold).toBe(60);
    expect(await t.journal.head(tenant)).toBe(61);
    await isSound(tenant);
  });

  it('[JR3] [JR4] answers a refused proposal by what was before it, not by its own repetition further on', async () => {
    const tenant = shop();
    const journal = writer();
    await journal.commit(tenant, open('a', 1));
    const early = sell('a', 5);
    expect(await statuses(journal, tenant, [early, open('a', 9), early, early])).toEqual([
      'rejected',
      'committed',
      'committed',
      'duplicate',
    ]);
    await isSound(tenant);
  });

  it('[JR11] waits for no connection but its own, which ends when it does not answer', async () => {
    const tenant = shop();
    const silent: Database = { ...t.database, read: () => new Promise<never>(() => {}) };
    const journal = new JournalWriter({ database: silent, projections: [notes], now: Date.now });
    await journal.commit(tenant, open('a', 1));
    expect(await statuses(journal, tenant, [open('b', 1), sell('a', 1)])).toEqual(['committed', 'committed']);
    await journal.close();
    await isSound(tenant);
  });

  it('[JR6] [JR10] [JR11] a backend killed at any flush, before or after it has written, loses and doubles nothing', async () => {
    const tenant = shop();
    const kills: Promise<unknown>[] = [];
    let flushes = 0;
    const database: Database = {
      ...t.database,
      pipeline: async () => {
        const client = await t.database.pipeline();
        const query = client.query.bind(client) as (flush: unknown) => unknown;
        const pid = (client as unknown as { processID: number }).processID;
        const ours =
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid = $1';
        const kill = () => kills.push(withClient(t.url, (c) => c.query(ours, [pid])));
        const killing = (sent: unknown) => {
          // An attempt takes up to four flushes: with these periods each of them is met, and none for ever.
          const n = typeof sent === 'string' ? 0 : ++flushes;
          if (n % 5 === 1) kill();
          if (n % 7 === 3) {
            const flush = sent as Flush;
            flush.handleReadyForQuery = () => {
              kill();
              client.connection.stream.destroy();
              flush.handleError(new Error('Connection terminated unexpectedly'));
            };
          }
          return query(sent);
        };
        return Object.assign(client, { query: killing });
      },
    };
    const made = new JournalWriter({ database, projections: [notes], now: Date.now, patienceMs: 60_000 });
    const other = writer();
    writers.push(made);
    await other.commit(tenant, open('a', 12));
    const results: string[] = [];
    for (let i = 0; i < 4; i++) {
      const sales = Array.from({ length: 3 }, () => sell('a', 1));
      results.push(...(await statuses(made, tenant, sales)));
      if (i % 2 === 1) results.push(...(await statuses(other, tenant, [sell('a', 1)])));
    }
    await Promise.all(kills);
    expect(results.filter((r) => r !== 'rejected')).toHaveLength(12);
    expect(await t.journal.head(tenant)).toBe(13);
    await isSound(tenant);
  });
});
