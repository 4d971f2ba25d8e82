/**
 * Folds stock's own events. Sales and refunds move stock too, by their own transfers: the ledger is the whole truth,
 * this is the part of it that stock's documents made.
 */
import { levelKey, type StockState } from './state.js';
import type { StockEvent } from './types.js';

export function evolve(state: StockState, event: StockEvent): StockState {
  switch (event.type) {
    case 'stock.received':
    case 'stock.opened':
      return add(
        state,
        event.payload.lines.map((l) => [levelKey(event.payload.locationId, l.variantId), l.quantityMilli]),
      );
    case 'stock.adjusted': {
      const { locationId, variantId, quantityMilli } = event.payload;
      return add(state, [[levelKey(locationId, variantId), quantityMilli]]);
    }
    case 'stock.written_off':
      return add(
        state,
        event.payload.lines.map((l) => [levelKey(event.payload.locationId, l.variantId), -l.quantityMilli]),
      );
    case 'stock.counted':
      return add(
        state,
        event.payload.lines.map((l) => [
          levelKey(event.payload.locationId, l.variantId),
          l.countedMilli - l.expectedMilli,
        ]),
      );
    case 'stock.moved': {
      const { fromLocationId, toLocationId, lines } = event.payload;
      return add(
        state,
        lines.flatMap((l): [string, number][] => [
          [levelKey(fromLocationId, l.variantId), -l.quantityMilli],
          [levelKey(toLocationId, l.variantId), l.quantityMilli],
        ]),
      );
    }
    case 'stock.threshold_set': {
      const reorderPoints = new Map(state.reorderPoints);
      const { variantId, reorderPointMilli } = event.payload;
      if (reorderPointMilli === null) reorderPoints.delete(variantId);
      else reorderPoints.set(variantId, reorderPointMilli);
      return { ...state, reorderPoints };
    }
    case 'stock.reservations_expired':
      // What was reserved never left: on hand stays.
      return state;
  }
}

function add(state: StockState, changes: readonly (readonly [string, number])[]): StockState {
  const levels = new Map(state.levels);
  for (const [key, milli] of changes) levels.set(key, (levels.get(key) ?? 0) + milli);
  return { ...state, levels };
}
