/** Cash sessions on a real journal: one drawer, blind close, reports, late sales, and who is first. */
import {
  refundTransfers,
  type SaleCompleted,
  type SaleRefunded,
  saleTransfers,
  type Tender,
} from '@mostrador/domain/sale';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../../test/shop.js';
import { type ApiError, orAsBefore } from '../../platform/http/index.js';
import { newId, newUuid } from '../../platform/ids.js';
import { rebuild, verify } from '../../platform/journal/index.js';
import { tenantModule } from '../tenant/index.js';
import { changeSession, openSession, settleLateCash } from './commands.js';
import { drawerKey } from './drawer.js';
import { cashProjection } from './projections.js';
import { type FigureRow, figuresStatement, findOpen, listSessions, readMovements, readSession } from './queries.js';
import { cashReport } from './report.js';
import { cashMigrations } from './tables.js';

let shop: Shop;
let tenant = 0;
let place = '';
let platform: Parameters<typeof openSession>[0];

beforeAll(async () => {
  shop = await openShop([tenantModule, { migrations: cashMigrations, projections: [cashProjection] }]);
  platform = { database: shop.kit.database, journal: shop.journal, now: () => shop.clock };
});
afterAll(() => shop.close());
beforeEach(async () => {
  tenant += 1;
  place = await shop.location(tenant, 'Centro', { isDefault: true });
});

const command = () => ({ id: newUuid(), digest: '4'.repeat(64) });

async function open(name = 'Caja 1', floatMinor = 10_000, locationId = place): Promise<string> {
  const input = { locationId, name, currency: 'ARS', floatMinor };
  const { events } = await openSession(platform, tenant, 'usr_1', command(), input);
  return events[0]?.subject ?? '';
}
const move = (id: string, direction: 'in' | 'out', amountMinor: number) =>
  changeSession(platform, tenant, 'usr_1', command(), id, () => ({
    type: 'move',
    movementId: newId('cmv'),
    direction,
    amountMinor,
    currency: 'ARS',
    reason: 'x',
  }));
const close = (id: string, countedMinor: number, as = command()) =>
  changeSession(platform, tenant, 'usr_2', as, id, (row) => ({
    type: 'close',
    countedMinor,
    currency: 'ARS',
    note: 'todo bien',
    expectedMinor: row.balance_minor,
  }));

function sale(id: string | null, tenders: Tender[], changeMinor = 0): SaleCompleted {
  const totalMinor = tenders.reduce((sum, t) => sum + t.amountMinor, 0) - changeMinor;
  return {
    saleId: newId('sal'),
    locationId: place,
    cashSessionId: id,
    customerId: null,
    currency: 'ARS',
    lines: [],
    taxes: [],
    totalMinor,
    taxMinor: 0,
    tenders,
    changeMinor,
    channel: 'counter',
  };
}
async function sell(id: string | null, tenders: Tender[], changeMinor = 0) {
  const payload = sale(id, tenders, changeMinor);
  const commitId = newUuid();
  const events = [{ type: 'sale.completed', subject: payload.saleId, payload: { ...payload } }];
  return shop.commit(tenant, { id: commitId, events, transfers: saleTransfers(payload, commitId) });
}
async function refund(id: string, tenders: Tender[]) {
  const { changeMinor: _, taxes, ...rest } = sale(id, tenders);
  const payload: SaleRefunded = { ...rest, taxes, refundId: newId('ref'), lines: [], reason: 'x' };
  const commitId = newUuid();
  const events = [{ type: 'sale.refunded', subject: payload.refundId, payload: { ...payload } }];
  return shop.commit(tenant, { id: commitId, events, transfers: refundTransfers(payload, commitId) });
}
const cash = (amountMinor: number): Tender => ({ type: 'cash', amountMinor });
const card = (amountMinor: number): Tender => ({ type: 'card', amountMinor });

async function report(id: string) {
  const row = await readSession(shop.kit.database, tenant, id);
  const [figures] = await shop.kit.database.read<FigureRow>(tenant, figuresStatement(tenant, id));
  if (row === null || figures === undefined) throw new Error('no such session');
  return { row, report: cashReport(row, figures) };
}
async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'ok',
    (error: ApiError) => error.code,
  );
}

