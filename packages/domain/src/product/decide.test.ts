/** Commands on one product, case by case. */
import { describe, expect, it } from 'vitest';
import { decide } from './decide.js';
import { evolve, statusOf } from './evolve.js';
import { MAX_AMOUNT_MINOR, MAX_VARIANTS, type ProductCommand, type ProductState } from './state.js';
import type { ProductEvent, Variant } from './types.js';

const variant = (n: number, more: Partial<Variant> = {}): Variant => ({
  variantId: `var_${n}`,
  sku: `SKU-${n}`,
  name: '',
  barcodes: [],
  priceMinor: 1000,
  costMinor: null,
  ...more,
});

const product = (more: Partial<ProductState> = {}): ProductState => ({
  productId: 'prod_1',
  name: 'Yerba',
  brand: 'Norte',
  description: '',
  categoryId: null,
  taxRateId: 'tax_1',
  salesUnit: 'piece',
  options: [],
  variants: [variant(1, { barcodes: ['7790001000019'] })],
  barcodeMarks: {},
  picture: '',
  archived: false,
  ...more,
});

function apply(state: ProductState | null, command: ProductCommand): ProductState | null {
  const decision = decide(state, command);
  if (!decision.ok) throw new Error(`refused: ${decision.rejection.code}`);
  // Events of this noun's decide are this noun's events.
  return decision.events.reduce((s, e) => evolve(s, { type: e.type, payload: e.payload } as ProductEvent), state);
}

function refusal(state: ProductState | null, command: ProductCommand): unknown {
  const decision = decide(state, command);
  return decision.ok ? decision.events : decision.rejection;
}

function creation(more: Partial<ProductState> = {}): ProductCommand {
  const { barcodeMarks: _marks, archived: _archived, ...rest } = product(more);
  return { type: 'create', product: rest };
}

describe('create', () => {
  it('becomes what was asked for, marked where a barcode is odd', () => {
    const state = apply(null, creation({ variants: [variant(1, { barcodes: ['0012', '2000010000005', 'ABC-1'] })] }));
    expect(state?.variants[0]?.barcodes).toEqual(['0012', '2000010000005', 'ABC-1']);
    expect(state?.barcodeMarks).toEqual({ '0012': 'bad_gtin', '2000010000005': 'in_store' });
    expect(state?.archived).toBe(false);
  });

  it.each<[string, ProductState | null, Partial<ProductState>, unknown]>([
    ['twice', product(), {}, { code: 'product_exists' }],
    ['without a name', null, { name: '  ' }, { code: 'name_missing' }],
    ['without a variant', null, { variants: [] }, { code: 'variant_missing' }],
    ['with an empty SKU', null, { variants: [variant(1, { sku: ' ' })] }, { code: 'sku_missing' }],
    [
      'with one SKU twice in another case',
      null,
      { variants: [variant(1, { sku: 'ab' }), variant(2, { sku: 'AB' })] },
      { code: 'sku_taken', sku: 'AB' },
    ],
    [
      'with one barcode twice',
      null,
      { variants: [variant(1, { barcodes: ['1'] }), variant(2, { barcodes: ['1'] })] },
      { code: 'barcode_taken', barcode: '1' },
    ],
    [
      'with a barcode of two words',
      null,
      { variants: [variant(1, { barcodes: ['1 2'] })] },
      { code: 'barcode_invalid', barcode: '1 2' },
    ],
    [
      'with a price below zero',
      null,
      { variants: [variant(1, { priceMinor: -1 })] },
      { code: 'amount_invalid', amount: -1 },
    ],
    [
      'with a cost beyond the bound',
      null,
      { variants: [variant(1, { costMinor: MAX_AMOUNT_MINOR + 1 })] },
      { code: 'amount_invalid', amount: MAX_AMOUNT_MINOR + 1 },
    ],
    [
      'with one variant id twice',
      null,
      { variants: [variant(1), variant(1)] },
      { code: 'variant_exists', variantId: 'var_1' },
    ],
    [
      'with too many variants',
      null,
      { variants: Array.from({ length: MAX_VARIANTS + 1 }, (_, n) => variant(n)) },
      { code: 'variants_too_many', limit: MAX_VARIANTS },
    ],
  ])('is refused %s', (_title, state, more, rejection) => {
    expect(refusal(state, creation(more))).toEqual(rejection);
  });

  it('keeps barcodes apart that differ in leading zeros', () => {
    const state = apply(null, creation({ variants: [variant(1, { barcodes: ['0123', '123'] })] }));
    expect(state?.variants[0]?.barcodes).toEqual(['0123', '123']);
  });
});

