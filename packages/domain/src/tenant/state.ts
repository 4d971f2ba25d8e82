/** A shop's settings as they are decided on: itself, its tax rates and its locations. */
import type { TaxRate } from './types.js';

export interface Shop {
  readonly tenantId: string;
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly locale: 'es' | 'en';
  readonly taxIdentifier: string;
  readonly address: string;
  readonly receiptFooter: string;
  readonly optionSets: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export interface ShopTaxRate extends TaxRate {
  readonly archived: boolean;
}

export interface Location {
  readonly locationId: string;
  readonly name: string;
  readonly address: string;
  readonly isDefault: boolean;
  readonly receiptPrefix: string;
  readonly archived: boolean;
}

export interface TenantState {
  /** null: not created yet. */
  readonly shop: Shop | null;
  readonly taxRates: readonly ShopTaxRate[];
  readonly locations: readonly Location[];
}

export const NO_TENANT: TenantState = { shop: null, taxRates: [], locations: [] };
