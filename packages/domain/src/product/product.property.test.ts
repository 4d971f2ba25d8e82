/** Any course of commands leaves a product in order, and its events alone tell the same story. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBarcode, skuKey } from './code.js';
import { decide } from './decide.js';
import { evolve } from './evolve.js';
import type { ProductCommand, ProductState } from './state.js';
import type { ProductEvent, Variant } from './types.js';

const id = fc.constantFrom('var_1', 'var_2', 'var_3', 'var_4');
const sku = fc.constantFrom('A', 'a', 'B', 'b ', '', 'C');
const barcode = fc.constantFrom('1', '01', '7790001000019', '2000010000005', 'x y', 'X-1');
const amount = fc.constantFrom(null, 0, 1, 999, -1, 1.5, 2 ** 53);

const variant: fc.Arbitrary<Variant> = fc.record({
  variantId: id,
  sku,
  name: fc.constantFrom('', 'M'),
  barcodes: fc.array(barcode, { maxLength: 3 }),
  priceMinor: amount,
  costMinor: amount,
});

const command: fc.Arbitrary<ProductCommand> = fc.oneof(
  fc.record({
    type: fc.constant('create' as const),
    product: fc.record({
      productId: fc.constant('prod_1'),
      name: fc.constantFrom('Yerba', ''),
      brand: fc.constant(''),
      description: fc.constant(''),
      categoryId: fc.constant(null),
      taxRateId: fc.constant('tax_1'),
      salesUnit: fc.constant('piece' as const),
      options: fc.constant([]),
      variants: fc.array(variant, { maxLength: 2 }),
      picture: fc.constantFrom('', 'mate'),
    }),
  }),
  fc.record({ type: fc.constant('change' as const), changes: fc.record({ name: fc.constantFrom('Mate', '', ' ') }) }),
  fc.record({ type: fc.constant('add_variant' as const), variant }),
  fc.record({ type: fc.constant('change_variant' as const), variantId: id, changes: fc.record({ sku }) }),
  fc.record({ type: fc.constant('add_barcode' as const), variantId: id, barcode }),
  fc.record({ type: fc.constant('remove_barcode' as const), variantId: id, barcode }),
  fc.record({ type: fc.constant('price' as const), variantId: id, priceMinor: amount, reason: fc.constant('') }),
  fc.record({ type: fc.constantFrom('archive' as const, 'restore' as const) }),
);

function checkOrder(state: ProductState): void {
  expect(state.name.trim()).not.toBe('');
  expect(state.variants.length).toBeGreaterThan(0);
  const all = <T>(of: (v: Variant) => readonly T[]) => state.variants.flatMap(of);
  for (const keys of [all((v) => [v.variantId]), all((v) => [skuKey(v.sku)]), all((v) => v.barcodes)]) {
    expect(new Set(keys).size).toBe(keys.length);
  }
  expect(all((v) => v.barcodes).every(isBarcode)).toBe(true);
  expect(Object.keys(state.barcodeMarks).every((b) => all((v) => v.barcodes).includes(b))).toBe(true);
  for (const minor of all((v) => [v.priceMinor, v.costMinor])) {
    expect(minor === null || (Number.isSafeInteger(minor) && minor >= 0)).toBe(true);
  }
}

describe('products', () => {
  it('stay in order under any commands; repeating the last command changes nothing; the events rebuild the state', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        let state: ProductState | null = null;
        const story: ProductEvent[] = [];
        for (const c of commands) {
          const decision = decide(state, c);
          if (!decision.ok) continue;
          // Events of this noun's decide are this noun's events.
          const events = decision.events.map((e) => ({ type: e.type, payload: e.payload }) as ProductEvent);
          story.push(...events);
          state = events.reduce(evolve, state as ProductState | null);
          if (state === null) continue;
          checkOrder(state);
          const again = decide(state, c);
          if (c.type !== 'create' && c.type !== 'add_variant' && c.type !== 'remove_barcode') {
            expect(again).toEqual({ ok: true, events: [], transfers: [] });
          } else expect(again.ok).toBe(false);
        }
        expect(story.reduce(evolve, null as ProductState | null)).toEqual(state);
      }),
      { ...(process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) }) },
    );
  });
});
