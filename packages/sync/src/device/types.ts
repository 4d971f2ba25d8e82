/**
 * What a till keeps for synchronisation, and the ports it stands on. Every step of the device core reads, decides and
 * saves inside one local transaction [SY6], so a crash leaves either all of a step or none of it.
 */
import type { EventBody, Lane, Position, PulledEvent } from '@mostrador/contract/sync';
import type { Hasher } from '../hash.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What stands in the queue. `syncing` is not stored: it is what is on its way right now. */
export type OwnStatus = 'pending' | 'synced' | 'failed' | 'conflict';

/** An event that this till recorded. */
export interface OwnEvent extends Position {
  /** Order of recording over all lanes. */
  readonly ordinal: number;
  readonly id: string;
  readonly subject: string;
  readonly recordedMs: number;
  readonly prev: string;
  readonly hash: string;
  /** The event's JSON; its bytes never change. */
  readonly body: string;
  readonly after: Position | null;
  /** Keys of local state that it still overlays; empty once the confirmed state contains it. */
  readonly keys: readonly string[];
  readonly status: OwnStatus;
  /** Its place in the server's journal, as far as known. */
  readonly seq: number | null;
  /** Failures of the server on this very event. */
  readonly attempts: number;
  readonly reason: string | null;
  readonly notes: readonly string[];
  readonly syncedMs: number | null;
}

/** A lane of one epoch. */
export interface OwnLane {
  readonly epoch: string;
  readonly lane: Lane;
  /** Last number given. */
  readonly number: number;
  readonly hash: string;
  /** Last number that the server has confirmed, all below it included. */
  readonly acked: number;
  /** Lowest number still held here, in the events or the archive. */
  readonly firstHeld: number;
}

/** A snapshot under way. */
export interface Loading {
  readonly generation: number;
  readonly logId: string;
  /** The journal's place when it began: from here on it is pulled. */
  readonly startSeq: number;
  readonly next: string;
}

export interface DeviceMeta {
  readonly deviceId: string;
  /** Identity of the installation, kept outside the database; another one means: this is a copy. */
  readonly instance: string;
  readonly epoch: string;
  readonly receiptCounter: number;
  readonly ordinal: number;
  readonly logId: string | null;
  /** Every event up to here is in the confirmed state. */
  readonly cursor: number;
  /** Which rows of state are the confirmed ones; 0: none yet. */
  readonly generation: number;
  /** Last one begun; a snapshot that was broken off leaves its rows behind. */
  readonly lastGeneration: number;
  readonly loading: Loading | null;
  readonly needsSnapshot: boolean;
  /** What the projector understood when the state was made. */
  readonly schema: number;
  /** An event was pulled that the projector did not know. */
  readonly skippedUnknown: boolean;
  readonly correctionMs: number;
  /** The runaway guard's minute and how many events it has seen in it. */
  readonly guard: { readonly minute: number; readonly count: number };
}

/** One row of confirmed state. */
export interface StateRow {
  readonly generation: number;
  readonly key: string;
  readonly value: Json;
  /** Journal place that the value is as of. */
  readonly revision: number;
}

/** A run of one lane's events, packed away; none of them is unconfirmed. */
export interface ArchiveChunk {
  readonly epoch: string;
  readonly lane: Lane;
  readonly from: number;
  readonly to: number;
  readonly lastSyncedMs: number;
  readonly data: string | Uint8Array;
}

export interface DeviceTransaction {
  meta(): Promise<DeviceMeta | undefined>;
  putMeta(meta: DeviceMeta): Promise<void>;

  lane(epoch: string, lane: Lane): Promise<OwnLane | undefined>;
  lanes(): Promise<OwnLane[]>;
  putLane(lane: OwnLane): Promise<void>;

  /** By number, ascending; from `from` on, at most `limit`. */
  ownFrom(epoch: string, lane: Lane, from: number, limit: number): Promise<OwnEvent[]>;
  ownByIds(ids: readonly string[]): Promise<OwnEvent[]>;
  /** The last one recorded on a subject. */
  lastOwnOf(subject: string): Promise<OwnEvent | undefined>;
  /** Those that overlay one of the keys, by ordinal. */
  overlaying(keys: readonly string[]): Promise<OwnEvent[]>;
  /** All of one status, by ordinal. */
  ownByStatus(status: OwnStatus): Promise<OwnEvent[]>;
  putOwn(events: readonly OwnEvent[]): Promise<void>;
  deleteOwn(at: readonly Position[]): Promise<void>;

  state(generation: number, keys: readonly string[]): Promise<(StateRow | undefined)[]>;
  /** Rows whose key begins with `prefix`, by key. */
  stateByPrefix(generation: number, prefix: string): Promise<StateRow[]>;
  putState(rows: readonly StateRow[]): Promise<void>;
  /** Deletes at most `limit` rows of older generations; answers how many. */
  dropStateBefore(generation: number, limit: number): Promise<number>;

  /** Chunks of one lane that reach `from` or lie behind it, ascending. */
  archive(epoch: string, lane: Lane, from: number): Promise<ArchiveChunk[]>;
  archiveAll(): Promise<ArchiveChunk[]>;
  putArchive(chunk: ArchiveChunk): Promise<void>;
  deleteArchive(chunk: Pick<ArchiveChunk, 'epoch' | 'lane' | 'from'>): Promise<void>;
}

export interface DeviceStorage {
  /** Serialisable and durable when it resolves; nothing of it is kept when `work` throws. */
  transaction<T>(work: (tx: DeviceTransaction) => Promise<T>): Promise<T>;
}

/** An event as a projector sees it, own or pulled. */
export type ProjectedEvent = Pick<EventBody, 'id' | 'type' | 'version' | 'subject' | 'payload'>;

/** The till's read models: rows of state by key. Pure. */
export interface Projector {
  /** Raised whenever it learns to understand more. */
  readonly schema: number;
  knows(event: ProjectedEvent): boolean;
  keysOf(event: ProjectedEvent): readonly string[];
  /** `undefined` as answer: no such row. */
  apply(key: string, value: Json | undefined, event: ProjectedEvent): Json | undefined;
}

/** Packs a text and gives it back; a till compresses. Synchronous, as it runs inside a transaction. */
export interface Packer {
  pack(text: string): string | Uint8Array;
  unpack(data: string | Uint8Array): string;
}

export const plainPacker: Packer = { pack: (text) => text, unpack: (data) => data as string };

/** What the device core is given: everything that is not a pure function. */
export interface DevicePorts {
  readonly storage: DeviceStorage;
  readonly projector: Projector;
  readonly hasher: Hasher;
  readonly packer: Packer;
  /** The device's clock, milliseconds since the epoch. */
  now(): number;
  /** That many random bytes. */
  random(bytes: number): Uint8Array;
}

export function projectedOf(event: PulledEvent): ProjectedEvent {
  return { ...event, id: event.commit_id };
}

export function readBody(body: string): EventBody {
  return JSON.parse(body) as EventBody;
}

/** [SY9] What people see: an event that is on its way right now is `syncing`. */
export function statusOf(event: OwnEvent, isOnItsWay: boolean): OwnStatus | 'syncing' {
  return event.status === 'pending' && isOnItsWay ? 'syncing' : event.status;
}

/** The events of an archive chunk, as they were. */
export function unpackRows(chunk: ArchiveChunk, packer: Packer): OwnEvent[] {
  return JSON.parse(packer.unpack(chunk.data)) as OwnEvent[];
}
