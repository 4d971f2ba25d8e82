/** The modules, in the order in which their routes are registered. A new one is added here and nowhere else. */
import type { ServerModule } from './module.js';
import { cashModule } from './modules/cash/index.js';
import { customerModule } from './modules/customer/index.js';
import { identityModule } from './modules/identity/index.js';
import { importModule } from './modules/import/index.js';
import { journalFeedModule } from './modules/journal-feed/index.js';
import { productModule } from './modules/product/index.js';
import { reportModule } from './modules/report/index.js';
import { saleModule } from './modules/sale/index.js';
import { stockModule } from './modules/stock/index.js';
import { supplierModule } from './modules/supplier/index.js';
import { tenantModule } from './modules/tenant/index.js';

export const modules: readonly ServerModule[] = [
  tenantModule,
  identityModule,
  productModule,
  stockModule,
  supplierModule,
  customerModule,
  saleModule,
  cashModule,
  reportModule,
  journalFeedModule,
  importModule,
];
