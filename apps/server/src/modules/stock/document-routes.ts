/** The documents that change stock: adjustments, receipts, counts, moves between locations, write-offs. */
import { fromMilli, money, timestamp, toMilli } from '@mostrador/contract/common';
import {
  type StockReceiptSummaryJson,
  zAdjustment,
  zAdjustmentInput,
  zCount,
  zCountInput,
  zReceiptInput,
  zStockMove,
  zStockMoveInput,
  zStockReceipt,
  zStockReceiptDetail,
  zStockReceiptPage,
  zStockReceiptParams,
  zStockReceiptQuery,
  zWriteOff,
  zWriteOffInput,
} from '@mostrador/contract/stock';
import type { StockEvent } from '@mostrador/domain/stock';
import { z } from 'zod';
import type { Platform } from '../../module.js';
import { type Api, ApiError, type Committed, decodeCursor, pageOf, type Session } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { userNames } from '../identity/index.js';
import { supplierExists } from '../supplier/index.js';
import { requireLocation } from '../tenant/index.js';
import { carryOut, requireVariants } from './commands.js';
import { listReceipts, type ReceiptRow, readReceipt, variantNames } from './queries.js';

type Payload<T extends StockEvent['type']> = Extract<StockEvent, { type: T }>['payload'];
const zSeqCursor = z.tuple([z.int().min(0)]);

/** The one event of a committed document, and the place that every answer tells. */
export function written<T extends StockEvent['type']>({ events }: Committed, _type: T) {
  const event = events[0];
  if (event === undefined) throw new Error('a commit has no events');
  return { payload: event.payload as Payload<T>, place: { seq: event.seq, at: timestamp(event.at) } };
}

const lineJson = (line: { readonly variantId: string; readonly quantityMilli: number }) => ({
  variant_id: line.variantId,
  quantity: fromMilli(line.quantityMilli),
});

const quantityLine = (line: { readonly variant_id: string; readonly quantity: number }) => ({
  variantId: line.variant_id,
  quantityMilli: toMilli(line.quantity),
});

/** Going below zero is for people who run the shop, not for everybody who counts [ST4]. */
function requireOverdraft(session: Session, allowBelowZero: boolean): void {
  if (allowBelowZero && !session.permissions.has('operations.write')) {
    throw new ApiError('forbidden', { detail: 'allow_below_zero needs the permission operations.write' });
  }
}

