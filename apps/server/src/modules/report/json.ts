/** The rows of the reports as the interface answers them. */
import { fromMilli, money } from '@mostrador/contract/common';
import type { BestSellerJson, FiguresJson, LowStockJson } from '@mostrador/contract/report';
import type { FigureRow, LowRow, VariantRow } from './queries.js';

export const NOTHING: FigureRow = {
  tickets: 0,
  refund_count: 0,
  units: 0,
  gross: 0,
  refunds: 0,
  net: 0,
  tax: 0,
  costed: 0,
  cost: 0,
};

export function addFigures(a: FigureRow, b: FigureRow): FigureRow {
  return {
    tickets: a.tickets + b.tickets,
    refund_count: a.refund_count + b.refund_count,
    units: a.units + b.units,
    gross: a.gross + b.gross,
    refunds: a.refunds + b.refunds,
    net: a.net + b.net,
    tax: a.tax + b.tax,
    costed: a.costed + b.costed,
    cost: a.cost + b.cost,
  };
}

export function figuresJson(row: FigureRow, currency: string): FiguresJson {
  return {
    sales: money(row.gross - row.refunds, currency),
    gross: money(row.gross, currency),
    refunds: money(row.refunds, currency),
    net: money(row.net, currency),
    tax: money(row.tax, currency),
    tickets: row.tickets,
    refund_count: row.refund_count,
    units: fromMilli(row.units),
    average: row.tickets === 0 ? null : money(Math.round(row.gross / row.tickets), currency),
    margin: money(row.costed - row.cost, currency),
    margin_bp: shareBp(row.costed - row.cost, row.costed),
  };
}

/** A share in basis points; null of nothing. */
export function shareBp(part: number, whole: number): number | null {
  if (whole === 0) return null;
  const bp = Math.round((part / whole) * 10_000);
  return bp === 0 ? 0 : bp;
}

export function bestSellerJson(row: VariantRow, currency: string, pictureUrl: string): BestSellerJson {
  const margin = row.costed - row.cost;
  const isCosted = row.costed !== 0 || row.cost !== 0;
  return {
    product_id: row.product_id,
    variant_id: row.variant_id,
    name: row.name,
    variant_name: row.variant_name,
    sku: row.sku,
    picture_url: pictureUrl,
    sales_unit: row.sales_unit,
    quantity: fromMilli(row.quantity),
    sales: money(row.total, currency),
    net: money(row.net, currency),
    margin: isCosted ? money(margin, currency) : null,
    margin_bp: isCosted ? shareBp(margin, row.costed) : null,
  };
}

export function lowStockJson(row: LowRow): LowStockJson {
  return {
    product_id: row.product_id,
    variant_id: row.variant_id,
    name: row.name,
    variant_name: row.variant_name,
    sku: row.sku,
    sales_unit: row.sales_unit,
    location_id: row.location_id,
    location_name: row.location_name,
    available: fromMilli(row.available),
    sold_per_day: Math.round(row.sold / 28) / 1000,
    days_left: row.sold > 0 ? Math.round(Math.max(0, row.days) * 10) / 10 : null,
    state: row.on_hand < 0 ? 'below_zero' : row.available <= 0 ? 'out' : 'low',
  };
}
