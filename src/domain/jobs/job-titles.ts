import { type Job, lacksProgress, type RunningNode } from './job.ts';

/** What to call a job: its title, or the beginning of its prompt id. */
export function jobTitle(job: Job): string {
  return job.title ?? `Prompt ${job.promptId.slice(0, 8)}`;
}

/** What to call a node of a job: its title, else its class, else its id. */
export function nodeTitle(job: Job, nodeId: string): string {
  const name = Object.hasOwn(job.nodeNames, nodeId) ? job.nodeNames[nodeId] : undefined;
  return name ? (name.title ?? name.classType) : `Node ${nodeId}`;
}

/** What to call a running node. */
export function runningNodeTitle(job: Job, { displayNodeId }: RunningNode): string {
  return displayNodeId === null ? 'A node' : nodeTitle(job, displayNodeId);
}

/** Why no node can be named of a job that runs: `Starting`, `Between nodes`, or that it is not known which. */
export function withoutNodeText(job: Job): string {
  if (lacksProgress(job)) return 'No progress is reported';
  if (!job.progressKnown) return 'Which node runs is not known';
  return job.doneNodes.count === 0 ? 'Starting' : 'Between nodes';
}

/** `12 of 30`; null without step data. */
export function stepsText({ step, max }: Pick<RunningNode, 'step' | 'max'>): string | null {
  return step === null || max === null ? null : `${wholeStep(step, max)} of ${wholeStep(max, max)}`;
}

/** Steps are whole for nearly every node; some report fractions. */
function wholeStep(step: number, max: number): string {
  if (Number.isInteger(step)) return String(step);
  return step.toFixed(max <= 1 ? 2 : 1);
}
