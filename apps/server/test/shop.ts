/**
 * A shop below HTTP: a database with the tables of products, stock, suppliers and cash, a journal on it, and short
 * ways to fill it. For tests of queries and projections.
 */
import type { Variant } from '@mostrador/domain/product';
import { decide, EMPTY_STOCK, type StockCommand } from '@mostrador/domain/stock';
import type { Migration } from '../src/platform/database/index.js';
import { newId, newUuid } from '../src/platform/ids.js';
import {
  type CommitResult,
  type Journal,
  JournalWriter,
  journalMigrations,
  type Projection,
  type Proposal,
} from '../src/platform/journal/index.js';
import { createTestDatabase, type TestDatabase } from './database.js';

export interface Shop {
  readonly kit: TestDatabase;
  readonly journal: Journal;
  readonly projections: readonly Projection[];
  clock: number;
  /** Events and transfers as they are, by `usr_1`. */
  commit(tenantId: number, proposal: Partial<Proposal> & Pick<Proposal, 'events'>): Promise<CommitResult>;
  /** Decides a document of stock and commits it; throws when it is refused. Answers its seq. */
  stock(tenantId: number, command: StockCommand, at?: number): Promise<number>;
  /** A product with as many variants as names; answers the variants' ids. */
  product(tenantId: number, name: string, variants?: readonly string[]): Promise<string[]>;
  location(tenantId: number, name: string, more?: { isDefault?: boolean; archived?: boolean }): Promise<string>;
  close(): Promise<void>;
}

export async function openShop(
  modules: readonly { readonly migrations: readonly Migration[]; readonly projections: readonly Projection[] }[],
): Promise<Shop> {
  const migrations = [...journalMigrations, ...modules.flatMap((m) => m.migrations)];
  const projections = modules.flatMap((m) => m.projections);
  const kit = await createTestDatabase({ migrations });
  const journal = new JournalWriter({ database: kit.database, projections, now: () => shop.clock });
  const shop: Shop = {
    kit,
    journal,
    projections,
    clock: Date.UTC(2026, 4, 4, 12),
    commit: (tenantId, proposal) =>
      journal.commit(tenantId, { id: newUuid(), digest: '0'.repeat(64), actor: 'usr_1', ...proposal }),
    async stock(tenantId, command, at) {
      const id = newUuid();
      const decision = decide(EMPTY_STOCK, command, { commitId: id, now: shop.clock });
      if (!decision.ok) throw new Error(decision.rejection.code);
      const { events, transfers } = decision;
      const result = await shop.commit(tenantId, { id, events, transfers, at });
      if (result.status === 'rejected') throw new Error(JSON.stringify(result.rejection));
      return result.seq;
    },
    async product(tenantId, name, names = ['']) {
      const productId = newId('prod');
      const variants = names.map(
        (variant): Variant => ({
          variantId: newId('var'),
          sku: newId('sku').slice(-12),
          name: variant,
          barcodes: [],
          priceMinor: 100,
          costMinor: null,
        }),
      );
      const payload = {
        productId,
        name,
        brand: '',
        description: '',
        categoryId: null,
        taxRateId: 'tax_1',
        salesUnit: 'piece',
        options: [],
        variants,
      };
      await shop.commit(tenantId, { events: [{ type: 'product.created', subject: productId, payload }] });
      return variants.map((v) => v.variantId);
    },
    async location(tenantId, name, { isDefault = false, archived = false } = {}) {
      const locationId = newId('loc');
      const payload = { locationId, name, address: '', isDefault, receiptPrefix: locationId.slice(-6).toUpperCase() };
      const events = [{ type: 'location.created', subject: locationId, payload }];
      await shop.commit(tenantId, { events });
      if (archived) {
        const changed = {
          type: 'location.changed',
          subject: locationId,
          payload: { locationId, changes: { archived } },
        };
        await shop.commit(tenantId, { events: [changed] });
      }
      return locationId;
    },
    close: async () => {
      await journal.close();
      await kit.drop();
    },
  };
  return shop;
}
