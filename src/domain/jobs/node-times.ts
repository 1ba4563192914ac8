import type { Job, NodeTime, RunningNode } from './job.ts';

/** Nodes of one run whose times are kept; of more, the slowest. */
const maxNodeTimes = 256;

/**
 * A job of which something went unheard before `after`: when the nodes that ran were left is not known, nor when those
 * began that run now.
 */
export function withUnheard(before: Job, after: Job): Job {
  const runningNodes = after.runningNodes.map((node): RunningNode => {
    return before.runningNodes.some((other) => isSame(node, other)) ? node : { ...node, isJoined: true };
  });
  return { ...after, runningNodes, isMissedInPart: true };
}

/** A job with the times of the nodes that were left between two states of it, at `at` (ms). */
export function withNodeTimes(before: Job, after: Job, at: number): Job {
  if (before.runningNodes === after.runningNodes || before.runningNodes.length === 0) return after;
  const [only] = before.runningNodes;
  const [now] = after.runningNodes;
  // With nearly every message the same node goes on.
  if (only && now && before.runningNodes.length === 1 && after.runningNodes.length === 1 && isSame(only, now))
    return after;
  const left = before.runningNodes.filter((node) => !after.runningNodes.some((other) => isSame(node, other)));
  const timed = left.filter(({ isJoined }) => !isJoined);
  if (timed.length === 0) return after;
  return { ...after, nodeTimes: timed.reduce((times, node) => added(times, node, at), after.nodeTimes) };
}

function isSame(one: RunningNode, other: RunningNode): boolean {
  return one.nodeId === other.nodeId && one.startedAt === other.startedAt;
}

/** The times with that of one more node, or with more time of a node that was entered again. */
function added(times: NodeTime[], node: RunningNode, at: number): NodeTime[] {
  const nodeId = node.displayNodeId;
  if (nodeId === null) return times;
  const fresh = timeOf(nodeId, node, at);
  const isFull = times.length >= maxNodeTimes;
  const quickest = isFull ? quickestOf(times) : -1;
  // Of a graph with very many nodes most end here; whether one ran before is not worth a look then.
  if (isFull && fresh.took <= (times[quickest]?.took ?? 0)) return times;
  const place = times.findIndex((time) => time.nodeId === nodeId);
  const known = times[place];
  if (known) return times.with(place, both(known, fresh));
  return [...(isFull ? times.toSpliced(quickest, 1) : times), fresh];
}

const quickests = new WeakMap<readonly NodeTime[], number>();

/** The place of the quickest of many times, looked for once. */
function quickestOf(times: readonly NodeTime[]): number {
  const found = quickests.get(times);
  if (found !== undefined) return found;
  let place = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < times.length; index += 1) {
    const took = times[index]?.took ?? least;
    if (took >= least) continue;
    least = took;
    place = index;
  }
  quickests.set(times, place);
  return place;
}

function timeOf(nodeId: string, node: RunningNode, at: number): NodeTime {
  const took = Math.max(0, at - node.startedAt);
  const time = { nodeId, at: node.startedAt, took };
  const { begun, step } = node;
  if (begun === null || step === null) return time;
  const steps = node.earlierSteps + step;
  if (steps <= 0) return time;
  return { ...time, steps, firstMax: begun.max, lead: leadOf(node, steps, at) };
}

/** What passed before the first step, less the time that the steps heard of at once took by the pace of the others. */
function leadOf({ begun, startedAt }: RunningNode, steps: number, at: number): number {
  if (begun === null) return 0;
  const before = Math.max(0, begun.at - startedAt);
  const others = steps - begun.step;
  if (begun.step <= 0) return before;
  // A single step: nothing tells what of it was spent before.
  if (others <= 0) return 0;
  return Math.max(0, Math.round(before - (Math.max(0, at - begun.at) / others) * begun.step));
}

function both(known: NodeTime, fresh: NodeTime): NodeTime {
  const steps = (known.steps ?? 0) + (fresh.steps ?? 0);
  const took = known.took + fresh.took;
  if (steps === 0) return { ...known, took };
  const firstMax = known.firstMax ?? fresh.firstMax ?? steps;
  return { ...known, took, steps, firstMax, lead: (known.lead ?? 0) + (fresh.lead ?? 0) };
}
