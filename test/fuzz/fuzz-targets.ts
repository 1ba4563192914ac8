import { seeded } from '../faults/seeded.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { callsTarget, pageTarget, pushesTarget } from './targets/bridge.ts';
import { keptFilesTarget, settingsTarget } from './targets/kept-files.ts';
import { localMachineTarget } from './targets/local-machine.ts';
import { binaryTarget, jsonTarget, textTarget } from './targets/messages.ts';
import { filesTarget, foreignChunkTarget, parametersTarget } from './targets/metadata.ts';
import { oneBadEntryTarget, restTarget } from './targets/rest.ts';
import { floodTarget, stateTarget } from './targets/state.ts';

/** Everything that reads what others wrote. */
export const fuzzTargets: readonly FuzzTarget[] = [
  textTarget,
  binaryTarget,
  jsonTarget,
  stateTarget,
  floodTarget,
  restTarget,
  oneBadEntryTarget,
  filesTarget,
  foreignChunkTarget,
  parametersTarget,
  settingsTarget,
  keptFilesTarget,
  callsTarget,
  pushesTarget,
  pageTarget,
  localMachineTarget,
];

/** CPU time that one input may take, ms: much more than any needs, and too little to freeze the app. */
const mostTime = 3_000;

export function targetNamed(name: string): FuzzTarget {
  const target = fuzzTargets.find((candidate) => candidate.name === name);
  if (target) return target;
  throw new Error(`There is no target ${name}, only ${fuzzTargets.map((known) => known.name).join(', ')}.`);
}

/** Tries the input of one seed; gives what does not hold, or null. */
export async function attemptSeed(target: FuzzTarget, seed: number): Promise<string | null> {
  const before = process.threadCpuUsage();
  try {
    await target.attempt(seeded(Math.imul(seed, 0x9e3779b1)));
  } catch (cause) {
    return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  }
  const { user, system } = process.threadCpuUsage(before);
  const took = (user + system) / 1_000;
  return took > mostTime ? `takes ${Math.round(took)} ms` : null;
}
