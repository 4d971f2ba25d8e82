/**
 * The tables that only reports need. They are sums, kept by a subscription that lags a moment behind the journal, so
 * that a sale at the counter pays nothing for them.
 */
import type { Migration } from '../../platform/database/index.js';

export const reportMigrations: readonly Migration[] = [
  {
    id: '0600-report',
    sql: `
-- By quarter of an hour: every time zone's offset is a multiple of it, so any shop's hours and days are sums of rows.
CREATE TABLE report_sales_slot (
  tenant_id integer NOT NULL,
  slot timestamptz NOT NULL,
  location_id text COLLATE "C" NOT NULL,
  tickets integer NOT NULL,
  refund_count integer NOT NULL,
  -- Products only, less refunded.
  units_milli bigint NOT NULL,
  gross_minor bigint NOT NULL,
  refunds_minor bigint NOT NULL,
  -- All below less refunds.
  net_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  -- The net of lines whose cost was known, and that cost.
  costed_net_minor bigint NOT NULL,
  cost_minor bigint NOT NULL,
  PRIMARY KEY (tenant_id, slot, location_id)
);
SELECT mostrador_protect('report_sales_slot');

CREATE TABLE report_tax_slot (
  tenant_id integer NOT NULL,
  slot timestamptz NOT NULL,
  location_id text COLLATE "C" NOT NULL,
  tax_rate_id text COLLATE "C" NOT NULL,
  tax_rate_bp integer NOT NULL,
  sales_net_minor bigint NOT NULL,
  sales_tax_minor bigint NOT NULL,
  refunds_net_minor bigint NOT NULL,
  refunds_tax_minor bigint NOT NULL,
  PRIMARY KEY (tenant_id, slot, location_id, tax_rate_id, tax_rate_bp)
);
SELECT mostrador_protect('report_tax_slot');

-- The shop's time zone as of the events that were read, so that the days below are a function of the journal alone.
CREATE TABLE report_zone (
  tenant_id integer PRIMARY KEY,
  time_zone text COLLATE "C" NOT NULL
);
SELECT mostrador_protect('report_zone');

-- The day is that of the shop's time zone when it was recorded.
CREATE TABLE report_variant_day (
  tenant_id integer NOT NULL,
  day date NOT NULL,
  variant_id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C" NOT NULL,
  product_id text COLLATE "C" NOT NULL,
  -- All less refunds.
  quantity_milli bigint NOT NULL,
  total_minor bigint NOT NULL,
  net_minor bigint NOT NULL,
  costed_net_minor bigint NOT NULL,
  cost_minor bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, variant_id, location_id)
);
SELECT mostrador_protect('report_variant_day');
`,
  },
];
