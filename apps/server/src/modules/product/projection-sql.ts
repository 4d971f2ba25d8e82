/** The statements behind the projection, one function for each kind of event. All take columns as arrays. */
import { foldWords, type ProductEvent, skuKey, type Variant } from '@mostrador/domain/product';
import type { StockEvent } from '@mostrador/domain/stock';
import type { JournalEvent, Statement } from '../../platform/journal/index.js';
import { orderKey, type VariantRow, variantRow, wordsOf } from './rows.js';

type Of<T extends ProductEvent['type']> = readonly JournalEvent<Extract<ProductEvent, { type: T }>['payload']>[];
type Received = readonly JournalEvent<Extract<StockEvent, { type: 'stock.received' }>['payload']>[];

export const seconds = (event: JournalEvent<unknown>) => event.at / 1000;

export function created(tenantId: number, events: Of<'product.created'>): Statement[] {
  const rows = events.map((e) => e.payload);
  const brandWords = rows.map((p) => foldWords(p.brand));
  const nameWords = rows.map((p) => foldWords(p.name));
  const status = rows.map((p) => (p.variants.some((v) => v.priceMinor !== null) ? 0 : 1));
  const ids = rows.map((p) => p.productId);
  const categories = rows.map((p) => p.categoryId);
  const variants = rows.flatMap((p) => p.variants.map((v, n) => variantRow(p.productId, v, n)));
  const variantWords = rows.map((p) => variantWordsOf(p.variants));
  const marks = new Map(rows.flatMap((p) => Object.entries(p.barcodeMarks ?? {})));
  return [
    {
      name: 'product.created',
      text: `INSERT INTO product (tenant_id, product_id, name, name_key, brand, brand_key, description, category_id,
          tax_rate_id, sales_unit, options, picture, archived, status, created_at, updated_at, revision)
        SELECT $1, r.id, r.name, r.name_key, r.brand, r.brand_key, r.description, r.category, r.tax, r.unit,
          r.options::jsonb, r.picture, false, r.status, to_timestamp(r.at), to_timestamp(r.at), r.seq
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
          $10::text[], $11::text[], $12::text[], $13::smallint[], $14::float8[], $15::bigint[])
          AS r(id, name, name_key, brand, brand_key, description, category, tax, unit, options, picture, status, at, seq)`,
      values: [
        tenantId,
        ids,
        rows.map((p) => p.name),
        rows.map((p) => orderKey(p.name)),
        rows.map((p) => p.brand),
        brandWords,
        rows.map((p) => p.description),
        categories,
        rows.map((p) => p.taxRateId),
        rows.map((p) => p.salesUnit),
        rows.map((p) => JSON.stringify(p.options)),
        rows.map((p) => p.picture ?? ''),
        status,
        events.map(seconds),
        events.map((e) => e.seq),
      ],
    },
    {
      name: 'product.created.search',
      text: `INSERT INTO product_search (tenant_id, product_id, status, name_words, brand_words, variant_words, category_id)
        SELECT $1, * FROM unnest($2::text[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[])`,
      values: [tenantId, ids, status, nameWords, brandWords, variantWords, categories],
    },
    ...insertVariants(tenantId, variants),
    ...insertBarcodes(
      tenantId,
      variants.flatMap(({ productId, variant }) =>
        variant.barcodes.map((barcode, position) => ({
          productId,
          variantId: variant.variantId,
          barcode,
          position,
          mark: marks.get(barcode) ?? null,
        })),
      ),
    ),
    ...keepWords(tenantId, [...nameWords, ...brandWords, ...variantWords]),
  ];
}

/** As the settling statement would join them. */
function variantWordsOf(variants: readonly Variant[]): string {
  return variants
    .map((v) => foldWords(v.name))
    .filter((w) => w !== '')
    .join(' ');
}

function insertVariants(tenantId: number, rows: readonly VariantRow[]): Statement[] {
  return [
    {
      name: 'product.variant.insert',
      text: `INSERT INTO variant (tenant_id, variant_id, product_id, position, sku, sku_key, name, name_words, price_minor, cost_minor)
        SELECT $1, * FROM unnest($2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[],
          $9::bigint[], $10::bigint[])`,
      values: [
        tenantId,
        rows.map((r) => r.variant.variantId),
        rows.map((r) => r.productId),
        rows.map((r) => r.position),
        rows.map((r) => r.variant.sku),
        rows.map((r) => r.skuKey),
        rows.map((r) => r.variant.name),
        rows.map((r) => r.nameWords),
        rows.map((r) => r.variant.priceMinor),
        rows.map((r) => r.variant.costMinor),
      ],
    },
  ];
}

interface BarcodeRow {
  readonly productId: string;
  readonly variantId: string;
  readonly barcode: string;
  readonly position: number;
  readonly mark: string | null;
}

