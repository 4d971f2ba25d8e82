/** Sales and refunds as the interface answers them, out of their events: the same events give the same answer. */
import { fromMilli, money, timestamp } from '@mostrador/contract/common';
import type { CheckoutAnswer, RefundAnswer, SaleJson, SaleLineJson, zRefund } from '@mostrador/contract/sale';
import {
  evolveSale,
  type RefundedLine,
  refundableOf,
  type SaleCompleted,
  type SaleEvent,
  type SaleLine,
  type SaleRefunded,
  type SaleState,
  type TaxTotal,
  type Tender,
} from '@mostrador/domain/sale';
import type { z } from 'zod';
import type { JournalEvent } from '../../platform/journal/index.js';

/** What ids are called; an id without a name is answered with ''. */
export interface Names {
  location(id: string): string;
  user(id: string): string;
}

export interface SaleHistory {
  readonly completed: JournalEvent<SaleCompleted>;
  readonly refunds: readonly JournalEvent<SaleRefunded>[];
  readonly state: SaleState;
  /** The `seq` of the last event. */
  readonly revision: number;
}

/** The events of one subject as a sale; null when they are none. */
export function historyOf(events: readonly JournalEvent[]): SaleHistory | null {
  let completed: JournalEvent<SaleCompleted> | undefined;
  const refunds: JournalEvent<SaleRefunded>[] = [];
  let state: SaleState | null = null;
  for (const event of events) {
    if (event.type === 'sale.completed') completed = event as unknown as JournalEvent<SaleCompleted>;
    else if (event.type === 'sale.refunded') refunds.push(event as unknown as JournalEvent<SaleRefunded>);
    else continue;
    state = evolveSale(state, { type: event.type, payload: event.payload } as unknown as SaleEvent);
  }
  if (completed === undefined || state === null) return null;
  return { completed, refunds, state, revision: events.at(-1)?.seq ?? 0 };
}

export function checkoutAnswer(event: JournalEvent): CheckoutAnswer {
  const sale = event.payload as unknown as SaleCompleted;
  return {
    id: sale.saleId,
    receipt_number: sale.receiptNumber ?? '',
    total: money(sale.totalMinor, sale.currency),
    change: money(sale.changeMinor, sale.currency),
    seq: event.seq,
  };
}

export function refundAnswer(event: JournalEvent): RefundAnswer {
  const refund = event.payload as unknown as SaleRefunded;
  return {
    id: refund.refundId,
    sale_id: refund.saleId ?? '',
    receipt_number: refund.receiptNumber ?? '',
    total: money(refund.totalMinor, refund.currency),
    tenders: tendersJson(refund.tenders, refund.currency),
    seq: event.seq,
  };
}

export function statusOf(totalMinor: number, refundedMinor: number, hasRefunds: boolean): SaleJson['status'] {
  if (!hasRefunds) return 'completed';
  return refundedMinor >= totalMinor ? 'refunded' : 'partly_refunded';
}

/** `withCosts`: whether the reader may see what goods cost. */
export function saleJson(history: SaleHistory, names: Names, withCosts: boolean): Omit<SaleJson, 'transfers'> {
  const { completed: event, refunds, state, revision } = history;
  const { sale } = state;
  const c = sale.currency;
  const lines = sale.lines.map((line, i) => lineJson(line, i, state.refunded[i] as RefundedLine, c, withCosts));
  const isAllBack = refunds.length > 0 && lines.every((l) => l.refundable_quantity === 0);
  return {
    id: sale.saleId,
    seq: event.seq,
    receipt_number: sale.receiptNumber ?? '',
    at: timestamp(event.at),
    recorded_at: timestamp(event.recordedAt),
    status: isAllBack ? 'refunded' : statusOf(sale.totalMinor, state.refundedMinor, refunds.length > 0),
    location_id: sale.locationId,
    location_name: names.location(sale.locationId),
    user_id: event.actor,
    user_name: names.user(event.actor),
    customer_id: sale.customerId,
    cash_session_id: sale.cashSessionId,
    channel: sale.channel,
    line_count: sale.lines.length,
    total: money(sale.totalMinor, c),
    tax: money(sale.taxMinor, c),
    net: money(sale.totalMinor - sale.taxMinor, c),
    refunded: money(state.refundedMinor, c),
    refundable: money(sale.totalMinor - state.refundedMinor, c),
    external_reference: sale.externalReference ?? null,
    lines,
    taxes: taxesJson(sale.taxes, c),
    tenders: tendersJson(sale.tenders, c),
    change: money(sale.changeMinor, c),
    refunds: refunds.map((r) => refundJson(r, names)),
    revision,
  };
}

function lineJson(
  line: SaleLine,
  index: number,
  refunded: RefundedLine,
  currency: string,
  withCosts: boolean,
): SaleLineJson {
  const left = refundableOf(line, refunded);
  return {
    index,
    kind: line.kind,
    product_id: line.productId,
    variant_id: line.variantId,
    sku: line.sku,
    name: line.name,
    quantity: fromMilli(line.quantityMilli),
    unit_price: money(line.unitPriceMinor, currency),
    list_price: line.listPriceMinor === undefined ? null : money(line.listPriceMinor, currency),
    discounts: (line.discounts ?? []).map((d) => ({
      amount: money(d.amountMinor, currency),
      reason: d.reason,
      scope: d.scope,
    })),
    total: money(line.totalMinor, currency),
    tax_rate_id: line.taxRateId,
    tax_rate_bp: line.taxRateBp,
    tax: money(line.taxMinor, currency),
    unit_cost: withCosts && line.unitCostMinor !== null ? money(line.unitCostMinor, currency) : null,
    refunded_quantity: fromMilli(refunded.quantityMilli),
    refunded_total: money(refunded.totalMinor, currency),
    refundable_quantity: fromMilli(left.quantityMilli),
    refundable_total: money(left.totalMinor, currency),
  };
}

export function refundJson(
  event: JournalEvent<SaleRefunded>,
  names: Names,
): Omit<z.input<typeof zRefund>, 'transfers'> {
  const refund = event.payload;
  const c = refund.currency;
  return {
    id: refund.refundId,
    seq: event.seq,
    sale_id: refund.saleId,
    receipt_number: refund.receiptNumber ?? '',
    at: timestamp(event.at),
    location_id: refund.locationId,
    location_name: names.location(refund.locationId),
    user_id: event.actor,
    user_name: names.user(event.actor),
    customer_id: refund.customerId,
    cash_session_id: refund.cashSessionId,
    reason: refund.reason,
    lines: refund.lines.map(({ saleLine, line, restock }) => ({
      sale_line: saleLine,
      kind: line.kind,
      product_id: line.productId,
      variant_id: line.variantId,
      sku: line.sku,
      name: line.name,
      quantity: fromMilli(line.quantityMilli),
      total: money(line.totalMinor, c),
      tax_rate_bp: line.taxRateBp,
      tax: money(line.taxMinor, c),
      restock,
    })),
    taxes: taxesJson(refund.taxes, c),
    total: money(refund.totalMinor, c),
    tax: money(refund.taxMinor, c),
    tenders: tendersJson(refund.tenders, c),
  };
}

function taxesJson(taxes: readonly TaxTotal[], currency: string) {
  return taxes.map((t) => ({
    tax_rate_id: t.taxRateId,
    tax_rate_bp: t.taxRateBp,
    net: money(t.netMinor, currency),
    tax: money(t.taxMinor, currency),
  }));
}

function tendersJson(tenders: readonly Tender[], currency: string) {
  return tenders.map((t) => ({ type: t.type, amount: money(t.amountMinor, currency) }));
}
