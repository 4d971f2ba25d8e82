/** A shop with a counter, over its routes: some products with stock, and short ways to sell, refund and look. */
import type { Permission } from '@mostrador/domain/identity';
import { PERMISSIONS } from '@mostrador/domain/identity';
import { createTenant, type ShopFacts } from '../src/modules/tenant/index.js';
import { modules } from '../src/modules.js';
import { newUuid } from '../src/platform/ids.js';
import { Subscriptions } from '../src/platform/journal/index.js';
import { openRoutes, type TestRoutes } from './routes.js';

/** What a route answered; tests name the shape they expect. */
export interface Told<B> {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: B;
}

export interface Refused {
  readonly code: string;
  readonly errors?: readonly { readonly path: string; readonly code: string }[];
  readonly [fact: string]: unknown;
}

export type Ask = <B>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: object,
  key?: string,
) => Promise<Told<B>>;

export interface Article {
  readonly productId: string;
  readonly variantId: string;
  readonly priceMinor: number | null;
}

export interface ArticleInput {
  readonly name: string;
  readonly price: number | null;
  readonly cost?: number;
  readonly unit?: 'piece' | 'kg';
  /** Sales units on the shelf. */
  readonly stock?: number;
  readonly taxBp?: number;
}

export interface Counter {
  readonly routes: TestRoutes;
  readonly shop: ShopFacts;
  readonly locationId: string;
  /** As somebody who may do everything. */
  readonly ask: Ask;
  /** As somebody who may do just this. */
  askAs(permissions: readonly Permission[]): Ask;
  article(input: ArticleInput): Promise<Article>;
  /** Lets every reader of the journal catch up. */
  catchUp(): Promise<void>;
  /** Another shop on the same server. */
  another(name: string): Promise<Counter>;
  close(): Promise<void>;
}

export async function openCounter(): Promise<Counter> {
  const routes = await openRoutes(modules);
  const subscriptions = new Subscriptions({
    database: routes.platform.database,
    journal: routes.journal,
    subscriptions: modules.flatMap((m) => m.subscriptions),
    tenants: () => Promise.resolve([]),
    now: Date.now,
    random: () => 0.5,
  });
  return makeCounter(routes, subscriptions, 'Almacén de prueba');
}

async function makeCounter(routes: TestRoutes, subscriptions: Subscriptions, name: string): Promise<Counter> {
  const shop = await createTenant(routes.platform, { name, country: 'AR' });
  const askAs = (permissions: readonly Permission[]): Ask => {
    const caller = routes.as(shop.tenantId, permissions);
    return async <B>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object, key?: string) => {
      const idempotencyKey = method === 'POST' ? { 'idempotency-key': key ?? newUuid() } : {};
      return (await caller(method, url, body, idempotencyKey)) as unknown as Told<B>;
    };
  };
  const ask = askAs(PERMISSIONS);
  const locationId = shop.defaultLocationId;
  return {
    routes,
    shop,
    locationId,
    ask,
    askAs,
    async article({ name: product, price, cost, unit = 'piece', stock = 0, taxBp }) {
      const money = (amount: number) => ({ amount, currency: shop.currency });
      const rate = taxBp === undefined ? undefined : shop.taxRates.find((r) => r.rateBp === taxBp)?.taxRateId;
      const { status, body } = await ask<{ id: string; variants: { id: string }[] }>('POST', '/products', {
        name: product,
        sales_unit: unit,
        ...(rate === undefined ? {} : { tax_rate_id: rate }),
        variants: [
          {
            ...(price === null ? {} : { price: money(price) }),
            ...(cost === undefined ? {} : { cost: money(cost) }),
          },
        ],
      });
      const variantId = body.variants?.[0]?.id;
      if (variantId === undefined) throw new Error(`a product was refused: ${status} ${JSON.stringify(body)}`);
      if (stock > 0) {
        const put = { location_id: locationId, variant_id: variantId, quantity: stock, reason: 'prueba' };
        const answer = await ask('POST', '/stock/adjustments', put);
        if (answer.status !== 201) throw new Error(`stock was refused: ${JSON.stringify(answer.body)}`);
      }
      return { productId: body.id, variantId, priceMinor: price };
    },
    catchUp: () => subscriptions.drain(shop.tenantId),
    another: (other) => makeCounter(routes, subscriptions, other),
    close: () => routes.close(),
  };
}
