/**
 * Random schedules of proposals over two writers on one database, against a model that a page holds. What was accepted
 * must be acceptable in the order of `seq`; whatever else was answered must be the model's answer at some moment while
 * the proposal was under way. FC_SEED repeats a run.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../../test/database.js';
import {
  createTestJournal,
  digestOf,
  direct,
  notes,
  opening,
  sold,
  stock,
  type TestJournal,
  uuid7,
} from '../../../test/journal.js';
import type { CommitResult, Proposal } from './types.js';
import { verify } from './verify.js';
import { JournalWriter } from './writer.js';

const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
const torture = process.env.TORTURE !== undefined;
const runs = torture ? 150 : 12;
const SERIES = 'receipt/loc_1';

interface Move {
  readonly kind: 'in' | 'out' | 'reserve' | 'post' | 'void' | 'expire';
  readonly item: string;
  readonly amount: number;
  readonly overdraw: boolean;
  readonly expiresAt: number | undefined;
  readonly pendingId: string;
}

interface Op {
  readonly writer: number;
  readonly id: string;
  readonly digest: string;
  readonly key: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly numbered: boolean;
  readonly expects: number | undefined;
  readonly move: Move | undefined;
}

type Answer = { accepted: true } | { known: number } | { refused: string; fact?: number };

interface Reserved {
  readonly item: string;
  readonly amount: number;
  readonly expiresAt: number | undefined;
  ended?: 'posted' | 'voided';
}

class Model {
  seq = 0;
  number = 0;
  now = 1_700_000_000_000;
  readonly commits = new Map<string, { seq: number; digest: string }>();
  readonly keys = new Map<string, string>();
  readonly revisions = new Map<string, number>();
  readonly texts = new Map<string, string>();
  readonly onHand = new Map<string, number>();
  readonly pending = new Map<string, Reserved>();

  reserved(item: string): number {
    const open = [...this.pending.values()].filter((p) => p.item === item && p.ended === undefined);
    return open.reduce((sum, p) => sum + p.amount, 0);
  }

  decide(op: Op): Answer {
    const id = this.commits.has(op.id) ? op.id : this.keys.get(op.key ?? '');
    const known = id === undefined ? undefined : this.commits.get(id);
    if (known !== undefined) return known.digest === op.digest ? { known: known.seq } : { refused: 'id_reused' };
    const revision = this.revisions.get(op.subject) ?? 0;
    if (op.expects !== undefined && op.expects !== revision) return { refused: 'revision_conflict', fact: revision };
    const refused = op.move === undefined ? undefined : this.#move(op.move);
    if (refused !== undefined) return refused;
    const holder = [...this.texts].find(([, text]) => text === op.text)?.[0];
    if (holder !== undefined && holder !== op.subject) return { refused: 'test_note_text' };
    return { accepted: true };
  }

  #move(move: Move): Answer | undefined {
    if (move.kind === 'in') return undefined;
    if (move.kind === 'out' || move.kind === 'reserve') {
      const available = (this.onHand.get(move.item) ?? 0) - this.reserved(move.item);
      if (move.expiresAt !== undefined && move.expiresAt <= this.now) return { refused: 'expires_invalid' };
      return move.amount <= available || move.overdraw ? undefined : { refused: 'insufficient', fact: available };
    }
    const held = this.pending.get(move.pendingId);
    if (held === undefined) return { refused: 'pending_not_found' };
    if (held.ended !== undefined) return { refused: `pending_already_${held.ended}` };
    const due = held.expiresAt !== undefined && held.expiresAt <= this.now;
    if (move.kind === 'expire') return due ? undefined : { refused: 'pending_not_yet_expired' };
    if (due) return { refused: 'pending_expired' };
    return move.kind === 'post' && move.amount > held.amount ? { refused: 'post_exceeds_pending' } : undefined;
  }

  apply(op: Op): { seq: number; number: number | undefined } {
    this.seq++;
    this.commits.set(op.id, { seq: this.seq, digest: op.digest });
    if (op.key !== undefined) this.keys.set(op.key, op.id);
    this.revisions.set(op.subject, this.seq);
    this.texts.set(op.subject, op.text);
    const { move } = op;
    const add = (item: string, n: number) => this.onHand.set(item, (this.onHand.get(item) ?? 0) + n);
    if (move?.kind === 'in') add(move.item, move.amount);
    else if (move?.kind === 'out') add(move.item, -move.amount);
    else if (move?.kind === 'reserve') this.pending.set(`${op.id}/0`, { ...move });
    else if (move !== undefined) {
      const held = this.pending.get(move.pendingId) as Reserved;
      held.ended = move.kind === 'post' ? 'posted' : 'voided';
      if (move.kind === 'post') add(held.item, -move.amount);
    }
    return { seq: this.seq, number: op.numbered ? ++this.number : undefined };
  }
}

function proposalOf(op: Op): Proposal {
  const { id, move } = op;
  const number = { series: SERIES, field: 'number', prefix: '' };
  return {
    id,
    digest: op.digest,
    actor: 'usr_test',
    ...(op.key === undefined ? {} : { key: op.key }),
    ...(op.expects === undefined ? {} : { expects: [{ subject: op.subject, revision: op.expects }] }),
    events: [
      {
        type: 'note.written',
        subject: op.subject,
        payload: { text: op.text },
        ...(op.numbered ? { number } : {}),
      },
    ],
    ...(move === undefined ? {} : { transfers: [transferOf(id, move)] }),
  };
}

function transferOf(id: string, move: Move) {
  const { kind, pendingId, amount } = move;
  const own = `${id}/0`;
  if (kind === 'in') return direct(own, stock(move.item), opening, amount, { cause: 'opening' });
  if (kind === 'out') return direct(own, sold, stock(move.item), amount, move.overdraw ? { overdraw: true } : {});
  if (kind === 'reserve') {
    const until = move.expiresAt === undefined ? {} : { expiresAt: move.expiresAt };
    return direct(own, sold, stock(move.item), amount, { kind: 'pending', ...until });
  }
  return kind === 'post' ? { kind, id: own, pendingId, amount } : { kind, id: own, pendingId };
}

function answerOf(result: CommitResult, id: string): Answer {
  if (result.status !== 'rejected')
    return result.events[0]?.commitId === id ? { accepted: true } : { known: result.seq };
  const { rejection } = result;
  if (rejection.code === 'revision_conflict') return { refused: rejection.code, fact: rejection.revision };
  if (rejection.code === 'constraint') return { refused: rejection.constraint };
  if (rejection.code === 'id_reused') return { refused: rejection.code };
  const { reason } = rejection;
  return reason.code === 'insufficient' ? { refused: reason.code, fact: reason.available } : { refused: reason.code };
}

const plan = fc.record({
  writer: fc.nat(1),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constant('out' as const) },
    { weight: 2, arbitrary: fc.constantFrom('in' as const, 'reserve' as const, 'post' as const, 'note' as const) },
    fc.constantFrom('void' as const, 'expire' as const, 'repeat' as const, 'alter' as const, 'keyed' as const),
  ),
  item: fc.constantFrom('a', 'b'),
  amount: fc.integer({ min: 1, max: 6 }),
  /** Which earlier one, which subject, which text. */
  pick: fc.nat(20),
  text: fc.nat(5),
  expects: fc.constantFrom('right', 'wrong', 'none'),
  flag: fc.boolean(),
});
type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never;

