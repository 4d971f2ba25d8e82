/** Keeps the tables of a shop's settings, and tells every process when they have changed. */
import type { TenantEvent } from '@mostrador/domain/tenant';
import type { JournalEvent, Projection, Statement } from '../../platform/journal/index.js';

/** Payload: the tenant's row number. */
export const CHANNEL = 'mostrador_tenant';

export const TENANT_EVENTS = [
  'tenant.created',
  'tenant.changed',
  'tenant.tax_rate_added',
  'tenant.tax_rate_changed',
  'location.created',
  'location.changed',
] as const satisfies readonly TenantEvent['type'][];

export const tenantProjection: Projection = {
  name: 'tenant',
  tables: ['tenant', 'tax_rate', 'location'],
  types: TENANT_EVENTS,
  statements(tenantId, events) {
    const statements = events.flatMap((event) => statementsOf(tenantId, event));
    if (statements.length === 0) return [];
    // A rebuild writes elsewhere and changes nothing that anybody reads.
    statements.push({
      text: `SELECT pg_notify('${CHANNEL}', $1) WHERE current_schema() = 'public'`,
      values: [String(tenantId)],
    });
    return statements;
  },
};

const INSERT_TENANT = `INSERT INTO tenant (tenant_id, id, name, country, currency, time_zone, locale, tax_identifier,
  address, receipt_footer, option_sets, created_at, updated_at, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '', $8::json, to_timestamp($9::float8), to_timestamp($9::float8), $10)`;

const INSERT_RATES = `INSERT INTO tax_rate (tenant_id, tax_rate_id, name, rate_bp, is_default, archived, revision)
SELECT $1, r."taxRateId", r.name, r."rateBp", r."isDefault", false, $3
FROM json_to_recordset($2::json) AS r("taxRateId" text, name text, "rateBp" integer, "isDefault" boolean)`;

const UPDATE_TENANT = `UPDATE tenant SET name = coalesce($2, name), time_zone = coalesce($3, time_zone),
  locale = coalesce($4, locale), tax_identifier = coalesce($5, tax_identifier), address = coalesce($6, address),
  receipt_footer = coalesce($7, receipt_footer), updated_at = to_timestamp($8::float8), revision = $9
WHERE tenant_id = $1`;

const UPDATE_RATE = `UPDATE tax_rate SET name = coalesce($3, name), is_default = coalesce($4, is_default),
  archived = coalesce($5, archived), revision = $6 WHERE tenant_id = $1 AND tax_rate_id = $2`;

const INSERT_LOCATION = `INSERT INTO location (tenant_id, location_id, name, address, is_default, receipt_prefix, archived,
  revision) VALUES ($1, $2, $3, $4, $5, $6, false, $7)`;

const UPDATE_LOCATION = `UPDATE location SET name = coalesce($3, name), address = coalesce($4, address),
  is_default = coalesce($5, is_default), archived = coalesce($6, archived), revision = $7
WHERE tenant_id = $1 AND location_id = $2`;

function statementsOf(tenantId: number, journalEvent: JournalEvent): Statement[] {
  const { seq, at } = journalEvent;
  // The type decides the payload's shape.
  const event = journalEvent as unknown as TenantEvent;
  switch (event.type) {
    case 'tenant.created': {
      const p = event.payload;
      const sets = JSON.stringify(p.optionSets);
      return [
        {
          text: INSERT_TENANT,
          values: [tenantId, p.tenantId, p.name, p.country, p.currency, p.timeZone, p.locale, sets, at / 1000, seq],
        },
        // No event is about them alone yet.
        { text: INSERT_RATES, values: [tenantId, JSON.stringify(p.taxRates), 0] },
      ];
    }
    case 'tenant.changed': {
      const c = event.payload.changes;
      const values = [c.name, c.timeZone, c.locale, c.taxIdentifier, c.address, c.receiptFooter].map((v) => v ?? null);
      return [{ text: UPDATE_TENANT, values: [tenantId, ...values, at / 1000, seq] }];
    }
    case 'tenant.tax_rate_added':
      return [{ text: INSERT_RATES, values: [tenantId, JSON.stringify([event.payload]), seq] }];
    case 'tenant.tax_rate_changed': {
      const { taxRateId, changes: c } = event.payload;
      const values = [c.name, c.isDefault, c.archived].map((v) => v ?? null);
      return [{ text: UPDATE_RATE, values: [tenantId, taxRateId, ...values, seq] }];
    }
    case 'location.created': {
      const p = event.payload;
      const values = [tenantId, p.locationId, p.name, p.address, p.isDefault, p.receiptPrefix, seq];
      return [{ text: INSERT_LOCATION, values }];
    }
    case 'location.changed': {
      const { locationId, changes: c } = event.payload;
      const values = [c.name, c.address, c.isDefault, c.archived].map((v) => v ?? null);
      return [{ text: UPDATE_LOCATION, values: [tenantId, locationId, ...values, seq] }];
    }
  }
}
