/** A customer as commands see it, what can be asked of it, and how that is refused. Personal data arrives sealed. */
import type { Sealed } from './types.js';

/** Personal data in the form in which it may be kept: sealed, beside the blind index of its words. */
export interface SealedPersonal {
  readonly sealed: Sealed;
  readonly tokens: readonly string[];
}

export interface CustomerState {
  readonly customerId: string;
  /** null once erased. */
  readonly personal: SealedPersonal | null;
  readonly country: string;
  readonly consents: readonly string[];
  readonly externalReference: string | null;
}

export type CustomerCommand =
  | {
      readonly type: 'create';
      readonly customerId: string;
      readonly personal: SealedPersonal;
      /** ISO 3166-1 alpha-2. */
      readonly country: string;
      readonly consents: readonly string[];
      readonly externalReference?: string | undefined;
    }
  /** What is absent stays as it is; personal data is sealed anew as a whole. */
  | {
      readonly type: 'change';
      readonly personal?: SealedPersonal | undefined;
      readonly country?: string | undefined;
      readonly consents?: readonly string[] | undefined;
    }
  | { readonly type: 'erase' };

export type CustomerRejection =
  | { readonly code: 'customer_exists' }
  | { readonly code: 'customer_not_found' }
  | { readonly code: 'customer_erased' };
