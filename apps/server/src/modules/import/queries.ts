/** What an import asks of the journal and the ledger before it writes. */
import type { Database } from '../../platform/database/index.js';

const CHUNK = 5000;

/** Which of these proposals are in the journal, with their digests (hex). */
export async function committedDigests(
  database: Pick<Database, 'read'>,
  tenantId: number,
  commitIds: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let i = 0; i < commitIds.length; i += CHUNK) {
    const rows = await database.read<{ commit_id: string; digest: string }>(tenantId, {
      name: 'import_committed',
      text: `SELECT commit_id, encode(digest, 'hex') AS digest FROM journal_event
WHERE tenant_id = $1 AND n = 0 AND commit_id = ANY ($2::uuid[])`,
      values: [tenantId, commitIds.slice(i, i + CHUNK)],
    });
    for (const row of rows) found.set(row.commit_id, row.digest);
  }
  return found;
}

/** What lies at a location, in thousandths, by variant; absent: nothing ever did. */
export async function stockLevels(
  database: Pick<Database, 'read'>,
  tenantId: number,
  locationId: string,
  variantIds: readonly string[],
): Promise<Map<string, number>> {
  const levels = new Map<string, number>();
  for (let i = 0; i < variantIds.length; i += CHUNK) {
    const rows = await database.read<{ item: string; on_hand: number }>(tenantId, {
      name: 'import_levels',
      text: `SELECT item, debits_posted - credits_posted AS on_hand FROM ledger_account
WHERE tenant_id = $1 AND kind = 'stock' AND owner = $2 AND item = ANY ($3::text[])`,
      values: [tenantId, locationId, variantIds.slice(i, i + CHUNK)],
    });
    for (const row of rows) levels.set(row.item, row.on_hand);
  }
  return levels;
}

/** A variant as an imported line names it. */
export interface VariantBySku {
  readonly productId: string;
  readonly variantId: string;
  readonly sku: string;
  /** The product's, and the variant's where it has one. */
  readonly name: string;
}

/** Variants by what SKUs are compared by (`skuKey`), archived ones too. */
export async function variantsBySku(
  database: Pick<Database, 'read'>,
  tenantId: number,
  keys: readonly string[],
): Promise<Map<string, VariantBySku>> {
  const rows = await database.read<{
    sku_key: string;
    product_id: string;
    variant_id: string;
    sku: string;
    name: string;
  }>(tenantId, {
    name: 'import_variants_by_sku',
    text: `SELECT v.sku_key, v.product_id, v.variant_id, v.sku, trim(p.name || ' ' || v.name) AS name FROM variant v
JOIN product p ON p.tenant_id = $1 AND p.product_id = v.product_id
WHERE v.tenant_id = $1 AND v.sku_key = ANY ($2::text[])`,
    values: [tenantId, keys],
  });
  return new Map(
    rows.map((row) => [
      row.sku_key,
      { productId: row.product_id, variantId: row.variant_id, sku: row.sku, name: row.name },
    ]),
  );
}
