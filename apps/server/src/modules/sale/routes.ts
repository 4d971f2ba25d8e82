/** Sales over REST: checkout, find, detail, refunds, receipts. */
import { timestamp, zInstant, zPageQuery } from '@mostrador/contract/common';
import { zCustomerParams } from '@mostrador/contract/customer';
import {
  type SaleSummaryJson,
  zCheckoutAnswer,
  zCheckoutInput,
  zReceiptQuery,
  zRefund,
  zRefundAnswer,
  zRefundInput,
  zRefundParams,
  zSale,
  zSalePage,
  zSaleParams,
  zSaleQuery,
} from '@mostrador/contract/sale';
import type { SaleRefunded } from '@mostrador/domain/sale';
import { z } from 'zod';
import type { Platform } from '../../module.js';
import { type Api, ApiError, decodeCursor, orAsBefore, pageOf, type Session } from '../../platform/http/index.js';
import type { JournalEvent } from '../../platform/journal/index.js';
import { userNames } from '../identity/index.js';
import { shopFacts } from '../tenant/index.js';
import { checkout } from './checkout.js';
import type { FiscalPort } from './fiscal.js';
import { checkoutAnswer, historyOf, type Names, refundAnswer, refundJson, saleJson, statusOf } from './json.js';
import { listSales, refundSeq, type SaleRow, tracesOf } from './queries.js';
import { type Receipt, type ReceiptContext, refundReceipt, saleReceipt } from './receipt.js';
import { receiptHtml } from './receipt-html.js';
import { receiptPdf } from './receipt-pdf.js';
import { refund } from './refund.js';

const zSaleCursor = z.tuple([zInstant, z.int().min(1)]);
const RECEIPT_TYPES = ['text/html', 'application/pdf'] as const;

