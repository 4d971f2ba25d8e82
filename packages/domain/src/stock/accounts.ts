/** The ledger accounts that stock moves between, so that no module spells an account by hand. */
import type { AccountRef } from '../ledger/index.js';

/** What stock is counted in. */
export const MILLI = 'milli';

/** What lies at a location: the only number called stock. */
export function stockAccount(locationId: string, variantId: string): AccountRef {
  return { kind: 'stock', owner: locationId, item: variantId, unit: MILLI };
}

/** Where stock comes from and goes to: one account a location, whatever the variant. */
export function stockCounterparty(
  kind: 'sold' | 'supplied' | 'adjusted' | 'written_off' | 'opening',
  locationId: string,
): AccountRef {
  return { kind, owner: locationId, item: '', unit: MILLI };
}
