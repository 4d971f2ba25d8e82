/**
 * A till's storage in which the simulator can let the program die before or after any save, and in which the planted bugs
 * of storage live. A crash before a save rolls it back; one after it loses only the program's memory of it.
 */
import type { Lane, PushRequest } from '@mostrador/contract/sync';
import type { DeviceMeta, DeviceStorage, DeviceTransaction, OwnEvent, OwnLane, StateRow } from '../src/device/index.js';
import { plainPacker, unpackRows } from '../src/device/index.js';
import { chainHash, digestOf } from '../src/hash.js';
import type { Bug } from './bugs.js';
import { quickHash } from './random.js';

export class Crash extends Error {}

export type CrashPoint = 'before' | 'after';

export class CrashingStorage implements DeviceStorage {
  private armed: CrashPoint | null = null;
  /** What the last save came to, also when the program did not live to see it. */
  lastSaved: unknown = null;

  constructor(
    readonly disk: DeviceStorage,
    private readonly bug: Bug | null,
  ) {}

  /** The next transaction is this program's last. */
  arm(point: CrashPoint): void {
    this.armed = point;
  }

  async transaction<T>(work: (tx: DeviceTransaction) => Promise<T>): Promise<T> {
    const point = this.armed;
    this.armed = null;
    this.lastSaved = null;
    const early: ((tx: DeviceTransaction) => Promise<void>)[] = [];
    try {
      const result = await this.disk.transaction(async (tx) => {
        const done = await work(this.bug === null ? tx : buggy(tx, this.bug, early, point));
        if (point === 'before') throw new Crash('before a save');
        return done;
      });
      this.lastSaved = result;
      if (point === 'after') throw new Crash('after a save');
      return result;
    } catch (error) {
      // [planted] What was saved in a transaction of its own outlives the other.
      if (point === 'before' && early.length > 0) {
        await this.disk.transaction(async (tx) => {
          for (const save of early) await save(tx);
        });
      }
      throw error;
    }
  }

  /** Looks without being a step of the program. */
  peek<T>(work: (tx: DeviceTransaction) => Promise<T>): Promise<T> {
    return this.disk.transaction(work);
  }

  async allOwn(): Promise<OwnEvent[]> {
    return this.peek(async (tx) => {
      const found: OwnEvent[] = [];
      for (const lane of await tx.lanes()) found.push(...(await tx.ownFrom(lane.epoch, lane.lane, 0, 100_000)));
      for (const chunk of await tx.archiveAll()) found.push(...unpackRows(chunk, plainPacker));
      return found.sort((a, b) => a.ordinal - b.ordinal);
    });
  }

  /** [planted] */
  async forgetReceipts(): Promise<void> {
    await this.disk.transaction(async (tx) => tx.putMeta({ ...((await tx.meta()) as DeviceMeta), receiptCounter: 0 }));
  }

  /** [planted] The same events under other ids, with a chain that fits. */
  renamed(request: PushRequest, random: Uint8Array): PushRequest {
    let { prev } = request;
    const events = request.events.map((event, i) => {
      const digit = ((random[i % 10] as number) & 15).toString(16);
      const body = event.body.replace(/("id":"[^"]{35})./, `$1${digit}`);
      const at = { epoch: request.epoch, lane: request.lane as Lane, number: request.from + i };
      const link = { prev, device: request.device_id, at, after: event.after, digest: digestOf(quickHash, body) };
      prev = chainHash(quickHash, link);
      return { ...event, body, hash: prev };
    });
    return { ...request, events };
  }
}

/** The planted bugs of a till's storage and queue, each around one of the port's functions. */
function buggy(
  tx: DeviceTransaction,
  bug: Bug,
  early: ((tx: DeviceTransaction) => Promise<void>)[],
  point: CrashPoint | null,
): DeviceTransaction {
  const wrapped: DeviceTransaction = Object.create(tx);
  switch (bug) {
    case 'cursor-saved-before-data':
      wrapped.putMeta = async (meta) => {
        const before = await tx.meta();
        if (before !== undefined && meta.cursor > before.cursor) {
          early.push(async (t) => t.putMeta({ ...((await t.meta()) as DeviceMeta), cursor: meta.cursor }));
        }
        await tx.putMeta(meta);
      };
      break;
    case 'data-saved-before-cursor':
      wrapped.putState = async (rows: readonly StateRow[]) => {
        // Rows without a revision of their own, as whoever makes this mistake would have them.
        if (point === 'before') early.push((t) => t.putState(rows.map((row) => ({ ...row, revision: 0 }))));
        await tx.putState(rows);
      };
      break;
    case 'head-not-saved':
      wrapped.putLane = async (lane: OwnLane) => {
        const before = await tx.lane(lane.epoch, lane.lane);
        const isNew = before !== undefined && lane.number > before.number;
        if (!(isNew && lane.number % 7 === 0)) await tx.putLane(lane);
      };
      break;
    case 'overlay-never-released':
      wrapped.putOwn = async (events: readonly OwnEvent[]) => {
        const before = await tx.ownByIds(events.map((e) => e.id));
        const keys = new Map(before.map((e) => [e.id, e.keys]));
        await tx.putOwn(events.map((e) => ({ ...e, keys: keys.get(e.id) ?? e.keys })));
      };
      break;
    case 'overlay-dropped-at-answer':
      wrapped.putOwn = async (events: readonly OwnEvent[]) =>
        tx.putOwn(events.map((e) => (e.status === 'synced' ? { ...e, keys: [] } : e)));
      break;
    case 'unsent-dropped-by-snapshot':
      wrapped.putMeta = async (meta: DeviceMeta) => {
        const before = await tx.meta();
        if (before !== undefined && meta.generation > before.generation) {
          for (const lane of await tx.lanes()) await tx.putLane({ ...lane, acked: lane.number });
        }
        await tx.putMeta(meta);
      };
      break;
    case 'attempts-not-kept':
      wrapped.putOwn = async (events: readonly OwnEvent[]) =>
        tx.putOwn(events.map((e) => ({ ...e, attempts: Math.min(e.attempts, 1) })));
      break;
    case 'unknown-forgotten':
      wrapped.putMeta = async (meta: DeviceMeta) => tx.putMeta({ ...meta, skippedUnknown: false });
      break;
    default:
      break;
  }
  return wrapped;
}
