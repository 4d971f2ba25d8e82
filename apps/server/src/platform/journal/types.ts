/**
 * What callers of the journal see. Rules: docs/spec/journal.md. A proposal is what a module has decided; the
 * journal gives it its place (`seq`), checks it against the ledger, and writes it with all its projections.
 */
import type { LedgerRejection, Transfer } from '@mostrador/domain/ledger';
import type { Statement } from '../database/index.js';

export type { Statement };

/** An event as decided, before it has its place. */
export interface ProposedEvent {
  /** `noun.past_tense`, for example `sale.completed`. */
  readonly type: string;
  /** The id of the thing it is about (`sal_…`); events on one subject are in order. */
  readonly subject: string;
  /** Version of the payload's shape; 1 when absent. */
  readonly version?: number;
  /** JSON, camelCase. Personal data only sealed. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Draws the next number of a gapless series and puts `prefix` + 8 digits into `payload[field]`. */
  readonly number?: { readonly series: string; readonly field: string; readonly prefix: string };
}

export interface Expectation {
  readonly subject: string;
  /** The `seq` of the last event on the subject when it was decided; 0 when there was none. */
  readonly revision: number;
}

export interface Proposal {
  /** UUID: v7 live, v8 derived by imports. Repeated with the same digest it is answered as before. */
  readonly id: string;
  /** A foreign idempotency key (not a UUIDv7), at most 255 characters; it is bound to this proposal for 7 days. */
  readonly key?: string | undefined;
  /** Hex SHA-256 of the command as it was asked; another digest under the same id is `id_reused`. */
  readonly digest: string;
  /** `usr_…`, `system`, `import`. */
  readonly actor: string;
  /** Milliseconds since the epoch when it happened in the shop. Default: now. */
  readonly at?: number | undefined;
  readonly events: readonly ProposedEvent[];
  readonly transfers?: readonly Transfer[] | undefined;
  readonly expects?: readonly Expectation[] | undefined;
}

/** An event with its place. */
export interface JournalEvent<P = Record<string, unknown>> {
  readonly seq: number;
  readonly commitId: string;
  /** When it happened, ms. */
  readonly at: number;
  /** When it was written, ms. */
  readonly recordedAt: number;
  readonly type: string;
  readonly version: number;
  readonly subject: string;
  readonly actor: string;
  readonly payload: P;
}

export type CommitRejection =
  | { readonly code: 'ledger'; readonly transfer: Transfer; readonly reason: LedgerRejection }
  | { readonly code: 'revision_conflict'; readonly subject: string; readonly revision: number }
  /** The id (or key) was used before for another command. */
  | { readonly code: 'id_reused' }
  /** A unique or check constraint of a projection refused it (SQLSTATE class 23). */
  | { readonly code: 'constraint'; readonly constraint: string };

export type CommitResult =
  | { readonly status: 'committed' | 'duplicate'; readonly seq: number; readonly events: readonly JournalEvent[] }
  | { readonly status: 'rejected'; readonly rejection: CommitRejection };

/**
 * Keeps the tables that the API reads. Runs inside the commit's transaction and again at a rebuild, so it is a
 * pure function of its events: table names unqualified, no clock, no randomness, set-based (arrays and unnest).
 * `$1` conventions are its own; the tenant is passed so that it can be written into rows.
 */
export interface Projection {
  readonly name: string;
  /** Tables it alone writes; all have `tenant_id`. */
  readonly tables: readonly string[];
  /** Event types it wants. */
  readonly types: readonly string[];
  statements(tenantId: number, events: readonly JournalEvent[]): Statement[];
}

/** The transaction that a subscription's handler writes in: its cursor moves with it or not at all. */
export interface SubscriptionTransaction {
  query<R = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ rows: R[]; rowCount: number | null }>;
}

/** A reader of the journal that may lag: own cursor, retries with backoff, dead letters that can be replayed. */
export interface Subscription {
  readonly name: string;
  readonly types: readonly string[];
  /** Tables it alone writes (rebuilt by resetting its cursor); empty when it acts outside. */
  readonly tables: readonly string[];
  handle(tx: SubscriptionTransaction, tenantId: number, events: readonly JournalEvent[]): Promise<void>;
}

export interface Journal {
  /** Durable when it resolves. Refusals are values; it throws only when the database cannot be reached. */
  commit(tenantId: number, proposal: Proposal): Promise<CommitResult>;
  /** The events of one subject, oldest first. */
  eventsOf(tenantId: number, subject: string): Promise<JournalEvent[]>;
  /** Events with `seq > after`, oldest first, at most `limit`. */
  eventsAfter(tenantId: number, after: number, limit: number): Promise<JournalEvent[]>;
  /** The last `seq`; 0 for an empty journal. */
  head(tenantId: number): Promise<number>;
  /**
   * Called after each durable commit of this process, in order of `seq` per tenant; must not throw. A commit whose answer
   * was lost is told when it is found again, later than its neighbours.
   */
  onCommitted(listener: (tenantId: number, events: readonly JournalEvent[]) => void): void;
  /** Waits for what was accepted and closes the connections. */
  close(): Promise<void>;
}
