/**
 * The ledger against random histories: a slow model that copies everything must agree with it at each step, and the
 * invariants must hold after it. FC_SEED repeats a run.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountRef, Balance, Pending, Transfer } from './index.js';
import { accountKey, applyTransfers, available, isHolding, memoryBook, sideOf, zeroBalance } from './index.js';

const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
/** `npm run torture` tries more. */
const LONGER = process.env.TORTURE === undefined ? 1 : 20;

const REFS: readonly AccountRef[] = [
  { kind: 'stock', owner: 'l1', item: 'a', unit: 'milli' },
  { kind: 'stock', owner: 'l2', item: 'a', unit: 'milli' },
  { kind: 'stock', owner: 'l1', item: 'b', unit: 'milli' },
  { kind: 'sold', owner: 'l1', item: '', unit: 'milli' },
  { kind: 'supplied', owner: 'l1', item: '', unit: 'milli' },
  { kind: 'cash', owner: 'l1', item: '', unit: 'ARS' },
  { kind: 'revenue', owner: 'l1', item: '', unit: 'ARS' },
  { kind: 'points', owner: 'c1', item: '', unit: 'point' },
  { kind: 'credit', owner: 'c1', item: '', unit: 'ARS' },
  { kind: 'issued', owner: 'l1', item: '', unit: 'point' },
];

