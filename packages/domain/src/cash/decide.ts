/**
 * The rules of cash sessions: open with a float, move cash in and out, close against a blind count, and settle what
 * came late. After the close the session's account stands at zero. Rules: docs/spec/cash.md.
 */
import type { DecidedEvent, Decision, DecisionContext } from '../decision.js';
import type { MoveTransfer } from '../ledger/index.js';
import { drawerAccount, sessionCash } from './accounts.js';
import { type CashCommand, type CashRejection, type CashSessionState, MAX_CASH_MINOR } from './state.js';
import type { CashEvent } from './types.js';

type CashDecision = Decision<CashRejection>;
type Move = Pick<MoveTransfer, 'debit' | 'credit' | 'amount' | 'cause' | 'overdraw'>;
type Session = Pick<CashSessionState, 'cashSessionId' | 'locationId' | 'currency'>;

const refuse = (rejection: CashRejection): CashDecision => ({ ok: false, rejection });

/** `null`: no such session yet. */
export function decide(state: CashSessionState | null, command: CashCommand, context: DecisionContext): CashDecision {
  if (command.type === 'open') return state === null ? open(command, context) : refuse({ code: 'session_exists' });
  if (state === null) return refuse({ code: 'session_not_found' });
  if (command.type === 'settle') return settle(state, command.balanceMinor, context);
  if (state.status === 'closed') return refuse({ code: 'session_closed' });
  if (command.currency !== state.currency) return refuse({ code: 'currency_mismatch', currency: state.currency });
  return command.type === 'move' ? move(state, command, context) : close(state, command, context);
}

function open(command: Extract<CashCommand, { type: 'open' }>, context: DecisionContext): CashDecision {
  const { type: _, ...payload } = command;
  if (command.name.trim() === '') return refuse({ code: 'name_missing' });
  if (!isAmount(command.floatMinor)) return refuse({ code: 'amount_invalid' });
  return happened(context, command.cashSessionId, { type: 'cash.session_opened', payload }, [
    into(command, command.floatMinor, 'float'),
  ]);
}

function move(
  state: CashSessionState,
  command: Extract<CashCommand, { type: 'move' }>,
  context: DecisionContext,
): CashDecision {
  const { type: _, ...rest } = command;
  const { amountMinor, direction } = command;
  if (!isAmount(amountMinor) || amountMinor === 0) return refuse({ code: 'amount_invalid' });
  if (command.reason.trim() === '') return refuse({ code: 'reason_missing' });
  const payload = { ...rest, cashSessionId: state.cashSessionId };
  // More than there is cannot be taken out: the ledger refuses it.
  const change = direction === 'in' ? into(state, amountMinor, 'cash_in') : outOf(state, amountMinor, 'cash_out');
  return happened(context, state.cashSessionId, { type: 'cash.moved', payload }, [change]);
}

function close(
  state: CashSessionState,
  command: Extract<CashCommand, { type: 'close' }>,
  context: DecisionContext,
): CashDecision {
  const { countedMinor, expectedMinor, note } = command;
  if (!isAmount(countedMinor) || !Number.isSafeInteger(expectedMinor)) return refuse({ code: 'amount_invalid' });
  const differenceMinor = countedMinor - expectedMinor;
  const { cashSessionId, currency } = state;
  const payload = { cashSessionId, currency, expectedMinor, countedMinor, differenceMinor, note };
  return happened(context, cashSessionId, { type: 'cash.session_closed', payload }, [
    differenceMinor < 0
      ? outOf(state, -differenceMinor, 'cash_difference')
      : into(state, differenceMinor, 'cash_difference'),
    outOf(state, countedMinor, 'cash_out'),
  ]);
}

function settle(state: CashSessionState, balanceMinor: number, context: DecisionContext): CashDecision {
  if (state.status === 'open') return refuse({ code: 'session_open' });
  if (!Number.isSafeInteger(balanceMinor)) return refuse({ code: 'amount_invalid' });
  if (balanceMinor === 0) return refuse({ code: 'nothing_late' });
  const { cashSessionId, currency } = state;
  const payload = { cashSessionId, currency, amountMinor: balanceMinor };
  return happened(context, cashSessionId, { type: 'cash.late_settled', payload }, [
    balanceMinor > 0 ? outOf(state, balanceMinor, 'cash_out') : into(state, -balanceMinor, 'cash_in'),
  ]);
}

function happened(context: DecisionContext, subject: string, event: CashEvent, moves: readonly Move[]): CashDecision {
  const decided: DecidedEvent = { type: event.type, subject, payload: event.payload };
  const transfers = moves
    .filter((m) => m.amount !== 0)
    .map((m, n): MoveTransfer => ({ ...m, kind: 'direct', id: `${context.commitId}/${n}` }));
  return { ok: true, events: [decided], transfers };
}

function into(session: Session, amount: number, cause: MoveTransfer['cause']): Move {
  const { cashSessionId, locationId, currency } = session;
  return { debit: sessionCash(cashSessionId, currency), credit: drawerAccount(locationId, currency), amount, cause };
}

function outOf(session: Session, amount: number, cause: MoveTransfer['cause']): Move {
  const { cashSessionId, locationId, currency } = session;
  return { debit: drawerAccount(locationId, currency), credit: sessionCash(cashSessionId, currency), amount, cause };
}

function isAmount(minor: number): boolean {
  return Number.isSafeInteger(minor) && minor >= 0 && minor <= MAX_CASH_MINOR;
}
