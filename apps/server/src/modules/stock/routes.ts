/** Stock over REST: levels and their history. The documents that change them: document-routes.ts. */
import { fromMilli, timestamp, toMilli } from '@mostrador/contract/common';
import {
  type StockCause,
  type StockLevelJson,
  type StockMovementJson,
  zStockLevelPage,
  zStockMovementPage,
  zStockMovementQuery,
  zStockQuery,
  zStockSummary,
  zStockSummaryQuery,
  zThreshold,
  zThresholdInput,
} from '@mostrador/contract/stock';
import { DEFAULT_REORDER_POINT_MILLI } from '@mostrador/domain/stock';
import { z } from 'zod';
import type { Platform } from '../../module.js';
import { type Api, decodeCursor, encodeCursor, pageOf } from '../../platform/http/index.js';
import { userNames } from '../identity/index.js';
import { findProductIds } from '../product/index.js';
import { carryOut, requireVariants } from './commands.js';
import { documentRoutes, written } from './document-routes.js';
import { countLevels, type LevelRow, listLevels, readLevelsOf } from './levels.js';
import { listMovements, type Movement, type MovementDetail, type MovementPosition, readDetails } from './movements.js';

const zInteger = z.int();
const zLevelCursor = z.tuple([
  zInteger.min(0).max(9),
  z.string(),
  z.string(),
  zInteger.min(-1e9).max(1e9),
  z.string(),
  z.string(),
]);
const zMovementCursor = z.tuple([zInteger.min(0), zInteger.min(-1).max(1e9), zInteger.min(0)]).rest(zInteger);

export function stockRoutes(api: Api, platform: Platform): void {
  const { database } = platform;

  api.route(
    {
      method: 'GET',
      url: '/stock',
      tag: 'stock',
      summary: 'Levels: of a variant at every location, or a list in order of name',
      permission: 'stock.read',
      query: zStockQuery,
      response: zStockLevelPage,
    },
    async ({ query, session }) => {
      const { tenantId } = session;
      if (query.variant_id !== undefined) {
        const rows = await readLevelsOf(database, tenantId, query.variant_id, query.location_id ?? null);
        const data = rows.map(levelJson).filter((l) => query.state === undefined || l.state === query.state);
        return { data, page: { next_cursor: null, has_more: false } };
      }
      const after = query.cursor === undefined ? null : decodeCursor(query.cursor, zLevelCursor);
      const productIds = await found(platform, tenantId, query.q);
      const rows = await listLevels(database, tenantId, {
        locationId: query.location_id ?? null,
        productIds,
        state: query.state ?? null,
        after,
        limit: query.limit,
      });
      return pageOf(rows, query.limit, levelJson, (r) => [
        r.status,
        r.name_key,
        r.product_id,
        r.position,
        r.variant_id,
        r.location_id,
      ]);
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/stock/summary',
      tag: 'stock',
      summary: 'How many levels are low, out, or below zero',
      permission: 'stock.read',
      query: zStockSummaryQuery,
      response: zStockSummary,
    },
    ({ query, session }) => countLevels(database, session.tenantId, query.location_id ?? null),
  );

  api.route(
    {
      method: 'GET',
      url: '/stock/movements',
      tag: 'stock',
      summary: 'The history of levels, newest first, each movement with its cause and the level after it',
      description: `A page looks at a bounded stretch of history: with filters that match little it may hold fewer rows than asked, even none, and still say has_more.`,
      permission: 'stock.read',
      query: zStockMovementQuery,
      response: zStockMovementPage,
    },
    async ({ query, session }) => {
      const { tenantId } = session;
      const page = await listMovements(database, tenantId, {
        variantId: query.variant_id ?? null,
        locationId: query.location_id ?? null,
        cause: query.cause ?? null,
        from: query.from === undefined ? null : Date.parse(query.from),
        to: query.to === undefined ? null : Date.parse(query.to),
        after: query.cursor === undefined ? null : readPosition(query.cursor),
        limit: query.limit,
      });
      const details = page.movements.length === 0 ? [] : await readDetails(database, tenantId, page.movements);
      const names = await userNames(
        platform,
        tenantId,
        details.map((d) => d.actor),
      );
      return {
        data: page.movements.map((m, i) => movementJson(m, details[i] as MovementDetail, names)),
        page: { next_cursor: page.next === null ? null : writePosition(page.next), has_more: page.next !== null },
      };
    },
  );

  api.route(
    {
      method: 'PUT',
      url: '/stock/thresholds',
      tag: 'stock',
      summary: 'Set the quantity at which a variant is low',
      permission: 'stock.write',
      body: zThresholdInput,
      response: zThreshold,
      errors: ['variant_unknown'],
    },
    async ({ body, session, command }) => {
      const committed = await carryOut(platform, session, command, async () => {
        await requireVariants(platform, session.tenantId, [body], () => 'variant_id');
        const reorderPointMilli = body.reorder_point === null ? null : toMilli(body.reorder_point);
        return { type: 'set_threshold', variantId: body.variant_id, reorderPointMilli };
      });
      const { variantId, reorderPointMilli } = written(committed, 'stock.threshold_set').payload;
      return {
        variant_id: variantId,
        reorder_point: fromMilli(reorderPointMilli ?? DEFAULT_REORDER_POINT_MILLI),
        is_default: reorderPointMilli === null,
      };
    },
  );

  documentRoutes(api, platform);
}

