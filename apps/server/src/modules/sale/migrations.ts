/**
 * The tables of sales. A row holds what lists and look-ups need; lines, taxes and tenders stay in the event, which
 * every row names by `seq`, so that a sale is written down once and the hot path writes one lean row.
 */
import type { Migration } from '../../platform/database/index.js';

export const saleMigrations: readonly Migration[] = [
  {
    id: '0500-sale',
    sql: `
CREATE TABLE sale (
  tenant_id integer NOT NULL,
  -- The event sale.completed, which holds the rest.
  seq bigint NOT NULL,
  sale_id text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  receipt_number text COLLATE "C" NOT NULL,
  location_id text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C",
  cash_session_id text COLLATE "C",
  channel text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  total_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  line_count integer NOT NULL,
  external_reference text COLLATE "C",
  PRIMARY KEY (tenant_id, seq)
);
-- All three grow at their right end while a shop sells, which keeps them cheap at millions of rows. A sale is found
-- by its id through the journal's index of subjects.
CREATE INDEX sale_at ON sale (tenant_id, at, seq);
CREATE INDEX sale_receipt_number ON sale (tenant_id, receipt_number);
CREATE INDEX sale_customer ON sale (tenant_id, customer_id, at, seq) WHERE customer_id IS NOT NULL;
CREATE INDEX sale_external_reference ON sale (tenant_id, external_reference) WHERE external_reference IS NOT NULL;
SELECT mostrador_protect('sale');

CREATE TABLE refund (
  tenant_id integer NOT NULL,
  -- The event sale.refunded, which holds the rest.
  seq bigint NOT NULL,
  refund_id text COLLATE "C" NOT NULL,
  -- NULL: imported without its sale.
  sale_id text COLLATE "C",
  at timestamptz NOT NULL,
  receipt_number text COLLATE "C" NOT NULL,
  location_id text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C",
  channel text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  total_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  external_reference text COLLATE "C",
  PRIMARY KEY (tenant_id, seq)
);
CREATE UNIQUE INDEX refund_id ON refund (tenant_id, refund_id);
CREATE INDEX refund_sale ON refund (tenant_id, sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX refund_receipt_number ON refund (tenant_id, receipt_number);
SELECT mostrador_protect('refund');
`,
  },
];
