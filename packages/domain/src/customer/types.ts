/**
 * Customers. Names, addresses and numbers are personal data: events and tables hold them only as `sealed`,
 * encrypted under the person's own key, beside blind-index `tokens` for search. Erasing destroys the key.
 */

/** Base64 of a versioned AES-256-GCM box, see platform/keys. */
export type Sealed = string;

export interface CustomerPersonal {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  /** Tax or identity document. */
  readonly document: string;
  readonly address: string;
  readonly note: string;
}

export type CustomerEvent =
  | {
      readonly type: 'customer.created';
      readonly payload: {
        readonly customerId: string;
        readonly sealed: Sealed;
        readonly tokens: readonly string[];
        readonly country: string;
        readonly consents: readonly string[];
        readonly externalReference?: string;
      };
    }
  | {
      readonly type: 'customer.changed';
      readonly payload: {
        readonly customerId: string;
        readonly sealed: Sealed;
        readonly tokens: readonly string[];
        readonly country: string;
        readonly consents: readonly string[];
      };
    }
  | { readonly type: 'customer.erased'; readonly payload: { readonly customerId: string } };
