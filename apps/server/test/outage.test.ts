/** What a server on a DATABASE_URL says while that database cannot be had, and that it needs no new start afterwards. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { newUuid } from '../src/platform/ids.js';
import { createTestDatabase, type OrdinaryOwner, ordinaryOwner, type TestDatabase, withClient } from './database.js';
import { basket } from './outsider.js';
import { ADMIN, makeShop, openServerKit, type ServerKit } from './processes.js';

const server = inject('databaseUrl');
let kit: ServerKit;
/** Only because making it makes the two roles too. */
let other: TestDatabase;
let owner: OrdinaryOwner;

beforeAll(async () => {
  kit = await openServerKit();
  other = await createTestDatabase();
  owner = await ordinaryOwner(server, '', async (client, login) => {
    await client.query(`GRANT mostrador_app, mostrador_definer TO ${login}`);
  });
});
afterAll(async () => {
  await kit.close();
  await allow(-1);
  await owner.remove();
  await other.drop();
});

const allow = (connections: number) =>
  withClient(server, (client) => client.query(`ALTER ROLE ${owner.login} CONNECTION LIMIT ${connections}`));

/** Lets the server connect no more, and ends what connections it has. */
const takeAway = () =>
  withClient(owner.url, async (client) => {
    await allow(0);
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()',
    );
  });

it('health and the interface say 503 while the database is away; what is asked again is sold once when it is back', async () => {
  const env = { DATA_DIR: kit.dataDir(), DATABASE_URL: owner.url };
  await makeShop(env);
  const running = await kit.launch(env).ready();
  const { outsider } = running;
  await outsider.signIn(ADMIN);
  const [article] = await outsider.stockUp(1, 10);
  if (article === undefined) throw new Error('nothing to sell');
  const body = basket(await outsider.locationId(), [article]);
  const health = async () => (await outsider.get('!/monitoring/health', { token: null })).status;
  expect(await health()).toBe(200);

  await takeAway();
  await expect.poll(health, { timeout: 30_000 }).toBe(503);
  const refused = await outsider.signIn(ADMIN);
  expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
  // It waits for the database, or is refused when it had to read something first: then it is asked again.
  const sent = { key: newUuid(), body };
  const waiting = outsider.checkout(sent);
  await allow(-1);
  expect([201, 503]).toContain((await waiting).status);
  await expect.poll(async () => (await outsider.checkout(sent)).status, { timeout: 30_000 }).toBe(201);

  await expect.poll(health, { timeout: 30_000 }).toBe(200);
  expect((await outsider.signIn(ADMIN)).status).toBe(200);
  expect(await outsider.onHand(article.variantId)).toBe(9);
  expect(await running.end('SIGTERM')).toEqual({ code: 0, signal: null });
});
