/** Commits what a handler decided and turns the journal's refusals into those of the interface. */
import { fromMilli } from '@mostrador/contract/common';
import type { ErrorCode } from '@mostrador/contract/errors';
import type { LedgerRejection } from '@mostrador/domain/ledger';
import type { CommitRejection, Journal, JournalEvent, Proposal } from '../journal/index.js';
import { ApiError } from './api-error.js';

export interface Committed {
  /** Place of the last event of the proposal. */
  readonly seq: number;
  readonly events: readonly JournalEvent[];
  readonly status: 'committed' | 'duplicate';
}

/**
 * Resolves once durable; throws an ApiError when refused. A repeated command resolves with its first events.
 * `constraints` names the code of each unique index that the proposal can meet; others answer `conflict`.
 */
export async function commitOrThrow(
  journal: Pick<Journal, 'commit'>,
  tenantId: number,
  proposal: Proposal,
  constraints: Readonly<Record<string, ErrorCode>> = {},
): Promise<Committed> {
  const result = await journal.commit(tenantId, proposal);
  if (result.status === 'rejected') throw refusal(result.rejection, constraints);
  return result;
}

function refusal(rejection: CommitRejection, constraints: Readonly<Record<string, ErrorCode>>): ApiError {
  switch (rejection.code) {
    case 'id_reused':
      return new ApiError('idempotency_key_reused');
    case 'revision_conflict':
      return new ApiError('conflict', { facts: { subject: rejection.subject, revision: rejection.revision } });
    case 'constraint':
      return new ApiError(constraints[rejection.constraint] ?? 'conflict', {
        facts: { constraint: rejection.constraint },
      });
    case 'ledger':
      return ledgerRefusal(rejection.reason);
  }
}

function ledgerRefusal(reason: LedgerRejection): ApiError {
  switch (reason.code) {
    case 'insufficient': {
      const { kind, owner, item, unit } = reason.account;
      if (kind === 'stock') {
        return new ApiError('insufficient_stock', {
          facts: { variant_id: item, location_id: owner, quantity_available: fromMilli(reason.available) },
        });
      }
      if (kind === 'cash') {
        return new ApiError('insufficient_cash', {
          facts: { owner, available: { amount: reason.available, currency: unit } },
        });
      }
      return new ApiError('insufficient_balance', { facts: { kind, owner, available: reason.available } });
    }
    case 'amount_invalid':
    case 'amount_overflow':
      return new ApiError('amount_out_of_range');
    case 'id_reused':
      return new ApiError('idempotency_key_reused');
    case 'pending_not_found':
    case 'pending_already_posted':
    case 'pending_already_voided':
    case 'pending_expired':
    case 'pending_not_yet_expired':
    case 'post_exceeds_pending':
    case 'expires_invalid':
    case 'unit_mismatch':
    case 'item_mismatch':
    case 'same_account':
      return new ApiError('transfer_refused', { facts: { reason: reason.code } });
  }
}
