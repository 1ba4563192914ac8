/** A thread of `runFuzz`. */
import { parentPort, workerData } from 'node:worker_threads';
import { attemptSeed, targetNamed } from './fuzz-targets.ts';
import { type FuzzWord, sayEvery, workOf } from './run-fuzz.ts';

/** More of one target say the same again. */
const mostFaults = 5;

const say = (word: FuzzWord): void => parentPort?.postMessage(word);

for (const { target: name, seed: first, count } of workOf(workerData)) {
  const target = targetNamed(name);
  let faults = 0;
  for (let index = 0; index < count && faults < mostFaults; index += 1) {
    const seed = first + index;
    if (index % sayEvery === 0) say({ kind: 'began', target: name, seed });
    const message = await attemptSeed(target, seed);
    if (message !== null) {
      faults += 1;
      say({ kind: 'fault', target: name, seed, message });
    }
    if (index % sayEvery === sayEvery - 1) say({ kind: 'did', target: name, count: sayEvery });
    else if (index === count - 1 || faults === mostFaults)
      say({ kind: 'did', target: name, count: (index % sayEvery) + 1 });
  }
}
