/** Cash sessions over REST: open, move, close, and the X and Z reports. */
import {
  type CashMovementJson,
  type CashSessionJson,
  zCashCloseInput,
  zCashMovementInput,
  zCashMovementRecorded,
  zCashSessionClosed,
  zCashSessionDetail,
  zCashSessionInput,
  zCashSessionOpened,
  zCashSessionPage,
  zCashSessionParams,
  zCashSessionQuery,
} from '@mostrador/contract/cash';
import { money, timestamp } from '@mostrador/contract/common';
import type { CashEvent } from '@mostrador/domain/cash';
import { z } from 'zod';
import type { Platform } from '../../module.js';
import {
  type Api,
  ApiError,
  type Committed,
  decodeCursor,
  orAsBefore,
  pageOf,
  type Session,
} from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import type { JournalEvent } from '../../platform/journal/index.js';
import { userNames } from '../identity/index.js';
import { openLocation } from '../tenant/index.js';
import { changeSession, openSession, settleLateCash } from './commands.js';
import { drawerKey } from './drawer.js';
import {
  type FigureRow,
  figuresStatement,
  findOpen,
  listSessions,
  readMovements,
  readSession,
  type SessionRow,
} from './queries.js';
import { cashReport } from './report.js';

const zCursorValues = z.tuple([z.int().min(0)]);
type Payload<T extends CashEvent['type']> = Extract<CashEvent, { type: T }>['payload'];

export function cashRoutes(api: Api, platform: Platform): void {
  const { database, journal } = platform;

  const figures = async (tenantId: number, id: string): Promise<FigureRow> => {
    const rows = await database.read<FigureRow>(tenantId, figuresStatement(tenantId, id));
    if (rows[0] === undefined) throw new ApiError('not_found');
    return rows[0];
  };

  api.route(
    {
      method: 'GET',
      url: '/cash-sessions',
      tag: 'cash-session',
      summary: 'Cash sessions, the last opened first',
      permission: 'cash.read',
      query: zCashSessionQuery,
      response: zCashSessionPage,
    },
    async ({ query, session }) => {
      const before = query.cursor === undefined ? null : decodeCursor(query.cursor, zCursorValues)[0];
      const rows = await listSessions(database, session.tenantId, {
        locationId: query.location_id ?? null,
        status: query.status ?? null,
        before,
        limit: query.limit,
      });
      const names = await userNames(platform, session.tenantId, peopleOf(rows));
      return pageOf(
        rows,
        query.limit,
        (row) => sessionJson(row, session, names),
        (row) => [row.opened_seq],
      );
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/cash-sessions/{cash_session_id}',
      tag: 'cash-session',
      summary: 'A cash session with its movements and its X or Z report',
      description:
        'While the session is open, what ought to be in the drawer is shown only to people who may read reports, so that the count is blind.',
      permission: 'cash.read',
      params: zCashSessionParams,
      response: zCashSessionDetail,
      errors: ['not_found'],
    },
    async ({ params, session }) => {
      const { tenantId } = session;
      const [row, sums, moved] = await Promise.all([
        readSession(database, tenantId, params.cash_session_id),
        database.read<FigureRow>(tenantId, figuresStatement(tenantId, params.cash_session_id)),
        readMovements(database, tenantId, params.cash_session_id),
      ]);
      if (row === null || sums[0] === undefined) throw new ApiError('not_found');
      const names = await userNames(platform, tenantId, [...peopleOf([row]), ...moved.map((m) => m.actor)]);
      const movements = moved.map(
        (m): CashMovementJson => ({
          id: m.payload.movementId,
          seq: m.seq,
          at: timestamp(m.at.getTime()),
          direction: m.payload.direction,
          amount: money(m.payload.amountMinor, row.currency),
          reason: m.payload.reason,
          actor: m.actor,
          actor_name: names.get(m.actor) || null,
        }),
      );
      return {
        ...sessionJson(row, session, names),
        movements,
        report: isBlind(row, session) ? null : cashReport(row, sums[0]),
      };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/cash-sessions',
      tag: 'cash-session',
      summary: 'Open a drawer with its float',
      permission: 'cash.write',
      idempotent: true,
      body: zCashSessionInput,
      status: 201,
      response: zCashSessionOpened,
      errors: ['cash_session_open', 'location_unknown', 'location_archived', 'currency_mismatch'],
    },
    async ({ body, session, command }) => {
      const { tenantId, tenant } = session;
      const committed = await orAsBefore(journal, tenantId, command, async () => {
        if (body.float.currency !== tenant.currency) throw new ApiError('currency_mismatch');
        await openLocation(platform, tenantId, body.location_id);
        const open = await findOpen(database, tenantId, body.location_id, drawerKey(body.name));
        if (open !== null) throw new ApiError('cash_session_open', { facts: { cash_session_id: open } });
        return openSession(platform, tenantId, session.userId, command, {
          locationId: body.location_id,
          name: body.name,
          currency: body.float.currency,
          floatMinor: body.float.amount,
        });
      });
      const { event, payload } = first<'cash.session_opened'>(committed);
      return {
        id: payload.cashSessionId,
        seq: event.seq,
        location_id: payload.locationId,
        name: payload.name,
        currency: payload.currency,
        status: 'open' as const,
        float: money(payload.floatMinor, payload.currency),
        opened_at: timestamp(event.at),
      };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/cash-sessions/{cash_session_id}/movements',
      tag: 'cash-session',
      summary: 'Put cash into the drawer or take some out',
      permission: 'cash.write',
      idempotent: true,
      params: zCashSessionParams,
      body: zCashMovementInput,
      status: 201,
      response: zCashMovementRecorded,
      errors: ['not_found', 'cash_session_closed', 'insufficient_cash', 'currency_mismatch'],
    },
    async ({ params, body, session, command }) => {
      const movementId = newId('cmv');
      const committed = await orAsBefore(journal, session.tenantId, command, () =>
        changeSession(platform, session.tenantId, session.userId, command, params.cash_session_id, () => ({
          type: 'move',
          movementId,
          direction: body.direction,
          amountMinor: body.amount.amount,
          currency: body.amount.currency,
          reason: body.reason,
        })),
      );
      const { event, payload } = first<'cash.moved'>(committed);
      return {
        id: payload.movementId,
        seq: event.seq,
        cash_session_id: payload.cashSessionId,
        direction: payload.direction,
        amount: money(payload.amountMinor, payload.currency),
        reason: payload.reason,
        at: timestamp(event.at),
      };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/cash-sessions/{cash_session_id}/close',
      tag: 'cash-session',
      summary: 'Close a drawer against a blind count; the answer is the Z report',
      permission: 'cash.write',
      idempotent: true,
      params: zCashSessionParams,
      body: zCashCloseInput,
      response: zCashSessionClosed,
      errors: ['not_found', 'cash_session_closed', 'currency_mismatch'],
    },
    async ({ params, body, session, command }) => {
      const { tenantId } = session;
      const id = params.cash_session_id;
      const committed = await orAsBefore(journal, tenantId, command, () =>
        changeSession(platform, tenantId, session.userId, command, id, (row) => ({
          type: 'close',
          countedMinor: body.counted.amount,
          currency: body.counted.currency,
          note: body.note,
          expectedMinor: row.balance_minor,
        })),
      );
      const { event, payload } = first<'cash.session_closed'>(committed);
      const row = await readSession(database, tenantId, payload.cashSessionId);
      if (row === null) throw new ApiError('not_found');
      if (row.balance_minor !== 0) await settleLateCash(platform, tenantId);
      // What comes after the close is no part of this answer, so that asking again gives the same.
      const report = cashReport(row, { ...(await figures(tenantId, payload.cashSessionId)), late: 0 });
      return {
        id: payload.cashSessionId,
        seq: event.seq,
        status: 'closed' as const,
        closed_at: timestamp(event.at),
        expected: money(payload.expectedMinor, payload.currency),
        counted: money(payload.countedMinor, payload.currency),
        difference: money(payload.differenceMinor, payload.currency),
        note: payload.note,
        report,
      };
    },
  );
}

