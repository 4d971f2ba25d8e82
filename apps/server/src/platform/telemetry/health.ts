/**
 * Health: live (the process answers), ready (sign-in and sales work), and each check in words. Readiness is asked of the
 * checks at most once a second, so that a prober costs nothing.
 */

export interface HealthCheck {
  readonly name: string;
  /** Resolves when well; rejects with the reason. */
  readonly check: () => Promise<void>;
}

export interface HealthReport {
  readonly status: 'ok' | 'starting' | 'stopping' | 'failed';
  readonly version: string;
  readonly uptime_seconds: number;
  readonly checks: Readonly<
    Record<string, { readonly status: 'ok' | 'failed'; readonly ms: number; readonly detail?: string }>
  >;
}

const KEEP_MS = 1000;
const CHECK_TIMEOUT_MS = 3000;

export class Health {
  #state: 'starting' | 'serving' | 'stopping' = 'starting';
  #last: { at: number; report: Promise<HealthReport> } | undefined;

  constructor(
    private readonly checks: readonly HealthCheck[],
    private readonly version: string,
    private readonly now: () => number,
    private readonly startedAt: number = now(),
  ) {}

  /** Everything is in place. */
  serving(): void {
    this.#state = 'serving';
    this.#last = undefined;
  }

  /** No new work should come; what was accepted is being finished. */
  stopping(): void {
    this.#state = 'stopping';
    this.#last = undefined;
  }

  report(): Promise<HealthReport> {
    const now = this.now();
    if (this.#last === undefined || now - this.#last.at > KEEP_MS) this.#last = { at: now, report: this.#run() };
    return this.#last.report;
  }

  async #run(): Promise<HealthReport> {
    const results = await Promise.all(this.checks.map(async (c) => [c.name, await timed(c)] as const));
    const well = results.every(([, r]) => r.status === 'ok');
    const status = this.#state === 'serving' ? (well ? 'ok' : 'failed') : this.#state;
    return {
      status,
      version: this.version,
      uptime_seconds: Math.round((this.now() - this.startedAt) / 1000),
      checks: Object.fromEntries(results),
    };
  }
}

async function timed({ check }: HealthCheck): Promise<HealthReport['checks'][string]> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), late]);
    return { status: 'ok', ms: ms() };
  } catch (error) {
    return { status: 'failed', ms: ms(), detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
