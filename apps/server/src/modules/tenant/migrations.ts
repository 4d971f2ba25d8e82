/** The tables of a shop's settings. Every list and every receipt reads them, so they are small and kept in memory. */
import type { Migration } from '../../platform/database/index.js';

export const tenantMigrations: readonly Migration[] = [
  {
    id: '0100-tenant',
    sql: `
CREATE TABLE tenant (
  tenant_id integer NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  country text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  time_zone text COLLATE "C" NOT NULL,
  locale text COLLATE "C" NOT NULL,
  tax_identifier text NOT NULL,
  address text NOT NULL,
  receipt_footer text NOT NULL,
  option_sets json NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- seq of the last event on it.
  revision bigint NOT NULL,
  CONSTRAINT tenant_pkey PRIMARY KEY (tenant_id)
);
SELECT mostrador_protect('tenant');
SELECT mostrador_definer_reads('tenant');

CREATE TABLE tax_rate (
  tenant_id integer NOT NULL,
  tax_rate_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  -- Basis points of the net price.
  rate_bp integer NOT NULL,
  is_default boolean NOT NULL,
  archived boolean NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (tenant_id, tax_rate_id)
);
SELECT mostrador_protect('tax_rate');

CREATE TABLE location (
  tenant_id integer NOT NULL,
  location_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  address text NOT NULL,
  is_default boolean NOT NULL,
  receipt_prefix text COLLATE "C" NOT NULL,
  archived boolean NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (tenant_id, location_id)
);
CREATE UNIQUE INDEX location_receipt_prefix ON location (tenant_id, receipt_prefix);
SELECT mostrador_protect('location');

-- The shops of this installation, for the command line and the workers.
CREATE FUNCTION tenant_list()
RETURNS TABLE (tenant_id integer, id text, name text, country text, currency text, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $body$ SELECT t.tenant_id, t.id, t.name, t.country, t.currency, t.created_at FROM tenant t ORDER BY t.tenant_id $body$;
ALTER FUNCTION tenant_list() OWNER TO mostrador_definer;
REVOKE ALL ON FUNCTION tenant_list() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_list() TO mostrador_app;
`,
  },
];
