/** Products over REST: finding, making, changing, archiving. Prices, codes and categories have files of their own. */
import {
  zProduct,
  zProductInput,
  zProductPage,
  zProductParams,
  zProductPatch,
  zProductQuery,
  zScanned,
  zScanParams,
} from '@mostrador/contract/product';
import { foldWords } from '@mostrador/domain/product';
import { z } from 'zod';
import type { Platform } from '../../module.js';
import { type Api, ApiError, decodeCursor, encodeCursor, type Session } from '../../platform/http/index.js';
import { checkCategory, taxRateFor } from './checks.js';
import { existingProduct, runOnProduct } from './commands.js';
import { createProduct } from './create.js';
import { drawPicture, pictureName } from './picture.js';
import { productJson, variantJson } from './present.js';
import { type ListFilter, listIds, productsById, type StatusNumber, scan } from './queries.js';
import { MOST_RESULTS, searchIds } from './search.js';

const STATUS: Readonly<Record<string, readonly StatusNumber[]>> = {
  active: [0],
  draft: [1],
  archived: [2],
  current: [0, 1],
  all: [0, 1, 2],
};
const zListCursor = z.tuple([z.string().max(320), z.string().max(40)]);
const zSearchCursor = z.tuple([z.int().min(0).max(MOST_RESULTS)]);

type Query = z.output<typeof zProductQuery>;

