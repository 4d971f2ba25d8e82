/** The tables of cash sessions. Balances are the ledger's; these hold what lists and reports ask for. */
import type { Migration } from '../../platform/database/index.js';

export const cashMigrations: readonly Migration[] = [
  {
    id: '0550-cash',
    sql: `
CREATE TABLE cash_session (
  tenant_id integer NOT NULL,
  cash_session_id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  -- The name as drawers are told apart by.
  name_key text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  opened_seq bigint NOT NULL,
  opened_at timestamptz NOT NULL,
  opened_by text COLLATE "C" NOT NULL,
  float_minor bigint NOT NULL,
  in_minor bigint NOT NULL,
  out_minor bigint NOT NULL,
  closed_seq bigint,
  closed_at timestamptz,
  closed_by text COLLATE "C",
  expected_minor bigint,
  counted_minor bigint,
  note text NOT NULL,
  -- seq of the last event on it.
  revision bigint NOT NULL,
  PRIMARY KEY (tenant_id, cash_session_id)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX cash_session_drawer ON cash_session (tenant_id, location_id, name_key) WHERE closed_seq IS NULL;
CREATE INDEX cash_session_opened ON cash_session (tenant_id, opened_seq);
SELECT mostrador_protect('cash_session');

-- One row for each sale and refund that names a session; what the X and Z reports add up.
CREATE TABLE cash_session_sale (
  tenant_id integer NOT NULL,
  cash_session_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  is_refund boolean NOT NULL,
  total_minor bigint NOT NULL,
  -- By way of payment; cash after change.
  cash_minor bigint NOT NULL,
  card_minor bigint NOT NULL,
  transfer_minor bigint NOT NULL,
  PRIMARY KEY (tenant_id, cash_session_id, seq)
);
SELECT mostrador_protect('cash_session_sale');
`,
  },
];
