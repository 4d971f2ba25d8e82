/** The door of the sale module. */
import type { ServerModule } from '../../module.js';
import { noFiscalPort } from './fiscal.js';
import { saleMigrations } from './migrations.js';
import { saleProjection } from './projections.js';
import { saleRoutes } from './routes.js';

export { receiptSeries } from './checkout.js';
export type { FiscalDocument, FiscalPort } from './fiscal.js';
export { tracesOf } from './queries.js';

export const saleModule: ServerModule = {
  name: 'sale',
  migrations: saleMigrations,
  projections: [saleProjection],
  subscriptions: [],
  routes: saleRoutes(noFiscalPort),
};
