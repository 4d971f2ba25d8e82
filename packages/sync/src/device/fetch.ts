/**
 * Receiving: the journal behind a cursor, and a snapshot where there is no cursor to go on from. Data and cursor are
 * saved in one transaction; what was answered to an earlier question changes nothing. Rules: [SY21]–[SY25].
 */
import type { LaneHead, PullAnswer, SnapshotAnswer } from '@mostrador/contract/sync';
import { laneKey } from '../hash.js';
import { moveToNewEpoch } from './open.js';
import type { DeviceMeta, DevicePorts, DeviceTransaction, Json, OwnEvent, OwnLane, StateRow } from './types.js';
import { projectedOf, readBody, unpackRows } from './types.js';

/** What to ask for next. */
export type Fetch =
  | { readonly kind: 'pull'; readonly after: number; readonly logId: string }
  | { readonly kind: 'snapshot'; readonly page: string | null };

export type FetchEffect = 'progress' | 'up_to_date' | 'stale' | 'snapshot_next' | 'snapshot_done';

export function nextFetch(ports: DevicePorts): Promise<Fetch> {
  return ports.storage.transaction(async (tx) => {
    const meta = await tx.meta();
    if (meta === undefined) throw new Error('the database was not opened');
    if (meta.loading !== null) return { kind: 'snapshot', page: meta.loading.next };
    if (meta.needsSnapshot || meta.logId === null) return { kind: 'snapshot', page: null };
    return { kind: 'pull', after: meta.cursor, logId: meta.logId };
  });
}

export function pulled(ports: DevicePorts, answer: PullAnswer): Promise<FetchEffect> {
  return ports.storage.transaction(async (tx) => {
    const meta = await tx.meta();
    if (meta === undefined) return 'stale';
    if (answer.kind === 'snapshot_required') {
      if (meta.loading === null) await tx.putMeta({ ...meta, needsSnapshot: true });
      return 'snapshot_next';
    }
    const isAsked = answer.log_id === meta.logId && answer.after === meta.cursor;
    if (!isAsked || meta.loading !== null || meta.needsSnapshot) return 'stale';
    const skipped = await applyPulled(tx, ports, meta, answer.events);
    await confirmPulled(tx, answer.events);
    await tx.putMeta({
      ...meta,
      cursor: answer.to,
      skippedUnknown: meta.skippedUnknown || skipped,
      correctionMs: answer.server_time_ms - ports.now(),
    });
    return answer.to < answer.head ? 'progress' : 'up_to_date';
  });
}

type EventsAnswer = Extract<PullAnswer, { kind: 'events' }>;

/** Folds the events into the rows they touch; answers whether one was not understood. */
async function applyPulled(
  tx: DeviceTransaction,
  ports: DevicePorts,
  meta: DeviceMeta,
  events: EventsAnswer['events'],
): Promise<boolean> {
  const { projector } = ports;
  const known = events.filter((e) => projector.knows(projectedOf(e)));
  const keysOf = known.map((e) => projector.keysOf(projectedOf(e)));
  const keys = [...new Set(keysOf.flat())];
  const found = await tx.state(meta.generation, keys);
  const rows = new Map<string, { value: Json | undefined; revision: number }>();
  for (const [i, key] of keys.entries()) {
    rows.set(key, { value: found[i]?.value, revision: found[i]?.revision ?? 0 });
  }
  for (const [i, event] of known.entries()) {
    for (const key of keysOf[i] as readonly string[]) {
      const row = rows.get(key) as { value: Json | undefined; revision: number };
      // A row of a snapshot can be ahead of the cursor.
      if (event.seq <= row.revision) continue;
      row.value = projector.apply(key, row.value, projectedOf(event));
      row.revision = event.seq;
    }
  }
  const changed: StateRow[] = [];
  for (const [key, { value, revision }] of rows) {
    if (value !== undefined) changed.push({ generation: meta.generation, key, value, revision });
  }
  await tx.putState(changed);
  return known.length < events.length;
}

/** Own events that come back are confirmed, whether or not their answer ever arrived. */
async function confirmPulled(tx: DeviceTransaction, events: EventsAnswer['events']): Promise<void> {
  const seqs = new Map(events.map((e) => [e.commit_id, e.seq]));
  const own = await tx.ownByIds([...seqs.keys()]);
  await tx.putOwn(own.map((e) => ({ ...e, status: replayed(e), seq: seqs.get(e.id) as number, keys: [] })));
}

/** A person has let it out of quarantine. */
function replayed(event: OwnEvent): OwnEvent['status'] {
  return event.status === 'failed' ? 'synced' : event.status;
}

