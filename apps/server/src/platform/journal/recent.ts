/**
 * The last events that this process wrote, by shop: what keeps up with the journal need not read from the database what
 * has just been written to it.
 */
import type { JournalEvent } from './types.js';

/** Events kept of one shop: a few megabytes. */
const KEPT_MAX = 1000;

export class RecentEvents {
  readonly #shops = new Map<number, JournalEvent[]>();

  /** Takes the events of a commit, in order of `seq`. After a gap (another process wrote) it begins anew. */
  add(tenantId: number, events: readonly JournalEvent[]): void {
    const kept = this.#shops.get(tenantId);
    if (kept === undefined || kept.at(-1)?.seq !== (events[0]?.seq ?? 0) - 1) {
      this.#shops.set(tenantId, events.slice(-KEPT_MAX));
      return;
    }
    for (const event of events) kept.push(event);
    // Seldom rather than each time: it moves all that stay.
    if (kept.length > 2 * KEPT_MAX) kept.splice(0, kept.length - KEPT_MAX);
  }

  /** All events with `after < seq <= to`, in order; undefined when some of them are not here. */
  between(tenantId: number, after: number, to: number): JournalEvent[] | undefined {
    const kept = this.#shops.get(tenantId);
    const first = kept?.[0]?.seq;
    if (kept === undefined || first === undefined) return undefined;
    if (first > after + 1 || first + kept.length - 1 < to) return undefined;
    return kept.slice(after + 1 - first, to + 1 - first);
  }

  /** Lets go of a shop that was read to its end. */
  forget(tenantId: number): void {
    this.#shops.delete(tenantId);
  }
}
