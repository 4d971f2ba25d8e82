/**
 * Checkout over HTTP: 3 lines, cash, 10,000 products with a Zipf head of which 20 % of the lines are hot. At 1,200 sales/s
 * offered, at full speed, and beside it one transaction a sale through the same route. Prints a table and checks
 * that nothing was oversold.
 */

import { newUuid } from '../../apps/server/src/platform/ids.js';
import { type LoadResult, load, request } from './load.js';
import { type BenchServer, bundle, startServer } from './processes.js';

const seconds = Number(process.env.BENCH_SECONDS ?? 15);
const rate = Number(process.env.BENCH_RATE ?? 1200);

/** 20 % of the lines from the ten best sellers, the rest by a Zipf law over all. */
function picker(n: number): () => number {
  const weights = Array.from({ length: n }, (_, i) => 1 / (i + 1));
  const total = weights.reduce((a, b) => a + b, 0);
  const cumulative = new Float64Array(n);
  let sum = 0;
  weights.forEach((w, i) => {
    sum += w / total;
    cumulative[i] = sum;
  });
  return () => {
    if (Math.random() < 0.2) return Math.floor(Math.random() * 10);
    const x = Math.random();
    let [low, high] = [0, n - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] as number) < x) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

async function signIn(server: BenchServer): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${server.port}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: server.email, password: 'correct horse battery' }),
  });
  if (response.status !== 200) throw new Error(`sign-in answered ${response.status} ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

export function seller(server: BenchServer, token: string): () => string {
  const pick = picker(server.variants.length);
  return () => {
    const lines = [pick(), pick(), pick()].map((i) => ({ variant_id: server.variants[i], quantity: 1 }));
    const body = JSON.stringify({
      location_id: server.locationId,
      lines,
      tenders: [{ type: 'cash', amount: { amount: 1_000_000, currency: 'ARS' } }],
    });
    return request(
      'POST',
      '/api/v1/sales/checkout',
      { authorization: `Bearer ${token}`, 'idempotency-key': newUuid() },
      body,
    );
  };
}

const row = (name: string, r: LoadResult, more = '') =>
  console.log(
    `${name.padEnd(34)} ${r.perSecond.toFixed(0).padStart(7)}/s  p50 ${r.p50.toFixed(1).padStart(6)}  p95 ${r.p95.toFixed(1).padStart(6)}  p99 ${r.p99.toFixed(1).padStart(6)}  max ${r.max.toFixed(0).padStart(5)} ms  ${JSON.stringify(r.statuses)} ${more}`,
  );

const file = await bundle();
const only = process.argv[2];
const ceilings: Record<string, number> = {};
for (const mode of ['group', 'single']) {
  if (only && only !== mode) continue;
  const server = await startServer(file, { BENCH_MODE: mode });
  const token = await signIn(server);
  const next = seller(server, token);
  const run = async (connections: number, total: number, offered?: number) => {
    const before = server.cpu();
    const batches = (await server.figures()).figures.batches ?? 0;
    const result = await load({
      port: server.port,
      connections,
      total,
      next,
      ...(offered === undefined ? {} : { rate: offered }),
    });
    const after = server.cpu();
    const size = result.requests / (((await server.figures()).figures.batches ?? 0) - batches);
    const each = (k: keyof typeof after) => (((after[k] - before[k]) * 1e6) / result.requests).toFixed(0);
    return {
      ...result,
      cpu: `${size.toFixed(1)} sales a batch; CPU µs a sale: node ${each('node')}, database ${each('database')}, client ${each('client')}`,
    };
  };
  await run(32, mode === 'group' ? 10_000 : 1_000);
  if (mode === 'group') {
    const offered = run(128, rate * seconds, rate);
    const samples: { node: number; database: number }[] = [];
    const timer = setInterval(() => samples.push(server.memory()), 1000);
    const result = await offered;
    clearInterval(timer);
    const most = (k: 'node' | 'database') => Math.max(0, ...samples.map((s) => s[k]));
    row(
      `${mode}, ${rate}/s offered`,
      result,
      `${result.cpu}; PSS node ${most('node')} MiB, database ${most('database')} MiB`,
    );
  }
  for (const connections of mode === 'group' ? [16, 64, 128] : [16]) {
    const total = mode === 'group' ? 4000 * seconds : 300 * seconds;
    const result = await run(connections, total);
    ceilings[mode] = Math.max(ceilings[mode] ?? 0, result.perSecond);
    row(`${mode}, ${connections} connections`, result, result.cpu);
  }
  await server.stop();
}
if (ceilings.group && ceilings.single) console.log(`group / single = ${(ceilings.group / ceilings.single).toFixed(1)}`);
