/** Keeps the table of customers. Several events on one customer within a batch are folded first, so each is written once. */
import type { CustomerEvent } from '@mostrador/domain/customer';
import type { JournalEvent, Projection, Statement } from '../../platform/journal/index.js';

/** What a batch leaves of one customer; null: not touched by it. */
interface Row {
  readonly customer_id: string;
  sealed: string | null;
  tokens: readonly string[] | null;
  country: string | null;
  consents: readonly string[] | null;
  external_reference: string | null;
  /** Seconds since the epoch. */
  created_at: number | null;
  updated_at: number;
  erased_at: number | null;
  revision: number;
}

const COLUMNS = `customer_id text, sealed text, tokens text[], country text, consents text[], external_reference text,
  created_at float8, updated_at float8, erased_at float8, revision bigint`;

const INSERT = `INSERT INTO customer (tenant_id, customer_id, sealed, tokens, country, consents, external_reference,
  created_at, updated_at, erased_at, revision)
SELECT $1, r.customer_id, r.sealed, r.tokens, r.country, r.consents, r.external_reference,
  to_timestamp(r.created_at), to_timestamp(r.updated_at), to_timestamp(r.erased_at), r.revision
FROM json_to_recordset($2::json) AS r(${COLUMNS})`;

const UPDATE = `UPDATE customer c SET
  sealed = CASE WHEN r.erased_at IS NULL THEN r.sealed END,
  tokens = coalesce(r.tokens, '{}'),
  country = coalesce(r.country, c.country),
  consents = coalesce(r.consents, '{}'),
  external_reference = CASE WHEN r.erased_at IS NULL THEN c.external_reference END,
  updated_at = to_timestamp(r.updated_at),
  erased_at = to_timestamp(r.erased_at),
  revision = r.revision
FROM json_to_recordset($2::json) AS r(${COLUMNS})
WHERE c.tenant_id = $1 AND c.customer_id = r.customer_id AND c.erased_at IS NULL`;

export const customerProjection: Projection = {
  name: 'customer',
  tables: ['customer'],
  types: ['customer.created', 'customer.changed', 'customer.erased'],
  statements(tenantId, events) {
    const rows = new Map<string, Row>();
    for (const event of events) fold(rows, event);
    const created = [...rows.values()].filter((row) => row.created_at !== null);
    const changed = [...rows.values()].filter((row) => row.created_at === null);
    const statements: Statement[] = [];
    if (created.length > 0) {
      statements.push({ name: 'customer_insert', text: INSERT, values: [tenantId, JSON.stringify(created)] });
    }
    if (changed.length > 0) {
      statements.push({ name: 'customer_update', text: UPDATE, values: [tenantId, JSON.stringify(changed)] });
    }
    return statements;
  },
};

function fold(rows: Map<string, Row>, event: JournalEvent): void {
  const { type, payload } = event as JournalEvent & CustomerEvent;
  const at = event.at / 1000;
  const row: Row = rows.get(payload.customerId) ?? {
    customer_id: payload.customerId,
    sealed: null,
    tokens: null,
    country: null,
    consents: null,
    external_reference: null,
    created_at: null,
    updated_at: at,
    erased_at: null,
    revision: event.seq,
  };
  rows.set(payload.customerId, row);
  if (row.erased_at !== null) return;
  row.updated_at = at;
  row.revision = event.seq;
  switch (type) {
    case 'customer.created':
      row.created_at = at;
      row.external_reference = payload.externalReference ?? null;
      row.sealed = payload.sealed;
      row.tokens = payload.tokens;
      row.country = payload.country;
      row.consents = payload.consents;
      return;
    case 'customer.changed':
      row.sealed = payload.sealed;
      row.tokens = payload.tokens;
      row.country = payload.country;
      row.consents = payload.consents;
      return;
    case 'customer.erased':
      row.erased_at = at;
      row.sealed = null;
      row.tokens = [];
      row.consents = [];
      row.external_reference = null;
  }
}
