/**
 * Refunds: decided on the sale's own history and committed only while that is unchanged, so that however many race, all
 * together never give back more than was sold [SA14].
 */
import { toMilli } from '@mostrador/contract/common';
import type { zRefundInput } from '@mostrador/contract/sale';
import { decideSale } from '@mostrador/domain/sale';
import type { z } from 'zod';
import type { Platform } from '../../module.js';
import { ApiError, type Command, type Committed, commitOrThrow, type Session } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { requireLocation } from '../tenant/index.js';
import { askedTender, receiptSeries, whileOpen } from './checkout.js';
import { historyOf } from './json.js';
import { refusal } from './problems.js';

type RefundBody = z.output<typeof zRefundInput>;

/** Whoever meets so many others on one sale is told to read it again. */
const ATTEMPTS_MAX = 20;

/** The refunds of one sale in this process wait for each other; those of other processes are met by retrying. */
const queues = new Map<string, Promise<unknown>>();

export async function refund(
  platform: Platform,
  session: Session,
  command: Command,
  saleId: string,
  body: RefundBody,
): Promise<Committed> {
  const key = `${session.tenantId}/${saleId}`;
  const before = queues.get(key) ?? Promise.resolve();
  const mine = before.then(() => refundInTurn(platform, session, command, saleId, body));
  const settled = mine.catch(() => undefined);
  queues.set(key, settled);
  try {
    return await mine;
  } finally {
    if (queues.get(key) === settled) queues.delete(key);
  }
}

async function refundInTurn(
  platform: Platform,
  session: Session,
  command: Command,
  saleId: string,
  body: RefundBody,
): Promise<Committed> {
  const refundId = newId('ref');
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptRefund(platform, session, command, saleId, refundId, body);
    } catch (error) {
      const isOvertaken = error instanceof ApiError && error.code === 'conflict' && error.facts?.subject === saleId;
      if (!isOvertaken || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

async function attemptRefund(
  platform: Platform,
  session: Session,
  command: Command,
  saleId: string,
  refundId: string,
  body: RefundBody,
): Promise<Committed> {
  const { tenantId } = session;
  const history = historyOf(await platform.journal.eventsOf(tenantId, saleId));
  if (history === null) throw new ApiError('not_found');
  const { sale } = history.state;
  const location = await requireLocation(platform, tenantId, sale.locationId, { archived: true });
  const decision = decideSale(
    history.state,
    {
      type: 'refund',
      refundId,
      receipt: receiptSeries('refund', sale.locationId, location.receiptPrefix),
      cashSessionId: body.cash_session_id ?? null,
      lines: body.lines?.map((line) => ({
        saleLine: line.sale_line,
        quantityMilli: line.quantity === undefined ? undefined : toMilli(line.quantity),
        restock: line.restock,
      })),
      reason: body.reason,
      tenders: body.tenders?.map(askedTender),
      channel: 'counter',
    },
    { commitId: command.id, now: platform.now() },
  );
  if (!decision.ok) throw refusal(decision.rejection, sale.currency);
  const { events, transfers } = decision;
  const own = { subject: saleId, revision: history.revision };
  const proposal = { ...command, actor: session.userId, events, transfers };
  if (body.cash_session_id === undefined) {
    return commitOrThrow(platform.journal, tenantId, { ...proposal, expects: [own] });
  }
  return whileOpen(platform, tenantId, body.cash_session_id, sale.locationId, (expects) =>
    commitOrThrow(platform.journal, tenantId, { ...proposal, expects: [own, ...expects] }),
  );
}
