/**
 * The simulated server: the product's acceptance of pushes on a memory storage, the model shop's journal, and the ways in
 * which it can fail: it dies around any save, is backed up, and is restored with a new log id.
 */
import type { PullAnswer, PushAnswer, PushRequest, SnapshotAnswer } from '@mostrador/contract/sync';
import type { Fetch } from '../src/device/index.js';
import { acceptPush, type ServerPorts, type SyncStorage } from '../src/server/index.js';
import { type MemorySyncStorage, memorySyncStorage } from '../src/storage/server-memory.js';
import type { Bug } from './bugs.js';
import { quickHash } from './random.js';
import { readEvent } from './read-event.js';
import { ServerFault, ShopServer } from './shop.js';
import { Crash, type CrashPoint } from './storage.js';

const PAGE_ROWS = 4;
const PULL_EVENTS = 6;

interface Life {
  readonly logId: string;
  readonly lanes: MemorySyncStorage;
  readonly shop: ShopServer;
}

export type Answered<T> =
  | { readonly kind: 'answer'; readonly answer: T }
  | { readonly kind: 'server_error' | 'offline' };

export class Server {
  life: Life;
  /** All lives, for the checks: a till may still be behind an earlier one. */
  readonly lives = new Map<string, ShopServer>();
  /** What was confirmed, by log: event id → seen in an answer. */
  readonly confirmed = new Map<string, Set<string>>();
  private backup: Life | null = null;
  private armed: { readonly point: CrashPoint; saves: number } | null = null;
  private logs = 0;

  constructor(
    private readonly bug: Bug | null,
    private readonly clock: () => number,
  ) {
    this.life = this.begin(memorySyncStorage(this.nextLogId()), undefined);
  }

  private nextLogId(): string {
    if (this.bug !== 'restore-keeps-log-id' || this.logs === 0) this.logs += 1;
    return `0192a000-0000-7000-8000-${String(this.logs).padStart(12, '0')}`;
  }

  private begin(lanes: MemorySyncStorage, from: ShopServer | undefined): Life {
    const hooks = { beforeCommit: () => this.passSave('before'), afterCommit: () => this.passSave('after') };
    const logId = `0192a000-0000-7000-8000-${String(this.logs).padStart(12, '0')}`;
    const shop = new ShopServer(this.bug, hooks, from);
    this.lives.set(logId, shop);
    return { logId, lanes, shop };
  }

  /** It dies at the save after `saves` more of them. */
  arm(point: CrashPoint, saves: number): void {
    this.armed = { point, saves };
  }

  private passSave(point: CrashPoint): void {
    const { armed } = this;
    if (armed === null || armed.point !== point) return;
    if (armed.saves-- > 0) return;
    this.armed = null;
    throw new Crash(`${point} a save of the server`);
  }

  disarm(): void {
    this.armed = null;
  }

  backUp(): void {
    const shop = new ShopServer(null, { beforeCommit: () => {}, afterCommit: () => {} }, this.life.shop);
    this.backup = { logId: this.life.logId, lanes: this.life.lanes.copy(this.life.logId), shop };
  }

  restore(): boolean {
    if (this.backup === null) return false;
    const logId = this.nextLogId();
    this.life = this.begin(this.backup.lanes.copy(logId), this.backup.shop);
    return true;
  }

  async push(request: PushRequest): Promise<Answered<PushAnswer>> {
    this.expectedPrev = request.prev;
    try {
      const answer = await acceptPush(this.ports(), request);
      this.note(request, answer);
      return { kind: 'answer', answer: this.muddled(answer) };
    } catch (error) {
      if (error instanceof ServerFault) return { kind: 'server_error' };
      if (error instanceof Crash) return { kind: 'offline' };
      throw error;
    }
  }

  private note(request: PushRequest, answer: PushAnswer): void {
    const ids = this.confirmed.get(answer.log_id) ?? new Set();
    for (const { number, status } of answer.answers) {
      const id = readEvent((request.events[number - request.from] as { body: string }).body)?.id;
      if (status !== 'quarantined' && id !== undefined) ids.add(id);
    }
    this.confirmed.set(answer.log_id, ids);
  }

