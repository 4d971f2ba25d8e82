/** Starting the server under measurement, and asking the kernel what it and its database hold. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import pg from 'pg';

const here = dirname(fileURLToPath(import.meta.url));

/** As `npm start` runs it. */
const START_FLAGS = '--max-semi-space-size=8';

export interface BenchServer {
  readonly port: number;
  readonly tenantId: number;
  readonly locationId: string;
  readonly variants: readonly string[];
  readonly email: string;
  readonly dataDir: string;
  figures(): Promise<{ figures: Record<string, number> }>;
  /** MiB of PSS: the Node process, and all of the embedded database (0 when it is another's). */
  memory(): { node: number; database: number };
  /** CPU seconds used so far: the Node process, the embedded database, and the load client (this process). */
  cpu(): { node: number; database: number; client: number };
  stop(): Promise<void>;
}

/** Bundles it as `npm start` does, so that what is measured is what runs. */
export async function bundle(): Promise<string> {
  const outfile = join(here, '../dist/server.js');
  await build({
    entryPoints: [join(here, 'server.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    alias: {
      '@mostrador/domain': join(here, '../../packages/domain/src'),
      '@mostrador/contract': join(here, '../../packages/contract/src'),
    },
    logLevel: 'warning',
  });
  return outfile;
}

export async function startServer(file: string, env: Record<string, string>): Promise<BenchServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mostrador-bench-'));
  const database = await makeDatabase();
  const child = fork(file, {
    execArgv: (process.env.BENCH_NODE_FLAGS ?? START_FLAGS).split(' ').filter((f) => f !== ''),
    env: { ...process.env, DATA_DIR: dataDir, ...(database && { DATABASE_URL: database.url }), ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ready = await message<Omit<BenchServer, 'dataDir'>>(child);
  return {
    ...ready,
    dataDir,
    figures: () => {
      const answer = message<{ figures: Record<string, number> }>(child);
      child.send('figures');
      return answer;
    },
    memory: () => ({ node: pssOf([child.pid ?? 0]), database: pssOf(databaseOf(dataDir)) }),
    cpu: () => ({ node: cpuOf([child.pid ?? 0]), database: cpuOf(databaseOf(dataDir)), client: cpuOf([process.pid]) }),
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.send('stop');
      await gone;
      rmSync(dataDir, { recursive: true, force: true });
      await database?.drop();
    },
  };
}

/** With DATABASE_URL: a database of its own on that server, so that each run begins with an empty one. */
async function makeDatabase(): Promise<{ url: string; drop(): Promise<void> } | undefined> {
  const server = process.env.DATABASE_URL;
  if (server === undefined || server === '') return undefined;
  const name = `mostrador_bench_${randomBytes(4).toString('hex')}`;
  const tell = async (sql: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await tell(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => tell(`DROP DATABASE ${name} WITH (FORCE)`) };
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null) => reject(new Error(`the server under measurement ended with ${code}`));
    child.once('exit', failed);
    child.once('message', (m) => {
      child.off('exit', failed);
      resolve(m as T);
    });
  });
}

/** The postmaster of a data directory and its children. */
function databaseOf(dataDir: string): number[] {
  try {
    const postmaster = Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
    const children = readdirSync('/proc').filter((name) => {
      if (!/^\d+$/.test(name)) return false;
      try {
        return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]) === postmaster;
      } catch {
        return false;
      }
    });
    return [postmaster, ...children.map(Number)];
  } catch {
    return [];
  }
}

function pssOf(pids: readonly number[]): number {
  let kib = 0;
  for (const pid of pids) {
    try {
      kib += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended meanwhile.
    }
  }
  return Math.round(kib / 1024);
}

/** User and system time, at the kernel's 100 ticks a second. */
function cpuOf(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
    } catch {
      // It ended meanwhile.
    }
  }
  return ticks / 100;
}
