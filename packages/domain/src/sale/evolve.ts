/** A sale from its events. */
import type { RefundedLine, SaleState } from './state.js';
import type { SaleCompleted, SaleEvent, SaleRefunded } from './types.js';

const NOTHING: RefundedLine = { quantityMilli: 0, totalMinor: 0, taxMinor: 0 };

/** Events of other subjects and refunds before their sale change nothing. */
export function evolveSale(state: SaleState | null, event: SaleEvent): SaleState | null {
  switch (event.type) {
    case 'sale.completed':
      return begin(event.payload);
    case 'sale.refunded':
      return state === null ? null : giveBack(state, event.payload);
    case 'sale.fee_recorded':
      return state;
  }
}

function begin(sale: SaleCompleted): SaleState {
  return {
    sale,
    refunded: sale.lines.map(() => NOTHING),
    refundedMinor: 0,
    refundedTenders: { cash: 0, card: 0, transfer: 0 },
  };
}

function giveBack(state: SaleState, refund: SaleRefunded): SaleState {
  const refunded = [...state.refunded];
  for (const { saleLine, line } of refund.lines) {
    const before = saleLine === null ? undefined : refunded[saleLine];
    if (saleLine === null || before === undefined) continue;
    refunded[saleLine] = {
      quantityMilli: before.quantityMilli + line.quantityMilli,
      totalMinor: before.totalMinor + line.totalMinor,
      taxMinor: before.taxMinor + line.taxMinor,
    };
  }
  const refundedTenders = { ...state.refundedTenders };
  for (const tender of refund.tenders) refundedTenders[tender.type] += tender.amountMinor;
  return { ...state, refunded, refundedMinor: state.refundedMinor + refund.totalMinor, refundedTenders };
}