export function documentRoutes(api: Api, platform: Platform): void {
  const { database, journal } = platform;

  api.route(
    {
      method: 'POST',
      url: '/stock/adjustments',
      tag: 'stock',
      summary: 'Correct a level by a signed quantity, with a reason',
      permission: 'stock.write',
      idempotent: true,
      body: zAdjustmentInput,
      status: 201,
      response: zAdjustment,
      errors: ['insufficient_stock', 'variant_unknown', 'location_unknown', 'location_archived', 'amount_out_of_range'],
    },
    async ({ body, session, command }) => {
      requireOverdraft(session, body.allow_below_zero);
      const committed = await carryOut(platform, session, command, async () => {
        await requireLocation(platform, session.tenantId, body.location_id);
        await requireVariants(platform, session.tenantId, [body], () => 'variant_id');
        return {
          type: 'adjust',
          adjustmentId: newId('stk'),
          locationId: body.location_id,
          variantId: body.variant_id,
          quantityMilli: toMilli(body.quantity),
          reason: body.reason,
          allowBelowZero: body.allow_below_zero,
        };
      });
      const { payload, place } = written(committed, 'stock.adjusted');
      return {
        id: payload.adjustmentId,
        ...place,
        location_id: payload.locationId,
        variant_id: payload.variantId,
        quantity: fromMilli(payload.quantityMilli),
        reason: payload.reason,
      };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/stock/receipts',
      tag: 'stock',
      summary: 'Receive goods, with their supplier and what they cost',
      permission: 'stock.write',
      idempotent: true,
      body: zReceiptInput,
      status: 201,
      response: zStockReceipt,
      errors: [
        'variant_unknown',
        'supplier_unknown',
        'location_unknown',
        'location_archived',
        'currency_mismatch',
        'amount_out_of_range',
      ],
    },
    async ({ body, session, command }) => {
      const { currency } = session.tenant;
      const committed = await carryOut(platform, session, command, async () => {
        const errors = body.lines.flatMap(({ unit_cost: cost }, line) =>
          cost === null || cost.currency === currency
            ? []
            : [
                {
                  path: `lines.${line}.unit_cost.currency`,
                  code: 'currency_mismatch',
                  message: `the shop counts in ${currency}`,
                },
              ],
        );
        if (errors.length > 0) throw new ApiError('currency_mismatch', { errors });
        await requireLocation(platform, session.tenantId, body.location_id);
        if (body.supplier_id !== null && !(await supplierExists(platform, session.tenantId, body.supplier_id))) {
          throw new ApiError('supplier_unknown');
        }
        const products = await requireVariants(platform, session.tenantId, body.lines);
        return {
          type: 'receive',
          receiptId: newId('stk'),
          locationId: body.location_id,
          supplierId: body.supplier_id,
          reference: body.reference,
          currency,
          lines: body.lines.map((line) => ({
            ...quantityLine(line),
            productId: products.get(line.variant_id) as string,
            unitCostMinor: line.unit_cost?.amount ?? null,
          })),
        };
      });
      const { payload, place } = written(committed, 'stock.received');
      return {
        id: payload.receiptId,
        ...place,
        location_id: payload.locationId,
        supplier_id: payload.supplierId,
        reference: payload.reference,
        currency: payload.currency,
        lines: payload.lines.map((line) => ({
          product_id: line.productId,
          ...lineJson(line),
          unit_cost: line.unitCostMinor === null ? null : money(line.unitCostMinor, payload.currency),
        })),
      };
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/stock/receipts',
      tag: 'stock',
      summary: 'Goods receipts, newest first',
      permission: 'stock.read',
      query: zStockReceiptQuery,
      response: zStockReceiptPage,
    },
    async ({ query, session }) => {
      const rows = await listReceipts(database, session.tenantId, {
        locationId: query.location_id ?? null,
        supplierId: query.supplier_id ?? null,
        before: query.cursor === undefined ? null : decodeCursor(query.cursor, zSeqCursor)[0],
        limit: query.limit,
      });
      const names = await userNames(
        platform,
        session.tenantId,
        rows.map((r) => r.actor),
      );
      return pageOf(
        rows,
        query.limit,
        (row) => receiptJson(row, session, names),
        (row) => [row.seq],
      );
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/stock/receipts/{receipt_id}',
      tag: 'stock',
      summary: 'A goods receipt with its lines',
      permission: 'stock.read',
      params: zStockReceiptParams,
      response: zStockReceiptDetail,
      errors: ['not_found'],
    },
    async ({ params, session }) => {
      const [row, events] = await Promise.all([
        readReceipt(database, session.tenantId, params.receipt_id),
        journal.eventsOf(session.tenantId, params.receipt_id),
      ]);
      const received = events.find((e) => e.type === 'stock.received');
      if (row === null || received === undefined) throw new ApiError('not_found');
      const { lines } = received.payload as Payload<'stock.received'>;
      const [names, people] = await Promise.all([
        variantNames(database, session.tenantId, [...new Set(lines.map((l) => l.variantId))]),
        userNames(platform, session.tenantId, [row.actor]),
      ]);
      return {
        ...receiptJson(row, session, people),
        lines: lines.map((line) => {
          const name = names.get(line.variantId);
          return {
            product_id: line.productId,
            ...lineJson(line),
            product_name: name?.product_name ?? '',
            variant_name: name?.variant_name ?? '',
            sku: name?.sku ?? '',
            unit_cost:
              line.unitCostMinor === null || !seesCosts(session) ? null : money(line.unitCostMinor, row.currency),
          };
        }),
      };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/stock/counts',
      tag: 'stock',
      summary: 'Count shelves: what was found against what the screen said',
      description:
        '`seen` is on_hand as the counter saw it: the difference to it is booked, so that what was sold between looking and committing stays sold.',
      permission: 'stock.write',
      idempotent: true,
      body: zCountInput,
      status: 201,
      response: zCount,
      errors: ['variant_unknown', 'location_unknown', 'location_archived', 'amount_out_of_range'],
    },
    async ({ body, session, command }) => {
      const committed = await carryOut(platform, session, command, async () => {
        await requireLocation(platform, session.tenantId, body.location_id);
        await requireVariants(platform, session.tenantId, body.lines);
        return {
          type: 'count',
          countId: newId('stk'),
          locationId: body.location_id,
          note: body.note,
          lines: body.lines.map((line) => ({
            variantId: line.variant_id,
            countedMilli: toMilli(line.counted),
            seenMilli: line.seen === undefined ? undefined : toMilli(line.seen),
          })),
        };
      });
      const { payload, place } = written(committed, 'stock.counted');
      return {
        id: payload.countId,
        ...place,
        location_id: payload.locationId,
        note: payload.note,
        lines: payload.lines.map((line) => ({
          variant_id: line.variantId,
          expected: fromMilli(line.expectedMilli),
          counted: fromMilli(line.countedMilli),
          difference: fromMilli(line.countedMilli - line.expectedMilli),
        })),
      };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/stock/moves',
      tag: 'stock',
      summary: 'Move goods from one location to another',
      permission: 'stock.write',
      idempotent: true,
      body: zStockMoveInput,
      status: 201,
      response: zStockMove,
      errors: ['insufficient_stock', 'variant_unknown', 'location_unknown', 'location_archived', 'amount_out_of_range'],
    },
    async ({ body, session, command }) => {
      const committed = await carryOut(platform, session, command, async () => {
        // Goods can leave a place that was given up.
        await requireLocation(platform, session.tenantId, body.from_location_id, { archived: true });
        await requireLocation(platform, session.tenantId, body.to_location_id);
        await requireVariants(platform, session.tenantId, body.lines);
        return {
          type: 'move',
          moveId: newId('stk'),
          fromLocationId: body.from_location_id,
          toLocationId: body.to_location_id,
          reason: body.reason,
          lines: body.lines.map(quantityLine),
        };
      });
      const { payload, place } = written(committed, 'stock.moved');
      return {
        id: payload.moveId,
        ...place,
        from_location_id: payload.fromLocationId,
        to_location_id: payload.toLocationId,
        reason: payload.reason,
        lines: payload.lines.map(lineJson),
      };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/stock/write-offs',
      tag: 'stock',
      summary: 'Write off what is broken, expired or stolen',
      permission: 'stock.write',
      idempotent: true,
      body: zWriteOffInput,
      status: 201,
      response: zWriteOff,
      errors: ['insufficient_stock', 'variant_unknown', 'location_unknown', 'amount_out_of_range'],
    },
    async ({ body, session, command }) => {
      requireOverdraft(session, body.allow_below_zero);
      const committed = await carryOut(platform, session, command, async () => {
        await requireLocation(platform, session.tenantId, body.location_id, { archived: true });
        await requireVariants(platform, session.tenantId, body.lines);
        return {
          type: 'write_off',
          writeOffId: newId('stk'),
          locationId: body.location_id,
          reason: body.reason,
          lines: body.lines.map(quantityLine),
          allowBelowZero: body.allow_below_zero,
        };
      });
      const { payload, place } = written(committed, 'stock.written_off');
      return {
        id: payload.writeOffId,
        ...place,
        location_id: payload.locationId,
        reason: payload.reason,
        lines: payload.lines.map(lineJson),
      };
    },
  );
}

function seesCosts(session: Session): boolean {
  return session.permissions.has('report.read');
}

function receiptJson(row: ReceiptRow, session: Session, names: ReadonlyMap<string, string>): StockReceiptSummaryJson {
  return {
    id: row.receipt_id,
    seq: row.seq,
    at: timestamp(row.at.getTime()),
    location_id: row.location_id,
    location_name: row.location_name ?? '',
    supplier_id: row.supplier_id,
    supplier_name: row.supplier_name,
    reference: row.reference,
    line_count: row.line_count,
    quantity: fromMilli(row.quantity_milli),
    cost: row.cost_minor === null || !seesCosts(session) ? null : money(row.cost_minor, row.currency),
    actor: row.actor,
    actor_name: names.get(row.actor) || null,
  };
}
