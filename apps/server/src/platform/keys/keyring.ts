/**
 * The keyring over the database: everything it seals can be read only with the master key beside it.
 */
import type { Database } from '../database/index.js';
import { closeBox, derive, mac, openBox } from './box.js';
import { logErasure } from './erasures.js';
import { loadMasterKey, type MasterKeySource } from './master.js';
import { PersonKeys } from './person-keys.js';
import { type Keyring, PersonErased } from './types.js';

export interface KeyringOptions extends MasterKeySource {
  readonly database: Database;
  /** ms since the epoch. Default: the clock. */
  readonly now?: (() => number) | undefined;
}

const erasedChannel = 'mostrador_erased';
const tokenBytes = 9;

/** Loads (or makes) the master key. Throws MasterKeyRefused for a wrong one, before anything else happens. */
export async function openKeyring(options: KeyringOptions): Promise<Keyring> {
  const { database, dataDir } = options;
  const now = options.now ?? Date.now;
  const master = await database.owner((client) => loadMasterKey(client, options));
  const wrapping = derive(master, 'wrap');
  const indexing = derive(master, 'tokens');
  const persons = new PersonKeys(database, derive(master, 'persons'), now);
  const tenantIndexing = new Map<number, Buffer>();
  const stop = await database.listen(erasedChannel, (name) => persons.forget(name));

  const contextOf = (tenantId: number, personId: string) => `sealed/${tenantId}/${personId}`;
  const indexingOf = (tenantId: number) => {
    const known = tenantIndexing.get(tenantId) ?? mac(indexing, `tenant/${tenantId}`);
    tenantIndexing.set(tenantId, known);
    return known;
  };

  return {
    async seal(tenantId, personId, data) {
      const key = await persons.get(tenantId, personId, true);
      if (!key) throw new PersonErased(`${personId} was erased`);
      return closeBox(key, contextOf(tenantId, personId), Buffer.from(JSON.stringify(data))).toString('base64url');
    },

    async open<T extends object>(tenantId: number, personId: string, sealed: string) {
      const key = await persons.get(tenantId, personId, false);
      if (key === null) return null;
      if (key === undefined) throw new Error(`There is no key of ${personId}`);
      const bytes = openBox(key, contextOf(tenantId, personId), Buffer.from(sealed, 'base64url'));
      return JSON.parse(bytes.toString('utf8')) as T;
    },

    async destroy(tenantId, personId) {
      const at = now();
      logErasure(dataDir, { tenantId, personId, at });
      await database.transaction(tenantId, async (tx) => {
        await tx.query(
          `INSERT INTO person_key (tenant_id, person_id, erased_at) VALUES ($1, $2, to_timestamp($3 / 1000.0))
           ON CONFLICT (tenant_id, person_id) DO UPDATE SET wrapped = NULL, erased_at = excluded.erased_at
           WHERE person_key.wrapped IS NOT NULL`,
          [tenantId, personId, at],
        );
        await tx.query('SELECT pg_notify($1, $2)', [erasedChannel, `${tenantId}/${personId}`]);
      });
      persons.forget(`${tenantId}/${personId}`);
    },

    tokens(tenantId, words) {
      const key = indexingOf(tenantId);
      return words.map((word) => mac(key, word).subarray(0, tokenBytes).toString('base64url'));
    },

    wrap: (bytes) => closeBox(wrapping, 'wrap', bytes),
    unwrap: (bytes) => openBox(wrapping, 'wrap', bytes),

    async installationKey(name, make) {
      const context = `installation/${name}`;
      return database.owner(async (client) => {
        const read = async () =>
          (await client.query<{ wrapped: Buffer }>('SELECT wrapped FROM installation_key WHERE name = $1', [name]))
            .rows[0];
        let row = await read();
        if (!row) {
          await client.query('INSERT INTO installation_key (name, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
            name,
            closeBox(wrapping, context, make()),
          ]);
          row = await read();
        }
        if (!row) throw new Error(`The key ${name} cannot be read back`);
        return openBox(wrapping, context, row.wrapped);
      });
    },

    close: stop,
  };
}
