/** What is asked about variants, receipts, reorder points and due reservations. Levels: levels.ts; history: movements.ts. */
import type { AccountKind, Pending } from '@mostrador/domain/ledger';
import type { Database } from '../../platform/database/index.js';

/** Product ids by variant; nothing for variants that do not exist. */
export async function productsOf(
  database: Database,
  tenantId: number,
  variantIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await database.read<{ variant_id: string; product_id: string }>(tenantId, {
    name: 'stock_products_of',
    text: 'SELECT variant_id, product_id FROM variant WHERE tenant_id = $1 AND variant_id = ANY ($2::text[])',
    values: [tenantId, variantIds],
  });
  return new Map(rows.map((r) => [r.variant_id, r.product_id]));
}

export interface VariantName {
  readonly variant_id: string;
  readonly product_name: string;
  readonly variant_name: string;
  readonly sku: string;
}

export async function variantNames(
  database: Database,
  tenantId: number,
  variantIds: readonly string[],
): Promise<Map<string, VariantName>> {
  const rows = await database.read<VariantName>(tenantId, {
    name: 'stock_variant_names',
    text: `SELECT v.variant_id, p.name AS product_name, v.name AS variant_name, v.sku FROM variant v
JOIN product p ON p.tenant_id = $1 AND p.product_id = v.product_id
WHERE v.tenant_id = $1 AND v.variant_id = ANY ($2::text[])`,
    values: [tenantId, variantIds],
  });
  return new Map(rows.map((r) => [r.variant_id, r]));
}

export interface ReceiptRow {
  readonly receipt_id: string;
  readonly seq: number;
  readonly at: Date;
  readonly actor: string;
  readonly location_id: string;
  readonly location_name: string | null;
  readonly supplier_id: string | null;
  readonly supplier_name: string | null;
  readonly reference: string;
  readonly currency: string;
  readonly line_count: number;
  readonly quantity_milli: number;
  readonly cost_minor: number | null;
}

const RECEIPT = `SELECT r.receipt_id, r.seq, r.at, r.actor, r.location_id, l.name AS location_name, r.supplier_id,
  s.name AS supplier_name, r.reference, r.currency, r.line_count, r.quantity_milli, r.cost_minor
FROM stock_receipt r
LEFT JOIN location l ON l.tenant_id = $1 AND l.location_id = r.location_id
LEFT JOIN supplier s ON s.tenant_id = $1 AND s.supplier_id = r.supplier_id
WHERE r.tenant_id = $1`;

export async function readReceipt(database: Database, tenantId: number, receiptId: string): Promise<ReceiptRow | null> {
  const rows = await database.read<ReceiptRow>(tenantId, {
    name: 'stock_receipt_read',
    text: `${RECEIPT} AND r.receipt_id = $2`,
    values: [tenantId, receiptId],
  });
  return rows[0] ?? null;
}

/** Newest first; one more than `limit` tells that there are more. */
export function listReceipts(
  database: Database,
  tenantId: number,
  filter: {
    readonly locationId: string | null;
    readonly supplierId: string | null;
    readonly before: number | null;
    readonly limit: number;
  },
): Promise<ReceiptRow[]> {
  const values: unknown[] = [tenantId];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  let text = RECEIPT;
  if (filter.locationId !== null) text += ` AND r.location_id = ${bind(filter.locationId)}`;
  if (filter.supplierId !== null) text += ` AND r.supplier_id = ${bind(filter.supplierId)}`;
  if (filter.before !== null) text += ` AND r.seq < ${bind(filter.before)}`;
  text += ` ORDER BY r.seq DESC LIMIT ${bind(filter.limit + 1)}`;
  return database.read<ReceiptRow>(tenantId, { text, values });
}

/** Open reservations of stock whose time has come, the longest due first. */
export async function dueReservations(
  database: Database,
  tenantId: number,
  now: number,
  limit: number,
): Promise<Pending[]> {
  const rows = await database.read<{
    pending_id: string;
    amount: number;
    expires_at: Date;
    d_kind: AccountKind;
    d_owner: string;
    owner: string;
    item: string;
    unit: string;
  }>(tenantId, {
    name: 'stock_reservations_due',
    text: `SELECT p.pending_id, p.amount, p.expires_at, d.kind AS d_kind, d.owner AS d_owner, c.owner, c.item, c.unit
FROM ledger_pending p
JOIN ledger_account c ON c.tenant_id = $1 AND c.account_id = p.credit_account AND c.kind = 'stock'
JOIN ledger_account d ON d.tenant_id = $1 AND d.account_id = p.debit_account
WHERE p.tenant_id = $1 AND p.state = 'open' AND p.expires_at <= to_timestamp($2)
ORDER BY p.expires_at LIMIT $3`,
    values: [tenantId, now / 1000, limit],
  });
  return rows.map((r) => ({
    id: r.pending_id,
    debit: { kind: r.d_kind, owner: r.d_owner, item: '', unit: r.unit },
    credit: { kind: 'stock', owner: r.owner, item: r.item, unit: r.unit },
    amount: r.amount,
    cause: 'reservation',
    expiresAt: r.expires_at.getTime(),
  }));
}
