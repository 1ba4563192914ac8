import type { Job, RunningNode } from '../job.ts';
import { stepFraction } from '../job-progress.ts';
import { nodeTitle } from '../job-titles.ts';
import type { LearntTimes } from '../learnt/learnt-times.ts';
import { hasNode } from '../node-set.ts';
import { planOf } from './run-plan.ts';

/** A node of a prompt in time. */
export interface TimelineNode {
  nodeId: string;
  title: string;
  /** Null for nodes that are not in the graph as far as it is known. */
  classType: string | null;
  state: 'cached' | 'done' | 'running' | 'waiting';
  /** When it began, ms after the job did; null if it did not, or that is not known. */
  startedAfterMs: number | null;
  /** How long it took, or has been running; null of a node that did not run, or whose time is not known. */
  tookMs: number | null;
  /** How long it usually takes; null where that is not known. */
  usualMs: number | null;
  /** 0–1, how far it is; null where that is not known. */
  fraction: number | null;
}

/** The nodes of a running job at `now` (ms): cached, done, running and waiting ones, in the order in which they run. */
export function timelineOf(learnt: LearntTimes, job: Job, now: number): TimelineNode[] {
  const plan = planOf(learnt, job);
  const usualMs = (id: string): number | null => plan?.nodes.get(id)?.took ?? null;
  const startedAfter = (at: number): number | null =>
    job.startedAt === null ? null : Math.max(0, at - job.startedAt);
  const described = (nodeId: string) => ({
    nodeId,
    title: nodeTitle(job, nodeId),
    classType: Object.hasOwn(job.nodeNames, nodeId) ? (job.nodeNames[nodeId]?.classType ?? null) : null,
    usualMs: usualMs(nodeId),
  });
  const running = new Map<string, RunningNode>();
  for (const node of job.runningNodes) if (node.displayNodeId !== null) running.set(node.displayNodeId, node);
  const times = job.nodeTimes.filter(({ nodeId }) => !running.has(nodeId));
  const timed = new Set(times.map(({ nodeId }) => nodeId));
  const graph = Object.keys(job.nodeNames).filter((id) => !running.has(id) && !timed.has(id));
  const none = { startedAfterMs: null, tookMs: null };
  return [
    ...graph
      .filter((id) => job.cachedNodes !== null && hasNode(job.cachedNodes, id))
      .map((id) => ({ ...described(id), ...none, state: 'cached' as const, fraction: 1 })),
    ...graph
      .filter((id) => hasNode(job.doneNodes, id))
      .map((id) => ({ ...described(id), ...none, state: 'done' as const, fraction: 1 })),
    ...[...times]
      .sort((a, b) => a.at - b.at)
      .map(({ nodeId, at, took }) => ({
        ...described(nodeId),
        state: 'done' as const,
        startedAfterMs: startedAfter(at),
        tookMs: took,
        fraction: 1,
      })),
    ...[...running].map(([nodeId, node]) => ({
      ...described(nodeId),
      state: 'running' as const,
      startedAfterMs: node.isJoined ? null : startedAfter(node.startedAt),
      tookMs: node.isJoined ? null : Math.max(0, now - node.startedAt),
      fraction: fractionOf(node, usualMs(nodeId), now),
    })),
    ...graph
      .filter((id) => !hasNode(job.doneNodes, id) && !(job.cachedNodes && hasNode(job.cachedNodes, id)))
      .map((id) => ({ ...described(id), ...none, state: 'waiting' as const, fraction: 0 })),
  ];
}

function fractionOf(node: RunningNode, usualMs: number | null, now: number): number | null {
  const steps = stepFraction(node);
  if (steps !== null) return steps;
  return usualMs === null || usualMs <= 0 || node.isJoined
    ? null
    : Math.min(0.99, Math.max(0, now - node.startedAt) / usualMs);
}
