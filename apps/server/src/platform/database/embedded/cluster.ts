/**
 * The data directory of the embedded PostgreSQL and its postmaster: made once, started, found again when it outlived
 * its parent, stopped. Who uses it, and when it may stop, is decided in session.ts.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DatabaseUnusable } from '../errors.js';
import type { DatabaseOptions } from '../types.js';
import { type Binaries, findBinaries } from './binaries.js';
import {
  answers,
  orphansOf,
  type PostmasterFile,
  processState,
  readPostmasterFile,
  removeLeftovers,
  signal,
} from './postmaster.js';
import { chooseRunAs, type RunAs } from './run-as.js';
import { databaseSettings } from './settings.js';

export interface ClusterOptions {
  /** Absolute. */
  readonly dataDir: string;
  readonly log: NonNullable<DatabaseOptions['log']>;
  /** Over the usual settings, for tests. */
  readonly settings?: Record<string, string> | undefined;
  /** Default: a Unix socket, but TCP on loopback with a password on Windows. */
  readonly transport?: 'socket' | 'tcp' | undefined;
  /** False: never by a user namespace, for tests. */
  readonly allowNamespace?: boolean | undefined;
}

const superuser = 'mostrador';
const majorVersion = '18';
/** The address of a Unix socket holds 107 bytes. */
const socketPathBytes = 100;
const logBytes = 8 * 1024 * 1024;
/** A fast shutdown that takes longer (a checkpoint on a slow disk) becomes an immediate one; it loses nothing. */
const fastMillis = 1_800;

