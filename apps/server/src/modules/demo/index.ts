/**
 * The demo shop: what an empty installation shows, so that everything can be tried before anything is typed in. It is
 * written through the journal like any shop's life. Interrupted, it is completed at the next start.
 */
import type { DecidedEvent } from '@mostrador/domain';
import { deriveId } from '@mostrador/domain/id';
import { decide as decideProduct } from '@mostrador/domain/product';
import { decideSupplier } from '@mostrador/domain/supplier';
import type { Platform } from '../../module.js';
import type { Proposal } from '../../platform/journal/index.js';
import { customerCreatedEvent } from '../customer/index.js';
import { authOf, createUser } from '../identity/index.js';
import { derivedCommit, digestOf, Pipeline } from '../import/index.js';
import { receiptSeries } from '../sale/index.js';
import { createTenant, listTenants, type ShopFacts, shopFacts } from '../tenant/index.js';
import { CATEGORIES, demoProducts, SUPPLIERS } from './catalogue.js';
import { Dice } from './dice.js';
import { demoHistory, firstMoment, type StockedProduct } from './history.js';
import { CUSTOMERS, PASSWORD, STAFF } from './people.js';

export const DEMO_LOGINS: readonly { readonly email: string; readonly password: string }[] = STAFF.map(({ email }) => ({
  email,
  password: PASSWORD,
}));

const NAME = 'Almacén La Esquina (demo)';
const SEED = 20_260_101;
const MINUTE = 60_000;
const LOCK = 0x64656d6f;

type Needs = Pick<Platform, 'database' | 'journal' | 'keyring' | 'now' | 'log'>;

/** Makes the demo shop where there is no shop, or completes one that was begun. Answers whether it did either. */
export function createDemo(platform: Needs): Promise<boolean> {
  // Two servers may begin on one empty database.
  return platform.database.owner(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    try {
      const shop = await shopToMake(platform);
      if (shop === null) return false;
      await fill(platform, shop);
      return true;
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [LOCK]).catch(() => {});
    }
  });
}

/** Whether the one shop here is the demo shop. */
export async function showsDemo(platform: Pick<Platform, 'database'>): Promise<boolean> {
  const [first, second] = await listTenants(platform);
  return first?.name === NAME && second === undefined;
}

async function shopToMake(platform: Needs): Promise<ShopFacts | null> {
  const [first, second] = await listTenants(platform);
  if (first === undefined) return createTenant(platform, { name: NAME, country: 'AR', locationName: 'Almacén' });
  if (second !== undefined) return null;
  const shop = await shopFacts(platform, first.tenantId);
  const known = await committed(platform, shop, [commitOf(shop, 'catalogue'), commitOf(shop, 'settings')]);
  if (known.has(commitOf(shop, 'settings'))) return null;
  if (known.has(commitOf(shop, 'catalogue'))) return shop;
  // Nothing but its creation: it was interrupted at its very beginning.
  const isBare = shop.name === NAME && (await platform.journal.eventsAfter(shop.tenantId, 0, 20)).length < 10;
  return isBare ? shop : null;
}

/** The shop's own moment and name decide all ids, so that this may be repeated. */
async function fill(platform: Needs, shop: ShopFacts): Promise<void> {
  const { tenantId } = shop;
  const now = shop.createdAt;
  const start = firstMoment(now);
  const dice = new Dice(SEED + 1);
  const id = (prefix: string): string => deriveId(prefix, start, dice.bytes(10));
  const send = async (pipeline: Pipeline, proposal: Proposal): Promise<void> =>
    pipeline.send(proposal, (result) => {
      if (result.status === 'rejected') throw new Error(`the demo was refused: ${JSON.stringify(result.rejection)}`);
    });
  const step = (name: string, at: number, events: readonly DecidedEvent[]): Proposal => {
    const commitId = commitOf(shop, name);
    return { id: commitId, digest: digestOf(commitId), actor: 'system', at, events };
  };

  const userIds = await staff(platform, shop);
  const categoryIds = CATEGORIES.map(() => id('cat'));
  const products: StockedProduct[] = demoProducts().map((p) => ({ ...p, productId: id('prod'), variantId: id('var') }));
  const supplierIds = SUPPLIERS.map(() => id('sup'));
  const customerIds = CUSTOMERS.map(() => id('cus'));
  const taxRateIds = { 2100: rateOf(shop, 2100), 1050: rateOf(shop, 1050) };
  const customers = await Promise.all(
    CUSTOMERS.map((personal, i) =>
      customerCreatedEvent(platform.keyring, tenantId, {
        customerId: customerIds[i] as string,
        personal,
        country: shop.country,
        consents: i % 3 === 0 ? ['loyalty', 'marketing'] : ['loyalty'],
      }),
    ),
  );

  const pipeline = new Pipeline(platform.journal, tenantId);
  const catalogue = [
    ...CATEGORIES.map(({ name }, i): DecidedEvent => {
      const categoryId = categoryIds[i] as string;
      return { type: 'category.created', subject: categoryId, payload: { categoryId, name, parentId: null } };
    }),
    ...products.map((product) =>
      creation(product, categoryIds[product.category] as string, taxRateIds[product.rateBp]),
    ),
  ];
  const suppliers = SUPPLIERS.map((name, i) => supplier(supplierIds[i] as string, name));
  await send(pipeline, step('catalogue', start - 3 * MINUTE, catalogue));
  await send(pipeline, step('suppliers', start - 2 * MINUTE, suppliers));
  await send(pipeline, step('customers', start - MINUTE, customers));
  const location = shop.locations.get(shop.defaultLocationId);
  if (location === undefined) throw new Error('the demo has no location');
  const history = demoHistory({
    seed: SEED,
    now,
    locationId: location.locationId,
    currency: shop.currency,
    receipt: receiptSeries('receipt', location.locationId, location.receiptPrefix),
    refund: receiptSeries('refund', location.locationId, location.receiptPrefix),
    products,
    taxRateIds,
    supplierIds,
    customerIds,
    managerId: userIds[1] ?? 'system',
    cashierIds: [userIds[2] ?? 'system', userIds[1] ?? 'system'],
  });
  for (const proposal of history) await send(pipeline, proposal);
  await pipeline.drain();
  // Last, and the sign that all of it is there.
  const changes = { address: 'Calle Falsa 123', receiptFooter: 'Gracias por su compra' };
  await send(pipeline, step('settings', now, [{ type: 'tenant.changed', subject: shop.id, payload: { changes } }]));
  await pipeline.drain();
}

