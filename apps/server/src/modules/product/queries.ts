/**
 * Reading products: one by one, as pages of a list, by a scanned code; always whole, with variants and what is on hand.
 * Only the scan is prepared by name: a plan that was kept from when the shop was empty reads whole tables once an import
 * has filled them, until they are analysed. For one code that is bearable, for a page of products it is not.
 */
import { gtin14 } from '@mostrador/domain/gtin';
import { type ProductState, skuKey } from '@mostrador/domain/product';
import { DEFAULT_REORDER_POINT_MILLI } from '@mostrador/domain/stock';
import type { Database, Statement } from '../../platform/database/index.js';

/** A product as the tables hold it. */
export interface StoredProduct {
  readonly state: ProductState;
  /** `seq` of the last event on the product. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly categoryName: string | null;
  /** Thousandths of the sales unit over all locations, by variant; a variant that never had stock is absent. */
  readonly onHandMilli: Readonly<Record<string, number>>;
}

interface Row {
  product_id: string;
  name: string;
  brand: string;
  description: string;
  category_id: string | null;
  category_name: string | null;
  tax_rate_id: string;
  sales_unit: ProductState['salesUnit'];
  options: string[];
  picture: string;
  archived: boolean;
  created_at: Date;
  updated_at: Date;
  revision: number;
  variants: { id: string; sku: string; name: string; price: number | null; cost: number | null }[];
  barcodes: { variant: string; barcode: string; mark: 'bad_gtin' | 'in_store' | null }[] | null;
  on_hand: Record<string, number> | null;
}

/** Columns of a whole product, of an alias `p`. */
const WHOLE = `p.product_id, p.name, p.brand, p.description, p.category_id, p.tax_rate_id, p.sales_unit, p.options,
  p.picture, p.archived, p.created_at, p.updated_at, p.revision,
  (SELECT c.name FROM category c WHERE c.category_id = p.category_id) AS category_name,
  (SELECT json_agg(json_build_object('id', v.variant_id, 'sku', v.sku, 'name', v.name, 'price', v.price_minor,
      'cost', v.cost_minor) ORDER BY v.position, v.variant_id) FROM variant v WHERE v.product_id = p.product_id) AS variants,
  (SELECT json_agg(json_build_object('variant', b.variant_id, 'barcode', b.barcode, 'mark', b.mark)
      ORDER BY b.position, b.barcode) FROM barcode b WHERE b.product_id = p.product_id) AS barcodes,
  (SELECT json_object_agg(s.item, s.milli) FROM (
      SELECT a.item, sum(a.debits_posted - a.credits_posted)::bigint AS milli
      FROM variant v JOIN ledger_account a ON a.item = v.variant_id AND a.item <> '' AND a.kind = 'stock'
      WHERE v.product_id = p.product_id GROUP BY a.item) s) AS on_hand`;

function stored(row: Row): StoredProduct {
  const barcodes = row.barcodes ?? [];
  const marks = barcodes.flatMap((b) => (b.mark === null ? [] : [[b.barcode, b.mark] as const]));
  return {
    state: {
      productId: row.product_id,
      name: row.name,
      brand: row.brand,
      description: row.description,
      categoryId: row.category_id,
      taxRateId: row.tax_rate_id,
      salesUnit: row.sales_unit,
      options: row.options,
      variants: row.variants.map((v) => ({
        variantId: v.id,
        sku: v.sku,
        name: v.name,
        barcodes: barcodes.filter((b) => b.variant === v.id).map((b) => b.barcode),
        priceMinor: v.price,
        costMinor: v.cost,
      })),
      barcodeMarks: Object.fromEntries(marks),
      picture: row.picture,
      archived: row.archived,
    },
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    categoryName: row.category_name,
    onHandMilli: row.on_hand ?? {},
  };
}

type Reader = Pick<Database, 'read'>;

