/**
 * PostgreSQL refuses to run as root. Where root starts the server, it runs in a user namespace that knows root as
 * nobody (no new user, works below folders that only root may enter); where namespaces are forbidden, as another
 * user; and a data directory that belongs to an ordinary user is always run as that user.
 */
import { execFileSync, type SpawnOptions, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, statSync } from 'node:fs';

export interface RunAs {
  /** Put before the program and its arguments. */
  readonly prefix: readonly string[];
  readonly options: Pick<SpawnOptions, 'uid' | 'gid'>;
  /** Makes a folder usable for whoever it runs as. */
  own(path: string): void;
  /** For messages. */
  readonly how: 'self' | 'namespace' | 'other user';
}

const nobody = 65534;
const namespace = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`] as const;

const self: RunAs = { prefix: [], options: {}, own: () => {}, how: 'self' };

function asUser(uid: number, gid: number): RunAs {
  return { prefix: [], options: { uid, gid }, own: (path) => chownSync(path, uid, gid), how: 'other user' };
}

function namespacesWork(): boolean {
  const [command, ...args] = [...namespace, 'true'] as [string, ...string[]];
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/**
 * How to run it for `pgdata`, which may not exist yet. `allowNamespace: false` is for tests of the other way.
 * `dataDir` is opened for passing through when another user must reach what is in it.
 */
export function chooseRunAs(dataDir: string, pgdata: string, allowNamespace = true): RunAs {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return self;
  const existing = statSync(pgdata, { throwIfNoEntry: false });
  if (existing && existing.uid !== 0) return asUser(existing.uid, existing.gid);
  if (process.platform === 'linux' && allowNamespace && namespacesWork()) {
    return { prefix: namespace, options: {}, own: () => {}, how: 'namespace' };
  }
  if (existing) execFileSync('chown', ['-R', `${nobody}:${nobody}`, pgdata]);
  chmodSync(dataDir, 0o711);
  return asUser(nobody, nobody);
}
