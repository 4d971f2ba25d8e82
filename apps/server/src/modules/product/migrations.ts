/**
 * The tables of products. `product_search` and `product_word` exist so that search reads little: one narrow row a
 * product with its words as lexemes, and each word once for forgiving typos. See docs/decisions/0020-product-search.md.
 */
import type { Migration } from '../../platform/database/index.js';

export const productMigrations: readonly Migration[] = [
  {
    id: '0200-product',
    sql: `
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE category (
  tenant_id integer NOT NULL,
  category_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  -- '' at the top, so that one unique index holds names apart on every level.
  parent_id text COLLATE "C" NOT NULL,
  archived boolean NOT NULL,
  revision bigint NOT NULL,
  CONSTRAINT category_pkey PRIMARY KEY (tenant_id, category_id)
);
CREATE UNIQUE INDEX category_name_unique ON category (tenant_id, parent_id, name_key) WHERE NOT archived;
SELECT mostrador_protect('category');

CREATE TABLE product (
  tenant_id integer NOT NULL,
  product_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  -- The order of lists: folded, and short enough for an index and a cursor.
  name_key text COLLATE "C" NOT NULL,
  brand text NOT NULL,
  brand_key text COLLATE "C" NOT NULL,
  description text NOT NULL,
  category_id text COLLATE "C",
  tax_rate_id text COLLATE "C" NOT NULL,
  sales_unit text COLLATE "C" NOT NULL,
  options jsonb NOT NULL,
  picture text COLLATE "C" NOT NULL,
  archived boolean NOT NULL,
  -- 0 active, 1 draft (no variant has a price), 2 archived.
  status smallint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  revision bigint NOT NULL,
  CONSTRAINT product_pkey PRIMARY KEY (tenant_id, product_id)
) WITH (fillfactor = 90);
CREATE INDEX product_by_name ON product (tenant_id, status, name_key, product_id);
CREATE INDEX product_by_category ON product (tenant_id, category_id, status, name_key, product_id)
  WHERE category_id IS NOT NULL;
CREATE INDEX product_by_brand ON product (tenant_id, brand_key, status, name_key, product_id) WHERE brand_key <> '';
SELECT mostrador_protect('product');

CREATE TABLE variant (
  tenant_id integer NOT NULL,
  variant_id text COLLATE "C" NOT NULL,
  product_id text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  sku text NOT NULL,
  sku_key text COLLATE "C" NOT NULL,
  name text NOT NULL,
  name_words text COLLATE "C" NOT NULL,
  price_minor bigint,
  cost_minor bigint,
  CONSTRAINT variant_pkey PRIMARY KEY (tenant_id, variant_id),
  -- Checked after each statement, so that a rebuild may replay SKUs that were handed on in one go.
  CONSTRAINT variant_sku_unique UNIQUE (tenant_id, sku_key) DEFERRABLE INITIALLY IMMEDIATE
) WITH (fillfactor = 90);
CREATE INDEX variant_by_product ON variant (tenant_id, product_id);
SELECT mostrador_protect('variant');

CREATE TABLE barcode (
  tenant_id integer NOT NULL,
  barcode text COLLATE "C" NOT NULL,
  product_id text COLLATE "C" NOT NULL,
  variant_id text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  -- bad_gtin, in_store, or nothing odd.
  mark text COLLATE "C",
  CONSTRAINT barcode_unique PRIMARY KEY (tenant_id, barcode)
);
CREATE INDEX barcode_by_product ON barcode (tenant_id, product_id);
SELECT mostrador_protect('barcode');

CREATE TABLE product_search (
  tenant_id integer NOT NULL,
  product_id text COLLATE "C" NOT NULL,
  status smallint NOT NULL,
  name_words text COLLATE "C" NOT NULL,
  brand_words text COLLATE "C" NOT NULL,
  variant_words text COLLATE "C" NOT NULL,
  category_id text COLLATE "C",
  -- Each lexeme begins with tenant and status ('7.0:yerba'), so that an index look-up meets no row of another shop.
  lexemes tsvector NOT NULL GENERATED ALWAYS AS (
    array_to_tsvector(array_remove(array_remove(string_to_array(replace(
      ' ' || name_words || ' ' || brand_words || ' ' || variant_words
        || CASE WHEN category_id IS NULL THEN '' ELSE ' =' || category_id END
        || CASE WHEN brand_words = '' THEN '' ELSE ' #' || replace(brand_words, ' ', '_') END,
      ' ', ' ' || tenant_id || '.' || status || ':'), ' '), ''), tenant_id || '.' || status || ':'))
  ) STORED,
  CONSTRAINT product_search_pkey PRIMARY KEY (tenant_id, product_id)
);
CREATE INDEX product_search_by_name ON product_search (tenant_id, status, name_words);
CREATE INDEX product_search_by_lexeme ON product_search USING gin (lexemes) WITH (gin_pending_list_limit = 512);
SELECT mostrador_protect('product_search');

CREATE TABLE product_word (
  tenant_id integer NOT NULL,
  word text COLLATE "C" NOT NULL,
  CONSTRAINT product_word_pkey PRIMARY KEY (tenant_id, word)
);
CREATE INDEX product_word_by_trigram ON product_word USING gin (word gin_trgm_ops) WITH (gin_pending_list_limit = 512);
SELECT mostrador_protect('product_word');

SELECT mostrador_definer_reads('product_search');
SELECT mostrador_definer_reads('product_word');

-- Neither @@ nor % is leakproof, so under a policy the planner may not use their indexes. These two functions run
-- outside the policies and hold to the tenant of the transaction themselves.
CREATE FUNCTION product_search_ids(
  -- In the order in which they matter, with a query for each whose lexemes carry tenant and status.
  wanted_status smallint[], queries tsquery[],
  -- Names that begin so come first; '' for none.
  name_start text,
  -- What was typed, folded: ranks the rest.
  typed text, most integer
) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
AS $body$
DECLARE
  mine constant integer := nullif(current_setting('mostrador.tenant', true), '')::integer;
  left_over integer := most;
  found_now integer;
BEGIN
  FOR i IN 1 .. cardinality(wanted_status) LOOP
    IF name_start <> '' THEN
      RETURN QUERY
        SELECT s.product_id FROM product_search s
        WHERE s.tenant_id = mine AND s.status = wanted_status[i]
          AND s.name_words >= name_start AND s.name_words < name_start || chr(1114109)
        ORDER BY s.name_words, s.product_id LIMIT left_over;
      GET DIAGNOSTICS found_now = ROW_COUNT;
      left_over := left_over - found_now;
      EXIT WHEN left_over <= 0;
    END IF;
    RETURN QUERY
      -- A bound on what is ranked: words that stand in more names than this are not told apart by ranking anyway.
      WITH hit AS MATERIALIZED (
        SELECT s.tenant_id, s.product_id, s.name_words FROM product_search s WHERE s.lexemes @@ queries[i] LIMIT 400
      )
      SELECT h.product_id FROM hit h
      WHERE h.tenant_id = mine
        AND (name_start = '' OR h.name_words < name_start OR h.name_words >= name_start || chr(1114109))
      ORDER BY strict_word_similarity(typed, h.name_words) DESC, length(h.name_words), h.product_id
      LIMIT left_over;
    GET DIAGNOSTICS found_now = ROW_COUNT;
    left_over := left_over - found_now;
    EXIT WHEN left_over <= 0;
  END LOOP;
END $body$;
ALTER FUNCTION product_search_ids(smallint[], tsquery[], text, text, integer) OWNER TO mostrador_definer;
REVOKE ALL ON FUNCTION product_search_ids(smallint[], tsquery[], text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION product_search_ids(smallint[], tsquery[], text, text, integer) TO mostrador_app;

-- Words of the shop's products that look like one of the typed ones, or are one of its edits.
CREATE FUNCTION product_words_near(typed text[], edits text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET pg_trgm.similarity_threshold = 0.3
AS $body$
DECLARE
  mine constant integer := nullif(current_setting('mostrador.tenant', true), '')::integer;
  one text;
BEGIN
  RETURN QUERY SELECT w.word FROM product_word w WHERE w.tenant_id = mine AND w.word = ANY (edits);
  FOREACH one IN ARRAY typed LOOP
    RETURN QUERY
      WITH near AS MATERIALIZED (SELECT w.tenant_id, w.word FROM product_word w WHERE w.word % one)
      SELECT n.word FROM near n WHERE n.tenant_id = mine ORDER BY similarity(n.word, one) DESC, n.word LIMIT 40;
  END LOOP;
END $body$;
ALTER FUNCTION product_words_near(text[], text[]) OWNER TO mostrador_definer;
REVOKE ALL ON FUNCTION product_words_near(text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION product_words_near(text[], text[]) TO mostrador_app;
`,
  },
];