function insertBarcodes(tenantId: number, rows: readonly BarcodeRow[]): Statement[] {
  if (rows.length === 0) return [];
  return [
    {
      name: 'product.barcode.insert',
      text: `INSERT INTO barcode (tenant_id, barcode, product_id, variant_id, position, mark)
        SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::text[])`,
      values: [
        tenantId,
        rows.map((r) => r.barcode),
        rows.map((r) => r.productId),
        rows.map((r) => r.variantId),
        rows.map((r) => r.position),
        rows.map((r) => r.mark),
      ],
    },
  ];
}

/** Words once known stay known: a typo of a name that was corrected since may still be forgiven. */
function keepWords(tenantId: number, folded: readonly string[]): Statement[] {
  const words = [...wordsOf(folded)].sort();
  if (words.length === 0) return [];
  return [
    {
      name: 'product.words',
      text: `INSERT INTO product_word (tenant_id, word) SELECT $1, w FROM unnest($2::text[]) AS w
        ON CONFLICT DO NOTHING`,
      values: [tenantId, words],
    },
  ];
}

export function changed(tenantId: number, events: Of<'product.changed'>): Statement[] {
  const changes = events.map((e) => e.payload.changes);
  const or = <T>(value: T | undefined): T | null => value ?? null;
  const folded = (text: string | undefined) => (text === undefined ? null : foldWords(text));
  const ids = events.map((e) => e.payload.productId);
  const categoryGiven = changes.map((c) => c.categoryId !== undefined);
  const categories = changes.map((c) => or(c.categoryId));
  const searched = changes.some((c) => (c.name ?? c.brand ?? c.categoryId) !== undefined);
  return [
    {
      name: 'product.changed',
      text: `UPDATE product p SET name = coalesce(r.name, p.name), name_key = coalesce(r.name_key, p.name_key),
          brand = coalesce(r.brand, p.brand), brand_key = coalesce(r.brand_key, p.brand_key),
          description = coalesce(r.description, p.description),
          category_id = CASE WHEN r.category_given THEN r.category ELSE p.category_id END,
          tax_rate_id = coalesce(r.tax, p.tax_rate_id), sales_unit = coalesce(r.unit, p.sales_unit),
          picture = coalesce(r.picture, p.picture)
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bool[], $9::text[],
          $10::text[], $11::text[], $12::text[])
          AS r(id, name, name_key, brand, brand_key, description, category_given, category, tax, unit, picture)
        WHERE p.tenant_id = $1 AND p.product_id = r.id`,
      values: [
        tenantId,
        ids,
        changes.map((c) => or(c.name)),
        changes.map((c) => (c.name === undefined ? null : orderKey(c.name))),
        changes.map((c) => or(c.brand)),
        changes.map((c) => folded(c.brand)),
        changes.map((c) => or(c.description)),
        categoryGiven,
        categories,
        changes.map((c) => or(c.taxRateId)),
        changes.map((c) => or(c.salesUnit)),
        changes.map((c) => or(c.picture)),
      ],
    },
    ...(searched
      ? [
          {
            name: 'product.changed.search',
            text: `UPDATE product_search s SET name_words = coalesce(r.name, s.name_words),
                brand_words = coalesce(r.brand, s.brand_words),
                category_id = CASE WHEN r.category_given THEN r.category ELSE s.category_id END
              FROM unnest($2::text[], $3::text[], $4::text[], $5::bool[], $6::text[])
                AS r(id, name, brand, category_given, category)
              WHERE s.tenant_id = $1 AND s.product_id = r.id`,
            values: [
              tenantId,
              ids,
              changes.map((c) => folded(c.name)),
              changes.map((c) => folded(c.brand)),
              categoryGiven,
              categories,
            ],
          },
        ]
      : []),
    ...keepWords(
      tenantId,
      changes.flatMap((c) => [foldWords(c.name ?? ''), foldWords(c.brand ?? '')]),
    ),
  ];
}

export function variantAdded(tenantId: number, events: Of<'product.variant_added'>): Statement[] {
  const rows = events.map((e) => variantRow(e.payload.productId, e.payload.variant, 0));
  return [
    {
      name: 'product.variant.add',
      text: `INSERT INTO variant (tenant_id, variant_id, product_id, position, sku, sku_key, name, name_words, price_minor, cost_minor)
        SELECT $1, r.id, r.product, (SELECT coalesce(max(v.position), -1) + 1 FROM variant v
          WHERE v.tenant_id = $1 AND v.product_id = r.product), r.sku, r.sku_key, r.name, r.words, r.price, r.cost
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[])
          AS r(id, product, sku, sku_key, name, words, price, cost)`,
      values: [
        tenantId,
        rows.map((r) => r.variant.variantId),
        rows.map((r) => r.productId),
        rows.map((r) => r.variant.sku),
        rows.map((r) => r.skuKey),
        rows.map((r) => r.variant.name),
        rows.map((r) => r.nameWords),
        rows.map((r) => r.variant.priceMinor),
        rows.map((r) => r.variant.costMinor),
      ],
    },
    ...insertBarcodes(
      tenantId,
      rows.flatMap(({ productId, variant }) =>
        variant.barcodes.map((barcode, position) => ({
          productId,
          variantId: variant.variantId,
          barcode,
          position,
          mark: null,
        })),
      ),
    ),
    ...keepWords(
      tenantId,
      rows.map((r) => r.nameWords),
    ),
  ];
}

