/**
 * Scan and search over HTTP on 818,846 real products, row-level security on, beside two baselines of the same run: the
 * cheapest round trip there is, and ILIKE under the policy, which is what search would be without a function of its own.
 *
 *   DATA=…/barcodes/open-food-facts.csv.gz npx tsx bench/src/search.ts [rows]
 *
 * The embedded database in a temporary folder, or that of DATABASE_URL. Client, server and database share the machine.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foldWords } from '@mostrador/domain/product';
import { type OpenPlatform, openPlatform } from '../../apps/server/src/compose.js';
import { readConfig } from '../../apps/server/src/config.js';
import { openTable } from '../../apps/server/src/modules/import/table/open.js';
import { type ProductRow, productModule, upsertProducts } from '../../apps/server/src/modules/product/index.js';
import { createTenant, type ShopFacts, tenantModule } from '../../apps/server/src/modules/tenant/index.js';
import { createHttp } from '../../apps/server/src/platform/http/index.js';
import { load, request } from './load.js';

const ROWS_A_CALL = 4000;
const SEARCHES = 3000;
const SCANS = 10_000;

/** A small generator with a seed, so that two runs ask the same. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Sample {
  readonly barcodes: string[];
  readonly names: string[];
}

/** Loads the file and keeps every so-many-th row to ask for later. */
async function fill(platform: OpenPlatform, shop: ShopFacts, file: string, most: number): Promise<Sample> {
  const sample: Sample = { barcodes: [], names: [] };
  const started = performance.now();
  let rows: ProductRow[] = [];
  let count = 0;
  let rejected = 0;
  const send = async (lot: readonly ProductRow[]) => {
    const outcomes = await upsertProducts(platform, shop.tenantId, lot, { source: 'bench' });
    rejected += outcomes.filter((o) => o.status === 'rejected').length;
  };
  // The next lot is read while the one before is written.
  let sending: Promise<void> = Promise.resolve();
  const table = await openTable(file);
  const [barcodeAt, nameAt] = ['barcode', 'product_name'].map((heading) => table.headings.indexOf(heading));
  if (barcodeAt === undefined || nameAt === undefined || barcodeAt < 0 || nameAt < 0) {
    throw new Error(`${file} has no columns barcode and product_name`);
  }
  reading: for await (const batch of table.batches()) {
    for (const { cells } of batch.rows) {
      if (count === most) break reading;
      const barcode = cells[barcodeAt] ?? '';
      const name = cells[nameAt] ?? '';
      // One in four has a price, so that both what can be sold and drafts are searched.
      rows.push({ barcode, name, priceMinor: count % 4 === 0 ? 100 + (count % 900) : null });
      if (count++ % 40 === 0) {
        sample.barcodes.push(barcode);
        sample.names.push(name);
      }
    }
    if (rows.length >= ROWS_A_CALL) {
      await sending;
      sending = send(rows);
      rows = [];
    }
  }
  await sending;
  await send(rows);
  const seconds = (performance.now() - started) / 1000;
  console.log(`${count} rows in ${seconds.toFixed(1)} s: ${Math.round(count / seconds)} rows/s, ${rejected} rejected`);
  return sample;
}

const KINDS = ['one word', 'two words', 'whole name', 'a typo', 'a code begun'] as const;

/** What people type, made from names and codes that exist. */
function searches(sample: Sample, random: () => number): { kind: (typeof KINDS)[number]; typed: string }[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const list: { kind: (typeof KINDS)[number]; typed: string }[] = [];
  while (list.length < SEARCHES) {
    const words = foldWords(pick(sample.names))
      .split(' ')
      .filter((w) => w.length >= 3);
    const [first, second] = words;
    if (first === undefined || second === undefined) continue;
    const kind = KINDS[list.length % KINDS.length] as (typeof KINDS)[number];
    if (kind === 'one word') list.push({ kind, typed: first.slice(0, 2 + Math.floor(random() * 6)) });
    else if (kind === 'two words') list.push({ kind, typed: `${second} ${first.slice(0, 4)}` });
    else if (kind === 'whole name') list.push({ kind, typed: words.join(' ') });
    else if (kind === 'a code begun') list.push({ kind, typed: pick(sample.barcodes).slice(0, 9) });
    else {
      const at = 1 + Math.floor(random() * (first.length - 1));
      // A letter left out, in a word that then has at least three.
      if (first.length > 3) list.push({ kind, typed: `${first.slice(0, at)}${first.slice(at + 1)} ${second}` });
    }
  }
  return list;
}

