/** Customers on a real database: what is kept of a person, what a search finds, and what an erasure leaves. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CustomerEvent, customerQuery, EMPTY_PERSONAL } from '@mostrador/domain/customer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase, withClient } from '../../../test/database.js';
import { newId, newUuid } from '../../platform/ids.js';
import {
  type JournalEvent,
  JournalWriter,
  journalMigrations,
  type ProposedEvent,
} from '../../platform/journal/index.js';
import { type Keyring, keyMigrations, openKeyring } from '../../platform/keys/index.js';
import { changeCustomer, createCustomer, eraseCustomer } from './commands.js';
import {
  customerCreatedEvent,
  customerExists,
  customerModule,
  customerNames,
  findCustomersByReference,
} from './index.js';
import { customerProjection } from './projection.js';
import { type CustomerRow, listCustomers, readCustomer, searchCustomers } from './queries.js';

const TENANT = 7;
const OTHER = 8;
const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

let test: TestDatabase;
let journal: JournalWriter;
let keyring: Keyring;
let folder: string;
let platform: Parameters<typeof createCustomer>[0];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'customer-'));
  test = await createTestDatabase({
    migrations: [...journalMigrations, ...keyMigrations, ...customerModule.migrations],
  });
  const { database } = test;
  keyring = await openKeyring({ database, dataDir: folder, masterKey: randomBytes(32).toString('base64') });
  journal = new JournalWriter({ database, projections: customerModule.projections, now: () => AT });
  platform = { database, journal, keyring, now: () => AT };
});

afterAll(async () => {
  await journal.close();
  await keyring.close();
  await test.drop();
  rmSync(folder, { recursive: true, force: true });
});

const asked = (tenantId = TENANT) => ({
  tenantId,
  actor: 'usr_test',
  command: { id: newUuid(), digest: randomBytes(32).toString('hex') },
});
const person = (name: string, more: object = {}) => ({
  personal: { ...EMPTY_PERSONAL, name, ...more },
  country: 'AR',
  consents: ['loyalty'],
});
async function create(name: string, more: object = {}, tenantId = TENANT): Promise<string> {
  return (await createCustomer(platform, asked(tenantId), person(name, more))).events[0]?.subject as string;
}
async function search(text: string, tenantId = TENANT, limit = 50): Promise<string[]> {
  const { all, any } = customerQuery(text);
  const tokens = { every: keyring.tokens(tenantId, all), some: keyring.tokens(tenantId, any) };
  return (await searchCustomers(test.database, tenantId, tokens, null, limit)).map((row) => row.customer_id);
}
const row = (id: string, tenantId = TENANT) => readCustomer(test.database, tenantId, id);
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: { code?: string }) => error.code,
  );

describe('what is kept', () => {
  it('holds no personal data in plain, neither in the table nor in the journal', async () => {
    const id = await create('Graciela Secreta', {
      email: 'gsecreta@correo.test',
      phone: '1144445555',
      document: '27888999',
      address: 'Calle Oculta 1',
      note: 'prefiere fiado',
    });
    const texts = await withClient(test.url, async (client) => {
      await client.query("SET mostrador.owner = 'on'");
      const { rows } = await client.query<{ text: string }>(
        'SELECT c::text AS text FROM customer c WHERE customer_id = $1 UNION ALL SELECT e::text FROM journal_event e WHERE subject = $1',
        [id],
      );
      return rows.map((r) => r.text.toLowerCase());
    });
    expect(texts).toHaveLength(2);
    for (const secret of ['graciela', 'secreta', '44445555', '27888999', 'oculta', 'fiado']) {
      for (const text of texts) expect(text).not.toContain(secret);
    }
    expect(await customerNames(platform, TENANT, [id, id, newId('cus')], true)).toEqual(
      new Map([[id, 'Graciela Secreta']]),
    );
    expect((await customerNames(platform, TENANT, [id], false)).get(id)).toBe('Graciela S•••');
    expect(await customerNames(platform, TENANT, [], true)).toEqual(new Map());
  });

  it('changes what is named, on the revision that was seen', async () => {
    const id = await create('Ana Cambiante');
    const first = (await row(id)) as CustomerRow;
    const change = (personal: object, ifMatch?: number) =>
      changeCustomer(platform, asked(), id, { personal, country: 'UY' }, ifMatch);
    const done = await change({ phone: '099123456' });
    expect(done?.seq).toBeGreaterThan(first.revision);
    const second = (await row(id)) as CustomerRow;
    expect(second).toMatchObject({ country: 'UY', consents: ['loyalty'], revision: done?.seq });
    expect(await keyring.open(TENANT, id, second.sealed as string)).toMatchObject({
      name: 'Ana Cambiante',
      phone: '099123456',
    });
    expect(await change({ phone: '099123456' })).toBeNull();
    expect(await refusal(change({ phone: '1' }, first.revision))).toBe('conflict');
    expect(await refusal(change({}, first.revision))).toBe('conflict');
    expect(await refusal(changeCustomer(platform, asked(), newId('cus'), { personal: {} }, undefined))).toBe(
      'not_found',
    );
    expect(await search('099123456')).toEqual([id]);
  });
});

describe('search', () => {
  it('finds by beginnings of names, e-mail, telephone and document', async () => {
    const ana = await create('Ana Núñez', {
      email: 'ana@norte.test',
      phone: '+54 11 5555-4321',
      document: '30.111.222',
    });
    const jose = await create('José Nuñez Prado', { email: 'jose@norte.test' });
    expect(await search('nun')).toEqual([jose, ana]);
    expect(await search('NÚÑ pra')).toEqual([jose]);
    expect(await search('ANA@norte.test')).toEqual([ana]);
    expect(await search('5555 4321')).toEqual([ana]);
    expect(await search('30111222')).toEqual([ana]);
    for (const nobody of ['', 'zz', 'nunca', '@', '999999']) expect(await search(nobody)).toEqual([]);
  });

  it('pages through hits, newest first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await create(`Paginada Numero${i}`));
    ids.reverse();
    const every = keyring.tokens(TENANT, customerQuery('paginada').all);
    const page = (before: string | null) =>
      searchCustomers(test.database, TENANT, { every, some: [] }, before, 2).then((r) => r.map((x) => x.customer_id));
    expect(await page(null)).toEqual(ids.slice(0, 3));
    expect(await page(ids[1] as string)).toEqual(ids.slice(2, 5));
    expect(await page(ids[3] as string)).toEqual(ids.slice(4));
    const listed = await listCustomers(test.database, TENANT, null, 4);
    expect(listed.map((x) => x.customer_id)).toEqual(ids);
  });

  it('shows nothing of another shop, whatever is asked', async () => {
    const theirs = await create('Vecina Ajena', { email: 'vecina@ajena.test' }, OTHER);
    expect(await search('vecina', OTHER)).toEqual([theirs]);
    expect(await search('vecina')).toEqual([]);
    // Not even with the other shop's own tokens.
    const stolen = keyring.tokens(OTHER, ['e:vecina@ajena.test']);
    expect(await searchCustomers(test.database, TENANT, { every: stolen, some: stolen }, null, 50)).toEqual([]);
    expect(keyring.tokens(TENANT, ['e:vecina@ajena.test'])).not.toEqual(stolen);
    expect(await row(theirs)).toBeNull();
    expect(await customerExists(platform, TENANT, theirs)).toBe(false);
    expect(await customerExists(platform, OTHER, theirs)).toBe(true);
  });
});

describe('erasure', () => {
  it('blanks the row, destroys the key, and cannot be undone', async () => {
    const id = await create('Borrada Porley', { email: 'borrada@correo.test' });
    const sealed = (await row(id))?.sealed as string;
    expect(await eraseCustomer(platform, asked(), id)).not.toBeNull();
    expect(await row(id)).toMatchObject({
      sealed: null,
      tokens: [],
      consents: [],
      external_reference: null,
      erased_at: new Date(AT),
    });
    expect(await keyring.open(TENANT, id, sealed)).toBeNull();
    expect(await search('borrada')).toEqual([]);
    expect(await customerExists(platform, TENANT, id)).toBe(false);
    expect((await customerNames(platform, TENANT, [id], true)).get(id)).toBe('');
    expect(await eraseCustomer(platform, asked(), id)).toBeNull();
    expect(await refusal(changeCustomer(platform, asked(), id, { personal: { name: 'Vuelve' } }, undefined))).toBe(
      'customer_erased',
    );
    expect(await refusal(eraseCustomer(platform, asked(), newId('cus')))).toBe('not_found');
  });

  it('completes when the process ended after the key was destroyed', async () => {
    const id = await create('Interrumpida');
    await keyring.destroy(TENANT, id);
    expect((await customerNames(platform, TENANT, [id], true)).get(id)).toBe('');
    expect(await refusal(changeCustomer(platform, asked(), id, { personal: { name: 'x' } }, undefined))).toBe(
      'customer_erased',
    );
    expect(await eraseCustomer(platform, asked(), id)).not.toBeNull();
    expect((await row(id))?.erased_at).toEqual(new Date(AT));
  });

  it('wins over a change that was decided before it', async () => {
    const id = await create('Carrera');
    const [erased, changed] = await Promise.all([
      eraseCustomer(platform, asked(), id),
      refusal(changeCustomer(platform, asked(), id, { personal: { name: 'Otra' } }, undefined)),
    ]);
    expect(erased).not.toBeNull();
    expect(['accepted', 'conflict', 'customer_erased']).toContain(changed);
    expect(await row(id)).toMatchObject({ sealed: null, erased_at: new Date(AT) });
  });
});

describe('imports', () => {
  it('propose many customers at once and find them by their old numbers', async () => {
    const references = Array.from({ length: 50 }, (_, i) => `R${i}`);
    const events = await Promise.all(
      references.map((externalReference) =>
        customerCreatedEvent(keyring, TENANT, {
          customerId: newId('cus'),
          personal: { name: `Customer ${externalReference}` },
          country: 'GB',
          externalReference,
        }),
      ),
    );
    const result = await journal.commit(TENANT, { id: newUuid(), digest: '00'.repeat(32), actor: 'import', events });
    expect(result.status).toBe('committed');
    const found = await findCustomersByReference(platform, TENANT, ['R0', 'R49', 'none']);
    expect(found).toEqual(
      new Map([
        ['R0', events[0]?.subject],
        ['R49', events[49]?.subject],
      ]),
    );
    const again = await customerCreatedEvent(keyring, TENANT, {
      customerId: newId('cus'),
      personal: { name: 'twice' },
      country: 'GB',
      externalReference: 'R0',
    });
    const refused = await journal.commit(TENANT, {
      id: newUuid(),
      digest: '00'.repeat(32),
      actor: 'import',
      events: [again],
    });
    expect(refused).toEqual({
      status: 'rejected',
      rejection: { code: 'constraint', constraint: 'customer_reference_unique' },
    });
  });
});

describe('the projection', () => {
  it('gives the same rows one event at a time and all at once', async () => {
    const box = (n: number) => ({ sealed: `box${n}`, tokens: [`t${n}`, 'common'] });
    const ids = [newId('cus'), newId('cus'), newId('cus')] as const;
    const created = (customerId: string, n: number): CustomerEvent => ({
      type: 'customer.created',
      payload: { customerId, ...box(n), country: 'AR', consents: ['loyalty'], externalReference: `X${customerId}` },
    });
    const changed = (customerId: string, n: number): CustomerEvent => ({
      type: 'customer.changed',
      payload: { customerId, ...box(n), country: 'CL', consents: [] },
    });
    const erased = (customerId: string): CustomerEvent => ({ type: 'customer.erased', payload: { customerId } });
    const events = [
      created(ids[0], 1),
      created(ids[1], 2),
      changed(ids[0], 3),
      erased(ids[1]),
      created(ids[2], 4),
      changed(ids[1], 5),
      changed(ids[2], 6),
      changed(ids[2], 7),
    ];
    const place = (tenantId: number) =>
      events.map(
        (event, i): JournalEvent => ({
          seq: i + 1,
          commitId: newUuid(),
          at: AT + i,
          recordedAt: AT + i,
          version: 1,
          subject: event.payload.customerId,
          actor: `usr_${tenantId}`,
          ...(event as unknown as Pick<ProposedEvent, 'type' | 'payload'>),
        }),
      );
    const write = (tenantId: number, batches: JournalEvent[][]) =>
      test.database.transaction(tenantId, async (tx) => {
        for (const batch of batches) {
          for (const statement of customerProjection.statements(tenantId, batch)) await tx.statement(statement);
        }
      });
    await write(21, [place(21)]);
    await write(
      22,
      place(22).map((event) => [event]),
    );
    const rows = async (tenantId: number) =>
      (await listCustomers(test.database, tenantId, null, 10)).map((r) => ({
        ...r,
        updated_at: r.updated_at.getTime(),
      }));
    const expected = await rows(21);
    expect(await rows(22)).toEqual(expected);
    expect(expected.map((r) => [r.customer_id, r.sealed, r.revision])).toEqual([
      [ids[2], 'box7', 8],
      [ids[1], null, 4],
      [ids[0], 'box3', 3],
    ]);
  });
});
