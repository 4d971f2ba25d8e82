import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  counter,
  createTestJournal,
  direct,
  note,
  notes,
  open,
  opening,
  sell,
  sold,
  stock,
  type TestJournal,
  uuid7,
} from '../../../test/journal.js';
import { Subscriptions } from './subscriptions.js';
import { compareWhole, verify } from './verify.js';
import { journalChecks, ledgerChecks } from './verify-checks.js';

const reader = counter(new Set());
let t: TestJournal;

beforeAll(async () => {
  t = await createTestJournal();
});
afterAll(() => t.drop());

const failing = async () => {
  const report = await verify({ database: t.database, projections: [notes], subscriptions: [reader], tenants: [1] });
  expect(report.ok).toBe(report.checks.every((c) => c.failed === 0));
  return report.checks.filter((c) => c.failed > 0).map((c) => c.name);
};

/** A shop with a bit of everything: sales, a pending transfer that was posted, one that is open, one voided. */
async function fill(): Promise<void> {
  await t.journal.commit(1, open('a', 100));
  await t.journal.commit(1, open('b', 100));
  const two = uuid7();
  const moves = [1, 2].map((amount, n) => direct(`${two}/${n}`, stock('a'), opening, amount));
  await t.journal.commit(1, note('two', 'two', { id: two, transfers: moves }));
  for (let i = 0; i < 5; i++) await t.journal.commit(1, sell('a', 1));
  for (const end of ['post', 'void', undefined] as const) {
    const id = uuid7();
    await t.journal.commit(
      1,
      note(`r-${id}`, id, { id, transfers: [direct(`${id}/0`, sold, stock('a'), 2, { kind: 'pending' })] }),
    );
    if (end === undefined) continue;
    const ending = uuid7();
    await t.journal.commit(
      1,
      note(`e-${id}`, ending, { id: ending, transfers: [{ kind: end, id: `${ending}/0`, pendingId: `${id}/0` }] }),
    );
  }
  await t.journal.commit(1, note('keyed', 'keyed', { key: 'abc' }));
  const made = new Subscriptions({
    database: t.database,
    journal: t.journal,
    subscriptions: [reader],
    tenants: async () => [],
    now: Date.now,
    random: () => 0,
  });
  await made.drain(1);
}

