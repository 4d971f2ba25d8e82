/**
 * The real server as a process of its own, on its own port and data directory, for tests of faults and of what an outsider
 * sees: started, killed with or without its database, asked over sockets. The program is bundled once per file, as
 * `npm start` does, so that a start takes no longer than the server needs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import pg from 'pg';
import { type OpenPlatform, openPlatform } from '../src/compose.js';
import { readConfig } from '../src/config.js';
import { createUser } from '../src/modules/identity/index.js';
import { createTenant, listTenants } from '../src/modules/tenant/index.js';
import { Cluster } from '../src/platform/database/embedded/index.js';
import { orphansOf, readPostmasterFile } from '../src/platform/database/embedded/postmaster.js';
import { verify } from '../src/platform/journal/index.js';
import { Outsider } from './outsider.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server that was started and may not have opened its doors yet, or never will. */
export class ServerProcess {
  readonly pid: number;
  readonly #child: ChildProcess;
  #said = '';
  #outsider: Outsider | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.pid = child.pid as number;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.#said += chunk;
        child.emit('said');
      });
    }
  }

  /** Waits until it says where it is; throws with what it wrote when it ends instead. */
  async ready(): Promise<this> {
    for (;;) {
      const port = /Health\s+http:\/\/localhost:(\d+)/.exec(this.#said)?.[1];
      if (port !== undefined) {
        this.#outsider = new Outsider(`http://127.0.0.1:${port}`);
        return this;
      }
      if (!this.#running) throw new Error(`the server ended with ${this.#child.exitCode}:\n${this.#said}`);
      await Promise.race([once(this.#child, 'said'), once(this.#child, 'close')]);
    }
  }

  /** Somebody at its doors. */
  get outsider(): Outsider {
    if (this.#outsider === undefined) throw new Error('the server is not ready');
    return this.#outsider;
  }

  /** All that it wrote so far. */
  get said(): string {
    return this.#said;
  }

  get #running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends the signal without waiting for anything. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Resolves when it has ended, by whatever. */
  async ended(): Promise<Ended> {
    if (this.#running) await once(this.#child, 'exit');
    return { code: this.#child.exitCode, signal: this.#child.signalCode };
  }

  end(name: NodeJS.Signals): Promise<Ended> {
    this.signal(name);
    return this.ended();
  }

  /** Waits for its end; answers what it wrote besides. */
  async refusal(): Promise<Refusal> {
    if (this.#running) await once(this.#child, 'close');
    return { ...(await this.ended()), said: this.#said };
  }
}

export interface Refusal extends Ended {
  readonly said: string;
}

export interface ServerKit {
  /** Starts a server and waits for nothing. Without a demo shop and on any free port, unless `env` says otherwise. */
  launch(env: Readonly<Record<string, string>>): ServerProcess;
  /** A data directory that is removed, its database stopped, in the end. */
  dataDir(): string;
  /** Ends whatever still runs and removes everything. */
  close(): Promise<void>;
}

export async function openServerKit(): Promise<ServerKit> {
  const scratch = mkdtempSync(join(tmpdir(), 'mostrador-processes-'));
  const program = await bundle(scratch);
  const started: ServerProcess[] = [];
  const dataDirs: string[] = [];
  return {
    launch(env) {
      // What steers the test run must not steer the server.
      const { DATABASE_URL: _, MASTER_KEY: __, NODE_OPTIONS: ___, ...rest } = process.env;
      const child = spawn(process.execPath, ['--enable-source-maps', program], {
        cwd: scratch,
        env: { ...rest, PORT: '0', DEMO: 'off', LOG_LEVEL: 'warn', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const server = new ServerProcess(child);
      started.push(server);
      return server;
    },
    dataDir() {
      const dataDir = join(scratch, `data-${dataDirs.length}`);
      mkdirSync(dataDir, { mode: 0o700 });
      dataDirs.push(dataDir);
      return dataDir;
    },
    async close() {
      for (const server of started) await server.end('SIGKILL');
      for (const dataDir of dataDirs) await new Cluster({ dataDir, log: () => {} }).stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** Ours in one file, what npm installed beside it by a link. */
async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, 'main.js');
  await build({
    entryPoints: [join(root, 'apps/server/src/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    alias: {
      '@mostrador/domain': join(root, 'packages/domain/src'),
      '@mostrador/contract': join(root, 'packages/contract/src'),
    },
    sourcemap: true,
    logLevel: 'warning',
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return outfile;
}

/** The embedded database's processes, the postmaster first. */
export function databaseProcesses(dataDir: string): number[] {
  const pgdata = join(dataDir, 'postgres');
  if (!existsSync(pgdata)) return [];
  const postmaster = readPostmasterFile(pgdata)?.pid;
  const all = orphansOf(pgdata);
  return postmaster === undefined ? all : [postmaster, ...all.filter((pid) => pid !== postmaster)];
}

/** Waits until the database of a data directory holds at least so many events. */
export async function eventsThere(dataDir: string, events: number): Promise<void> {
  const cluster = new Cluster({ dataDir, log: () => {} });
  for (;;) {
    const url = cluster.url();
    const there = url === undefined ? 0 : await countEvents(url).catch(() => 0);
    if (there >= events) return;
    await pause(5);
  }
}

async function countEvents(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ events: string }>('SELECT coalesce(sum(seq), 0) AS events FROM journal_head');
    return Number(rows[0]?.events);
  } finally {
    await client.end();
  }
}

/** As `kill -9` of them all; who is gone already is gone. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** Opens the platform beside the server, as the command line does, for the time of `fn`. */
async function beside<T>(
  env: Readonly<Record<string, string>>,
  fn: (platform: OpenPlatform) => Promise<T>,
): Promise<T> {
  const platform = await openPlatform(readConfig({ LOG_LEVEL: 'silent', ...env }, '/'));
  try {
    return await fn(platform);
  } finally {
    await platform.close();
  }
}

/** The administrator of the demo shop. */
export const DEMO_ADMIN = { email: 'admin@demo.test', password: 'mostrador' };

/** The administrator of `makeShop`. */
export const ADMIN = { email: 'admin@shop.test', password: 'a long enough secret' };

/** A shop in Argentina with an administrator. */
export function makeShop(env: Readonly<Record<string, string>>): Promise<void> {
  return beside(env, async (platform) => {
    const { tenantId } = await createTenant(platform, { name: 'Almacén', country: 'AR' });
    await createUser(platform, tenantId, { ...ADMIN, name: 'Admin', roleIds: ['admin'] });
  });
}

/** The names of the invariants that do not hold, with what was found. */
export function brokenInvariants(env: Readonly<Record<string, string>>): Promise<unknown[]> {
  return beside(env, async (platform) => {
    const tenants = (await listTenants(platform)).map((t) => t.tenantId);
    const report = await verify({
      database: platform.database,
      projections: platform.projections,
      subscriptions: platform.readers,
      tenants,
    });
    const seen = report.checks.reduce((sum, check) => sum + check.checked, 0);
    if (tenants.length === 0 || seen === 0) throw new Error('verify had nothing to look at');
    return report.checks.filter((check) => check.failed > 0);
  });
}
