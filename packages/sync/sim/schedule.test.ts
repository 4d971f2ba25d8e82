/** The first schedules of the simulator, and that it would notice. `npm run sim` runs as many as one likes. */
import { zEventBody, zPullAnswer, zPushAnswer, zPushRequest, zSnapshotAnswer } from '@mostrador/contract/sync';
import { describe, expect, it } from 'vitest';
import type { Bug } from './bugs.js';
import { memoryDisk } from './memory-disk.js';
import { runSchedule } from './schedule.js';

const run = (seed: number, bug: Bug | null = null) => runSchedule({ seed, bug, makeDisk: () => memoryDisk() });

/** The seed at which a bug is found, within so many schedules; null: not. */
async function found(bug: Bug, schedules: number): Promise<number | null> {
  for (let seed = 1; seed <= schedules; seed++) if ((await run(seed, bug)).violation !== null) return seed;
  return null;
}

describe('simulated schedules', () => {
  it('[SY5] [SY13] [SY21] [SY23] [SY25] [SY27] hold: nothing lost, nothing doubled, all tills equal to the server', async () => {
    const violations: string[] = [];
    for (let seed = 1; seed <= 2000; seed++) {
      const { violation } = await run(seed);
      if (violation !== null) violations.push(`npm run sim -- --seed ${seed} --schedules 1: ${violation}`);
    }
    expect(violations).toEqual([]);
  });

  it.each([
    'cursor-saved-before-data',
    'head-not-saved',
    'receipt-counter-forgotten',
    'copy-keeps-epoch',
    'overlay-dropped-at-answer',
    'retry-under-new-id',
    'answered-before-durable',
    'repeat-applied-twice',
    'restore-keeps-log-id',
    'quarantine-not-acknowledged',
    'order-of-subject-ignored',
    'pull-skips-latest',
    'count-sets-level',
    'late-cash-ignored',
  ] as const)('find a planted mistake: %s', async (bug) => {
    expect(await found(bug, 500)).not.toBeNull();
  });

  it('run the same again for the same seed, and otherwise for another', async () => {
    const [one, again, other] = [await run(7), await run(7), await run(8)];
    expect(again.traceHash).toBe(one.traceHash);
    expect(other.traceHash).not.toBe(one.traceHash);
  });

  it('say what the contract says', async () => {
    const schemas = { push: zPushRequest, push_answer: zPushAnswer, pull_answer: zPullAnswer, page: zSnapshotAnswer };
    let messages = 0;
    for (let seed = 1; seed <= 20; seed++) {
      await runSchedule({
        seed,
        bug: null,
        makeDisk: () => memoryDisk(),
        onMessage: (kind, message) => {
          messages++;
          const parsed = schemas[kind].safeParse(message);
          if (!parsed.success) throw new Error(`${kind}: ${parsed.error.message}`);
        },
      });
    }
    expect(messages).toBeGreaterThan(100);
    expect(zEventBody.safeParse({ id: 'x' }).success).toBe(false);
  });
});
