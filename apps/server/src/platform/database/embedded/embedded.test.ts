import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkLibraries } from './binaries.js';
import { Cluster, type EmbeddedOptions, openEmbedded } from './index.js';
import { readPostmasterFile } from './postmaster.js';

let folder: string;
let clusters: Cluster[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-'));
  clusters = [];
});
afterEach(async () => {
  for (const cluster of clusters) await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Opens, asks for the given settings, closes and opens again. */
async function tryOut(options: Partial<EmbeddedOptions> & { dataDir: string }): Promise<void> {
  clusters.push(new Cluster({ dataDir: options.dataDir, log: () => {} }));
  for (const round of [1, 2]) {
    const embedded = await openEmbedded({ user: 'server', log: () => {}, ...options });
    const rows = await ask(embedded.url(), `SELECT current_user AS who, ${round} AS round`);
    expect(rows).toEqual([{ who: 'mostrador', round }]);
    await embedded.close();
    expect(existsSync(join(options.dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  }
}

describe('the embedded PostgreSQL', () => {
  it('is durable, in UTF-8, and listens on no port', async () => {
    const dataDir = join(folder, 'data');
    clusters.push(new Cluster({ dataDir, log: () => {} }));
    const embedded = await openEmbedded({ dataDir, user: 'server', log: () => {} });
    const show = async (name: string) => (await ask(embedded.url(), `SHOW ${name}`))[0]?.[name];
    expect(await show('fsync')).toBe('on');
    expect(await show('synchronous_commit')).toBe('on');
    expect(await show('full_page_writes')).toBe('on');
    expect(await show('data_checksums')).toBe('on');
    expect(await show('listen_addresses')).toBe('');
    expect(await show('server_encoding')).toBe('UTF8');
    const upper = await ask(embedded.url(), `SELECT upper('ñandú') AS u, 'a' < 'B' AS c`);
    expect(upper).toEqual([{ u: 'ÑANDÚ', c: false }]);
    expect(statSync(dataDir).mode & 0o077).toBe(0);
    expect(statSync(join(dataDir, 'run')).mode & 0o077).toBe(0);
    await embedded.close();
  });

  it('works below a path too long for a socket', async () => {
    const dataDir = join(folder, 'x'.repeat(60), 'y'.repeat(60));
    await tryOut({ dataDir });
    expect(existsSync(join(dataDir, 'run'))).toBe(false);
  });

  it('works below a path with characters that mean something elsewhere', async () => {
    await tryOut({ dataDir: join(folder, `a b,c"d%20e'f+g&h?ñ#`) });
  });

  it('works over loopback with a password where there are no sockets', async () => {
    const dataDir = join(folder, 'tcp');
    await tryOut({ dataDir, transport: 'tcp' });
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o077).toBe(0);
    const embedded = await openEmbedded({ dataDir, user: 'server', log: () => {}, transport: 'tcp' });
    const wrong = new URL(embedded.url());
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    await embedded.close();
  });

  it('says so when another version wrote the data directory', async () => {
    const dataDir = join(folder, 'old');
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '16\n');
    await expect(openEmbedded({ dataDir, user: 'tool', log: () => {} })).rejects.toThrow(/PostgreSQL 16.*backup/s);
  });

  it('says with the log why it does not start', async () => {
    const dataDir = join(folder, 'odd');
    const odd = openEmbedded({ dataDir, user: 'tool', log: () => {}, settings: { shared_buffers: 'plenty' } });
    await expect(odd).rejects.toThrow(/does not start.*shared_buffers/s);
  });

  it('makes the links that an install without scripts leaves out', () => {
    const native = join(folder, 'package', 'native');
    mkdirSync(join(native, 'lib'), { recursive: true });
    writeFileSync(join(native, 'lib', 'libpq.so.5.18'), 'library');
    const links = [
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
    ];
    writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    linkLibraries(native);
    linkLibraries(native);
    expect(readlinkSync(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
    expect(readFileSync(join(native, 'lib', 'libpq.so'), 'utf8')).toBe('library');
    expect(lstatSync(join(native, 'lib', 'libpq.so.5.18')).isSymbolicLink()).toBe(false);
  });
});

if (process.getuid?.() === 0) {
  describe('the embedded PostgreSQL as root', () => {
    it('runs in a user namespace and its files stay with root', async () => {
      const dataDir = join(folder, 'root');
      await tryOut({ dataDir });
      expect(statSync(join(dataDir, 'postgres')).uid).toBe(0);
    });

    it('runs as another user where namespaces are forbidden, and stays with that one', async () => {
      // The folder of mkdtemp lets nobody else through.
      const dataDir = join(folder, 'other');
      const open = openEmbedded({ dataDir, user: 'tool', log: () => {}, allowNamespace: false });
      await expect(open).rejects.toThrow(/does not run as root.*DATABASE_URL/s);
    });

    it('runs as the user to whom the data directory belongs', async () => {
      const dataDir = mkdtempSync('/tmp/embedded-user-');
      try {
        await tryOut({ dataDir, allowNamespace: false });
        expect(statSync(join(dataDir, 'postgres')).uid).toBe(65534);
        await tryOut({ dataDir });
        expect(statSync(join(dataDir, 'postgres')).uid).toBe(65534);
        expect(readPostmasterFile(join(dataDir, 'postgres'))).toBeUndefined();
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    });
  });
}
