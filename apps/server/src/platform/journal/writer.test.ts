import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../../test/database.js';
import {
  createTestJournal,
  digestOf,
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
import { verify } from './verify.js';

let t: TestJournal;
let tenants = 0;
/** A shop of its own for each test. */
const shop = () => ++tenants;

beforeAll(async () => {
  t = await createTestJournal();
});
afterAll(() => t.drop());

async function balanceOf(tenantId: number, item: string): Promise<number> {
  const rows = await t.database.read<{ n: number }>(tenantId, {
    text: "SELECT debits_posted - credits_posted AS n FROM ledger_account WHERE tenant_id = $1 AND kind = 'stock' AND item = $2",
    values: [tenantId, item],
  });
  return rows[0]?.n ?? 0;
}

async function isSound(tenantId: number): Promise<void> {
  const report = await verify({ database: t.database, projections: [notes], subscriptions: [], tenants: [tenantId] });
  expect(report.checks.filter((c) => c.failed > 0)).toEqual([]);
}

describe('commit', () => {
  it('[JR2] gives places without a gap, in the order of commits, with two processes writing at once', async () => {
    const tenant = shop();
    const other = await t.another();
    const results = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        (i % 2 ? t.journal : other.journal).commit(tenant, note(`n-${i}`, `text ${i}`)),
      ),
    );
    const places = results.map((r) => (r.status === 'committed' ? r.seq : -1)).sort((a, b) => a - b);
    expect(places).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    expect(await t.journal.head(tenant)).toBe(300);
    const events = await t.journal.eventsAfter(tenant, 0, 1000);
    expect(events.map((e) => e.seq)).toEqual(places);
    await isSound(tenant);
  });

  it('[JR3] leaves no trace of a refused proposal and does not disturb its neighbours', async () => {
    const tenant = shop();
    await t.journal.commit(tenant, open('a', 5));
    const results = await Promise.all(
      [sell('a', 3), sell('a', 3), sell('a', 2), sell('a', 1)].map((p) => t.journal.commit(tenant, p)),
    );
    expect(results.map((r) => r.status)).toEqual(['committed', 'rejected', 'committed', 'rejected']);
    const refused = results[1];
    expect(refused?.status === 'rejected' && refused.rejection).toMatchObject({
      code: 'ledger',
      reason: { code: 'insufficient', available: 2, account: { item: 'a' } },
    });
    expect(await t.journal.head(tenant)).toBe(3);
    expect(await balanceOf(tenant, 'a')).toBe(0);
    await isSound(tenant);
  });

  it('[JR3] sells a stock of 10 to exactly 10 of 200 buyers who race through two processes', async () => {
    const tenant = shop();
    const other = await t.another();
    await t.journal.commit(tenant, open('a', 10));
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) => (i % 2 ? t.journal : other.journal).commit(tenant, sell('a', 1))),
    );
    expect(results.filter((r) => r.status === 'committed')).toHaveLength(10);
    expect(await balanceOf(tenant, 'a')).toBe(0);
    await isSound(tenant);
  });

  it('[JR4] answers a repeated id as before and refuses another content', async () => {
    const tenant = shop();
    const proposal = note('n', 'once');
    const first = await t.journal.commit(tenant, proposal);
    const again = await t.journal.commit(tenant, proposal);
    expect(first.status).toBe('committed');
    expect(again).toMatchObject({ status: 'duplicate', seq: 1 });
    expect(again.status === 'duplicate' && again.events).toEqual(first.status === 'committed' && first.events);
    const changed = await t.journal.commit(tenant, { ...proposal, digest: digestOf('something else') });
    expect(changed).toEqual({ status: 'rejected', rejection: { code: 'id_reused' } });
    expect(await t.journal.head(tenant)).toBe(1);
  });

  it('[JR4] takes an id once when it is sent fifty times at once', async () => {
    const tenant = shop();
    const other = await t.another();
    const proposal = note('n', 'fifty');
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) => (i % 2 ? t.journal : other.journal).commit(tenant, proposal)),
    );
    expect(results.filter((r) => r.status === 'committed')).toHaveLength(1);
    expect(new Set(results.map((r) => (r.status === 'rejected' ? 0 : r.seq)))).toEqual(new Set([1]));
    expect(await t.journal.head(tenant)).toBe(1);
  });

  it('[JR4] decides a refused proposal anew when it is sent again', async () => {
    const tenant = shop();
    const sale = sell('a', 1);
    expect((await t.journal.commit(tenant, sale)).status).toBe('rejected');
    await t.journal.commit(tenant, open('a', 1));
    expect((await t.journal.commit(tenant, sale)).status).toBe('committed');
    await isSound(tenant);
  });

  it('[JR5] binds a foreign key to the commit it led to', async () => {
    const tenant = shop();
    const keyed = (text: string) => note('n', text, { key: 'order 4711' });
    const [first, racing] = await Promise.all([
      t.journal.commit(tenant, keyed('x')),
      t.journal.commit(tenant, keyed('x')),
    ]);
    expect([first?.status, racing?.status].sort()).toEqual(['committed', 'duplicate']);
    expect(await t.journal.commit(tenant, keyed('x'))).toMatchObject({ status: 'duplicate', seq: 1 });
    expect(await t.journal.commit(tenant, keyed('y'))).toEqual({
      status: 'rejected',
      rejection: { code: 'id_reused' },
    });
    await isSound(tenant);
  });

  it('[JR6] forgets what it remembers when another process wrote', async () => {
    const tenant = shop();
    const other = await t.another();
    await t.journal.commit(tenant, open('a', 10));
    await other.journal.commit(tenant, sell('a', 7));
    expect((await t.journal.commit(tenant, sell('a', 4))).status).toBe('rejected');
    expect((await t.journal.commit(tenant, sell('a', 3))).status).toBe('committed');
    expect((await other.journal.commit(tenant, sell('a', 1))).status).toBe('rejected');
    await isSound(tenant);
  });

  it('[JR6] forgets what a lost batch had changed in memory', async () => {
    const tenant = shop();
    await t.journal.commit(tenant, open('a', 10));
    await t.journal.commit(tenant, note('taken', 'unique'));
    const clash = sell('a', 8);
    const lost = await t.journal.commit(tenant, {
      ...clash,
      events: [{ type: 'note.written', subject: 'clash', payload: { text: 'unique' } }],
    });
    expect(lost).toMatchObject({ status: 'rejected', rejection: { code: 'constraint', constraint: 'test_note_text' } });
    expect((await t.journal.commit(tenant, sell('a', 9))).status).toBe('committed');
    expect(await balanceOf(tenant, 'a')).toBe(1);
    await isSound(tenant);
  });

  it('[JR7] refuses what was decided on an older revision, also within one batch', async () => {
    const tenant = shop();
    await t.journal.commit(tenant, note('s', 'first'));
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        t.journal.commit(tenant, note('s', `next ${i}`, { expects: [{ subject: 's', revision: 1 }] })),
      ),
    );
    expect(results.filter((r) => r.status === 'committed')).toHaveLength(1);
    const refused = results.find((r) => r.status === 'rejected');
    expect(refused?.status === 'rejected' && refused.rejection).toEqual({
      code: 'revision_conflict',
      subject: 's',
      revision: 2,
    });
    expect(
      (await t.journal.commit(tenant, note('new', 'new', { expects: [{ subject: 'new', revision: 0 }] }))).status,
    ).toBe('committed');
  });

  it('[JR8] refuses the one that meets a constraint and writes the others of its batch', async () => {
    const tenant = shop();
    await t.journal.commit(tenant, note('a', 'same text'));
    const results = await Promise.all([
      t.journal.commit(tenant, note('b', 'text b')),
      t.journal.commit(tenant, note('c', 'same text')),
      t.journal.commit(tenant, note('d', 'text d')),
    ]);
    expect(results.map((r) => r.status)).toEqual(['committed', 'rejected', 'committed']);
    expect(await t.journal.head(tenant)).toBe(3);
    await isSound(tenant);
  });

  it('[JR10] draws numbers without a gap, whatever is refused in between', async () => {
    const tenant = shop();
    const other = await t.another();
    await t.journal.commit(tenant, open('a', 40));
    const results = await Promise.all(
      Array.from({ length: 80 }, (_, i) => (i % 2 ? t.journal : other.journal).commit(tenant, sell('a', 1))),
    );
    const numbers = results.flatMap((r) =>
      r.status === 'committed' ? [String(r.events[0]?.payload.receiptNumber)] : [],
    );
    expect(numbers.sort()).toEqual(Array.from({ length: 40 }, (_, i) => `A-${String(i + 1).padStart(8, '0')}`));
    await isSound(tenant);
  });

  it('[JR11] writes each proposal once when connections are killed under it', async () => {
    const tenant = shop();
    await t.journal.commit(tenant, open('a', 1000));
    const working = Promise.all(Array.from({ length: 400 }, () => t.journal.commit(tenant, sell('a', 1))));
    await withClient(t.url, async (client) => {
      for (let i = 0; i < 5; i++) {
        await client.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ILIKE '%journal%'",
        );
      }
    });
    const results = await working;
    expect(results.filter((r) => r.status === 'rejected')).toEqual([]);
    expect(await balanceOf(tenant, 'a')).toBe(600);
    expect(await t.journal.head(tenant)).toBe(401);
    await isSound(tenant);
  });

  it('[JR18] keeps two shops apart that use the same ids, subjects and series', async () => {
    const [one, two] = [shop(), shop()];
    const proposal = note('same', 'same');
    expect(await t.journal.commit(one, proposal)).toMatchObject({ status: 'committed', seq: 1 });
    expect(await t.journal.commit(two, proposal)).toMatchObject({ status: 'committed', seq: 1 });
    expect(await t.journal.eventsOf(two, 'same')).toHaveLength(1);
    const seen = await t.database.read(two, {
      text: 'SELECT * FROM journal_event WHERE tenant_id = $1',
      values: [one],
    });
    expect(seen).toEqual([]);
  });
});

