/**
 * Sending: one lane's next events as one request, and what each answer means for the queue. Which lane goes when is
 * schedule.ts. Rules: docs/spec/sync.md [SY9]–[SY13], [SY25], [SY27].
 */
import type { EventAnswer, Lane, PushAnswer, PushRequest } from '@mostrador/contract/sync';
import { SYNC_VERSION } from '@mostrador/contract/sync';
import { moveToNewEpoch } from './open.js';
import type { DeviceMeta, DevicePorts, DeviceTransaction, OwnEvent, OwnLane } from './types.js';

/** Most events of one push; a backlog goes out in pushes of this size. */
export const PUSH_EVENTS_MAX = 500;
/** Most text of one push, in UTF-16 units; a single event may be longer. */
export const PUSH_TEXT_MAX = 1_000_000;
/** Server failures on one event after which it is sent for quarantine. */
export const ATTEMPTS_MAX = 5;

/** What became of a request. `offline`: no answer came, whatever the reason. */
export type PushOutcome =
  | { readonly kind: 'answer'; readonly answer: PushAnswer }
  | { readonly kind: 'offline' }
  | { readonly kind: 'server_error' }
  /** The server cannot take the request as it is (4xx other than who asks and how often). */
  | { readonly kind: 'refused'; readonly code: string };

export type PushEffect =
  | 'progress'
  /** The outcome is not about the present queue. */
  | 'stale'
  /** Nothing changed; wait and send again. */
  | 'retry'
  /** The server speaks of another log: fetch before sending more. */
  | 'log_changed'
  /** Another database writes our epoch: a new one began. */
  | 'new_epoch';

/** The next request of a lane; null when all of it is confirmed. */
export function preparePush(
  ports: DevicePorts,
  epoch: string,
  lane: Lane,
  eventsMax: number = PUSH_EVENTS_MAX,
): Promise<PushRequest | null> {
  return ports.storage.transaction(async (tx) => {
    const [meta, head] = [await tx.meta(), await tx.lane(epoch, lane)];
    if (meta === undefined || head === undefined || head.acked >= head.number) return null;
    const rows = await tx.ownFrom(epoch, lane, head.acked + 1, eventsMax);
    return requestOf(meta, head, rows);
  });
}

/** As much of the rows as one request takes. */
export function requestOf(meta: DeviceMeta, head: OwnLane, rows: readonly OwnEvent[]): PushRequest | null {
  const first = rows[0];
  if (first === undefined) return null;
  const sent: OwnEvent[] = [];
  let text = 0;
  for (const row of rows) {
    text += row.body.length;
    // After a failure one event at a time, so that the one that fails is known.
    if (sent.length > 0 && (text > PUSH_TEXT_MAX || first.attempts > 0 || sent.length === PUSH_EVENTS_MAX)) break;
    sent.push(row);
  }
  return {
    version: SYNC_VERSION,
    device_id: meta.deviceId,
    epoch: head.epoch,
    lane: head.lane,
    log_id: meta.logId,
    first_held: head.firstHeld,
    from: first.number,
    prev: first.prev,
    quarantine: first.attempts >= ATTEMPTS_MAX,
    events: sent.map(({ hash, body, after }) => ({ hash, body, after })),
  };
}

export function pushDone(ports: DevicePorts, request: PushRequest, outcome: PushOutcome): Promise<PushEffect> {
  return ports.storage.transaction(async (tx) => {
    const [meta, head] = [await tx.meta(), await tx.lane(request.epoch, request.lane)];
    if (meta === undefined || head === undefined) return 'stale';
    switch (outcome.kind) {
      case 'offline':
        return 'retry';
      case 'server_error':
        return failed(tx, head, request, 1, null);
      case 'refused':
        // Alone in its request, the event itself is what the server cannot take: shown, and sent for quarantine.
        return failed(tx, head, request, request.events.length === 1 ? ATTEMPTS_MAX : 1, outcome.code);
      case 'answer':
        return answered(tx, ports, meta, head, request, outcome.answer);
    }
  });
}