export function variantChanged(tenantId: number, events: Of<'product.variant_changed'>): Statement[] {
  const changes = events.map((e) => e.payload.changes);
  return [
    {
      name: 'product.variant.change',
      text: `UPDATE variant v SET sku = coalesce(r.sku, v.sku), sku_key = coalesce(r.sku_key, v.sku_key),
          name = coalesce(r.name, v.name), name_words = coalesce(r.words, v.name_words),
          cost_minor = CASE WHEN r.cost_given THEN r.cost ELSE v.cost_minor END
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::bigint[])
          AS r(id, sku, sku_key, name, words, cost_given, cost)
        WHERE v.tenant_id = $1 AND v.variant_id = r.id`,
      values: [
        tenantId,
        events.map((e) => e.payload.variantId),
        changes.map((c) => c.sku ?? null),
        changes.map((c) => (c.sku === undefined ? null : skuKey(c.sku))),
        changes.map((c) => c.name ?? null),
        changes.map((c) => (c.name === undefined ? null : foldWords(c.name))),
        changes.map((c) => c.costMinor !== undefined),
        changes.map((c) => c.costMinor ?? null),
      ],
    },
    ...keepWords(
      tenantId,
      changes.map((c) => foldWords(c.name ?? '')),
    ),
  ];
}

export function barcodeAdded(tenantId: number, events: Of<'product.barcode_added'>): Statement[] {
  const rows = events.map((e) => e.payload);
  return [
    {
      name: 'product.barcode.add',
      text: `INSERT INTO barcode (tenant_id, barcode, product_id, variant_id, position, mark)
        SELECT $1, r.barcode, r.product, r.variant, (SELECT coalesce(max(b.position), -1) + 1 FROM barcode b
          WHERE b.tenant_id = $1 AND b.product_id = r.product AND b.variant_id = r.variant), r.mark
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS r(barcode, product, variant, mark)`,
      values: [
        tenantId,
        rows.map((p) => p.barcode),
        rows.map((p) => p.productId),
        rows.map((p) => p.variantId),
        rows.map((p) => p.mark ?? null),
      ],
    },
  ];
}

export function barcodeRemoved(tenantId: number, events: Of<'product.barcode_removed'>): Statement[] {
  return [
    {
      name: 'product.barcode.remove',
      text: 'DELETE FROM barcode WHERE tenant_id = $1 AND barcode = ANY ($2::text[])',
      values: [tenantId, events.map((e) => e.payload.barcode)],
    },
  ];
}

export function priced(tenantId: number, events: Of<'product.priced'>): Statement[] {
  const changes = events.flatMap((e) => e.payload.changes);
  return [
    {
      name: 'product.priced',
      text: `UPDATE variant v SET price_minor = r.price FROM unnest($2::text[], $3::bigint[]) AS r(id, price)
        WHERE v.tenant_id = $1 AND v.variant_id = r.id`,
      values: [tenantId, changes.map((c) => c.variantId), changes.map((c) => c.priceMinor)],
    },
  ];
}

export function archived(
  tenantId: number,
  events: Of<'product.archived'> | Of<'product.restored'>,
  now: boolean,
): Statement[] {
  return [
    {
      name: 'product.archived',
      text: 'UPDATE product SET archived = $3 WHERE tenant_id = $1 AND product_id = ANY ($2::text[])',
      values: [tenantId, events.map((e) => e.payload.productId), now],
    },
  ];
}

/** The last known cost is that of the last goods received. */
export function received(tenantId: number, events: Received): Statement[] {
  const costs = new Map<string, number>();
  for (const e of events) {
    for (const line of e.payload.lines) if (line.unitCostMinor !== null) costs.set(line.variantId, line.unitCostMinor);
  }
  if (costs.size === 0) return [];
  return [
    {
      name: 'product.cost',
      text: `UPDATE variant v SET cost_minor = r.cost FROM unnest($2::text[], $3::bigint[]) AS r(id, cost)
        WHERE v.tenant_id = $1 AND v.variant_id = r.id AND v.cost_minor IS DISTINCT FROM r.cost`,
      values: [tenantId, [...costs.keys()], [...costs.values()]],
    },
  ];
}
