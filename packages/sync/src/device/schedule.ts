/**
 * When to send what, as a pure function: the till asks it after every event, answer, timer and change of connection.
 * Lanes wait for nothing but their own answer, so a stuck one holds up no other. Rules: [SY1], [SY10], [SY11].
 */
import { LANES, type Lane } from '@mostrador/contract/sync';

/** So many events go out at once, fewer after so long. */
export const BATCH_EVENTS = 50;
export const BATCH_WAIT_MS = 5_000;
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 60_000;

/** What is known of one lane of one epoch; kept in memory, a restart begins without a backoff. */
export interface LaneView {
  readonly epoch: string;
  readonly lane: Lane;
  readonly pending: number;
  /** When the oldest unconfirmed event was recorded, by the device's clock. */
  readonly oldestMs: number;
  readonly isOnItsWay: boolean;
  /** Requests that failed in a row. */
  readonly failures: number;
  /** Not before; 0: at any time. */
  readonly retryAtMs: number;
}

export interface NextPush {
  /** The lanes to send now, the most urgent first. */
  readonly due: readonly LaneView[];
  /** When to ask again if nothing happens; null: nothing is waiting. */
  readonly wakeAtMs: number | null;
}

export function nextPush(lanes: readonly LaneView[], nowMs: number, options: { readonly isManual: boolean }): NextPush {
  const due: LaneView[] = [];
  let wakeAtMs: number | null = null;
  for (const lane of lanes) {
    if (lane.pending === 0 || lane.isOnItsWay) continue;
    const at = options.isManual ? nowMs : dueAt(lane, nowMs);
    if (at <= nowMs) due.push(lane);
    else wakeAtMs = wakeAtMs === null ? at : Math.min(wakeAtMs, at);
  }
  due.sort((a, b) => LANES.indexOf(a.lane) - LANES.indexOf(b.lane) || a.oldestMs - b.oldestMs);
  return { due, wakeAtMs };
}

function dueAt(lane: LaneView, nowMs: number): number {
  const isUrgent = lane.lane === 'critical' || lane.pending >= BATCH_EVENTS;
  // A clock that was put back must not make an event wait for longer than a new one would.
  const gathered = isUrgent ? nowMs : Math.min(lane.oldestMs, nowMs) + BATCH_WAIT_MS;
  return Math.max(gathered, Math.min(lane.retryAtMs, nowMs + BACKOFF_MAX_MS * 1.2));
}

/** [SY11] 1 s doubling to 60 s, ±20 %. `random` lies in [0, 1). */
export function backoffMs(failures: number, random: number): number {
  const base = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(base * (0.8 + 0.4 * random));
}
