/** The one door to the rules of sales. */
import type { Decision, DecisionContext } from '../decision.js';
import { completeSale } from './complete.js';
import { refundSale } from './refund.js';
import type { SaleCommand, SaleRejection, SaleState } from './state.js';

/** `state`: the fold of the sale's events, null before the first. */
export function decideSale(
  state: SaleState | null,
  command: SaleCommand,
  context: DecisionContext,
): Decision<SaleRejection> {
  switch (command.type) {
    case 'complete':
      return state === null ? completeSale(command, context) : { ok: false, rejection: { code: 'sale_exists' } };
    case 'refund':
      return state === null
        ? { ok: false, rejection: { code: 'sale_not_found' } }
        : refundSale(state, command, context);
  }
}
