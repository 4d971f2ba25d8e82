/** The embedded PostgreSQL: started, shared by the processes of one data directory, stopped by the last of them. */
export { Cluster } from './cluster.js';
export { type Embedded, type EmbeddedOptions, openEmbedded, quitEmbedded } from './session.js';
