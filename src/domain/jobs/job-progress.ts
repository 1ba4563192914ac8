import type { Job, RunningNode } from './job.ts';

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
