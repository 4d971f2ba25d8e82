/** The tree of categories: names once per parent, no cycles, archived ones at rest. */
import { describe, expect, it } from 'vitest';
import { type Categories, type CategoryCommand, decideCategory, evolveCategories } from './category.js';
import type { ProductEvent } from './types.js';

function apply(categories: Categories, command: CategoryCommand): Categories {
  const decision = decideCategory(categories, command);
  if (!decision.ok) throw new Error(`refused: ${decision.rejection.code}`);
  return decision.events.reduce(
    (all, e) => evolveCategories(all, { type: e.type, payload: e.payload } as ProductEvent),
    categories,
  );
}

function answer(categories: Categories, command: CategoryCommand): unknown {
  const decision = decideCategory(categories, command);
  return decision.ok ? decision.events : decision.rejection;
}

const create = (categoryId: string, name: string, parentId: string | null = null): CategoryCommand => ({
  type: 'create',
  categoryId,
  name,
  parentId,
});

const tree = [create('cat_1', 'Bebidas'), create('cat_2', 'Gaseosas', 'cat_1'), create('cat_3', 'Almacén')].reduce(
  apply,
  new Map() as Categories,
);

describe('categories', () => {
  it.each<[string, CategoryCommand, unknown]>([
    ['one id twice', create('cat_1', 'x'), { code: 'category_exists', categoryId: 'cat_1' }],
    ['a sibling of one name', create('cat_9', 'ALMACEN'), { code: 'category_taken', name: 'ALMACEN' }],
    ['no name', create('cat_9', ' '), { code: 'name_missing' }],
    ['an unknown parent', create('cat_9', 'x', 'cat_8'), { code: 'category_not_found', categoryId: 'cat_8' }],
    [
      'an unknown category',
      { type: 'change', categoryId: 'cat_9', changes: {} },
      { code: 'category_not_found', categoryId: 'cat_9' },
    ],
    [
      'its own child as parent',
      { type: 'change', categoryId: 'cat_1', changes: { parentId: 'cat_2' } },
      { code: 'category_cycle', categoryId: 'cat_1' },
    ],
    [
      'itself as parent',
      { type: 'change', categoryId: 'cat_1', changes: { parentId: 'cat_1' } },
      { code: 'category_cycle', categoryId: 'cat_1' },
    ],
    [
      'archiving above children',
      { type: 'archive', categoryId: 'cat_1' },
      { code: 'category_has_children', categoryId: 'cat_1' },
    ],
  ])('refuses %s', (_title, command, rejection) => {
    expect(answer(tree, command)).toEqual(rejection);
  });

  it('takes the same name under another parent', () => {
    expect(answer(tree, create('cat_9', 'Almacén', 'cat_1'))).toHaveLength(1);
  });

  it('records only what differs, and nothing when nothing does', () => {
    expect(
      answer(tree, { type: 'change', categoryId: 'cat_2', changes: { name: 'Gaseosas', parentId: null } }),
    ).toEqual([
      {
        type: 'category.changed',
        subject: 'cat_2',
        payload: { categoryId: 'cat_2', changes: { parentId: null } },
      },
    ]);
    expect(answer(tree, { type: 'change', categoryId: 'cat_2', changes: { name: 'Gaseosas' } })).toEqual([]);
  });

  it('sets an archived one free: its name can be taken, itself not changed', () => {
    const archived = apply(tree, { type: 'archive', categoryId: 'cat_3' });
    expect(answer(archived, { type: 'archive', categoryId: 'cat_3' })).toEqual([]);
    expect(answer(archived, { type: 'change', categoryId: 'cat_3', changes: { name: 'x' } })).toEqual({
      code: 'category_archived',
      categoryId: 'cat_3',
    });
    expect(answer(archived, create('cat_9', 'Almacén'))).toHaveLength(1);
    expect(answer(archived, create('cat_9', 'x', 'cat_3'))).toEqual({ code: 'category_archived', categoryId: 'cat_3' });
  });
});
