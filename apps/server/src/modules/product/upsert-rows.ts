/** One imported row: what is wrong with it, which variant it means, and the events that make the shop as it says. */
import { createHash } from 'node:crypto';
import {
  decide,
  evolve,
  foldWords,
  isBarcode,
  MAX_AMOUNT_MINOR,
  nameKey,
  type ProductCommand,
  type ProductEvent,
  type ProductState,
  skuKey,
} from '@mostrador/domain/product';
import type { Database } from '../../platform/database/index.js';
import { newId } from '../../platform/ids.js';
import type { ProposedEvent } from '../../platform/journal/index.js';
import type { KnownTaxRates } from './checks.js';
import type { CategoryIds } from './upsert-categories.js';

/** A row as an importer has read it. Amounts are minor units of the shop's currency, prices with tax included. */
export interface ProductRow {
  readonly name: string;
  readonly barcode?: string | undefined;
  /** Absent: the barcode, else drawn from the name. */
  readonly sku?: string | undefined;
  /** Absent: left as it is on an update. The same holds for what follows. */
  readonly brand?: string | undefined;
  readonly description?: string | undefined;
  /** The name of a category at the top level; made when there is none. '' takes it away. */
  readonly category?: string | undefined;
  readonly priceMinor?: number | null | undefined;
  readonly costMinor?: number | null | undefined;
  /** Absent on a new product: the shop's default rate. */
  readonly taxRateId?: string | undefined;
  readonly salesUnit?: 'piece' | 'kg' | 'l' | 'm' | undefined;
  /** Name of a drawing. */
  readonly picture?: string | undefined;
}

export type RowDefect =
  | 'name_missing'
  | 'name_too_long'
  | 'text_too_long'
  | 'barcode_invalid'
  | 'sku_invalid'
  | 'amount_invalid'
  | 'tax_rate_unknown'
  /** Barcode and SKU belong to different variants. */
  | 'codes_of_two_products'
  | 'product_archived'
  | 'barcodes_too_many'
  | 'conflict';

const NAME_LENGTH = 300;
const BRAND_LENGTH = 120;
const DESCRIPTION_LENGTH = 5000;
const SKU_LENGTH = 64;
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/** What makes a row unusable whatever the shop holds. */
export function defectOf(row: ProductRow, rates: KnownTaxRates): RowDefect | undefined {
  if (row.name.trim() === '') return 'name_missing';
  if (row.name.length > NAME_LENGTH || UNSTORABLE.test(row.name)) return 'name_too_long';
  if ((row.brand?.length ?? 0) > BRAND_LENGTH || UNSTORABLE.test(row.brand ?? '')) return 'text_too_long';
  if ((row.category?.length ?? 0) > BRAND_LENGTH || UNSTORABLE.test(row.category ?? '')) return 'text_too_long';
  if ((row.description?.length ?? 0) > DESCRIPTION_LENGTH || row.description?.includes('\0') === true)
    return 'text_too_long';
  if (row.barcode !== undefined && !isBarcode(row.barcode)) return 'barcode_invalid';
  if (row.sku !== undefined) {
    if (row.sku.trim() === '' || row.sku.length > SKU_LENGTH || UNSTORABLE.test(row.sku)) return 'sku_invalid';
  }
  for (const minor of [row.priceMinor, row.costMinor]) {
    if (minor === null || minor === undefined) continue;
    if (!Number.isSafeInteger(minor) || minor < 0 || minor > MAX_AMOUNT_MINOR) return 'amount_invalid';
  }
  if (row.taxRateId !== undefined && !rates.usable.has(row.taxRateId)) return 'tax_rate_unknown';
  return undefined;
}

/** The SKU that a row is known by: its own, else its barcode, else one drawn from its name, the same every time. */
function skuOf(row: ProductRow): string {
  if (row.sku !== undefined) return row.sku.trim();
  if (row.barcode !== undefined) return row.barcode;
  const drawn = createHash('sha256')
    .update(`${nameKey(row.name)}\n${foldWords(row.brand ?? '')}`)
    .digest('hex');
  return `N-${drawn.slice(0, 12).toUpperCase()}`;
}

/** The codes by which two rows are told to mean the same. */
export function keysOf(row: ProductRow): string[] {
  const sku = `s${skuKey(skuOf(row))}`;
  return row.barcode === undefined ? [sku] : [`b${row.barcode}`, sku];
}

export type Identified =
  | { readonly kind: 'new'; readonly sku: string }
  | { readonly kind: 'known'; readonly productId: string; readonly variantId: string }
  /** The barcode is one variant's, the SKU another's. */
  | { readonly kind: 'torn' };

interface Owner {
  readonly product_id: string;
  readonly variant_id: string;
}

