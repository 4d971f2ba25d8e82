/** The sweep that gives back what reservations held beyond their time [ST13]. */
import { decideExpiry } from '@mostrador/domain/stock';
import type { Platform } from '../../module.js';
import { newId, newUuid } from '../../platform/ids.js';
import { dueReservations } from './queries.js';

const CHUNK = 500;
/** Another process may be ending the same ones; what it leaves is read anew. */
const ATTEMPTS_MAX = 20;

/**
 * Ends the shop's reservations of stock whose time has come and answers how many. May run in any number of processes
 * at once; what could not be ended now is due again at the next sweep.
 */
export async function expirePending(
  platform: Pick<Platform, 'database' | 'journal' | 'now'>,
  tenantId: number,
): Promise<number> {
  let expired = 0;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const now = platform.now();
    const due = await dueReservations(platform.database, tenantId, now, CHUNK);
    const id = newUuid();
    const decision = decideExpiry(newId('stk'), due, { commitId: id, now });
    if (!decision.ok) return expired;
    const { events, transfers } = decision;
    const result = await platform.journal.commit(tenantId, {
      id,
      digest: '0'.repeat(64),
      actor: 'system',
      events,
      transfers,
    });
    if (result.status !== 'rejected') expired += transfers.length;
  }
  return expired;
}
