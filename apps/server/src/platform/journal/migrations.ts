/**
 * The tables of the journal and the ledger. Written only by the journal's writer (writer.ts), rebuilt and checked by
 * rebuild.ts and verify.ts.
 */
import type { Migration } from '../database/index.js';

export const journalMigrations: readonly Migration[] = [
  {
    id: '0020-journal',
    sql: `
CREATE TABLE journal_head (
  tenant_id integer PRIMARY KEY,
  seq bigint NOT NULL DEFAULT 0,
  hash bytea NOT NULL,
  -- Last ids given to accounts: holdings count up from 1, counterparties down from -1.
  last_holding bigint NOT NULL DEFAULT 0,
  last_counterparty bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 20);
SELECT mostrador_protect('journal_head');

CREATE TABLE journal_event (
  tenant_id integer NOT NULL,
  seq bigint NOT NULL,
  -- Place in its commit, and (on n = 0) how many events and which command the commit holds.
  n smallint NOT NULL,
  commit_size smallint,
  commit_id uuid NOT NULL,
  digest bytea,
  version smallint NOT NULL,
  type text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  actor text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  series text COLLATE "C",
  number bigint,
  -- json, not jsonb: the hash covers these very bytes.
  payload json NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (tenant_id, seq)
);
CREATE UNIQUE INDEX journal_event_commit ON journal_event (tenant_id, commit_id) WHERE n = 0;
CREATE INDEX journal_event_subject ON journal_event (tenant_id, subject, seq);
SELECT mostrador_protect('journal_event');

-- Idempotency keys that are no UUIDv7, kept apart and for a week, so that their random order costs little.
CREATE TABLE journal_key (
  tenant_id integer NOT NULL,
  key_hash bytea NOT NULL,
  commit_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, key_hash)
);
CREATE INDEX journal_key_created ON journal_key USING brin (created_at);
SELECT mostrador_protect('journal_key');

CREATE TABLE journal_series (
  tenant_id integer NOT NULL,
  series text COLLATE "C" NOT NULL,
  last bigint NOT NULL,
  PRIMARY KEY (tenant_id, series)
) WITH (fillfactor = 50);
SELECT mostrador_protect('journal_series');

CREATE TABLE ledger_account (
  tenant_id integer NOT NULL,
  -- Positive: a holding (stock, cash, points …). Negative: a counterparty without a limit (sold, revenue …).
  account_id bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  item text COLLATE "C" NOT NULL,
  unit text COLLATE "C" NOT NULL,
  debits_posted bigint NOT NULL,
  credits_posted bigint NOT NULL,
  debits_pending bigint NOT NULL,
  credits_pending bigint NOT NULL,
  PRIMARY KEY (tenant_id, account_id),
  UNIQUE (tenant_id, kind, owner, item, unit)
) WITH (fillfactor = 70);
CREATE INDEX ledger_account_item ON ledger_account (tenant_id, item) WHERE item <> '';
SELECT mostrador_protect('ledger_account');

CREATE TABLE ledger_transfer (
  tenant_id integer NOT NULL,
  -- The first event of its commit, and its place among the commit's transfers: its id is <commit id>/<n>.
  seq bigint NOT NULL,
  n integer NOT NULL,
  -- 0 direct, 1 pending, 2 post, 3 void, 4 expire.
  kind smallint NOT NULL,
  cause text COLLATE "C" NOT NULL,
  debit_account bigint NOT NULL,
  credit_account bigint NOT NULL,
  -- What was moved (direct, post) or reserved (pending); 0 for void and expire.
  amount bigint NOT NULL,
  -- post, void, expire: what was reserved before and is no longer.
  released bigint NOT NULL DEFAULT 0,
  pending_id text COLLATE "C",
  expires_at timestamptz,
  -- How far below zero it left a holding, when it was allowed to.
  overdrawn bigint,
  PRIMARY KEY (tenant_id, seq, n)
);
-- Only holdings have a history that people ask for. A query must say debit_account > 0 to use these.
CREATE INDEX ledger_transfer_debit ON ledger_transfer (tenant_id, debit_account, seq, n) WHERE debit_account > 0;
CREATE INDEX ledger_transfer_credit ON ledger_transfer (tenant_id, credit_account, seq, n) WHERE credit_account > 0;
CREATE UNIQUE INDEX ledger_transfer_end ON ledger_transfer (tenant_id, pending_id) WHERE kind >= 2;
SELECT mostrador_protect('ledger_transfer');

CREATE TABLE ledger_pending (
  tenant_id integer NOT NULL,
  pending_id text COLLATE "C" NOT NULL,
  cause text COLLATE "C" NOT NULL,
  debit_account bigint NOT NULL,
  credit_account bigint NOT NULL,
  amount bigint NOT NULL,
  expires_at timestamptz,
  -- open, posted, voided (an expired one is voided).
  state text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, pending_id)
);
CREATE INDEX ledger_pending_expiry ON ledger_pending (tenant_id, expires_at) WHERE state = 'open';
SELECT mostrador_protect('ledger_pending');

CREATE TABLE journal_subscription (
  tenant_id integer NOT NULL,
  name text COLLATE "C" NOT NULL,
  cursor_seq bigint NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now(),
  last_error text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, name)
);
SELECT mostrador_protect('journal_subscription');

CREATE TABLE journal_dead_letter (
  tenant_id integer NOT NULL,
  dead_letter_id bigint GENERATED ALWAYS AS IDENTITY,
  subscription text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  error text NOT NULL,
  attempts integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz,
  PRIMARY KEY (tenant_id, dead_letter_id),
  UNIQUE (tenant_id, subscription, seq)
);
SELECT mostrador_protect('journal_dead_letter');
`,
  },
];
