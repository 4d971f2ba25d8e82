/** Categories: a shallow tree of names. A shop has tens of them, so a decision sees them all. */
import type { DecidedEvent, Decision } from '../decision.js';
import type { ProductEvent } from './types.js';
import { nameKey } from './words.js';

export interface CategoryState {
  readonly categoryId: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly archived: boolean;
}

export type Categories = ReadonlyMap<string, CategoryState>;

export type CategoryCommand =
  | { readonly type: 'create'; readonly categoryId: string; readonly name: string; readonly parentId: string | null }
  | {
      readonly type: 'change';
      readonly categoryId: string;
      readonly changes: { readonly name?: string | undefined; readonly parentId?: string | null | undefined };
    }
  | { readonly type: 'archive'; readonly categoryId: string };

export type CategoryRejection =
  | { readonly code: 'category_exists'; readonly categoryId: string }
  | { readonly code: 'category_not_found'; readonly categoryId: string }
  | { readonly code: 'category_archived'; readonly categoryId: string }
  /** The same name under the same parent, compared without case and accents. */
  | { readonly code: 'category_taken'; readonly name: string }
  /** It would be its own ancestor. */
  | { readonly code: 'category_cycle'; readonly categoryId: string }
  | { readonly code: 'category_has_children'; readonly categoryId: string }
  | { readonly code: 'name_missing' };

const refuse = (rejection: CategoryRejection): Decision<CategoryRejection> => ({ ok: false, rejection });

function happened(categoryId: string, ...events: ProductEvent[]): Decision<CategoryRejection> {
  const decided: DecidedEvent[] = events.map((e) => ({ type: e.type, subject: categoryId, payload: e.payload }));
  return { ok: true, events: decided, transfers: [] };
}

/** A command that would change nothing succeeds without an event. Archiving leaves products where they are. */
export function decideCategory(categories: Categories, command: CategoryCommand): Decision<CategoryRejection> {
  const { categoryId } = command;
  const current = categories.get(categoryId);
  if (command.type === 'create') {
    if (current !== undefined) return refuse({ code: 'category_exists', categoryId });
    const defect = defectOf(categories, { categoryId, name: command.name, parentId: command.parentId });
    if (defect !== undefined) return refuse(defect);
    return happened(categoryId, {
      type: 'category.created',
      payload: { categoryId, name: command.name, parentId: command.parentId },
    });
  }
  if (current === undefined) return refuse({ code: 'category_not_found', categoryId });
  if (command.type === 'archive') {
    if (current.archived) return happened(categoryId);
    for (const c of categories.values()) {
      if (c.parentId === categoryId && !c.archived) return refuse({ code: 'category_has_children', categoryId });
    }
    return happened(categoryId, { type: 'category.archived', payload: { categoryId } });
  }
  if (current.archived) return refuse({ code: 'category_archived', categoryId });
  const { name, parentId } = command.changes;
  const changes = {
    ...(name === undefined || name === current.name ? {} : { name }),
    ...(parentId === undefined || parentId === current.parentId ? {} : { parentId }),
  };
  if (Object.keys(changes).length === 0) return happened(categoryId);
  const defect = defectOf(categories, { categoryId, name: current.name, parentId: current.parentId, ...changes });
  if (defect !== undefined) return refuse(defect);
  return happened(categoryId, { type: 'category.changed', payload: { categoryId, changes } });
}

function defectOf(
  categories: Categories,
  wanted: { categoryId: string; name: string; parentId: string | null },
): CategoryRejection | undefined {
  if (wanted.name.trim() === '') return { code: 'name_missing' };
  if (wanted.parentId !== null) {
    const parent = categories.get(wanted.parentId);
    if (parent === undefined) return { code: 'category_not_found', categoryId: wanted.parentId };
    if (parent.archived) return { code: 'category_archived', categoryId: wanted.parentId };
  }
  let ancestor = wanted.parentId;
  for (let depth = 0; ancestor !== null && depth <= categories.size; depth++) {
    if (ancestor === wanted.categoryId) return { code: 'category_cycle', categoryId: wanted.categoryId };
    ancestor = categories.get(ancestor)?.parentId ?? null;
  }
  const key = nameKey(wanted.name);
  for (const c of categories.values()) {
    const sibling = !c.archived && c.categoryId !== wanted.categoryId && c.parentId === wanted.parentId;
    if (sibling && nameKey(c.name) === key) return { code: 'category_taken', name: wanted.name };
  }
  return undefined;
}

export function evolveCategories(categories: Categories, event: ProductEvent): Categories {
  switch (event.type) {
    case 'category.created':
      return new Map(categories).set(event.payload.categoryId, { ...event.payload, archived: false });
    case 'category.changed':
    case 'category.archived': {
      const current = categories.get(event.payload.categoryId);
      if (current === undefined) return categories;
      const changed =
        event.type === 'category.archived' ? { ...current, archived: true } : { ...current, ...event.payload.changes };
      return new Map(categories).set(changed.categoryId, changed);
    }
    default:
      return categories;
  }
}
