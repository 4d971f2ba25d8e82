/**
 * A small shop for the simulator: a handful of event types that stand for all conflict rules, read models as a till
 * has them, and a server whose journal and ledger work like the real ones. The ledger is the product's own.
 */
import type { PulledEvent } from '@mostrador/contract/sync';
import {
  type AccountRef,
  applyTransfers,
  balanceOf,
  type MemoryBook,
  type MoveTransfer,
  memoryBook,
} from '@mostrador/domain/ledger';
import type { Json, ProjectedEvent, Projector } from '../src/device/index.js';
import { mergeEdit, mergeSet, type Scalar } from '../src/index.js';
import type { Arrival, JournalPort, Outcome } from '../src/server/index.js';
import type { Bug } from './bugs.js';

export const PRODUCTS = ['prd_a', 'prd_b', 'prd_c'] as const;
export const OPENING_STOCK = 12;

interface Product {
  readonly name: string;
  readonly price: number;
  readonly tags: readonly string[];
  readonly archived: boolean;
}
type Payload = Readonly<Record<string, unknown>>;
const num = (value: unknown): number => value as number;

/** The schema of today; 1 knows neither tags nor edits of several fields. */
export const SCHEMA = 2;

/** Products are what the newer schema knows more of. */
export function versionOf(type: string): number {
  return type.startsWith('product.') ? 2 : 1;
}

export function shopProjector(schema: number): Projector {
  return {
    schema,
    knows: (event) => keysOf(event).length > 0 && event.version <= schema,
    keysOf,
    apply,
  };
}

function keysOf({ type, subject, payload: p }: ProjectedEvent): readonly string[] {
  switch (type) {
    case 'sale.completed':
      return [`sale/${subject}`, `stock/${p.product}`, `cash/${p.session}`];
    case 'stock.adjusted':
    case 'stock.counted':
      return [`stock/${p.product}`];
    case 'cash.session_opened':
    case 'cash.session_closed':
    case 'cash.late_settled':
      return [`session/${subject}`, `cash/${subject}`];
    case 'reference.opened':
    case 'reference.settled':
      return [`open/${subject}`];
    case 'product.changed':
    case 'product.tagged':
    case 'product.archived':
      return [`product/${subject}`];
    case 'task.opened':
      return [`task/${subject}`];
    case 'till.logged':
      return [`log/${subject}`];
    default:
      return [];
  }
}

function apply(key: string, value: Json | undefined, { type, version, payload: p }: ProjectedEvent): Json | undefined {
  const before = typeof value === 'number' ? value : 0;
  const table = key.slice(0, key.indexOf('/'));
  switch (`${type} ${table}`) {
    case 'sale.completed sale':
      return num(p.amount);
    case 'sale.completed stock':
      return before - num(p.quantity);
    case 'sale.completed cash':
      return before + num(p.amount);
    case 'stock.adjusted stock':
      return before + num(p.delta);
    case 'stock.counted stock':
      return before + num(p.counted) - num(p.seen);
    case 'cash.session_opened session':
      return { status: 'open', late: 0 };
    case 'cash.session_opened cash':
      return before + num(p.float);
    case 'cash.session_closed session':
      return { ...(value as object), status: 'closed' };
    case 'cash.session_closed cash':
      return p.taken === undefined ? 0 : before - num(p.taken);
    case 'cash.late_settled session':
      return { status: 'closed', late: num((value as { late: number }).late) + num(p.amount) };
    case 'cash.late_settled cash':
      return before - num(p.amount);
    case 'reference.opened open':
      return before + 1;
    case 'reference.settled open':
      return 0;
    case 'task.opened task':
      return p as Json;
    case 'till.logged log':
      return before + 1;
    default:
      return value === undefined ? undefined : applyToProduct(value as unknown as Product, type, version, p);
  }
}

function applyToProduct(product: Product, type: string, version: number, p: Payload): Json {
  if (type === 'product.archived') return { ...product, archived: true } as unknown as Json;
  if (type === 'product.tagged') {
    const tags = mergeSet(product.tags, { add: p.add as string[], remove: p.remove as string[] });
    return { ...product, tags } as unknown as Json;
  }
  return { ...product, ...upcast(version, p).changes } as unknown as Json;
}

