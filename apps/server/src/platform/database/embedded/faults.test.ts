import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killAll } from '../../../../test/processes.js';
import { Cluster } from './index.js';
import { orphansOf, processState, readPostmasterFile } from './postmaster.js';

const program = fileURLToPath(new URL('../../../../test/fixtures/database-process.ts', import.meta.url));

interface Answer {
  ready?: true;
  marks?: string[];
  error?: string;
  message?: string;
}

class Process {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly #said: Answer[] = [];

  constructor(dataDir: string, user: 'server' | 'tool') {
    const { DATABASE_URL: _, ...env } = process.env;
    this.child = spawn(process.execPath, ['--import', 'tsx', program, dataDir, user], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env,
    });
    this.#lines = createInterface({ input: this.child.stdout });
    this.#lines.on('line', (line) => this.#said.push(JSON.parse(line)));
  }

  async hear(): Promise<Answer> {
    while (this.#said.length === 0) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) throw new Error('it ended without a word');
      await Promise.race([once(this.#lines, 'line'), once(this.#lines, 'close')]);
    }
    return this.#said.shift() as Answer;
  }

  /** Writes marks until one is acknowledged; a database that is coming back refuses some. */
  async mark(text: string): Promise<string[]> {
    for (;;) {
      this.child.stdin.write(`${text}\n`);
      const answer = await this.hear();
      if (answer.marks) return answer.marks;
      expect(answer.error).toBe('DatabaseUnavailable');
    }
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = await ended;
    return code;
  }
}

let dataDir: string;
let pgdata: string;
let started: Process[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'faults-'));
  pgdata = join(dataDir, 'postgres');
  started = [];
});
afterEach(async () => {
  for (const process of started) await process.end('SIGKILL');
  await new Cluster({ dataDir, log: () => {} }).stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(user: 'server' | 'tool'): Promise<Process> {
  const process = new Process(dataDir, user);
  started.push(process);
  expect(await process.hear()).toEqual({ ready: true });
  return process;
}

const postmaster = () => readPostmasterFile(pgdata)?.pid ?? 0;

describe('the embedded database', () => {
  it('ends with the server on SIGTERM and keeps what it was told', async () => {
    const one = await start('server');
    expect(await one.mark('a')).toEqual(['a']);
    const pid = postmaster();
    expect(processState(pid, pgdata)).toBe('postmaster');
    expect(await one.end('SIGTERM')).toBe(0);
    expect(processState(pid, pgdata)).not.toBe('postmaster');
    expect(existsSync(join(pgdata, 'postmaster.pid'))).toBe(false);
    const two = await start('server');
    expect(await two.mark('b')).toEqual(['a', 'b']);
  });

  it('is adopted by the next server when the first is killed', async () => {
    const one = await start('server');
    await one.mark('a');
    const pid = postmaster();
    await one.end('SIGKILL');
    const two = await start('server');
    expect(postmaster()).toBe(pid);
    expect(await two.mark('b')).toEqual(['a', 'b']);
    await two.end('SIGTERM');
    expect(processState(pid, pgdata)).not.toBe('postmaster');
  });

  it('starts again after server, postmaster and all its processes were killed', async () => {
    for (const text of ['a', 'b', 'c']) {
      const server = await start('server');
      expect(await server.mark(text)).toContain(text);
      await server.end('SIGKILL');
      killAll(orphansOf(pgdata));
    }
    const last = await start('server');
    expect(await last.mark('d')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('starts again after server and postmaster alone were killed', async () => {
    const one = await start('server');
    await one.mark('a');
    await one.end('SIGKILL');
    process.kill(postmaster(), 'SIGKILL');
    const two = await start('server');
    expect(await two.mark('b')).toEqual(['a', 'b']);
  });

  it('comes back under a running server when its postmaster is killed', async () => {
    const one = await start('server');
    await one.mark('a');
    const pid = postmaster();
    process.kill(pid, 'SIGKILL');
    // A backend that outlives its postmaster for a moment may still take the first marks.
    let marks = await one.mark('b');
    for (let i = 0; i < 200 && postmaster() === pid; i++) marks = await one.mark(`b${i}`);
    expect(marks).toContain('a');
    expect(marks).toContain('b');
    expect(postmaster()).not.toBe(pid);
    expect(await one.end('SIGTERM')).toBe(0);
    expect(existsSync(join(pgdata, 'postmaster.pid'))).toBe(false);
  });

  it('refuses a second server by name, and serves tools beside the first', async () => {
    const one = await start('server');
    const second = new Process(dataDir, 'server');
    started.push(second);
    const refusal = await second.hear();
    expect(refusal.error).toBe('DatabaseUnusable');
    expect(refusal.message).toContain(`process ${one.child.pid}`);
    expect(refusal.message).toContain('DATA_DIR');
    const tool = await start('tool');
    expect(await tool.mark('a')).toEqual(['a']);
    const pid = postmaster();
    await tool.end('SIGTERM');
    expect(await one.mark('b')).toEqual(['a', 'b']);
    expect(postmaster()).toBe(pid);
  });

  it('is stopped by the tool that is the last to use it', async () => {
    const server = await start('server');
    const tool = await start('tool');
    const pid = postmaster();
    await server.end('SIGTERM');
    expect(await tool.mark('a')).toEqual(['a']);
    expect(postmaster()).toBe(pid);
    await tool.end('SIGTERM');
    expect(processState(pid, pgdata)).not.toBe('postmaster');
  });

  it('is made once when several processes start at the same moment', async () => {
    const all = await Promise.all([start('tool'), start('server'), start('tool')]);
    for (const [i, process] of all.entries()) await process.mark(String(i));
    expect(await all[0]?.mark('3')).toEqual(['0', '1', '2', '3']);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.new'))).toEqual([]);
  });

  it('takes no stranger with the number of a dead postmaster for it', async () => {
    const one = await start('server');
    await one.mark('a');
    const file = readPostmasterFile(pgdata);
    await one.end('SIGKILL');
    killAll(orphansOf(pgdata));
    const stranger = file?.text.replace(String(file.pid), String(process.pid)) ?? '';
    writeFileSync(join(pgdata, 'postmaster.pid'), stranger);
    writeFileSync(join(file?.socketDir ?? '', '.s.PGSQL.5432.lock'), stranger);
    const two = await start('server');
    expect(await two.mark('b')).toEqual(['a', 'b']);
  });

  it('takes no zombie for a postmaster', async () => {
    const one = await start('server');
    await one.mark('a');
    const file = readPostmasterFile(pgdata);
    await one.end('SIGKILL');
    killAll(orphansOf(pgdata));
    // The child ends later and is never waited for, since its parent became another program.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const zombie = String((await once(parent.stdout, 'data'))[0]).trim();
    await expect.poll(() => processState(Number(zombie), pgdata)).toBe('zombie');
    const left = file?.text.replace(String(file.pid), zombie) ?? '';
    writeFileSync(join(pgdata, 'postmaster.pid'), left);
    writeFileSync(join(file?.socketDir ?? '', '.s.PGSQL.5432.lock'), left);
    const two = await start('server');
    expect(await two.mark('b')).toEqual(['a', 'b']);
    parent.kill();
  });

  it('does not write statements or rows into its log', async () => {
    const one = await start('server');
    await one.mark('a very private text');
    await one.end('SIGTERM');
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).not.toContain('private');
  });
});
