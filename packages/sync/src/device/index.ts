/** The till's side of synchronisation. Rules: docs/spec/sync.md. */
export { ARCHIVE_AFTER_MS, archive, prune } from './archive.js';
export { exportUnsent } from './export.js';
export { type Fetch, type FetchEffect, nextFetch, pulled, snapshotPage } from './fetch.js';
export { type Opened, type OpenOptions, open } from './open.js';
export { read, readIn } from './overlay.js';
export { ATTEMPTS_MAX, type PushEffect, type PushOutcome, preparePush, pushDone } from './push.js';
export { type Draft, GUARD_EVENTS_PER_MINUTE, type Recorded, type RecordOptions, record, recordIn } from './record.js';
export { BATCH_EVENTS, BATCH_WAIT_MS, backoffMs, type LaneView, type NextPush, nextPush } from './schedule.js';
export * from './types.js';
