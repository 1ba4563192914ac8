/** `npm run fuzz -- [inputs] [seed] [threads]`: a million inputs of all kinds, or one: `FUZZ_TARGET=… FUZZ_SEED=…`. */
import { availableParallelism } from 'node:os';
import { attemptSeed, targetNamed } from './fuzz-targets.ts';
import { reportOf, runFuzz, summaryOf } from './run-fuzz.ts';

const { FUZZ_TARGET: target, FUZZ_SEED: only } = process.env;
const [count = 1_000_000, seed = 1, threads = Math.min(4, availableParallelism())] = process.argv
  .slice(2)
  .map(Number);

if (target !== undefined && only !== undefined) {
  const message = await attemptSeed(targetNamed(target), Number(only));
  console.log(message ?? 'It holds.');
  process.exitCode = message === null ? 0 : 1;
} else if (
  ![count, seed, threads].every((value) => Number.isSafeInteger(value) && value >= 0) ||
  threads === 0
) {
  console.error('These have to be whole numbers: npm run fuzz -- [inputs] [seed] [threads]');
  process.exitCode = 2;
} else {
  const step = Math.max(1_000, Math.floor(count / 20));
  let next = step;
  const startedAt = performance.now();
  const result = await runFuzz({
    count,
    seed,
    threads,
    onProgress(done) {
      if (done < next) return;
      next = done - (done % step) + step;
      console.log(`${done} inputs, ${Math.round((performance.now() - startedAt) / 1_000)} s`);
    },
  });
  for (const fault of result.faults) console.error(`\n${reportOf(fault)}`);
  console.log(summaryOf(result));
  process.exitCode = result.faults.length === 0 ? 0 : 1;
}
