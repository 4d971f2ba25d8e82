/**
 * Tells every process which variants the checkout must read anew. What a commit changed goes out with the commit by
 * NOTIFY, so that it is heard exactly when it can be read; a rebuild, which changes nothing, stays silent.
 */
import type { ProductEvent } from '@mostrador/domain/product';
import type { StockEvent } from '@mostrador/domain/stock';
import type { JournalEvent, Statement } from '../../platform/journal/index.js';

export const CHANNEL = 'mostrador_product';

/** PostgreSQL takes 8000 bytes; ids have 30. */
const IDS_A_MESSAGE = 240;
/** Beyond this, reading everything anew costs less than telling. */
const IDS_AT_MOST = 2400;

/** What is stale: single variants, whole products, or all of the shop's. */
export interface Stale {
  readonly variantIds: ReadonlySet<string>;
  readonly productIds: ReadonlySet<string>;
}

/** What events make stale. New products are not: nobody knows them yet. */
export function staleBy(events: readonly JournalEvent[]): Stale {
  const variantIds = new Set<string>();
  const productIds = new Set<string>();
  for (const e of events) {
    // The type decides the payload's shape.
    const event = e as unknown as ProductEvent | StockEvent;
    switch (event.type) {
      case 'product.changed':
      case 'product.archived':
      case 'product.restored':
        productIds.add(event.payload.productId);
        break;
      case 'product.variant_changed':
        variantIds.add(event.payload.variantId);
        break;
      case 'product.priced':
        for (const change of event.payload.changes) variantIds.add(change.variantId);
        break;
      case 'stock.received':
        for (const line of event.payload.lines) if (line.unitCostMinor !== null) variantIds.add(line.variantId);
        break;
      default:
    }
  }
  return { variantIds, productIds };
}

/** The statement that tells, or nothing when nothing is stale. */
export function announcement(tenantId: number, events: readonly JournalEvent[]): Statement | undefined {
  const { variantIds, productIds } = staleBy(events);
  const ids = [...variantIds, ...productIds];
  if (ids.length === 0) return undefined;
  const messages: string[] = [];
  if (ids.length > IDS_AT_MOST) messages.push(`${tenantId} all`);
  else {
    for (let i = 0; i < ids.length; i += IDS_A_MESSAGE) {
      messages.push(`${tenantId} ${ids.slice(i, i + IDS_A_MESSAGE).join(' ')}`);
    }
  }
  return {
    name: 'product.announce',
    text: `SELECT pg_notify('${CHANNEL}', message) FROM unnest($1::text[]) AS message WHERE current_schema() = 'public'`,
    values: [messages],
  };
}

/** Reads a message; null for one that tells nothing in particular (then everything may be stale). */
export function readAnnouncement(message: string): { tenantId: number; stale: Stale | 'all' } | null {
  const [tenant, ...ids] = message.split(' ');
  const tenantId = Number(tenant);
  if (!Number.isSafeInteger(tenantId) || tenant === '' || ids.length === 0) return null;
  if (ids[0] === 'all') return { tenantId, stale: 'all' };
  return {
    tenantId,
    stale: {
      variantIds: new Set(ids.filter((id) => id.startsWith('var_'))),
      productIds: new Set(ids.filter((id) => id.startsWith('prod_'))),
    },
  };
}
