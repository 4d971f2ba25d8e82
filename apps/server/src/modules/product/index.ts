/** The only door to products: what the server registers, and what other modules may ask. */
import type { Platform, ServerModule } from '../../module.js';
import { catalogueFigures } from './for-sale.js';
import { productMigrations } from './migrations.js';
import { productProjection } from './projection.js';
import { productRoutes } from './routes.js';
import { categoryRoutes } from './routes-categories.js';
import { shelfRoutes } from './routes-shelf.js';
import { variantRoutes } from './routes-variants.js';
import { MOST_RESULTS, searchIds } from './search.js';

export type { CacheFigures } from './catalogue-cache.js';
export { catalogueFigures, type VariantForSale, variantsForSale } from './for-sale.js';
export { pictureUrl } from './picture.js';
export { type RowOutcome, type UpsertOptions, upsertProducts } from './upsert.js';
export type { ProductRow } from './upsert-rows.js';

export const productModule: ServerModule = {
  name: 'product',
  migrations: productMigrations,
  projections: [productProjection],
  subscriptions: [],
  routes(api, platform) {
    // Begins to hear of changes before the first checkout asks.
    catalogueFigures(platform);
    shelfRoutes(api, platform);
    productRoutes(api, platform);
    variantRoutes(api, platform);
    categoryRoutes(api, platform);
  },
};

/** Products that a search finds, archived ones last; at most a thousand, best first. */
export function findProductIds(
  platform: Pick<Platform, 'database'>,
  tenantId: number,
  typed: string,
): Promise<string[]> {
  return searchIds(platform.database, tenantId, { typed, status: [0, 1, 2], offset: 0, limit: MOST_RESULTS });
}