/** A till of the older schema edits one field at a time. */
function upcast(version: number, p: Payload): { changes: Record<string, Scalar>; base: Record<string, Scalar> } {
  if (version >= 2) return p as { changes: Record<string, Scalar>; base: Record<string, Scalar> };
  const field = p.field as string;
  return { changes: { [field]: p.to as Scalar }, base: { [field]: p.from as Scalar } };
}

interface Commit {
  readonly id: string;
  readonly digest: string;
  readonly seq: number;
  readonly notes: readonly string[];
}
interface Drafted {
  readonly type: string;
  readonly version: number;
  readonly subject: string;
  payload: Payload;
}

/** The server's fault is not the event's: the caller answers 5xx. */
export class ServerFault extends Error {}

/** One life of a server's journal, with its read models and its ledger. */
export class ShopServer implements JournalPort {
  readonly events: PulledEvent[] = [];
  readonly state = new Map<string, Json>();
  readonly commits = new Map<string, Commit>();
  readonly book: MemoryBook = memoryBook();
  readonly transfers: MoveTransfer[] = [];
  private readonly projector = shopProjector(SCHEMA);
  private readonly editedMs = new Map<string, number>();

  /** `beforeCommit` and `afterCommit` are where the simulator lets a server die. */
  constructor(
    private readonly bug: Bug | null,
    private readonly hooks: { beforeCommit(): void; afterCommit(): void },
    from?: ShopServer,
  ) {
    if (from === undefined) {
      this.stockUp();
      return;
    }
    this.events.push(...from.events);
    for (const [key, value] of from.state) this.state.set(key, value);
    for (const [id, commit] of from.commits) this.commits.set(id, commit);
    this.transfers.push(...from.transfers);
    applyTransfers(this.book, this.transfers, { now: 0 });
  }

  private stockUp(): void {
    for (const product of PRODUCTS) {
      this.state.set(`product/${product}`, { name: product, price: 100, tags: [], archived: false });
      this.office(`opening-${product}`, 'stock.adjusted', product, { product, delta: OPENING_STOCK });
    }
  }

  /** Something done in the back office. */
  office(id: string, type: string, subject: string, payload: Payload): void {
    this.commit(id, id, 0, [{ type, version: versionOf(type), subject, payload }], []);
  }

  async apply(arrivals: readonly Arrival[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const arrival of arrivals) outcomes.push(this.one(arrival));
    return outcomes;
  }

  private one(arrival: Arrival): Outcome {
    const { id, digest, event } = arrival;
    const known = this.commits.get(id);
    if (known !== undefined && this.bug !== 'repeat-applied-twice') {
      if (known.digest !== digest) return { status: 'quarantined', reason: 'id_reused' };
      return { status: 'duplicate', seq: known.seq, notes: known.notes };
    }
    if (event.payload.poison === true) throw new ServerFault('cannot digest this');
    if (this.bug === 'clock-ahead-refused' && arrival.isClockAhead) return { status: 'quarantined', reason: 'clock' };
    const decided = this.decide(arrival);
    if (typeof decided === 'string') return { status: 'quarantined', reason: decided };
    this.hooks.beforeCommit();
    const seq = this.commit(id, digest, arrival.atMs, decided.events, decided.notes);
    this.hooks.afterCommit();
    return { status: 'accepted', seq, notes: decided.notes };
  }

  private decide({ id, event, atMs }: Arrival): { events: Drafted[]; notes: string[] } | string {
    const { type, version, subject, payload: p } = event;
    const same: Drafted = { type, version: versionOf(type), subject, payload: p };
    const notes: string[] = [];
    const events: Drafted[] = [same];
    const task = (kind: string, more: Payload = {}) => {
      notes.push(kind);
      events.push({ type: 'task.opened', version: 1, subject: id, payload: { kind, ...more } });
    };
    switch (type) {
      case 'sale.completed': {
        if (!(num(p.quantity) > 0)) return 'payload_invalid';
        const left = this.level(p.product) - num(p.quantity);
        if (left < 0 && this.bug === 'short-sale-refused') return 'stock_short';
        if (left < 0) task('stock_short');
        this.settleCash(p.session as string, num(p.amount), events);
        break;
      }
      case 'stock.counted':
        if (this.bug === 'count-sets-level') same.payload = { ...p, seen: this.level(p.product) };
        break;
      case 'cash.session_opened':
        if (this.state.get(`open/${subject}`) !== undefined) {
          events.push({ type: 'reference.settled', version: 1, subject, payload: {} });
        }
        break;
      case 'cash.session_closed':
        same.payload = { ...p, taken: (this.state.get(`cash/${subject}`) as number | undefined) ?? 0 };
        break;
      case 'product.changed':
        this.mergeProduct(same, version, p, atMs, task);
        break;
      case 'product.tagged':
        if (this.bug === 'tags-replaced') same.payload = { add: p.add, remove: this.product(subject).tags };
        break;
      case 'stock.adjusted':
      case 'product.archived':
      case 'till.logged':
        break;
      default:
        return 'type_unknown';
    }
    return { events, notes };
  }