const round = fc.record({
  plans: fc.array(plan, { minLength: 1, maxLength: 14 }),
  /** Milliseconds that pass before it. */
  pause: fc.nat(60),
  /** Connections are killed while it goes on. */
  cut: fc.nat(9).map((n) => n === 0 && torture),
});

/** Makes an operation of a plan; what was made before can be repeated, ended or expected. */
function make(p: Plan, model: Model, before: readonly Op[]): Op {
  const id = uuid7();
  const earlier = before[p.pick % Math.max(1, before.length)];
  if ((p.what === 'repeat' || p.what === 'alter') && earlier !== undefined)
    return { ...earlier, writer: p.writer, digest: p.what === 'alter' ? digestOf(id) : earlier.digest };
  const plain = { writer: p.writer, id, digest: digestOf(id), key: undefined, expects: undefined, move: undefined };
  if (p.what === 'keyed')
    return {
      ...plain,
      key: `k-${p.pick % 2}`,
      digest: digestOf(String(p.text % 2)),
      subject: id,
      text: id,
      numbered: p.flag,
    };
  if (p.what === 'note' || p.what === 'repeat' || p.what === 'alter') {
    const subject = `s-${p.pick % 3}`;
    const right = model.revisions.get(subject) ?? 0;
    const expects = p.expects === 'none' ? undefined : p.expects === 'right' ? right : right + 1;
    return { ...plain, subject, text: `text ${p.text}`, numbered: p.flag, expects };
  }
  const reservations = before.filter((op) => op.move?.kind === 'reserve');
  const move: Move = {
    kind: p.what,
    item: p.item,
    amount: p.amount,
    overdraw: p.what === 'out' && p.flag && p.pick === 0,
    expiresAt: p.what === 'reserve' && p.flag ? model.now + 1 + p.pick * 4 : undefined,
    pendingId: `${reservations[p.pick % Math.max(1, reservations.length)]?.id ?? 'nobody'}/0`,
  };
  return { ...plain, subject: id, text: id, numbered: p.what === 'out', move };
}