/** Each is done, seen by verify, and undone by its transaction's own inverse: the shop is copied beforehand. */
const CORRUPTIONS: readonly { what: string; sql: string; found: readonly string[] }[] = [
  {
    what: 'a balance',
    sql: "UPDATE ledger_account SET debits_posted = debits_posted + 5 WHERE kind = 'stock'",
    found: ['ledger_balance_is_fold', 'ledger_debits_are_credits'],
  },
  {
    what: 'a gap in seq',
    sql: 'DELETE FROM journal_event WHERE seq = 4',
    found: ['journal_seq_gapless', 'journal_hash_chain'],
  },
  {
    what: 'a lost tail',
    sql: 'DELETE FROM journal_event WHERE seq = (SELECT max(seq) FROM journal_event)',
    found: ['journal_seq_gapless', 'journal_hash_chain'],
  },
  {
    what: 'a changed event',
    sql: `UPDATE journal_event SET payload = '{"text":"forged"}' WHERE seq = 3`,
    found: ['journal_hash_chain'],
  },
  {
    what: 'a changed author',
    sql: "UPDATE journal_event SET actor = 'usr_other' WHERE seq = 3",
    found: ['journal_hash_chain'],
  },
  {
    what: 'an edited projection',
    sql: "UPDATE test_note SET text = 'forged' WHERE subject = 'keyed'",
    found: ['projection_test_note'],
  },
  {
    what: 'a lost row of a projection',
    sql: "DELETE FROM test_note WHERE subject = 'keyed'",
    found: ['projection_test_note'],
  },
  {
    what: "an edited reader's table",
    sql: "UPDATE test_count SET n = n + 1 WHERE subject = 'keyed'",
    found: ['projection_test_count'],
  },
  {
    what: 'a double post',
    sql: `DROP INDEX ledger_transfer_end;
INSERT INTO ledger_transfer (tenant_id, seq, n, kind, cause, debit_account, credit_account, amount, released, pending_id)
SELECT tenant_id, seq, n + 1, kind, cause, debit_account, credit_account, amount, released, pending_id FROM ledger_transfer WHERE kind = 2`,
    found: ['ledger_pending_ends_once', 'ledger_balance_is_fold', 'journal_hash_chain'],
  },
  {
    what: 'a pending transfer that is said to be open',
    sql: "UPDATE ledger_pending SET state = 'open' WHERE state = 'voided'",
    found: ['ledger_pending_ends_once'],
  },
  {
    what: 'a changed transfer',
    sql: 'UPDATE ledger_transfer SET amount = amount + 1 WHERE seq = 2',
    found: ['ledger_balance_is_fold', 'journal_hash_chain'],
  },
  {
    what: 'a transfer of two units',
    sql: "UPDATE ledger_account SET unit = 'ARS' WHERE kind = 'opening'",
    found: ['ledger_units_match', 'ledger_debits_are_credits'],
  },
  {
    what: 'two articles that have changed places',
    sql: `UPDATE ledger_account SET item = 'c' WHERE item = 'a'; UPDATE ledger_account SET item = 'a' WHERE item = 'b';
UPDATE ledger_account SET item = 'b' WHERE item = 'c'`,
    found: ['journal_hash_chain'],
  },
  {
    what: 'a transfer that hides in the words of the next',
    sql: `CREATE TEMP TABLE two AS SELECT * FROM ledger_transfer WHERE seq = 3;
DELETE FROM ledger_transfer WHERE seq = 3 AND n = 0;
UPDATE ledger_transfer t SET cause = concat_ws(',', o.cause, o.debit_account, o.credit_account, o.amount, o.released, '', '', '') || ';0,' || t.cause
FROM two o WHERE o.n = 0 AND t.seq = 3`,
    found: ['journal_hash_chain'],
  },
  {
    what: 'a reservation that has grown',
    sql: "UPDATE ledger_pending SET amount = amount + 1 WHERE state = 'open'",
    found: ['ledger_pending_as_reserved'],
  },
  {
    what: 'a reservation that lasts for ever',
    sql: "UPDATE ledger_pending SET expires_at = now() WHERE state = 'open'",
    found: ['ledger_pending_as_reserved'],
  },
  {
    what: 'an amount that no number holds',
    sql: 'UPDATE ledger_transfer SET amount = 9223372036854775807 WHERE seq = 2',
    found: ['ledger_balance_is_fold', 'journal_hash_chain'],
  },
  {
    what: 'a time without an end',
    sql: "UPDATE journal_event SET at = 'infinity' WHERE seq = 3",
    found: ['journal_hash_chain'],
  },
  {
    what: 'a journal that cannot be replayed',
    sql: `UPDATE journal_event SET payload = '{"text":"forged"}' WHERE seq IN (3, 4)`,
    found: ['journal_hash_chain', 'projection_test_note'],
  },
  {
    what: 'a transfer without an event',
    sql: `INSERT INTO ledger_transfer (tenant_id, seq, n, kind, cause, debit_account, credit_account, amount)
SELECT 1, 999, 0, 0, 'sale', debit_account, credit_account, 1 FROM ledger_transfer WHERE seq = 2`,
    found: ['ledger_transfer_has_event', 'ledger_balance_is_fold'],
  },
  {
    what: 'an overdraft that nobody allowed',
    sql: `UPDATE ledger_account SET credits_posted = credits_posted + 1000 WHERE kind = 'stock'`,
    found: ['ledger_overdrafts_noted', 'ledger_balance_is_fold'],
  },
  {
    what: 'a repeated receipt number',
    sql: 'UPDATE journal_event SET number = 1 WHERE number = 2',
    found: ['journal_series_gapless', 'journal_hash_chain'],
  },
  {
    what: 'a series that ran ahead',
    sql: 'UPDATE journal_series SET last = last + 1',
    found: ['journal_series_gapless'],
  },
  {
    what: 'half a commit',
    sql: 'UPDATE journal_event SET commit_size = 2 WHERE seq = 2',
    found: ['journal_commit_whole'],
  },
  {
    what: 'a key without its commit',
    sql: 'UPDATE journal_key SET commit_id = gen_random_uuid()',
    found: ['journal_key_known'],
  },
  {
    what: 'a reader ahead of the head',
    sql: 'UPDATE journal_subscription SET cursor_seq = 10000',
    found: ['journal_cursor_behind_head'],
  },
  { what: 'a missing policy', sql: 'DROP POLICY tenant_rows ON journal_event', found: ['tables_isolated'] },
  {
    what: 'a policy that lets everybody in',
    sql: 'CREATE POLICY open_door ON journal_event USING (true)',
    found: ['tables_isolated'],
  },
  {
    what: 'row-level security that does not bind the owner',
    sql: 'ALTER TABLE test_note NO FORCE ROW LEVEL SECURITY',
    found: ['tables_isolated'],
  },
  { what: 'a table of no shop', sql: 'CREATE TABLE stray (id integer)', found: ['tables_isolated'] },
];

describe('verify', () => {
  it('[JR17] finds a sound shop sound', async () => {
    await fill();
    expect(await failing()).toEqual([]);
  });

  it('[JR17] holds no row of a table against each of another, also when the planner knows nothing of them', async () => {
    await t.database.owner(async (client) => {
      await client.query('BEGIN');
      await client.query("SELECT set_config('mostrador.tenant', '1', true)");
      await compareWhole(client);
      const quadratic: string[] = [];
      for (const { name, failures } of [...journalChecks, ...ledgerChecks]) {
        const plan = await client.query<Record<'QUERY PLAN', string>>(`EXPLAIN ${failures.replaceAll('$1', '1')}`);
        const lines = plan.rows.map((row) => row['QUERY PLAN']);
        if (lines.some((line) => /Nested Loop Anti Join/.test(line))) quadratic.push(`${name}: ${lines.join('\n')}`);
      }
      expect(quadratic).toEqual([]);
      await client.query('ROLLBACK');
    });
  });

  for (const { what, sql, found } of CORRUPTIONS) {
    it(`[JR17] names ${what}`, async () => {
      await t.freeze();
      const copy = await t.copy();
      try {
        await copy.database.owner((client) => client.query(sql));
        const report = await verify({
          database: copy.database,
          projections: [notes],
          subscriptions: [reader],
          tenants: [1],
        });
        const names = report.checks.filter((c) => c.failed > 0).map((c) => c.name);
        expect(report.ok).toBe(false);
        expect(names).toEqual(expect.arrayContaining([...found]));
        for (const c of report.checks) if (c.failed > 0) expect(c.examples.length).toBeGreaterThan(0);
      } finally {
        await copy.drop();
      }
    });
  }
});
