/** Shops and their settings over REST, on the whole server. */
import { BUILT_IN_ROLES } from '@mostrador/domain/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/server.js';
import { createTenant, listTenants, shopFacts } from './index.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const patch = (url: string, body: object, headers: Record<string, string> = {}) =>
  server.ask('PATCH', url, { token: server.shop.staff.admin.token, body, headers });

describe('a new shop', () => {
  it('[CORE-01] is complete after one commit', async () => {
    const { platform } = server.app;
    const facts = await createTenant(platform, { name: 'Kiosco', country: 'PE' });
    expect(facts).toMatchObject({ name: 'Kiosco', currency: 'PEN', timeZone: 'America/Lima', locale: 'es' });
    expect(facts.taxRates.map((r) => [r.name, r.rateBp, r.isDefault])).toEqual([
      ['IGV 18 %', 1800, true],
      ['Exonerado', 0, false],
    ]);
    expect(facts.locations.get(facts.defaultLocationId)).toMatchObject({ isDefault: true, receiptPrefix: 'LOC' });
    const events = await platform.journal.eventsAfter(facts.tenantId, 0, 100);
    expect(new Set(events.map((e) => e.commitId)).size).toBe(1);
    expect(events.filter((e) => e.type === 'role.created').map((e) => e.subject)).toEqual(Object.keys(BUILT_IN_ROLES));
  });

  it('gets a number of its own, however many are made at once', async () => {
    const { platform } = server.app;
    const made = await Promise.all(
      Array.from({ length: 6 }, (_, i) => createTenant(platform, { name: `Tienda ${i}`, country: 'GB' })),
    );
    expect(new Set(made.map((shop) => shop.tenantId)).size).toBe(6);
    const listed = await listTenants(platform);
    for (const shop of made) expect(listed.find((t) => t.tenantId === shop.tenantId)?.id).toBe(shop.id);
    for (const shop of made) expect(shop.locations.size).toBe(1);
  });

  it('is refused where no tax rates are known', async () => {
    await expect(createTenant(server.app.platform, { name: 'X', country: 'ZZ' })).rejects.toMatchObject({
      code: 'country_unknown',
    });
    const wrong = { name: 'X', country: 'AR', timeZone: 'Mars/Olympus' };
    await expect(createTenant(server.app.platform, wrong)).rejects.toMatchObject({ code: 'time_zone_unknown' });
  });
});

describe('settings', () => {
  it('are read and changed on the revision that was seen', async () => {
    const before = await server.get('/settings');
    expect(before.body).toMatchObject({ name: 'Almacén', country: 'AR', currency: 'ARS', tax_identifier: '' });
    expect(before.body.units).toContainEqual({ unit: 'kg', decimals: 3 });
    const etag = { 'if-match': String(before.headers.etag) };
    const after = await patch('/settings', { receipt_footer: '¡Gracias!', time_zone: 'America/Lima' }, etag);
    expect(after.body).toMatchObject({ receipt_footer: '¡Gracias!', time_zone: 'America/Lima', name: 'Almacén' });
    const late = await patch('/settings', { name: 'Tarde' }, etag);
    expect([late.status, late.body.code]).toEqual([409, 'conflict']);
    expect((await patch('/settings', { time_zone: 'Nowhere' })).body.code).toBe('time_zone_unknown');
    expect((await patch('/settings', { currency: 'USD' })).body.errors).toEqual([
      { path: 'currency', code: 'unknown_field', message: 'there is no such field' },
    ]);
    const me = await server.get('/auth/me');
    expect(me.body.tenant.time_zone).toBe('America/Lima');
  });
});

describe('locations', () => {
  it('list the default first, and keep exactly one', async () => {
    const made = await server.post('/locations', { name: 'Depósito' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'Depósito', receipt_prefix: 'DEP', is_default: false });
    const names = async () => (await server.get('/locations')).body.data.map((l: { name: string }) => l.name);
    expect(await names()).toEqual(['Local central', 'Depósito']);
    expect((await patch(`/locations/${made.body.id}`, { is_default: true })).body.is_default).toBe(true);
    expect(await names()).toEqual(['Depósito', 'Local central']);
    expect((await patch(`/locations/${made.body.id}`, { archived: true })).body.code).toBe('default_required');
    const facts = await shopFacts(server.app.platform, server.shop.facts.tenantId);
    expect(facts.defaultLocationId).toBe(made.body.id);
  });

  it('keep one default when two become it at the same moment', async () => {
    const places = await Promise.all(['A', 'B', 'C'].map((n) => server.post('/locations', { name: `Puesto ${n}` })));
    const answers = await Promise.all(places.map((p) => patch(`/locations/${p.body.id}`, { is_default: true })));
    for (const a of answers) expect([200, 409]).toContain(a.status);
    const { data } = (await server.get('/locations')).body;
    expect(data.filter((l: { is_default: boolean }) => l.is_default)).toHaveLength(1);
  });

  it('have receipt prefixes of their own, also when made at the same moment', async () => {
    const body = (n: number) => ({ name: `Feria ${n}`, receipt_prefix: 'FER' });
    const answers = await Promise.all([1, 2, 3].map((n) => server.post('/locations', body(n))));
    expect(answers.map((a) => a.status).sort()).toEqual([201, 409, 409]);
    expect(answers.find((a) => a.status === 409)?.body.code).toBe('receipt_prefix_taken');
  });

  it('hide when archived, and answer a repeated key as before', async () => {
    const headers = { 'idempotency-key': 'one-more-place' };
    const made = await server.post('/locations', { name: 'Verano' }, { headers });
    await patch(`/locations/${made.body.id}`, { archived: true });
    expect(JSON.stringify((await server.get('/locations')).body)).not.toContain('Verano');
    expect(JSON.stringify((await server.get('/locations?archived=true')).body)).toContain('Verano');
    expect((await server.post('/locations', { name: 'Verano' }, { headers })).body).toEqual(made.body);
  });
});

describe('tax rates', () => {
  it('are added, renamed, archived and made the default, but never changed in their rate', async () => {
    const made = await server.post('/tax-rates', { name: 'IVA 5 %', rate_bp: 500 });
    expect(made.status).toBe(201);
    expect((await server.post('/tax-rates', { name: 'iva 5 %', rate_bp: 500 })).body.code).toBe('name_taken');
    expect((await patch(`/tax-rates/${made.body.id}`, { rate_bp: 600 })).status).toBe(422);
    expect((await patch(`/tax-rates/${made.body.id}`, { is_default: true })).body.is_default).toBe(true);
    const rates = (await server.get('/tax-rates')).body.data;
    expect(rates[0]).toEqual({ id: made.body.id, name: 'IVA 5 %', rate_bp: 500, is_default: true, archived: false });
    expect(rates.filter((r: { is_default: boolean }) => r.is_default)).toHaveLength(1);
  });

  it('of another shop are not found', async () => {
    const [foreign] = server.other.facts.taxRates;
    expect((await patch(`/tax-rates/${foreign?.taxRateId}`, { name: 'Mía' })).status).toBe(404);
    expect((await patch(`/locations/${server.other.facts.defaultLocationId}`, { name: 'Mía' })).status).toBe(404);
  });
});
