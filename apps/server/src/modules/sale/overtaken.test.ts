/** What another process does between reading and committing: the refund or sale is decided again on what then is. */
import { refundSale } from '@mostrador/domain/sale';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Article, type Counter, openCounter } from '../../../test/counter.js';
import type { Platform } from '../../module.js';
import { commitOrThrow, type Session } from '../../platform/http/index.js';
import { newId, newUuid } from '../../platform/ids.js';
import { whileOpen } from './checkout.js';
import { historyOf } from './json.js';
import { refund } from './refund.js';

let shop: Counter;
let yerba: Article;
let platform: Platform;
beforeAll(async () => {
  shop = await openCounter();
  yerba = await shop.article({ name: 'Yerba', price: 100, stock: 1000 });
  platform = shop.routes.platform;
});
afterAll(() => shop.close());

const ars = (amount: number) => ({ amount, currency: 'ARS' });
const command = () => ({ id: newUuid(), digest: '7'.repeat(64) });

async function sell(pieces: number): Promise<string> {
  const { body } = await shop.ask<{ id: string }>('POST', '/sales/checkout', {
    location_id: shop.locationId,
    lines: [{ variant_id: yerba.variantId, quantity: pieces }],
    tenders: [{ type: 'cash', amount: ars(pieces * 100) }],
  });
  return body.id;
}

/** Refunds pieces as another process would: past this one's queue. */
async function refundElsewhere(saleId: string, pieces: number): Promise<void> {
  const { tenantId } = shop.shop;
  const history = historyOf(await platform.journal.eventsOf(tenantId, saleId));
  if (history === null) throw new Error('no sale');
  const own = command();
  const decision = refundSale(
    history.state,
    {
      type: 'refund',
      refundId: newId('ref'),
      receipt: { series: `refund/${shop.locationId}`, prefix: 'X-R-' },
      cashSessionId: null,
      lines: [{ saleLine: 0, quantityMilli: pieces * 1000, restock: true }],
      reason: 'x',
      channel: 'counter',
    },
    { commitId: own.id, now: 0 },
  );
  if (!decision.ok) throw new Error(JSON.stringify(decision.rejection));
  const { events, transfers } = decision;
  const result = await platform.journal.commit(tenantId, { ...own, actor: 'usr_x', events, transfers });
  expect(result.status).toBe('committed');
}

/** The platform with another process that refunds a piece right after each of the first `times` readings of a sale. */
function withRival(saleId: string, times: number): { platform: Platform; readings: () => number } {
  let readings = 0;
  const real = platform.journal;
  const journal: Platform['journal'] = {
    commit: (tenantId, proposal) => real.commit(tenantId, proposal),
    eventsOf: async (tenantId, subject) => {
      const events = await real.eventsOf(tenantId, subject);
      readings += 1;
      if (readings <= times) await refundElsewhere(saleId, 1);
      return events;
    },
    eventsAfter: (tenantId, after, limit) => real.eventsAfter(tenantId, after, limit),
    head: (tenantId) => real.head(tenantId),
    onCommitted: (listener) => real.onCommitted(listener),
    close: () => Promise.resolve(),
  };
  return { platform: { ...platform, journal }, readings: () => readings };
}

const session = () =>
  ({
    tenantId: shop.shop.tenantId,
    tenant: { currency: 'ARS' },
    userId: newId('usr'),
    permissions: new Set(['refund.write']),
  }) as unknown as Session;
const part = (pieces: number) => ({
  reason: 'x',
  lines: [{ sale_line: 0, quantity: pieces, restock: true }],
});
const refunded = async (saleId: string) =>
  (await shop.ask<{ refunded: { amount: number } }>('GET', `/sales/${saleId}`)).body.refunded.amount;

describe('what is overtaken', () => {
  it('[SA14] a refund is decided again, and takes what is then left', async () => {
    const saleId = await sell(5);
    const rival = withRival(saleId, 3);
    const { events } = await refund(rival.platform, session(), command(), saleId, part(2));
    expect(events).toMatchObject([{ type: 'sale.refunded', subject: saleId }]);
    expect(rival.readings()).toBe(4);
    expect(await refunded(saleId)).toBe(500);
  });

  it('[SA14] a refund is refused when the others left too little', async () => {
    const saleId = await sell(3);
    const rival = withRival(saleId, 2);
    await expect(refund(rival.platform, session(), command(), saleId, part(2))).rejects.toMatchObject({
      code: 'refund_excess',
      facts: { quantity_refundable: 1 },
    });
    expect(await refunded(saleId)).toBe(200);
  });

  it('[SA14] a refund that is always overtaken says so in the end', async () => {
    const saleId = await sell(40);
    const rival = withRival(saleId, 40);
    await expect(refund(rival.platform, session(), command(), saleId, part(1))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(rival.readings()).toBe(20);
    expect(await refunded(saleId)).toBe(2000);
  });

  it('[SA11] a sale goes on when its drawer was changed, and ends when it was closed', async () => {
    const { tenantId } = shop.shop;
    const drawer = await shop.ask<{ id: string }>('POST', '/cash-sessions', {
      location_id: shop.locationId,
      name: 'Caja 3',
      float: ars(0),
    });
    const id = drawer.body.id;
    const commit = (before: () => Promise<unknown>) => {
      let attempts = 0;
      const event = { type: 'test.happened', subject: newId('sal'), payload: {} };
      return whileOpen(platform, tenantId, id, shop.locationId, async (expects) => {
        attempts += 1;
        if (attempts === 1) await before();
        return commitOrThrow(platform.journal, tenantId, { ...command(), actor: 'x', events: [event], expects });
      }).then(() => attempts);
    };
    const move = { direction: 'in', amount: ars(1), reason: 'x' };
    expect(await commit(() => shop.ask('POST', `/cash-sessions/${id}/movements`, move))).toBe(2);
    const close = () => shop.ask('POST', `/cash-sessions/${id}/close`, { counted: ars(1) });
    await expect(commit(close)).rejects.toMatchObject({ code: 'cash_session_closed' });
  });
});
