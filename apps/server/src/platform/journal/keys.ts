/** Foreign idempotency keys are bound for a week [JR5]; this lets go of the older ones. */
import type { Database } from '../database/index.js';

const KEPT_MS = 7 * 86_400_000;

/**
 * Forgets the keys of a shop that are older than seven days; answers how many. `now` is milliseconds since the epoch.
 * Safe beside a running writer: what it still finds is bound, what it no longer finds is decided anew.
 */
export async function pruneKeys(database: Database, tenantId: number, now: number): Promise<number> {
  return database.transaction(tenantId, async (tx) => {
    const gone = await tx.query('DELETE FROM journal_key WHERE tenant_id = $1 AND created_at < to_timestamp($2)', [
      tenantId,
      (now - KEPT_MS) / 1000,
    ]);
    return gone.rowCount ?? 0;
  });
}
