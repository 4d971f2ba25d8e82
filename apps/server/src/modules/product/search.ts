/**
 * Search as you type: codes by their beginning, names by the beginnings of their words, and when that finds little,
 * by the words of the shop that were probably meant. Two round trips, four when something was mistyped.
 */
import { skuKey } from '@mostrador/domain/product';
import type { Database } from '../../platform/database/index.js';
import { type StatusNumber, spellings, withStock } from './queries.js';
import {
  type Alternatives,
  alternativesOf,
  editsOf,
  lexemeQuery,
  type Scope,
  type Terms,
  termsOf,
} from './search-terms.js';

/** Pages end here: who has not found it among these types another word. */
export const MOST_RESULTS = 1000;
/** With fewer results than this a typo is suspected. */
const SUSPICIOUS = 5;
/** Codes that begin alike; more help nobody. */
const MOST_CODES = 20;

export interface SearchRequest extends Scope {
  readonly typed: string;
  /** In the order in which they matter. */
  readonly status: readonly StatusNumber[];
  readonly stock?: 'low' | 'out' | undefined;
  readonly offset: number;
  readonly limit: number;
}

type Reader = Pick<Database, 'read'>;

/** Product ids, best first; at most `limit`, of the first thousand. */
export async function searchIds(database: Reader, tenantId: number, request: SearchRequest): Promise<string[]> {
  const end = Math.min(request.offset + request.limit, MOST_RESULTS);
  // What is left by a filter on stock is known only once it is looked at.
  const most = request.stock === undefined ? end : MOST_RESULTS;
  const terms = termsOf(request.typed);
  const code = request.typed.trim();
  const [byCode, byName] = await Promise.all([
    idsByCode(database, tenantId, code, request),
    idsByName(database, tenantId, terms, request, most),
  ]);
  const found = new Set([...byCode.exact, ...(isCode(code) ? byCode.begins : []), ...byName, ...byCode.begins]);
  // One or two words that find little may be a typo that somebody made in a name too; more words that all stand in one
  // name are no accident.
  const few = terms.words.length > 2 ? found.size === 0 : found.size < SUSPICIOUS;
  if (few && terms.words.some((w) => w.length >= 3)) {
    for (const id of await idsByMeaning(database, tenantId, terms, request, most)) found.add(id);
  }
  const ids = request.stock === undefined ? [...found] : await withStock(database, tenantId, [...found], request.stock);
  return ids.slice(request.offset, end);
}

/** Digits alone are sooner a barcode than a name. */
function isCode(typed: string): boolean {
  return /^\d{4,}$/.test(typed);
}

async function idsByCode(
  database: Reader,
  tenantId: number,
  code: string,
  { status, categoryId, brandKey }: SearchRequest,
): Promise<{ exact: string[]; begins: string[] }> {
  const rows = await database.read<{ product_id: string; exact: boolean }>(tenantId, {
    // A range instead of LIKE: it is leakproof, so the policy leaves it its index.
    text: `SELECT m.product_id, bool_or(m.exact) AS exact FROM (
        (SELECT b.product_id, true AS exact, b.barcode AS code FROM barcode b WHERE b.barcode = ANY ($1::text[]))
        UNION ALL
        (SELECT v.product_id, true, v.sku_key FROM variant v WHERE v.sku_key = $2)
        UNION ALL
        (SELECT b.product_id, false, b.barcode FROM barcode b
          WHERE length($3) >= 3 AND b.barcode >= $3 AND b.barcode < $3 || chr(1114109) ORDER BY b.barcode LIMIT ${MOST_CODES})
        UNION ALL
        (SELECT v.product_id, false, v.sku_key FROM variant v
          WHERE length($2) >= 2 AND v.sku_key >= $2 AND v.sku_key < $2 || chr(1114109) ORDER BY v.sku_key LIMIT ${MOST_CODES})
      ) m JOIN product p ON p.product_id = m.product_id
      WHERE p.status = ANY ($4::smallint[]) AND ($5::text IS NULL OR p.category_id = $5)
        AND ($6::text IS NULL OR p.brand_key = $6)
      GROUP BY m.product_id ORDER BY 2 DESC, min(p.status), min(m.code) LIMIT ${MOST_CODES}`,
    values: [spellings(code), skuKey(code), code, status, categoryId ?? null, brandKey ?? null],
  });
  const ids = (exact: boolean) => rows.filter((r) => r.exact === exact).map((r) => r.product_id);
  return { exact: ids(true), begins: ids(false) };
}

async function idsByName(
  database: Reader,
  tenantId: number,
  terms: Terms,
  request: SearchRequest,
  most: number,
  alternatives?: Alternatives,
): Promise<string[]> {
  if (terms.words.length === 0) return [];
  const scoped = request.categoryId !== undefined || request.brandKey !== undefined;
  const queries = request.status.map((s) => lexemeQuery(tenantId, s, terms, request, alternatives));
  const rows = await database.read<{ id: string }>(tenantId, {
    text: `SELECT r.id FROM product_search_ids($1::smallint[], $2::text[]::tsquery[], $3, $4, $5)
      WITH ORDINALITY AS r(id, n) ORDER BY r.n`,
    values: [request.status, queries, scoped || alternatives !== undefined ? '' : terms.folded, terms.folded, most],
  });
  return rows.map((r) => r.id);
}

async function idsByMeaning(
  database: Reader,
  tenantId: number,
  terms: Terms,
  request: SearchRequest,
  most: number,
): Promise<string[]> {
  const long = terms.words.filter((w) => w.length >= 3 && !/\d/.test(w));
  if (long.length === 0) return [];
  const near = await database.read<{ word: string }>(tenantId, {
    text: 'SELECT w.word FROM product_words_near($1::text[], $2::text[]) AS w(word)',
    values: [long, long.flatMap(editsOf)],
  });
  const alternatives = alternativesOf(
    long,
    near.map((n) => n.word),
  );
  if (alternatives.size === 0) return [];
  return idsByName(database, tenantId, terms, request, most, alternatives);
}
