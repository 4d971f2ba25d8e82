/** What each event does to a shop's settings. */
import type { Location, ShopTaxRate, TenantState } from './state.js';
import type { TenantEvent } from './types.js';

/** The state after the event. An event on something unknown changes nothing. */
export function evolveTenant(state: TenantState, event: TenantEvent): TenantState {
  switch (event.type) {
    case 'tenant.created': {
      const { taxRates, ...shop } = event.payload;
      return {
        ...state,
        shop: { ...shop, taxIdentifier: '', address: '', receiptFooter: '' },
        taxRates: taxRates.map((rate) => ({ ...rate, archived: false })),
      };
    }
    case 'tenant.changed':
      return state.shop === null ? state : { ...state, shop: { ...state.shop, ...event.payload.changes } };
    case 'tenant.tax_rate_added':
      return { ...state, taxRates: [...state.taxRates, { ...event.payload, archived: false }] };
    case 'tenant.tax_rate_changed': {
      const { taxRateId, changes } = event.payload;
      const change = (rate: ShopTaxRate) => (rate.taxRateId === taxRateId ? { ...rate, ...changes } : rate);
      return { ...state, taxRates: state.taxRates.map(change) };
    }
    case 'location.created':
      return { ...state, locations: [...state.locations, { ...event.payload, archived: false }] };
    case 'location.changed': {
      const { locationId, changes } = event.payload;
      const change = (place: Location) => (place.locationId === locationId ? { ...place, ...changes } : place);
      return { ...state, locations: state.locations.map(change) };
    }
  }
}