  private settleCash(session: string, amount: number, events: Drafted[]): void {
    const known = this.state.get(`session/${session}`) as { status: string } | undefined;
    if (known === undefined) {
      events.push({ type: 'reference.opened', version: 1, subject: session, payload: {} });
    } else if (known.status === 'closed' && this.bug !== 'late-cash-ignored') {
      events.push({ type: 'cash.late_settled', version: 1, subject: session, payload: { amount } });
    }
  }

  private mergeProduct(
    same: Drafted,
    version: number,
    p: Payload,
    atMs: number,
    task: (kind: string, more: Payload) => void,
  ): void {
    const current = this.product(same.subject);
    const edit = upcast(version, p);
    const isGuarded = (field: string) => field === 'price' && this.bug !== 'price-taken-blindly';
    const merged = mergeEdit({ name: current.name, price: current.price }, edit, (field) =>
      isGuarded(field) ? 'guarded' : 'descriptive',
    );
    const changes = { ...merged.changes };
    if (this.bug === 'name-by-device-clock' && 'name' in changes) {
      if (atMs < (this.editedMs.get(same.subject) ?? 0)) delete changes.name;
      else this.editedMs.set(same.subject, atMs);
    }
    for (const conflict of merged.conflicts) task('price_kept', { ...conflict });
    same.payload = { changes, base: {} };
  }

  private product(subject: string): Product {
    return this.state.get(`product/${subject}`) as unknown as Product;
  }

  private level(product: unknown): number {
    return (this.state.get(`stock/${product}`) as number | undefined) ?? 0;
  }

  private commit(
    id: string,
    digest: string,
    atMs: number,
    events: readonly Drafted[],
    notes: readonly string[],
  ): number {
    for (const event of events) {
      const seq = this.events.length + 1;
      const pulled: PulledEvent = { ...event, seq, commit_id: id, at_ms: atMs, actor: 'usr' };
      this.events.push(pulled);
      const seen = { ...event, id };
      for (const key of keysOf(seen)) {
        const before = this.state.get(key);
        const after = this.projector.apply(key, before, seen);
        if (after === undefined) continue;
        this.state.set(key, after);
        this.move(`${id}/${seq}/${key}`, key, num(after) - (typeof before === 'number' ? before : 0));
      }
    }
    this.commits.set(id, { id, digest, seq: this.events.length, notes });
    return this.events.length;
  }

  private move(id: string, key: string, by: number): void {
    const [kind, owner] = key.split('/') as ['stock' | 'cash', string];
    if ((kind !== 'stock' && kind !== 'cash') || by === 0) return;
    const here = accountOf(kind, owner);
    const there: AccountRef = { ...here, kind: kind === 'stock' ? 'adjusted' : 'revenue', owner: 'shop' };
    const [debit, credit] = by > 0 ? [here, there] : [there, here];
    const transfer: MoveTransfer = {
      id,
      kind: 'direct',
      debit,
      credit,
      amount: Math.abs(by),
      cause: 'sale',
      overdraw: true,
    };
    const applied = applyTransfers(this.book, [transfer], { now: 0 });
    if (!applied.ok) throw new Error(`the ledger refused ${applied.rejection.code}`);
    this.transfers.push(transfer);
  }

  balance(key: string): number {
    const [kind, owner] = key.split('/') as ['stock' | 'cash', string];
    return balanceOf(kind, this.book.balance(accountOf(kind, owner)));
  }
}

function accountOf(kind: 'stock' | 'cash', owner: string): AccountRef {
  return kind === 'stock'
    ? { kind, owner: 'shop', item: owner, unit: 'milli' }
    : { kind, owner, item: '', unit: 'ARS' };
}
