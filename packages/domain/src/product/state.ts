/** What a product is once its events are applied, what may be asked of it, and how it may refuse. */
import type { ProductEvent, SalesUnit, Variant } from './types.js';

export type BarcodeMark = 'bad_gtin' | 'in_store';

export interface ProductState {
  readonly productId: string;
  readonly name: string;
  readonly brand: string;
  readonly description: string;
  readonly categoryId: string | null;
  readonly taxRateId: string;
  readonly salesUnit: SalesUnit;
  readonly options: readonly string[];
  /** Never empty; in the order in which they came. */
  readonly variants: readonly Variant[];
  readonly barcodeMarks: Readonly<Record<string, BarcodeMark>>;
  /** '' when none was named. */
  readonly picture: string;
  readonly archived: boolean;
}

export type ProductChanges = Extract<ProductEvent, { type: 'product.changed' }>['payload']['changes'];
export type VariantChanges = Extract<ProductEvent, { type: 'product.variant_changed' }>['payload']['changes'];

export type ProductCommand =
  | {
      readonly type: 'create';
      readonly product: Omit<ProductState, 'barcodeMarks' | 'archived'>;
    }
  | { readonly type: 'change'; readonly changes: ProductChanges }
  | { readonly type: 'add_variant'; readonly variant: Variant }
  | { readonly type: 'change_variant'; readonly variantId: string; readonly changes: VariantChanges }
  | { readonly type: 'add_barcode'; readonly variantId: string; readonly barcode: string }
  | { readonly type: 'remove_barcode'; readonly variantId: string; readonly barcode: string }
  | {
      readonly type: 'price';
      readonly variantId: string;
      readonly priceMinor: number | null;
      readonly reason: string;
    }
  | { readonly type: 'archive' }
  | { readonly type: 'restore' };

export type ProductRejection =
  | { readonly code: 'product_exists' }
  | { readonly code: 'product_not_found' }
  /** An archived product is restored before it is changed. */
  | { readonly code: 'product_archived' }
  | { readonly code: 'variant_not_found'; readonly variantId: string }
  | { readonly code: 'variant_exists'; readonly variantId: string }
  | { readonly code: 'variant_missing' }
  | { readonly code: 'variants_too_many'; readonly limit: number }
  | { readonly code: 'name_missing' }
  | { readonly code: 'sku_missing' }
  | { readonly code: 'sku_taken'; readonly sku: string }
  | { readonly code: 'barcode_invalid'; readonly barcode: string }
  | { readonly code: 'barcode_taken'; readonly barcode: string }
  | { readonly code: 'barcodes_too_many'; readonly limit: number }
  | { readonly code: 'barcode_not_found'; readonly barcode: string }
  /** Not a safe integer from 0 to 10^12 minor units. */
  | { readonly code: 'amount_invalid'; readonly amount: number };

export const MAX_VARIANTS = 500;
export const MAX_BARCODES = 20;
/** A ceiling for prices and costs that leaves room for line totals in safe integers. */
export const MAX_AMOUNT_MINOR = 1_000_000_000_000;
