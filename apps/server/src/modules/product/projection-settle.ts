/** The last statements of a batch: what follows for a product from rows that several events may have written. */
import type { ProductEvent } from '@mostrador/domain/product';
import type { JournalEvent, Statement } from '../../platform/journal/index.js';
import { seconds } from './projection-sql.js';

/** What follows from the rows of the whole batch: revisions, dates, the status, and what is searched of variants. */
export function settle(tenantId: number, events: readonly JournalEvent[]): Statement[] {
  const touched = new Map<string, { at: number; seq: number }>();
  const restated = new Set<string>();
  const touch = (productId: string, event: JournalEvent) => {
    const seq = event.subject === productId ? event.seq : (touched.get(productId)?.seq ?? 0);
    touched.set(productId, { at: seconds(event), seq });
  };
  for (const e of events) {
    // The type decides the payload's shape.
    const event = e as unknown as ProductEvent;
    if (!event.type.startsWith('product.') || event.type === 'product.created') continue;
    if (event.type === 'product.priced') {
      for (const { productId } of event.payload.changes) {
        touch(productId, e);
        restated.add(productId);
      }
    } else if ('productId' in event.payload) {
      touch(event.payload.productId, e);
      const plain = event.type === 'product.changed' || event.type.startsWith('product.barcode_');
      if (!plain) restated.add(event.payload.productId);
    }
  }
  const statements: Statement[] = [];
  if (restated.size > 0) {
    const values = [tenantId, [...restated].sort()];
    statements.push(
      {
        name: 'product.settle.status',
        text: `UPDATE product p SET status = r.status FROM (
            SELECT q.product_id, CASE WHEN q.archived THEN 2 WHEN EXISTS (SELECT FROM variant v
              WHERE v.tenant_id = $1 AND v.product_id = q.product_id AND v.price_minor IS NOT NULL) THEN 0 ELSE 1 END AS status
            FROM product q WHERE q.tenant_id = $1 AND q.product_id = ANY ($2::text[])) r
          WHERE p.tenant_id = $1 AND p.product_id = r.product_id AND p.status <> r.status`,
        values,
      },
      {
        name: 'product.settle.search',
        text: `UPDATE product_search s SET status = r.status, variant_words = r.words FROM (
            SELECT q.product_id, q.status, coalesce((SELECT string_agg(v.name_words, ' ' ORDER BY v.position) FROM variant v
              WHERE v.tenant_id = $1 AND v.product_id = q.product_id AND v.name_words <> ''), '') AS words
            FROM product q WHERE q.tenant_id = $1 AND q.product_id = ANY ($2::text[])) r
          WHERE s.tenant_id = $1 AND s.product_id = r.product_id
            AND (s.status <> r.status OR s.variant_words <> r.words)`,
        values,
      },
    );
  }
  if (touched.size > 0) {
    statements.push({
      name: 'product.settle.touch',
      text: `UPDATE product p SET updated_at = to_timestamp(r.at), revision = greatest(p.revision, r.seq)
        FROM unnest($2::text[], $3::float8[], $4::bigint[]) AS r(id, at, seq)
        WHERE p.tenant_id = $1 AND p.product_id = r.id`,
      values: [
        tenantId,
        [...touched.keys()],
        [...touched.values()].map((t) => t.at),
        [...touched.values()].map((t) => t.seq),
      ],
    });
  }
  return statements;
}
