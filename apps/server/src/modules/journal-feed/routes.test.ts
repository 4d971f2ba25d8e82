import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Article, type Counter, openCounter } from '../../../test/counter.js';
import { dayIn } from '../report/zone.js';

interface Entry {
  readonly seq: number;
  readonly type: string;
  readonly subject: string;
  readonly summary: { readonly key: string; readonly params: Record<string, unknown> };
  readonly links: readonly { readonly noun: string; readonly id: string; readonly name: string }[];
}
interface Page {
  readonly data: readonly Entry[];
  readonly page: { readonly next_cursor: string | null; readonly has_more: boolean };
  readonly head: number;
}
interface Detail extends Entry {
  readonly payload: Record<string, unknown>;
  readonly names: Record<string, string>;
  readonly transfers: readonly { readonly cause: string; readonly amount: number }[];
  readonly commit: readonly { readonly type: string }[];
}

const ars = (amount: number) => ({ amount, currency: 'ARS' });
let shop: Counter;
let yerba: Article;
let saleId = '';
let saleSeq = 0;

beforeAll(async () => {
  // Noon in the shop: nothing here may depend on when it is run.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 18, 15, 10) });
  shop = await openCounter();
  yerba = await shop.article({ name: 'Yerba', price: 320_000, stock: 100 });
  const { body } = await shop.ask<{ id: string; seq: number }>('POST', '/sales/checkout', {
    location_id: shop.locationId,
    lines: [{ variant_id: yerba.variantId, quantity: 3 }],
    tenders: [{ type: 'card', amount: ars(960_000) }],
  });
  saleId = body.id;
  saleSeq = body.seq;
});
afterAll(async () => {
  await shop.close();
  vi.useRealTimers();
});

const feed = async (query = '') => (await shop.ask<Page>('GET', `/journal${query}`)).body;
const seqs = (page: Page) => page.data.map((entry) => entry.seq);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => n - i);

