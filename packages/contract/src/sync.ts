/**
 * What tills and the server say to each other. A till pushes one lane's next events as the very text it has stored,
 * pulls the journal behind a cursor, and begins from a snapshot. The envelope is strict and small, what is inside it is
 * judged event by event: an event that nobody can read must not hold up those behind it. Rules: docs/spec/sync.md.
 */
import { z } from 'zod';
import { zId } from './common.js';

/** Version of the envelope and of these messages. */
export const SYNC_VERSION = 1;
/** Most events of one push. */
export const MAX_PUSH_EVENTS = 1000;
/** Longest text of one event, in UTF-16 units. */
export const MAX_EVENT_TEXT = 262_144;

/** In order of priority: 100, 50, 25, 10. */
export const LANES = ['critical', 'high', 'normal', 'low'] as const;
export const zLane = z.enum(LANES);
export type Lane = z.infer<typeof zLane>;

/** 40 random bits in Crockford's base 32: drawn anew by each new, restored or copied database of a till. */
export const zEpoch = z.string().regex(/^[0-9a-hjkmnp-tv-z]{8}$/, { message: 'not an epoch' });
/** Hex SHA-256. */
export const zHash = z.string().regex(/^[0-9a-f]{64}$/, { message: 'not a hash' });
export const zDeviceId = zId('dev');
/** Names one life of a server's journal; a restored server has a new one. */
export const zLogId = z.uuid();

/** A place in a lane; numbers begin at 1. */
export const zPosition = z.strictObject({ epoch: zEpoch, lane: zLane, number: z.int().min(1) });
export type Position = z.infer<typeof zPosition>;

/** What `body` is once it is read. A body that is none of this is kept as it is, in quarantine. */
export const zEventBody = z.looseObject({
  id: z.uuid(),
  type: z.string().regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/),
  /** Version of the payload's shape. */
  version: z.int().min(1),
  subject: z.string().min(1).max(100),
  /** The device's clock when it was recorded. */
  at_ms: z.int().min(0),
  /** What the device then believed that the server's clock is ahead of its own. */
  correction_ms: z.int(),
  /** `usr_…` of whoever was at the till. */
  actor: z.string().min(1).max(100),
  payload: z.record(z.string(), z.unknown()),
});
export type EventBody = z.infer<typeof zEventBody>;

export const zPushedEvent = z.strictObject({
  hash: zHash,
  /** The event's JSON, byte for byte as the till has stored it. */
  body: z.string().max(MAX_EVENT_TEXT),
  /** The till's last event on the same subject, where that went by another lane or epoch. */
  after: zPosition.nullable(),
});
export type PushedEvent = z.infer<typeof zPushedEvent>;

export const zPushRequest = z.strictObject({
  version: z.literal(SYNC_VERSION),
  device_id: zDeviceId,
  epoch: zEpoch,
  lane: zLane,
  /** Whose confirmations the till counts on; null in a file that is carried by hand. */
  log_id: zLogId.nullable(),
  /** Lowest number of the lane that the till still has; what is missing below it never comes. */
  first_held: z.int().min(1),
  /** Number of the first event; the others follow without a gap. */
  from: z.int().min(1),
  /** Hash before the first event. */
  prev: zHash,
  /** The server failed on this one event too often: keep it unread. */
  quarantine: z.boolean(),
  events: z.array(zPushedEvent).min(1).max(MAX_PUSH_EVENTS),
});
export type PushRequest = z.infer<typeof zPushRequest>;

export const zEventAnswer = z.object({
  number: z.int(),
  status: z.enum(['accepted', 'duplicate', 'quarantined']),
  /** Place of its last journal event; null while it waits for another lane, and in quarantine. */
  seq: z.int().nullable(),
  /** Why it is in quarantine. */
  reason: z.string().nullable(),
  /** What a person will have to look at: `stock_short`, `price_kept`, … */
  notes: z.array(z.string()),
});
export type EventAnswer = z.infer<typeof zEventAnswer>;

export const zPushAnswer = z.object({
  log_id: zLogId,
  server_time_ms: z.int(),
  epoch: zEpoch,
  lane: zLane,
  /** Last number of the lane that the server holds without a gap. */
  held: z.int(),
  answers: z.array(zEventAnswer),
  /** The number from which to send; null when nothing is missing. */
  need: z.int().nullable(),
  /** Another event already stands at this number: two databases have written one epoch. */
  forked_at: z.int().nullable(),
});
export type PushAnswer = z.infer<typeof zPushAnswer>;

export const zLaneHead = z.object({ epoch: zEpoch, lane: zLane, number: z.int(), hash: zHash });
export type LaneHead = z.infer<typeof zLaneHead>;

export const zPullQuery = z.strictObject({
  after: z.coerce.number().int().min(0),
  log_id: zLogId,
  limit: z.coerce.number().int().min(1).max(5000).default(500),
});
export type PullQuery = z.infer<typeof zPullQuery>;

export const zPulledEvent = z.object({
  seq: z.int(),
  /** The id of the till's event, where it came from one. */
  commit_id: z.string(),
  at_ms: z.int(),
  type: z.string(),
  version: z.int(),
  subject: z.string(),
  actor: z.string(),
  payload: z.record(z.string(), z.unknown()),
});
export type PulledEvent = z.infer<typeof zPulledEvent>;

export const zPullAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('events'),
    log_id: zLogId,
    server_time_ms: z.int(),
    /** As asked. */
    after: z.int(),
    /** The next cursor. No commit is cut in two. */
    to: z.int(),
    head: z.int(),
    events: z.array(zPulledEvent),
  }),
  /** Another log, or too far behind. */
  z.object({ kind: z.literal('snapshot_required'), log_id: zLogId, server_time_ms: z.int() }),
]);
export type PullAnswer = z.infer<typeof zPullAnswer>;

export const zSnapshotQuery = z.strictObject({
  /** As the page before said; absent for the first. */
  page: z.string().max(600).optional(),
});

export const zSnapshotAnswer = z.object({
  log_id: zLogId,
  server_time_ms: z.int(),
  /** As asked; null: the first. */
  page: z.string().nullable(),
  next: z.string().nullable(),
  /** Every row is as of this place in the journal; pages may differ. */
  seq: z.int(),
  rows: z.array(z.object({ key: z.string(), value: z.json() })),
  /** What the server holds of this till, on the first page; empty on the others. */
  heads: z.array(zLaneHead),
});
export type SnapshotAnswer = z.infer<typeof zSnapshotAnswer>;

/** Unsent events in a file that a person carries. */
export const zUnsentFile = z.strictObject({
  format: z.literal('mostrador-unsent'),
  version: z.literal(SYNC_VERSION),
  exported_at_ms: z.int(),
  pushes: z.array(zPushRequest),
});
export type UnsentFile = z.infer<typeof zUnsentFile>;
