/** Cursors of lists: where a page ended, packed so that clients take it as opaque. */
import type { z } from 'zod';
import { ApiError } from './api-error.js';

/** Packs the sort values of the last row. */
export function encodeCursor(values: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Unpacks what `encodeCursor` made; throws `cursor_invalid` when `schema` (a tuple) does not take it. */
export function decodeCursor<S extends z.ZodType>(cursor: string, schema: S): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new ApiError('cursor_invalid');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success || JSON.stringify(value).includes('\\u0000')) throw new ApiError('cursor_invalid');
  return parsed.data;
}

/** Cuts the extra row that told whether there is more; `rows` were read with `limit + 1`. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  cursor: (row: Row) => readonly (string | number | null)[],
): { data: Item[]; page: { next_cursor: string | null; has_more: boolean } } {
  const shown = rows.length > limit ? rows.slice(0, limit) : rows;
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    data: shown.map(item),
    page: { next_cursor: more ? encodeCursor(cursor(last)) : null, has_more: more },
  };
}
