/**
 * Builds the office (Vite) and the server (one file, so that it starts fast). Does nothing when nothing changed since the
 * last build: the newest source is compared with a stamp.
 */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root, run } from './tools.mjs';

const stamp = join(root, 'apps/server/dist/.stamp');
const sources = [
  'package-lock.json',
  'packages',
  'apps/office',
  'apps/server/src',
  'apps/server/package.json',
  'scripts',
];

function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  let time = stat.mtimeMs;
  for (const name of readdirSync(path)) {
    if (name === 'node_modules' || name === 'dist') continue;
    time = Math.max(time, newest(join(path, name)));
  }
  return time;
}

export function isFresh() {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return sources.every((s) => newest(join(root, s)) <= built);
}

/** Resolves when both are built; throws with what failed. */
export async function build() {
  const started = performance.now();
  const { build: esbuild } = await import('esbuild');
  const office = run(process.execPath, [bin('vite', 'bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'apps/office'),
  });
  await esbuild({
    entryPoints: [join(root, 'apps/server/src/main.ts')],
    outfile: join(root, 'apps/server/dist/main.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Ours is bundled, what npm installed is not.
    packages: 'external',
    alias: {
      '@mostrador/domain': join(root, 'packages/domain/src'),
      '@mostrador/contract': join(root, 'packages/contract/src'),
    },
    sourcemap: true,
    logLevel: 'warning',
  });
  if ((await office) !== 0) throw new Error('the office could not be built');
  mkdirSync(join(root, 'apps/server/dist'), { recursive: true });
  writeFileSync(stamp, '');
  console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

if (process.argv[1]?.endsWith('build.mjs')) await build();
