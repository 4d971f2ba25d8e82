/** The server's storage of lanes in memory: for tests and the simulator, and the model of the one on PostgreSQL. */
import type { LaneHead, Position } from '@mostrador/contract/sync';
import { laneKey, positionKey } from '../hash.js';
import type { LostRange, Quarantined, Receipt, SaveLane, SyncStorage, Waiting } from '../server/types.js';

interface DeviceTables {
  readonly heads: Map<string, LaneHead>;
  readonly receipts: Map<string, Receipt>;
  readonly waiting: Map<string, Waiting>;
  readonly quarantined: Map<string, Quarantined>;
  readonly lost: LostRange[];
  readonly forks: Map<string, Position>;
}

export interface MemorySyncStorage extends SyncStorage {
  copy(logId: string): MemorySyncStorage;
  quarantined(device: string): Quarantined[];
  lost(device: string): readonly LostRange[];
  forks(device: string): Position[];
}

const emptyTables = (): DeviceTables => ({
  heads: new Map(),
  receipts: new Map(),
  waiting: new Map(),
  quarantined: new Map(),
  lost: [],
  forks: new Map(),
});

export function memorySyncStorage(logId: string, from?: ReadonlyMap<string, DeviceTables>): MemorySyncStorage {
  const devices = new Map<string, DeviceTables>();
  for (const [device, t] of from ?? []) {
    devices.set(device, {
      heads: new Map(t.heads),
      receipts: new Map(t.receipts),
      waiting: new Map(t.waiting),
      quarantined: new Map(t.quarantined),
      lost: [...t.lost],
      forks: new Map(t.forks),
    });
  }
  const of = (device: string): DeviceTables => {
    let tables = devices.get(device);
    if (tables === undefined) {
      tables = emptyTables();
      devices.set(device, tables);
    }
    return tables;
  };
  return {
    logId: async () => logId,
    heads: async (device) => [...of(device).heads.values()],
    head: async (device, epoch, lane) => of(device).heads.get(laneKey(epoch, lane)) ?? null,
    async receipts(device, epoch, lane, first, last) {
      const found: Receipt[] = [];
      for (let number = first; number <= last; number++) {
        const receipt = of(device).receipts.get(positionKey({ epoch, lane, number }));
        if (receipt !== undefined) found.push(receipt);
      }
      return found;
    },
    async receiptsById(device, ids) {
      const wanted = new Set(ids);
      return [...of(device).receipts.values()].filter((r) => r.id !== null && wanted.has(r.id));
    },
    waiting: async (device) => [...of(device).waiting.values()],
    async save(change) {
      const tables = of(change.device);
      const key = laneKey(change.epoch, change.lane);
      if ((tables.heads.get(key)?.number ?? 0) !== change.expected) return false;
      write(tables, key, change);
      return true;
    },
    async noteFork(device, at) {
      of(device).forks.set(positionKey(at), at);
    },
    copy: (next) => memorySyncStorage(next, devices),
    quarantined: (device) => [...of(device).quarantined.values()],
    lost: (device) => of(device).lost,
    forks: (device) => [...of(device).forks.values()],
  };
}

function write(tables: DeviceTables, key: string, change: SaveLane): void {
  tables.heads.set(key, change.head);
  for (const receipt of change.receipts) tables.receipts.set(positionKey(receipt), receipt);
  for (const waiting of change.waiting) tables.waiting.set(positionKey(waiting), waiting);
  for (const at of change.settled) tables.waiting.delete(positionKey(at));
  for (const kept of change.quarantined) tables.quarantined.set(positionKey(kept), kept);
  if (change.lost !== null) tables.lost.push(change.lost);
}