describe('changes', () => {
  it('records only what differs', () => {
    expect(refusal(product(), { type: 'change', changes: { name: 'Yerba', brand: 'Sur' } })).toEqual([
      { type: 'product.changed', subject: 'prod_1', payload: { productId: 'prod_1', changes: { brand: 'Sur' } } },
    ]);
  });

  it.each<[string, ProductCommand]>([
    ['the same name', { type: 'change', changes: { name: 'Yerba' } }],
    ['the same SKU', { type: 'change_variant', variantId: 'var_1', changes: { sku: 'SKU-1' } }],
    ['the same barcode', { type: 'add_barcode', variantId: 'var_1', barcode: '7790001000019' }],
    ['the same price', { type: 'price', variantId: 'var_1', priceMinor: 1000, reason: '' }],
    ['restoring what is not archived', { type: 'restore' }],
  ])('%s is no event', (_title, command) => {
    expect(refusal(product(), command)).toEqual([]);
  });

  it.each<[string, ProductCommand, unknown]>([
    ['an empty name', { type: 'change', changes: { name: '' } }, { code: 'name_missing' }],
    [
      'an unknown variant',
      { type: 'price', variantId: 'var_9', priceMinor: 1, reason: '' },
      { code: 'variant_not_found', variantId: 'var_9' },
    ],
    [
      'a broken price',
      { type: 'price', variantId: 'var_1', priceMinor: 0.5, reason: '' },
      { code: 'amount_invalid', amount: 0.5 },
    ],
    [
      'a barcode it does not have',
      { type: 'remove_barcode', variantId: 'var_1', barcode: '5' },
      { code: 'barcode_not_found', barcode: '5' },
    ],
    [
      'a known variant again',
      { type: 'add_variant', variant: variant(1) },
      { code: 'variant_exists', variantId: 'var_1' },
    ],
    [
      "a sibling's SKU",
      { type: 'add_variant', variant: variant(2, { sku: 'sku-1' }) },
      { code: 'sku_taken', sku: 'sku-1' },
    ],
    [
      "a sibling's barcode",
      { type: 'add_variant', variant: variant(2, { barcodes: ['7790001000019'] }) },
      { code: 'barcode_taken', barcode: '7790001000019' },
    ],
  ])('%s is refused', (_title, command, rejection) => {
    expect(refusal(product(), command)).toEqual(rejection);
  });

  it('may change the case of its own SKU', () => {
    const state = apply(product(), { type: 'change_variant', variantId: 'var_1', changes: { sku: 'sku-1' } });
    expect(state?.variants[0]?.sku).toBe('sku-1');
  });

  it('adds a variant with a marked barcode', () => {
    const state = apply(product(), { type: 'add_variant', variant: variant(2, { barcodes: ['77', '7790001000026'] }) });
    expect(new Set(state?.variants[1]?.barcodes)).toEqual(new Set(['77', '7790001000026']));
    expect(state?.barcodeMarks).toEqual({ '77': 'bad_gtin' });
  });

  it('forgets the mark with the barcode', () => {
    const marked = apply(product(), { type: 'add_barcode', variantId: 'var_1', barcode: '12' });
    expect(marked?.barcodeMarks).toEqual({ '12': 'bad_gtin' });
    expect(apply(marked, { type: 'remove_barcode', variantId: 'var_1', barcode: '12' })?.barcodeMarks).toEqual({});
  });
});

describe('archive', () => {
  const archived = product({ archived: true });

  it.each<ProductCommand>([
    { type: 'change', changes: { name: 'x' } },
    { type: 'price', variantId: 'var_1', priceMinor: 1, reason: '' },
    { type: 'add_barcode', variantId: 'var_1', barcode: '1' },
    { type: 'add_variant', variant: variant(2) },
  ])('refuses $type until it is restored', (command) => {
    expect(refusal(archived, command)).toEqual({ code: 'product_archived' });
    expect(refusal(apply(archived, { type: 'restore' }), command)).toHaveLength(1);
  });

  it('is no event the second time', () => {
    expect(refusal(archived, { type: 'archive' })).toEqual([]);
  });

  it('needs a product', () => {
    expect(refusal(null, { type: 'archive' })).toEqual({ code: 'product_not_found' });
  });
});

describe('status', () => {
  it('is a draft while no variant has a price, and archived above all', () => {
    const draft = product({ variants: [variant(1, { priceMinor: null })] });
    expect(statusOf(draft)).toBe('draft');
    expect(statusOf(product({ variants: [variant(1, { priceMinor: null }), variant(2, { priceMinor: 0 })] }))).toBe(
      'active',
    );
    expect(statusOf({ ...draft, archived: true })).toBe('archived');
  });
});
