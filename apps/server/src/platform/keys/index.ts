/** The only door to the keys: the keyring, its tables, and what a restore needs to apply erasures again. */
export { applyErasures, readErasureLog, readTombstones } from './erasures.js';
export { openKeyring } from './keyring.js';
export { checkMasterKey } from './master.js';
export { keyMigrations } from './schema.js';
export { type Erasure, type Keyring, MasterKeyRefused, PersonErased } from './types.js';
