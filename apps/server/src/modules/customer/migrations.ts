/**
 * The table of customers: sealed boxes, and the blind index by which they are found. Array operators are not leakproof,
 * so under a policy no index on `tokens` is used; the search runs outside the policies and holds to the tenant itself.
 */
import type { Migration } from '../../platform/database/index.js';

export const customerMigrations: readonly Migration[] = [
  {
    id: '0400-customer',
    sql: `
CREATE TABLE customer (
  tenant_id integer NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  -- null once erased.
  sealed text COLLATE "C",
  tokens text[] COLLATE "C" NOT NULL,
  country text COLLATE "C" NOT NULL,
  consents text[] COLLATE "C" NOT NULL,
  external_reference text COLLATE "C",
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  erased_at timestamptz,
  -- seq of the last event on it.
  revision bigint NOT NULL,
  CONSTRAINT customer_pkey PRIMARY KEY (tenant_id, customer_id)
);
CREATE UNIQUE INDEX customer_reference_unique ON customer (tenant_id, external_reference)
  WHERE external_reference IS NOT NULL;
CREATE INDEX customer_by_token ON customer USING gin (tokens) WITH (gin_pending_list_limit = 512);
SELECT mostrador_protect('customer');
SELECT mostrador_definer_reads('customer');

-- The newest first: those with every one of the first tokens (when there are any), or with one of the others.
CREATE FUNCTION customer_search_ids(every_of text[], one_of text[], before text, most integer) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
AS $body$
DECLARE
  mine constant integer := nullif(current_setting('mostrador.tenant', true), '')::integer;
BEGIN
  RETURN QUERY
    SELECT c.customer_id FROM customer c
    WHERE c.tenant_id = mine
      AND ((cardinality(every_of) > 0 AND c.tokens @> every_of) OR (cardinality(one_of) > 0 AND c.tokens && one_of))
      AND (before IS NULL OR c.customer_id < before)
    ORDER BY c.customer_id DESC LIMIT most;
END $body$;
ALTER FUNCTION customer_search_ids(text[], text[], text, integer) OWNER TO mostrador_definer;
REVOKE ALL ON FUNCTION customer_search_ids(text[], text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customer_search_ids(text[], text[], text, integer) TO mostrador_app;
`,
  },
];
