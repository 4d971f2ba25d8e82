/** `npm run bench [name …]`: runs the measurements of bench/, all or the named ones. See bench/README.md. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, tsx } from './tools.mjs';

const parts = new Set(['load', 'processes', 'server', 'history']);
const all = readdirSync(join(root, 'bench/src'))
  .map((f) => f.replace(/\.ts$/, ''))
  .filter((f) => !parts.has(f) && !f.endsWith('.test'));
const [chosen, ...rest] = process.argv.slice(2);
if (chosen && !all.includes(chosen)) {
  console.error(`There is no measurement ${chosen}. There are: ${all.join(', ')}`);
  process.exit(2);
}
for (const name of chosen ? [chosen] : all) {
  console.log(`\n== ${name}`);
  const code = await run(process.execPath, ['--import', tsx, join(root, `bench/src/${name}.ts`), ...rest]);
  if (code !== 0) process.exit(code);
}
