import { type Job, jobElapsed } from '../job.ts';
import type { LearntTimes } from '../learnt/learnt-times.ts';
import { runLeft } from './run-left.ts';

/** Something is left to do as long as the server does not say that it is over. */
const mostWhileRunning = 0.99;
/** What the page hears, it hears so much later at most (ms): nothing is shown that an event on its way may deny. */
const onTheWay = 300;
/** Steps that follow closer than this (ms) change little. */
const often = 200;

/**
 * How far a job is at `now` (ms), 0–1 of its time; null while nothing is known of that. It moves on from what was reached
 * last, at the pace that brings it to the end when that is expected: slower after bad news, but never back.
 */
export function timeFraction(job: Job, now: number): number | null {
  if (job.state === 'success') return 1;
  return job.reached && fractionAt(job.reached, now - onTheWay);
}

function fractionAt({ fraction, at, left, span }: NonNullable<Job['reached']>, now: number): number {
  const passed = Math.min(Math.max(0, now - at), span);
  const gained = left > 0 ? (1 - fraction) * Math.min(1, passed / left) : 0;
  return Math.min(Math.max(fraction, mostWhileRunning), fraction + gained);
}

/** A job with what it has reached at `at` (ms), by what is known after an event. */
export function withReached(before: Job, job: Job, learnt: LearntTimes, at: number): Job {
  if (job.state !== 'running') return job;
  const { reached } = job;
  if (reached && at - reached.at < often && isAtSameNode(before, job)) return job;
  const now = runLeft(learnt, job, at);
  if (now === null) return job;
  const elapsed = jobElapsed(job, at) ?? 0;
  const whole = elapsed + now.left;
  const natural = whole > 0 ? elapsed / whole : 0;
  const fraction = Math.min(mostWhileRunning, Math.max(natural, reached ? fractionAt(reached, at) : 0));
  return { ...job, reached: { fraction, at, left: now.left, span: now.span } };
}

function isAtSameNode(before: Job, after: Job): boolean {
  return (
    before.doneNodes === after.doneNodes &&
    before.runningNodes.length === after.runningNodes.length &&
    before.runningNodes[0]?.nodeId === after.runningNodes[0]?.nodeId
  );
}
