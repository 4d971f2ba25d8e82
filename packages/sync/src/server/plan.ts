/**
 * What a push's new events come to, before the journal is asked: kept unread, known by id from another place, held until
 * an earlier event has come, or to be applied; and which held ones go on now. Rules: [SY5], [SY16], [SY18], [SY19].
 */
import type { EventBody, Position, PushRequest } from '@mostrador/contract/sync';
import { judgeTime } from '../clock.js';
import { digestOf, laneKey, positionKey } from '../hash.js';
import type { Link } from './accept.js';
import type { Arrival, Quarantined, Receipt, ServerPorts, Waiting } from './types.js';

/** An event that goes to the journal now, and what is to be kept of it. */
export interface Step {
  readonly receipt: Receipt;
  /** Should it end in quarantine. */
  readonly held: Omit<Quarantined, 'reason'>;
}

export interface Planned {
  readonly arrivals: Arrival[];
  /** One for each arrival. */
  readonly steps: Step[];
  /** Of events that do not go to the journal now. */
  readonly receipts: Receipt[];
  /** Numbers of those whose id the server knew already. */
  readonly repeated: Set<number>;
  readonly waiting: Waiting[];
  readonly settled: Position[];
  readonly quarantined: Quarantined[];
}

export async function plan(ports: ServerPorts, request: PushRequest, fresh: readonly Link[]): Promise<Planned> {
  const planner = new Planner(ports, request);
  await planner.load(fresh);
  for (const link of fresh) planner.take(link);
  return planner.planned;
}

class Planner {
  readonly planned: Planned = {
    arrivals: [],
    steps: [],
    receipts: [],
    repeated: new Set(),
    waiting: [],
    settled: [],
    quarantined: [],
  };
  private readonly receivedMs: number;
  private readonly heads = new Map<string, number>();
  private readonly byId = new Map<string, Pick<Receipt, 'digest' | 'status' | 'seq' | 'notes'>>();
  private held: Waiting[] = [];

  constructor(
    private readonly ports: ServerPorts,
    private readonly request: PushRequest,
  ) {
    this.receivedMs = ports.now();
  }

  async load(fresh: readonly Link[]): Promise<void> {
    const { storage } = this.ports;
    const device = this.request.device_id;
    this.held = await storage.waiting(device);
    if (this.held.length > 0 || fresh.some((link) => link.after !== null)) {
      for (const head of await storage.heads(device)) this.heads.set(laneKey(head.epoch, head.lane), head.number);
    }
    const ids = fresh.flatMap((link) => this.ports.readEvent(link.body)?.id ?? []);
    for (const receipt of await storage.receiptsById(device, ids)) {
      // An id that was quarantined at one place can still come in at another.
      const known = receipt.id === null ? undefined : this.byId.get(receipt.id);
      if (receipt.id !== null && known?.status !== 'accepted') this.byId.set(receipt.id, receipt);
    }
  }

  take(link: Link): void {
    const { epoch, lane } = this.request;
    const at: Position = { epoch, lane, number: link.number };
    const base = { ...at, hash: link.hash, digest: link.digest, seq: null, reason: null, notes: [] };
    const event = this.ports.readEvent(link.body);
    const fault = this.request.quarantine
      ? 'server_failed'
      : !link.isIntact
        ? 'hash_wrong'
        : event
          ? null
          : 'unreadable';
    if (fault !== null || event === null) {
      this.keep(at, { ...base, id: event?.id ?? null }, link, fault ?? '');
      return;
    }
    const known = this.byId.get(event.id);
    if (known !== undefined && known.digest !== link.digest) {
      this.keep(at, { ...base, id: event.id }, link, 'id_reused');
      return;
    }
    if (known !== undefined && known.status === 'accepted') {
      this.planned.repeated.add(link.number);
      this.planned.receipts.push({ ...base, id: event.id, status: 'accepted', seq: known.seq, notes: known.notes });
      this.passed(at);
      return;
    }
    this.byId.set(event.id, { digest: link.digest, status: 'waiting', seq: null, notes: [] });
    const after = link.after ?? this.heldBefore(at, event.subject);
    if (after !== null && !this.hasCome(after)) {
      const waiting: Waiting = {
        ...at,
        after,
        hash: link.hash,
        body: link.body,
        receivedMs: this.receivedMs,
      };
      this.held.push(waiting);
      this.planned.waiting.push(waiting);
      this.planned.receipts.push({ ...base, id: event.id, status: 'waiting' });
    } else this.go({ ...base, id: event.id, status: 'accepted' }, event, link.body, this.receivedMs);
    this.passed(at);
  }

  /** Raw, and acknowledged: the lane moves on. */
  private keep(at: Position, receipt: Omit<Receipt, 'status'>, link: Link, reason: string): void {
    this.planned.receipts.push({ ...receipt, status: 'quarantined', reason });
    this.planned.quarantined.push({ ...at, reason, body: link.body, receivedMs: this.receivedMs });
    this.passed(at);
  }

  private go(receipt: Receipt, event: EventBody, body: string, receivedMs: number): void {
    const { epoch, lane, number, digest } = receipt;
    const at: Position = { epoch, lane, number };
    const { atMs, isAhead: isClockAhead } = judgeTime(event.at_ms, event.correction_ms, receivedMs);
    const { device_id: device } = this.request;
    this.planned.arrivals.push({ device, at, id: event.id, digest, event, atMs, isClockAhead, receivedMs });
    this.planned.steps.push({ receipt, held: { ...at, body, receivedMs } });
  }

  /** On its own lane numbers tell the order; but the event before it on the subject may itself be waiting. */
  private heldBefore(at: Position, subject: string): Position | null {
    const before = this.held.filter(
      (w) => w.epoch === at.epoch && w.lane === at.lane && this.ports.readEvent(w.body)?.subject === subject,
    );
    return before.sort((a, b) => a.number - b.number).at(-1) ?? null;
  }

  private hasCome(at: Position): boolean {
    if (this.held.some((waiting) => positionKey(waiting) === positionKey(at))) return false;
    return (this.heads.get(laneKey(at.epoch, at.lane)) ?? 0) >= at.number;
  }

  /** The lane has come this far; what waited for it goes on, and what waited for that. */
  private passed(at: Position): void {
    this.heads.set(laneKey(at.epoch, at.lane), at.number);
    for (;;) {
      const ready = this.held.find((waiting) => this.hasCome(waiting.after));
      if (ready === undefined) return;
      this.release(ready);
    }
  }

  private release(waiting: Waiting): void {
    const { epoch, lane, number, hash, body, receivedMs } = waiting;
    const at: Position = { epoch, lane, number };
    this.held = this.held.filter((w) => w !== waiting);
    const fresh = this.planned.waiting.indexOf(waiting);
    if (fresh >= 0) {
      this.planned.waiting.splice(fresh, 1);
      const receipt = this.planned.receipts.findIndex((r) => positionKey(r) === positionKey(at));
      this.planned.receipts.splice(receipt, 1);
    } else this.planned.settled.push(at);
    const event = this.ports.readEvent(body);
    if (event === null) return;
    const digest = digestOf(this.ports.hasher, body);
    const base = { ...at, hash, digest, seq: null, reason: null, notes: [] };
    this.go({ ...base, id: event.id, status: 'accepted' }, event, body, receivedMs);
  }
}
