/** Spans of days in the shop's time zone, as filters and reports use them. Days are `YYYY-MM-DD`. */
import { type Filter, useFormat, useNow } from '@mostrador/ui';
import { useTranslation } from 'react-i18next';

const DAY_MS = 86_400_000;

/** The calendar day of a moment in a time zone. */
export function dayOf(ms: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The first day of the month `months` away from the one of `day`. */
export function monthStart(day: string, months = 0): string {
  const [year, month] = day.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month - 1 + months, 1, 12)).toISOString().slice(0, 10);
}

/** The moment at which a day begins in a time zone. Reckoned twice, since a clock may change in between. */
export function startOfDay(day: string, timeZone: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`);
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const offset = (ms: number) => {
    const at = Object.fromEntries(parts.formatToParts(ms).map((p) => [p.type, Number(p.value)]));
    return Date.UTC(at.year ?? 0, (at.month ?? 1) - 1, at.day, at.hour, at.minute) - ms;
  };
  const guess = wall - offset(wall);
  return wall - offset(guess);
}

export type Span = readonly [string, string];

export const SPANS = ['today', 'yesterday', 'week', 'month', 'thisMonth', 'lastMonth', 'year'] as const;
export type SpanName = (typeof SPANS)[number];

export function spanOf(name: SpanName, today: string): Span {
  const spans: Readonly<Record<SpanName, Span>> = {
    today: [today, today],
    yesterday: [addDays(today, -1), addDays(today, -1)],
    week: [addDays(today, -6), today],
    month: [addDays(today, -29), today],
    thisMonth: [monthStart(today), today],
    lastMonth: [monthStart(today, -1), addDays(monthStart(today), -1)],
    year: [addDays(today, -364), today],
  };
  return spans[name];
}

/** Today in the shop. */
export function useToday(): string {
  const { settings } = useFormat();
  return dayOf(useNow(), settings.timeZone);
}

/** `5 may – 9 may`. */
export function useSpanLabel(): (from: string, to: string) => string {
  const format = useFormat();
  const { t } = useTranslation();
  const short = (day: string) =>
    new Intl.DateTimeFormat(format.locale, { day: 'numeric', month: 'short', year: '2-digit', timeZone: 'UTC' }).format(
      Date.parse(`${day}T12:00:00Z`),
    );
  return (from, to) => {
    if (!from) return t('span.until', { day: short(to) });
    if (!to) return t('span.since', { day: short(from) });
    return from === to ? short(from) : `${short(from)} – ${short(to)}`;
  };
}

/** The filter chip of a span of days, kept in the address as `from` and `to`. */
export function useDaysFilter(): Filter {
  const { t } = useTranslation();
  const today = useToday();
  const label = useSpanLabel();
  return {
    id: 'days',
    kind: 'days',
    name: t('span.name'),
    ids: ['from', 'to'],
    presets: SPANS.map((name) => ({ value: name, label: t(`span.${name}`), span: spanOf(name, today) })),
    label,
  };
}
