import { expect, it } from 'vitest';
import { attemptSeed, targetNamed } from './fuzz-targets.ts';
import { reportOf, runFuzz, summaryOf } from './run-fuzz.ts';

/** One input instead of all: `FUZZ_TARGET=… FUZZ_SEED=… npx vitest run test/fuzz`. */
const { FUZZ_TARGET: target, FUZZ_SEED: seed } = process.env;

it('20,000 inputs of all kinds are read as they should be', async () => {
  if (target !== undefined && seed !== undefined) {
    expect(await attemptSeed(targetNamed(target), Number(seed))).toBeNull();
    return;
  }
  const result = await runFuzz({ count: 20_000, seed: 1, threads: 1 });
  console.log(summaryOf(result));
  expect(result.faults.map(reportOf).join('\n\n')).toBe('');
}, 300_000);