/** [SY12] Counted on the first event only: a batch that failed is sent again one by one. */
async function failed(
  tx: DeviceTransaction,
  head: OwnLane,
  request: PushRequest,
  by: number,
  reason: string | null,
): Promise<PushEffect> {
  if (request.from !== head.acked + 1) return 'stale';
  const first = (await tx.ownFrom(head.epoch, head.lane, request.from, 1))[0];
  if (first === undefined || first.number !== request.from) return 'stale';
  // Also a batch of one event counts in full, but of a longer one nobody knows which it was: once, to send it alone.
  const attempts = request.events.length === 1 ? first.attempts + by : Math.max(first.attempts, 1);
  await tx.putOwn([{ ...first, attempts, reason }]);
  return 'retry';
}

async function answered(
  tx: DeviceTransaction,
  ports: DevicePorts,
  meta: DeviceMeta,
  head: OwnLane,
  request: PushRequest,
  answer: PushAnswer,
): Promise<PushEffect> {
  // [SY25] Confirmations of another log confirm nothing.
  if (answer.log_id !== meta.logId) return 'log_changed';
  const present = { ...meta, correctionMs: answer.server_time_ms - ports.now() };
  await settle(tx, ports, meta.cursor, head, answer.answers);
  const last = request.from + request.events.length - 1;
  // From a fork on the server holds somebody else's events. And what it holds without saying what became of it (to a
  // request that counted on another log) is asked for again, or the event would wait for its answer for ever.
  const held = answer.forked_at === null ? answer.held : Math.min(answer.held, answer.forked_at - 1);
  let acked = Math.max(head.acked, Math.min(held, answeredTo(head.acked, answer.answers), last, head.number));
  if (answer.need !== null && answer.need <= acked) acked = Math.max(head.firstHeld, answer.need) - 1;
  const moved = { ...head, acked };
  if (acked !== head.acked) await tx.putLane(moved);
  const isFork = answer.forked_at !== null && answer.forked_at > acked && answer.forked_at <= head.number;
  // A server that holds more of our epoch than we ever wrote shows that this is an old copy put back.
  const isOldCopy = answer.held > head.number && request.epoch === meta.epoch;
  // Either way another database writes this epoch: all that is unconfirmed leaves it, so that nothing waits for a place in it.
  if (isFork || isOldCopy) {
    await tx.putMeta(await moveToNewEpoch(tx, present, ports));
    return 'new_epoch';
  }
  await tx.putMeta(present);
  return acked > head.acked ? 'progress' : acked < head.acked ? 'retry' : 'stale';
}

/** The last number up to which each event has an answer. */
function answeredTo(acked: number, answers: readonly EventAnswer[]): number {
  const numbers = new Set(answers.map((a) => a.number));
  let to = acked;
  while (numbers.has(to + 1)) to += 1;
  return to;
}

/** What the server says of single events. One that is in the confirmed state already overlays nothing more. */
async function settle(
  tx: DeviceTransaction,
  ports: DevicePorts,
  cursor: number,
  head: OwnLane,
  answers: readonly EventAnswer[],
): Promise<void> {
  const first = answers[0]?.number;
  if (first === undefined) return;
  const rows = await tx.ownFrom(head.epoch, head.lane, first, answers.length);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  const changed: OwnEvent[] = [];
  for (const answer of answers) {
    const row = byNumber.get(answer.number);
    if (row === undefined) continue;
    const seq = answer.seq ?? row.seq;
    const isVoid = answer.status === 'quarantined';
    const isContained = seq !== null && seq <= cursor;
    changed.push({
      ...row,
      status: isVoid ? 'failed' : answer.notes.length > 0 ? 'conflict' : 'synced',
      seq,
      reason: answer.reason,
      notes: answer.notes,
      syncedMs: row.syncedMs ?? ports.now(),
      keys: isVoid || isContained ? [] : row.keys,
    });
  }
  await tx.putOwn(changed);
}
