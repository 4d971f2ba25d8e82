/** The one form in which every noun's `decide` answers: what happened and what it moves, or a refusal. */
import type { Transfer } from './ledger/types.js';

export interface DecidedEvent {
  readonly type: string;
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Draws the next number of a gapless series and puts `prefix` + 8 digits into `payload[field]`. */
  readonly number?: { readonly series: string; readonly field: string; readonly prefix: string };
}

export type Decision<Rejection> =
  | { readonly ok: true; readonly events: readonly DecidedEvent[]; readonly transfers: readonly Transfer[] }
  | { readonly ok: false; readonly rejection: Rejection };

/** What a decision may know beside its state and its command. Transfer ids are `<commitId>/<n>`. */
export interface DecisionContext {
  readonly commitId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}
