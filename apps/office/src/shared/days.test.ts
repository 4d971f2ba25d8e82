import { describe, expect, it } from 'vitest';
import { addDays, dayOf, monthStart, spanOf, startOfDay } from './days.js';

describe('spans of days', () => {
  it('a day is the shop\u2019s own', () => {
    const late = Date.UTC(2026, 2, 1, 1, 30);
    expect(dayOf(late, 'America/Argentina/Buenos_Aires')).toBe('2026-02-28');
    expect(dayOf(late, 'UTC')).toBe('2026-03-01');
  });

  it('begins at the shop\u2019s midnight', () => {
    expect(startOfDay('2026-03-01', 'America/Argentina/Buenos_Aires')).toBe(Date.UTC(2026, 2, 1, 3));
    expect(startOfDay('2026-03-01', 'UTC')).toBe(Date.UTC(2026, 2, 1));
    expect(startOfDay('2026-03-30', 'Europe/Madrid')).toBe(Date.UTC(2026, 2, 29, 22));
  });

  it('cross the ends of months and years', () => {
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(monthStart('2026-01-15', -1)).toBe('2025-12-01');
  });

  it('include both of their ends', () => {
    expect(spanOf('week', '2026-05-20')).toEqual(['2026-05-14', '2026-05-20']);
    expect(spanOf('lastMonth', '2026-03-31')).toEqual(['2026-02-01', '2026-02-28']);
    expect(spanOf('today', '2026-05-20')).toEqual(['2026-05-20', '2026-05-20']);
  });
});
