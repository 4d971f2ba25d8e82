/** `npm run check`: types, lint, boundaries between the parts, dead code. Runs all of them and names those that failed. */
import { join } from 'node:path';
import { bin, root, run } from './tools.mjs';

const tsc = (project) => [
  `types: ${project}`,
  process.execPath,
  [bin('@typescript/native', 'bin/tsc'), '-p', join(root, project)],
];
const steps = [
  tsc('packages/domain'),
  tsc('packages/domain/tsconfig.test.json'),
  tsc('packages/contract'),
  tsc('packages/sync'),
  tsc('packages/sync/tsconfig.test.json'),
  tsc('packages/ui'),
  tsc('apps/server'),
  tsc('apps/office'),
  tsc('bench'),
  ['lint', process.execPath, [bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', '.']],
  ['boundaries', process.execPath, [join(root, 'scripts/boundaries.mjs')]],
  ['dead code', process.execPath, [bin('knip', 'bin/knip.js'), '--no-progress']],
];
const failed = [];
for (const [name, command, args] of steps) {
  const started = performance.now();
  const code = await run(command, args);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (code !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`);
  process.exit(1);
}
