/** Categories that imported rows name: found by name at the top level, made where there is none. */
import { createHash } from 'node:crypto';
import { nameKey } from '@mostrador/domain/product';
import type { Platform } from '../../module.js';
import { newId, newUuid } from '../../platform/ids.js';
import { allCategories } from './queries.js';

/** Ids by the key of the name. */
export type CategoryIds = ReadonlyMap<string, string>;

/** Another process may make the same ones meanwhile; then theirs are taken. */
const ATTEMPTS = 5;

export async function categoriesFor(
  platform: Pick<Platform, 'database' | 'journal'>,
  tenantId: number,
  names: readonly (string | undefined)[],
  options: { readonly actor?: string | undefined; readonly at?: number | undefined },
): Promise<CategoryIds> {
  const wanted = new Map<string, string>();
  for (const name of names) {
    const trimmed = name?.trim() ?? '';
    if (trimmed !== '' && !wanted.has(nameKey(trimmed))) wanted.set(nameKey(trimmed), trimmed);
  }
  if (wanted.size === 0) return new Map();
  for (let attempt = 1; ; attempt++) {
    const known = new Map<string, string>();
    for (const c of await allCategories(platform.database, tenantId, false)) {
      if (!c.archived && c.parentId === null) known.set(nameKey(c.name), c.categoryId);
    }
    const missing = [...wanted].filter(([key]) => !known.has(key));
    if (missing.length === 0) return known;
    const events = missing.map(([, name]) => {
      const categoryId = newId('cat');
      return { type: 'category.created', subject: categoryId, payload: { categoryId, name, parentId: null } };
    });
    const result = await platform.journal.commit(tenantId, {
      id: newUuid(),
      digest: createHash('sha256').update(JSON.stringify(events)).digest('hex'),
      actor: options.actor ?? 'import',
      at: options.at,
      events,
    });
    if (result.status === 'rejected' && attempt === ATTEMPTS) {
      throw new Error(`categories cannot be made: ${result.rejection.code}`);
    }
  }
}
