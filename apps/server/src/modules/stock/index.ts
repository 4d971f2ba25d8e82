/** The door of the stock module: its registration, and what others ask about stock. */
import type { ServerModule } from '../../module.js';
import { stockProjection } from './projections.js';
import { stockRoutes } from './routes.js';
import { stockMigrations } from './tables.js';

export { expirePending } from './expire.js';

export const stockModule: ServerModule = {
  name: 'stock',
  migrations: stockMigrations,
  projections: [stockProjection],
  subscriptions: [],
  routes: stockRoutes,
};
