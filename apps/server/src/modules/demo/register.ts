/**
 * The demo's own till and book: everything that happens is decided by the same rules as in a shop, applied to a ledger
 * in memory, and kept as a proposal for the journal. What the rules refuse is a fault of the demo and throws.
 */
import type { DecidedEvent, Decision } from '@mostrador/domain';
import { deriveId, uuidV8 } from '@mostrador/domain/id';
import { type AccountRef, applyTransfers, balanceOf, memoryBook, type Transfer } from '@mostrador/domain/ledger';
import type { Proposal } from '../../platform/journal/index.js';
import type { Dice } from './dice.js';

export class Register {
  readonly proposals: Proposal[] = [];
  readonly #book = memoryBook();
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** An id of a moment that the seed repeats. */
  id(prefix: string, at: number): string {
    return deriveId(prefix, at, this.#dice.bytes(10));
  }

  balance(ref: AccountRef): number {
    return balanceOf(ref.kind, this.#book.balance(ref));
  }

  /** Decides with an id of its own and keeps what was decided; answers the events. */
  act(
    at: number,
    actor: string,
    decide: (context: { commitId: string; now: number }) => Decision<{ readonly code: string }>,
  ): readonly DecidedEvent[] {
    const commitId = uuidV8(at, this.#dice.bytes(10));
    const decision = decide({ commitId, now: at });
    if (!decision.ok) throw new Error(`the demo was refused: ${decision.rejection.code}`);
    this.#keep(commitId, at, actor, decision.events, decision.transfers);
    return decision.events;
  }

  /** Keeps events that move nothing. */
  note(at: number, actor: string, events: readonly DecidedEvent[]): void {
    this.#keep(uuidV8(at, this.#dice.bytes(10)), at, actor, events, []);
  }

  #keep(id: string, at: number, actor: string, events: readonly DecidedEvent[], transfers: readonly Transfer[]): void {
    const applied = applyTransfers(this.#book, transfers, { now: at });
    if (!applied.ok) throw new Error(`the demo's ledger was refused: ${applied.rejection.code}`);
    // Its id says all about it: the same seed and moment make the same proposal.
    this.proposals.push({ id, digest: id.replaceAll('-', '').repeat(2), actor, at, events, transfers });
  }
}
