/** The door of the import module: its registration, and what the command line runs. */
import type { ServerModule } from '../../module.js';
import { importRoutes } from './jobs/routes.js';
import { importMigrations } from './jobs/tables.js';

export { mapColumns } from './columns.js';
export { countryCode } from './countries.js';
export { derivedCommit, digestOf } from './derive.js';
export { underImportLock } from './lock.js';
export { Pipeline } from './pipeline.js';
export { importProducts, type ProductFigures } from './products/run.js';
export type { ImportInput, ImportProgress, RowDefect } from './progress.js';
export { importSales, surveySales } from './sales/run.js';
export type { SalesFigures } from './sales/tally.js';
export { ImportRefused, type Shop } from './shop.js';
export { shopOf } from './shops.js';
export { openTable } from './table/open.js';
export { FileUnreadable, type Table } from './table/source.js';

export const importModule: ServerModule = {
  name: 'import',
  migrations: importMigrations,
  projections: [],
  subscriptions: [],
  routes: importRoutes,
};
