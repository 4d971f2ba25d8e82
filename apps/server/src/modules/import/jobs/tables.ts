/**
 * The tables of import jobs. An upload lies in the database until its job ends, so that any server of the installation
 * can work on it and go on with it [IM22]. These are no projections: what an import did stands in the journal.
 */
import type { Migration } from '../../../platform/database/index.js';

export const importMigrations: readonly Migration[] = [
  {
    id: '0700-import',
    sql: `
CREATE TABLE import_job (
  tenant_id integer NOT NULL,
  import_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  -- uploaded, running, done, failed, cancelled
  state text COLLATE "C" NOT NULL,
  file_name text NOT NULL,
  bytes bigint NOT NULL,
  format text COLLATE "C" NOT NULL,
  headings jsonb NOT NULL,
  -- [{row, cells}], the first rows.
  sample jsonb NOT NULL,
  columns jsonb,
  total integer,
  done integer NOT NULL DEFAULT 0,
  created integer NOT NULL DEFAULT 0,
  updated integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0,
  result jsonb,
  failure text,
  user_id text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz,
  CONSTRAINT import_job_pkey PRIMARY KEY (tenant_id, import_id)
);
CREATE INDEX import_job_running ON import_job (started_at) WHERE state = 'running';
SELECT mostrador_protect('import_job');
SELECT mostrador_definer_reads('import_job');

CREATE TABLE import_part (
  tenant_id integer NOT NULL,
  import_id text COLLATE "C" NOT NULL,
  n integer NOT NULL,
  bytes bytea NOT NULL,
  CONSTRAINT import_part_pkey PRIMARY KEY (tenant_id, import_id, n)
);
ALTER TABLE import_part ALTER COLUMN bytes SET STORAGE EXTERNAL;
SELECT mostrador_protect('import_part');

CREATE TABLE import_error (
  tenant_id integer NOT NULL,
  import_id text COLLATE "C" NOT NULL,
  -- Place in the list: rows come in the file's order.
  n integer NOT NULL,
  row_number integer NOT NULL,
  field text COLLATE "C",
  code text COLLATE "C" NOT NULL,
  value text NOT NULL,
  message text NOT NULL,
  CONSTRAINT import_error_pkey PRIMARY KEY (tenant_id, import_id, n)
);
SELECT mostrador_protect('import_error');

-- Work that waits or was left behind by a process that died, over all shops.
CREATE FUNCTION import_running() RETURNS TABLE (tenant_id integer, import_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $body$ SELECT j.tenant_id, j.import_id FROM import_job j WHERE j.state = 'running' ORDER BY j.started_at $body$;
ALTER FUNCTION import_running() OWNER TO mostrador_definer;
REVOKE ALL ON FUNCTION import_running() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION import_running() TO mostrador_app;
`,
  },
];
