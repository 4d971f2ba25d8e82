/**
 * The journal over REST: the audit trail that a person can read. Each event carries a `summary` (a key that
 * applications translate, and what stands in its gaps), the names of what it mentions, and its raw payload with
 * personal data masked.
 */
import { z } from 'zod';
import { page, zCursor, zDay, zFlag, zLimit, zMoney, zName, zTimestamp } from './common.js';
import { zTransferTrace } from './sale.js';

/**
 * What each sentence can say. Keys are event types; `other` is for a type that is not listed. `actor` (who did it) is
 * there in every one. `count` is for plurals. Money, quantities (`{quantity, unit}`) and times are given raw.
 */
export const JOURNAL_SUMMARIES = {
  'tenant.created': ['name'],
  'tenant.changed': ['fields'],
  'tenant.tax_rate_added': ['name', 'rate_bp'],
  'tenant.tax_rate_changed': ['name', 'fields'],
  'location.created': ['name'],
  'location.changed': ['name', 'fields'],
  'user.created': ['name'],
  'user.changed': ['name', 'fields'],
  'user.password_changed': ['name'],
  'role.created': ['name'],
  'role.changed': ['name', 'fields'],
  'product.created': ['name', 'count'],
  'product.changed': ['name', 'fields'],
  'product.variant_added': ['name', 'variant'],
  'product.variant_changed': ['name', 'variant', 'fields'],
  'product.barcode_added': ['name', 'barcode'],
  'product.barcode_removed': ['name', 'barcode'],
  // One product: its price and the one before (null: none); many: count alone says it.
  'product.priced': ['name', 'count', 'price', 'previous', 'reason'],
  'product.archived': ['name'],
  'product.restored': ['name'],
  'category.created': ['name'],
  'category.changed': ['name', 'fields'],
  'category.archived': ['name'],
  // `name` and `quantity` are those of the first line, `count` says how many lines there are.
  'stock.received': ['name', 'quantity', 'count', 'location', 'supplier'],
  'stock.adjusted': ['name', 'quantity', 'location', 'reason'],
  'stock.written_off': ['name', 'quantity', 'count', 'location', 'reason'],
  'stock.counted': ['name', 'count', 'differences', 'location'],
  'stock.moved': ['name', 'quantity', 'count', 'from', 'to', 'reason'],
  'stock.opened': ['count', 'location'],
  // `quantity` null: the shop's default again.
  'stock.threshold_set': ['name', 'quantity'],
  'stock.reservations_expired': ['name', 'quantity', 'count', 'location'],
  'supplier.created': ['name'],
  'supplier.changed': ['name', 'fields'],
  'supplier.archived': ['name'],
  'customer.created': [],
  'customer.changed': [],
  'customer.erased': [],
  'sale.completed': ['name', 'quantity', 'count', 'total', 'location', 'receipt'],
  'sale.refunded': ['name', 'quantity', 'count', 'total', 'location', 'receipt', 'reason'],
  'sale.fee_recorded': ['name', 'count', 'total', 'location', 'reason'],
  'cash.session_opened': ['name', 'amount', 'location'],
  'cash.moved': ['name', 'amount', 'direction', 'reason'],
  'cash.session_closed': ['name', 'counted', 'expected', 'difference'],
  // Late cash of a session that was closed already.
  'cash.late_settled': ['name', 'amount'],
  other: ['type', 'subject'],
} as const satisfies Record<string, readonly string[]>;

export type JournalSummaryKey = keyof typeof JOURNAL_SUMMARIES;

export const zQuantityParam = z.object({ quantity: z.number(), unit: z.enum(['piece', 'kg', 'l', 'm']) });
/** Text, a number, money, a quantity, a list of field names, or null for what is unknown. */
export const zSummaryParam = z.union([z.string(), z.number(), zMoney, zQuantityParam, z.array(z.string()), z.null()]);
export type SummaryParam = z.infer<typeof zSummaryParam>;

