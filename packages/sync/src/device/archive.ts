/**
 * The queue keeps to what may still be needed: events confirmed long ago are packed into chunks, which stay readable and
 * come back when a restored server has lost them. Rules: [SY36].
 */
import type { DevicePorts, DeviceTransaction, OwnEvent, OwnLane } from './types.js';

export const ARCHIVE_AFTER_MS = 90 * 86_400_000;
/** Most events of one chunk. */
export const ARCHIVE_CHUNK_EVENTS = 500;

/** Packs one chunk of each lane at most; answers how many events. Call until it answers 0. */
export function archive(ports: DevicePorts): Promise<number> {
  return ports.storage.transaction(async (tx) => {
    let packed = 0;
    for (const lane of await tx.lanes()) packed += await archiveLane(tx, ports, lane);
    return packed;
  });
}

async function archiveLane(tx: DeviceTransaction, ports: DevicePorts, lane: OwnLane): Promise<number> {
  const rows = await tx.ownFrom(lane.epoch, lane.lane, 0, ARCHIVE_CHUNK_EVENTS);
  const before = ports.now() - ARCHIVE_AFTER_MS;
  const ready: OwnEvent[] = [];
  for (const row of rows) {
    if (row.number > lane.acked || row.keys.length > 0 || row.syncedMs === null || row.syncedMs > before) break;
    ready.push(row);
  }
  const [first, last] = [ready[0], ready.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const { epoch, lane: name } = lane;
  const data = ports.packer.pack(JSON.stringify(ready));
  const lastSyncedMs = Math.max(...ready.map((row) => row.syncedMs as number));
  await tx.putArchive({ epoch, lane: name, from: first.number, to: last.number, lastSyncedMs, data });
  await tx.deleteOwn(ready);
  return ready.length;
}

/**
 * Lets go of chunks confirmed before `beforeMs`, from the oldest on. Should a server lose them after that, it is told
 * that they never come. Answers how many chunks.
 */
export function prune(ports: DevicePorts, beforeMs: number): Promise<number> {
  return ports.storage.transaction(async (tx) => {
    let dropped = 0;
    for (const lane of await tx.lanes()) {
      let { firstHeld } = lane;
      for (const chunk of await tx.archive(lane.epoch, lane.lane, 1)) {
        if (chunk.lastSyncedMs > beforeMs) break;
        await tx.deleteArchive(chunk);
        firstHeld = chunk.to + 1;
        dropped += 1;
      }
      if (firstHeld !== lane.firstHeld) await tx.putLane({ ...lane, firstHeld });
    }
    return dropped;
  });
}
