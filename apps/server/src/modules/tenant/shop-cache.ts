/**
 * Shops in memory, since every request asks for one. Own commits invalidate at once, other processes' by NOTIFY;
 * without hearing those, nothing is kept.
 */
import type { Platform } from '../../module.js';
import { CHANNEL, TENANT_EVENTS } from './projection.js';
import { readShop, type ShopFacts } from './queries.js';

type Needs = Pick<Platform, 'database' | 'journal'>;

class ShopCache {
  readonly #platform: Needs;
  readonly #shops = new Map<number, Promise<ShopFacts | null>>();
  #hears = false;

  constructor(platform: Needs) {
    this.#platform = platform;
    const types: ReadonlySet<string> = new Set(TENANT_EVENTS);
    platform.journal.onCommitted((tenantId, events) => {
      if (events.some((event) => types.has(event.type))) this.#shops.delete(tenantId);
    });
    platform.database
      .listen(CHANNEL, (payload) => {
        // Nothing in particular: the connection was away, so anything may have changed.
        if (payload === '') this.#shops.clear();
        else this.#shops.delete(Number(payload));
      })
      .then(
        () => {
          this.#hears = true;
        },
        () => {},
      );
  }

  get(tenantId: number): Promise<ShopFacts | null> {
    const known = this.#shops.get(tenantId);
    if (known !== undefined) return known;
    const reading = readShop(this.#platform.database, tenantId);
    if (!this.#hears) return reading;
    // What is deleted while it is read is gone from the map, whatever the reading answers to those who wait for it.
    this.#shops.set(tenantId, reading);
    const forget = () => {
      if (this.#shops.get(tenantId) === reading) this.#shops.delete(tenantId);
    };
    reading.then((shop) => {
      if (shop === null) forget();
    }, forget);
    return reading;
  }
}

const caches = new WeakMap<object, ShopCache>();

/** The settings of a shop, from memory where possible. Throws when there is no such shop. */
export async function shopFacts(platform: Needs, tenantId: number): Promise<ShopFacts> {
  const shop = await findShop(platform, tenantId);
  if (shop === null) throw new Error(`there is no shop ${tenantId}`);
  return shop;
}

/** null: there is no such shop. */
export function findShop(platform: Needs, tenantId: number): Promise<ShopFacts | null> {
  let cache = caches.get(platform.journal);
  if (cache === undefined) {
    cache = new ShopCache(platform);
    caches.set(platform.journal, cache);
  }
  return cache.get(tenantId);
}
