/**
 * The server under measurement, as a process of its own: the real one, on an empty database, with a shop of N products in
 * stock. `BENCH_MODE=single` is the baseline: the same routes, rows, policies and projections, but one transaction a sale
 * over 16 connections and no memory. Talks to its parent by IPC.
 */

import { decide, EMPTY_STOCK } from '@mostrador/domain/stock';
import { createApp } from '../../apps/server/src/app.js';
import { readConfig } from '../../apps/server/src/config.js';
import { createUser } from '../../apps/server/src/modules/identity/index.js';
import { upsertProducts } from '../../apps/server/src/modules/product/index.js';
import { createTenant } from '../../apps/server/src/modules/tenant/index.js';
import { newId, newUuid } from '../../apps/server/src/platform/ids.js';
import { fillHistory } from './history.js';

const single = process.env.BENCH_MODE === 'single';
const products = Number(process.env.BENCH_PRODUCTS ?? 10_000);
const stockMilli = Number(process.env.BENCH_STOCK ?? 1_000_000_000);

const config = readConfig({ ...process.env, DEMO: 'off', LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn' }, process.cwd());
const app = await createApp(
  config,
  single ? { journal: { batchMax: 1, inFlightMax: 16, connectionsMax: 16, memory: false } } : {},
);
const { platform } = app;
const shop = await createTenant(platform, { name: 'Bench', country: 'AR' });
const { tenantId } = shop;
const email = `bench-${tenantId}@bench.test`;
await createUser(platform, tenantId, { email, password: 'correct horse battery', name: 'Bench', roleIds: ['admin'] });
const outcomes = await upsertProducts(
  platform,
  tenantId,
  Array.from({ length: products }, (_, i) => ({
    sku: `B-${i}`,
    name: `Producto de prueba ${i}`,
    priceMinor: 10_000 + (i % 500) * 100,
    costMinor: 7_000,
  })),
  { source: 'bench' },
);
const variants = outcomes.flatMap((o) => (o.status === 'rejected' ? [] : [o.variantId]));
const locationId = shop.defaultLocationId;
for (let i = 0; i < variants.length; i += 1000) {
  const id = newUuid();
  const lines = variants.slice(i, i + 1000).map((variantId) => ({ variantId, quantityMilli: stockMilli }));
  const decision = decide(EMPTY_STOCK, { type: 'open', openingId: newId('stk'), locationId, lines } as never, {
    commitId: id,
    now: Date.now(),
  });
  if (!decision.ok) throw new Error(JSON.stringify(decision.rejection));
  await platform.journal.commit(tenantId, {
    id,
    digest: '0'.repeat(64),
    actor: 'system',
    events: decision.events,
    transfers: decision.transfers,
  });
}
const history = Number(process.env.BENCH_HISTORY ?? 0);
if (history > 0) {
  await platform.database.owner((client) => fillHistory(client, tenantId, history, (text) => console.log(`  ${text}`)));
}
const [address] = await app.listen('127.0.0.1', 0);
process.send?.({
  port: Number(new URL(address as string).port),
  tenantId,
  locationId,
  variants,
  email,
  pid: process.pid,
});
process.on('message', (message) => {
  if (message === 'figures') process.send?.({ figures: platform.journal.figures(), memory: process.memoryUsage() });
  if (message === 'stop') void app.close().then(() => process.exit(0));
});