/** In the order of the ids; unknown ones are left out. */
export async function productsById(
  database: Reader,
  tenantId: number,
  productIds: readonly string[],
): Promise<StoredProduct[]> {
  if (productIds.length === 0) return [];
  const rows = await database.read<Row>(tenantId, {
    text: `SELECT ${WHOLE} FROM product p WHERE p.product_id = ANY ($1::text[])`,
    values: [productIds],
  });
  const byId = new Map(rows.map((row) => [row.product_id, row]));
  return productIds.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : [stored(row)];
  });
}

export async function productById(
  database: Reader,
  tenantId: number,
  productId: string,
): Promise<StoredProduct | undefined> {
  return (await productsById(database, tenantId, [productId]))[0];
}

/** 0 active, 1 draft, 2 archived, as the tables say it. */
export type StatusNumber = 0 | 1 | 2;

export interface ListFilter {
  readonly status: readonly StatusNumber[];
  readonly categoryId?: string | undefined;
  /** Folded. */
  readonly brandKey?: string | undefined;
  readonly stock?: 'low' | 'out' | undefined;
}

export interface ListPlace {
  readonly nameKey: string;
  readonly productId: string;
}

/** Nothing of any variant `p` has, anywhere. */
const OUT = `(SELECT coalesce(sum(a.debits_posted - a.credits_posted), 0) FROM variant v
  JOIN ledger_account a ON a.item = v.variant_id AND a.item <> '' AND a.kind = 'stock'
  WHERE v.product_id = p.product_id) <= 0`;

const AVAILABLE = 'sum(a.debits_posted - a.credits_posted - a.credits_pending)';

/** Some variant of `p` has something left in all locations together, but no more than its reorder point. */
const LOW = `EXISTS (SELECT FROM variant v
  JOIN LATERAL (SELECT ${AVAILABLE} AS milli FROM ledger_account a
    WHERE a.item = v.variant_id AND a.item <> '' AND a.kind = 'stock') s ON s.milli > 0
  LEFT JOIN stock_threshold t ON t.variant_id = v.variant_id
  WHERE v.product_id = p.product_id AND s.milli <= coalesce(t.reorder_point_milli, ${DEFAULT_REORDER_POINT_MILLI}))`;

/** The same from the ledger's side: few variants have little, and walking all names to find them would take long. */
const LOW_OF_ALL = `p.product_id IN (SELECT v.product_id FROM (
    SELECT a.item, ${AVAILABLE} AS milli FROM ledger_account a WHERE a.item <> '' AND a.kind = 'stock' GROUP BY a.item) s
  JOIN variant v ON v.variant_id = s.item
  LEFT JOIN stock_threshold t ON t.variant_id = s.item
  WHERE s.milli > 0 AND s.milli <= coalesce(t.reorder_point_milli, ${DEFAULT_REORDER_POINT_MILLI}))`;

/**
 * Ids in the order of names, after a place. One branch for each status, so that each walks its part of the index in
 * order and stops at the limit, however many products there are.
 */
export async function listIds(
  database: Reader,
  tenantId: number,
  filter: ListFilter,
  after: ListPlace | undefined,
  limit: number,
): Promise<ListPlace[]> {
  const values: unknown[] = [limit];
  const bind = (value: unknown) => {
    values.push(value);
    return `$${values.length}`;
  };
  const conditions: string[] = [];
  if (filter.categoryId !== undefined) conditions.push(`p.category_id = ${bind(filter.categoryId)}`);
  if (filter.brandKey !== undefined) conditions.push(`p.brand_key = ${bind(filter.brandKey)} AND p.brand_key <> ''`);
  if (filter.stock !== undefined) conditions.push(filter.stock === 'out' ? OUT : LOW_OF_ALL);
  if (after !== undefined) {
    conditions.push(`(p.name_key, p.product_id) > (${bind(after.nameKey)}, ${bind(after.productId)})`);
  }
  const branch = (status: StatusNumber) =>
    `(SELECT p.name_key, p.product_id FROM product p WHERE ${[`p.status = ${status}`, ...conditions].join(' AND ')}
      ORDER BY p.name_key, p.product_id LIMIT $1)`;
  const rows = await database.read<{ name_key: string; product_id: string }>(tenantId, {
    text: `SELECT * FROM (${filter.status.map(branch).join(' UNION ALL ')}) u ORDER BY name_key, product_id LIMIT $1`,
    values,
  });
  return rows.map((row) => ({ nameKey: row.name_key, productId: row.product_id }));
}