export function productRoutes(api: Api, platform: Platform): void {
  const { database } = platform;

  api.route(
    {
      method: 'GET',
      url: '/products',
      tag: 'product',
      summary: 'List or search products',
      description:
        'Without `q` by name, with `q` the best first and at most a thousand. Unless `status` says otherwise, a list holds what is for sale, and a search finds drafts too.',
      permission: 'product.read',
      query: zProductQuery,
      response: zProductPage,
      errors: ['cursor_invalid'],
    },
    async ({ session, query }) => {
      const status = STATUS[query.status ?? (query.q ? 'current' : 'active')] ?? [];
      const filter = {
        status,
        categoryId: query.category_id,
        brandKey: query.brand === undefined ? undefined : foldWords(query.brand),
        stock: query.stock,
      };
      return query.q === undefined || query.q === ''
        ? list(session, query, filter)
        : search(session, query, query.q, filter);
    },
  );

  async function list(session: Session, query: Query, filter: ListFilter) {
    const [nameKey, productId] = query.cursor === undefined ? [] : decodeCursor(query.cursor, zListCursor);
    const after = nameKey === undefined || productId === undefined ? undefined : { nameKey, productId };
    const places = await listIds(database, session.tenantId, filter, after, query.limit + 1);
    const shown = places.slice(0, query.limit);
    const last = places.length > query.limit ? shown.at(-1) : undefined;
    const products = await productsById(
      database,
      session.tenantId,
      shown.map((p) => p.productId),
    );
    return {
      data: products.map((p) => productJson(session, p)),
      page: {
        next_cursor: last === undefined ? null : encodeCursor([last.nameKey, last.productId]),
        has_more: last !== undefined,
      },
    };
  }

  async function search(session: Session, query: Query, typed: string, filter: ListFilter) {
    const [offset] = query.cursor === undefined ? [0] : decodeCursor(query.cursor, zSearchCursor);
    const ids = await searchIds(database, session.tenantId, {
      typed,
      status: filter.status,
      categoryId: filter.categoryId,
      brandKey: filter.brandKey,
      stock: filter.stock,
      offset,
      limit: query.limit + 1,
    });
    const more = ids.length > query.limit;
    const products = await productsById(database, session.tenantId, ids.slice(0, query.limit));
    return {
      data: products.map((p) => productJson(session, p)),
      page: { next_cursor: more ? encodeCursor([offset + query.limit]) : null, has_more: more },
    };
  }

  api.route(
    {
      method: 'GET',
      url: '/products/scan/{code}',
      tag: 'product',
      summary: 'The product that a scanned code or a SKU stands for',
      description:
        'Exactly as stored first, then the same GTIN with other leading zeros, then the SKU without case. Archived products are found too.',
      permission: 'product.read',
      params: zScanParams,
      response: zScanned,
      errors: ['not_found'],
    },
    async ({ session, params }) => {
      const found = await scan(database, session.tenantId, params.code);
      const variant = found?.product.state.variants.find((v) => v.variantId === found.variantId);
      if (found === undefined || variant === undefined)
        throw new ApiError('not_found', { facts: { code: params.code } });
      const { product } = found;
      return {
        ...productJson(session, product),
        variant_id: variant.variantId,
        variant: variantJson(session, product.state, variant, product.onHandMilli[variant.variantId] ?? 0),
        matched_by: found.matchedBy,
      };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/products',
      tag: 'product',
      summary: 'Make a product',
      description: 'Without a price it is a draft. A price needs the permission `price.write` too.',
      permission: 'product.write',
      body: zProductInput,
      status: 201,
      response: zProduct,
      errors: [
        'sku_taken',
        'barcode_taken',
        'category_unknown',
        'category_archived',
        'tax_rate_unknown',
        'currency_mismatch',
        'idempotency_key_reused',
      ],
    },
    async (r) => createProduct(platform, r, r.body),
  );

  api.route(
    {
      method: 'GET',
      url: '/products/{product_id}',
      tag: 'product',
      summary: 'One product',
      permission: 'product.read',
      params: zProductParams,
      response: zProduct,
      errors: ['not_found'],
    },
    async ({ session, params, reply }) => {
      const product = await existingProduct(platform, session.tenantId, params.product_id);
      reply.header('etag', `"${product.revision}"`);
      return productJson(session, product);
    },
  );

  api.route(
    {
      method: 'PATCH',
      url: '/products/{product_id}',
      tag: 'product',
      summary: 'Change what a product is',
      permission: 'product.write',
      params: zProductParams,
      body: zProductPatch,
      response: zProduct,
      errors: [
        'not_found',
        'conflict',
        'product_archived',
        'category_unknown',
        'category_archived',
        'tax_rate_unknown',
      ],
    },
    async (r) => {
      const { name, brand, description, category_id, tax_rate_id, sales_unit, picture } = r.body;
      if (category_id !== undefined) await checkCategory(database, r.session.tenantId, category_id);
      if (tax_rate_id !== undefined) await taxRateFor(platform, r.session.tenantId, tax_rate_id);
      const given = {
        name,
        brand,
        description,
        categoryId: category_id,
        taxRateId: tax_rate_id,
        salesUnit: sales_unit,
        picture,
      };
      const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      return runOnProduct(platform, r, r.params.product_id, { type: 'change', changes });
    },
  );

  for (const type of ['archive', 'restore'] as const) {
    api.route(
      {
        method: 'POST',
        url: `/products/{product_id}/${type}`,
        tag: 'product',
        summary:
          type === 'archive' ? 'Take a product out of sale; it stays in all records' : 'Put an archived product back',
        permission: 'product.write',
        params: zProductParams,
        response: zProduct,
        errors: ['not_found', 'conflict'],
      },
      async (r) => runOnProduct(platform, r, r.params.product_id, { type }),
    );
  }

  api.route(
    {
      method: 'GET',
      url: '/products/{product_id}/picture',
      tag: 'product',
      summary: "A product's picture",
      permission: 'product.read',
      params: zProductParams,
      response: { raw: ['image/svg+xml'] },
      errors: ['not_found'],
    },
    async ({ session, params }) => {
      const { state } = await existingProduct(platform, session.tenantId, params.product_id);
      return { type: 'image/svg+xml', body: drawPicture(pictureName(state.name, state.picture)) ?? '' };
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/product-pictures/{name}',
      tag: 'product',
      summary: 'A picture by its name',
      description: 'Drawn from the name alone, so it holds nothing of any shop and may be kept for ever.',
      permission: 'public',
      params: z.object({ name: z.string().min(1).max(60) }),
      response: { raw: ['image/svg+xml'] },
      errors: ['not_found'],
    },
    ({ params }) => {
      const body = drawPicture(params.name);
      if (body === null) throw new ApiError('not_found');
      return { type: 'image/svg+xml', body, cache: 'public, max-age=31536000, immutable' };
    },
  );
}
