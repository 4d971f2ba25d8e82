/**
 * What the server keeps of its tills, and the two ports that its modules implement: the storage of lanes, and the one
 * through which an event reaches the journal. Rules: docs/spec/sync.md [SY14]–[SY20].
 */
import type { EventBody, Lane, LaneHead, Position } from '@mostrador/contract/sync';
import type { Hasher } from '../hash.js';

/** What became of one pushed event, by its place. Kept for as long as the lane. */
export interface Receipt extends Position {
  readonly hash: string;
  /** null: no id could be read. */
  readonly id: string | null;
  readonly digest: string;
  /** `waiting`: held, until the till's earlier event on the same subject has come by its own lane. */
  readonly status: 'accepted' | 'quarantined' | 'waiting';
  readonly seq: number | null;
  readonly reason: string | null;
  readonly notes: readonly string[];
}

/** A held event, with what is needed to go on with it. */
export interface Waiting extends Position {
  readonly after: Position;
  readonly hash: string;
  readonly body: string;
  readonly receivedMs: number;
}

/** Kept raw until a person has looked. */
export interface Quarantined extends Position {
  readonly reason: string;
  readonly body: string;
  readonly receivedMs: number;
}

/** Numbers that the till no longer has and the server never got. */
export interface LostRange {
  readonly epoch: string;
  readonly lane: Lane;
  readonly from: number;
  readonly to: number;
}

/** What one push changes, saved in one transaction. */
export interface SaveLane {
  readonly device: string;
  readonly epoch: string;
  readonly lane: Lane;
  /** The head's number when this was decided (0: none); if it has moved, nothing is saved. */
  readonly expected: number;
  readonly head: LaneHead;
  /** New ones, and those of waiting events that were settled. */
  readonly receipts: readonly Receipt[];
  readonly waiting: readonly Waiting[];
  /** Places of waiting events that wait no more. */
  readonly settled: readonly Position[];
  readonly quarantined: readonly Quarantined[];
  readonly lost: LostRange | null;
}

export interface SyncStorage {
  /** Names this life of the journal; a restore draws a new one. */
  logId(): Promise<string>;
  heads(device: string): Promise<LaneHead[]>;
  head(device: string, epoch: string, lane: Lane): Promise<LaneHead | null>;
  /** By number, `from` to `to` included. */
  receipts(device: string, epoch: string, lane: Lane, from: number, to: number): Promise<Receipt[]>;
  /** Of that device's events, those with one of the ids. */
  receiptsById(device: string, ids: readonly string[]): Promise<Receipt[]>;
  /** All of the device's, in no particular order; there are few. */
  waiting(device: string): Promise<Waiting[]>;
  /** Answers false, and saves nothing, when the head is no longer `expected`. */
  save(change: SaveLane): Promise<boolean>;
  /** Somebody wrote an epoch that another database of the till had written: shown to a person. Repeatable. */
  noteFork(device: string, at: Position): Promise<void>;
}

/** A readable event on its way into the journal. */
export interface Arrival {
  readonly device: string;
  /** null: by the code on a receipt. */
  readonly at: Position | null;
  /** The id under which it is committed. */
  readonly id: string;
  /** The commit's digest: the same whichever way the event comes. */
  readonly digest: string;
  readonly event: EventBody;
  /** When it happened, by the server's clock. */
  readonly atMs: number;
  readonly isClockAhead: boolean;
  readonly receivedMs: number;
}

export type Outcome =
  /** In the journal: now, or (`duplicate`) since an earlier time. `seq`: of its last journal event. */
  | { readonly status: 'accepted' | 'duplicate'; readonly seq: number; readonly notes: readonly string[] }
  | { readonly status: 'quarantined'; readonly reason: string };

export interface JournalPort {
  /**
   * Decides and commits, each event in its own commit under its id and digest, in the order given; one outcome each.
   * Repeating it changes nothing. It rejects (throws) only when the journal cannot be reached; then any first part of
   * the events may have been committed. Sales and payments are never quarantined for what they say, only unreadable or
   * not permitted events are.
   */
  apply(arrivals: readonly Arrival[]): Promise<readonly Outcome[]>;
}

export interface ServerPorts {
  readonly storage: SyncStorage;
  readonly journal: JournalPort;
  readonly hasher: Hasher;
  /** Reads and checks a body: null when it is none. `zEventBody` does, behind a JSON parser. */
  readonly readEvent: (body: string) => EventBody | null;
  now(): number;
}