export function saleRoutes(fiscal: FiscalPort) {
  return (api: Api, platform: Platform): void => {
    const { database, journal } = platform;

    const namesFor = async (session: Session, userIds: readonly string[]): Promise<Names> => {
      const [shop, users] = await Promise.all([
        shopFacts(platform, session.tenantId),
        userNames(platform, session.tenantId, [...new Set(userIds.filter((id) => id.startsWith('usr_')))]),
      ]);
      return {
        location: (id) => shop.locations.get(id)?.name ?? '',
        user: (id) => users.get(id) ?? '',
      };
    };
    const listPage = async (session: Session, query: z.output<typeof zSaleQuery>) => {
      const { tenantId, tenant } = session;
      const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor, zSaleCursor);
      const shop = await shopFacts(platform, tenantId);
      const prefixes = [...shop.locations.values()].map((location) => location.receiptPrefix);
      const rows = await listSales(database, tenantId, {
        timeZone: tenant.timeZone,
        from: query.from,
        to: query.to,
        locationId: query.location_id,
        customerId: query.customer_id,
        userId: query.user_id,
        numbers: query.q === undefined ? undefined : receiptNumbers(query.q, prefixes),
        before: cursor === undefined ? undefined : { at: cursor[0], seq: cursor[1] },
        limit: query.limit,
      });
      const names = await namesFor(
        session,
        rows.map((row) => row.user_id),
      );
      return pageOf(
        rows,
        query.limit,
        (row) => summaryJson(row, names),
        (row) => [row.at_iso, row.seq],
      );
    };

    const findSale = async (tenantId: number, saleId: string) => {
      const history = historyOf(await journal.eventsOf(tenantId, saleId));
      if (history === null) throw new ApiError('not_found');
      return history;
    };
    const findRefund = async (tenantId: number, refundId: string): Promise<JournalEvent<SaleRefunded>> => {
      const seq = await refundSeq(database, tenantId, refundId);
      const [event] = seq === undefined ? [] : await journal.eventsAfter(tenantId, seq - 1, 1);
      if (event === undefined) throw new ApiError('not_found');
      return event as unknown as JournalEvent<SaleRefunded>;
    };

    api.route(
      {
        method: 'POST',
        url: '/sales/checkout',
        tag: 'sale',
        summary: 'Sell: reserve, take and record at once',
        description: 'Refused as a whole when anything is short; what is left is told for each line.',
        permission: 'sale.write',
        idempotent: true,
        body: zCheckoutInput,
        status: 201,
        response: zCheckoutAnswer,
        errors: [
          'insufficient_stock',
          'variant_unknown',
          'price_missing',
          'product_archived',
          'quantity_fraction',
          'currency_mismatch',
          'discount_excess',
          'tender_insufficient',
          'tender_excess',
          'amount_out_of_range',
          'location_unknown',
          'location_archived',
          'customer_unknown',
          'cash_session_unknown',
          'cash_session_closed',
          'conflict',
        ],
      },
      async ({ body, session, command }) => {
        const committed = await orAsBefore(journal, session.tenantId, command, () =>
          checkout(platform, session, command, body),
        );
        return checkoutAnswer(committed.events[0] as JournalEvent);
      },
    );

    api.route(
      {
        method: 'GET',
        url: '/sales',
        tag: 'sale',
        summary: 'Sales, newest first',
        permission: 'sale.read',
        query: zSaleQuery,
        response: zSalePage,
        errors: ['cursor_invalid'],
      },
      ({ query, session }) => listPage(session, query),
    );

    api.route(
      {
        method: 'GET',
        url: '/customers/{customer_id}/sales',
        tag: 'sale',
        summary: 'Sales to a customer, newest first',
        permission: 'sale.read',
        params: zCustomerParams,
        query: zPageQuery,
        response: zSalePage,
        errors: ['cursor_invalid'],
      },
      ({ params, query, session }) => listPage(session, { ...query, customer_id: params.customer_id }),
    );

    api.route(
      {
        method: 'GET',
        url: '/sales/{sale_id}',
        tag: 'sale',
        summary: 'A sale with its lines, refunds, what can still be refunded, and what it moved',
        permission: 'sale.read',
        params: zSaleParams,
        response: zSale,
        errors: ['not_found'],
      },
      async ({ params, session }) => {
        const { tenantId } = session;
        const history = await findSale(tenantId, params.sale_id);
        const [names, transfers] = await Promise.all([
          namesFor(session, [history.completed.actor, ...history.refunds.map((r) => r.actor)]),
          tracesOf(database, tenantId, [history.completed.commitId]),
        ]);
        return { ...saleJson(history, names, session.permissions.has('report.read')), transfers };
      },
    );

    api.route(
      {
        method: 'POST',
        url: '/sales/{sale_id}/refunds',
        tag: 'sale',
        summary: 'Give back a part or all of a sale',
        permission: 'refund.write',
        idempotent: true,
        params: zSaleParams,
        body: zRefundInput,
        status: 201,
        response: zRefundAnswer,
        errors: [
          'not_found',
          'refund_excess',
          'sale_line_unknown',
          'quantity_fraction',
          'tender_mismatch',
          'currency_mismatch',
          'insufficient_cash',
          'insufficient_balance',
          'cash_session_unknown',
          'cash_session_closed',
          'conflict',
        ],
      },
      async ({ params, body, session, command }) => {
        const committed = await orAsBefore(journal, session.tenantId, command, () =>
          refund(platform, session, command, params.sale_id, body),
        );
        return refundAnswer(committed.events[0] as JournalEvent);
      },
    );

    api.route(
      {
        method: 'GET',
        url: '/refunds/{refund_id}',
        tag: 'sale',
        summary: 'A refund with what it moved',
        permission: 'sale.read',
        params: zRefundParams,
        response: zRefund,
        errors: ['not_found'],
      },
      async ({ params, session }) => {
        const event = await findRefund(session.tenantId, params.refund_id);
        const [names, transfers] = await Promise.all([
          namesFor(session, [event.actor]),
          tracesOf(database, session.tenantId, [event.commitId]),
        ]);
        return { ...refundJson(event, names), transfers };
      },
    );

    const receiptContext = async (
      session: Session,
      event: Pick<JournalEvent<{ locationId: string }>, 'at' | 'actor' | 'payload'>,
      language: 'es' | 'en' | undefined,
      documentOf: () => ReturnType<FiscalPort['documentOf']>,
    ): Promise<ReceiptContext> => {
      const { tenant, tenantId } = session;
      const [shop, names, document] = await Promise.all([
        shopFacts(platform, tenantId),
        namesFor(session, [event.actor]),
        documentOf(),
      ]);
      return {
        shop: {
          name: shop.name,
          country: tenant.country,
          timeZone: tenant.timeZone,
          taxIdentifier: shop.taxIdentifier,
          address: shop.locations.get(event.payload.locationId)?.address || shop.address,
          footer: shop.receiptFooter,
          locationName: names.location(event.payload.locationId),
        },
        language: language ?? tenant.locale,
        at: event.at,
        cashier: names.user(event.actor),
        fiscal: document,
      };
    };

    api.route(
      {
        method: 'GET',
        url: '/sales/{sale_id}/receipt',
        tag: 'sale',
        summary: 'The receipt of a sale, to print or to send',
        permission: 'sale.read',
        params: zSaleParams,
        query: zReceiptQuery,
        response: { raw: RECEIPT_TYPES },
        errors: ['not_found'],
      },
      async ({ params, query, session }) => {
        const { completed } = await findSale(session.tenantId, params.sale_id);
        const context = await receiptContext(session, completed, query.locale, () =>
          fiscal.documentOf(session.tenantId, completed.payload),
        );
        return drawn(saleReceipt(completed.payload, context), query.format, completed.payload.receiptNumber ?? '');
      },
    );

    api.route(
      {
        method: 'GET',
        url: '/refunds/{refund_id}/receipt',
        tag: 'sale',
        summary: 'The receipt of a refund, to print or to send',
        permission: 'sale.read',
        params: zRefundParams,
        query: zReceiptQuery,
        response: { raw: RECEIPT_TYPES },
        errors: ['not_found'],
      },
      async ({ params, query, session }) => {
        const { tenantId } = session;
        const event = await findRefund(tenantId, params.refund_id);
        const { saleId, receiptNumber } = event.payload;
        const sale = saleId === null ? null : historyOf(await journal.eventsOf(tenantId, saleId));
        const context = await receiptContext(session, event, query.locale, () =>
          fiscal.documentOf(tenantId, event.payload),
        );
        const receipt = refundReceipt(event.payload, sale?.state.sale.receiptNumber ?? '', context);
        return drawn(receipt, query.format, receiptNumber ?? '');
      },
    );
  };
}

