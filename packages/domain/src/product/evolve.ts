/** Applies one event to a product. Total: an event that does not fit the state leaves it as it was. */
import { skuKey } from './code.js';
import type { ProductState } from './state.js';
import type { ProductEvent, Variant } from './types.js';

/** `null` before the product exists. Events about categories change nothing here. */
export function evolve(state: ProductState | null, event: ProductEvent): ProductState | null {
  if (event.type === 'product.created') {
    if (state !== null) return state;
    const { barcodeMarks, picture, ...rest } = event.payload;
    return { ...rest, barcodeMarks: barcodeMarks ?? {}, picture: picture ?? '', archived: false };
  }
  if (state === null) return null;
  switch (event.type) {
    case 'product.changed':
      return { ...state, ...event.payload.changes };
    case 'product.variant_added': {
      const { variant } = event.payload;
      if (state.variants.some((v) => v.variantId === variant.variantId)) return state;
      return { ...state, variants: [...state.variants, variant] };
    }
    case 'product.variant_changed':
      return withVariant(state, event.payload.variantId, (v) => ({ ...v, ...event.payload.changes }));
    case 'product.barcode_added': {
      const { variantId, barcode, mark } = event.payload;
      const next = withVariant(state, variantId, (v) =>
        v.barcodes.includes(barcode) ? v : { ...v, barcodes: [...v.barcodes, barcode] },
      );
      return mark === undefined ? next : { ...next, barcodeMarks: { ...next.barcodeMarks, [barcode]: mark } };
    }
    case 'product.barcode_removed': {
      const { variantId, barcode } = event.payload;
      const next = withVariant(state, variantId, (v) => ({
        ...v,
        barcodes: v.barcodes.filter((b) => b !== barcode),
      }));
      const { [barcode]: _gone, ...barcodeMarks } = next.barcodeMarks;
      return { ...next, barcodeMarks };
    }
    case 'product.priced': {
      const prices = new Map(event.payload.changes.map((c) => [c.variantId, c.priceMinor]));
      return {
        ...state,
        variants: state.variants.map((v) => {
          const priceMinor = prices.get(v.variantId);
          return priceMinor === undefined ? v : { ...v, priceMinor };
        }),
      };
    }
    case 'product.archived':
      return { ...state, archived: true };
    case 'product.restored':
      return { ...state, archived: false };
    case 'category.created':
    case 'category.changed':
    case 'category.archived':
      return state;
  }
}

function withVariant(state: ProductState, variantId: string, change: (v: Variant) => Variant): ProductState {
  return { ...state, variants: state.variants.map((v) => (v.variantId === variantId ? change(v) : v)) };
}

/** A draft has no variant with a price; checkout refuses what has none. */
export function statusOf(product: Pick<ProductState, 'archived' | 'variants'>): 'active' | 'draft' | 'archived' {
  if (product.archived) return 'archived';
  return product.variants.some((v) => v.priceMinor !== null) ? 'active' : 'draft';
}

/** Whether two SKUs are one: compared without case. */
export function sameSku(a: string, b: string): boolean {
  return skuKey(a) === skuKey(b);
}
