/** Reports over REST. */
import { fromMilli, money } from '@mostrador/contract/common';
import {
  type MarginsJson,
  type TaxReportJson,
  zBestSellers,
  zBestSellersQuery,
  zDashboard,
  zDashboardQuery,
  zLowStock,
  zLowStockQuery,
  zMargins,
  zMarginsQuery,
  zSalesReport,
  zSalesReportQuery,
  zTaxReport,
  zTaxReportQuery,
} from '@mostrador/contract/report';
import { z } from 'zod';
import type { Platform } from '../../module.js';
import { type Api, decodeCursor, pageOf } from '../../platform/http/index.js';
import { pictureUrl } from '../product/index.js';
import { dashboard } from './dashboard.js';
import { addFigures, bestSellerJson, figuresJson, lowStockJson, NOTHING, shareBp } from './json.js';
import { namesOf, periodOf } from './periods.js';
import {
  bestSellers,
  type FigureRow,
  lagOf,
  lowStock,
  type MarginRow,
  margins,
  salesBy,
  type TaxRow,
  taxes,
} from './queries.js';
import { dayIn } from './zone.js';

const MARGIN_ROWS = 200;
const zLowCursor = z.tuple([z.number(), z.string().max(60), z.string().max(60)]);

export function reportRoutes(api: Api, platform: Platform): void {
  const { database } = platform;
  const report = { method: 'GET', tag: 'report', permission: 'report.read' } as const;

  api.route(
    {
      ...report,
      url: '/reports/dashboard',
      summary: 'Today at a glance, and what needs a person',
      query: zDashboardQuery,
      response: zDashboard,
    },
    ({ query, session }) => dashboard(platform, session, query.location_id ?? null),
  );

  api.route(
    {
      ...report,
      url: '/reports/sales',
      summary: 'Sales by hour, day or month',
      query: zSalesReportQuery,
      response: zSalesReport,
    },
    async ({ query, session }) => {
      const { tenantId, tenant } = session;
      const period = periodOf(query, session, query.group);
      const lag = await lagOf(database, tenantId);
      const rows = await salesBy(database, tenantId, period, query.group);
      const byName = new Map(rows.map((row) => [row.period, row as FigureRow]));
      return {
        lag,
        time_zone: tenant.timeZone,
        group: query.group,
        total: figuresJson(rows.reduce<FigureRow>(addFigures, NOTHING), tenant.currency),
        data: namesOf(period, query.group).map((name) => ({
          ...figuresJson(byName.get(name) ?? NOTHING, tenant.currency),
          period: name,
        })),
      };
    },
  );

  api.route(
    {
      ...report,
      url: '/reports/tax',
      summary: 'Taxes by rate: sales, refunds, and the difference',
      query: zTaxReportQuery,
      response: zTaxReport,
    },
    async ({ query, session }) => {
      const { tenantId, tenant } = session;
      const period = periodOf(query, session);
      const lag = await lagOf(database, tenantId);
      const rows = await taxes(database, tenantId, period);
      return { lag, time_zone: tenant.timeZone, ...taxJson(rows, tenant.currency) };
    },
  );

  api.route(
    {
      ...report,
      url: '/reports/best-sellers',
      summary: 'What sold best, by quantity, sales or margin',
      query: zBestSellersQuery,
      response: zBestSellers,
    },
    async ({ query, session }) => {
      const { tenantId, tenant } = session;
      const period = periodOf(query, session);
      const lag = await lagOf(database, tenantId);
      const rows = await bestSellers(database, tenantId, period, query.order, query.limit);
      return { lag, data: rows.map((row) => bestSellerJson(row, tenant.currency, pictureUrl(row.name, row.picture))) };
    },
  );

  api.route(
    {
      ...report,
      url: '/reports/margins',
      summary: 'Margins by category or product',
      query: zMarginsQuery,
      response: zMargins,
    },
    async ({ query, session }) => {
      const { tenantId, tenant } = session;
      const period = periodOf(query, session);
      const lag = await lagOf(database, tenantId);
      const rows = await margins(database, tenantId, period, query.group, MARGIN_ROWS);
      return { lag, data: rows.map((row) => marginJson(row, tenant.currency)) };
    },
  );

  api.route(
    {
      ...report,
      url: '/reports/low-stock',
      summary: 'What is below zero, out, or about to be, at the pace of the last four weeks',
      query: zLowStockQuery,
      response: zLowStock,
    },
    async ({ query, session }) => {
      const { tenantId, tenant } = session;
      const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor, zLowCursor);
      const after = cursor === undefined ? null : { days: cursor[0], variantId: cursor[1], locationId: cursor[2] };
      const day = dayIn(tenant.timeZone)(platform.now());
      const lag = await lagOf(database, tenantId);
      const locationId = query.location_id ?? null;
      const rows = await lowStock(database, tenantId, { day, locationId, after, limit: query.limit });
      return {
        lag,
        ...pageOf(rows, query.limit, lowStockJson, (row) => [row.days, row.variant_id, row.location_id]),
      };
    },
  );
}

function taxJson(rows: readonly TaxRow[], currency: string): Pick<TaxReportJson, 'data' | 'total'> {
  const m = (amount: number) => money(amount, currency);
  const figures = (r: Pick<TaxRow, 'sales_net' | 'sales_tax' | 'refunds_net' | 'refunds_tax'>) => ({
    sales_net: m(r.sales_net),
    sales_tax: m(r.sales_tax),
    refunds_net: m(r.refunds_net),
    refunds_tax: m(r.refunds_tax),
    net: m(r.sales_net - r.refunds_net),
    tax: m(r.sales_tax - r.refunds_tax),
  });
  const total = { sales_net: 0, sales_tax: 0, refunds_net: 0, refunds_tax: 0 };
  for (const row of rows) {
    total.sales_net += row.sales_net;
    total.sales_tax += row.sales_tax;
    total.refunds_net += row.refunds_net;
    total.refunds_tax += row.refunds_tax;
  }
  return {
    data: rows.map((row) => ({
      tax_rate_id: row.tax_rate_id,
      name: row.name,
      tax_rate_bp: row.tax_rate_bp,
      ...figures(row),
    })),
    total: figures(total),
  };
}

function marginJson(row: MarginRow, currency: string): MarginsJson['data'][number] {
  const margin = row.costed - row.cost;
  return {
    id: row.id,
    name: row.name,
    quantity: fromMilli(row.quantity),
    sales: money(row.total, currency),
    net: money(row.net, currency),
    cost: money(row.cost, currency),
    margin: money(margin, currency),
    margin_bp: shareBp(margin, row.costed),
    costed_bp: shareBp(row.costed, row.net) ?? 0,
  };
}
