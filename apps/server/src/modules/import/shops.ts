/** The shop that is written into, as imports see it. */
import type { Platform } from '../../module.js';
import { shopFacts } from '../tenant/index.js';
import type { Shop } from './shop.js';

export async function shopOf(platform: Pick<Platform, 'database' | 'journal'>, tenantId: number): Promise<Shop> {
  const { country, currency, timeZone, defaultLocationId, taxRates } = await shopFacts(platform, tenantId);
  return {
    tenantId,
    country,
    currency,
    timeZone,
    locationId: defaultLocationId,
    taxRates: taxRates.filter((rate) => !rate.archived),
  };
}
