/**
 * Prometheus metrics: of HTTP, of the process, and whatever the parts register. Business figures are counted from the
 * journal's events as they are committed by this process.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly contentType: string;
  /** The exposition text. */
  text(): Promise<string>;
  /** `route` as registered, never the address itself: addresses hold ids. */
  observeHttp(method: string, route: string, status: number, seconds: number): void;
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  /** Read when asked for. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** Read when asked for: one value a label. */
  gaugeBy(name: string, help: string, label: string, read: () => Promise<ReadonlyMap<string, number>>): void;
}

export function createMetrics(): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register, prefix: 'mostrador_' });
  const http = new Histogram({
    name: 'mostrador_http_request_seconds',
    help: 'Time to answer a request, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [register],
  });
  return {
    contentType: register.contentType,
    text: () => register.metrics(),
    observeHttp: (method, route, status, seconds) => {
      http.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds);
    },
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: [...labels], registers: [register] }),
    gauge: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers: [register],
        async collect() {
          this.set(await read());
        },
      });
    },
    gaugeBy: (name, help, label, read) => {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [register],
        async collect() {
          this.reset();
          for (const [value, n] of await read()) this.set({ [label]: value }, n);
        },
      });
    },
  };
}
