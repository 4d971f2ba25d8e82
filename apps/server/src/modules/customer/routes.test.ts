/** Customers over REST: who sees what, what repeats, and what is refused. */
import type { Permission } from '@mostrador/domain/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, openRoutes, type TestRoutes } from '../../../test/routes.js';
import { newId, newUuid } from '../../platform/ids.js';
import { customerModule } from './index.js';

const CASHIER: readonly Permission[] = ['customer.read', 'customer.write'];
const OWNER: readonly Permission[] = [...CASHIER, 'customer.reveal', 'customer.erase'];

let routes: TestRoutes;
let owner: Caller;
let cashier: Caller;

beforeAll(async () => {
  routes = await openRoutes([customerModule]);
  owner = routes.as(1, OWNER);
  cashier = routes.as(1, CASHIER);
});
afterAll(() => routes.close());

const ana = {
  name: 'Ana Gómez',
  email: 'ana@correo.test',
  phone: '11 5555-4321',
  document: '30123456',
  address: 'Calle 1',
  note: 'fiado',
  consents: ['loyalty'],
};

describe('customers', () => {
  it('are created, in the country of the shop when none is said, and read whole', async () => {
    const { status, body } = await owner('POST', '/customers', ana);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...ana,
      country: 'AR',
      masked: false,
      erased_at: null,
      external_reference: null,
      revision: 1,
    });
    expect((await owner('GET', `/customers/${body.id}`)).body).toEqual(body);
  });

  it('are masked for whoever may not reveal them, in every answer', async () => {
    const created = (await cashier('POST', '/customers', ana)).body;
    const masked = { name: 'Ana G•••', email: 'a•••@c•••', phone: '•••4321', document: '•••456', masked: true };
    expect(created).toMatchObject({ ...masked, address: '•••', note: '•••' });
    expect((await cashier('GET', `/customers/${created.id}`)).body).toMatchObject(masked);
    expect((await cashier('PATCH', `/customers/${created.id}`, { note: 'x' })).body).toMatchObject(masked);
    const found = (await cashier('GET', '/customers?q=ana@correo.test&limit=1')).body;
    expect(found.data[0]).toMatchObject({ id: created.id, ...masked });
    expect(JSON.stringify(found)).not.toContain('Gómez');
    expect((await owner('GET', `/customers/${created.id}`)).body).toMatchObject({ ...ana, note: 'x', masked: false });
  });

  it('change in the named fields only, against the revision that was seen', async () => {
    const { id, revision } = (await owner('POST', '/customers', ana)).body;
    const changed = await owner(
      'PATCH',
      `/customers/${id}`,
      { phone: '', consents: [] },
      { 'if-match': `"${revision}"` },
    );
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ ...ana, phone: '', consents: [] });
    expect(changed.body.revision).toBeGreaterThan(revision);
    const late = await owner('PATCH', `/customers/${id}`, { name: 'Otra' }, { 'if-match': `"${revision}"` });
    expect(late).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await owner('PATCH', `/customers/${id}`, {})).body).toEqual(changed.body);
    expect((await owner('GET', `/customers/${id}`)).body).toEqual(changed.body);
  });

  it('answer a repeated command as before, and another under its key not at all', async () => {
    const key = { 'idempotency-key': newUuid() };
    const first = await owner('POST', '/customers', ana, key);
    await owner('PATCH', `/customers/${first.body.id}`, { name: 'Cambiada' });
    expect(await owner('POST', '/customers', ana, key)).toMatchObject({ status: 201, body: first.body });
    const other = await owner('POST', '/customers', { ...ana, name: 'Otra' }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const change = {
      'idempotency-key': newUuid(),
      'if-match': `"${(await owner('GET', `/customers/${first.body.id}`)).body.revision}"`,
    };
    const url = `/customers/${first.body.id}`;
    const changed = await owner('PATCH', url, { name: 'Segunda' }, change);
    await owner('PATCH', url, { name: 'Tercera' });
    expect(await owner('PATCH', url, { name: 'Segunda' }, change)).toMatchObject({ status: 200, body: changed.body });
  });

  it('are erased by whoever may, for good, and stay as a nameless row', async () => {
    const { id } = (await owner('POST', '/customers', { ...ana, email: 'adios@correo.test' })).body;
    expect(await cashier('POST', `/customers/${id}/erase`)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const erased = await owner('POST', `/customers/${id}/erase`);
    expect(erased.status).toBe(200);
    expect(erased.body).toMatchObject({ name: '', email: '', phone: '', document: '', note: '', consents: [] });
    expect(erased.body.erased_at).not.toBeNull();
    expect((await owner('POST', `/customers/${id}/erase`)).body).toEqual(erased.body);
    expect((await owner('GET', `/customers/${id}`)).body).toEqual(erased.body);
    expect((await owner('GET', '/customers?q=adios@correo.test')).body.data).toEqual([]);
    const back = await owner('PATCH', `/customers/${id}`, { name: 'Vuelve' });
    expect(back).toMatchObject({ status: 409, body: { code: 'customer_erased' } });
  });

  it('come in pages, newest first, each once', async () => {
    const shop = routes.as(3, OWNER);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await shop('POST', '/customers', { name: `Cliente Numero${i}` })).body.id);
    for (const filter of ['', '&q=cliente']) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const { body } = await shop('GET', `/customers?limit=2${filter}${cursor}`);
        seen.push(...body.data.map((c: { id: string }) => c.id));
        expect(body.page.has_more).toBe(body.page.next_cursor !== null);
        cursor = body.page.next_cursor === null ? '' : `&cursor=${body.page.next_cursor}`;
      } while (cursor !== '');
      expect(seen).toEqual(ids);
    }
    expect(await shop('GET', '/customers?cursor=abc')).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } });
  });

  it('are not there for another shop', async () => {
    const { id } = (await owner('POST', '/customers', ana)).body;
    const stranger = routes.as(2, OWNER);
    for (const [method, url] of [
      ['GET', `/customers/${id}`],
      ['PATCH', `/customers/${id}`],
      ['POST', `/customers/${id}/erase`],
    ] as const) {
      expect(await stranger(method, url, method === 'PATCH' ? { name: 'x' } : undefined)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
    expect((await stranger('GET', '/customers?q=ana')).body.data).toEqual([]);
    expect((await owner('GET', `/customers/${id}`)).body.name).toBe('Ana Gómez');
  });

  it.each([
    [{}, 'name'],
    [{ name: '  ' }, 'name'],
    [{ name: 'x\u0007' }, 'name'],
    [{ name: 'x', email: 'no arroba' }, 'email'],
    [{ name: 'x', phone: 'llamar' }, 'phone'],
    [{ name: 'x', country: 'Argentina' }, 'country'],
    [{ name: 'x', consents: ['todo'] }, 'consents'],
    [{ name: 'x', consents: ['loyalty', 'loyalty'] }, 'consents'],
    [{ name: 'x', sealed: 'y' }, 'sealed'],
  ])('refuse %j and name the field', async (body, field) => {
    const refused = await owner('POST', '/customers', body);
    expect(refused).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
    expect(JSON.stringify(refused.body.errors)).toContain(field);
  });

  it('are unknown under an id that is none', async () => {
    expect(await owner('GET', `/customers/${newId('cus')}`)).toMatchObject({ status: 404 });
    expect((await owner('GET', '/customers/cus_1')).status).toBeGreaterThanOrEqual(400);
    expect(await owner('POST', `/customers/${newId('cus')}/erase`)).toMatchObject({ status: 404 });
  });
});