  private muddled(answer: PushAnswer): PushAnswer {
    if (this.bug !== 'quarantine-not-acknowledged') return answer;
    const first = answer.answers.find((a) => a.status === 'quarantined');
    if (first === undefined) return answer;
    return { ...answer, held: first.number - 1, answers: answer.answers.filter((a) => a.number < first.number) };
  }

  private ports(): ServerPorts {
    const { shop } = this.life;
    const journal: ServerPorts['journal'] = { apply: (arrivals) => shop.apply(arrivals) };
    if (this.bug === 'answered-before-durable') {
      journal.apply = async (arrivals) => {
        const isLucky = arrivals.length === 0 || this.clock() % 5 !== 0;
        if (isLucky) return shop.apply(arrivals);
        return arrivals.map(() => ({ status: 'accepted' as const, seq: shop.events.length + 1, notes: [] }));
      };
    }
    return { storage: this.storage(), journal, hasher: quickHash, readEvent, now: this.clock };
  }

  private storage(): SyncStorage {
    const { lanes } = this.life;
    const { bug } = this;
    const storage: SyncStorage = {
      ...lanes,
      save: async (change) => {
        this.passSave('before');
        const isSaved = await lanes.save(change);
        this.passSave('after');
        return isSaved;
      },
    };
    if (bug === 'repeat-applied-twice') storage.receiptsById = async () => [];
    if (bug === 'fork-not-noticed') {
      storage.receipts = async () => [];
      storage.head = async (device, epoch, lane) => {
        const head = await lanes.head(device, epoch, lane);
        return head === null ? null : { ...head, hash: this.expectedPrev ?? head.hash };
      };
    }
    if (bug === 'order-of-subject-ignored') {
      storage.heads = async (device) => (await lanes.heads(device)).map((head) => ({ ...head, number: 1_000_000 }));
    }
    return storage;
  }

  /** [planted] What the request says that came before. */
  private expectedPrev: string | null = null;

  async fetch(device: string, fetch: Fetch): Promise<Answered<{ pull?: PullAnswer; page?: SnapshotAnswer }>> {
    if (fetch.kind === 'pull') return { kind: 'answer', answer: { pull: this.pull(fetch.after, fetch.logId) } };
    return { kind: 'answer', answer: { page: await this.page(device, fetch.page) } };
  }

  private pull(after: number, logId: string): PullAnswer {
    const { shop, logId: present } = this.life;
    const about = { log_id: present, server_time_ms: this.clock() };
    const head = shop.events.length;
    if (logId !== present || head - after > 60) return { kind: 'snapshot_required', ...about };
    let to = Math.min(head, after + PULL_EVENTS);
    // No commit is cut in two.
    while (to < head && shop.events[to]?.commit_id === shop.events[to - 1]?.commit_id) to += 1;
    let events = shop.events.slice(after, to);
    if (this.bug === 'pull-skips-latest' && to === head && head % 5 === 0) events = events.slice(0, -1);
    return { kind: 'events', ...about, after, to, head, events };
  }

  private async page(device: string, page: string | null): Promise<SnapshotAnswer> {
    const { shop, lanes, logId } = this.life;
    const keys = [...shop.state.keys()].sort();
    const start = page === null ? 0 : keys.findIndex((key) => key > page);
    const chosen = start < 0 ? [] : keys.slice(start, start + PAGE_ROWS);
    const isLast = start < 0 || start + PAGE_ROWS >= keys.length;
    let heads = page === null ? await lanes.heads(device) : [];
    if (this.bug === 'restore-claims-all-held') heads = heads.map((head) => ({ ...head, number: head.number + 1000 }));
    const seq = this.bug === 'snapshot-pages-as-of-first' ? this.firstPageSeq(device, page) : shop.events.length;
    return {
      log_id: logId,
      server_time_ms: this.clock(),
      page,
      next: isLast ? null : (chosen.at(-1) as string),
      seq,
      rows: chosen.map((key) => ({ key, value: shop.state.get(key) as never })),
      heads,
    };
  }

  /** [planted] */
  private readonly firstSeqs = new Map<string, number>();

  private firstPageSeq(device: string, page: string | null): number {
    if (page === null) this.firstSeqs.set(device, this.life.shop.events.length);
    return this.firstSeqs.get(device) ?? this.life.shop.events.length;
  }
}
