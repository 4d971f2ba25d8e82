/**
 * The server as a whole: platform, interface, applications, monitoring and the work that goes on behind. `main.ts` runs it
 * as a process; tests and measurements run it inside theirs.
 */

import { type OpenOptions, type OpenPlatform, openPlatform } from './compose.js';
import type { Config } from './config.js';
import { settleLateCash } from './modules/cash/index.js';
import { createDemo, showsDemo } from './modules/demo/index.js';
import { authenticator } from './modules/identity/index.js';
import { catalogueFigures } from './modules/product/index.js';
import { expirePending } from './modules/stock/index.js';
import { listTenants } from './modules/tenant/index.js';
import { registerPages } from './pages.js';
import { createHttp, type Http, type HttpOptions } from './platform/http/index.js';
import { pruneKeys } from './platform/journal/index.js';
import { createMetrics, Health, type Metrics, registerMonitoring } from './platform/telemetry/index.js';

/** How often reservations that ran out are given back. */
const SWEEP_MS = 30_000;

export interface AppOptions extends OpenOptions {
  /** Tests: answers are held against their schemas. */
  readonly strict?: boolean;
  readonly limits?: HttpOptions['limits'];
  readonly version?: string;
}

export interface App {
  readonly platform: OpenPlatform;
  readonly http: Http;
  readonly metrics: Metrics;
  /** Opens the doors; answers the addresses. */
  listen(host: string, port: number): Promise<readonly string[]>;
  /** Makes the demo shop when there is no shop yet; answers whether the installation shows it. */
  demo(): Promise<boolean>;
  /** Takes nothing new, finishes what was accepted, stops what this process started. */
  close(graceMs?: number): Promise<void>;
}

/** Opens everything but the doors. Throws what `openPlatform` throws. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const platform = await openPlatform(config, { user: 'server', ...options });
  const version = options.version ?? '0.1.0';
  const metrics = createMetrics();
  const health = new Health(
    [{ name: 'database', check: async () => void (await platform.database.call({ text: 'SELECT 1', values: [] })) }],
    version,
    platform.now,
  );
  const http = await createHttp({
    log: platform.log,
    authenticate: await authenticator(platform),
    version,
    now: platform.now,
    observe: metrics.observeHttp,
    corsOrigins: config.corsOrigins,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.strict === undefined ? {} : { strict: options.strict }),
  });
  for (const module of platform.modules) module.routes?.(http.api, platform);
  registerMonitoring(http.app, { health, metrics, token: config.monitoringToken });
  let isDemo = false;
  await registerPages(http.app, { isDemo: () => isDemo });
  measureBusiness(platform, metrics);

  let sweep: NodeJS.Timeout | undefined;
  return {
    platform,
    http,
    metrics,
    listen: async (host, port) => {
      const addresses = await http.listen(host, port);
      platform.subscriptions.start();
      sweep = setInterval(() => void sweepShops(platform), SWEEP_MS);
      sweep.unref();
      health.serving();
      return addresses;
    },
    demo: async () => {
      await createDemo(platform);
      isDemo = await showsDemo(platform);
      return isDemo;
    },
    close: async (graceMs) => {
      health.stopping();
      clearInterval(sweep);
      await http.close(graceMs);
      await platform.close();
    },
  };
}

async function sweepShops(platform: OpenPlatform): Promise<void> {
  try {
    for (const { tenantId } of await listTenants(platform)) {
      await expirePending(platform, tenantId);
      await settleLateCash(platform, tenantId);
      await pruneKeys(platform.database, tenantId, platform.now());
    }
  } catch (error) {
    platform.log.warn({ error: String(error) }, 'the sweep of reservations, late cash and old keys failed');
  }
}

/** Business figures come from the journal, so that they count what happened and not what was asked for. */
function measureBusiness(platform: OpenPlatform, metrics: Metrics): void {
  const events = metrics.counter('mostrador_events_total', 'Events that this process wrote, by type.', ['type']);
  const revenue = metrics.counter('mostrador_sales_minor_total', 'Sales in minor units, by currency.', ['currency']);
  platform.journal.onCommitted((_tenantId, written) => {
    for (const { type, payload } of written) {
      events.inc({ type });
      if (type === 'sale.completed')
        revenue.inc({ currency: String(payload.currency) }, Math.max(0, Number(payload.totalMinor)));
    }
  });
  const figure = (name: keyof ReturnType<typeof platform.journal.figures>, help: string) =>
    metrics.gauge(`mostrador_journal_${name}`, help, () => platform.journal.figures()[name]);
  figure('batches', 'Transactions that wrote events.');
  figure('committed', 'Proposals written.');
  figure('rejected', 'Proposals refused.');
  figure('waiting', 'Proposals that wait now.');
  figure('retried', 'Proposals sent again after a failure.');
  const catalogue = (name: 'hits' | 'misses' | 'entries', help: string) =>
    metrics.gauge(`mostrador_catalogue_${name}`, help, () => catalogueFigures(platform)[name]);
  catalogue('hits', "Variants that checkout found in this process's memory.");
  catalogue('misses', 'Variants that checkout had to read.');
  catalogue('entries', 'Variants in memory now.');
  const behind = async (read: (s: { cursor: number; head: number; deadLetters: number }) => number) => {
    const sums = new Map<string, number>();
    for (const { tenantId } of await listTenants(platform)) {
      for (const s of await platform.subscriptions.status(tenantId))
        sums.set(s.name, (sums.get(s.name) ?? 0) + read(s));
    }
    return sums;
  };
  metrics.gaugeBy('mostrador_subscription_lag_events', 'Events a subscription is behind.', 'subscription', () =>
    behind((s) => s.head - s.cursor),
  );
  metrics.gaugeBy('mostrador_dead_letters', 'Events set aside that a person should look at.', 'subscription', () =>
    behind((s) => s.deadLetters),
  );
}
