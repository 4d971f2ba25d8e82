/**
 * Proposals sent on without waiting for each: the journal gathers what waits into one transaction. A bound on how many
 * and how large they are keeps the memory flat however long the import is.
 */
import type { CommitResult, Journal, Proposal } from '../../platform/journal/index.js';

const PROPOSALS_MAX = 512;
const TRANSFERS_MAX = 10_000;

export class Pipeline {
  #waiting = 0;
  #weight = 0;
  #wake: (() => void) | undefined;
  #failure: { readonly error: unknown } | undefined;
  readonly #journal: Pick<Journal, 'commit'>;
  readonly #tenantId: number;

  constructor(journal: Pick<Journal, 'commit'>, tenantId: number) {
    this.#journal = journal;
    this.#tenantId = tenantId;
  }

  /** Resolves when there is room for the next; `settled` hears of the answer, in order. Throws what an earlier one threw. */
  async send(proposal: Proposal, settled: (result: CommitResult) => void): Promise<void> {
    const weight = 1 + (proposal.transfers?.length ?? 0);
    while (this.#waiting > 0 && (this.#waiting >= PROPOSALS_MAX || this.#weight + weight > TRANSFERS_MAX)) {
      await this.#next();
      this.#check();
    }
    this.#check();
    this.#waiting++;
    this.#weight += weight;
    this.#journal
      .commit(this.#tenantId, proposal)
      .then(settled)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#waiting--;
        this.#weight -= weight;
        this.#wake?.();
        this.#wake = undefined;
      });
  }

  /** Resolves when all were answered. */
  async drain(): Promise<void> {
    while (this.#waiting > 0) await this.#next();
    this.#check();
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        before?.();
        resolve();
      };
    });
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
