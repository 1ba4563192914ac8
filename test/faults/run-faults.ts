import { expect, it } from 'vitest';
import { makeTimeFast } from './fast-time.ts';
import type { FaultRun } from './fault-run.ts';

/** Runs at a time: they mostly wait. */
const parallel = 20;

/** One seed instead of all: `FAULT_SEED=17 npx vitest run test/faults`. */
const only = process.env.FAULT_SEED;

/** Tests a monitor with the faults of these seeds, and says what came of it. */
export function testSeeds(from: number, to: number): void {
  it(`a monitor agrees with its server once faults cease, and announced every prompt once: seeds ${from} to ${to}`, async () => {
    makeTimeFast();
    // What reads clocks when it is loaded has to read the fast one.
    const { runWithFaults } = await import('./fault-run.ts');
    const seeds = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const left = seeds.filter((seed) => only === undefined || String(seed) === only);
    const runs: FaultRun[] = [];
    const work = async (): Promise<void> => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift())
        runs.push(await runWithFaults(seed));
    };
    await Promise.all(Array.from({ length: parallel }, work));
    const sum = (of: 'prompts' | 'restarts'): number => runs.reduce((total, run) => total + run[of], 0);
    const bad = runs.filter(({ wrong }) => wrong.length > 0);
    console.log(
      `faults: ${runs.length} runs, ${sum('prompts')} prompts, ${sum('restarts')} restarts, ${bad.length} runs with a fault of ours`,
    );
    expect(bad.map(reportOf).join('\n\n')).toBe('');
  }, 300_000);
}

function reportOf({ seed, wrong, story }: FaultRun): string {
  return [`FAULT_SEED=${seed}`, ...wrong, ...story.map((line) => `  ${line}`)].join('\n');
}
