/**
 * Opening a till's database: who it is, and whether it is still the one that wrote last. A copy, an old backup put back
 * and a new database each begin an epoch of their own before they record anything. Rules: [SY26], [SY27].
 */

import { appendOwn } from './append.js';
import type { DeviceMeta, DevicePorts, DeviceTransaction, OwnEvent } from './types.js';
import { readBody } from './types.js';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** 40 random bits in eight letters. */
export function makeEpoch(random: Uint8Array): string {
  let epoch = '';
  for (let i = 0; i < 8; i++) epoch += ALPHABET.charAt((random[i] as number) & 31);
  return epoch;
}

export interface OpenOptions {
  readonly deviceId: string;
  /** Lives outside the database, where a copy of the database does not carry it along. */
  readonly instance: string;
}

export interface Opened {
  readonly meta: DeviceMeta;
  /** Why a new epoch began; null: the database is the one that wrote last. */
  readonly began: 'new' | 'copied' | null;
}

export async function open(ports: DevicePorts, options: OpenOptions): Promise<Opened> {
  return ports.storage.transaction(async (tx) => {
    const stored = await tx.meta();
    if (stored === undefined) {
      const meta = newMeta(ports, options);
      await tx.putMeta(meta);
      return { meta, began: 'new' };
    }
    let meta = stored;
    // What was skipped because it was not understood is in no row: only a snapshot brings it.
    if (stored.schema !== ports.projector.schema) {
      const needsSnapshot = meta.needsSnapshot || meta.skippedUnknown || meta.loading !== null;
      meta = { ...meta, schema: ports.projector.schema, needsSnapshot, loading: null, skippedUnknown: false };
      await relearnOverlay(tx, ports);
    }
    const isCopy = stored.instance !== options.instance;
    if (isCopy) meta = beginEpoch({ ...meta, instance: options.instance }, ports);
    if (meta !== stored) await tx.putMeta(meta);
    return { meta, began: isCopy ? 'copied' : null };
  });
}

function newMeta(ports: DevicePorts, options: OpenOptions): DeviceMeta {
  return {
    ...options,
    epoch: makeEpoch(ports.random(8)),
    receiptCounter: 0,
    ordinal: 0,
    logId: null,
    cursor: 0,
    generation: 0,
    lastGeneration: 0,
    loading: null,
    needsSnapshot: true,
    schema: ports.projector.schema,
    skippedUnknown: false,
    correctionMs: 0,
    guard: { minute: 0, count: 0 },
  };
}

/** The receipts of an epoch count from one. */
export function beginEpoch(meta: DeviceMeta, ports: DevicePorts): DeviceMeta {
  return { ...meta, epoch: makeEpoch(ports.random(8)), receiptCounter: 0 };
}

/**
 * [SY27] Another database has written our epoch. What the server has not confirmed gets places in a new one, in the
 * order in which it was recorded; ids and bodies stay, so what the other copy sent already counts once.
 */
export async function moveToNewEpoch(tx: DeviceTransaction, meta: DeviceMeta, ports: DevicePorts): Promise<DeviceMeta> {
  const next = beginEpoch(meta, ports);
  const moving: OwnEvent[] = [];
  for (const lane of await tx.lanes()) {
    if (lane.acked >= lane.number) continue;
    const rows = await tx.ownFrom(lane.epoch, lane.lane, lane.acked + 1, lane.number - lane.acked);
    moving.push(...rows);
    await tx.putLane({ ...lane, number: lane.acked, hash: rows[0]?.prev ?? lane.hash });
  }
  moving.sort((a, b) => a.ordinal - b.ordinal);
  await tx.deleteOwn(moving);
  let { ordinal } = next;
  for (const event of moving) {
    ordinal += 1;
    await appendOwn(tx, ports, next, { ...event, ordinal, attempts: 0 });
  }
  return { ...next, ordinal };
}

/** A newer projector may see other keys in an event that still overlays something. */
async function relearnOverlay(tx: DeviceTransaction, ports: DevicePorts): Promise<void> {
  const live = (await tx.ownByStatus('pending')).filter((e) => ports.projector.knows(readBody(e.body)));
  await tx.putOwn(live.map((e) => ({ ...e, keys: ports.projector.keysOf(readBody(e.body)) })));
}