describe('two-phase transfers', () => {
  const reserve = (item: string, amount: number, expiresAt?: number) => {
    const id = uuid7();
    const more = expiresAt === undefined ? {} : { expiresAt };
    const transfer = direct(`${id}/0`, sold, stock(item), amount, { kind: 'pending', ...more });
    return { pendingId: `${id}/0`, proposal: note(`r-${id}`, id, { id, transfers: [transfer] }) };
  };
  const end = (kind: 'post' | 'void' | 'expire', pendingId: string, amount?: number) => {
    const id = uuid7();
    return note(`e-${id}`, id, {
      id,
      transfers: [{ kind, id: `${id}/0`, pendingId, ...(amount === undefined ? {} : { amount }) }],
    });
  };

  it('[LG] reserves, posts a part and gives back the rest, across processes', async () => {
    const tenant = shop();
    const other = await t.another();
    await t.journal.commit(tenant, open('a', 10));
    const held = reserve('a', 8);
    await t.journal.commit(tenant, held.proposal);
    expect((await other.journal.commit(tenant, sell('a', 3))).status).toBe('rejected');
    expect((await other.journal.commit(tenant, end('post', held.pendingId, 5))).status).toBe('committed');
    expect((await t.journal.commit(tenant, sell('a', 5))).status).toBe('committed');
    await isSound(tenant);
  });

  it('[LG] ends a pending transfer once when posts and voids race', async () => {
    const tenant = shop();
    const other = await t.another();
    await t.journal.commit(tenant, open('a', 1));
    const held = reserve('a', 1);
    await t.journal.commit(tenant, held.proposal);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? t.journal : other.journal).commit(tenant, end(i % 3 ? 'post' : 'void', held.pendingId)),
      ),
    );
    expect(results.filter((r) => r.status === 'committed')).toHaveLength(1);
    await isSound(tenant);
  });

  it('[LG] refuses a post and its pending of an unknown id, and notes an overdraft that was allowed', async () => {
    const tenant = shop();
    expect(await t.journal.commit(tenant, end('post', 'nobody/0'))).toMatchObject({
      rejection: { reason: { code: 'pending_not_found' } },
    });
    const id = uuid7();
    const past = note('till', 'till sale', {
      id,
      transfers: [direct(`${id}/0`, sold, stock('b'), 3, { overdraw: true })],
    });
    expect((await t.journal.commit(tenant, past)).status).toBe('committed');
    expect(await balanceOf(tenant, 'b')).toBe(-3);
    const rows = await t.database.read(tenant, {
      text: 'SELECT overdrawn FROM ledger_transfer WHERE tenant_id = $1',
      values: [tenant],
    });
    expect(rows).toEqual([{ overdrawn: 3 }]);
    const back = uuid7();
    await t.journal.commit(
      tenant,
      note('back', 'back', { id: back, transfers: [direct(`${back}/0`, stock('b'), opening, 3)] }),
    );
    await isSound(tenant);
  });
});
