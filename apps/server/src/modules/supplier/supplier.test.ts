/** Suppliers over REST and what others ask about them. */
import type { SupplierEvent } from '@mostrador/domain/supplier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, openRoutes, type TestRoutes } from '../../../test/routes.js';
import { newId, newUuid } from '../../platform/ids.js';
import type { JournalEvent } from '../../platform/journal/index.js';
import { supplierCreatedEvent, supplierExists, supplierModule, supplierNames } from './index.js';
import { supplierProjection } from './projection.js';
import { readSuppliers } from './queries.js';

let routes: TestRoutes;
let shop: Caller;

beforeAll(async () => {
  routes = await openRoutes([supplierModule]);
  shop = routes.as(1, ['supplier.read', 'supplier.write']);
});
afterAll(() => routes.close());

const create = async (name: string, more: object = {}, as = shop) =>
  (await as('POST', '/suppliers', { name, ...more })).body;

describe('suppliers', () => {
  it('are created, read and changed in the named fields', async () => {
    const created = await shop('POST', '/suppliers', { name: ' Molinos SA ', tax_id: '30-50085862-8' });
    expect(created).toMatchObject({
      status: 201,
      body: { name: 'Molinos SA', tax_id: '30-50085862-8', note: '', archived: false, revision: 1 },
    });
    const { id, revision } = created.body;
    expect((await shop('GET', `/suppliers/${id}`)).body).toEqual(created.body);
    const changed = await shop('PATCH', `/suppliers/${id}`, { note: 'martes' }, { 'if-match': `"${revision}"` });
    expect(changed.body).toMatchObject({ name: 'Molinos SA', tax_id: '30-50085862-8', note: 'martes' });
    expect((await shop('PATCH', `/suppliers/${id}`, { note: 'martes' })).body).toEqual(changed.body);
    expect(await shop('PATCH', `/suppliers/${id}`, { name: 'x' }, { 'if-match': `"${revision}"` })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect((await shop('GET', `/suppliers/${id}`)).body).toEqual(changed.body);
  });

  it('answer a repeated command as before, also when it would be refused now', async () => {
    const key = { 'idempotency-key': newUuid() };
    const first = await shop('POST', '/suppliers', { name: 'Repetida' }, key);
    const url = `/suppliers/${first.body.id}`;
    const rename = { 'idempotency-key': newUuid() };
    const renamed = await shop('PATCH', url, { name: 'Renombrada' }, rename);
    await shop('POST', `${url}/archive`);
    expect(await shop('POST', '/suppliers', { name: 'Repetida' }, key)).toMatchObject({
      status: 201,
      body: first.body,
    });
    expect(await shop('PATCH', url, { name: 'Renombrada' }, rename)).toMatchObject({ status: 200, body: renamed.body });
    expect(await shop('POST', '/suppliers', { name: 'Distinta' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it('are archived, listed apart, and then stay as they are', async () => {
    const { id } = await create('Cerrada SRL');
    const archived = await shop('POST', `/suppliers/${id}/archive`);
    expect(archived).toMatchObject({ status: 200, body: { archived: true } });
    expect((await shop('POST', `/suppliers/${id}/archive`)).body).toEqual(archived.body);
    expect(await shop('PATCH', `/suppliers/${id}`, { name: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'supplier_archived' },
    });
    const names = async (query: string) =>
      (await shop('GET', `/suppliers?${query}`)).body.data.map((s: { name: string }) => s.name);
    expect(await names('q=cerrada')).toEqual([]);
    expect(await names('q=cerrada&archived=true')).toEqual(['Cerrada SRL']);
    expect(await supplierExists(routes.platform, 1, id)).toBe(false);
    expect(await supplierNames(routes.platform, 1, [id, id, newId('sup')])).toEqual(new Map([[id, 'Cerrada SRL']]));
  });

  it('are found by parts of name and tax id, and come by name in pages, each once', async () => {
    const other = routes.as(3, ['supplier.read', 'supplier.write']);
    const names = ['Ñandú Distribuciones', 'álamo', 'Zeta & Cía', '李記', 'Beta'];
    for (const name of names) await create(name, { tax_id: name === 'Beta' ? 'RUT-77K' : '' }, other);
    const find = async (q: string) =>
      (await other('GET', `/suppliers?q=${encodeURIComponent(q)}`)).body.data.map((s: { name: string }) => s.name);
    expect(await find('nandu')).toEqual(['Ñandú Distribuciones']);
    expect(await find('DISTRIB')).toEqual(['Ñandú Distribuciones']);
    expect(await find('77k')).toEqual(['Beta']);
    expect(await find('%')).toEqual([]);
    expect(await find('李')).toEqual(['李記']);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await other('GET', `/suppliers?limit=2${cursor}`);
      seen.push(...body.data.map((s: { name: string }) => s.name));
      cursor = body.page.next_cursor === null ? '' : `&cursor=${body.page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(['álamo', 'Beta', 'Ñandú Distribuciones', 'Zeta & Cía', '李記']);
    const long = '漢'.repeat(200);
    await create(long, {}, other);
    await create(`${long.slice(0, 199)}字`, {}, other);
    const paged = await other('GET', '/suppliers?limit=6');
    expect(paged.body.page.has_more).toBe(true);
    expect((await other('GET', `/suppliers?limit=6&cursor=${paged.body.page.next_cursor}`)).body.data).toHaveLength(1);
    expect(await other('GET', '/suppliers?cursor=abc')).toMatchObject({
      status: 400,
      body: { code: 'cursor_invalid' },
    });
  });

  it('are not there for another shop', async () => {
    const { id } = await create('Propia');
    const stranger = routes.as(2, ['supplier.read', 'supplier.write']);
    expect(await stranger('GET', `/suppliers/${id}`)).toMatchObject({ status: 404 });
    expect(await stranger('PATCH', `/suppliers/${id}`, { name: 'x' })).toMatchObject({ status: 404 });
    expect(await stranger('POST', `/suppliers/${id}/archive`)).toMatchObject({ status: 404 });
    expect((await stranger('GET', '/suppliers')).body.data).toEqual([]);
    expect(await supplierExists(routes.platform, 2, id)).toBe(false);
    expect(await supplierExists(routes.platform, 1, id)).toBe(true);
  });

  it('need their permissions and a name', async () => {
    const reader = routes.as(1, ['supplier.read']);
    expect(await reader('POST', '/suppliers', { name: 'x' })).toMatchObject({ status: 403 });
    for (const body of [{}, { name: ' ' }, { name: 'x', taxId: '1' }, { name: 'x'.repeat(201) }]) {
      expect(await shop('POST', '/suppliers', body)).toMatchObject({
        status: 422,
        body: { code: 'validation_failed' },
      });
    }
    expect(() => supplierCreatedEvent({ supplierId: newId('sup'), name: ' ' })).toThrow();
  });
});

describe('the projection', () => {
  it('gives the same rows one event at a time and all at once', async () => {
    const ids = [newId('sup'), newId('sup')] as const;
    const change = (supplierId: string, changes: { name?: string; note?: string }): SupplierEvent => ({
      type: 'supplier.changed',
      payload: { supplierId, changes },
    });
    const events: Pick<SupplierEvent, 'type' | 'payload'>[] = [
      supplierCreatedEvent({ supplierId: ids[0], name: 'Uno', note: 'n' }) as unknown as SupplierEvent,
      change(ids[0], { name: 'Primero' }),
      supplierCreatedEvent({ supplierId: ids[1], name: 'Dos' }) as unknown as SupplierEvent,
      { type: 'supplier.archived', payload: { supplierId: ids[0] } },
      change(ids[1], { note: 'luego' }),
    ];
    const placed = events.map(
      ({ type, payload }, i): JournalEvent => ({
        seq: i + 1,
        commitId: newUuid(),
        at: 1000 + i,
        recordedAt: 1000 + i,
        version: 1,
        type,
        subject: payload.supplierId,
        actor: 'system',
        payload: payload as unknown as Record<string, unknown>,
      }),
    );
    const { database } = routes.platform;
    const write = (tenantId: number, batches: JournalEvent[][]) =>
      database.transaction(tenantId, async (tx) => {
        for (const batch of batches) {
          for (const statement of supplierProjection.statements(tenantId, batch)) await tx.statement(statement);
        }
      });
    await write(21, [placed]);
    await write(
      22,
      placed.map((event) => [event]),
    );
    const rows = async (tenantId: number) =>
      (await readSuppliers(database, tenantId, ids)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(await rows(22)).toEqual(await rows(21));
    expect(await rows(21)).toMatchObject([
      { name: 'Dos', name_key: 'dos', note: 'luego', archived: false, revision: 5 },
      { name: 'Primero', name_key: 'primero', note: 'n', archived: true, revision: 4 },
    ]);
  });
});
