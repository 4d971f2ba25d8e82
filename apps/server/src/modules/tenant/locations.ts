/** Locations as other modules ask for them. */
import { ERRORS } from '@mostrador/contract/errors';
import type { Platform } from '../../module.js';
import { ApiError } from '../../platform/http/index.js';
import type { LocationFacts } from './queries.js';
import { shopFacts } from './shop-cache.js';

type Needs = Pick<Platform, 'database' | 'journal'>;

/** Throws `location_unknown`, or `location_archived` unless those will do (a refund of what was sold there). */
export async function requireLocation(
  platform: Needs,
  tenantId: number,
  locationId: string,
  options: { readonly archived?: boolean } = {},
): Promise<LocationFacts> {
  const place = (await shopFacts(platform, tenantId)).locations.get(locationId);
  if (place === undefined) {
    throw new ApiError('location_unknown', {
      facts: { location_id: locationId },
      errors: [{ path: 'location_id', code: 'location_unknown', message: ERRORS.location_unknown.title }],
    });
  }
  if (place.archived && options.archived !== true) {
    throw new ApiError('location_archived', { facts: { location_id: locationId } });
  }
  return place;
}

/** A location that work can be done in. Throws `location_unknown` or `location_archived`. */
export function openLocation(platform: Needs, tenantId: number, locationId: string): Promise<LocationFacts> {
  return requireLocation(platform, tenantId, locationId);
}
