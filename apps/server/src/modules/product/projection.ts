/**
 * Keeps the tables of products. Events are taken in order and gathered into runs of one kind that touch each row
 * once; each run becomes a few statements over arrays, so an import's thousand products cost no more than a few.
 */
import type { ProductEvent } from '@mostrador/domain/product';
import type { StockEvent } from '@mostrador/domain/stock';
import type { JournalEvent, Projection, Statement } from '../../platform/journal/index.js';
import { announcement } from './announce.js';
import { categoryArchived, categoryChanged, categoryCreated } from './projection-categories.js';
import { settle } from './projection-settle.js';
import * as sql from './projection-sql.js';

type Event = ProductEvent | Extract<StockEvent, { type: 'stock.received' }>;
type Payload<T extends Event['type']> = Extract<Event, { type: T }>['payload'];
type Placed<T extends Event['type']> = JournalEvent<Payload<T>>;

interface Kind {
  /** The rows that an event writes; a run holds each only once. */
  keys(event: JournalEvent): string[];
  statements(tenantId: number, events: readonly JournalEvent[]): Statement[];
}

/** Binds an event type to its payload's shape, which the type alone decides. */
function kind<T extends Event['type']>(
  _type: T,
  keys: (payload: Payload<T>) => string[],
  statements: (tenantId: number, events: readonly Placed<T>[]) => Statement[],
): Kind {
  return {
    keys: (event) => keys(event.payload as Payload<T>),
    statements: (tenantId, events) => statements(tenantId, events as readonly Placed<T>[]),
  };
}

const product = (p: { readonly productId: string }) => [p.productId];
const variant = (p: { readonly variantId: string }) => [p.variantId];
/** Names are unique by an index that cannot wait for the end of a statement, so each event is a run of its own. */
const category = () => ['category'];

const KINDS: Readonly<Record<Event['type'], Kind>> = {
  'product.created': kind('product.created', product, sql.created),
  'product.changed': kind('product.changed', product, sql.changed),
  'product.variant_added': kind('product.variant_added', product, sql.variantAdded),
  'product.variant_changed': kind('product.variant_changed', variant, sql.variantChanged),
  'product.barcode_added': kind('product.barcode_added', (p) => [p.variantId, `=${p.barcode}`], sql.barcodeAdded),
  'product.barcode_removed': kind('product.barcode_removed', (p) => [`=${p.barcode}`], sql.barcodeRemoved),
  'product.priced': kind('product.priced', (p) => p.changes.map((c) => c.variantId), sql.priced),
  'product.archived': kind('product.archived', product, (t, e) => sql.archived(t, e, true)),
  'product.restored': kind('product.restored', product, (t, e) => sql.archived(t, e, false)),
  'category.created': kind('category.created', category, categoryCreated),
  'category.changed': kind('category.changed', category, categoryChanged),
  'category.archived': kind('category.archived', category, categoryArchived),
  'stock.received': kind('stock.received', (p) => p.lines.map((l) => l.variantId), sql.received),
};

function isKnown(type: string): type is Event['type'] {
  return Object.hasOwn(KINDS, type);
}

/** Consecutive events of one type that do not write the same row twice. */
function* runs(events: readonly JournalEvent[]): Generator<{ kind: Kind; events: JournalEvent[] }> {
  let open: { kind: Kind; events: JournalEvent[] } | undefined;
  let written = new Set<string>();
  for (const event of events) {
    if (!isKnown(event.type)) continue;
    const of = KINDS[event.type];
    const keys = of.keys(event);
    if (open?.kind !== of || keys.some((k) => written.has(k))) {
      if (open !== undefined) yield open;
      open = { kind: of, events: [] };
      written = new Set();
    }
    open.events.push(event);
    for (const key of keys) written.add(key);
  }
  if (open !== undefined) yield open;
}

export const productProjection: Projection = {
  name: 'product',
  tables: ['category', 'product', 'variant', 'barcode', 'product_search', 'product_word'],
  types: Object.keys(KINDS),
  statements(tenantId, events) {
    const statements: Statement[] = [];
    for (const run of runs(events)) statements.push(...run.kind.statements(tenantId, run.events));
    statements.push(...settle(tenantId, events));
    const told = announcement(tenantId, events);
    if (told !== undefined) statements.push(told);
    return statements;
  },
};
