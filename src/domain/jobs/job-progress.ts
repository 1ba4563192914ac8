import { isFinished, type Job, type RunningNode } from './job.ts';

/** Of nodes that run together, the one to show where there is room for one: one with steps, else the newest. */
export function mainNode({ runningNodes }: Pick<Job, 'runningNodes'>): RunningNode | null {
  return runningNodes.find((node) => node.max !== null) ?? runningNodes.at(-1) ?? null;
}

/** How many nodes run beside the main one. */
export function otherNodes({ runningNodes, runningNodesOmitted }: Job): number {
  return Math.max(0, runningNodes.length - 1) + runningNodesOmitted;
}

/** Fraction 0–1 of a running node's steps, or null without step data. */
export function stepFraction({ step, max }: Pick<RunningNode, 'step' | 'max'>): number | null {
  return step === null || max === null || max <= 0 ? null : clampFraction(step / max);
}

/** Fraction 0–1 of the main node's steps, or null without step data. */
export function nodeFraction(job: Job): number | null {
  const node = mainNode(job);
  return node && stepFraction(node);
}

/**
 * Fraction 0–1 of the job's nodes that are done, running ones counted by their steps; null while the number of
 * nodes is unknown, or it is not known how far it is. It counts nodes, not time: a sampler weighs as much as a save.
 * Within a run it never goes back, though nodes start over and totals are corrected, and it is less than 1 until
 * the job is done.
 */
export function jobFraction(job: Job): number | null {
  return job.state === 'success' ? 1 : job.reached;
}

/**
 * What is shown of a running job where there is room for one figure: how far the prompt is, or where that
 * is not known, how far its node is.
 */
export function shownFraction(job: Job): number | null {
  const fraction = jobFraction(job) ?? nodeFraction(job);
  return fraction === null || isFinished(job.state) ? fraction : Math.min(mostWhileRunning, fraction);
}

/** What `jobFraction` would be by what is known at this moment alone. */
export function fractionNow(job: Job): number | null {
  const done = nodesDone(job);
  if (done === null || job.nodeTotal === null || job.nodeTotal <= 0) return null;
  const parts = new Map<string | null, number>();
  for (const node of job.runningNodes) {
    // What an expanded node made up tells nothing of how much of that node is left.
    if (node.nodeId === node.displayNodeId) parts.set(node.nodeId, stepFraction(node) ?? 0);
  }
  const running = [...parts.values()].reduce((sum, part) => sum + part, 0);
  return Math.min(mostWhileRunning, clampFraction((done + running) / job.nodeTotal));
}

/** Something is left to do as long as the server does not say that it is over. */
const mostWhileRunning = 0.99;

/**
 * How many of the job's nodes are done, those that need not run included; never more than `nodeTotal`, nor one of
 * those that run. Null while that is not known.
 */
export function nodesDone(job: Job): number | null {
  if (!job.progressKnown) return null;
  const done = job.reusedNodes + job.doneNodes.count;
  if (job.nodeTotal === null) return done;
  const running = new Set(job.runningNodes.map((node) => node.displayNodeId)).size;
  return Math.max(0, Math.min(done, job.nodeTotal - running));
}

function clampFraction(value: number): number {
  return Math.min(1, Math.max(0, value));
}
