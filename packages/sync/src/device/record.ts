/** Recording what was done at the till: saved, numbered and chained before anything is shown or sent. [SY6]–[SY8] */
import { type Lane, MAX_EVENT_TEXT } from '@mostrador/contract/sync';
import { uuidV7 } from '@mostrador/domain/id';
import { appendOwn } from './append.js';
import type { DeviceMeta, DevicePorts, DeviceTransaction, OwnEvent } from './types.js';

/** Events a minute beside the cashier's sales. */
export const GUARD_EVENTS_PER_MINUTE = 100;

export interface Draft {
  readonly type: string;
  readonly version?: number;
  readonly subject: string;
  readonly lane: Lane;
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Draws the next receipt number and puts it into `payload[field]`. */
  readonly receipt?: { readonly field: string; readonly prefix: string };
}

export type Recorded =
  | { readonly ok: true; readonly events: readonly OwnEvent[] }
  /** The program is recording in a loop, or something that no push could carry; nothing was saved. */
  | { readonly ok: false; readonly code: 'runaway' | 'event_too_large' };

export interface RecordOptions {
  readonly eventsPerMinuteMax?: number;
}

export function record(ports: DevicePorts, drafts: readonly Draft[], options: RecordOptions = {}): Promise<Recorded> {
  return ports.storage.transaction((tx) => recordIn(tx, ports, drafts, options));
}

/** The same inside a transaction of the caller's, who saves more with it (the parked sale that this one was). */
export async function recordIn(
  tx: DeviceTransaction,
  ports: DevicePorts,
  drafts: readonly Draft[],
  options: RecordOptions = {},
): Promise<Recorded> {
  let meta = await tx.meta();
  if (meta === undefined) throw new Error('the database was not opened');
  const now = ports.now();
  const guard = counted(meta, now, drafts);
  if (guard.count > (options.eventsPerMinuteMax ?? GUARD_EVENTS_PER_MINUTE)) return { ok: false, code: 'runaway' };
  const bodies: string[] = [];
  let { receiptCounter } = meta;
  for (const draft of drafts) {
    if (draft.receipt !== undefined) receiptCounter += 1;
    const body = bodyOf(draft, meta, ports, now, receiptCounter);
    if (body.length > MAX_EVENT_TEXT) return { ok: false, code: 'event_too_large' };
    bodies.push(body);
  }
  const events: OwnEvent[] = [];
  for (const [index, draft] of drafts.entries()) {
    meta = { ...meta, ordinal: meta.ordinal + 1 };
    events.push(await appendOwn(tx, ports, meta, unplaced(draft, bodies[index] as string, meta, ports, now)));
  }
  await tx.putMeta({ ...meta, receiptCounter, guard });
  return { ok: true, events };
}

/** `<prefix><epoch>-<counter>`: unique without asking anybody, since no two databases share an epoch. [SY7] */
export function receiptNumber(prefix: string, epoch: string, counter: number): string {
  return `${prefix}${epoch.toUpperCase()}-${String(counter).padStart(4, '0')}`;
}

function bodyOf(draft: Draft, meta: DeviceMeta, ports: DevicePorts, now: number, counter: number): string {
  const { receipt } = draft;
  const number = receipt === undefined ? {} : { [receipt.field]: receiptNumber(receipt.prefix, meta.epoch, counter) };
  return JSON.stringify({
    id: uuidV7(now, ports.random(10)),
    type: draft.type,
    version: draft.version ?? 1,
    subject: draft.subject,
    at_ms: now,
    correction_ms: meta.correctionMs,
    actor: draft.actor,
    payload: { ...draft.payload, ...number },
  });
}

function unplaced(draft: Draft, body: string, meta: DeviceMeta, ports: DevicePorts, now: number) {
  const event = JSON.parse(body);
  return {
    lane: draft.lane,
    ordinal: meta.ordinal,
    id: event.id as string,
    subject: draft.subject,
    recordedMs: now,
    body,
    keys: ports.projector.knows(event) ? ports.projector.keysOf(event) : [],
    status: 'pending' as const,
    seq: null,
    attempts: 0,
    reason: null,
    notes: [],
    syncedMs: null,
  };
}

/** [SY8] The cashier's own hands are not counted: they are slower than any loop and must never be stopped. */
function counted(meta: DeviceMeta, now: number, drafts: readonly Draft[]): DeviceMeta['guard'] {
  const minute = Math.floor(now / 60_000);
  const before = meta.guard.minute === minute ? meta.guard.count : 0;
  return { minute, count: before + drafts.filter((d) => d.lane !== 'critical').length };
}
