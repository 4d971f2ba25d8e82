/** What a table needs to know of its columns, and how it chooses those that fit. */
import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Least width in pixels. */
  readonly width: number;
  /** Share of the room that is left; absent: keeps its width. */
  readonly grow?: number;
  readonly align?: 'start' | 'end';
  /** Takes two lines before it is cut: sentences, in which an amount may stand at the end. */
  readonly long?: boolean;
  /** Shown only when a person asks for it. */
  readonly hidden?: boolean;
  /** Left out first where room is short: the highest goes first; absent: never. */
  readonly priority?: number;
}

/** How a row stands in a list on a phone. */
export interface ListRow {
  readonly title: ReactNode;
  /** The title may take two lines, and keeps them to itself; a short subtitle fits below. */
  readonly long?: boolean;
  readonly subtitle?: ReactNode;
  readonly trailing?: ReactNode;
  readonly below?: ReactNode;
  readonly leading?: ReactNode;
}

export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly onChange: (ids: ReadonlySet<string>) => void;
}

export const CHECK_WIDTH = 44;
export const GAP = 20;
export const PADDING = 40;

/** The columns that fit into `width` pixels, in their order. */
export function fitting<Row>(
  columns: readonly Column<Row>[],
  width: number,
  withCheck: boolean,
): readonly Column<Row>[] {
  if (width === 0) return columns;
  const room = width - PADDING - (withCheck ? CHECK_WIDTH : 0);
  let kept = [...columns];
  const total = () => kept.reduce((sum, c) => sum + c.width, 0) + GAP * Math.max(0, kept.length - 1);
  while (total() > room) {
    const least = kept.filter((c) => c.priority !== undefined).sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0))[0];
    if (!least) break;
    kept = kept.filter((c) => c !== least);
  }
  return kept;
}

export function template<Row>(columns: readonly Column<Row>[], withCheck: boolean): string {
  const tracks = columns.map((c) => (c.grow ? `minmax(${c.width}px, ${c.grow}fr)` : `${c.width}px`));
  const spare = columns.some((c) => c.grow) ? [] : ['1fr'];
  return [...(withCheck ? ['24px'] : []), ...tracks, ...spare].join(' ');
}
