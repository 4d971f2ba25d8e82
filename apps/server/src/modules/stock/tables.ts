/** The tables of stock beside the ledger, which alone holds the levels [ST1]. */
import type { Migration } from '../../platform/database/index.js';

export const stockMigrations: readonly Migration[] = [
  {
    id: '0300-stock',
    sql: `
-- Goods receipts as they are listed; their lines are read from the journal.
CREATE TABLE stock_receipt (
  tenant_id integer NOT NULL,
  receipt_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  actor text COLLATE "C" NOT NULL,
  location_id text COLLATE "C" NOT NULL,
  supplier_id text COLLATE "C",
  reference text NOT NULL,
  currency text COLLATE "C" NOT NULL,
  line_count integer NOT NULL,
  quantity_milli bigint NOT NULL,
  -- Over the lines whose cost is known; null when none is, or when the sum cannot be counted.
  cost_minor bigint,
  PRIMARY KEY (tenant_id, receipt_id)
);
CREATE INDEX stock_receipt_seq ON stock_receipt (tenant_id, seq);
CREATE INDEX stock_receipt_supplier ON stock_receipt (tenant_id, supplier_id, seq) WHERE supplier_id IS NOT NULL;
SELECT mostrador_protect('stock_receipt');

CREATE TABLE stock_threshold (
  tenant_id integer NOT NULL,
  variant_id text COLLATE "C" NOT NULL,
  reorder_point_milli bigint NOT NULL,
  PRIMARY KEY (tenant_id, variant_id)
);
SELECT mostrador_protect('stock_threshold');
`,
  },
];
