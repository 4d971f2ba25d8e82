/** Refusals of the rules as codes of the interface. */
import type { ErrorCode } from '@mostrador/contract/errors';
import type { CategoryRejection, PriceChangeRejection, ProductRejection } from '@mostrador/domain/product';
import { ApiError } from '../../platform/http/index.js';

/** The unique indexes that hold between processes, by the code that tells what was taken. */
export const CONSTRAINTS: Readonly<Record<string, ErrorCode>> = {
  variant_sku_unique: 'sku_taken',
  barcode_unique: 'barcode_taken',
  category_name_unique: 'name_taken',
};

export function productRefusal(rejection: ProductRejection): ApiError {
  switch (rejection.code) {
    case 'product_not_found':
    case 'variant_not_found':
    case 'barcode_not_found':
      return new ApiError('not_found');
    case 'product_exists':
    case 'variant_exists':
      return new ApiError('conflict');
    case 'product_archived':
      return new ApiError('product_archived');
    case 'sku_taken':
      return new ApiError('sku_taken', { facts: { sku: rejection.sku } });
    case 'barcode_taken':
      return new ApiError('barcode_taken', { facts: { barcode: rejection.barcode } });
    case 'variants_too_many':
      return new ApiError('variants_too_many', { facts: { limit: rejection.limit } });
    case 'barcodes_too_many':
      return new ApiError('barcodes_too_many', { facts: { limit: rejection.limit } });
    case 'variant_missing':
    case 'name_missing':
    case 'sku_missing':
    case 'barcode_invalid':
      return new ApiError('validation_failed', { detail: rejection.code });
    case 'amount_invalid':
      return new ApiError('amount_out_of_range');
  }
}

export function categoryRefusal(rejection: CategoryRejection): ApiError {
  switch (rejection.code) {
    case 'category_not_found':
      return new ApiError('category_unknown', { facts: { category_id: rejection.categoryId } });
    case 'category_exists':
      return new ApiError('conflict');
    case 'category_archived':
      return new ApiError('category_archived', { facts: { category_id: rejection.categoryId } });
    case 'category_taken':
      return new ApiError('name_taken', { facts: { name: rejection.name } });
    case 'category_cycle':
      return new ApiError('category_cycle');
    case 'category_has_children':
      return new ApiError('category_has_children');
    case 'name_missing':
      return new ApiError('validation_failed', { detail: rejection.code });
  }
}

export function priceChangeRefusal(rejection: PriceChangeRejection): ApiError {
  switch (rejection.code) {
    case 'price_changes_too_many':
      return new ApiError('price_changes_too_many', { facts: { limit: rejection.limit } });
    case 'amount_invalid':
      return new ApiError('amount_out_of_range');
  }
}
