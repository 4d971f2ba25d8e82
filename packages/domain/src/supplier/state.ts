/** A supplier as commands see it, what can be asked of it, and how that is refused. */

export interface SupplierState {
  readonly supplierId: string;
  readonly name: string;
  /** Its number at the tax office; '' when unknown. */
  readonly taxId: string;
  readonly note: string;
  readonly archived: boolean;
}

export type SupplierCommand =
  | {
      readonly type: 'create';
      readonly supplierId: string;
      readonly name: string;
      readonly taxId: string;
      readonly note: string;
    }
  /** What is absent stays as it is. */
  | {
      readonly type: 'change';
      readonly name?: string | undefined;
      readonly taxId?: string | undefined;
      readonly note?: string | undefined;
    }
  | { readonly type: 'archive' };

export type SupplierRejection =
  | { readonly code: 'supplier_exists' }
  | { readonly code: 'supplier_not_found' }
  | { readonly code: 'supplier_archived' }
  | { readonly code: 'name_missing' };
