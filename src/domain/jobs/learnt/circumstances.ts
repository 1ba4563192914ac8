import type { Job } from '../job.ts';
import { isLoader } from '../node-classes.ts';
import { hasNode } from '../node-set.ts';
import type { Circumstances } from './pace.ts';

const known = new WeakMap<Job['nodeNames'], { cachedNodes: Job['cachedNodes']; is: Circumstances }>();

/** What a run is given to do, as far as it is known. */
export function circumstancesOf(job: Job): Circumstances {
  const before = known.get(job.nodeNames);
  if (before?.cachedNodes === job.cachedNodes) return before.is;
  const { cachedNodes, nodeNames } = job;
  const cold =
    cachedNodes !== null &&
    Object.entries(nodeNames).some(([id, { classType }]) => isLoader(classType) && !hasNode(cachedNodes, id));
  const is = { work: 0, cold, model: 0 };
  known.set(nodeNames, { cachedNodes, is });
  return is;
}
