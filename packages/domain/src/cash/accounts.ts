/** The ledger accounts of cash: what is in a drawer while its session is open, and where it comes from and goes to. */
import type { AccountRef } from '../ledger/index.js';

/** Cash of one session. */
export function sessionCash(cashSessionId: string, currency: string): AccountRef {
  return { kind: 'cash', owner: cashSessionId, item: '', unit: currency };
}

/** The location's counterparty: floats come out of it; what is put in, taken out, missing or counted meets it. */
export function drawerAccount(locationId: string, currency: string): AccountRef {
  return { kind: 'drawer', owner: locationId, item: '', unit: currency };
}
