/** The door of the identity module: its registration, people for the command line, names for other modules, sign-in. */
import type { ServerModule } from '../../module.js';
import { identityMigrations } from './migrations.js';
import { identityProjection } from './projection.js';
import { identityRoutes } from './routes.js';

export { createUser, type NewUser } from './commands.js';
export { authenticator, authOf, userNames } from './people.js';

export const identityModule: ServerModule = {
  name: 'identity',
  migrations: identityMigrations,
  projections: [identityProjection],
  subscriptions: [],
  routes: identityRoutes,
};