/** Percentiles of one after the other, in ms. */
async function serially(times: number, ask: (n: number) => Promise<unknown>) {
  const taken: number[] = [];
  for (let n = 0; n < times; n++) {
    const started = performance.now();
    await ask(n);
    taken.push(performance.now() - started);
  }
  taken.sort((a, b) => a - b);
  const at = (q: number) => taken[Math.min(taken.length - 1, Math.floor(taken.length * q))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function print(what: string, { p50, p95, p99, max }: { p50: number; p95: number; p99: number; max: number }): void {
  const ms = (value: number) => value.toFixed(2).padStart(8);
  console.log(`${what.padEnd(34)} p50${ms(p50)}  p95${ms(p95)}  p99${ms(p99)}  max${ms(max)} ms`);
}

async function measure(platform: OpenPlatform, shop: ShopFacts, sample: Sample): Promise<void> {
  const http = await createHttp({
    log: platform.log,
    version: 'bench',
    authenticate: () => ({
      tenantId: shop.tenantId,
      tenant: { ...shop },
      userId: 'usr_bench',
      sessionId: 'bench',
      roleIds: ['admin'],
      permissions: new Set(['product.read'] as const),
    }),
  });
  for (const module of platform.modules) module.routes?.(http.api, platform);
  const [address] = await http.listen('127.0.0.1', 0);
  const port = Number(new URL(address ?? '').port);
  const random = generator(7);
  const { tenantId } = shop;
  const get = (path: string) => request('GET', `/api/v1${path}`, { authorization: 'Bearer bench' });
  const run = async (paths: readonly string[], what: string, warm = 300) => {
    let n = 0;
    const next = () => get(paths[n++ % paths.length] as string);
    if (warm > 0) await load({ port, connections: 1, total: Math.min(warm, paths.length), next });
    n = 0;
    const result = await load({ port, connections: 1, total: paths.length, next });
    const odd = Object.keys(result.statuses).filter((s) => s !== '200' && s !== '404');
    print(what, result);
    if (odd.length > 0) throw new Error(`${what}: answered ${odd.join(', ')}`);
    return result;
  };

  const bare = await serially(2000, () =>
    platform.database.read(tenantId, { name: 'one', text: 'SELECT 1', values: [] }),
  );
  print('baseline: SELECT 1 in a read', bare);
  const codes = Array.from({ length: SCANS }, (_, n) => {
    const code = sample.barcodes[Math.floor(random() * sample.barcodes.length)] as string;
    return n % 20 === 0 ? `9${code}` : n % 20 === 1 ? `0${code}` : code;
  });
  const scans = await run(
    codes.map((c) => `/products/scan/${c}`),
    'scan (5 % unknown)',
  );
  const asked = searches(sample, random);
  const path = (typed: string) => `/products?limit=20&q=${encodeURIComponent(typed)}`;
  const all = await run(
    asked.map((a) => path(a.typed)),
    'search, all kinds',
  );
  for (const kind of KINDS) {
    await run(
      asked.filter((a) => a.kind === kind).map((a) => path(a.typed)),
      `  ${kind}`,
      0,
    );
  }
  await run(
    Array.from({ length: 200 }, () => '/products?limit=50'),
    'list, 50 by name',
  );
  const ilike = await serially(20, (n) =>
    platform.database.read(tenantId, {
      text: 'SELECT product_id FROM product WHERE name ILIKE $1 ORDER BY name LIMIT 20',
      values: [`%${asked[n * 5]?.typed ?? ''}%`],
    }),
  );
  print('baseline: ILIKE under the policy', ilike);
  console.log(
    `scan p95 is ${(scans.p95 / bare.p95).toFixed(1)} × the bare round trip's; search p95 is 1/${(ilike.p95 / all.p95).toFixed(0)} of ILIKE's`,
  );
  await http.close(0);
}

const file = process.env.DATA ?? '';
if (file === '' || !existsSync(file)) {
  console.log('skipped: DATA names no file of products (barcode, product_name; .csv.gz)');
} else {
  const dataDir = mkdtempSync(join(tmpdir(), 'mostrador-bench-search-'));
  const config = readConfig({ ...process.env, DATA_DIR: dataDir, DEMO: 'off', LOG_LEVEL: 'warn' }, process.cwd());
  const platform = await openPlatform(config, { modules: [tenantModule, productModule], user: 'server' });
  try {
    const shop = await createTenant(platform, { name: 'Bench', country: 'AR' });
    const sample = await fill(platform, shop, file, Number(process.argv[2] ?? Number.POSITIVE_INFINITY));
    // What autovacuum does by itself within minutes.
    await platform.database.owner((client) => client.query('VACUUM (ANALYZE)'));
    await measure(platform, shop, sample);
  } finally {
    await platform.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