async function drawn(receipt: Receipt, format: 'html' | 'pdf', number: string) {
  if (format === 'html') return { type: 'text/html; charset=utf-8', body: receiptHtml(receipt) };
  return { type: 'application/pdf', body: await receiptPdf(receipt), filename: `${number || 'receipt'}.pdf` };
}

/** What was typed, and, when it is a bare number, the receipts and refunds that have it at any location. */
function receiptNumbers(typed: string, prefixes: readonly string[]): string[] {
  const numbers = [typed, typed.toUpperCase()];
  if (/^\d{1,8}$/.test(typed)) {
    const digits = typed.padStart(8, '0');
    for (const prefix of prefixes) numbers.push(`${prefix}-${digits}`, `${prefix}-R-${digits}`);
  }
  return [...new Set(numbers)];
}

function summaryJson(row: SaleRow, names: Names): SaleSummaryJson {
  const money = (amount: number) => ({ amount, currency: row.currency });
  return {
    id: row.sale_id,
    seq: row.seq,
    receipt_number: row.receipt_number,
    at: timestamp(row.at_ms),
    status: statusOf(row.total_minor, row.refunded_minor, row.refund_count > 0),
    location_id: row.location_id,
    location_name: names.location(row.location_id),
    user_id: row.user_id,
    user_name: names.user(row.user_id),
    customer_id: row.customer_id,
    cash_session_id: row.cash_session_id,
    channel: row.channel,
    line_count: row.line_count,
    total: money(row.total_minor),
    tax: money(row.tax_minor),
    refunded: money(row.refunded_minor),
    external_reference: row.external_reference,
  };
}