/** The ids of the staff, in their order; who is there already is not made again. */
async function staff(platform: Needs, shop: ShopFacts): Promise<string[]> {
  const { tenantId } = shop;
  const known = await staffByEmail(platform, tenantId);
  const ids: string[] = [];
  // One after the other: each is decided on all who are there.
  for (const { email, name, role } of STAFF) {
    const there = known.get(email);
    if (there === undefined) {
      const input = { email, name, password: PASSWORD, roleIds: [role], locale: 'es' as const };
      ids.push(await createUser(platform, tenantId, input));
      continue;
    }
    const auth = authOf(platform);
    if (!(await auth.hasPassword(tenantId, there))) await auth.setPassword(tenantId, there, PASSWORD, null);
    ids.push(there);
  }
  return ids;
}

async function staffByEmail(platform: Needs, tenantId: number): Promise<Map<string, string>> {
  const rows = await platform.database.read<{ user_id: string; sealed: string }>(tenantId, {
    text: 'SELECT user_id, sealed FROM identity_user WHERE tenant_id = $1',
    values: [tenantId],
  });
  const people = rows.map(async ({ user_id: userId, sealed }): Promise<[string, string]> => {
    const person = await platform.keyring.open<{ email: string }>(tenantId, userId, sealed);
    return [person?.email ?? '', userId];
  });
  return new Map(await Promise.all(people));
}

function commitOf(shop: ShopFacts, step: string): string {
  return derivedCommit(shop.createdAt, 'demo', shop.id, step);
}

async function committed(platform: Needs, shop: ShopFacts, ids: readonly string[]): Promise<Set<string>> {
  const rows = await platform.database.read<{ commit_id: string }>(shop.tenantId, {
    text: 'SELECT commit_id FROM journal_event WHERE tenant_id = $1 AND n = 0 AND commit_id = ANY ($2::uuid[])',
    values: [shop.tenantId, ids],
  });
  return new Set(rows.map((row) => row.commit_id));
}

function rateOf(shop: ShopFacts, rateBp: number): string {
  const rate = shop.taxRates.find((r) => r.rateBp === rateBp);
  if (rate === undefined) throw new Error(`the demo needs a tax rate of ${rateBp / 100} %`);
  return rate.taxRateId;
}

function creation(product: StockedProduct, categoryId: string, taxRateId: string): DecidedEvent {
  const { productId, variantId, name, brand, sku, barcode, priceMinor, costMinor, salesUnit, picture } = product;
  const decision = decideProduct(null, {
    type: 'create',
    product: {
      productId,
      name,
      brand,
      description: '',
      categoryId,
      taxRateId,
      salesUnit,
      options: [],
      variants: [{ variantId, sku, name: '', barcodes: [barcode], priceMinor, costMinor }],
      picture,
    },
  });
  const event = decision.ok ? decision.events[0] : undefined;
  if (event === undefined) throw new Error(`the demo's product ${name} was refused`);
  return event;
}

function supplier(supplierId: string, name: string): DecidedEvent {
  const decision = decideSupplier(null, { type: 'create', supplierId, name, taxId: '', note: 'Empresa inventada' });
  const event = decision.ok ? decision.events[0] : undefined;
  if (event === undefined) throw new Error(`the demo's supplier ${name} was refused`);
  return event;
}
