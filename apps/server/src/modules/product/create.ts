/** Makes a product out of a request, and answers it from its event, so that a repeated request has the same answer. */
import type { ProductJson, zProductInput, zVariantInput } from '@mostrador/contract/product';
import { decide, evolve, type ProductEvent, skuKey, type Variant } from '@mostrador/domain/product';
import type { z } from 'zod';
import type { Platform } from '../../module.js';
import {
  ApiError,
  type Command,
  type Committed,
  commitOrThrow,
  orAsBefore,
  type Session,
} from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { checkCategory, mayPrice, minorOf, taxRateFor } from './checks.js';
import { productJson } from './present.js';
import { allCategories } from './queries.js';
import { CONSTRAINTS, productRefusal } from './refuse.js';

type VariantInput = z.output<typeof zVariantInput>;

/** A variant as asked for, with an id; without a SKU it gets its first barcode, or the end of its id. */
export function newVariant(session: Session, input: VariantInput): Variant {
  const variantId = newId('var');
  const priceMinor = minorOf(session, input.price);
  if (priceMinor !== null) mayPrice(session);
  return {
    variantId,
    sku: input.sku ?? input.barcodes[0] ?? variantId.slice(-10).toUpperCase(),
    name: input.name,
    barcodes: input.barcodes,
    priceMinor,
    costMinor: minorOf(session, input.cost),
  };
}

const PLAIN: VariantInput = { name: '', barcodes: [] };

export async function createProduct(
  platform: Platform,
  { session, command }: { readonly session: Session; readonly command: Command },
  input: z.output<typeof zProductInput>,
): Promise<ProductJson> {
  const { database, journal } = platform;
  const { tenantId } = session;
  const variants = (input.variants.length === 0 ? [PLAIN] : input.variants).map((v) => newVariant(session, v));
  const committed = await orAsBefore(journal, tenantId, command, async () => {
    await checkCategory(database, tenantId, input.category_id);
    const decision = decide(null, {
      type: 'create',
      product: {
        productId: newId('prod'),
        name: input.name,
        brand: input.brand,
        description: input.description,
        categoryId: input.category_id,
        taxRateId: await taxRateFor(platform, tenantId, input.tax_rate_id),
        salesUnit: input.sales_unit,
        options: input.options,
        variants,
        picture: input.picture ?? '',
      },
    });
    if (!decision.ok) throw productRefusal(decision.rejection);
    return commitNamingTaken(platform, tenantId, variants, () =>
      commitOrThrow(journal, tenantId, { ...command, actor: session.userId, events: decision.events }, CONSTRAINTS),
    );
  });
  return fromEvent(platform, session, committed);
}

async function fromEvent(platform: Platform, session: Session, { events }: Committed): Promise<ProductJson> {
  const [event] = events;
  // This command's event is of this type.
  const state = evolve(null, { type: 'product.created', payload: event?.payload } as unknown as ProductEvent);
  if (event === undefined || state === null) throw new Error('a product begins with one event');
  const categories = state.categoryId === null ? [] : await allCategories(platform.database, session.tenantId, false);
  return productJson(session, {
    state,
    revision: event.seq,
    createdAt: event.at,
    updatedAt: event.at,
    categoryName: categories.find((c) => c.categoryId === state.categoryId)?.name ?? null,
    onHandMilli: {},
  });
}

/** The index tells that a code is taken; which one, and by whom, a person wants to know. */
export async function commitNamingTaken<T>(
  platform: Platform,
  tenantId: number,
  variants: readonly Pick<Variant, 'sku' | 'barcodes'>[],
  commit: () => Promise<T>,
): Promise<T> {
  try {
    return await commit();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'sku_taken' && error.facts?.sku === undefined) {
      const [row] = await platform.database.read<{ sku: string; product_id: string }>(tenantId, {
        text: 'SELECT v.sku, v.product_id FROM variant v WHERE v.sku_key = ANY ($1::text[]) LIMIT 1',
        values: [variants.map((v) => skuKey(v.sku))],
      });
      if (row !== undefined) throw new ApiError('sku_taken', { facts: { ...row } });
    }
    if (error.code === 'barcode_taken' && error.facts?.barcode === undefined) {
      const [row] = await platform.database.read<{ barcode: string; product_id: string }>(tenantId, {
        text: 'SELECT b.barcode, b.product_id FROM barcode b WHERE b.barcode = ANY ($1::text[]) LIMIT 1',
        values: [variants.flatMap((v) => v.barcodes)],
      });
      if (row !== undefined) throw new ApiError('barcode_taken', { facts: { ...row } });
    }
    throw error;
  }
}
