/** All that is asked of the table of suppliers. */
import type { Database } from '../../platform/database/index.js';

export interface SupplierRow {
  readonly supplier_id: string;
  readonly name: string;
  readonly name_key: string;
  readonly tax_id: string;
  readonly note: string;
  readonly archived: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly revision: number;
}

const COLUMNS =
  's.supplier_id, s.name, s.name_key, s.tax_id, s.note, s.archived, s.created_at, s.updated_at, s.revision';

/** Those that there are, in no order. */
export function readSuppliers(database: Database, tenantId: number, ids: readonly string[]): Promise<SupplierRow[]> {
  return database.read<SupplierRow>(tenantId, {
    name: 'supplier_read',
    text: `SELECT ${COLUMNS} FROM supplier s WHERE s.tenant_id = $1 AND s.supplier_id = ANY ($2::text[])`,
    values: [tenantId, ids],
  });
}

export interface SupplierFilter {
  /** Folded part of a name; '' for all. */
  readonly words: string;
  /** What was typed, in lower case, for tax ids. */
  readonly typed: string;
  readonly archived: boolean;
  /** Key and id of the last row of the page before. */
  readonly after: readonly [string, string] | null;
  readonly limit: number;
}

/** By name, one more than `limit` when there are more. */
export function listSuppliers(database: Database, tenantId: number, filter: SupplierFilter): Promise<SupplierRow[]> {
  return database.read<SupplierRow>(tenantId, {
    name: 'supplier_list',
    text: `SELECT ${COLUMNS} FROM supplier s
WHERE s.tenant_id = $1 AND s.archived = $2
  AND ($3 = '' OR (($4 <> '' AND position($4 in s.name_key) > 0) OR position($3 in lower(s.tax_id)) > 0))
  AND ($5::text IS NULL OR (s.name_key, s.supplier_id) > ($5, $6))
ORDER BY s.name_key, s.supplier_id LIMIT $7`,
    values: [
      tenantId,
      filter.archived,
      filter.typed,
      filter.words,
      filter.after?.[0] ?? null,
      filter.after?.[1] ?? null,
      filter.limit + 1,
    ],
  });
}
