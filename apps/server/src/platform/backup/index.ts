/** The only door to backup and restore. */
export { type BackupResult, backup, type Progress } from './backup.js';
export { BackupUnusable } from './format.js';
export { type RestoreOptions, type RestoreResult, restore } from './restore.js';
