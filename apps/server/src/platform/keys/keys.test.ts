import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { logErasure } from './erasures.js';
import { applyErasures, type Keyring, keyMigrations, openKeyring, readErasureLog, readTombstones } from './index.js';

let kit: TestDatabase;
let dataDir: string;
let keyring: Keyring;

beforeAll(async () => {
  kit = await createTestDatabase({ migrations: keyMigrations });
  dataDir = mkdtempSync(join(tmpdir(), 'keys-'));
  keyring = await openKeyring({ database: kit.database, dataDir });
});
afterAll(async () => {
  await keyring.close();
  await kit.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const open = (masterKey?: string, folder = dataDir) =>
  openKeyring({ database: kit.database, dataDir: folder, masterKey });

describe('the keyring', () => {
  it('opens what it sealed, for that person of that tenant only', async () => {
    const sealed = await keyring.seal(1, 'cus_a', { name: 'Ñandú' });
    expect(sealed).not.toContain('Ñandú');
    expect(await keyring.open(1, 'cus_a', sealed)).toEqual({ name: 'Ñandú' });
    await keyring.seal(1, 'cus_b', {});
    await keyring.seal(2, 'cus_a', {});
    await expect(keyring.open(1, 'cus_b', sealed)).rejects.toThrow();
    await expect(keyring.open(2, 'cus_a', sealed)).rejects.toThrow();
    const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
    await expect(keyring.open(1, 'cus_a', changed)).rejects.toThrow();
  });

  it('seals for many people at once, also when two processes make their keys', async () => {
    const other = await open();
    const ids = Array.from({ length: 1500 }, (_, i) => `cus_many${i}`);
    const [here, there] = await Promise.all(
      [keyring, other].map((k) => Promise.all(ids.map((id) => k.seal(3, id, { id })))),
    );
    const opened = await Promise.all(ids.map((id, i) => other.open(3, id, here?.[i] ?? '')));
    expect(opened).toEqual(ids.map((id) => ({ id })));
    expect(await keyring.open(3, 'cus_many7', there?.[7] ?? '')).toEqual({ id: 'cus_many7' });
    await other.close();
  });

  it('opens nothing of an erased person, in any process, and seals nothing more', async () => {
    const other = await open();
    const sealed = await keyring.seal(1, 'cus_gone', { phone: '1' });
    expect(await other.open(1, 'cus_gone', sealed)).toEqual({ phone: '1' });
    await keyring.destroy(1, 'cus_gone');
    expect(await keyring.open(1, 'cus_gone', sealed)).toBeNull();
    await expect.poll(() => other.open(1, 'cus_gone', sealed)).toBeNull();
    await expect(keyring.seal(1, 'cus_gone', {})).rejects.toThrow(/erased/);
    await keyring.destroy(1, 'cus_gone');
    const rows = await kit.database.read(1, {
      text: `SELECT wrapped IS NULL AS empty FROM person_key WHERE person_id = 'cus_gone'`,
      values: [],
    });
    expect(rows).toEqual([{ empty: true }]);
    await other.close();
  });

  it('notes each erasure in a file and applies it again to a key that came back', async () => {
    await keyring.seal(4, 'cus_back', {});
    await keyring.seal(4, 'cus_stays', {});
    await keyring.destroy(4, 'cus_back');
    const noted = readErasureLog(dataDir).filter((e) => e.tenantId === 4);
    expect(noted).toMatchObject([{ tenantId: 4, personId: 'cus_back' }]);
    await kit.database.owner(async (client) => {
      expect((await readTombstones(client)).some((e) => e.personId === 'cus_back')).toBe(true);
      await client.query(
        `UPDATE person_key SET wrapped = 'x', erased_at = NULL WHERE tenant_id = 4 AND person_id = 'cus_back'`,
      );
      expect(await applyErasures(client, noted)).toEqual(noted);
      expect(await applyErasures(client, noted)).toEqual([]);
      const { rows } = await client.query(
        'SELECT person_id FROM person_key WHERE tenant_id = 4 AND wrapped IS NOT NULL',
      );
      expect(rows).toEqual([{ person_id: 'cus_stays' }]);
    });
  });

  it('notes an erasure also after a line that a crash has torn', async () => {
    const torn = mkdtempSync(join(tmpdir(), 'keys-'));
    const first = { tenantId: 1, personId: 'cus_1', at: 1 };
    const second = { ...first, personId: 'cus_2' };
    logErasure(torn, first);
    appendFileSync(join(torn, 'erasures.log'), '{"tenantId":1,"perso');
    logErasure(torn, second);
    expect(readErasureLog(torn)).toEqual([first, second]);
    rmSync(torn, { recursive: true });
  });

  it('gives words tokens that differ by tenant and installation', () => {
    const [a, b, again] = keyring.tokens(1, ['rosa', 'perez', 'rosa']);
    expect(a).toMatch(/^[\w-]{12}$/);
    expect(again).toBe(a);
    expect(b).not.toBe(a);
    expect(keyring.tokens(2, ['rosa'])[0]).not.toBe(a);
  });

  it('makes an installation key once, whoever asks', async () => {
    const other = await open();
    const [x, y] = await Promise.all([
      keyring.installationKey('signing/1', () => Buffer.from('first')),
      other.installationKey('signing/1', () => Buffer.from('second')),
    ]);
    expect(x.equals(y)).toBe(true);
    expect(keyring.unwrap(other.wrap(Buffer.from('secret'))).toString()).toBe('secret');
    await other.close();
  });

  it('hides keys of the installation from the application', async () => {
    for (const table of ['master_key', 'installation_key']) {
      const read = kit.database.call({ text: `SELECT * FROM ${table}`, values: [] });
      await expect(read).rejects.toThrow(/permission denied/);
    }
    const removal = kit.database.transaction(1, (tx) => tx.query('DELETE FROM person_key'));
    await expect(removal).rejects.toThrow(/permission denied/);
  });
});

describe('the master key', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keys-other-'));
    return () => rmSync(folder, { recursive: true, force: true });
  });

  it('is made once, for the owner of the folder alone', () => {
    const path = join(dataDir, 'master.key');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it('is taken from the environment as hex or base64', async () => {
    const hex = readFileSync(join(dataDir, 'master.key'), 'utf8').trim();
    for (const form of [
      hex,
      Buffer.from(hex, 'hex').toString('base64'),
      Buffer.from(hex, 'hex').toString('base64url'),
    ]) {
      const other = await open(form, folder);
      await other.close();
    }
  });

  it('is refused when it is missing, wrong, too short or unreadable, and no other is made', async () => {
    await expect(open(undefined, folder)).rejects.toThrow(/missing.*master\.key/s);
    expect(statSync(join(folder, 'master.key'), { throwIfNoEntry: false })).toBeUndefined();
    await expect(open('ab'.repeat(32), folder)).rejects.toThrow(/MASTER_KEY is not the one/);
    await expect(open('a long enough passphrase', folder)).rejects.toThrow(/MASTER_KEY is not the one/);
    await expect(open('short', folder)).rejects.toThrow(/too short/);
    writeFileSync(join(folder, 'master.key'), 'not a key');
    await expect(open(undefined, folder)).rejects.toThrow(/does not hold 32 bytes/);
  });

  it('may be a passphrase', async () => {
    const fresh = await createTestDatabase({ migrations: keyMigrations });
    try {
      const passphrase = 'caballo batería grapa';
      const one = await openKeyring({ database: fresh.database, dataDir: folder, masterKey: passphrase });
      const sealed = await one.seal(1, 'cus_a', { a: 1 });
      await one.close();
      const two = await openKeyring({ database: fresh.database, dataDir: folder, masterKey: passphrase });
      expect(await two.open(1, 'cus_a', sealed)).toEqual({ a: 1 });
      await two.close();
      const wrong = openKeyring({ database: fresh.database, dataDir: folder, masterKey: 'caballo batería clavo' });
      await expect(wrong).rejects.toThrow(/not the one/);
    } finally {
      await fresh.drop();
    }
  });
});
