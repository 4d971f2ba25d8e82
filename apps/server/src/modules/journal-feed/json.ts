/** Events as the audit trail answers them: with sentence, names and links, and nothing that is sealed. */
import { timestamp } from '@mostrador/contract/common';
import type { JournalEntryJson } from '@mostrador/contract/journal';
import type { JournalEvent } from '../../platform/journal/index.js';
import type { EventNames } from './names.js';
import { summaryOf } from './summary.js';

type Link = JournalEntryJson['links'][number];

const NOUNS: Readonly<Record<string, Link['noun']>> = {
  prod: 'product',
  sal: 'sale',
  ref: 'refund',
  cus: 'customer',
  sup: 'supplier',
  usr: 'user',
  cse: 'cash_session',
  loc: 'location',
};
const LINKS_MAX = 6;

export function entryJson(event: JournalEvent, names: EventNames, currency: string): JournalEntryJson {
  return {
    seq: event.seq,
    commit_id: event.commitId,
    type: event.type,
    version: event.version,
    subject: event.subject,
    at: timestamp(event.at),
    recorded_at: timestamp(event.recordedAt),
    actor: event.actor,
    actor_name: names.of(event.actor),
    summary: summaryOf(event, names, currency),
    links: linksOf(event, names),
  };
}

/** What the event is about first, then what it mentions on top. */
function linksOf(event: JournalEvent, names: EventNames): Link[] {
  const links = new Map<string, Link>();
  const put = (value: unknown) => {
    if (typeof value !== 'string' || links.size >= LINKS_MAX) return;
    const id = names.variant(value)?.product_id ?? value;
    const noun = NOUNS[id.slice(0, id.indexOf('_'))];
    if (noun !== undefined && !links.has(id)) links.set(id, { noun, id, name: names.of(id) || names.of(value) });
  };
  put(event.subject);
  for (const value of Object.values(event.payload)) put(value);
  const { lines } = event.payload;
  if (Array.isArray(lines)) {
    for (const line of lines.slice(0, LINKS_MAX) as unknown[]) {
      if (typeof line !== 'object' || line === null) continue;
      const { productId, variantId } = line as { productId?: unknown; variantId?: unknown };
      put(productId ?? variantId);
    }
  }
  return [...links.values()];
}

const MASK = '•••';
/** Personal data and what is derived from it. */
const MASKED: ReadonlySet<string> = new Set(['sealed', 'tokens']);

/** The payload as stored, with what is sealed masked, also for those who hold the key: a trail is no place to read it. */
export function maskedPayload(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return mask(payload) as Record<string, unknown>;
}

function mask(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mask);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, MASKED.has(key) ? MASK : mask(inner)]));
}
