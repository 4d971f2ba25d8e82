/** The dashboard: today beside the same weekday a week ago, when the shop is busy, what sells, and what needs a person. */
import { money, timestamp } from '@mostrador/contract/common';
import type { AttentionJson, DashboardJson } from '@mostrador/contract/report';
import type { Platform } from '../../module.js';
import type { Session } from '../../platform/http/index.js';
import { pictureUrl } from '../product/index.js';
import { addFigures, bestSellerJson, figuresJson, lowStockJson, NOTHING } from './json.js';
import {
  type AttentionRow,
  attention,
  bestSellers,
  dayUpTo,
  type FigureRow,
  lagOf,
  lowStock,
  salesBy,
} from './queries.js';
import { addDays, dayIn } from './zone.js';

const WINDOW_DAYS = 28;
const BEST_DAYS = 7;
const ROWS = 10;

export async function dashboard(
  platform: Platform,
  session: Session,
  locationId: string | null,
): Promise<DashboardJson> {
  const { database } = platform;
  const { tenantId, tenant } = session;
  const { timeZone, currency } = tenant;
  const now = platform.now();
  const day = dayIn(timeZone)(now);
  const weekAgo = addDays(day, -7);
  // Asked first, so that the figures are at least as new as it says.
  const lag = await lagOf(database, tenantId);
  const [hours, lastWeek, best, low, needs] = await Promise.all([
    salesBy(database, tenantId, { from: addDays(day, -WINDOW_DAYS), to: day, timeZone, locationId }, 'hour'),
    dayUpTo(database, tenantId, { from: weekAgo, to: weekAgo, timeZone, locationId }, now),
    bestSellers(database, tenantId, { from: addDays(day, 1 - BEST_DAYS), to: day, locationId }, 'sales', ROWS),
    lowStock(database, tenantId, { day, locationId, after: null, limit: ROWS }),
    attention(database, tenantId, locationId),
  ]);
  const byHour = new Map(hours.map((row) => [row.period, row]));
  const at = (ofDay: string, hour: number): FigureRow =>
    byHour.get(`${ofDay}T${String(hour).padStart(2, '0')}`) ?? NOTHING;
  const ofDay = (name: string): FigureRow => {
    let sum = NOTHING;
    for (let hour = 0; hour < 24; hour++) sum = addFigures(sum, at(name, hour));
    return sum;
  };
  const hourNow = hourIn(timeZone, now);
  const point = (row: FigureRow) => {
    const { sales, tickets, margin } = figuresJson(row, currency);
    return { sales, tickets, margin };
  };
  return {
    now: timestamp(now),
    day,
    time_zone: timeZone,
    currency,
    lag,
    today: figuresJson(ofDay(day), currency),
    last_week: figuresJson(lastWeek ?? NOTHING, currency),
    last_week_whole: figuresJson(ofDay(weekAgo), currency),
    hours: Array.from({ length: 24 }, (_, hour) => ({
      hour,
      today: hour <= hourNow ? point(at(day, hour)) : null,
      last_week: point(at(weekAgo, hour)),
    })),
    heat_map: heatMap(hours, day, currency),
    days: Array.from({ length: WINDOW_DAYS }, (_, i) => {
      const name = addDays(day, i + 1 - WINDOW_DAYS);
      const { sales, tickets, margin } = figuresJson(ofDay(name), currency);
      return { day: name, sales, tickets, margin };
    }),
    best_sellers: best.map((row) => bestSellerJson(row, currency, pictureUrl(row.name, row.picture))),
    running_low: low.slice(0, ROWS).map(lowStockJson),
    attention: needs === undefined ? [] : attentionJson(needs),
  };
}

/** The hour of the day, 0 to 23, in the zone. */
function hourIn(timeZone: string, now: number): number {
  return Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(now));
}

/** The four whole weeks before today. */
function heatMap(
  hours: readonly (FigureRow & { readonly period: string })[],
  today: string,
  currency: string,
): DashboardJson['heat_map'] {
  const cells = new Map<string, { weekday: number; hour: number; sales: number; tickets: number }>();
  for (const row of hours) {
    const day = row.period.slice(0, 10);
    if (day === today) continue;
    const hour = Number(row.period.slice(11));
    // Sunday is 0 in JavaScript and 7 in ISO 8601.
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
    const key = `${weekday} ${hour}`;
    const cell = cells.get(key) ?? { weekday, hour, sales: 0, tickets: 0 };
    cell.sales += row.gross - row.refunds;
    cell.tickets += row.tickets;
    cells.set(key, cell);
  }
  const weeks = WINDOW_DAYS / 7;
  return [...cells.values()]
    .sort((a, b) => a.weekday - b.weekday || a.hour - b.hour)
    .map((cell) => ({
      weekday: cell.weekday,
      hour: cell.hour,
      sales: money(Math.round(cell.sales / weeks), currency),
      tickets: Math.round((cell.tickets / weeks) * 100) / 100,
    }));
}

function attentionJson(row: AttentionRow): AttentionJson[] {
  const all: AttentionJson[] = [
    { kind: 'dead_letters', count: row.dead_letters, severity: 'error' },
    { kind: 'subscription_failing', count: row.failing, severity: 'warning' },
    { kind: 'below_zero', count: row.below_zero, severity: 'warning' },
    { kind: 'draft_products', count: row.drafts, severity: 'info' },
  ];
  return all.filter((need) => need.count > 0);
}
