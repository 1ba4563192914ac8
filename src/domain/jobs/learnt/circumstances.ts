import type { Job } from '../job.ts';
import { isLoader } from '../node-classes.ts';
import { hasNode } from '../node-set.ts';
import { digestOf } from './digest.ts';
import type { Circumstances } from './pace.ts';

interface Known extends Pick<Job, 'cachedNodes' | 'parameters'> {
  is: Circumstances;
}
const known = new WeakMap<Job['nodeNames'], Known>();

/** What a run is given to do, as far as it is known. Asked for with each node; found out once. */
export function circumstancesOf(job: Job): Circumstances {
  const { cachedNodes, nodeNames, parameters } = job;
  const before = known.get(nodeNames);
  if (before && before.cachedNodes === cachedNodes && before.parameters === parameters) return before.is;
  const cold =
    cachedNodes !== null &&
    Object.entries(nodeNames).some(([id, { classType }]) => isLoader(classType) && !hasNode(cachedNodes, id));
  const is = { cold, ...givenTo(parameters) };
  known.set(nodeNames, { cachedNodes, parameters, is });
  return is;
}

function givenTo(parameters: Job['parameters']): Omit<Circumstances, 'cold'> {
  if (parameters === null) return { work: 0, model: 0, asked: 0, amounts: 0 };
  const { width, height, batch, frames, models, steps, amounts } = parameters;
  const pixels = width === null || height === null ? 0 : width * height * (batch ?? 1) * (frames ?? 1);
  return {
    work: Math.round(pixels / 1_000) / 1_000,
    model: models.length === 0 ? 0 : digestOf(models.join('\n')),
    asked: steps ?? 0,
    amounts: amounts ?? 0,
  };
}
