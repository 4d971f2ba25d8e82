/**
 * Reservations: goods that are promised and still on the shelf. One is a pending transfer of the ledger, which is
 * taken (posted), released (voided) or expires; whoever promises puts these transfers beside the event that says why.
 */
import type { DecidedEvent, Decision, DecisionContext } from '../decision.js';
import type { EndTransfer, MoveTransfer, Pending } from '../ledger/index.js';
import { stockAccount, stockCounterparty } from './accounts.js';
import type { StockEvent } from './types.js';

export interface Reservation {
  readonly locationId: string;
  readonly variantId: string;
  readonly quantityMilli: number;
  /** Milliseconds since the epoch; absent: until somebody ends it. */
  readonly expiresAt?: number | undefined;
}

/** Holds the quantity; refused by the ledger when less is available. `id` names the reservation from now on. */
export function reserve(id: string, reservation: Reservation): MoveTransfer {
  const { locationId, variantId, quantityMilli, expiresAt } = reservation;
  return {
    id,
    kind: 'pending',
    debit: stockCounterparty('sold', locationId),
    credit: stockAccount(locationId, variantId),
    amount: quantityMilli,
    cause: 'reservation',
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** The goods leave the shelf: all that is reserved, or `quantityMilli` of it, and the rest is released. */
export function takeReserved(id: string, pendingId: string, quantityMilli?: number): EndTransfer {
  return { id, kind: 'post', pendingId, ...(quantityMilli === undefined ? {} : { amount: quantityMilli }) };
}

/** The goods are available again. */
export function releaseReserved(id: string, pendingId: string): EndTransfer {
  return { id, kind: 'void', pendingId };
}

/** Ends the reservations of stock whose time has come and leaves the others. `nothing_due`: there is none. */
export function decideExpiry(
  sweepId: string,
  pendings: readonly Pending[],
  context: DecisionContext,
): Decision<{ readonly code: 'nothing_due' }> {
  const due = pendings.filter((p) => p.credit.kind === 'stock' && p.expiresAt !== null && p.expiresAt <= context.now);
  if (due.length === 0) return { ok: false, rejection: { code: 'nothing_due' } };
  const event: StockEvent = {
    type: 'stock.reservations_expired',
    payload: {
      sweepId,
      reservations: due.map((p) => ({
        pendingId: p.id,
        locationId: p.credit.owner,
        variantId: p.credit.item,
        quantityMilli: p.amount,
      })),
    },
  };
  const decided: DecidedEvent = { type: event.type, subject: sweepId, payload: event.payload };
  const transfers = due.map(
    (p, n): EndTransfer => ({ id: `${context.commitId}/${n}`, kind: 'expire', pendingId: p.id }),
  );
  return { ok: true, events: [decided], transfers };
}
