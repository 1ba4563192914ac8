import type { Job, RunningNode, StepMark } from './job.ts';
import { mainNode } from './job-progress.ts';

const maxMarks = 8;
/** Marks closer together than this are merged, so that fast steps are measured over seconds too. */
const minMarkGap = 500;

/**
 * Adds a measured step to the recent ones. A repeated step adds nothing; a step that goes back means
 * that the node started over (a second sampling pass, a tiled stage), so measuring starts over too.
 */
export function addStepMark(marks: readonly StepMark[], step: number, at: number): StepMark[] {
  const last = marks.at(-1);
  if (!last || step < last.step) return [{ step, at }];
  if (step === last.step) return [...marks];
  const beforeLast = marks.at(-2);
  const settled = beforeLast && last.at - beforeLast.at < minMarkGap ? marks.length - 1 : marks.length;
  const added = marks.slice(Math.max(0, settled - maxMarks + 1), settled);
  added.push({ step, at });
  return added;
}

/** Steps per second over the recent marks, or null before two steps were measured. */
export function stepRate(node: Pick<RunningNode, 'marks'>): number | null {
  const first = node.marks[0];
  const last = node.marks.at(-1);
  if (!first || !last || last.at <= first.at || last.step <= first.step) return null;
  return (last.step - first.step) / ((last.at - first.at) / 1000);
}

/**
 * Milliseconds until the main running node reaches its last step, from its measured rate alone; null before
 * a rate has been measured. Between two steps it counts down and then waits at zero for the step.
 */
export function nodeEta(job: Job, now: number): number | null {
  const node = mainNode(job);
  return node && etaOf(node, now);
}

/** The same of one node of several; 0 once it has reached its last step. */
function etaOf(node: Pick<RunningNode, 'marks' | 'max'>, now: number): number | null {
  const last = node.marks.at(-1);
  if (!last || node.max === null) return null;
  if (last.step >= node.max) return 0;
  const rate = stepRate(node);
  if (rate === null) return null;
  const perStep = 1000 / rate;
  const sinceLast = Math.min(Math.max(0, now - last.at), perStep);
  return Math.max(0, (node.max - last.step) * perStep - sinceLast);
}
