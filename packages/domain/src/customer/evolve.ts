/** Applies one event to a customer. Total: an event that does not fit the state leaves it as it was. */
import type { CustomerState } from './state.js';
import type { CustomerEvent } from './types.js';

/** `null` before the customer exists. Nothing brings personal data back after an erasure. */
export function evolveCustomer(state: CustomerState | null, event: CustomerEvent): CustomerState | null {
  switch (event.type) {
    case 'customer.created': {
      if (state !== null) return state;
      const { customerId, sealed, tokens, country, consents, externalReference } = event.payload;
      return {
        customerId,
        personal: { sealed, tokens },
        country,
        consents,
        externalReference: externalReference ?? null,
      };
    }
    case 'customer.changed': {
      if (state === null || state.personal === null) return state;
      const { sealed, tokens, country, consents } = event.payload;
      return { ...state, personal: { sealed, tokens }, country, consents };
    }
    case 'customer.erased':
      return state === null ? null : { ...state, personal: null, consents: [], externalReference: null };
  }
}
