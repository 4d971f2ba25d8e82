/** The tables of the keys. Only wrapped bytes stand in them; `master_key` tells a wrong master key from the right one. */
import type { Migration } from '../database/index.js';

export const keyMigrations: readonly Migration[] = [
  {
    id: '0010-keys',
    sql: `
CREATE TABLE master_key (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  salt bytea NOT NULL,
  proof bytea NOT NULL
);
ALTER TABLE master_key ENABLE ROW LEVEL SECURITY;

CREATE TABLE installation_key (
  name text COLLATE "C" PRIMARY KEY,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE installation_key ENABLE ROW LEVEL SECURITY;

CREATE TABLE person_key (
  tenant_id integer NOT NULL,
  person_id text COLLATE "C" NOT NULL,
  wrapped bytea,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  erased_at timestamptz,
  PRIMARY KEY (tenant_id, person_id),
  CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
);
SELECT mostrador_protect('person_key');
REVOKE DELETE ON person_key FROM mostrador_app;
COMMENT ON TABLE person_key IS 'A row without a key is the tombstone of an erasure and stays for good.';
`,
  },
];