export function snapshotPage(ports: DevicePorts, answer: SnapshotAnswer): Promise<FetchEffect> {
  return ports.storage.transaction(async (tx) => {
    const stored = await tx.meta();
    if (stored === undefined) return 'stale';
    let meta = stored;
    if (answer.page === null) {
      if (meta.loading !== null || !(meta.needsSnapshot || meta.logId === null)) return 'stale';
      if (answer.log_id !== meta.logId) {
        // What returned from the archive no longer knows what came before it on its subject: new places tell it.
        const returned = await changeLog(tx, ports, answer.heads, answer.seq);
        if (returned) meta = await moveToNewEpoch(tx, meta, ports);
      }
      const lastGeneration = meta.lastGeneration + 1;
      const loading = { generation: lastGeneration, logId: answer.log_id, startSeq: answer.seq, next: '' };
      meta = { ...meta, logId: answer.log_id, lastGeneration, loading };
    } else if (meta.loading?.next !== answer.page) return 'stale';
    const loading = meta.loading as NonNullable<DeviceMeta['loading']>;
    if (answer.log_id !== loading.logId) {
      // The server was restored in the middle of it: from the beginning.
      await tx.putMeta({ ...meta, loading: null, needsSnapshot: true });
      return 'snapshot_next';
    }
    const { generation, startSeq } = loading;
    await tx.putState(answer.rows.map((row) => ({ ...row, generation, revision: answer.seq }) as StateRow));
    if (answer.next !== null) {
      await tx.putMeta({ ...meta, loading: { ...loading, next: answer.next }, needsSnapshot: false });
      return 'snapshot_next';
    }
    await tx.putMeta({ ...meta, generation, cursor: startSeq, loading: null, needsSnapshot: false });
    await releaseContained(tx, startSeq);
    return 'snapshot_done';
  });
}

/** After a snapshot: what it contains overlays nothing; what was confirmed without a place is asked for again. */
async function releaseContained(tx: DeviceTransaction, startSeq: number): Promise<void> {
  const confirmed = [...(await tx.ownByStatus('synced')), ...(await tx.ownByStatus('conflict'))];
  const live = confirmed.filter((e) => e.keys.length > 0);
  await tx.putOwn(live.filter((e) => e.seq !== null && e.seq <= startSeq).map((e) => ({ ...e, keys: [] })));
  for (const lane of await tx.lanes()) {
    const placeless = live.filter((e) => e.epoch === lane.epoch && e.lane === lane.lane && e.seq === null);
    const acked = Math.min(lane.acked, ...placeless.map((e) => e.number - 1));
    if (acked < lane.acked) await tx.putLane({ ...lane, acked });
  }
}

/**
 * [SY25] The server's journal is another one. What it does not hold is unconfirmed again, however it was answered
 * before, and overlays the state until it is confirmed anew.
 */
async function changeLog(
  tx: DeviceTransaction,
  ports: DevicePorts,
  heads: readonly LaneHead[],
  seq: number,
): Promise<boolean> {
  let returned = false;
  const held = new Map(heads.map((head) => [laneKey(head.epoch, head.lane), head]));
  for (const lane of await tx.lanes()) {
    const head = held.get(laneKey(lane.epoch, lane.lane));
    // Another database that writes this epoch may have been faster: what is held there may not be ours.
    const isOurs = head !== undefined && (await isOwnHistory(tx, ports, lane, head));
    const acked = isOurs ? Math.min(lane.acked, head.number) : 0;
    if (acked === lane.acked) continue;
    if (await bringBack(tx, ports, lane, acked)) returned = true;
    const lost = await tx.ownFrom(lane.epoch, lane.lane, acked + 1, lane.number - acked);
    await tx.putOwn(lost.map((event) => unconfirmed(event, ports)));
    await tx.putLane({ ...lane, acked: Math.max(acked, lane.firstHeld - 1) });
  }
  // Held, but waiting for another lane when the backup was made: its place was in the lost part.
  const placed = [...(await tx.ownByStatus('synced')), ...(await tx.ownByStatus('conflict'))];
  const displaced = placed.filter((e) => e.seq !== null && e.seq > seq);
  await tx.putOwn(displaced.map((e) => ({ ...e, seq: null, keys: unconfirmed(e, ports).keys })));
  return returned;
}

/** Whether the server's head is an event of this database; of one that was let go of nobody can tell any more. */
async function isOwnHistory(
  tx: DeviceTransaction,
  ports: DevicePorts,
  lane: OwnLane,
  head: LaneHead,
): Promise<boolean> {
  const { number, hash } = head;
  if (number > lane.number) return false;
  if (number === lane.number) return hash === lane.hash;
  if (number < lane.firstHeld) return true;
  const [row] = await tx.ownFrom(lane.epoch, lane.lane, number, 1);
  if (row?.number === number) return row.hash === hash;
  const [chunk] = await tx.archive(lane.epoch, lane.lane, number);
  const archived = chunk === undefined ? [] : unpackRows(chunk, ports.packer);
  return archived.some((event) => event.number === number && event.hash === hash);
}

function unconfirmed(event: OwnEvent, ports: DevicePorts): OwnEvent {
  const body = readBody(event.body);
  const keys = ports.projector.knows(body) ? ports.projector.keysOf(body) : [];
  return { ...event, status: 'pending', seq: null, attempts: 0, reason: null, notes: [], syncedMs: null, keys };
}

/** Archived events that are unconfirmed again return to the queue; answers whether there were any. */
async function bringBack(tx: DeviceTransaction, ports: DevicePorts, lane: OwnLane, acked: number): Promise<boolean> {
  const chunks = await tx.archive(lane.epoch, lane.lane, acked + 1);
  for (const chunk of chunks) {
    await tx.putOwn(unpackRows(chunk, ports.packer));
    await tx.deleteArchive(chunk);
  }
  return chunks.length > 0;
}