describe('a session', () => {
  it('[CS5] [CS10] has figures of its own: sales by tender, refunds, movements, and what ought to be there', async () => {
    const id = await open();
    await sell(id, [cash(5000)], 1500);
    await sell(id, [cash(1000), card(2500)]);
    await sell(null, [cash(99_999)]);
    await refund(id, [cash(700)]);
    await move(id, 'in', 300);
    await move(id, 'out', 4000);
    const { row, report: x } = await report(id);
    expect(x).toMatchObject({
      kind: 'x',
      sale_count: 2,
      refund_count: 1,
      sales: { amount: 7000, currency: 'ARS' },
      refunds: { amount: 700 },
      net: { amount: 6300 },
      expected: { amount: 10_000 + 3500 + 1000 - 700 + 300 - 4000 },
      counted: null,
      late: { amount: 0 },
    });
    expect(x.tenders.map((t) => [t.type, t.sale_count, t.sales.amount, t.refunds.amount, t.net.amount])).toEqual([
      ['cash', 2, 4500, 700, 3800],
      ['card', 1, 2500, 0, 2500],
      ['transfer', 0, 0, 0, 0],
    ]);
    // The projection and the ledger were written apart and agree.
    expect(row.balance_minor).toBe(x.expected.amount);
    expect(x.as_of_seq).toBe(await shop.journal.head(tenant));
    expect((await readMovements(shop.kit.database, tenant, id)).map((m) => m.payload.direction)).toEqual(['in', 'out']);
  });

  it('[CS6] [CS7] [CS10] closes with its difference, at zero, and its Z report stays as it is', async () => {
    const id = await open();
    await sell(id, [cash(5000)]);
    await close(id, 14_800);
    const { row, report: z } = await report(id);
    expect(row).toMatchObject({ balance_minor: 0, expected_minor: 15_000, counted_minor: 14_800, closed_by: 'usr_2' });
    expect(z).toMatchObject({
      kind: 'z',
      difference: { amount: -200 },
      late: { amount: 0 },
      as_of_seq: row.closed_seq,
    });
    await sell(null, [cash(100)]);
    expect((await report(id)).report).toEqual(z);
    expect(await codeOf(close(id, 1))).toBe('cash_session_closed');
    expect(await codeOf(move(id, 'in', 1))).toBe('cash_session_closed');
  });

  it('[CS9] a close that is sent again hears its first answer', async () => {
    const id = await open();
    const as = command();
    const again = () => orAsBefore(shop.journal, tenant, as, () => close(id, 10_000, as));
    const first = await again();
    expect(await again()).toMatchObject({ status: 'duplicate', seq: first.seq, events: first.events });
    const other = { ...as, digest: '5'.repeat(64) };
    expect(await codeOf(orAsBefore(shop.journal, tenant, other, () => close(id, 1, other)))).toBe(
      'idempotency_key_reused',
    );
    const never = command();
    expect(await codeOf(orAsBefore(shop.journal, tenant, never, () => close(id, 1, never)))).toBe(
      'cash_session_closed',
    );
  });

  it('[CS4] gives no more than it has', async () => {
    const id = await open();
    expect(await codeOf(move(id, 'out', 10_001))).toBe('insufficient_cash');
    expect(await codeOf(move(id, 'out', 10_000))).toBe('ok');
    expect((await refund(id, [cash(1)])).status).toBe('rejected');
  });

  it('[CS8] what is recorded after the close is late: shown, settled, and no part of the close', async () => {
    const id = await open();
    await close(id, 10_000);
    const before = (await report(id)).report;
    await sell(id, [cash(900)]);
    expect((await report(id)).report).toEqual({ ...before, late: { amount: 900, currency: 'ARS' } });
    expect(await settleLateCash(platform, tenant)).toBe(1);
    expect(await settleLateCash(platform, tenant)).toBe(0);
    const { row, report: z } = await report(id);
    expect(row.balance_minor).toBe(0);
    expect(z.late.amount).toBe(900);
    await sell(null, [cash(1)]);
    expect(await settleLateCash(platform, tenant)).toBe(0);
  });
});

