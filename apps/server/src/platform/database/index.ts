/** The only door to the database: connections, transactions under a tenant, migrations, the embedded default. */
export { quitEmbedded } from './embedded/index.js';
export { DatabaseUnavailable, DatabaseUnusable, NotCommitted } from './errors.js';
export { type Flushed, flush } from './flush.js';
export { appliedMigrations, checksumOf, migrate, migrateWithin } from './migrate.js';
export { openDatabase } from './open.js';
export { databaseMigrations } from './schema.js';
export type { Database, DatabaseOptions, Migration, Statement, Tx } from './types.js';
export { otherUsers } from './users.js';
