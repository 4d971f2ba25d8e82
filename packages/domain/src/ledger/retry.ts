/** Which refusals may pass when the same transfer is sent again later, unchanged. */
import type { LedgerRejection } from './types.js';

/** True when only the state of the book stood in the way and time or another transfer can clear it. */
export function mayRetry(rejection: LedgerRejection): boolean {
  switch (rejection.code) {
    case 'insufficient':
    case 'pending_not_found':
    case 'pending_not_yet_expired':
      return true;
    case 'amount_invalid':
    case 'amount_overflow':
    case 'unit_mismatch':
    case 'item_mismatch':
    case 'same_account':
    case 'pending_already_posted':
    case 'pending_already_voided':
    case 'pending_expired':
    case 'post_exceeds_pending':
    case 'expires_invalid':
    case 'id_reused':
      return false;
    default:
      return unreachable(rejection);
  }
}

/** Makes a forgotten code a type error. */
function unreachable(rejection: never): never {
  throw new Error(`unknown ledger rejection ${JSON.stringify(rejection)}`);
}
