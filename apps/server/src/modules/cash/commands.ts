/**
 * What is done to a cash session: read it, decide, commit on the revision that was read, and once more when somebody
 * was faster. The database's unique index keeps two from opening one drawer [CS2].
 */
import type { ErrorCode } from '@mostrador/contract/errors';
import { type CashCommand, type CashRejection, type CashSessionState, decide } from '@mostrador/domain/cash';
import type { Platform } from '../../module.js';
import { ApiError, type Command, type Committed, commitOrThrow } from '../../platform/http/index.js';
import { newId, newUuid } from '../../platform/ids.js';
import { readSession, type SessionRow, unsettledSessions } from './queries.js';

/** Whoever meets so many others on one drawer is told to read it again. */
const ATTEMPTS_MAX = 8;

const CODES = {
  session_exists: 'cash_session_open',
  session_not_found: 'not_found',
  session_closed: 'cash_session_closed',
  session_open: 'cash_session_open',
  currency_mismatch: 'currency_mismatch',
  amount_invalid: 'amount_out_of_range',
  name_missing: 'validation_failed',
  reason_missing: 'validation_failed',
  nothing_late: 'cash_session_closed',
} as const satisfies Record<CashRejection['code'], ErrorCode>;

type Platformed = Pick<Platform, 'database' | 'journal' | 'now'>;

export function openSession(
  platform: Platformed,
  tenantId: number,
  actor: string,
  command: Command,
  input: { readonly locationId: string; readonly name: string; readonly currency: string; readonly floatMinor: number },
): Promise<Committed> {
  const cashCommand = { type: 'open' as const, cashSessionId: newId('cse'), ...input };
  return commit(platform, tenantId, actor, command, null, cashCommand);
}

/** Movement or close. `balance` gives the close what the ledger expects in the drawer. */
export async function changeSession(
  platform: Platformed,
  tenantId: number,
  actor: string,
  command: Command,
  cashSessionId: string,
  make: (session: SessionRow) => CashCommand,
): Promise<Committed> {
  for (let attempt = 1; ; attempt++) {
    const session = await readSession(platform.database, tenantId, cashSessionId);
    if (session === null) throw new ApiError('not_found');
    const cashCommand = make(session);
    try {
      return await commit(platform, tenantId, actor, command, session, cashCommand);
    } catch (error) {
      if (!(error instanceof ApiError) || attempt === ATTEMPTS_MAX) throw error;
      // A close that finds less than it read met a refund: what it expected is no longer so.
      const overtaken = error.code === 'insufficient_cash' && cashCommand.type === 'close';
      if (error.code !== 'conflict' && !overtaken) throw error;
    }
  }
}

async function commit(
  platform: Platformed,
  tenantId: number,
  actor: string,
  command: Command,
  session: SessionRow | null,
  cashCommand: CashCommand,
): Promise<Committed> {
  const decision = decide(session === null ? null : stateOf(session), cashCommand, {
    commitId: command.id,
    now: platform.now(),
  });
  if (!decision.ok) throw new ApiError(CODES[decision.rejection.code]);
  const { events, transfers } = decision;
  const expects = session === null ? [] : [{ subject: session.cash_session_id, revision: session.revision }];
  return commitOrThrow(
    platform.journal,
    tenantId,
    { ...command, actor, events, transfers, expects },
    { cash_session_drawer: 'cash_session_open' },
  );
}

/**
 * Brings the accounts of closed sessions back to zero where a sale was recorded after its session's close [CS8].
 * Answers how many were settled. May run anywhere, any number of times.
 */
export async function settleLateCash(platform: Platformed, tenantId: number): Promise<number> {
  let settled = 0;
  for (const { cash_session_id: id } of await unsettledSessions(platform.database, tenantId)) {
    const command = { id: newUuid(), digest: '0'.repeat(64) };
    try {
      await changeSession(platform, tenantId, 'system', command, id, (session) => ({
        type: 'settle',
        balanceMinor: session.balance_minor,
      }));
      settled += 1;
    } catch (error) {
      // Somebody else has settled it.
      if (!(error instanceof ApiError)) throw error;
    }
  }
  return settled;
}

function stateOf(row: SessionRow): CashSessionState {
  return {
    cashSessionId: row.cash_session_id,
    locationId: row.location_id,
    name: row.name,
    currency: row.currency,
    status: row.closed_seq === null ? 'open' : 'closed',
    floatMinor: row.float_minor,
    inMinor: row.in_minor,
    outMinor: row.out_minor,
    expectedMinor: row.expected_minor,
    countedMinor: row.counted_minor,
    note: row.note,
    lateMinor: 0,
  };
}
