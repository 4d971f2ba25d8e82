/** Periods that people ask for: checked, and filled so that a plot has no gaps. */
import { ApiError, type Session } from '../../platform/http/index.js';
import type { Period } from './queries.js';
import { addDays } from './zone.js';

const DAY_MS = 86_400_000;
/** The longest period by grouping, in days; keeps an answer below some thousand rows. */
const DAYS_MAX = { hour: 62, day: 1830, month: 36_600, none: 36_600 } as const;

export type Grouping = keyof typeof DAYS_MAX;

/** The asked period in the shop's zone; throws `validation_failed` when it ends before it begins or is too long. */
export function periodOf(
  query: { readonly from: string; readonly to: string; readonly location_id?: string | undefined },
  session: Session,
  grouping: Grouping = 'none',
): Period {
  const days = (Date.parse(query.to) - Date.parse(query.from)) / DAY_MS + 1;
  const refuse = (message: string) =>
    new ApiError('validation_failed', { errors: [{ path: 'query.to', code: 'period', message }] });
  if (days < 1) throw refuse('is before from');
  if (days > DAYS_MAX[grouping]) throw refuse(`at most ${DAYS_MAX[grouping]} days with this grouping`);
  return {
    from: query.from,
    to: query.to,
    timeZone: session.tenant.timeZone,
    locationId: query.location_id ?? null,
  };
}

/** Every hour, day or month of the period, as reports name them. */
export function namesOf(period: Period, group: 'hour' | 'day' | 'month'): string[] {
  const names: string[] = [];
  if (group === 'month') {
    let [year, month] = [Number(period.from.slice(0, 4)), Number(period.from.slice(5, 7))];
    const last = period.to.slice(0, 7);
    for (;;) {
      const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
      names.push(name);
      if (name >= last) return names;
      month += 1;
      if (month > 12) [year, month] = [year + 1, 1];
    }
  }
  for (let day = period.from; day <= period.to; day = addDays(day, 1)) {
    if (group === 'day') names.push(day);
    else for (let hour = 0; hour < 24; hour++) names.push(`${day}T${String(hour).padStart(2, '0')}`);
  }
  return names;
}
