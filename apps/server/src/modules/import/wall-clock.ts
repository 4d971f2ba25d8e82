/**
 * Wall time of a shop as a moment. Files write what the clock on the wall showed; the time zone turns it into
 * milliseconds, in winter and in summer.
 */
import { type DateOrder, parseMoment, type Wall } from './values.js';

const DAY = 86_400_000;

/** A reader of moments in one IANA time zone, which remembers what it has read: files repeat themselves. */
export function wallClock(timeZone: string): (text: string, order: DateOrder) => number | null {
  const format = new Intl.DateTimeFormat('en-CA-u-hc-h23', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const offsets = new Map<number, number>();
  let lastText = '';
  let lastMs: number | null = null;

  /** Milliseconds that the zone is ahead of UTC at a moment. */
  function offsetAt(ms: number): number {
    const quarter = Math.floor(ms / 900_000);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const parts: Record<string, number> = {};
    for (const part of format.formatToParts(quarter * 900_000)) parts[part.type] = Number(part.value);
    const shown = Date.UTC(
      parts.year as number,
      (parts.month as number) - 1,
      parts.day as number,
      parts.hour as number,
      parts.minute as number,
      parts.second as number,
    );
    const offset = shown - quarter * 900_000;
    if (offsets.size > 100_000) offsets.clear();
    offsets.set(quarter, offset);
    return offset;
  }

  function toMs(wall: Wall): number {
    const shown = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
    if (wall.offset !== null) return shown - wall.offset * 60_000;
    // Twice: near a change of the clocks the first guess may lie on its other side.
    const first = shown - offsetAt(shown);
    return shown - offsetAt(first);
  }

  return (text, order) => {
    if (text === lastText) return lastMs;
    const wall = parseMoment(text, order);
    const ms = wall === null ? null : toMs(wall);
    lastText = text;
    lastMs = ms !== null && ms >= 0 && ms < 7_258_118_400_000 + DAY ? ms : null;
    return lastMs;
  };
}
