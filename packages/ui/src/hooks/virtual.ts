/**
 * Which rows of a long list of equal rows stand in the window. The page itself scrolls, so that headers stick
 * and phones hide their bars; only the rows near the eye are in the document.
 */
import { type RefObject, useEffect, useState } from 'react';

const OVERSCAN = 12;

export interface Range {
  /** First row to draw. */
  readonly start: number;
  /** One past the last row to draw. */
  readonly end: number;
}

/** The range for a list whose top edge is `top` pixels below the window's, in a window `height` high. */
export function rangeOf(top: number, height: number, rowHeight: number, count: number): Range {
  const first = Math.floor(-top / rowHeight) - OVERSCAN;
  const last = Math.ceil((height - top) / rowHeight) + OVERSCAN;
  const start = Math.min(Math.max(0, first), Math.max(0, count - 1));
  return { start, end: Math.max(start, Math.min(count, last)) };
}

export function useVirtualRows(ref: RefObject<HTMLElement | null>, count: number, rowHeight: number): Range {
  const [range, setRange] = useState<Range>({ start: 0, end: Math.min(count, 40) });
  useEffect(() => {
    const measure = () => {
      const top = ref.current?.getBoundingClientRect().top ?? 0;
      const next = rangeOf(top, window.innerHeight, rowHeight, count);
      setRange((old) => (old.start === next.start && old.end === next.end ? old : next));
    };
    measure();
    window.addEventListener('scroll', measure, { passive: true });
    window.addEventListener('resize', measure, { passive: true });
    return () => {
      window.removeEventListener('scroll', measure);
      window.removeEventListener('resize', measure);
    };
  }, [ref, count, rowHeight]);
  return range.end > count || range.start >= count ? rangeOf(0, 900, rowHeight, count) : range;
}