/** Of these products, in their order, those with little or nothing on hand. */
export async function withStock(
  database: Reader,
  tenantId: number,
  productIds: readonly string[],
  stock: 'low' | 'out',
): Promise<string[]> {
  const rows = await database.read<{ product_id: string }>(tenantId, {
    text: `SELECT p.product_id FROM product p WHERE p.product_id = ANY ($1::text[])
      AND ${stock === 'out' ? OUT : LOW}`,
    values: [productIds],
  });
  const kept = new Set(rows.map((row) => row.product_id));
  return productIds.filter((id) => kept.has(id));
}

/** The spellings under which a GTIN may have been stored, itself first; other codes have only themselves. */
export function spellings(code: string): string[] {
  const full = gtin14(code);
  if (full === null) return [code];
  const cuts = [0, 1, 2, 6].filter((cut) => /^0*$/.test(full.slice(0, cut)));
  return [code, ...cuts.map((cut) => full.slice(cut)).filter((c) => c !== code)];
}

export interface Found {
  readonly productId: string;
  readonly variantId: string;
  readonly matchedBy: 'barcode' | 'equivalent_gtin' | 'sku';
}

function scanStatement(code: string): Statement {
  return {
    name: 'product.scan',
    // Exactly as stored before the same GTIN spelt otherwise, before a SKU; what is sold before what is archived.
    text: `SELECT r.product_id, r.variant_id, r.matched, ${WHOLE} FROM (
        SELECT m.product_id, m.variant_id, m.matched FROM (
          SELECT b.product_id, b.variant_id, CASE WHEN b.barcode = $1 THEN 0 ELSE 1 END AS matched
          FROM barcode b WHERE b.barcode = ANY ($2::text[])
          UNION ALL
          SELECT v.product_id, v.variant_id, 2 FROM variant v WHERE v.sku_key = $3
        ) m JOIN product q ON q.product_id = m.product_id
        ORDER BY m.matched, q.archived, m.variant_id LIMIT 1
      ) r JOIN product p ON p.product_id = r.product_id`,
    values: [code, spellings(code), skuKey(code)],
  };
}

/** The variant that a code stands for, archived or not. */
export async function scan(
  database: Reader,
  tenantId: number,
  code: string,
): Promise<(Found & { readonly product: StoredProduct }) | undefined> {
  const [row] = await database.read<Row & { variant_id: string; matched: 0 | 1 | 2 }>(tenantId, scanStatement(code));
  if (row === undefined) return undefined;
  return {
    product: stored(row),
    productId: row.product_id,
    variantId: row.variant_id,
    matchedBy: (['barcode', 'equivalent_gtin', 'sku'] as const)[row.matched],
  };
}

export interface StoredCategory {
  readonly categoryId: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly archived: boolean;
  readonly revision: number;
  readonly productCount: number;
}

/** All categories by name; `counted` also counts their products that are not archived. */
export async function allCategories(database: Reader, tenantId: number, counted: boolean): Promise<StoredCategory[]> {
  const count = counted
    ? '(SELECT count(*) FROM product p WHERE p.category_id = c.category_id AND p.status < 2)::int'
    : '0';
  const rows = await database.read<{
    category_id: string;
    name: string;
    parent_id: string;
    archived: boolean;
    revision: number;
    products: number;
  }>(tenantId, {
    text: `SELECT c.category_id, c.name, c.parent_id, c.archived, c.revision, ${count} AS products
      FROM category c ORDER BY c.name_key, c.category_id`,
    values: [],
  });
  return rows.map((row) => ({
    categoryId: row.category_id,
    name: row.name,
    parentId: row.parent_id === '' ? null : row.parent_id,
    archived: row.archived,
    revision: row.revision,
    productCount: row.products,
  }));
}
