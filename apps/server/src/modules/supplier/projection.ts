/** Keeps the table of suppliers. Several events on one supplier within a batch are folded first, so each is written once. */
import { nameKey } from '@mostrador/domain/product';
import type { SupplierEvent } from '@mostrador/domain/supplier';
import type { JournalEvent, Projection, Statement } from '../../platform/journal/index.js';

/** What a batch leaves of one supplier; null: not touched by it. */
interface Row {
  readonly supplier_id: string;
  name: string | null;
  name_key: string | null;
  tax_id: string | null;
  note: string | null;
  archived: boolean;
  /** Seconds since the epoch. */
  created_at: number | null;
  updated_at: number;
  revision: number;
}

const COLUMNS = `supplier_id text, name text, name_key text, tax_id text, note text, archived boolean,
  created_at float8, updated_at float8, revision bigint`;

const INSERT = `INSERT INTO supplier (tenant_id, supplier_id, name, name_key, tax_id, note, archived, created_at,
  updated_at, revision)
SELECT $1, r.supplier_id, r.name, r.name_key, r.tax_id, r.note, r.archived, to_timestamp(r.created_at),
  to_timestamp(r.updated_at), r.revision
FROM json_to_recordset($2::json) AS r(${COLUMNS})`;

const UPDATE = `UPDATE supplier s SET name = coalesce(r.name, s.name), name_key = coalesce(r.name_key, s.name_key),
  tax_id = coalesce(r.tax_id, s.tax_id), note = coalesce(r.note, s.note), archived = s.archived OR r.archived,
  updated_at = to_timestamp(r.updated_at), revision = r.revision
FROM json_to_recordset($2::json) AS r(${COLUMNS})
WHERE s.tenant_id = $1 AND s.supplier_id = r.supplier_id`;

export const supplierProjection: Projection = {
  name: 'supplier',
  tables: ['supplier'],
  types: ['supplier.created', 'supplier.changed', 'supplier.archived'],
  statements(tenantId, events) {
    const rows = new Map<string, Row>();
    for (const event of events) fold(rows, event);
    const created = [...rows.values()].filter((row) => row.created_at !== null);
    const changed = [...rows.values()].filter((row) => row.created_at === null);
    const statements: Statement[] = [];
    if (created.length > 0) {
      statements.push({ name: 'supplier_insert', text: INSERT, values: [tenantId, JSON.stringify(created)] });
    }
    if (changed.length > 0) {
      statements.push({ name: 'supplier_update', text: UPDATE, values: [tenantId, JSON.stringify(changed)] });
    }
    return statements;
  },
};

function fold(rows: Map<string, Row>, event: JournalEvent): void {
  const { type, payload } = event as JournalEvent & SupplierEvent;
  const at = event.at / 1000;
  const row: Row = rows.get(payload.supplierId) ?? {
    supplier_id: payload.supplierId,
    name: null,
    name_key: null,
    tax_id: null,
    note: null,
    archived: false,
    created_at: null,
    updated_at: at,
    revision: event.seq,
  };
  rows.set(payload.supplierId, row);
  row.updated_at = at;
  row.revision = event.seq;
  switch (type) {
    case 'supplier.created':
      row.created_at = at;
      write(row, payload);
      return;
    case 'supplier.changed':
      write(row, payload.changes);
      return;
    case 'supplier.archived':
      row.archived = true;
  }
}

function write(row: Row, fields: { readonly name?: string; readonly taxId?: string; readonly note?: string }): void {
  if (fields.name !== undefined) {
    row.name = fields.name;
    row.name_key = sortKey(fields.name);
  }
  if (fields.taxId !== undefined) row.tax_id = fields.taxId;
  if (fields.note !== undefined) row.note = fields.note;
}

function sortKey(name: string): string {
  return [...nameKey(name)].slice(0, 80).join('');
}