describe('drawers', () => {
  it('[CS2] are told apart by place and by name without case and blanks', async () => {
    await open('Caja 1');
    for (const name of ['Caja 1', ' CAJA   1 ', 'caja 1']) expect(await codeOf(open(name))).toBe('cash_session_open');
    await open('Caja 2');
    const depot = await shop.location(tenant, 'Depósito');
    await open('Caja 1', 0, depot);
    expect(await findOpen(shop.kit.database, tenant, depot, drawerKey('CAJA 1'))).not.toBeNull();
  });

  it('[CS2] of 20 that open one drawer at once, one does; and again after its close', async () => {
    for (let round = 0; round < 2; round++) {
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => codeOf(open())));
      expect(outcomes.filter((o) => o === 'ok')).toHaveLength(1);
      expect(outcomes.filter((o) => o === 'cash_session_open')).toHaveLength(19);
      const id = (await findOpen(shop.kit.database, tenant, place, drawerKey('Caja 1'))) ?? '';
      await close(id, 0);
    }
  });

  it('are listed with the last opened first, by place and by status', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await open(`Caja ${i}`));
    await close(ids[1] ?? '', 10_000);
    const list = (more: object = {}) =>
      listSessions(shop.kit.database, tenant, { locationId: null, status: null, before: null, limit: 50, ...more });
    const rows = await list();
    expect(rows.map((r) => r.cash_session_id)).toEqual(ids);
    expect(rows[0]).toMatchObject({ location_name: 'Centro', float_minor: 10_000, opened_by: 'usr_1' });
    expect(await list({ status: 'closed' })).toHaveLength(1);
    expect(await list({ status: 'open', locationId: place })).toHaveLength(4);
    expect(await list({ before: rows[2]?.opened_seq })).toEqual(rows.slice(3));
    expect(await list({ limit: 2 })).toHaveLength(3);
  });
});

describe('at once', () => {
  it('[CS9] of ten closes one comes first, and the drawer’s account takes its money once', async () => {
    const id = await open();
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, i) => codeOf(close(id, 10_000 + i))));
    expect(outcomes.filter((o) => o === 'ok')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['ok', 'cash_session_closed']));
    expect((await report(id)).row.balance_minor).toBe(0);
  });

  it('[CS8] [CS9] movements, sales and a close: whoever is first, nothing is lost and the account ends at zero', async () => {
    const id = await open();
    const before = sell(id, [cash(100)]);
    const moves = Array.from({ length: 6 }, (_, i) => codeOf(move(id, i % 2 ? 'in' : 'out', 50 + i)));
    const closing = codeOf(close(id, 12_345));
    const sales = Array.from({ length: 30 }, () => sell(id, [cash(100)]));
    await Promise.all([before, ...moves, closing, ...sales]);
    expect(await closing).toBe('ok');
    const { row, report: z } = await report(id);
    const took = 31 * 100;
    const { expected, float, cash_in: into, cash_out: out, late } = z;
    expect(expected.amount + late.amount).toBe(float.amount + into.amount - out.amount + took);
    expect(row.balance_minor).toBe(late.amount);
    await settleLateCash(platform, tenant);
    expect((await report(id)).row.balance_minor).toBe(0);
  });
});

describe('the tables', () => {
  it('[CS2] are the same when the whole history is replayed in one go', async () => {
    const id = await open();
    await sell(id, [cash(500)]);
    await move(id, 'in', 5);
    await close(id, 1);
    const next = await open('CAJA 1', 0);
    await sell(next, [card(5)]);
    const tenants = Array.from({ length: tenant }, (_, i) => i + 1);
    const options = { database: shop.kit.database, projections: shop.projections, subscriptions: [], tenants };
    const rebuilt = await rebuild(options);
    expect(rebuilt.tables.filter((t) => t.name.startsWith('cash_'))).toEqual([
      expect.objectContaining({ name: 'cash_session', same: true }),
      expect.objectContaining({ name: 'cash_session_sale', same: true }),
    ]);
    const verified = await verify(options);
    expect(verified.checks.filter((c) => c.failed > 0)).toEqual([]);
  });
});
