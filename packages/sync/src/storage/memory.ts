/**
 * A device's storage in memory: for tests and the simulator. Transactions run one after the other on the live maps and
 * leave an undo log, so that one that throws leaves nothing behind. Rows are frozen by agreement: replaced, not changed.
 */
import type { Position } from '@mostrador/contract/sync';
import type {
  ArchiveChunk,
  DeviceMeta,
  DeviceStorage,
  DeviceTransaction,
  OwnEvent,
  OwnLane,
  StateRow,
} from '../device/types.js';
import { laneKey, positionKey } from '../hash.js';

interface Tables {
  meta: Map<string, DeviceMeta>;
  lanes: Map<string, OwnLane>;
  own: Map<string, OwnEvent>;
  state: Map<string, StateRow>;
  archive: Map<string, ArchiveChunk>;
}

export interface MemoryDeviceStorage extends DeviceStorage {
  /** The same rows in a storage of their own, as a copied or backed-up disk has them. */
  copy(): MemoryDeviceStorage;
}

export function memoryDeviceStorage(from?: Tables): MemoryDeviceStorage {
  const tables: Tables = {
    meta: new Map(from?.meta),
    lanes: new Map(from?.lanes),
    own: new Map(from?.own),
    state: new Map(from?.state),
    archive: new Map(from?.archive),
  };
  let turn: Promise<unknown> = Promise.resolve();
  const run = async <T>(work: (tx: DeviceTransaction) => Promise<T>): Promise<T> => {
    const tx = new MemoryTransaction(tables);
    try {
      return await work(tx);
    } catch (error) {
      tx.undo();
      throw error;
    }
  };
  return {
    transaction(work) {
      const result = turn.then(() => run(work));
      turn = result.catch(() => undefined);
      return result;
    },
    copy: () => memoryDeviceStorage(tables),
  };
}

class MemoryTransaction implements DeviceTransaction {
  private readonly log: (() => void)[] = [];

  constructor(private readonly tables: Tables) {}

  undo(): void {
    for (const back of this.log.reverse()) back();
  }

  private set<V>(table: Map<string, V>, key: string, value: V | undefined): void {
    const before = table.get(key);
    this.log.push(() => {
      if (before === undefined) table.delete(key);
      else table.set(key, before);
    });
    if (value === undefined) table.delete(key);
    else table.set(key, value);
  }

  private own(wanted: (event: OwnEvent) => boolean): OwnEvent[] {
    return [...this.tables.own.values()].filter(wanted).sort((a, b) => a.ordinal - b.ordinal);
  }

  async meta() {
    return this.tables.meta.get('meta');
  }

  async putMeta(meta: DeviceMeta) {
    this.set(this.tables.meta, 'meta', meta);
  }

  async lane(epoch: string, lane: string) {
    return this.tables.lanes.get(laneKey(epoch, lane));
  }

  async lanes() {
    return [...this.tables.lanes.values()].sort((a, b) =>
      laneKey(a.epoch, a.lane) < laneKey(b.epoch, b.lane) ? -1 : 1,
    );
  }

  async putLane(lane: OwnLane) {
    this.set(this.tables.lanes, laneKey(lane.epoch, lane.lane), lane);
  }

  async ownFrom(epoch: string, lane: string, from: number, limit: number) {
    const found = this.own((e) => e.epoch === epoch && e.lane === lane && e.number >= from);
    return found.sort((a, b) => a.number - b.number).slice(0, limit);
  }

  async ownByIds(ids: readonly string[]) {
    const wanted = new Set(ids);
    return this.own((e) => wanted.has(e.id));
  }

  async lastOwnOf(subject: string) {
    return this.own((e) => e.subject === subject).at(-1);
  }

  async overlaying(keys: readonly string[]) {
    const wanted = new Set(keys);
    return this.own((e) => e.keys.some((key) => wanted.has(key)));
  }

  async ownByStatus(status: string) {
    return this.own((e) => e.status === status);
  }

  async putOwn(events: readonly OwnEvent[]) {
    for (const event of events) this.set(this.tables.own, positionKey(event), event);
  }

  async deleteOwn(at: readonly Position[]) {
    for (const position of at) this.set(this.tables.own, positionKey(position), undefined);
  }

  async state(generation: number, keys: readonly string[]) {
    return keys.map((key) => this.tables.state.get(`${generation}/${key}`));
  }

  async stateByPrefix(generation: number, prefix: string) {
    const found = [...this.tables.state.values()].filter(
      (row) => row.generation === generation && row.key.startsWith(prefix),
    );
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async putState(rows: readonly StateRow[]) {
    for (const row of rows) this.set(this.tables.state, `${row.generation}/${row.key}`, row);
  }

  async dropStateBefore(generation: number, limit: number) {
    const old = [...this.tables.state].filter(([, row]) => row.generation < generation).slice(0, limit);
    for (const [key] of old) this.set(this.tables.state, key, undefined);
    return old.length;
  }

  async archive(epoch: string, lane: string, from: number) {
    const found = [...this.tables.archive.values()].filter(
      (chunk) => chunk.epoch === epoch && chunk.lane === lane && chunk.to >= from,
    );
    return found.sort((a, b) => a.from - b.from);
  }

  async archiveAll() {
    return [...this.tables.archive.values()].sort((a, b) =>
      a.epoch !== b.epoch
        ? a.epoch < b.epoch
          ? -1
          : 1
        : a.lane !== b.lane
          ? a.lane < b.lane
            ? -1
            : 1
          : a.from - b.from,
    );
  }

  async putArchive(chunk: ArchiveChunk) {
    this.set(this.tables.archive, positionKey({ ...chunk, number: chunk.from }), chunk);
  }

  async deleteArchive(chunk: Pick<ArchiveChunk, 'epoch' | 'lane' | 'from'>) {
    this.set(this.tables.archive, positionKey({ ...chunk, number: chunk.from }), undefined);
  }
}
