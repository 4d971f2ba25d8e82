/** Products: what a shop sells. A product has at least one variant; a variant is what is priced, counted and scanned. */

export type SalesUnit = 'piece' | 'kg' | 'l' | 'm';

export interface Variant {
  readonly variantId: string;
  /** Unique in the shop, compared without case. */
  readonly sku: string;
  /** What tells it from its siblings (`M / rojo`); '' for an only variant. */
  readonly name: string;
  readonly barcodes: readonly string[];
  /** Minor units, tax included; null: no price yet (a draft, found by scan and search, refused by checkout). */
  readonly priceMinor: number | null;
  /** Minor units of one sales unit, last known; null: unknown. */
  readonly costMinor: number | null;
}

export type ProductEvent =
  | {
      readonly type: 'product.created';
      readonly payload: {
        readonly productId: string;
        readonly name: string;
        readonly brand: string;
        readonly description: string;
        readonly categoryId: string | null;
        readonly taxRateId: string;
        readonly salesUnit: SalesUnit;
        /** Names of the options whose values make the variants, for example ['Talle', 'Color']. */
        readonly options: readonly string[];
        readonly variants: readonly Variant[];
        /** Oddities of imported barcodes, by barcode. */
        readonly barcodeMarks?: Readonly<Record<string, 'bad_gtin' | 'in_store'>>;
        /** Name of a drawing or a file; absent: initials on a tint. */
        readonly picture?: string;
      };
    }
  | {
      readonly type: 'product.changed';
      readonly payload: {
        readonly productId: string;
        readonly changes: Partial<{
          name: string;
          brand: string;
          description: string;
          categoryId: string | null;
          taxRateId: string;
          salesUnit: SalesUnit;
          picture: string;
        }>;
      };
    }
  | {
      readonly type: 'product.variant_added';
      readonly payload: { readonly productId: string; readonly variant: Variant };
    }
  | {
      readonly type: 'product.variant_changed';
      readonly payload: {
        readonly productId: string;
        readonly variantId: string;
        readonly changes: Partial<{ sku: string; name: string; costMinor: number | null }>;
      };
    }
  | {
      readonly type: 'product.barcode_added';
      readonly payload: {
        readonly productId: string;
        readonly variantId: string;
        readonly barcode: string;
        readonly mark?: 'bad_gtin' | 'in_store';
      };
    }
  | {
      readonly type: 'product.barcode_removed';
      readonly payload: {
        readonly productId: string;
        readonly variantId: string;
        readonly barcode: string;
      };
    }
  /** One or many variants at once (a change by percentage is one event). Subject: the product, or `price_change` id. */
  | {
      readonly type: 'product.priced';
      readonly payload: {
        readonly changes: readonly {
          readonly productId: string;
          readonly variantId: string;
          readonly priceMinor: number | null;
          readonly previousPriceMinor: number | null;
        }[];
        readonly reason: string;
      };
    }
  | { readonly type: 'product.archived'; readonly payload: { readonly productId: string } }
  | { readonly type: 'product.restored'; readonly payload: { readonly productId: string } }
  | {
      readonly type: 'category.created';
      readonly payload: {
        readonly categoryId: string;
        readonly name: string;
        readonly parentId: string | null;
      };
    }
  | {
      readonly type: 'category.changed';
      readonly payload: {
        readonly categoryId: string;
        readonly changes: Partial<{ name: string; parentId: string | null }>;
      };
    }
  | { readonly type: 'category.archived'; readonly payload: { readonly categoryId: string } };
