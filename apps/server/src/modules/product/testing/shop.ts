/** A database with products only, and shops in it, for this module's tests: without HTTP. */

import { createTestDatabase } from '../../../../test/database.js';
import type { Platform } from '../../../module.js';
import type { Database } from '../../../platform/database/index.js';
import type { Session } from '../../../platform/http/index.js';
import { newUuid } from '../../../platform/ids.js';
import { JournalWriter, journalMigrations } from '../../../platform/journal/index.js';
import { stockModule } from '../../stock/index.js';
import { createTenant, tenantModule } from '../../tenant/index.js';
import { productModule } from '../index.js';

const modules = [tenantModule, productModule, stockModule];

/** A process: its own connections and journal. */
export type Process = Pick<Platform, 'database' | 'journal' | 'log' | 'now'> & { readonly close: () => Promise<void> };

export interface Shop {
  readonly tenantId: number;
  readonly taxRateId: string;
  readonly session: Session;
}

// Nothing is logged in these tests but a warning that would fail them anyway.
const log = { warn: () => {} } as unknown as Platform['log'];

function processOn(database: Database): Process {
  const journal = new JournalWriter({
    database,
    projections: modules.flatMap((m) => m.projections),
    now: Date.now,
  });
  return {
    database,
    journal,
    log,
    now: Date.now,
    close: async () => {
      await journal.close();
      await database.close();
    },
  };
}

export async function openProducts() {
  const kit = await createTestDatabase({
    migrations: [...journalMigrations, ...modules.flatMap((m) => m.migrations)],
  });
  const first = processOn(kit.database);
  const others: Process[] = [];
  return {
    platform: first,
    url: kit.url,
    async another(): Promise<Process> {
      const other = processOn(await kit.open());
      others.push(other);
      return other;
    },
    async shop(): Promise<Shop> {
      const { tenantId, taxRates } = await createTenant(first, { name: 'Prueba', country: 'AR' });
      const taxRateId = taxRates.find((r) => r.isDefault)?.taxRateId ?? '';
      return { tenantId, taxRateId, session: sessionOf(tenantId) };
    },
    async close(): Promise<void> {
      for (const other of others) await other.close();
      await first.journal.close();
      await kit.drop();
    },
  };
}

function sessionOf(tenantId: number): Session {
  return {
    tenantId,
    tenant: { id: 'ten_1', name: 'Shop', country: 'AR', currency: 'ARS', timeZone: 'UTC', locale: 'es' },
    userId: 'usr_1',
    sessionId: 'ses_1',
    roleIds: ['admin'],
    permissions: new Set(['product.read', 'product.write', 'price.write', 'report.read'] as const),
  };
}

/** A command as a request without a key would have it. */
export function fresh() {
  return { id: newUuid(), digest: '0'.repeat(64) };
}
