/** The door of the cash module: its registration, and what others ask about drawers. */
import type { ServerModule } from '../../module.js';
import type { Database } from '../../platform/database/index.js';
import { cashProjection } from './projections.js';
import { readSession } from './queries.js';
import { cashRoutes } from './routes.js';
import { cashMigrations } from './tables.js';

export { settleLateCash } from './commands.js';

export const cashModule: ServerModule = {
  name: 'cash',
  migrations: cashMigrations,
  projections: [cashProjection],
  subscriptions: [],
  routes: cashRoutes,
};

export interface CashSessionFacts {
  readonly cashSessionId: string;
  readonly locationId: string;
  readonly currency: string;
  readonly status: 'open' | 'closed';
  /** For `expects`, by whoever must not meet a close. */
  readonly revision: number;
}

/** A session as a sale needs it; null: there is none. */
export async function findCashSession(
  platform: { readonly database: Database },
  tenantId: number,
  cashSessionId: string,
): Promise<CashSessionFacts | null> {
  const row = await readSession(platform.database, tenantId, cashSessionId);
  if (row === null) return null;
  return {
    cashSessionId: row.cash_session_id,
    locationId: row.location_id,
    currency: row.currency,
    status: row.closed_seq === null ? 'open' : 'closed',
    revision: row.revision,
  };
}
