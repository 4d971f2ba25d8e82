/** The door of the journal's audit trail. It owns no tables: it reads the journal's. */
import type { ServerModule } from '../../module.js';
import { journalRoutes } from './routes.js';

export const journalFeedModule: ServerModule = {
  name: 'journal-feed',
  migrations: [],
  projections: [],
  subscriptions: [],
  routes: journalRoutes,
};
