/**
 * Limits by role: a token bucket for each caller, held in this process. A bucket holds an hour's worth and fills
 * evenly, so that a burst passes and a flood does not.
 */
import { ApiError } from './api-error.js';

const HOUR_MS = 3_600_000;
/** Buckets are swept when there are more; full ones carry no information. */
const SWEEP_AT = 10_000;

export interface Limits {
  /** Requests an hour without a session, by address; null: none. */
  readonly anonymousPerHour: number | null;
  /** Requests an hour of one member of staff; administrators have no limit. */
  readonly staffPerHour: number | null;
}

export const DEFAULT_LIMITS: Limits = { anonymousPerHour: 100, staffPerHour: 20_000 };

interface Bucket {
  tokens: number;
  at: number;
}

export class Buckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #perHour: number;
  readonly #now: () => number;

  constructor(perHour: number, now: () => number) {
    this.#perHour = perHour;
    this.#now = now;
  }

  /** Takes one; throws `rate_limited` with the seconds to wait. */
  take(caller: string): void {
    const now = this.#now();
    let bucket = this.#buckets.get(caller);
    if (bucket === undefined) {
      if (this.#buckets.size >= SWEEP_AT) this.#sweep(now);
      bucket = { tokens: this.#perHour, at: now };
      this.#buckets.set(caller, bucket);
    } else {
      bucket.tokens = Math.min(this.#perHour, bucket.tokens + (Math.max(0, now - bucket.at) * this.#perHour) / HOUR_MS);
      bucket.at = now;
    }
    if (bucket.tokens < 1) {
      const seconds = Math.max(1, Math.ceil(((1 - bucket.tokens) * HOUR_MS) / this.#perHour / 1000));
      throw new ApiError('rate_limited', {
        facts: { retry_after: seconds, limit_per_hour: this.#perHour },
        headers: { 'retry-after': String(seconds) },
      });
    }
    bucket.tokens -= 1;
  }

  #sweep(now: number): void {
    for (const [caller, bucket] of this.#buckets) {
      if (bucket.tokens + ((now - bucket.at) * this.#perHour) / HOUR_MS >= this.#perHour) this.#buckets.delete(caller);
    }
    // Still too many callers at once: forget the oldest rather than grow.
    for (const caller of this.#buckets.keys()) {
      if (this.#buckets.size < SWEEP_AT) break;
      this.#buckets.delete(caller);
    }
  }
}
