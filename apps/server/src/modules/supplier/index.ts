/** The door of the supplier module: its registration, and what others ask about suppliers. */
import { decideSupplier } from '@mostrador/domain/supplier';
import type { Platform, ServerModule } from '../../module.js';
import type { ProposedEvent } from '../../platform/journal/index.js';
import { supplierMigrations } from './migrations.js';
import { supplierProjection } from './projection.js';
import { readSuppliers } from './queries.js';
import { supplierRoutes } from './routes.js';

export const supplierModule: ServerModule = {
  name: 'supplier',
  migrations: supplierMigrations,
  projections: [supplierProjection],
  subscriptions: [],
  routes: supplierRoutes,
};

/** True for a supplier that goods may be received from: there is one, and not archived. */
export async function supplierExists(
  platform: Pick<Platform, 'database'>,
  tenantId: number,
  supplierId: string,
): Promise<boolean> {
  const row = (await readSuppliers(platform.database, tenantId, [supplierId]))[0];
  return row !== undefined && !row.archived;
}

/** Names by id, archived ones too; nothing for the unknown. */
export async function supplierNames(
  platform: Pick<Platform, 'database'>,
  tenantId: number,
  supplierIds: readonly string[],
): Promise<Map<string, string>> {
  const ids = [...new Set(supplierIds)];
  if (ids.length === 0) return new Map();
  const rows = await readSuppliers(platform.database, tenantId, ids);
  return new Map(rows.map((row) => [row.supplier_id, row.name]));
}

/** The event that makes a supplier, to be proposed with others (imports, the demo). Throws for an empty name. */
export function supplierCreatedEvent(supplier: {
  readonly supplierId: string;
  readonly name: string;
  readonly taxId?: string;
  readonly note?: string;
}): ProposedEvent {
  const { supplierId, name, taxId = '', note = '' } = supplier;
  const decision = decideSupplier(null, { type: 'create', supplierId, name, taxId, note });
  const event = decision.ok ? decision.events[0] : undefined;
  if (event === undefined) throw new Error('a new supplier was refused');
  return event;
}
