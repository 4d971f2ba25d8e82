/** All that is asked of the table of customers. */
import type { Database } from '../../platform/database/index.js';

export interface CustomerRow {
  readonly customer_id: string;
  readonly sealed: string | null;
  readonly tokens: readonly string[];
  readonly country: string;
  readonly consents: readonly string[];
  readonly external_reference: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly erased_at: Date | null;
  readonly revision: number;
}

const COLUMNS = `c.customer_id, c.sealed, c.tokens, c.country, c.consents, c.external_reference, c.created_at,
  c.updated_at, c.erased_at, c.revision`;

export async function readCustomer(database: Database, tenantId: number, id: string): Promise<CustomerRow | null> {
  return (await readCustomers(database, tenantId, [id]))[0] ?? null;
}

/** Those that there are, in no order. */
export function readCustomers(database: Database, tenantId: number, ids: readonly string[]): Promise<CustomerRow[]> {
  return database.read<CustomerRow>(tenantId, {
    name: 'customer_read',
    text: `SELECT ${COLUMNS} FROM customer c WHERE c.tenant_id = $1 AND c.customer_id = ANY ($2::text[])`,
    values: [tenantId, ids],
  });
}

/** The newest first, one more than `limit` when there are more; `before` is the last id of the page before. */
export function listCustomers(
  database: Database,
  tenantId: number,
  before: string | null,
  limit: number,
): Promise<CustomerRow[]> {
  return database.read<CustomerRow>(tenantId, {
    name: 'customer_list',
    text: `SELECT ${COLUMNS} FROM customer c WHERE c.tenant_id = $1 AND ($2::text IS NULL OR c.customer_id < $2)
ORDER BY c.customer_id DESC LIMIT $3`,
    values: [tenantId, before, limit + 1],
  });
}

/** The same among those with all tokens of `every`, or one of `some`. */
export function searchCustomers(
  database: Database,
  tenantId: number,
  tokens: { readonly every: readonly string[]; readonly some: readonly string[] },
  before: string | null,
  limit: number,
): Promise<CustomerRow[]> {
  return database.read<CustomerRow>(tenantId, {
    name: 'customer_search',
    text: `SELECT ${COLUMNS} FROM customer_search_ids($2::text[], $3::text[], $4::text, $5::integer) AS f(id)
JOIN customer c ON c.tenant_id = $1 AND c.customer_id = f.id ORDER BY c.customer_id DESC`,
    values: [tenantId, tokens.every, tokens.some, before, limit + 1],
  });
}

/** Ids by the number they had where they were imported from. */
export async function customersByReference(
  database: Database,
  tenantId: number,
  references: readonly string[],
): Promise<Map<string, string>> {
  const rows = await database.read<{ external_reference: string; customer_id: string }>(tenantId, {
    name: 'customer_reference',
    text: `SELECT external_reference, customer_id FROM customer
WHERE tenant_id = $1 AND external_reference = ANY ($2::text[])`,
    values: [tenantId, references],
  });
  return new Map(rows.map((row) => [row.external_reference, row.customer_id]));
}
