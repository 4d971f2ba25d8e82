/**
 * The published Online Retail year through the command line, into an empty shop: seconds and peak memory, beside the time
 * that reading and parsing the same file takes. The data is not part of the repository: name the file as the argument.
 */
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';

const here = dirname(fileURLToPath(import.meta.url));
const file = process.argv[2] ?? process.env.ONLINE_RETAIL ?? '';
if (!existsSync(file)) {
  console.log('skipped: name the file online_retail.csv.gz as the argument or in ONLINE_RETAIL');
  process.exit(0);
}

async function readOnly(): Promise<{ lines: number; seconds: number }> {
  const started = performance.now();
  let lines = 0;
  for await (const _ of createReadStream(file)
    .pipe(createGunzip())
    .pipe(parse({ columns: true, bom: true })))
    lines++;
  return { lines, seconds: (performance.now() - started) / 1000 };
}

function cli(dataDir: string, ...args: string[]): Promise<{ line: string; seconds: number; peakMiB: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let text = '';
    let peak = 0;
    const child = spawn(process.execPath, ['--import', 'tsx', join(here, '../../apps/server/src/cli.ts'), ...args], {
      env: { ...process.env, DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const timer = setInterval(() => {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
      } catch {
        // It ended meanwhile.
      }
    }, 250);
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('exit', (code) => {
      clearInterval(timer);
      if (code !== 0) return reject(new Error(`the command ended with ${code}`));
      resolve({
        line: text.trim().split('\n').at(-1) ?? '',
        seconds: (performance.now() - started) / 1000,
        peakMiB: Math.round(peak / 1024),
      });
    });
  });
}

const dataDir = mkdtempSync(join(tmpdir(), 'mostrador-bench-'));
const baseline = await readOnly();
const imported = await cli(dataDir, 'import', 'sales', file, '--json');
const verified = await cli(dataDir, 'verify', '--json');
console.log(imported.line);
console.log(`read and parse alone   ${baseline.seconds.toFixed(1)} s for ${baseline.lines} lines`);
console.log(
  `import sales           ${imported.seconds.toFixed(1)} s, ${(imported.seconds / baseline.seconds).toFixed(1)} × that; peak ${imported.peakMiB} MiB in Node`,
);
console.log(
  `verify                 ${verified.seconds.toFixed(1)} s, ok: ${(JSON.parse(verified.line) as { ok: boolean }).ok}`,
);
rmSync(dataDir, { recursive: true, force: true });
