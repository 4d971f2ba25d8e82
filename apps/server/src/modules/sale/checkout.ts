/**
 * Checkout: the hot path. With warm caches nothing is waited for but the journal's commit; what only some sales need
 * (a cash session, a customer) is asked for only then.
 */
import { fromMilli, toMilli } from '@mostrador/contract/common';
import { ERRORS } from '@mostrador/contract/errors';
import type { Defect } from '@mostrador/contract/problem';
import type { zCheckoutInput, zDiscountInput, zTenderInput } from '@mostrador/contract/sale';
import type { Transfer } from '@mostrador/domain/ledger';
import {
  type AskedDiscount,
  type AskedLine,
  type AskedTender,
  completeSale,
  type ReceiptSeries,
} from '@mostrador/domain/sale';
import type { z } from 'zod';
import type { Platform } from '../../module.js';
import { ApiError, type Command, type Committed, commitOrThrow, type Session } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import type { Expectation } from '../../platform/journal/index.js';
import { findCashSession } from '../cash/index.js';
import { customerExists } from '../customer/index.js';
import { variantsForSale } from '../product/index.js';
import { requireLocation } from '../tenant/index.js';
import { refusal } from './problems.js';
import { availableOf } from './queries.js';

type CheckoutBody = z.output<typeof zCheckoutInput>;

/** How often a checkout meets a change of its cash session before it gives up. */
const ATTEMPTS_MAX = 20;

/** Decides and commits a sale; throws an ApiError when it is refused. */
export async function checkout(
  platform: Platform,
  session: Session,
  command: Command,
  body: CheckoutBody,
): Promise<Committed> {
  const { tenantId } = session;
  const { currency } = session.tenant;
  const location = await requireLocation(platform, tenantId, body.location_id);
  const lines = await askedLines(platform, session, body);
  if (body.customer_id !== undefined && !(await customerExists(platform, tenantId, body.customer_id))) {
    throw new ApiError('customer_unknown', {
      errors: [{ path: 'customer_id', code: 'customer_unknown', message: ERRORS.customer_unknown.title }],
    });
  }
  const decision = completeSale(
    {
      type: 'complete',
      saleId: newId('sal'),
      locationId: body.location_id,
      receipt: receiptSeries('receipt', body.location_id, location.receiptPrefix),
      currency,
      cashSessionId: body.cash_session_id ?? null,
      customerId: body.customer_id ?? null,
      lines,
      discount: askedDiscount(body.discount),
      tenders: body.tenders.map(askedTender),
      channel: 'counter',
    },
    { commitId: command.id, now: platform.now() },
  );
  if (!decision.ok) throw refusal(decision.rejection, currency);
  const proposal = { ...command, actor: session.userId, events: decision.events, transfers: decision.transfers };
  try {
    if (body.cash_session_id === undefined) return await commitOrThrow(platform.journal, tenantId, proposal);
    return await whileOpen(platform, tenantId, body.cash_session_id, body.location_id, (expects) =>
      commitOrThrow(platform.journal, tenantId, { ...proposal, expects }),
    );
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'insufficient_stock') throw error;
    throw await withAllShortLines(platform, tenantId, error, body, decision.transfers);
  }
}

/** Commits while the cash session is open, again when somebody else changed it in between [SA11]. */
export async function whileOpen(
  platform: Platform,
  tenantId: number,
  cashSessionId: string,
  locationId: string,
  commit: (expects: readonly Expectation[]) => Promise<Committed>,
): Promise<Committed> {
  for (let attempt = 1; ; attempt++) {
    const found = await findCashSession(platform, tenantId, cashSessionId);
    if (found === null || found.locationId !== locationId) throw new ApiError('cash_session_unknown');
    if (found.status !== 'open') throw new ApiError('cash_session_closed');
    try {
      return await commit([{ subject: cashSessionId, revision: found.revision }]);
    } catch (error) {
      const isOvertaken =
        error instanceof ApiError && error.code === 'conflict' && error.facts?.subject === cashSessionId;
      if (!isOvertaken || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

/** The numbers of receipts and of refunds of one location [SA10]. */
export function receiptSeries(kind: 'receipt' | 'refund', locationId: string, prefix: string): ReceiptSeries {
  return { series: `${kind}/${locationId}`, prefix: kind === 'receipt' ? `${prefix}-` : `${prefix}-R-` };
}

async function askedLines(platform: Platform, session: Session, body: CheckoutBody): Promise<AskedLine[]> {
  const ids: string[] = [];
  let isRepriced = false;
  for (const line of body.lines) {
    ids.push(line.variant_id);
    if (line.price !== undefined) isRepriced = true;
  }
  if (isRepriced && !session.permissions.has('price.write')) {
    throw new ApiError('forbidden', { facts: { permission: 'price.write' } });
  }
  const items = await variantsForSale(platform, session.tenantId, ids);
  return body.lines.map((line) => ({
    item: items.get(line.variant_id) ?? null,
    variantId: line.variant_id,
    quantityMilli: toMilli(line.quantity),
    price: line.price === undefined ? undefined : { amountMinor: line.price.amount, currency: line.price.currency },
    discount: askedDiscount(line.discount),
  }));
}

function askedDiscount(discount: z.output<typeof zDiscountInput> | undefined): AskedDiscount | undefined {
  if (discount === undefined) return undefined;
  const { amount, percent_bp, reason } = discount;
  return {
    amount: amount === undefined ? undefined : { amountMinor: amount.amount, currency: amount.currency },
    percentBp: percent_bp,
    reason,
  };
}

export function askedTender(tender: z.output<typeof zTenderInput>): AskedTender {
  return { type: tender.type, amountMinor: tender.amount.amount, currency: tender.amount.currency };
}

/** Names every line that is short, not only the one that the ledger met first [SA9]. */
async function withAllShortLines(
  platform: Platform,
  tenantId: number,
  error: ApiError,
  body: CheckoutBody,
  transfers: readonly Transfer[],
): Promise<ApiError> {
  const wanted = new Map<string, number>();
  for (const t of transfers) {
    if ('credit' in t && t.credit.kind === 'stock') wanted.set(t.credit.item, t.amount);
  }
  const available = await availableOf(platform.database, tenantId, body.location_id, [...wanted.keys()]);
  // The first one as the ledger saw it; the others as they are a moment later.
  const first = String(error.facts?.variant_id);
  const errors: Defect[] = [];
  const short: { variant_id: string; quantity_available: number }[] = [];
  for (const [variantId, amount] of wanted) {
    const left = available.get(variantId) ?? 0;
    if (variantId !== first && left >= amount) continue;
    const quantity = variantId === first ? Number(error.facts?.quantity_available) : fromMilli(Math.max(0, left));
    short.push({ variant_id: variantId, quantity_available: quantity });
    body.lines.forEach((line, n) => {
      if (line.variant_id !== variantId) return;
      errors.push({
        path: `lines.${n}.quantity`,
        code: 'insufficient_stock',
        message: `${ERRORS.insufficient_stock.title}: ${quantity} left`,
      });
    });
  }
  return new ApiError('insufficient_stock', { facts: { ...error.facts, short }, errors });
}
