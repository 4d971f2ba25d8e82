/**
 * A command that was carried out and is sent again must get its first answer, also where the state that it was decided
 * on has moved on since and would refuse it now (a session that it closed itself, a product archived in between).
 */
import type { Journal } from '../journal/index.js';
import { ApiError } from './api-error.js';
import type { Committed } from './commit.js';
import type { Command } from './types.js';

/** Runs `attempt`; when it is refused, the first outcome of the same command is answered if there is one. */
export async function orAsBefore(
  journal: Pick<Journal, 'commit'>,
  tenantId: number,
  command: Command,
  attempt: () => Promise<Committed>,
): Promise<Committed> {
  try {
    return await attempt();
  } catch (refusal) {
    if (!(refusal instanceof ApiError) || refusal.code === 'idempotency_key_reused') throw refusal;
    // No subject has a revision below zero, so this is answered as before or refused, and never written.
    const known = await journal.commit(tenantId, {
      ...command,
      actor: 'system',
      events: [{ type: 'command.asked', subject: 'command', payload: {} }],
      expects: [{ subject: 'command', revision: -1 }],
    });
    if (known.status !== 'rejected') return known as Committed;
    if (known.rejection.code === 'id_reused') throw new ApiError('idempotency_key_reused');
    throw refusal;
  }
}
