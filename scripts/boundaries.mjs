/**
 * Who may import whom, checked by dependency-cruiser. It is first shown a fixture that breaks the rules: a checker that
 * reads no modules would find nothing wrong anywhere.
 */
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { rules } from './boundaries.rules.mjs';
import { root } from './tools.mjs';

async function violations(baseDir, paths) {
  const result = await cruise(paths, {
    baseDir,
    ruleSet: { forbidden: rules },
    validate: true,
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
    },
  });
  return { found: result.output.summary.violations, modules: result.output.summary.totalCruised };
}

const fixture = await violations(join(root, 'scripts/fixtures/boundaries'), ['packages', 'apps']);
const expected = new Set(rules.map((r) => r.name));
for (const v of fixture.found) expected.delete(v.rule.name);
if (expected.size > 0) {
  console.error(`The checker does not see the fixture's violations of: ${[...expected].join(', ')}`);
  process.exit(1);
}
const { found, modules } = await violations(root, ['packages', 'apps', 'bench']);
for (const v of found) console.error(`${v.rule.name}: ${v.from} → ${v.to}`);
console.log(`${modules} modules, ${found.length} violations`);
process.exit(found.length > 0 || modules < 100 ? 1 : 0);
