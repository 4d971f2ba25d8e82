/** Categories over REST. */
import {
  type CategoryJson,
  zCategory,
  zCategoryInput,
  zCategoryList,
  zCategoryParams,
  zCategoryPatch,
  zCategoryQuery,
} from '@mostrador/contract/product';
import { type Categories, type CategoryCommand, decideCategory } from '@mostrador/domain/product';
import type { Platform } from '../../module.js';
import {
  type Api,
  ApiError,
  type Command,
  commitOrThrow,
  orAsBefore,
  type Session,
} from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { allCategories, type StoredCategory } from './queries.js';
import { CONSTRAINTS, categoryRefusal } from './refuse.js';

function categoryJson(category: StoredCategory): CategoryJson {
  return {
    id: category.categoryId,
    name: category.name,
    parent_id: category.parentId,
    archived: category.archived,
    product_count: category.productCount,
    revision: category.revision,
  };
}

interface Asked {
  readonly session: Session;
  readonly command: Command;
  readonly ifMatch: number | undefined;
}

export function categoryRoutes(api: Api, platform: Platform): void {
  const { database, journal } = platform;

  /** Decides on all categories as they are; the unique index holds names apart when two do so at once. */
  async function run({ session, command, ifMatch }: Asked, asked: CategoryCommand): Promise<CategoryJson> {
    const { tenantId } = session;
    const known = await allCategories(database, tenantId, false);
    const current = known.find((c) => c.categoryId === asked.categoryId);
    if (asked.type !== 'create' && current === undefined) throw new ApiError('not_found');
    const committed = await orAsBefore(journal, tenantId, command, async () => {
      if (ifMatch !== undefined && ifMatch !== current?.revision) throw new ApiError('conflict');
      const categories: Categories = new Map(known.map((c) => [c.categoryId, c]));
      const decision = decideCategory(categories, asked);
      if (!decision.ok) throw categoryRefusal(decision.rejection);
      if (decision.events.length === 0) return { seq: 0, events: [], status: 'duplicate' as const };
      const expects = [{ subject: asked.categoryId, revision: current?.revision ?? 0 }];
      return commitOrThrow(
        journal,
        tenantId,
        { ...command, actor: session.userId, events: decision.events, expects },
        CONSTRAINTS,
      );
    });
    // A repeated request made its category under the id that it had the first time.
    const id = committed.events[0]?.subject ?? asked.categoryId;
    const after = (await allCategories(database, tenantId, true)).find((c) => c.categoryId === id);
    if (after === undefined) throw new ApiError('not_found');
    return categoryJson(after);
  }

  api.route(
    {
      method: 'GET',
      url: '/categories',
      tag: 'category',
      summary: 'All categories by name',
      permission: 'product.read',
      query: zCategoryQuery,
      response: zCategoryList,
    },
    async ({ session, query }) => {
      const all = await allCategories(database, session.tenantId, true);
      return {
        data: all.filter((c) => query.archived === undefined || c.archived === query.archived).map(categoryJson),
      };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/categories',
      tag: 'category',
      summary: 'Make a category',
      permission: 'product.write',
      body: zCategoryInput,
      status: 201,
      response: zCategory,
      errors: ['name_taken', 'category_unknown', 'category_archived'],
    },
    async (r) => run(r, { type: 'create', categoryId: newId('cat'), name: r.body.name, parentId: r.body.parent_id }),
  );

  api.route(
    {
      method: 'PATCH',
      url: '/categories/{category_id}',
      tag: 'category',
      summary: 'Rename or move a category',
      permission: 'product.write',
      params: zCategoryParams,
      body: zCategoryPatch,
      response: zCategory,
      errors: ['not_found', 'conflict', 'name_taken', 'category_unknown', 'category_archived', 'category_cycle'],
    },
    async (r) =>
      run(r, {
        type: 'change',
        categoryId: r.params.category_id,
        changes: { name: r.body.name, parentId: r.body.parent_id },
      }),
  );

  api.route(
    {
      method: 'POST',
      url: '/categories/{category_id}/archive',
      tag: 'category',
      summary: 'Put a category away; its products stay as they are',
      permission: 'product.write',
      params: zCategoryParams,
      response: zCategory,
      errors: ['not_found', 'conflict', 'category_has_children'],
    },
    async (r) => run(r, { type: 'archive', categoryId: r.params.category_id }),
  );
}