/** Checks a round's answers against the model, and brings the model to its end. */
function settle(model: Model, ops: readonly Op[], results: readonly CommitResult[]): void {
  const answers = results.map((r, i) => answerOf(r, ops[i]?.id ?? ''));
  const accepted = new Map<number, { op: Op; result: CommitResult }>();
  for (const [i, result] of results.entries()) {
    const op = ops[i] as Op;
    if (result.status !== 'rejected' && result.events[0]?.commitId === op.id && result.seq > model.seq)
      accepted.set(result.seq, { op, result });
  }
  const open = new Set(ops.keys());
  const look = () => {
    for (const i of open) {
      const said = model.decide(ops[i] as Op);
      const heard = answers[i] as Answer;
      const { seq } = results[i] as { seq?: number };
      // One's own commit is found again by its id.
      const again = 'known' in said && 'accepted' in heard && said.known === seq;
      if (again || (!('accepted' in heard) && JSON.stringify(said) === JSON.stringify(heard))) open.delete(i);
    }
  };
  look();
  for (const [, { op, result }] of [...accepted].sort(([a], [b]) => a - b)) {
    expect(model.decide(op)).toEqual({ accepted: true });
    const { seq, number } = model.apply(op);
    expect(result).toMatchObject({ seq });
    const written = result.status === 'rejected' ? undefined : result.events[0]?.payload.number;
    expect(written).toBe(number === undefined ? undefined : String(number).padStart(8, '0'));
    look();
  }
  expect([...open].map((i) => ({ op: ops[i], answer: answers[i] }))).toEqual([]);
}

let t: TestJournal;
let writers: readonly JournalWriter[];
let tenants = 0;
const clock = { now: 0 };
/** Backends of the writers, dead ones among them. */
const backends = new Set<number>();

beforeAll(async () => {
  t = await createTestJournal();
  const pipeline = async () => {
    const client = await t.database.pipeline();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    for (const { pid } of rows) backends.add(pid);
    return client;
  };
  const database = { ...t.database, pipeline };
  const options = { database, projections: [notes], batchMax: 4, now: () => clock.now, patienceMs: 1e15 };
  writers = [new JournalWriter(options), new JournalWriter(options)];
});
afterAll(async () => {
  await Promise.all(writers.map((w) => w.close()));
  await t.drop();
});

async function kill(): Promise<void> {
  const pids = [...backends];
  backends.clear();
  await withClient(t.url, (client) =>
    client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid = ANY($1)',
      [pids],
    ),
  );
}

async function compare(tenant: number, model: Model): Promise<void> {
  expect(await t.journal.head(tenant)).toBe(model.seq);
  const levels = await t.database.read<{ item: string; on_hand: number; reserved: number }>(tenant, {
    text: `SELECT item, debits_posted - credits_posted AS on_hand, credits_pending AS reserved
FROM ledger_account WHERE tenant_id = $1 AND kind = 'stock' ORDER BY item`,
    values: [tenant],
  });
  for (const level of levels) {
    expect(level).toEqual({
      item: level.item,
      on_hand: model.onHand.get(level.item) ?? 0,
      reserved: model.reserved(level.item),
    });
  }
  const texts = await t.database.read<{ subject: string; text: string }>(tenant, {
    text: 'SELECT subject, text FROM test_note WHERE tenant_id = $1',
    values: [tenant],
  });
  expect(new Map(texts.map((r) => [r.subject, r.text]))).toEqual(model.texts);
  const report = await verify({ database: t.database, projections: [notes], subscriptions: [], tenants: [tenant] });
  expect(report.checks.filter((c) => c.failed > 0)).toEqual([]);
}

describe('two writers on one database', () => {
  it(
    '[JR2] [JR3] [JR4] [JR5] [JR6] [JR7] [JR8] [JR10] answer as the model does, whatever they are sent',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 12 }), async (rounds) => {
          const tenant = ++tenants;
          const model = new Model();
          const made: Op[] = [];
          for (const { plans, pause, cut } of rounds) {
            model.now += pause;
            clock.now = model.now;
            const ops: Op[] = [];
            for (const p of plans) ops.push(make(p, model, [...made, ...ops]));
            made.push(...ops);
            const working = Promise.all(
              ops.map((op) => (writers[op.writer] as JournalWriter).commit(tenant, proposalOf(op))),
            );
            const [results] = await Promise.all([working, cut ? kill() : undefined]);
            settle(model, ops, results);
          }
          await compare(tenant, model);
        }),
        { numRuns: runs, ...seed },
      );
    },
    torture ? 900_000 : 120_000,
  );
});
