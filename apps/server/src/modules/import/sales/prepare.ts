/**
 * What sales stand on, made before them: customers, products and opening stock. Whatever the shop has already is used
 * and not made again, so that this may be interrupted and repeated anywhere [IM3].
 */
import type { DecidedEvent } from '@mostrador/domain';
import { decide as decideProduct, MAX_AMOUNT_MINOR } from '@mostrador/domain/product';
import { decide as decideStock, EMPTY_STOCK } from '@mostrador/domain/stock';
import type { Platform } from '../../../module.js';
import type { Proposal } from '../../../platform/journal/index.js';
import { customerCreatedEvent, findCustomersByReference } from '../../customer/index.js';
import { countryCode } from '../countries.js';
import { derivedCommit, derivedId, digestOf } from '../derive.js';
import { Pipeline } from '../pipeline.js';
import { stockLevels, variantsBySku } from '../queries.js';
import type { Shop } from '../shop.js';
import { type Decimal, roundedTo } from '../values.js';
import { type Needs, nameOf, type Product } from './needs.js';
import type { Article } from './plan.js';

const CUSTOMERS_AT_ONCE = 500;
const SKUS_PER_QUERY = 2000;
const OPENING_LINES = 200;

/** How far it is: `done` of `total` proposals. */
export type Report = (done: number, total: number) => void;

/** All customers of the file by their number there; those that are missing are created. */
export async function prepareCustomers(
  platform: Pick<Platform, 'database' | 'journal' | 'keyring'>,
  shop: Shop,
  needs: Needs,
  report: Report,
): Promise<{ ids: Map<string, string>; created: number }> {
  const references = [...needs.customers.keys()];
  const ids = await findCustomersByReference(platform, shop.tenantId, references);
  const missing = references.filter((reference) => !ids.has(reference));
  const pipeline = new Pipeline(platform.journal, shop.tenantId);
  let created = 0;
  for (let i = 0; i < missing.length; i += CUSTOMERS_AT_ONCE) {
    const some = missing.slice(i, i + CUSTOMERS_AT_ONCE);
    const events = await Promise.all(
      some.map((externalReference) => {
        const { at, country } = needs.customers.get(externalReference) as { at: number; country: string };
        const customerId = derivedId('cus', at, externalReference);
        ids.set(externalReference, customerId);
        return customerCreatedEvent(platform.keyring, shop.tenantId, {
          customerId,
          // The file has numbers and no names; a number is what the shop can find them by.
          personal: { name: externalReference },
          country: countryCode(country) ?? shop.country,
          externalReference,
        });
      }),
    );
    for (const [n, event] of events.entries()) {
      const reference = some[n] as string;
      const { at } = needs.customers.get(reference) as { at: number };
      const proposal: Proposal = {
        id: derivedCommit(at, 'customer', reference),
        digest: digestOf(['customer', reference]),
        actor: 'import',
        at,
        events: [event],
      };
      await pipeline.send(proposal, (result) => {
        if (result.status === 'committed') created++;
        report(created, missing.length);
      });
    }
  }
  await pipeline.drain();
  // Somebody may have created one meanwhile, or an earlier import under another moment.
  if (created < missing.length) {
    for (const [reference, id] of await findCustomersByReference(platform, shop.tenantId, missing))
      ids.set(reference, id);
  }
  return { ids, created };
}

/** All products of the file by key; those that are missing are created with the last price they were sold at. */
export async function prepareProducts(
  platform: Pick<Platform, 'database' | 'journal'>,
  shop: Shop,
  exponent: number,
  needs: Needs,
  report: Report,
): Promise<{ articles: Map<string, Article>; created: number }> {
  const goods = new Map(needs.goods());
  const articles = await findArticles(platform, shop.tenantId, [...goods.keys()]);
  const missing = [...goods].filter(([key]) => !articles.has(key));
  const taxRateId = shop.taxRates[0]?.taxRateId ?? '';
  const pipeline = new Pipeline(platform.journal, shop.tenantId);
  let done = 0;
  let created = 0;
  for (const [key, product] of missing) {
    const article = newArticle(key, product);
    articles.set(key, article);
    const proposal: Proposal = {
      id: derivedCommit(product.firstAt, 'product', key),
      digest: digestOf(['product', key]),
      actor: 'import',
      at: product.firstAt,
      events: [creation(article, product, exponent, taxRateId)],
    };
    await pipeline.send(proposal, (result) => {
      if (result.status === 'committed') created++;
      report(++done, missing.length);
    });
  }
  await pipeline.drain();
  if (created < missing.length) {
    const found = await findArticles(
      platform,
      shop.tenantId,
      missing.map(([key]) => key),
    );
    for (const [key, article] of found) articles.set(key, article);
  }
  return { articles, created };
}

