import type { Job } from '../job.ts';
import { kindOf, type LearntTimes } from '../learnt/learnt-times.ts';
import { recentMedian } from '../learnt/pace.ts';

/** How long whole runs of a prompt's kind took. */
export interface UsualRun {
  /** ms; newer runs weigh more, and one that took far longer than the others changes little. */
  took: number;
  shortest: number;
  longest: number;
  /** How many runs these figures come from, 1–5. */
  runs: number;
}

/**
 * How long runs of a prompt's kind took, by its last ones; null if there were none. What the cache answers decides about
 * seconds or minutes: where it is known what of this one is cached, only runs count that left out the very same.
 */
export function usualRun(learnt: LearntTimes, job: Job): UsualRun | null {
  const runs = kindOf(learnt, job)?.runs ?? [];
  const { cachedNodes } = job;
  const alike = cachedNodes === null ? runs : runs.filter(([, cached]) => cached === cachedNodes.digest);
  if (alike.length === 0) return null;
  const took = alike.map(([ms]) => ms);
  return {
    took: recentMedian(took),
    shortest: Math.min(...took),
    longest: Math.max(...took),
    runs: alike.length,
  };
}
