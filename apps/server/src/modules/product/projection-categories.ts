/** The statements behind the projection of categories, one for each event. */
import { nameKey, type ProductEvent } from '@mostrador/domain/product';
import type { JournalEvent, Statement } from '../../platform/journal/index.js';

type Of<T extends ProductEvent['type']> = readonly JournalEvent<Extract<ProductEvent, { type: T }>['payload']>[];

export function categoryCreated(tenantId: number, events: Of<'category.created'>): Statement[] {
  return events.map(({ seq, payload }) => ({
    name: 'category.created',
    text: `INSERT INTO category (tenant_id, category_id, name, name_key, parent_id, archived, revision)
      VALUES ($1, $2, $3, $4, $5, false, $6)`,
    values: [tenantId, payload.categoryId, payload.name, nameKey(payload.name), payload.parentId ?? '', seq],
  }));
}

export function categoryChanged(tenantId: number, events: Of<'category.changed'>): Statement[] {
  return events.map(({ seq, payload: { categoryId, changes } }) => ({
    name: 'category.changed',
    text: `UPDATE category SET name = coalesce($3, name), name_key = coalesce($4, name_key),
      parent_id = coalesce($5, parent_id), revision = $6 WHERE tenant_id = $1 AND category_id = $2`,
    values: [
      tenantId,
      categoryId,
      changes.name ?? null,
      changes.name === undefined ? null : nameKey(changes.name),
      changes.parentId === undefined ? null : (changes.parentId ?? ''),
      seq,
    ],
  }));
}

export function categoryArchived(tenantId: number, events: Of<'category.archived'>): Statement[] {
  return events.map(({ seq, payload }) => ({
    name: 'category.archived',
    text: 'UPDATE category SET archived = true, revision = $3 WHERE tenant_id = $1 AND category_id = $2',
    values: [tenantId, payload.categoryId, seq],
  }));
}
