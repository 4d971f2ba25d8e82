/** Brings levels to what a product file states: opening stock where there never was any, else an adjustment [IM21]. */
import type { Decision } from '@mostrador/domain';
import { decide, EMPTY_STOCK, type StockRejection } from '@mostrador/domain/stock';
import type { Platform } from '../../../module.js';
import { newId, newUuid } from '../../../platform/ids.js';
import { digestOf } from '../derive.js';
import { Pipeline } from '../pipeline.js';
import { stockLevels } from '../queries.js';
import type { Shop } from '../shop.js';

const LINES = 1000;

/** `wanted`: thousandths by variant. Durable when it resolves; again it finds nothing to do. */
export async function bringStock(
  platform: Pick<Platform, 'database' | 'journal' | 'now'>,
  shop: Shop,
  wanted: ReadonlyMap<string, number>,
  actor: string,
  reason: string,
): Promise<void> {
  const { locationId, tenantId } = shop;
  const levels = await stockLevels(platform.database, tenantId, locationId, [...wanted.keys()]);
  const openings: { variantId: string; quantityMilli: number }[] = [];
  const pipeline = new Pipeline(platform.journal, tenantId);
  const commit = (decide: (context: { commitId: string; now: number }) => Decision<StockRejection>): Promise<void> => {
    const commitId = newUuid();
    const decision = decide({ commitId, now: platform.now() });
    if (!decision.ok) throw new Error(`stock was refused: ${decision.rejection.code}`);
    const { events, transfers } = decision;
    return pipeline.send({ id: commitId, digest: digestOf(events), actor, events, transfers }, (result) => {
      if (result.status === 'rejected') throw new Error(`stock was refused: ${result.rejection.code}`);
    });
  };
  for (const [variantId, target] of wanted) {
    const level = levels.get(variantId);
    if (level === undefined) {
      if (target > 0) openings.push({ variantId, quantityMilli: target });
    } else if (level !== target) {
      const adjustmentId = newId('stk');
      const quantityMilli = target - level;
      await commit((context) =>
        decide(
          EMPTY_STOCK,
          { type: 'adjust', adjustmentId, locationId, variantId, quantityMilli, reason, allowBelowZero: true },
          context,
        ),
      );
    }
  }
  for (let i = 0; i < openings.length; i += LINES) {
    const lines = openings.slice(i, i + LINES);
    await commit((context) =>
      decide(EMPTY_STOCK, { type: 'open', openingId: newId('stk'), locationId, lines }, context),
    );
  }
  await pipeline.drain();
}
