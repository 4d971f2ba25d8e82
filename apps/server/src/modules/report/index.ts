/** The door of the report module. */
import type { ServerModule } from '../../module.js';
import { reportMigrations } from './migrations.js';
import { reportRoutes } from './routes.js';
import { reportSubscription } from './subscription.js';

export const reportModule: ServerModule = {
  name: 'report',
  migrations: reportMigrations,
  projections: [],
  subscriptions: [reportSubscription],
  routes: reportRoutes,
};
