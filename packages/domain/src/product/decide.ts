/** The rules of products: what a command on a product does, or why not. Uniqueness across the shop is the store's to hold. */
import type { DecidedEvent, Decision } from '../decision.js';
import { barcodeMark, isBarcode, skuKey } from './code.js';
import {
  type BarcodeMark,
  MAX_AMOUNT_MINOR,
  MAX_BARCODES,
  MAX_VARIANTS,
  type ProductCommand,
  type ProductRejection,
  type ProductState,
} from './state.js';
import type { ProductEvent, Variant } from './types.js';

type ProductDecision = Decision<ProductRejection>;

const refuse = (rejection: ProductRejection): ProductDecision => ({ ok: false, rejection });

function happened(productId: string, ...events: ProductEvent[]): ProductDecision {
  const decided: DecidedEvent[] = events.map((e) => ({ type: e.type, subject: productId, payload: e.payload }));
  return { ok: true, events: decided, transfers: [] };
}

/** `null`: no such product. A command that would change nothing succeeds without an event. */
export function decide(state: ProductState | null, command: ProductCommand): ProductDecision {
  if (command.type === 'create') return state === null ? create(command.product) : refuse({ code: 'product_exists' });
  if (state === null) return refuse({ code: 'product_not_found' });
  const { productId } = state;
  if (command.type === 'archive') {
    return state.archived
      ? happened(productId)
      : happened(productId, { type: 'product.archived', payload: { productId } });
  }
  if (command.type === 'restore') {
    return state.archived
      ? happened(productId, { type: 'product.restored', payload: { productId } })
      : happened(productId);
  }
  if (state.archived) return refuse({ code: 'product_archived' });
  switch (command.type) {
    case 'change': {
      const changes = differing(state, command.changes);
      if (changes.name !== undefined && changes.name.trim() === '') return refuse({ code: 'name_missing' });
      if (Object.keys(changes).length === 0) return happened(productId);
      return happened(productId, { type: 'product.changed', payload: { productId, changes } });
    }
    case 'add_variant': {
      const { variant } = command;
      if (state.variants.some((v) => v.variantId === variant.variantId)) {
        return refuse({ code: 'variant_exists', variantId: variant.variantId });
      }
      const defect = defectOfVariants([...state.variants, variant]);
      if (defect !== undefined) return refuse(defect);
      const marks = marksOf(variant.barcodes);
      // The event of a new variant has no room for marks, so a marked barcode follows as an event of its own.
      const plain = variant.barcodes.filter((b) => marks[b] === undefined);
      return happened(
        productId,
        { type: 'product.variant_added', payload: { productId, variant: { ...variant, barcodes: plain } } },
        ...Object.entries(marks).map(
          ([barcode, mark]): ProductEvent => ({
            type: 'product.barcode_added',
            payload: { productId, variantId: variant.variantId, barcode, mark },
          }),
        ),
      );
    }
    case 'change_variant': {
      const variant = state.variants.find((v) => v.variantId === command.variantId);
      if (variant === undefined) return refuse({ code: 'variant_not_found', variantId: command.variantId });
      const changes = differing(variant, command.changes);
      if (Object.keys(changes).length === 0) return happened(productId);
      const defect = defectOfVariants(state.variants.map((v) => (v === variant ? { ...v, ...changes } : v)));
      if (defect !== undefined) return refuse(defect);
      return happened(productId, {
        type: 'product.variant_changed',
        payload: { productId, variantId: variant.variantId, changes },
      });
    }
    case 'add_barcode': {
      const { variantId, barcode } = command;
      const variant = state.variants.find((v) => v.variantId === variantId);
      if (variant === undefined) return refuse({ code: 'variant_not_found', variantId });
      if (variant.barcodes.includes(barcode)) return happened(productId);
      const defect = defectOfVariants(
        state.variants.map((v) => (v === variant ? { ...v, barcodes: [...v.barcodes, barcode] } : v)),
      );
      if (defect !== undefined) return refuse(defect);
      const mark = barcodeMark(barcode);
      return happened(productId, {
        type: 'product.barcode_added',
        payload: { productId, variantId, barcode, ...(mark === undefined ? {} : { mark }) },
      });
    }
    case 'remove_barcode': {
      const { variantId, barcode } = command;
      const variant = state.variants.find((v) => v.variantId === variantId);
      if (variant === undefined) return refuse({ code: 'variant_not_found', variantId });
      if (!variant.barcodes.includes(barcode)) return refuse({ code: 'barcode_not_found', barcode });
      return happened(productId, { type: 'product.barcode_removed', payload: { productId, variantId, barcode } });
    }
    case 'price': {
      const { variantId, priceMinor, reason } = command;
      const variant = state.variants.find((v) => v.variantId === variantId);
      if (variant === undefined) return refuse({ code: 'variant_not_found', variantId });
      if (priceMinor !== null && !isAmount(priceMinor)) return refuse({ code: 'amount_invalid', amount: priceMinor });
      if (priceMinor === variant.priceMinor) return happened(productId);
      return happened(productId, {
        type: 'product.priced',
        payload: {
          changes: [{ productId, variantId, priceMinor, previousPriceMinor: variant.priceMinor }],
          reason,
        },
      });
    }
  }
}

