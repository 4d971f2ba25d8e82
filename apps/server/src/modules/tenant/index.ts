/** The door of the tenant module: its registration, the shops, and what others ask about the one they work for. */
import type { Platform, ServerModule } from '../../module.js';
import { tenantMigrations } from './migrations.js';
import { tenantProjection } from './projection.js';
import { readTenants, type TenantSummary } from './queries.js';
import { tenantRoutes } from './routes.js';

export { createTenant, type NewTenant } from './commands.js';
export { openLocation, requireLocation } from './locations.js';
export { CHANNEL as TENANT_CHANNEL } from './projection.js';
export type { LocationFacts, ShopFacts, TaxRateFacts, TenantSummary } from './queries.js';
export { findShop, shopFacts } from './shop-cache.js';

export const tenantModule: ServerModule = {
  name: 'tenant',
  migrations: tenantMigrations,
  projections: [tenantProjection],
  subscriptions: [],
  routes: tenantRoutes,
};

/** All shops of the installation, the oldest first. */
export function listTenants(platform: Pick<Platform, 'database'>): Promise<TenantSummary[]> {
  return readTenants(platform.database);
}
