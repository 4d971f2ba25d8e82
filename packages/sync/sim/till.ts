/**
 * One image of a till: its storage, what it would lose in a crash, and the driver that a real till has around the core:
 * what to send when, what is on its way, what to do with each answer.
 */
import type { PullAnswer, PushRequest, SnapshotAnswer } from '@mostrador/contract/sync';
import {
  backoffMs,
  type DevicePorts,
  type DeviceStorage,
  type Draft,
  type Fetch,
  type LaneView,
  nextFetch,
  nextPush,
  type OwnEvent,
  type OwnLane,
  open,
  type PushOutcome,
  plainPacker,
  preparePush,
  pulled,
  pushDone,
  record,
  snapshotPage,
} from '../src/device/index.js';
import { laneKey } from '../src/hash.js';
import type { Bug } from './bugs.js';
import { quickHash, type Random } from './random.js';
import { SCHEMA, shopProjector } from './shop.js';
import { CrashingStorage } from './storage.js';

export interface TillOptions {
  readonly name: string;
  readonly deviceId: string;
  readonly schema: number;
  readonly skewMs: number;
  readonly instance: string;
}

/** The rest of the world, as a till sees it. */
export interface World {
  readonly random: Random;
  readonly bug: Bug | null;
  nowMs: number;
  trace(line: string): void;
  sendPush(till: Till, request: PushRequest): void;
  sendFetch(till: Till, fetch: Fetch): void;
}

const TIMEOUT_MS = 10_000;

export class Till {
  readonly storage: CrashingStorage;
  schema: number;
  instance: string;
  ports: DevicePorts;
  /** An unnoticed copy exists: its receipts may repeat, and only the server can tell. */
  isTwin = false;
  hasForked = false;
  private readonly onItsWay = new Map<string, { readonly request: PushRequest; readonly sentMs: number }>();
  private readonly failures = new Map<string, { readonly count: number; readonly retryAtMs: number }>();
  private fetchSentMs: number | null = null;

  constructor(
    private readonly world: World,
    readonly options: TillOptions,
    disk: DeviceStorage,
  ) {
    this.storage = new CrashingStorage(disk, world.bug);
    this.schema = options.schema;
    this.instance = options.instance;
    this.ports = this.makePorts();
  }

  private makePorts(): DevicePorts {
    const { world, options } = this;
    return {
      storage: this.storage,
      projector: shopProjector(this.schema),
      hasher: quickHash,
      packer: plainPacker,
      now: () => Math.max(0, world.nowMs + options.skewMs),
      random: (n) => world.random.bytes(n),
    };
  }

  /** Starts the program: what was only in memory is gone. */
  async start(): Promise<void> {
    this.onItsWay.clear();
    this.failures.clear();
    this.fetchSentMs = null;
    this.ports = this.makePorts();
    const instance = this.world.bug === 'copy-keeps-epoch' ? 'same' : this.instance;
    const opened = await open(this.ports, { deviceId: this.options.deviceId, instance });
    if (this.world.bug === 'receipt-counter-forgotten') await this.storage.forgetReceipts();
    this.world.trace(`${this.options.name} opens ${opened.meta.epoch} ${opened.began ?? ''}`);
  }

  async record(drafts: readonly Draft[]) {
    return record(this.ports, drafts, { eventsPerMinuteMax: 1000 });
  }

  /** What a timer, an event or a regained connection leads to. */
  async tick(): Promise<void> {
    const { nowMs } = this.world;
    for (const [key, { request, sentMs }] of this.onItsWay) {
      if (nowMs - sentMs < TIMEOUT_MS) continue;
      this.onItsWay.delete(key);
      await this.afterPush(request, { kind: 'offline' });
    }
    if (this.fetchSentMs !== null && nowMs - this.fetchSentMs >= TIMEOUT_MS) this.fetchSentMs = null;
    const { due } = nextPush(await this.laneViews(), this.ports.now(), { isManual: false });
    for (const view of due) {
      const request = await preparePush(this.ports, view.epoch, view.lane, 1 + this.world.random.below(6));
      if (request === null) continue;
      this.onItsWay.set(laneKey(view.epoch, view.lane), { request, sentMs: nowMs });
      this.world.sendPush(this, this.outgoing(request));
    }
    if (this.fetchSentMs !== null || this.world.random.chance(40)) return;
    this.fetchSentMs = nowMs;
    this.world.sendFetch(this, await nextFetch(this.ports));
  }

  /** [planted] A till that makes new ids when it tries again. */
  private outgoing(request: PushRequest): PushRequest {
    const first = request.events[0];
    if (this.world.bug !== 'retry-under-new-id' || first === undefined) return request;
    if (!this.failures.has(laneKey(request.epoch, request.lane))) return request;
    return this.storage.renamed(request, this.world.random.bytes(10));
  }

  private async laneViews(): Promise<LaneView[]> {
    const lanes = await this.storage.peek((tx) => tx.lanes());
    return lanes.filter((lane) => lane.acked < lane.number).map((lane) => this.viewOf(lane));
  }

  private viewOf(lane: OwnLane): LaneView {
    const key = laneKey(lane.epoch, lane.lane);
    const failed = this.failures.get(key);
    return {
      epoch: lane.epoch,
      lane: lane.lane,
      pending: lane.number - lane.acked,
      oldestMs: 0,
      isOnItsWay: this.onItsWay.has(key),
      failures: failed?.count ?? 0,
      retryAtMs: (failed?.retryAtMs ?? 0) + this.options.skewMs,
    };
  }

  async afterPush(request: PushRequest, outcome: PushOutcome): Promise<string> {
    const key = laneKey(request.epoch, request.lane);
    this.onItsWay.delete(key);
    const effect = await pushDone(this.ports, request, await this.believed(outcome));
    if (effect === 'new_epoch') this.hasForked = true;
    if (effect === 'progress') this.failures.delete(key);
    else if (effect === 'retry') {
      const count = (this.failures.get(key)?.count ?? 0) + 1;
      const retryAtMs = this.world.nowMs + backoffMs(count, this.world.random.below(1000) / 1000);
      this.failures.set(key, { count, retryAtMs });
    }
    this.world.trace(`${this.options.name} ${key} ${outcome.kind} ${effect}`);
    return effect;
  }

  private async believed(outcome: PushOutcome): Promise<PushOutcome> {
    if (outcome.kind !== 'answer' || this.world.bug !== 'answer-of-lost-log-believed') return outcome;
    const meta = await this.storage.peek((tx) => tx.meta());
    return { kind: 'answer', answer: { ...outcome.answer, log_id: meta?.logId ?? outcome.answer.log_id } };
  }

  async afterPull(answer: PullAnswer): Promise<string> {
    this.fetchSentMs = null;
    const effect = await pulled(this.ports, answer);
    this.world.trace(`${this.options.name} pull ${answer.kind} ${effect}`);
    return effect;
  }

  async afterSnapshot(answer: SnapshotAnswer): Promise<string> {
    this.fetchSentMs = null;
    const effect = await snapshotPage(this.ports, answer);
    this.world.trace(`${this.options.name} page ${answer.page} ${effect}`);
    return effect;
  }

  async upgrade(): Promise<void> {
    this.schema = SCHEMA;
    await this.start();
  }

  /** Every event that this image still has, archived ones included, in the order of recording. */
  async own(): Promise<OwnEvent[]> {
    return this.storage.allOwn();
  }
}