const amount = fc.oneof(
  { weight: 60, arbitrary: fc.integer({ min: 1, max: 50 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -3, 1.5, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 20) },
);
const account = fc.constantFrom(...REFS);
const pair = fc.oneof(
  { weight: 1, arbitrary: fc.tuple(account, account) },
  {
    weight: 20,
    arbitrary: account.chain((debit) => {
      const others = REFS.filter(
        (r) => r !== debit && r.unit === debit.unit && (r.item === debit.item || !r.item || !debit.item),
      );
      return fc.tuple(fc.constant(debit), fc.constantFrom(...others));
    }),
  },
);
const pendingName = fc.integer({ min: 0, max: 11 }).map((n) => `p${n}`);
const anyMove = fc
  .record({
    pair,
    amount,
    pendingId: fc.option(pendingName, { nil: null }),
    overdraw: fc.boolean(),
    ttl: fc.option(fc.integer({ min: -1, max: 60 }), { nil: null, freq: 3 }),
  })
  .map((m) => ({ move: m }));
const anyEnd = fc
  .record({
    kind: fc.constantFrom('post' as const, 'void' as const, 'expire' as const),
    pendingId: pendingName,
    amount: fc.option(amount, { nil: undefined, freq: 2 }),
  })
  .map((e) => ({ end: e }));
const history = fc.array(
  fc.record({
    tick: fc.integer({ min: 0, max: 10 }),
    batch: fc.array(fc.oneof({ weight: 3, arbitrary: anyMove }, { weight: 1, arbitrary: anyEnd }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  { minLength: 8, maxLength: 40, size: 'max' },
);
type Step = Parameters<Parameters<typeof history.map>[0]>[0][number];

function build(step: Step, round: number, now: number): Transfer[] {
  return step.batch.map((part, n): Transfer => {
    const id = `${round}/${n}`;
    if ('end' in part) {
      const { kind, pendingId, amount } = part.end;
      return { id, kind, pendingId, ...(amount === undefined || kind !== 'post' ? {} : { amount }) };
    }
    const { pair, amount, pendingId, overdraw, ttl } = part.move;
    return {
      id: pendingId ?? id,
      kind: pendingId === null ? 'direct' : 'pending',
      debit: pair[0],
      credit: pair[1],
      amount,
      cause: 'adjustment',
      overdraw,
      ...(ttl === null || pendingId === null ? {} : { expiresAt: now + ttl }),
    };
  });
}

/** The rules written a second time, for clarity and not for speed: every transfer copies the whole world. */
interface World {
  readonly accounts: Readonly<Record<string, Balance>>;
  readonly pendings: Readonly<Record<string, Pending | 'posted' | 'voided'>>;
}

function modelTransfer(world: World, t: Transfer, now: number, used: readonly string[]): World | string {
  const get = (ref: AccountRef) => world.accounts[accountKey(ref)] ?? zeroBalance();
  const book = (debit: AccountRef, credit: AccountRef, posted: number, reserved: number): World['accounts'] => {
    const d = get(debit);
    const c = get(credit);
    return {
      ...world.accounts,
      [accountKey(debit)]: {
        ...d,
        debitsPosted: d.debitsPosted + posted,
        debitsPending: d.debitsPending + reserved,
      },
      [accountKey(credit)]: {
        ...c,
        creditsPosted: c.creditsPosted + posted,
        creditsPending: c.creditsPending + reserved,
      },
    };
  };
  const reused = used.includes(t.id) || t.id in world.pendings;
  if (!('pendingId' in t)) {
    if (!Number.isSafeInteger(t.amount) || t.amount < 1) return 'amount_invalid';
    if (t.debit.unit !== t.credit.unit) return 'unit_mismatch';
    if (t.debit.item && t.credit.item && t.debit.item !== t.credit.item) return 'item_mismatch';
    if (accountKey(t.debit) === accountKey(t.credit)) return 'same_account';
    if (t.expiresAt !== undefined && t.expiresAt <= now) return 'expires_invalid';
    if (reused) return 'id_reused';
    const d = get(t.debit);
    const c = get(t.credit);
    const limit = BigInt(Number.MAX_SAFE_INTEGER);
    if (BigInt(d.debitsPosted) + BigInt(d.debitsPending) + BigInt(t.amount) > limit) return 'amount_overflow';
    if (BigInt(c.creditsPosted) + BigInt(c.creditsPending) + BigInt(t.amount) > limit) return 'amount_overflow';
    const shortBy = (ref: AccountRef, side: 'debit' | 'credit') =>
      isHolding(ref.kind) && sideOf(ref.kind) !== side && available(ref.kind, get(ref)) < t.amount;
    if (!t.overdraw && (shortBy(t.debit, 'debit') || shortBy(t.credit, 'credit'))) return 'insufficient';
    if (t.kind === 'direct') return { ...world, accounts: book(t.debit, t.credit, t.amount, 0) };
    const { id, debit, credit, amount, cause } = t;
    const pending: Pending = { id, debit, credit, amount, cause, expiresAt: t.expiresAt ?? null };
    return { accounts: book(debit, credit, 0, amount), pendings: { ...world.pendings, [id]: pending } };
  }
  if (t.amount !== undefined && (!Number.isSafeInteger(t.amount) || t.amount < 1)) return 'amount_invalid';
  if (reused) return 'id_reused';
  const pending = world.pendings[t.pendingId];
  if (pending === undefined) return 'pending_not_found';
  if (typeof pending === 'string') return `pending_already_${pending}`;
  const due = pending.expiresAt !== null && pending.expiresAt <= now;
  if (t.kind === 'expire' && !due) return 'pending_not_yet_expired';
  if (t.kind !== 'expire' && due) return 'pending_expired';
  const amount = t.kind === 'post' ? (t.amount ?? pending.amount) : 0;
  if (amount > pending.amount) return 'post_exceeds_pending';
  return {
    accounts: book(pending.debit, pending.credit, amount, -pending.amount),
    pendings: { ...world.pendings, [t.pendingId]: t.kind === 'post' ? 'posted' : 'voided' },
  };
}

function modelBatch(world: World, batch: readonly Transfer[], now: number): { world: World; refused?: string } {
  let next = world;
  const used: string[] = [];
  for (const t of batch) {
    const result = modelTransfer(next, t, now, used);
    if (typeof result === 'string') return { world, refused: result };
    used.push(t.id);
    next = result;
  }
  return { world: next };
}

const nonZero = (accounts: Iterable<readonly [string, Balance]>) =>
  Object.fromEntries(
    [...accounts]
      .filter(([, b]) => Object.values(b).some((n) => n !== 0))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, b]) => [k, { ...b }]),
  );

describe('random histories', () => {
  it('[LG18] [LG15] agree at every step with a model that copies the whole book', () => {
    let accepted = 0;
    const refusals = new Set<string>();
    fc.assert(
      fc.property(history, (steps) => {
        const book = memoryBook();
        let world: World = { accounts: {}, pendings: {} };
        let now = 1000;
        steps.forEach((step, round) => {
          now += step.tick;
          const batch = build(step, round, now);
          const model = modelBatch(world, batch, now);
          world = model.world;
          const applied = applyTransfers(book, batch, { now });
          expect(applied.ok ? undefined : applied.rejection.code).toBe(model.refused);
          if (applied.ok) accepted++;
          else refusals.add(applied.rejection.code);
          expect(nonZero([...book.accounts()].map((a) => [accountKey(a.ref), a.balance] as const))).toEqual(
            nonZero(Object.entries(world.accounts)),
          );
        });
        const open = Object.values(world.pendings).filter((p) => typeof p !== 'string');
        expect([...book.open()].toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
          open.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        );
      }),
      { numRuns: 300 * LONGER, ...seed },
    );
    // The histories must reach what they are meant to prove.
    expect(accepted).toBeGreaterThan(500);
    expect(refusals.size).toBeGreaterThan(9);
  });

  it('[LG6] [LG2] [LG4] keep debits equal to credits per unit, and holdings above zero without overdraw', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const book = memoryBook();
        const broken: string[] = [];
        let now = 1000;
        steps.forEach((step, round) => {
          now += step.tick;
          const batch = build(step, round, now).map((t) =>
            t.kind === 'direct' || t.kind === 'pending' ? { ...t, overdraw: false } : t,
          );
          applyTransfers(book, batch, { now });
          const sums = new Map<string, bigint[]>();
          for (const { ref, balance } of book.accounts()) {
            const row = sums.get(ref.unit) ?? [0n, 0n];
            row[0] = (row[0] as bigint) + BigInt(balance.debitsPosted) - BigInt(balance.creditsPosted);
            row[1] = (row[1] as bigint) + BigInt(balance.debitsPending) - BigInt(balance.creditsPending);
            sums.set(ref.unit, row);
            const sane = Object.values(balance).every((n) => Number.isSafeInteger(n) && n >= 0);
            if (!sane || available(ref.kind, balance) < 0) broken.push(`${accountKey(ref)} ${JSON.stringify(balance)}`);
          }
          for (const [unit, row] of sums) if (row.some((n) => n !== 0n)) broken.push(`${unit} ${row.join(' ')}`);
        });
        expect(broken).toEqual([]);
      }),
      { numRuns: 300 * LONGER, ...seed },
    );
  });

  it('[LG10] [LG16] note every overdraft and name every changed account', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const book = memoryBook();
        let now = 1000;
        steps.forEach((step, round) => {
          now += step.tick;
          const snapshot = new Map([...book.accounts()].map((a) => [accountKey(a.ref), { ...a.balance }]));
          const applied = applyTransfers(book, build(step, round, now), { now });
          if (!applied.ok) return;
          const changed = [...book.accounts()].filter((a) => {
            const before = snapshot.get(accountKey(a.ref)) ?? zeroBalance();
            return JSON.stringify(before) !== JSON.stringify(a.balance);
          });
          const touched = applied.touched.map(accountKey);
          expect(new Set(touched).size).toBe(touched.length);
          for (const a of changed) expect(touched).toContain(accountKey(a.ref));
          for (const a of changed) {
            const before = available(a.ref.kind, snapshot.get(accountKey(a.ref)) ?? zeroBalance());
            const after = available(a.ref.kind, a.balance);
            if (after < 0 && after < before) {
              const noted = applied.overdrawn.filter((o) => accountKey(o.account) === accountKey(a.ref));
              expect(Math.max(...noted.map((o) => o.by))).toBeGreaterThanOrEqual(-after);
            }
          }
        });
      }),
      { numRuns: 200 * LONGER, ...seed },
    );
  });
});
