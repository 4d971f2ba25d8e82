/** The command line as a process: what it prints, how it ends, and that it survives being killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase, withClient } from '../../test/database.js';
import { csvLine } from './csv.js';
import { parseColumns } from './import.js';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));
const TSX = pathToFileURL(
  join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist/loader.mjs'),
).href;

let folder = '';
let kit: TestDatabase;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mostrador-cli-'));
  kit = await createTestDatabase();
});
afterAll(async () => {
  await kit.drop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ['--import', TSX, CLI, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, DATABASE_URL: kit.url, DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = start(args, env);
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** The one line that `--json` prints. */
function json({ out }: Ran) {
  expect(out.endsWith('\n')).toBe(true);
  expect(out.trimEnd().split('\n').length).toBe(1);
  return JSON.parse(out);
}

const events = (type: string) =>
  withClient(kit.url, async (client) => {
    // An owner who is no superuser sees all shops only by saying so.
    await client.query("SELECT set_config('mostrador.owner', 'on', false)");
    const { rows } = await client
      .query('SELECT count(*)::int AS n FROM journal_event WHERE type = $1', [type])
      .catch(() => ({ rows: [{ n: 0 }] }));
    return rows[0].n as number;
  });

describe('the command line', () => {
  it('[IM3] imports sales on an empty database, killed in the middle and started again, without doubling anything', async () => {
    const invoices = 3000;
    const lines = Array.from(
      { length: invoices },
      (_, i) =>
        `B${i},P${i % 40},Thing ${i % 40},${1 + (i % 3)},2024-01-0${1 + Math.floor(i / 500)} 10:00,2.50,${i % 50}`,
    );
    writeFileSync(
      join(folder, 'ventas 2024.csv'),
      `BasketID,StockCode,Product,Quantity,InvoiceDate,Price,Customer ID\n${lines.join('\n')}\n`,
    );
    const args = [
      'import',
      'sales',
      'ventas 2024.csv',
      '--columns',
      'invoice=BasketID,name=Product',
      '--currency',
      'clp',
      '--json',
    ];
    const child = start(args);
    let running = true;
    child.on('exit', () => {
      running = false;
    });
    while (running && (await events('sale.completed')) === 0) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
    await once(child, 'close');
    const before = await events('sale.completed');
    expect(before).toBeGreaterThan(0);

    const report = json(await run(args));
    expect(report).toMatchObject({
      lines: invoices,
      invoices,
      sales: invoices,
      products: 40,
      customers: 50,
      rejected: 0,
      currency: 'CLP',
    });
    expect(report.gross).toBe(String(2.5 * 2 * invoices));
    expect(report.written.invoices).toBe(invoices - before);
    expect(await events('sale.completed')).toBe(invoices);
    expect(await events('product.created')).toBe(40);
    const verified = json(await run(['verify', '--json']));
    expect([verified.ok, verified.checks.filter((c: { failed: number }) => c.failed > 0)]).toEqual([true, []]);
  }, 120_000);

  it('takes the only shop, makes people and others shops, and asks which when there are several', async () => {
    const user = await run(['user', 'create', '--email', 'ana@shop.test', '--json'], {
      MOSTRADOR_PASSWORD: 'a long enough secret',
    });
    expect(user.err).toBe('');
    expect(json(user)).toMatchObject({ email: 'ana@shop.test', roles: ['admin'] });
    const weak = await run(['user', 'create', '--email', 'eva@shop.test', '--password', 'short', '--json']);
    expect([weak.code, json(weak).ok]).toEqual([2, false]);
    const made = json(await run(['tenant', 'create', '--name', 'Otra', '--country', 'uy', '--json']));
    expect(made).toMatchObject({ name: 'Otra', country: 'UY', currency: 'UYU' });
    const several = await run(['export', 'stock']);
    expect([several.code, several.err]).toEqual([2, expect.stringContaining('--tenant')]);
    const named = await run(['export', 'stock', '--tenant', 'Ventas 2024']);
    expect(named.code).toBe(0);
    expect(named.out.split('\r\n').length).toBe(1 + 40 + 1);
  }, 120_000);

  it('[IM18] exits 0 when rows were rejected, names them, and reads back what it exports', async () => {
    writeFileSync(join(folder, 'p.csv'), 'codigo de barras;nombre;precio\n7790001000019;Yerba;1.200,50\n;;5,00\n');
    const args = ['import', 'products', 'p.csv', '--tenant', 'otra', '--errors', 'e.csv'];
    const imported = await run([...args, '--json']);
    expect(imported.code).toBe(0);
    expect(json(imported)).toMatchObject({ rows: 2, created: 1, updated: 0, rejected: 1, bad_gtin: 0, in_store: 0 });
    expect(readFileSync(join(folder, 'e.csv'), 'utf8')).toContain('3,name,missing');
    const exported = await run(['export', 'products', '--tenant', 'otra', '--out', 'out.csv', '--json']);
    expect(json(exported)).toMatchObject({ kind: 'products', rows: 1 });
    const again = await run(['import', 'products', 'out.csv', '--tenant', 'otra', '--json']);
    expect(json(again)).toMatchObject({ rows: 1, created: 0, updated: 1, unchanged: 1, rejected: 0 });
  }, 120_000);

  it('saves everything, brings it back elsewhere, and rebuilds', async () => {
    const saved = json(await run(['backup', 'all.backup', '--json']));
    expect(saved.rows).toBeGreaterThan(3000);
    const other = await createTestDatabase();
    // A restore wants the database for itself.
    await other.database.close();
    try {
      const restored = json(await run(['restore', 'all.backup', '--json'], { DATABASE_URL: other.url }));
      expect(restored).toMatchObject({ rows: saved.rows, master_key: 'right' });
      expect(json(await run(['rebuild', '--json'], { DATABASE_URL: other.url })).ok).toBe(true);
    } finally {
      await other.drop();
    }
  }, 120_000);

  it('says what is wrong with a command, with exit code 2', async () => {
    const column = await run(['import', 'sales', 'p.csv', '--columns', 'invoice=Nada', '--json']);
    expect([column.code, json(column).error]).toEqual([2, expect.stringContaining('There is no column "Nada"')]);
    const unknown = await run(['import', 'people', 'p.csv']);
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('unknown command')]);
    const nowhere = await run(['import', 'sales', 'nowhere.csv']);
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('There is no file')]);
  }, 120_000);
});

describe('its small parts', () => {
  it('reads columns, with commas in headings escaped', () => {
    expect(parseColumns('invoice=Basket ID, price=Precio\\, neto,customer=')).toEqual({
      invoice: 'Basket ID',
      price: 'Precio, neto',
      customer: '',
    });
  });

  it('writes CSV that no spreadsheet computes', () => {
    expect(csvLine(['a,b', 'say "x"', '=1+1', '-5.20', '@x', null, 3])).toBe(
      `"a,b","say ""x""",'=1+1,-5.20,'@x,,3\r\n`,
    );
  });
});
