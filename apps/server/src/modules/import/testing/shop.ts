/** A database with a shop to import into, below HTTP: for the tests of imports and of the demo. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { createTestDatabase, type TestDatabase } from '../../../../test/database.js';
import type { Projection } from '../../../platform/journal/index.js';
import { JournalWriter, journalMigrations, verify } from '../../../platform/journal/index.js';
import { type Keyring, keyMigrations, openKeyring } from '../../../platform/keys/index.js';
import { cashModule } from '../../cash/index.js';
import { customerModule } from '../../customer/index.js';
import { identityModule } from '../../identity/index.js';
import { productModule } from '../../product/index.js';
import { saleModule } from '../../sale/index.js';
import { stockModule } from '../../stock/index.js';
import { supplierModule } from '../../supplier/index.js';
import { createTenant, tenantModule } from '../../tenant/index.js';
import { importModule } from '../index.js';
import type { Shop } from '../shop.js';
import { shopOf } from '../shops.js';

const modules = [
  tenantModule,
  identityModule,
  productModule,
  stockModule,
  supplierModule,
  customerModule,
  saleModule,
  cashModule,
  importModule,
];

export interface ImportShop {
  readonly kit: TestDatabase;
  readonly platform: {
    readonly database: TestDatabase['database'];
    readonly journal: JournalWriter;
    readonly keyring: Keyring;
    readonly now: () => number;
    readonly log: Logger;
  };
  readonly projections: readonly Projection[];
  /** A new shop in pounds, whose wall clock is London's. */
  shop(): Promise<Shop>;
  /** Writes a file and answers its path. */
  file(name: string, content: string | Buffer): string;
  /** How many events of each type the shop has. */
  counts(tenantId: number): Promise<Record<string, number>>;
  /** Names of the checks that do not hold. */
  verify(tenantId: number): Promise<string[]>;
  close(): Promise<void>;
}

export async function openImportShop(): Promise<ImportShop> {
  const folder = mkdtempSync(join(tmpdir(), 'mostrador-import-test-'));
  const migrations = [...keyMigrations, ...journalMigrations, ...modules.flatMap((m) => m.migrations)];
  const kit = await createTestDatabase({ migrations });
  const { database } = kit;
  const projections = modules.flatMap((m) => m.projections);
  const keyring = await openKeyring({ database, dataDir: folder, masterKey: randomBytes(32).toString('base64') });
  const journal = new JournalWriter({ database, projections, now: Date.now });
  const platform = { database, journal, keyring, now: Date.now, log: pino({ level: 'silent' }) };
  return {
    kit,
    platform,
    projections,
    shop: async () => shopOf(platform, (await createTenant(platform, { name: 'Shop', country: 'GB' })).tenantId),
    file: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    counts: async (tenantId) => {
      const rows = await database.read<{ type: string; n: number }>(tenantId, {
        text: 'SELECT type, count(*)::int AS n FROM journal_event WHERE tenant_id = $1 GROUP BY type',
        values: [tenantId],
      });
      return Object.fromEntries(rows.map((row) => [row.type, row.n]));
    },
    verify: async (tenantId) => {
      const report = await verify({ database, projections, subscriptions: [], tenants: [tenantId] });
      return report.checks
        .filter((check) => check.failed > 0)
        .map((check) => `${check.name}: ${check.examples.join()}`);
    },
    close: async () => {
      await journal.close();
      await keyring.close();
      await kit.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
