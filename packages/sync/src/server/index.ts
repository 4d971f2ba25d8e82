/** The server's side of synchronisation. Rules: docs/spec/sync.md. */
export { acceptPush } from './accept.js';
export { enterReceipt, type Reentry } from './reentry.js';
export type {
  Arrival,
  JournalPort,
  LostRange,
  Outcome,
  Quarantined,
  Receipt,
  SaveLane,
  ServerPorts,
  SyncStorage,
  Waiting,
} from './types.js';
