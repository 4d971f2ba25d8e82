/** The table of suppliers: a shop has tens of them, so lists and search read it as it is. */
import type { Migration } from '../../platform/database/index.js';

export const supplierMigrations: readonly Migration[] = [
  {
    id: '0310-supplier',
    sql: `
CREATE TABLE supplier (
  tenant_id integer NOT NULL,
  supplier_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  -- The order of lists: folded, and short enough for a cursor.
  name_key text COLLATE "C" NOT NULL,
  tax_id text COLLATE "C" NOT NULL,
  note text NOT NULL,
  archived boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- seq of the last event on it.
  revision bigint NOT NULL,
  CONSTRAINT supplier_pkey PRIMARY KEY (tenant_id, supplier_id)
);
CREATE INDEX supplier_by_name ON supplier (tenant_id, archived, name_key, supplier_id);
SELECT mostrador_protect('supplier');
`,
  },
];
