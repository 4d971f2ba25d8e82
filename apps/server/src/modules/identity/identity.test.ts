/** Signing in, staff and roles over REST, on the whole server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answered, PASSWORD, startTestServer, type TestServer } from '../../../test/server.js';

let server: TestServer;
let clock = Date.now();

beforeAll(async () => {
  server = await startTestServer({ now: () => clock });
});
afterAll(() => server.close());

const login = (email: string, password: string, ip = '127.0.0.1') =>
  server.ask('POST', '/auth/login', { body: { email, password }, ip });

function cookieOf(answer: Answered): string {
  const header = String(answer.headers['set-cookie']);
  return header.split(';')[0] ?? '';
}

const refresh = (cookie: string) => server.ask('POST', '/auth/refresh', { headers: { cookie } });

async function addUser(email: string, roleIds: string[] = ['cashier']): Promise<{ id: string; token: string }> {
  const made = await server.post('/users', { name: 'Persona', email, password: PASSWORD, role_ids: roleIds });
  expect(made.status).toBe(201);
  const { body } = await login(email, PASSWORD);
  return { id: made.body.id, token: body.access_token };
}

describe('signing in', () => {
  it('answers a token, the person, the shop, and a cookie that scripts and other sites cannot use', async () => {
    const { email } = server.shop.staff.admin;
    const answer = await login(` ${email.toUpperCase()} `, PASSWORD);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 900,
      user: { email, roles: ['admin'] },
      tenant: { name: 'Almacén', country: 'AR', currency: 'ARS' },
    });
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^mostrador_refresh=\S+; Path=\/api\/v1\/auth; HttpOnly; SameSite=Strict; Max-Age=604800$/);
    const me = await server.get('/auth/me', { token: answer.body.access_token });
    expect(me.body.user).toEqual(answer.body.user);
  });

  it('refuses a wrong password and an unknown address alike', async () => {
    const wrong = await login(server.shop.staff.manager.email, 'not it at all', '10.0.0.1');
    const unknown = await login('nobody@shop.test', 'not it at all', '10.0.0.1');
    expect([wrong.status, wrong.body.code]).toEqual([401, 'credentials_wrong']);
    expect(unknown.body).toEqual(wrong.body);
  });

  it('locks after five failures for a growing time, by person and address, and only there', async () => {
    const { email } = server.shop.staff.cashier;
    for (let i = 0; i < 5; i++) expect((await login(email, 'wrong wrong', '10.0.0.2')).status).toBe(401);
    const locked = await login(email, PASSWORD, '10.0.0.2');
    expect([locked.status, locked.body.code, locked.body.retry_after]).toEqual([429, 'sign_in_locked', 5]);
    expect(locked.headers['retry-after']).toBe('5');
    expect((await login(email, PASSWORD, '10.0.0.3')).status).toBe(200);
    expect((await login(server.shop.staff.manager.email, PASSWORD, '10.0.0.2')).status).toBe(200);
    clock += 5_001;
    expect((await login(email, 'wrong wrong', '10.0.0.2')).status).toBe(401);
    expect((await login(email, PASSWORD, '10.0.0.2')).body.retry_after).toBe(10);
    clock += 10_001;
    expect((await login(email, PASSWORD, '10.0.0.2')).status).toBe(200);
    // The success has cleared the count.
    for (let i = 0; i < 4; i++) await login(email, 'wrong wrong', '10.0.0.2');
    expect((await login(email, PASSWORD, '10.0.0.2')).status).toBe(200);
  });

  it('counts failures only: thirty correct sign-ins at once all succeed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => login(server.shop.staff.admin.email, PASSWORD, '10.0.0.4')),
    );
    expect(answers.map((a) => a.status)).toEqual(Array(30).fill(200));
  });

  it('lets no burst try more than a few passwords before the first failure counts', async () => {
    const { email } = server.other.staff.manager;
    const answers = await Promise.all(Array.from({ length: 40 }, () => login(email, 'guess guess', '10.0.0.5')));
    const tried = answers.filter((a) => a.status === 401).length;
    expect(tried).toBeGreaterThanOrEqual(5);
    expect(tried).toBeLessThanOrEqual(8);
    expect(answers.filter((a) => a.status === 429)).toHaveLength(40 - tried);
  });

  it('does not let an attacker from everywhere lock out a person who has signed in from there before', async () => {
    const { email } = server.other.staff.cashier;
    expect((await login(email, PASSWORD, '10.9.0.1')).status).toBe(200);
    for (let i = 0; i < 52; i++) await login(email, 'guess guess', `10.8.0.${i}`);
    expect((await login(email, PASSWORD, '10.7.0.1')).status).toBe(429);
    expect((await login(email, PASSWORD, '10.9.0.1')).status).toBe(200);
    clock += 61_000;
    expect((await login(email, PASSWORD, '10.7.0.1')).status).toBe(200);
  });

  it('asks which shop is meant when the address and the password name two', async () => {
    const email = 'both@shop.test';
    await addUser(email);
    const made = await server.post(
      '/users',
      { name: 'Persona', email, password: PASSWORD, role_ids: ['cashier'] },
      { token: server.other.staff.admin.token },
    );
    expect(made.status).toBe(201);
    const unclear = await login(email, PASSWORD);
    expect([unclear.status, unclear.body.code]).toEqual([409, 'tenant_required']);
    const { id } = server.other.facts;
    const clear = await server.ask('POST', '/auth/login', { body: { email, password: PASSWORD, tenant_id: id } });
    expect([clear.status, clear.body.tenant.id]).toEqual([200, id]);
  });
});

describe('sessions', () => {
  it('rotates the refresh token at each use', async () => {
    const first = await login(server.shop.staff.admin.email, PASSWORD);
    const second = await refresh(cookieOf(first));
    expect(second.status).toBe(200);
    expect(cookieOf(second)).not.toBe(cookieOf(first));
    expect((await server.get('/auth/me', { token: second.body.access_token })).status).toBe(200);
  });

  it('gives a lost answer again within the grace, and the same token', async () => {
    const first = await login(server.shop.staff.admin.email, PASSWORD);
    const lost = await refresh(cookieOf(first));
    clock += 9_000;
    const again = await refresh(cookieOf(first));
    expect(again.status).toBe(200);
    expect(cookieOf(again)).toBe(cookieOf(lost));
    expect((await refresh(cookieOf(again))).status).toBe(200);
  });

  it('ends the whole family when an old token is used after the grace', async () => {
    const first = await login(server.shop.staff.admin.email, PASSWORD);
    const second = await refresh(cookieOf(first));
    clock += 11_000;
    const stolen = await refresh(cookieOf(first));
    expect([stolen.status, stolen.body.code]).toEqual([401, 'refresh_reused']);
    expect((await refresh(cookieOf(second))).body.code).toBe('refresh_invalid');
    const dead = await server.get('/auth/me', { token: second.body.access_token });
    expect([dead.status, dead.body.code]).toEqual([401, 'token_invalid']);
  });

  it('ends the family for a token two rotations old even within the grace', async () => {
    const first = await login(server.shop.staff.admin.email, PASSWORD);
    const second = await refresh(cookieOf(first));
    await refresh(cookieOf(second));
    expect((await refresh(cookieOf(first))).body.code).toBe('refresh_reused');
  });

  it('rotates once when the same token comes twice at the same time', async () => {
    const first = await login(server.shop.staff.admin.email, PASSWORD);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(cookieOf(first))));
    expect(answers.map((a) => a.status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(cookieOf)).size).toBe(1);
  });

  it('signs out: neither the cookie nor the access token is good any more', async () => {
    const first = await login(server.shop.staff.admin.email, PASSWORD);
    const token = first.body.access_token;
    expect((await server.get('/auth/me', { token })).status).toBe(200);
    const out = await server.ask('POST', '/auth/logout', { headers: { cookie: cookieOf(first) } });
    expect(out.status).toBe(204);
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0');
    expect((await server.get('/auth/me', { token })).status).toBe(401);
    expect((await refresh(cookieOf(first))).body.code).toBe('refresh_invalid');
  });

  it('expires: the access token after 15 minutes, the session after 7 days without use', async () => {
    const first = await login(server.shop.staff.admin.email, PASSWORD);
    const before = clock;
    clock += 15 * 60_000 + 1000;
    expect((await server.get('/auth/me', { token: first.body.access_token })).body.code).toBe('token_expired');
    clock += 7 * 86_400_000;
    expect((await refresh(cookieOf(first))).body.code).toBe('refresh_invalid');
    clock = before;
  });

  it('refuses forged, foreign and malformed tokens', async () => {
    const { token } = server.shop.staff.admin;
    const [head = '', body = '', signature = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const forgedBody = Buffer.from(JSON.stringify({ ...claims, tid: server.other.facts.tenantId })).toString(
      'base64url',
    );
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const forged = [`${head}.${forgedBody}.${signature}`, `${none}.${body}.`, `${head}.${body}`, 'x', 'a.b.c'];
    for (const bad of forged) {
      const answer = await server.get('/auth/me', { token: bad });
      expect([bad, answer.status, answer.body.code]).toEqual([bad, 401, 'token_invalid']);
    }
    const cookie = cookieOf(await login(server.shop.staff.admin.email, PASSWORD));
    const worse = [
      cookie.slice(0, -2),
      `${cookie.slice(0, 18)}${server.other.facts.tenantId}${cookie.slice(19)}`,
      'mostrador_refresh=',
    ];
    for (const bad of worse) expect((await refresh(bad)).body.code).toBe('refresh_invalid');
    const crossSite = await server.ask('POST', '/auth/refresh', {
      headers: { cookie, 'sec-fetch-site': 'cross-site' },
    });
    expect(crossSite.status).toBe(403);
  });
});

describe('people', () => {
  it('takes away access at once when a person is disabled, and gives it back', async () => {
    const { id, token } = await addUser('leaving@shop.test');
    expect((await server.get('/products', { token })).status).toBe(200);
    expect(
      (await server.ask('PATCH', `/users/${id}`, { token: server.shop.staff.admin.token, body: { disabled: true } }))
        .status,
    ).toBe(200);
    expect((await server.get('/products', { token })).status).toBe(401);
    expect((await login('leaving@shop.test', PASSWORD)).body.code).toBe('user_disabled');
    await server.ask('PATCH', `/users/${id}`, { token: server.shop.staff.admin.token, body: { disabled: false } });
    expect((await server.get('/products', { token })).status).toBe(200);
  });

  it('changes rights at once with a role, in this process and in another', async () => {
    const second = await startSecond();
    const role = await server.post('/roles', { name: 'Depósito', permissions: ['stock.read'] });
    expect(role.status).toBe(201);
    const { token } = await addUser('depot@shop.test', [role.body.id]);
    const elsewhere = () => second.ask('GET', '/stock', token);
    expect((await server.get('/stock', { token })).status).toBe(200);
    expect(await elsewhere()).toBe(200);
    const changed = await server.ask('PATCH', `/roles/${role.body.id}`, {
      token: server.shop.staff.admin.token,
      body: { permissions: ['product.read'] },
    });
    expect(changed.status).toBe(200);
    expect((await server.get('/stock', { token })).status).toBe(403);
    await expect.poll(elsewhere).toBe(403);
    await second.close();
  });

  it('ends the other sessions when a password changes, and asks for the present one', async () => {
    const { id, token } = await addUser('secret@shop.test');
    const { body: mine } = await login('secret@shop.test', PASSWORD);
    const own = mine.access_token;
    const change = (body: object) => server.ask('POST', `/users/${id}/password`, { token: own, body });
    expect((await change({ password: 'another long one' })).body.code).toBe('password_wrong');
    expect((await change({ password: 'password', current_password: PASSWORD })).body.code).toBe('password_weak');
    expect((await change({ password: 'another long one', current_password: PASSWORD })).status).toBe(204);
    expect((await server.get('/auth/me', { token })).status).toBe(401);
    expect((await server.get('/auth/me', { token: own })).status).toBe(200);
    expect((await login('secret@shop.test', PASSWORD)).status).toBe(401);
    expect((await login('secret@shop.test', 'another long one')).status).toBe(200);
  });

  it('lets nobody give more than they hold, or touch somebody who holds more', async () => {
    const permissions = ['user.read', 'user.write', 'product.read'];
    const role = await server.post('/roles', { name: 'Personal', permissions });
    const { id, token } = await addUser('staff.office@shop.test', [role.body.id]);
    const { admin } = server.shop.staff;
    const refused = [
      server.ask('PATCH', `/users/${id}`, { token, body: { role_ids: ['admin'] } }),
      server.ask('PATCH', `/users/${admin.userId}`, { token, body: { disabled: true } }),
      server.ask('POST', `/users/${admin.userId}/password`, { token, body: { password: 'taken over now' } }),
      server.ask('POST', '/roles', { token, body: { name: 'Más', permissions: ['customer.erase'] } }),
      server.ask('PATCH', `/roles/${role.body.id}`, { token, body: { permissions: [...permissions, 'sale.write'] } }),
      server.ask('POST', '/users', {
        token,
        body: { name: 'X', email: 'x@shop.test', password: PASSWORD, role_ids: ['manager'] },
      }),
    ];
    for (const answer of await Promise.all(refused))
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  });

  it('keeps an administrator, also when two dismiss each other at the same moment', async () => {
    const first = server.other.staff.admin;
    const alone = await server.ask('PATCH', `/users/${first.userId}`, { token: first.token, body: { disabled: true } });
    expect([alone.status, alone.body.code]).toEqual([409, 'last_admin']);
    const made = await server.post(
      '/users',
      { name: 'Segunda', email: 'second.admin@shop.test', password: PASSWORD, role_ids: ['admin'] },
      { token: first.token },
    );
    const { body } = await login('second.admin@shop.test', PASSWORD);
    const answers = await Promise.all([
      server.ask('PATCH', `/users/${made.body.id}`, { token: first.token, body: { disabled: true } }),
      server.ask('PATCH', `/users/${first.userId}`, { token: body.access_token, body: { role_ids: ['cashier'] } }),
    ]);
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
  });

  it('refuses an address twice in a shop, also at the same moment, and answers a repeated key as before', async () => {
    const input = { name: 'Doble', email: 'twice@shop.test', password: PASSWORD, role_ids: ['cashier'] };
    const answers = await Promise.all(Array.from({ length: 5 }, () => server.post('/users', input)));
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1);
    for (const a of answers) if (a.status !== 201) expect([a.status, a.body.code]).toEqual([409, 'email_taken']);
    const headers = { 'idempotency-key': 'a foreign key'.replaceAll(' ', '-') };
    const other = { ...input, email: 'keyed@shop.test' };
    const once = await server.post('/users', other, { headers });
    expect(once.status).toBe(201);
    expect((await server.post('/users', other, { headers })).body).toEqual(once.body);
    const reused = await server.post('/users', { ...other, name: 'Otra' }, { headers });
    expect([reused.status, reused.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('keeps names and addresses out of the tables and the journal', async () => {
    const made = await server.post('/users', {
      name: 'Filomena Secreta',
      email: 'filomena@shop.test',
      password: PASSWORD,
      role_ids: ['cashier'],
    });
    expect(made.body.name).toBe('Filomena Secreta');
    const rows = await server.app.platform.database.owner(async (client) => {
      await client.query("SELECT set_config('mostrador.owner', 'on', false)");
      const users = await client.query('SELECT * FROM identity_user');
      const events = await client.query("SELECT payload::text FROM journal_event WHERE type LIKE 'user.%'");
      return [...users.rows, ...events.rows];
    });
    expect(rows.length).toBeGreaterThan(10);
    expect(JSON.stringify(rows)).not.toMatch(/filomena|secreta|a long enough/i);
  });

  it('refuses a change of what has changed since', async () => {
    const { id } = await addUser('revised@shop.test');
    const seen = await server.get(`/users/${id}`);
    expect(seen.headers.etag).toBe(`"${seen.body.revision}"`);
    const headers = { 'if-match': String(seen.headers.etag) };
    const patch = (name: string) =>
      server.ask('PATCH', `/users/${id}`, { token: server.shop.staff.admin.token, headers, body: { name } });
    expect((await patch('Una')).status).toBe(200);
    expect([(await patch('Dos')).status, (await patch('Una')).body.code]).toEqual([409, 'conflict']);
  });
});

/** A second process on the same database, as far as sign-in goes. */
async function startSecond(): Promise<{
  ask(method: string, url: string, token: string): Promise<number>;
  close(): Promise<void>;
}> {
  const { createApp } = await import('../../app.js');
  const { platform } = server.app;
  const { default: pino } = await import('pino');
  const app = await createApp(platform.config, {
    user: 'tool',
    strict: true,
    log: pino({ level: 'silent' }),
    now: () => clock,
  });
  await app.http.app.ready();
  return {
    ask: async (method, url, token) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await app.http.app.inject({ method: method as 'GET', url: `/api/v1${url}`, headers });
      return answer.statusCode;
    },
    close: () => app.close(0),
  };
}
