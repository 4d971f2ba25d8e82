/**
 * What can be known of the postmaster of a data directory from outside: the file it leaves there, whether something
 * answers on its socket, and whether the process behind the number is really it. Process numbers are used again,
 * a zombie still has one, and on a shared volume it may be another container's.
 */
import { execFileSync } from 'node:child_process';
import { linkSync, readdirSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';

export interface PostmasterFile {
  readonly text: string;
  readonly pid: number;
  readonly port: number;
  /** Empty without a Unix socket. */
  readonly socketDir: string;
  /** `ready`, `starting`, `stopping`, `standby`; empty while it is being written. */
  readonly status: string;
}

export type ProcessState = 'gone' | 'zombie' | 'postmaster' | 'other';

/** Reads `postmaster.pid`; undefined when there is none, or none yet. */
export function readPostmasterFile(pgdata: string): PostmasterFile | undefined {
  let text: string;
  try {
    text = readFileSync(join(pgdata, 'postmaster.pid'), 'utf8');
  } catch {
    return undefined;
  }
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isSafeInteger(pid) || pid === 0) return undefined;
  return { text, pid, port: Number(lines[3] ?? 0), socketDir: lines[4] ?? '', status: lines[7] ?? '' };
}

/** Whether something accepts connections there. */
export function answers(file: PostmasterFile): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = file.socketDir
      ? createConnection(join(file.socketDir, `.s.PGSQL.${file.port}`))
      : createConnection(file.port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** What stands behind a process number: the postmaster of this data directory, a zombie, a stranger or nothing. */
export function processState(pid: number, pgdata: string): ProcessState {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  if (process.platform === 'linux') return linuxState(pid, pgdata);
  if (process.platform === 'win32') return 'postmaster';
  try {
    const line = execFileSync('ps', ['-o', 'stat=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    if (line.startsWith('Z')) return 'zombie';
    return line.includes('postgres') && line.includes(pgdata) ? 'postmaster' : 'other';
  } catch {
    return 'gone';
  }
}

function linuxState(pid: number, pgdata: string): ProcessState {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const state = stat.slice(stat.lastIndexOf(')') + 2)[0];
    if (state === 'Z' || state === 'X') return 'zombie';
  } catch {
    return 'gone';
  }
  try {
    // A postmaster works in its data directory.
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(pgdata) ? 'postmaster' : 'other';
  } catch {
    return 'other';
  }
}

/**
 * Takes away what a postmaster that is certainly gone has left. The file is moved first and looked at again, since
 * another process may have started one meanwhile.
 */
export function removeLeftovers(pgdata: string, file: PostmasterFile): void {
  const path = join(pgdata, 'postmaster.pid');
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readFileSync(aside, 'utf8') === file.text) {
    if (file.socketDir) {
      const socket = join(file.socketDir, `.s.PGSQL.${file.port}`);
      rmSync(socket, { force: true });
      rmSync(`${socket}.lock`, { force: true });
    }
  } else {
    try {
      linkSync(aside, path);
    } catch {
      // Somebody wrote a newer one already.
    }
  }
  rmSync(aside, { force: true });
}

/** Processes of a dead postmaster that still hold its shared memory, so that no new one can start. Linux only. */
export function orphansOf(pgdata: string): number[] {
  if (process.platform !== 'linux') return [];
  const home = realpathSync(pgdata);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isSafeInteger(pid) || pid <= 1) return false;
      try {
        return (
          readlinkSync(`/proc/${pid}/cwd`) === home && /postgres( \(deleted\))?$/.test(readlinkSync(`/proc/${pid}/exe`))
        );
      } catch {
        return false;
      }
    });
}

/** Sends a signal; a process that is gone already is no fault. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone, or not ours to signal: whoever waits for its end will say so.
  }
}
