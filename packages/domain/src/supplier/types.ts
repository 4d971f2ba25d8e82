/** Suppliers: companies that goods are received from. What is known of them is the company's, no person's. */

export type SupplierEvent =
  | {
      readonly type: 'supplier.created';
      readonly payload: {
        readonly supplierId: string;
        readonly name: string;
        readonly taxId: string;
        readonly note: string;
      };
    }
  | {
      readonly type: 'supplier.changed';
      readonly payload: {
        readonly supplierId: string;
        readonly changes: Partial<{ name: string; taxId: string; note: string }>;
      };
    }
  | { readonly type: 'supplier.archived'; readonly payload: { readonly supplierId: string } };