export const zJournalSummary = z.object({
  key: z.enum(Object.keys(JOURNAL_SUMMARIES) as [JournalSummaryKey, ...JournalSummaryKey[]]),
  params: z.record(z.string(), zSummaryParam),
});
export type JournalSummary = z.infer<typeof zJournalSummary>;

/** Where a person can look further; the office turns it into an address. */
export const zJournalLink = z.object({
  noun: z.enum(['product', 'sale', 'refund', 'customer', 'supplier', 'user', 'cash_session', 'location']),
  id: z.string(),
  name: z.string(),
});

export const zJournalEntry = z.object({
  seq: z.int(),
  commit_id: z.string(),
  type: z.string(),
  version: z.int(),
  subject: z.string(),
  /** When it happened, and when it was written. */
  at: zTimestamp,
  recorded_at: zTimestamp,
  actor: z.string(),
  /** '' when the actor is no person (`system`, `import`). */
  actor_name: z.string(),
  summary: zJournalSummary,
  links: z.array(zJournalLink),
});
export type JournalEntryJson = z.infer<typeof zJournalEntry>;
/** Newest first. */
export const zJournalPage = page(zJournalEntry).extend({ head: z.int() });

export const zJournalQuery = z.strictObject({
  limit: zLimit,
  cursor: zCursor,
  /** Only events with a larger `seq` (what is new), oldest first when given. */
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  /** Only events with a smaller `seq`. */
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  /** An event type (`sale.completed`) or a noun (`sale`). */
  type: z
    .string()
    .regex(/^[a-z_]{1,40}(\.[a-z_]{1,40})?$/)
    .optional(),
  /** The id of what it is about. */
  subject: zName(120).optional(),
  actor: zName(60).optional(),
  /** Inclusive days in the shop's time zone, by when it was written. */
  from: zDay.optional(),
  to: zDay.optional(),
});

export const zSeqParams = z.strictObject({ seq: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** One event with everything; `names` gives a name to each id in the payload that has one. */
export const zJournalDetail = zJournalEntry.extend({
  payload: z.record(z.string(), z.unknown()),
  names: z.record(z.string(), z.string()),
  transfers: z.array(zTransferTrace),
  /** The other events of its commit. */
  commit: z.array(z.object({ seq: z.int(), type: z.string(), subject: z.string() })),
});
export type JournalDetailJson = z.infer<typeof zJournalDetail>;

export const zDeadLetter = z.object({
  id: z.int(),
  subscription: z.string(),
  seq: z.int(),
  /** Of the event that could not be handled. */
  type: z.string(),
  subject: z.string(),
  error: z.string(),
  attempts: z.int(),
  created_at: zTimestamp,
  resolved_at: zTimestamp.nullable(),
});
export type DeadLetterJson = z.infer<typeof zDeadLetter>;
export const zDeadLetterPage = page(zDeadLetter);
export const zDeadLetterQuery = z.strictObject({
  limit: zLimit,
  cursor: zCursor,
  /** Also those that were settled. */
  resolved: zFlag.optional(),
});
export const zDeadLetterParams = z.strictObject({
  dead_letter_id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});
/** `resolved: false`: it failed again, `error` says why. */
export const zReplayAnswer = z.object({ id: z.int(), resolved: z.boolean(), error: z.string().nullable() });

export const zSubscriptionStatus = z.object({
  name: z.string(),
  /** The last `seq` it has handled, and the journal's last. */
  seq: z.int(),
  head: z.int(),
  lag: z.int(),
  attempts: z.int(),
  dead_letters: z.int(),
  last_error: z.string().nullable(),
  state: z.enum(['up_to_date', 'behind', 'failing']),
});
export type SubscriptionStatusJson = z.infer<typeof zSubscriptionStatus>;
export const zSubscriptionList = z.object({ data: z.array(zSubscriptionStatus) });