/** While a session is open, only who reads reports sees what ought to be in it [CS6]. */
function isBlind(row: SessionRow, session: Session): boolean {
  return row.closed_seq === null && !session.permissions.has('report.read');
}

function sessionJson(row: SessionRow, session: Session, names: ReadonlyMap<string, string>): CashSessionJson {
  const m = (amount: number | null) => (amount === null ? null : money(amount, row.currency));
  const isClosed = row.closed_seq !== null;
  const expected = row.expected_minor ?? row.balance_minor;
  return {
    id: row.cash_session_id,
    location_id: row.location_id,
    location_name: row.location_name,
    name: row.name,
    currency: row.currency,
    status: isClosed ? 'closed' : 'open',
    opened_at: timestamp(row.opened_at.getTime()),
    opened_by: row.opened_by,
    opened_by_name: names.get(row.opened_by) || null,
    closed_at: row.closed_at === null ? null : timestamp(row.closed_at.getTime()),
    closed_by: row.closed_by,
    closed_by_name: row.closed_by === null ? null : names.get(row.closed_by) || null,
    float: money(row.float_minor, row.currency),
    expected: isBlind(row, session) ? null : m(expected),
    counted: m(row.counted_minor),
    difference: row.counted_minor === null ? null : m(row.counted_minor - expected),
    note: row.note,
    revision: row.revision,
  };
}

function peopleOf(rows: readonly SessionRow[]): string[] {
  return rows.flatMap((r) => (r.closed_by === null ? [r.opened_by] : [r.opened_by, r.closed_by]));
}

/** The event of a committed command; each of them has one. */
function first<T extends CashEvent['type']>(committed: Committed): { event: JournalEvent; payload: Payload<T> } {
  const event = committed.events[0];
  if (event === undefined) throw new Error('a commit has no events');
  return { event, payload: event.payload as Payload<T> };
}
