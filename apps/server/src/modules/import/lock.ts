/**
 * One import at a time in a shop: a lock of the database session, which is free again the moment the process that held
 * it is gone, however it went [IM22].
 */
import type { Database } from '../../platform/database/index.js';

const NAMESPACE = 0x696d70;

/** Runs `fn` under the shop's lock; answers null without running it when somebody else holds that. */
export function underImportLock<T>(
  database: Pick<Database, 'owner'>,
  tenantId: number,
  fn: () => Promise<T>,
): Promise<{ readonly value: T } | null> {
  return database.owner(async (client) => {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS got', [
      NAMESPACE,
      tenantId,
    ]);
    if (rows[0]?.got !== true) return null;
    try {
      return { value: await fn() };
    } finally {
      await client.query('SELECT pg_advisory_unlock($1, $2)', [NAMESPACE, tenantId]).catch(() => {});
    }
  });
}
