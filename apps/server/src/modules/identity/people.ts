/** Who people are and what they may do: names for other modules, and the directory that signing in asks. */
import { PERMISSIONS, type UserPersonal } from '@mostrador/domain/identity';
import type { Platform } from '../../module.js';
import { Auth, normalEmail } from '../../platform/auth/index.js';
import type { Authenticate } from '../../platform/http/index.js';
import type { Keyring } from '../../platform/keys/index.js';
import { findShop, TENANT_CHANNEL } from '../tenant/index.js';
import { findByEmail, readRights, readSealed } from './queries.js';

/** The address as it is found at sign-in, over all shops. */
export function emailIndex(keyring: Pick<Keyring, 'tokens'>, email: string): string {
  return keyring.tokens(0, [`email/${normalEmail(email)}`])[0] ?? '';
}

/** Empty when the person's key was destroyed. */
export async function openUser(
  keyring: Pick<Keyring, 'open'>,
  tenantId: number,
  user: { readonly userId: string; readonly sealed: string },
): Promise<UserPersonal> {
  return (await keyring.open<UserPersonal>(tenantId, user.userId, user.sealed)) ?? { name: '', email: '' };
}

/** Names by id; ids that are nobody's (`system`, `import`) are left out. */
export async function userNames(
  platform: Pick<Platform, 'database' | 'keyring'>,
  tenantId: number,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  const ids = [...new Set(userIds)].filter((id) => id.startsWith('usr_'));
  if (ids.length === 0) return new Map();
  const rows = await readSealed(platform.database, tenantId, ids);
  const named = rows.map(async (row): Promise<[string, string]> => {
    const { name } = await openUser(platform.keyring, tenantId, row);
    return [row.userId, name];
  });
  return new Map(await Promise.all(named));
}

type Needs = Pick<Platform, 'database' | 'journal' | 'keyring' | 'now' | 'log'>;

const auths = new WeakMap<object, Auth>();

/** The one that signs people in on this platform, for the server's door and for the routes. */
export function authOf(platform: Needs): Auth {
  const known = auths.get(platform.journal);
  if (known !== undefined) return known;
  const { database, journal, keyring, now, log } = platform;
  const auth = new Auth({
    database,
    keyring,
    now,
    directory: {
      findByEmail: (email) => findByEmail(database, emailIndex(keyring, email)),
      person: async (tenantId, userId) => {
        const [shop, rights] = await Promise.all([
          findShop(platform, tenantId),
          readRights(database, tenantId, userId),
        ]);
        if (shop === null || rights === null) return null;
        const { id, name, country, currency, timeZone, locale } = shop;
        return {
          disabled: rights.disabled,
          roleIds: rights.roleIds,
          // Also those that came with a newer version than the shop was made with.
          permissions: new Set(rights.roleIds.includes('admin') ? PERMISSIONS : rights.permissions),
          tenant: { id, name, country, currency, timeZone, locale },
        };
      },
    },
  });
  journal.onCommitted((tenantId, events) => {
    for (const { type, subject } of events) {
      if (type === 'user.changed') auth.forget(tenantId, subject);
      else if (type === 'role.changed' || type === 'tenant.changed') auth.forget(tenantId);
    }
  });
  database
    .listen(TENANT_CHANNEL, (payload) => {
      if (payload !== '') auth.forget(Number(payload));
    })
    .catch((error: unknown) => log.warn({ err: error }, 'changes of shops by other processes are not heard'));
  auths.set(journal, auth);
  return auth;
}

/** What the server's door asks of every request that brings a token. Rejects when the signing key cannot be had. */
export async function authenticator(platform: Needs): Promise<Authenticate> {
  const auth = authOf(platform);
  await auth.ready();
  return auth.authenticate;
}
