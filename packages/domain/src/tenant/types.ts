/** The shop itself: created complete, so that a product never lacks what a sale needs. */

export interface TaxRate {
  readonly taxRateId: string;
  readonly name: string;
  /** Basis points of the net price: 2100 = 21 %. */
  readonly rateBp: number;
  readonly isDefault: boolean;
}

export type TenantEvent =
  | {
      readonly type: 'tenant.created';
      readonly payload: {
        /** ISO 3166-1 alpha-2, ISO 4217, IANA. */
        readonly tenantId: string;
        readonly name: string;
        readonly country: string;
        readonly currency: string;
        readonly timeZone: string;
        readonly locale: 'es' | 'en';
        readonly taxRates: readonly TaxRate[];
        readonly optionSets: readonly { readonly name: string; readonly values: readonly string[] }[];
      };
    }
  | {
      readonly type: 'tenant.changed';
      readonly payload: {
        readonly changes: Partial<{
          name: string;
          timeZone: string;
          locale: 'es' | 'en';
          taxIdentifier: string;
          address: string;
          receiptFooter: string;
        }>;
      };
    }
  | { readonly type: 'tenant.tax_rate_added'; readonly payload: TaxRate }
  | {
      readonly type: 'tenant.tax_rate_changed';
      readonly payload: {
        readonly taxRateId: string;
        readonly changes: Partial<{ name: string; isDefault: boolean; archived: boolean }>;
      };
    }
  | {
      readonly type: 'location.created';
      readonly payload: {
        readonly locationId: string;
        readonly name: string;
        readonly address: string;
        readonly isDefault: boolean;
        /** Letters and digits that open this location's receipt numbers. */
        readonly receiptPrefix: string;
      };
    }
  | {
      readonly type: 'location.changed';
      readonly payload: {
        readonly locationId: string;
        readonly changes: Partial<{ name: string; address: string; isDefault: boolean; archived: boolean }>;
      };
    };
