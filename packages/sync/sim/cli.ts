/**
 * `npm run sim -- --seed N --schedules N [--bug name] [--planted] [--trace]`: runs schedules from a seed on and ends with 0 only when everything held in all of them. A seed that fails is printed with the command
 * that runs it again. `--planted` plants each bug in turn and demands that it is found.
 */
import { parseArgs } from 'node:util';
import { BUGS, type Bug } from './bugs.js';
import { memoryDisk } from './memory-disk.js';
import { runSchedule } from './schedule.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    schedules: { type: 'string', default: '1000' },
    bug: { type: 'string' },
    planted: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const schedules = Number(values.schedules);
const onTrace = values.trace ? (line: string) => console.log(line) : undefined;

/** Runs until one fails; answers how many schedules that took, or null. */
async function hunt(bug: Bug | null): Promise<{ ran: number; seed: number; what: string; traceHash: string } | null> {
  for (let n = 0; n < schedules; n++) {
    const result = await runSchedule({ seed: seed + n, bug, makeDisk: () => memoryDisk(), onTrace });
    if (values.trace || schedules === 1)
      console.log(`seed ${result.seed}: ${result.events} events, trace ${result.traceHash}`);
    if (result.violation !== null) {
      return { ran: n + 1, seed: result.seed, what: result.violation, traceHash: result.traceHash };
    }
  }
  return null;
}

const again = (n: number, bug: Bug | null) =>
  `npm run sim -- --seed ${n} --schedules 1${bug === null ? '' : ` --bug ${bug}`} --trace`;

async function planted(): Promise<number> {
  let missed = 0;
  for (const bug of BUGS) {
    const found = await hunt(bug);
    if (found === null) missed += 1;
    console.log(found === null ? `MISSED ${bug} in ${schedules}` : `found ${bug} after ${found.ran}: ${found.what}`);
  }
  console.log(`${BUGS.length - missed} of ${BUGS.length} planted bugs found within ${schedules} schedules each`);
  return missed;
}

if (values.planted) process.exit((await planted()) === 0 ? 0 : 1);
const bug = (values.bug ?? null) as Bug | null;
if (bug !== null && !BUGS.includes(bug)) throw new Error(`no such bug: ${bug}`);
const started = performance.now();
const failed = await hunt(bug);
const ms = performance.now() - started;
if (failed !== null) {
  console.error(
    `seed ${failed.seed} FAILED: ${failed.what} (trace ${failed.traceHash})\nagain: ${again(failed.seed, bug)}`,
  );
  process.exit(1);
}
console.log(
  `${schedules} schedules from seed ${seed}: all held, ${(ms / schedules).toFixed(2)} ms each, ${(ms / 1000).toFixed(1)} s`,
);