/** Products that a search finds; null when nothing is searched for. */
async function found(platform: Platform, tenantId: number, q: string | undefined): Promise<string[] | null> {
  return q === undefined || q === '' ? null : findProductIds(platform, tenantId, q);
}

function levelJson(row: LevelRow): StockLevelJson {
  const available = row.on_hand - row.reserved;
  const state = row.on_hand < 0 ? 'below_zero' : available <= 0 ? 'out' : available <= row.reorder_point ? 'low' : 'ok';
  return {
    location_id: row.location_id,
    location_name: row.location_name,
    variant_id: row.variant_id,
    product_id: row.product_id,
    product_name: row.product_name,
    variant_name: row.variant_name,
    sku: row.sku,
    sales_unit: row.sales_unit,
    on_hand: fromMilli(row.on_hand),
    reserved: fromMilli(row.reserved),
    available: fromMilli(available),
    state,
    reorder_point: fromMilli(row.reorder_point),
    last_seq: row.last_seq,
  };
}

function movementJson(m: Movement, d: MovementDetail, names: ReadonlyMap<string, string>): StockMovementJson {
  return {
    seq: m.seq,
    n: m.n,
    at: timestamp(d.at.getTime()),
    // The ledger's causes of stock are these.
    cause: d.cause as StockCause,
    location_id: d.location_id,
    location_name: d.location_name ?? '',
    variant_id: d.variant_id,
    product_id: d.product_id,
    product_name: d.product_name ?? '',
    variant_name: d.variant_name ?? '',
    sku: d.sku ?? '',
    sales_unit: d.sales_unit ?? 'piece',
    quantity: fromMilli(m.quantityMilli),
    reserved: fromMilli(m.reservedMilli),
    balance_after: m.balanceAfterMilli === null ? null : fromMilli(m.balanceAfterMilli),
    overdrawn: d.overdrawn === null ? null : fromMilli(d.overdrawn),
    other_location_id: d.other_location_id,
    other_location_name: d.other_location_name,
    event_type: d.event_type,
    subject: d.subject,
    reference: d.reference ?? '',
    reason: d.reason ?? '',
    actor: d.actor,
    actor_name: names.get(d.actor) || null,
  };
}

function writePosition(p: MovementPosition): string {
  const levels = p.levels === null ? [] : [...p.levels].flat();
  return encodeCursor([p.seq, p.n, p.accountId, ...levels]);
}

function readPosition(cursor: string): MovementPosition {
  const [seq, n, accountId, ...flat] = decodeCursor(cursor, zMovementCursor);
  if (flat.length === 0) return { seq, n, accountId, levels: null };
  const levels = new Map<number, number>();
  for (let i = 0; i + 1 < flat.length; i += 2) levels.set(flat[i] as number, flat[i + 1] as number);
  return { seq, n, accountId, levels };
}