export class Cluster {
  readonly pgdata: string;
  readonly #options: ClusterOptions;
  readonly #tcp: boolean;
  #binaries: Binaries | undefined;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#tcp = (options.transport ?? (process.platform === 'win32' ? 'tcp' : 'socket')) === 'tcp';
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
    this.pgdata = join(realpathSync(options.dataDir), 'postgres');
  }

  /** The URL of the running postmaster, as its superuser; undefined when none has said where it listens. */
  url(): string | undefined {
    const file = readPostmasterFile(this.pgdata);
    return file && this.#urlOf(file);
  }

  /**
   * Starts a postmaster or finds the one that runs; returns when it may accept connections. Throws DatabaseUnusable
   * when it cannot be had.
   */
  async ensure(deadline: number): Promise<void> {
    for (let failures = 0; ; ) {
      const file = readPostmasterFile(this.pgdata);
      if (file) {
        if (await answers(file)) return;
        const state = processState(file.pid, this.pgdata);
        if (state === 'postmaster') {
          // Starting, recovering or stopping: only patience helps.
          if (Date.now() > deadline) throw new DatabaseUnusable(`The database (process ${file.pid}) does not answer.`);
          await wait(15);
          continue;
        }
        // A dead process's file PostgreSQL judges itself; a zombie or a stranger with its number it would believe.
        if (state !== 'gone') removeLeftovers(this.pgdata, file);
      }
      this.#create();
      const trouble = await this.#start();
      if (trouble === undefined) return;
      if (/lock file "postmaster.pid" already exists|is another post(gres|master)/i.test(trouble)) {
        await wait(20);
      } else if (/pre-existing shared memory block|is still in use/.test(trouble)) {
        const sharp = failures++ > 10;
        for (const pid of orphansOf(this.pgdata)) signal(pid, sharp ? 'SIGKILL' : 'SIGQUIT');
        await wait(100);
      } else {
        throw new DatabaseUnusable(`The embedded database does not start:\n${trouble.trim()}`);
      }
      if (Date.now() > deadline) throw new DatabaseUnusable(`The embedded database does not start:\n${trouble.trim()}`);
    }
  }

  /** Stops the postmaster, whoever started it: fast, and when that takes too long at once. */
  async stop(): Promise<void> {
    const file = readPostmasterFile(this.pgdata);
    if (!file || processState(file.pid, this.pgdata) !== 'postmaster') return;
    const began = Date.now();
    const elapsed = () => Date.now() - began;
    const gone = () => processState(file.pid, this.pgdata) !== 'postmaster';
    this.#signal(file.pid, 'SIGINT');
    while (!gone() && elapsed() < fastMillis) await wait(10);
    if (!gone()) this.#signal(file.pid, 'SIGQUIT');
    while (!gone() && elapsed() < fastMillis + 5_000) await wait(10);
    if (file.socketDir && !file.socketDir.startsWith(this.#options.dataDir)) {
      rmSync(file.socketDir, { recursive: true, force: true });
    }
  }

  /** Tells it to end at once, without waiting; it loses nothing, but has to recover at its next start. */
  quit(): void {
    const file = readPostmasterFile(this.pgdata);
    if (file && processState(file.pid, this.pgdata) === 'postmaster') this.#signal(file.pid, 'SIGQUIT');
  }

  #signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
    if (process.platform !== 'win32') {
      signal(pid, name);
      return;
    }
    const mode = name === 'SIGINT' ? 'fast' : 'immediate';
    spawn(this.#programs().pgCtl, ['stop', '-D', this.pgdata, '-m', mode, '-W'], {
      stdio: 'ignore',
      windowsHide: true,
    });
  }

  #programs(): Binaries {
    this.#binaries ??= findBinaries();
    return this.#binaries;
  }

  #urlOf(file: PostmasterFile): string | undefined {
    if (!file.socketDir) {
      // Without TCP it is a file that is still being written.
      if (!this.#tcp || !file.port) return undefined;
      const password = readFileSync(this.#passwordFile(), 'utf8').trim();
      return `postgres://${superuser}:${password}@127.0.0.1:${file.port}/postgres`;
    }
    const url = new URL(`postgres://${superuser}@localhost/postgres`);
    url.searchParams.set('host', file.socketDir);
    url.searchParams.set('port', String(file.port));
    return url.href;
  }

  #passwordFile(): string {
    return join(this.#options.dataDir, 'postgres.password');
  }

  #runAs(): RunAs {
    return chooseRunAs(this.#options.dataDir, this.pgdata, this.#options.allowNamespace);
  }

  /** Makes the data directory beside its place and moves it there whole, so that a half-made one is never met. */
  #create(): void {
    if (existsSync(join(this.pgdata, 'PG_VERSION'))) {
      const version = readFileSync(join(this.pgdata, 'PG_VERSION'), 'utf8').trim();
      if (version === majorVersion) return;
      throw new DatabaseUnusable(
        `${this.pgdata} was written by PostgreSQL ${version}; this program brings ${majorVersion}. Make a backup with the program that wrote it and restore that.`,
      );
    }
    this.#options.log('info', 'Making the embedded database', { path: this.pgdata });
    const { dataDir } = this.#options;
    for (const name of readdirSync(dataDir)) {
      const maker = /^postgres\.new-(\d+)-/.exec(name)?.[1];
      if (maker && processState(Number(maker), dataDir) === 'gone') rmSync(join(dataDir, name), { recursive: true });
    }
    const fresh = mkdtempSync(join(dataDir, `postgres.new-${process.pid}-`));
    try {
      const runAs = this.#runAs();
      runAs.own(fresh);
      this.#initdb(fresh, runAs);
      this.#moveInPlace(fresh);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }

  #initdb(fresh: string, runAs: RunAs): void {
    const args = ['-D', fresh, '-U', superuser, '-E', 'UTF8', '--locale=C', '--no-instructions'];
    args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
    if (this.#tcp) {
      if (!existsSync(this.#passwordFile())) {
        writeFileSync(this.#passwordFile(), randomBytes(24).toString('hex'), { mode: 0o600 });
      }
      args.push('--auth=scram-sha-256', `--pwfile=${this.#passwordFile()}`);
    } else {
      // Only who may enter the socket's folder (0700) reaches it at all.
      args.push('--auth=trust');
    }
    const result = runToEnd(runAs, this.#programs().initdb, args);
    if (result.status === 0) return;
    throw new DatabaseUnusable(this.#refusal(runAs, `The embedded database cannot be made:\n${result.output}`));
  }

  #refusal(runAs: RunAs, trouble: string): string {
    if (runAs.how !== 'other user') return trouble;
    return `${trouble}\nPostgreSQL does not run as root, and this system allows no user namespace (unshare), so it was tried as another user (${runAs.options.uid}), who must reach ${this.#options.dataDir} and the installed programs. Run the server as an ordinary user, move DATA_DIR, or set DATABASE_URL.`;
  }

  #moveInPlace(fresh: string): void {
    try {
      renameSync(fresh, this.pgdata);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Another process was first.
      if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM') {
        if (existsSync(join(this.pgdata, 'PG_VERSION'))) return;
      }
      throw error;
    }
    if (process.platform === 'win32') return;
    const folder = openSync(this.#options.dataDir, 'r');
    fsyncSync(folder);
    closeSync(folder);
  }

  /** Starts one; undefined once it answers, else what it wrote before it ended. */
  async #start(): Promise<string | undefined> {
    const runAs = this.#runAs();
    const settings = { ...databaseSettings(), ...(await this.#listening(runAs)), ...this.#options.settings };
    const args = ['-D', this.pgdata];
    for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
    const logPath = join(this.#options.dataDir, 'postgres.log');
    if ((statSync(logPath, { throwIfNoEntry: false })?.size ?? 0) > logBytes) renameSync(logPath, `${logPath}.1`);
    const log = openSync(logPath, 'a', 0o600);
    const from = statSync(logPath).size;
    const [command, ...rest] = [...runAs.prefix, this.#programs().postgres, ...args] as [string, ...string[]];
    const child = spawn(command, rest, {
      // A process group of its own: Ctrl-C reaches the server, which then stops the database in good order.
      detached: true,
      windowsHide: true,
      cwd: this.pgdata,
      stdio: ['ignore', log, log],
      env: cleanEnvironment(),
      ...runAs.options,
    });
    let ended: string | undefined;
    child.once('error', (error) => {
      ended = error.message;
    });
    child.once('exit', (code, name) => {
      ended ??= `it ended with ${name ?? code}`;
    });
    child.unref();
    closeSync(log);
    for (;;) {
      if (ended !== undefined) {
        const written = readFileSync(logPath).subarray(from).toString('utf8');
        return this.#refusal(runAs, written || ended);
      }
      const file = readPostmasterFile(this.pgdata);
      if (file?.pid === child.pid && file?.status === 'ready' && (await answers(file))) return undefined;
      await wait(5);
    }
  }

  async #listening(runAs: RunAs): Promise<Record<string, string>> {
    if (this.#tcp) {
      return { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(await this.#tcpPort()) };
    }
    const folder = this.#socketFolder(runAs);
    const quoted = /[",\s]/.test(folder) ? `"${folder.replaceAll('"', '""')}"` : folder;
    return { listen_addresses: '', unix_socket_directories: quoted, unix_socket_permissions: '0700', port: '5432' };
  }

  /** The port of the last time when it is free, so that connections made by URL find it again. */
  async #tcpPort(): Promise<number> {
    const path = join(this.#options.dataDir, 'postgres.port');
    const last = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
    const port = await freePort(last).catch(() => freePort(0));
    writeFileSync(path, String(port));
    return port;
  }

  #socketFolder(runAs: RunAs): string {
    const inside = join(realpathSync(this.#options.dataDir), 'run');
    const folder = Buffer.byteLength(join(inside, '.s.PGSQL.5432')) > socketPathBytes ? this.#shortFolder() : inside;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    runAs.own(folder);
    return folder;
  }

  /** A folder under the temp directory that is surely ours: others may write there too. */
  #shortFolder(): string {
    const name = createHash('sha256').update(this.pgdata).digest('hex').slice(0, 16);
    const path = join(tmpdir(), `mostrador-${name}`);
    const found = lstatSync(path, { throwIfNoEntry: false });
    const mine = !found || (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0);
    return mine ? path : mkdtempSync(join(tmpdir(), 'mostrador-'));
  }
}

function runToEnd(runAs: RunAs, program: string, args: string[]): { status: number | null; output: string } {
  const [command, ...rest] = [...runAs.prefix, program, ...args] as [string, ...string[]];
  const result = spawnSync(command, rest, {
    encoding: 'utf8',
    env: cleanEnvironment(),
    windowsHide: true,
    ...runAs.options,
  });
  return { status: result.status, output: result.error?.message ?? `${result.stdout}${result.stderr}`.slice(-4000) };
}

/** Without PG… variables of somebody's shell, which would steer it elsewhere. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });
}