function create(product: Extract<ProductCommand, { type: 'create' }>['product']): ProductDecision {
  const { picture, ...rest } = product;
  if (product.name.trim() === '') return refuse({ code: 'name_missing' });
  if (product.variants.length === 0) return refuse({ code: 'variant_missing' });
  const defect = defectOfVariants(product.variants);
  if (defect !== undefined) return refuse(defect);
  const marks = marksOf(product.variants.flatMap((v) => v.barcodes));
  return happened(product.productId, {
    type: 'product.created',
    payload: {
      ...rest,
      ...(Object.keys(marks).length === 0 ? {} : { barcodeMarks: marks }),
      ...(picture === '' ? {} : { picture }),
    },
  });
}

/** The first thing wrong with a product's variants as they would be: ids, SKUs and barcodes once each, sane amounts. */
function defectOfVariants(variants: readonly Variant[]): ProductRejection | undefined {
  if (variants.length > MAX_VARIANTS) return { code: 'variants_too_many', limit: MAX_VARIANTS };
  const ids = new Set<string>();
  const skus = new Set<string>();
  const barcodes = new Set<string>();
  for (const v of variants) {
    if (ids.has(v.variantId)) return { code: 'variant_exists', variantId: v.variantId };
    ids.add(v.variantId);
    if (v.sku.trim() === '') return { code: 'sku_missing' };
    if (skus.has(skuKey(v.sku))) return { code: 'sku_taken', sku: v.sku };
    skus.add(skuKey(v.sku));
    if (v.barcodes.length > MAX_BARCODES) return { code: 'barcodes_too_many', limit: MAX_BARCODES };
    for (const barcode of v.barcodes) {
      if (!isBarcode(barcode)) return { code: 'barcode_invalid', barcode };
      if (barcodes.has(barcode)) return { code: 'barcode_taken', barcode };
      barcodes.add(barcode);
    }
    for (const amount of [v.priceMinor, v.costMinor]) {
      if (amount !== null && !isAmount(amount)) return { code: 'amount_invalid', amount };
    }
  }
  return undefined;
}

function isAmount(minor: number): boolean {
  return Number.isSafeInteger(minor) && minor >= 0 && minor <= MAX_AMOUNT_MINOR;
}

function marksOf(barcodes: readonly string[]): Record<string, BarcodeMark> {
  const marks: Record<string, BarcodeMark> = {};
  for (const barcode of barcodes) {
    const mark = barcodeMark(barcode);
    if (mark !== undefined) marks[barcode] = mark;
  }
  return marks;
}

/** The given changes that differ from what is. */
function differing<C extends object>(current: object, changes: C): Partial<C> {
  const now = new Map<string, unknown>(Object.entries(current));
  const kept = Object.entries(changes).filter(([key, value]) => value !== undefined && now.get(key) !== value);
  // Entries of C stay entries of C.
  return Object.fromEntries(kept) as Partial<C>;
}
