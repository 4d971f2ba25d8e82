/** Applies one event to a supplier. Total: an event that does not fit the state leaves it as it was. */
import type { SupplierState } from './state.js';
import type { SupplierEvent } from './types.js';

/** `null` before the supplier exists. */
export function evolveSupplier(state: SupplierState | null, event: SupplierEvent): SupplierState | null {
  if (event.type === 'supplier.created') return state ?? { ...event.payload, archived: false };
  if (state === null) return null;
  return event.type === 'supplier.archived' ? { ...state, archived: true } : { ...state, ...event.payload.changes };
}