describe('the trail', () => {
  it('tells everything, newest first, in pages that neither skip nor repeat', async () => {
    const { head, data } = await feed('?limit=200');
    expect(head).toBeGreaterThan(3);
    expect(data.map((e) => e.seq)).toEqual(upTo(head));
    const seen: number[] = [];
    let cursor = '';
    do {
      const page = await feed(`?limit=2${cursor}`);
      seen.push(...seqs(page));
      expect(page.page.has_more).toBe(page.page.next_cursor !== null);
      cursor = page.page.next_cursor === null ? '' : `&cursor=${page.page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(upTo(head));
  });

  it('says what was sold, by whom and where, with links', async () => {
    const { data } = await feed(`?subject=${saleId}`);
    expect(data).toMatchObject([
      {
        seq: saleSeq,
        type: 'sale.completed',
        summary: {
          key: 'sale.completed',
          params: {
            name: 'Yerba',
            quantity: { quantity: 3, unit: 'piece' },
            count: 1,
            total: ars(960_000),
            location: shop.shop.locations.get(shop.locationId)?.name,
          },
        },
      },
    ]);
    expect(data[0]?.links).toEqual(
      expect.arrayContaining([
        { noun: 'sale', id: saleId, name: expect.stringMatching(/-00000001$/) },
        { noun: 'product', id: yerba.productId, name: 'Yerba' },
      ]),
    );
  });

  it('filters by noun, type and stretch, and gives what is new oldest first', async () => {
    const { head } = await feed();
    expect((await feed('?type=sale')).data.map((e) => e.type)).toEqual(['sale.completed']);
    expect((await feed('?type=stock.adjusted')).data.map((e) => e.type)).toEqual(['stock.adjusted']);
    expect((await feed('?type=sal')).data).toEqual([]);
    expect((await feed('?actor=system')).data.every((e) => e.type !== 'sale.completed')).toBe(true);
    expect(seqs(await feed('?after=1'))).toEqual(upTo(head).reverse().slice(1));
    expect(seqs(await feed(`?after=${head}`))).toEqual([]);
    expect(seqs(await feed('?before=3'))).toEqual([2, 1]);
    const first = await feed('?after=1&limit=1');
    expect(seqs(await feed(`?after=1&limit=1&cursor=${first.page.next_cursor}`))).toEqual([3]);
  });

  it('finds days of the shop', async () => {
    const { head } = await feed();
    const today = dayIn(shop.shop.timeZone)(Date.now());
    expect(seqs(await feed(`?from=${today}&limit=200`))).toEqual(upTo(head));
    expect(seqs(await feed(`?to=${today}&limit=200`))).toEqual(upTo(head));
    expect(seqs(await feed('?to=2020-01-01'))).toEqual([]);
    expect(seqs(await feed('?from=2199-01-01'))).toEqual([]);
  });

  it('shows one event with what it moved and what else its commit held', async () => {
    const { status, body } = await shop.ask<Detail>('GET', `/journal/${saleSeq}`);
    expect(status).toBe(200);
    expect(body.transfers.map((t) => [t.cause, t.amount])).toEqual([
      ['sale', 3000],
      ['tender', 960_000],
    ]);
    expect(body.payload).toMatchObject({ saleId, totalMinor: 960_000 });
    expect(body.names).toMatchObject({ [yerba.variantId]: 'Yerba', [yerba.productId]: 'Yerba' });
    expect(body.commit).toEqual([]);
    const created = await shop.ask<Detail>('GET', '/journal/1');
    expect(created.body.type).toBe('tenant.created');
    expect(created.body.commit.length).toBeGreaterThan(0);
    expect(await shop.ask('GET', '/journal/999999')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('masks what is sealed, and names customers only to those who may see them', async () => {
    const made = await shop.ask<{ id: string }>('POST', '/customers', { name: 'Ana Gómez' });
    expect(made.status).toBe(201);
    const url = `/journal?subject=${made.body.id}`;
    const [entry] = (await shop.ask<Page>('GET', url)).body.data;
    const { body } = await shop.ask<Detail>('GET', `/journal/${entry?.seq}`);
    expect(body.payload).toMatchObject({ customerId: made.body.id, sealed: '•••', tokens: '•••' });
    expect(body.names[made.body.id]).toBe('Ana Gómez');
    const reader = shop.askAs(['journal.read']);
    const masked = await reader<Detail>('GET', `/journal/${entry?.seq}`);
    expect(JSON.stringify(masked.body)).not.toContain('Gómez');
    await shop.ask('POST', `/customers/${made.body.id}/erase`);
    const erased = await shop.ask<Detail>('GET', `/journal/${entry?.seq}`);
    expect(JSON.stringify(erased.body)).not.toContain('Gómez');
  });

  it('is not there for another shop, nor without permission', async () => {
    const other = await shop.another('Ajeno');
    const { body } = await other.ask<Page>('GET', `/journal?subject=${saleId}`);
    expect(body.data).toEqual([]);
    expect((await shop.askAs(['sale.read'])('GET', '/journal')).status).toBe(403);
    expect((await shop.askAs(['journal.read'])('POST', '/journal/dead-letters/1/replay')).status).toBe(403);
  });
});

describe('the readers that lag', () => {
  it('tell how far they are', async () => {
    const status = async () =>
      (await shop.ask<{ data: { name: string; lag: number; state: string }[] }>('GET', '/journal/subscriptions')).body
        .data;
    await shop.ask('POST', '/sales/checkout', {
      location_id: shop.locationId,
      lines: [{ variant_id: yerba.variantId, quantity: 1 }],
      tenders: [{ type: 'card', amount: ars(320_000) }],
    });
    expect((await status()).find((s) => s.name === 'report')).toMatchObject({ state: 'behind' });
    await shop.catchUp();
    expect((await status()).find((s) => s.name === 'report')).toMatchObject({ state: 'up_to_date', lag: 0 });
  });

  it('list what they could not do, and try it again when asked', async () => {
    const { tenantId } = shop.shop;
    await shop.catchUp();
    await shop.routes.platform.database.transaction(tenantId, (tx) =>
      tx.query(
        `INSERT INTO journal_dead_letter (tenant_id, subscription, seq, error, attempts) VALUES ($1, 'report', $2, 'boom', 5), ($1, 'gone', $2, 'boom', 5)`,
        [tenantId, saleSeq],
      ),
    );
    const list = async (query = '') =>
      (
        await shop.ask<{ data: { id: number; subscription: string; subject: string; resolved_at: string | null }[] }>(
          'GET',
          `/journal/dead-letters${query}`,
        )
      ).body.data;
    const letters = await list();
    expect(letters).toMatchObject([
      { subscription: 'gone', subject: saleId, type: 'sale.completed', error: 'boom', attempts: 5 },
      { subscription: 'report', subject: saleId },
    ]);
    const replay = (id: number | undefined) => shop.ask('POST', `/journal/dead-letters/${id}/replay`);
    expect(await replay(letters[1]?.id)).toMatchObject({ status: 200, body: { resolved: true, error: null } });
    expect(await replay(letters[1]?.id)).toMatchObject({ status: 200, body: { resolved: true } });
    expect((await replay(letters[0]?.id)).status).toBe(404);
    expect((await list()).map((l) => l.subscription)).toEqual(['gone']);
    expect((await list('?resolved=true')).map((l) => l.resolved_at !== null)).toEqual([false, true]);
  });
});
