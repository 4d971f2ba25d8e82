/** Variants over REST: adding and changing them, their barcodes, their prices. */
import {
  zBarcodeInput,
  zBarcodeParams,
  zPriceInput,
  zProduct,
  zProductParams,
  zVariantInput,
  zVariantParams,
  zVariantPatch,
} from '@mostrador/contract/product';
import type { Platform } from '../../module.js';
import type { Api } from '../../platform/http/index.js';
import { minorOf } from './checks.js';
import { runOnProduct } from './commands.js';
import { newVariant } from './create.js';

export function variantRoutes(api: Api, platform: Platform): void {
  api.route(
    {
      method: 'POST',
      url: '/products/{product_id}/variants',
      tag: 'product',
      summary: 'Add a variant',
      permission: 'product.write',
      params: zProductParams,
      body: zVariantInput,
      status: 201,
      response: zProduct,
      errors: [
        'not_found',
        'conflict',
        'sku_taken',
        'barcode_taken',
        'product_archived',
        'currency_mismatch',
        'variants_too_many',
        'barcodes_too_many',
      ],
    },
    async (r) => {
      const variant = newVariant(r.session, r.body);
      return runOnProduct(platform, r, r.params.product_id, { type: 'add_variant', variant });
    },
  );

  api.route(
    {
      method: 'PATCH',
      url: '/products/{product_id}/variants/{variant_id}',
      tag: 'product',
      summary: 'Change a variant',
      permission: 'product.write',
      params: zVariantParams,
      body: zVariantPatch,
      response: zProduct,
      errors: ['not_found', 'conflict', 'sku_taken', 'product_archived', 'currency_mismatch'],
    },
    async (r) => {
      const { sku, name, cost } = r.body;
      return runOnProduct(platform, r, r.params.product_id, {
        type: 'change_variant',
        variantId: r.params.variant_id,
        changes: {
          ...(sku === undefined ? {} : { sku }),
          ...(name === undefined ? {} : { name }),
          ...(cost === undefined ? {} : { costMinor: minorOf(r.session, cost) }),
        },
      });
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/products/{product_id}/variants/{variant_id}/barcodes',
      tag: 'product',
      summary: 'Add a barcode',
      description: 'A wrong check digit or an in-store number is taken, and marked.',
      permission: 'product.write',
      params: zVariantParams,
      body: zBarcodeInput,
      status: 201,
      response: zProduct,
      errors: ['not_found', 'conflict', 'barcode_taken', 'product_archived', 'barcodes_too_many'],
    },
    async (r) =>
      runOnProduct(platform, r, r.params.product_id, {
        type: 'add_barcode',
        variantId: r.params.variant_id,
        barcode: r.body.barcode,
      }),
  );

  api.route(
    {
      method: 'DELETE',
      url: '/products/{product_id}/variants/{variant_id}/barcodes/{barcode}',
      tag: 'product',
      summary: 'Take a barcode away',
      permission: 'product.write',
      params: zBarcodeParams,
      response: zProduct,
      errors: ['not_found', 'conflict', 'product_archived'],
    },
    async (r) =>
      runOnProduct(platform, r, r.params.product_id, {
        type: 'remove_barcode',
        variantId: r.params.variant_id,
        barcode: r.params.barcode,
      }),
  );

  api.route(
    {
      method: 'POST',
      url: '/products/{product_id}/variants/{variant_id}/price',
      tag: 'product',
      summary: 'Set a price, tax included',
      permission: 'price.write',
      params: zVariantParams,
      body: zPriceInput,
      response: zProduct,
      errors: ['not_found', 'conflict', 'product_archived', 'currency_mismatch'],
    },
    async (r) =>
      runOnProduct(platform, r, r.params.product_id, {
        type: 'price',
        variantId: r.params.variant_id,
        priceMinor: minorOf(r.session, r.body.price),
        reason: r.body.reason,
      }),
  );
}
