/** A journal on a test database, with a projection and a subscription to look at, and short ways to make proposals. */
import { createHash, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { AccountRef, MoveTransfer, Transfer } from '@mostrador/domain/ledger';
import { type Database, type Migration, openDatabase } from '../src/platform/database/index.js';
import {
  type JournalOptions,
  JournalWriter,
  journalMigrations,
  type Projection,
  type Proposal,
  type Subscription,
} from '../src/platform/journal/index.js';
import { createTestDatabase, type TestDatabase, urlOf, withClient } from './database.js';

const tables: Migration = {
  id: '9000-test',
  sql: `
CREATE TABLE test_note (tenant_id integer NOT NULL, subject text NOT NULL, text text NOT NULL, seq bigint NOT NULL, PRIMARY KEY (tenant_id, subject));
CREATE UNIQUE INDEX test_note_text ON test_note (tenant_id, text);
SELECT mostrador_protect('test_note');
CREATE TABLE test_count (tenant_id integer NOT NULL, subject text NOT NULL, n bigint NOT NULL, PRIMARY KEY (tenant_id, subject));
SELECT mostrador_protect('test_count');`,
};

export const testMigrations: readonly Migration[] = [...journalMigrations, tables];

export const notes: Projection = {
  name: 'note',
  tables: ['test_note'],
  types: ['note.written'],
  statements: (tenantId, events) => [
    {
      text: `INSERT INTO test_note (tenant_id, subject, text, seq) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[])
ON CONFLICT (tenant_id, subject) DO UPDATE SET text = excluded.text, seq = excluded.seq`,
      values: [
        tenantId,
        events.map((e) => e.subject),
        events.map((e) => String(e.payload.text)),
        events.map((e) => e.seq),
      ],
    },
  ],
};

/** Counts notes; refuses those whose text is in `broken`, as a reader with a fault would. */
export function counter(broken: ReadonlySet<string>): Subscription {
  return {
    name: 'count',
    types: ['note.written'],
    tables: ['test_count'],
    handle: async (tx, tenantId, events) => {
      for (const event of events) {
        if (broken.has(String(event.payload.text))) throw new Error(`cannot count ${String(event.payload.text)}`);
        await tx.query(
          'INSERT INTO test_count AS c VALUES ($1, $2, 1) ON CONFLICT (tenant_id, subject) DO UPDATE SET n = c.n + 1',
          [tenantId, event.subject],
        );
      }
    },
  };
}

export interface TestJournal extends TestDatabase {
  readonly journal: JournalWriter;
  /** Another process's writer on the same database. */
  another(options?: Partial<JournalOptions>): Promise<{ journal: JournalWriter; database: Database }>;
  /** Lets go of the database for good, so that it can be copied. */
  freeze(): Promise<void>;
  /** A copy of the frozen database; drop it yourself. */
  copy(): Promise<{ database: Database; drop(): Promise<void> }>;
}

export async function createTestJournal(options: Partial<JournalOptions> = {}): Promise<TestJournal> {
  const test = await createTestDatabase({ migrations: testMigrations });
  const opened: { journal: JournalWriter; database: Database }[] = [];
  const writer = (database: Database, o: Partial<JournalOptions>) =>
    new JournalWriter({ database, projections: [notes], now: Date.now, ...o });
  const journal = writer(test.database, options);
  let frozen = false;
  return {
    ...test,
    journal,
    freeze: async () => {
      if (frozen) return;
      frozen = true;
      await journal.close();
      await test.database.close();
    },
    copy: async () => {
      const name = `${new URL(test.url).pathname.slice(1)}_copy_${randomBytes(3).toString('hex')}`;
      const from = new URL(test.url).pathname.slice(1);
      const server = urlOf(test.url, 'postgres');
      await withClient(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${from}`));
      const database = await openDatabase({
        databaseUrl: urlOf(test.url, name),
        dataDir: tmpdir(),
        migrations: testMigrations,
      });
      const drop = async () => {
        await database.close();
        await withClient(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
      };
      return { database, drop };
    },
    another: async (o = {}) => {
      const database = await test.open();
      const other = { journal: writer(database, { ...options, ...o }), database };
      opened.push(other);
      return other;
    },
    drop: async () => {
      if (!frozen) await journal.close();
      for (const other of opened) {
        await other.journal.close();
        await other.database.close();
      }
      await test.drop();
    },
  };
}

export function uuid7(now = Date.now()): string {
  const b = randomBytes(16);
  b.writeUIntBE(now, 0, 6);
  b[6] = ((b[6] as number) & 0x0f) | 0x70;
  b[8] = ((b[8] as number) & 0x3f) | 0x80;
  const h = b.toString('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

export const digestOf = (content: string): string => createHash('sha256').update(content).digest('hex');

export const stock = (item: string, owner = 'loc_1'): AccountRef => ({ kind: 'stock', owner, item, unit: 'milli' });
export const sold: AccountRef = { kind: 'sold', owner: 'loc_1', item: '', unit: 'milli' };
export const opening: AccountRef = { kind: 'opening', owner: 'loc_1', item: '', unit: 'milli' };

export const direct = (
  id: string,
  debit: AccountRef,
  credit: AccountRef,
  amount: number,
  more: Partial<MoveTransfer> = {},
): Transfer => ({
  kind: 'direct',
  id,
  debit,
  credit,
  amount,
  cause: 'sale',
  ...more,
});

/** A proposal with one note; `content` is what its digest stands for. */
export function note(subject: string, text: string, more: Partial<Proposal> = {}): Proposal {
  return {
    id: uuid7(),
    digest: digestOf(`${subject}/${text}`),
    actor: 'usr_test',
    events: [{ type: 'note.written', subject, payload: { text } }],
    ...more,
  };
}

/** Puts stock on the shelf. */
export const open = (item: string, amount: number): Proposal => {
  const id = uuid7();
  return note(`open-${id}`, `open ${item} ${id}`, {
    id,
    transfers: [direct(`${id}/0`, stock(item), opening, amount, { cause: 'opening' })],
  });
};

/** Takes stock and draws a number. */
export const sell = (item: string, amount: number, more: Partial<Proposal> = {}): Proposal => {
  const id = uuid7();
  return note(`sale-${id}`, `sell ${item} ${id}`, {
    id,
    transfers: [direct(`${id}/0`, sold, stock(item), amount)],
    events: [
      {
        type: 'note.written',
        subject: `sale-${id}`,
        payload: { text: `sell ${item} ${id}` },
        number: { series: 'receipt/loc_1', field: 'receiptNumber', prefix: 'A-' },
      },
    ],
    ...more,
  });
};
