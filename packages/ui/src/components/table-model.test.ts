import { describe, expect, it } from 'vitest';
import { type Column, fitting, template } from './table-model.js';

const column = (id: string, width: number, priority?: number): Column<unknown> => ({
  id,
  header: id,
  width,
  cell: () => null,
  ...(priority === undefined ? {} : { priority }),
});

describe('the columns of a table', () => {
  const all = [column('name', 200), column('brand', 120, 2), column('tax', 80, 3), column('price', 100)];

  it('all stand where there is room', () => {
    expect(fitting(all, 1000, false).map((c) => c.id)).toEqual(['name', 'brand', 'tax', 'price']);
  });

  it('give way by priority, and the needed ones never do', () => {
    expect(fitting(all, 540, false).map((c) => c.id)).toEqual(['name', 'brand', 'price']);
    expect(fitting(all, 100, true).map((c) => c.id)).toEqual(['name', 'price']);
  });

  it('share what is left', () => {
    expect(template([{ ...column('a', 100), grow: 2 }, column('b', 80)], true)).toBe('24px minmax(100px, 2fr) 80px');
  });
});