/** Finds for each row the variant it means, by barcode first. */
export async function identify(
  database: Pick<Database, 'read'>,
  tenantId: number,
  rows: readonly ProductRow[],
): Promise<Identified[]> {
  const skus = rows.map(skuOf);
  const [barcodes, taken] = await Promise.all([
    database.read<Owner & { barcode: string }>(tenantId, {
      // One look-up a code: an import grows these tables faster than their statistics, which else suggest reading them whole.
      text: `SELECT b.barcode, b.product_id, b.variant_id FROM unnest($1::text[]) AS k(code) CROSS JOIN LATERAL
        (SELECT * FROM barcode WHERE barcode = k.code LIMIT 1) b`,
      values: [rows.flatMap((r) => (r.barcode === undefined ? [] : [r.barcode]))],
    }),
    database.read<Owner & { sku_key: string }>(tenantId, {
      text: `SELECT v.sku_key, v.product_id, v.variant_id FROM unnest($1::text[]) AS k(code) CROSS JOIN LATERAL
        (SELECT * FROM variant WHERE sku_key = k.code LIMIT 1) v`,
      values: [skus.map(skuKey)],
    }),
  ]);
  const byBarcode = new Map(barcodes.map((b) => [b.barcode, b]));
  const bySku = new Map(taken.map((v) => [v.sku_key, v]));
  return rows.map((row, n): Identified => {
    const sku = skus[n] as string;
    const ofBarcode = row.barcode === undefined ? undefined : byBarcode.get(row.barcode);
    const ofSku = bySku.get(skuKey(sku));
    const known = ofBarcode ?? ofSku;
    if (known === undefined) return { kind: 'new', sku };
    // A SKU that was only taken from the barcode says nothing of its own.
    const torn = row.sku !== undefined && ofSku !== undefined && ofSku.variant_id !== known.variant_id;
    return torn ? { kind: 'torn' } : { kind: 'known', productId: known.product_id, variantId: known.variant_id };
  });
}

type Decided =
  | { readonly events: ProposedEvent[]; readonly productId: string; readonly variantId: string }
  | { readonly code: RowDefect };

/** No event where the shop is already as the row says. */
export function eventsFor(
  row: ProductRow,
  found: Identified,
  state: ProductState | undefined,
  categories: CategoryIds,
  rates: KnownTaxRates,
  source: string,
): Decided {
  if (found.kind === 'torn') return { code: 'codes_of_two_products' };
  const category = row.category?.trim();
  const categoryId = category === undefined || category === '' ? null : (categories.get(nameKey(category)) ?? null);
  if (found.kind === 'new') return creation(row, found.sku, categoryId, rates);
  const variant = state?.variants.find((v) => v.variantId === found.variantId);
  if (state === undefined || variant === undefined) return { code: 'conflict' };
  const { variantId } = variant;
  const commands: ProductCommand[] = [
    {
      type: 'change',
      changes: {
        name: row.name.trim(),
        ...(row.brand === undefined ? {} : { brand: row.brand.trim() }),
        ...(row.description === undefined ? {} : { description: row.description }),
        ...(category === undefined ? {} : { categoryId }),
        ...(row.taxRateId === undefined ? {} : { taxRateId: row.taxRateId }),
        ...(row.salesUnit === undefined ? {} : { salesUnit: row.salesUnit }),
        ...(row.picture === undefined ? {} : { picture: row.picture }),
      },
    },
    {
      type: 'change_variant',
      variantId,
      changes: {
        ...(row.sku === undefined ? {} : { sku: row.sku.trim() }),
        ...(row.costMinor === undefined ? {} : { costMinor: row.costMinor }),
      },
    },
  ];
  if (row.barcode !== undefined) commands.push({ type: 'add_barcode', variantId, barcode: row.barcode });
  if (row.priceMinor !== undefined) {
    commands.push({ type: 'price', variantId, priceMinor: row.priceMinor, reason: source });
  }
  return { ...perform(state, commands), productId: state.productId, variantId };
}

/** Commands one after the other, each on what the ones before have done. */
function perform(
  state: ProductState,
  commands: readonly ProductCommand[],
): { events: ProposedEvent[] } | { code: RowDefect } {
  const events: ProposedEvent[] = [];
  let now: ProductState | null = state;
  for (const command of commands) {
    const decision = decide(now, command);
    if (!decision.ok) return { code: rowDefect(decision.rejection.code) };
    for (const event of decision.events) {
      events.push(event);
      // Events of this noun's decide are this noun's events.
      now = evolve(now, event as unknown as ProductEvent);
    }
  }
  return { events };
}

function creation(row: ProductRow, sku: string, categoryId: string | null, rates: KnownTaxRates): Decided {
  const productId = newId('prod');
  const variantId = newId('var');
  const decision = decide(null, {
    type: 'create',
    product: {
      productId,
      name: row.name.trim(),
      brand: row.brand?.trim() ?? '',
      description: row.description ?? '',
      categoryId,
      taxRateId: row.taxRateId ?? rates.defaultId,
      salesUnit: row.salesUnit ?? 'piece',
      options: [],
      picture: row.picture ?? '',
      variants: [
        {
          variantId,
          sku,
          name: '',
          barcodes: row.barcode === undefined ? [] : [row.barcode],
          priceMinor: row.priceMinor ?? null,
          costMinor: row.costMinor ?? null,
        },
      ],
    },
  });
  if (!decision.ok) return { code: rowDefect(decision.rejection.code) };
  return { events: [...decision.events], productId, variantId };
}

function rowDefect(code: string): RowDefect {
  if (code === 'product_archived' || code === 'barcodes_too_many' || code === 'name_missing') return code;
  return code === 'amount_invalid' || code === 'barcode_invalid' ? code : 'conflict';
}
