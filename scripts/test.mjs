/**
 * `npm test`: all tests, those in a browser last. Without a browser the rest is run all the same, and then it fails with
 * the command that installs one. Ends with a line `N passed, N failed`. `--torture` runs the long versions; other
 * arguments go to Vitest.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, findBrowser, run } from './tools.mjs';

const given = process.argv.slice(2);
const torture = given.includes('--torture');
const rest = given.filter((a) => a !== '--torture');
const browser = findBrowser();
const scratch = mkdtempSync(join(tmpdir(), 'mostrador-report-'));
const env = { ...process.env, ...(browser ? { CHROMIUM_PATH: browser } : {}), ...(torture ? { TORTURE: '1' } : {}) };
let [passed, failed, broken] = [0, 0, false];

async function vitest(name, ...args) {
  const report = join(scratch, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(process.execPath, [bin('vitest', 'vitest.mjs'), 'run', ...reporters, ...args, ...rest], {
    env,
  });
  if (existsSync(report)) {
    const counted = JSON.parse(readFileSync(report, 'utf8'));
    passed += counted.numPassedTests;
    failed += counted.numFailedTests;
    if (counted.numPendingTests + counted.numTodoTests > 0) broken = true;
  }
  if (code !== 0) broken = true;
}

const chosen = rest.some((a) => a.startsWith('--project'));
if (chosen) await vitest('chosen');
else {
  await vitest('code', '--project', 'packages', '--project', 'server');
  if (browser) await vitest('browser', '--project', 'browser');
}
rmSync(scratch, { recursive: true, force: true });
if (!chosen && !browser) {
  failed++;
  console.error(
    '\nThe tests in a browser were not run, as no Chromium was found. Install one (Debian: apt-get install chromium)\nor name one in CHROMIUM_PATH.',
  );
}
if (passed === 0 || (broken && failed === 0)) failed++;
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 || broken ? 1 : 0);
