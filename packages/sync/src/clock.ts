/** Clocks: order comes from the journal, so a wrong clock is corrected and told of, and never stops a sale. [SY35] */

/** A clock further ahead than this is told of. */
export const CLOCK_AHEAD_MAX_MS = 60_000;

export interface JudgedTime {
  /** When it happened, by the server's clock as far as that can be known. */
  readonly atMs: number;
  readonly isAhead: boolean;
}

/** What is said to have happened after it arrived did not: it is put at its arrival. */
export function judgeTime(deviceMs: number, correctionMs: number, receivedMs: number): JudgedTime {
  const atMs = Math.max(0, deviceMs + correctionMs);
  if (atMs <= receivedMs) return { atMs, isAhead: false };
  return { atMs: receivedMs, isAhead: atMs - receivedMs > CLOCK_AHEAD_MAX_MS };
}