/** Brings in what must have been there before, so that no invoice takes more than there is [IM8]. */
export async function prepareStock(
  platform: Pick<Platform, 'database' | 'journal'>,
  shop: Shop,
  articles: ReadonlyMap<string, Article>,
  needs: Needs,
): Promise<{ openedMilli: number }> {
  const ids = [...articles.values()].map((article) => article.variantId);
  const levels = await stockLevels(platform.database, shop.tenantId, shop.locationId, ids);
  const lines = [...needs.goods()].flatMap(([key, product]) => {
    const { variantId } = articles.get(key) as Article;
    const missing = -((levels.get(variantId) ?? 0) + product.lowest);
    return product.lowest < 0 && missing > 0 ? [{ variantId, quantityMilli: missing }] : [];
  });
  const pipeline = new Pipeline(platform.journal, shop.tenantId);
  // A minute before the first invoice that is still to come.
  const at = Math.max(0, needs.firstAt - 60_000);
  for (let i = 0; i < lines.length; i += OPENING_LINES) {
    const part = lines.slice(i, i + OPENING_LINES);
    const digest = digestOf(part);
    const commitId = derivedCommit(at, 'opening', digest);
    const decision = decideStock(
      EMPTY_STOCK,
      { type: 'open', openingId: derivedId('stk', at, 'opening', digest), locationId: shop.locationId, lines: part },
      { commitId, now: at },
    );
    if (!decision.ok) throw new Error(`opening stock was refused: ${decision.rejection.code}`);
    const { events, transfers } = decision;
    await pipeline.send({ id: commitId, digest, actor: 'import', at, events, transfers }, (result) => {
      if (result.status === 'rejected') throw new Error(`opening stock was refused: ${result.rejection.code}`);
    });
  }
  await pipeline.drain();
  return { openedMilli: lines.reduce((sum, line) => sum + line.quantityMilli, 0) };
}

async function findArticles(
  platform: Pick<Platform, 'database'>,
  tenantId: number,
  keys: readonly string[],
): Promise<Map<string, Article>> {
  const articles = new Map<string, Article>();
  for (let i = 0; i < keys.length; i += SKUS_PER_QUERY) {
    const found = await variantsBySku(platform.database, tenantId, keys.slice(i, i + SKUS_PER_QUERY));
    for (const [key, article] of found) articles.set(key, article);
  }
  return articles;
}

function newArticle(key: string, product: Product): Article {
  return {
    productId: derivedId('prod', product.firstAt, key),
    variantId: derivedId('var', product.firstAt, key),
    sku: product.sku,
    name: nameOf(product),
  };
}

function creation(article: Article, product: Product, exponent: number, taxRateId: string): DecidedEvent {
  const decision = decideProduct(null, {
    type: 'create',
    product: {
      productId: article.productId,
      name: article.name,
      brand: '',
      description: '',
      categoryId: null,
      taxRateId,
      salesUnit: 'piece',
      options: [],
      variants: [
        {
          variantId: article.variantId,
          sku: article.sku,
          name: '',
          barcodes: [],
          priceMinor: product.price === null ? null : priceMinor(product.price, exponent),
          costMinor: null,
        },
      ],
      picture: '',
    },
  });
  const event = decision.ok ? decision.events[0] : undefined;
  if (event === undefined) throw new Error(`the product ${article.sku} was refused`);
  return event;
}

/** null when no minor unit is left of it: a product without a price is a draft. */
function priceMinor(price: Decimal, exponent: number): number | null {
  const minor = Number(roundedTo(price, exponent));
  return minor > 0 && minor <= MAX_AMOUNT_MINOR ? minor : null;
}
