/** The only door to the journal: commit, read, subscribe, rebuild, verify. */
export { pruneKeys } from './keys.js';
export { journalMigrations } from './migrations.js';
export { EVENT_COLUMNS, eventOf } from './read.js';
export { type RebuildOptions, type RebuildReport, rebuild } from './rebuild.js';
export { type DeadLetter, type SubscriptionStatus, Subscriptions } from './subscriptions.js';
export type {
  CommitRejection,
  CommitResult,
  Expectation,
  Journal,
  JournalEvent,
  Projection,
  Proposal,
  ProposedEvent,
  Statement,
  Subscription,
  SubscriptionTransaction,
} from './types.js';
export { type CheckResult, type VerifyOptions, type VerifyReport, verify } from './verify.js';
export { type JournalFigures, type JournalOptions, JournalWriter } from './writer.js';
