import type { MonitorEventOf } from '../monitor-event.ts';
import { limits } from '../monitor-state.ts';
import { jsonBytes } from '../text/json-bytes.ts';
import type { Job, RunningNode } from './job.ts';
import { mainNode } from './job-progress.ts';
import type { LearntTimes } from './learnt/learnt-times.ts';
import { addNodes, hasNode, type NodeSet, noNodes, removeNode } from './node-set.ts';
import { withNodeTimes, withUnheard } from './node-times.ts';
import { withReached } from './outlook/reached.ts';
import { addStepMark } from './step-rate.ts';

/** Bytes of JSON around the texts of a name. */
const namesAround = 26;

export type ProgressEvent = MonitorEventOf<
  | 'prompt_started'
  | 'nodes_cached'
  | 'node_started'
  | 'step_reached'
  | 'node_states_reported'
  | 'node_text_shown'
  | 'preview_received'
>;

/**
 * A running job after it was heard how far it is. Servers since 0.3.45 say of every node how it stands, again and
 * again; once they did, that alone counts. Before, nodes run one after the other: who enters one has left the last.
 * `since` is when we got through to the server (ms): what was heard before that went on unheard.
 */
export function progress(job: Job, event: ProgressEvent, learnt: LearntTimes, since: number): Job {
  const next = changed(job, event);
  const after = isUnheard(job, event, since) ? withUnheard(job, next) : withNodeTimes(job, next, event.at);
  // No other state has a copy that was made just now: it need not be copied once more.
  const heard = after === job ? { ...job } : after;
  heard.heardAt = event.at;
  heard.source = 'socket';
  return withReached(job, heard, learnt, event.at);
}

/** Whether something of a job went by before this event that nobody told us. */
function isUnheard(job: Job, event: ProgressEvent, since: number): boolean {
  if (event.type === 'prompt_started') return false;
  return job.heardAt < since || (job.source === 'queue' && event.type !== 'nodes_cached');
}

function changed(job: Job, event: ProgressEvent): Job {
  switch (event.type) {
    case 'prompt_started':
      return {
        ...job,
        progressKnown: true,
        startedAt: event.startedAt ?? job.startedAt ?? event.at,
        ...(event.stamp !== undefined && { startStamp: event.stamp }),
      };
    case 'nodes_cached': {
      const cachedNodes = addNodes(noNodes, event.nodeIds);
      const doneNodes = event.nodeIds.reduce(removeNode, job.doneNodes);
      const known = { ...job, progressKnown: true, cachedNodes, doneNodes };
      const inGraph = new Set(event.nodeIds.filter((id) => isInGraph(job, id)));
      return { ...known, reusedNodes: reusedNodes(known, inGraph.size) };
    }
    case 'node_started':
      return job.statesReported ? job : enterNode(job, event.nodeId, event.displayNodeId, event.at);
    case 'step_reached':
      return stepReached(job, event);
    case 'node_states_reported':
      return statesReported(job, event);
    case 'node_text_shown':
      return changeNode(job, event.nodeId, (node) => ({ ...node, text: event.text }));
    case 'preview_received': {
      const nodeId = event.nodeId ?? mainNode(job)?.nodeId ?? null;
      return { ...job, preview: { revision: event.revision, nodeId, at: event.at } };
    }
  }
}

/** What the graph of a prompt says, or our companion's plan of it. */
export function describe(job: Job, event: MonitorEventOf<'prompt_described'>, learnt: LearntTimes): Job {
  const described = {
    ...job,
    title: event.title ?? job.title,
    nodeTotal: event.nodeTotal ?? job.nodeTotal,
    nodesToRun: event.nodesToRun ?? job.nodesToRun,
    parameters: event.parameters ?? job.parameters,
    ...keptNames(event.nodeNames),
  };
  const doneNodes = described.graphKnown
    ? addNodes(noNodes, namedIn(described, job.doneNodes))
    : job.doneNodes;
  const cached = described.cachedNodes ?? noNodes;
  const reused = reusedNodes(
    described,
    described.graphKnown ? namedIn(described, cached).length : cached.count,
  );
  return withReached(job, { ...described, doneNodes, reusedNodes: reused }, learnt, event.at);
}

/** The outputs of a node came: it is done, unless the server says itself which are. */
export function executed(job: Job, nodeId: string, learnt: LearntTimes): Job {
  if (job.statesReported) return job;
  const runningNodes = job.runningNodes.filter((node) => node.nodeId !== nodeId);
  const left = runningNodes.length === job.runningNodes.length ? job : { ...job, runningNodes };
  const done = withNodeTimes(job, markDone(left, [nodeId]), job.heardAt);
  return withReached(job, done, learnt, job.heardAt);
}

/** Null for a description that names nothing. */
function keptNames(
  names: Job['nodeNames'],
): Pick<Job, 'nodeNames' | 'nodeNamesOmitted' | 'graphKnown'> | null {
  const all = Object.entries(names);
  if (all.length === 0) return null;
  let left: number = limits.nodeNameBytes;
  const kept = all.filter(([id, { title, classType }]) => {
    const bytes = jsonBytes(id) + jsonBytes(title ?? '') + jsonBytes(classType) + namesAround;
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
  return kept.length === all.length
    ? { nodeNames: names, nodeNamesOmitted: 0, graphKnown: true }
    : { nodeNames: Object.fromEntries(kept), nodeNamesOmitted: all.length - kept.length, graphKnown: false };
}

/** Those of a set that are in the graph: found by its names, which came with this event, not by what came before. */
function namedIn(job: Job, set: NodeSet): string[] {
  return Object.keys(job.nodeNames).filter((id) => hasNode(set, id));
}

/** Generated nodes (of expanded ones) are not in the graph, and do not count. */
function isInGraph(job: Job, nodeId: string): boolean {
  return !job.graphKnown || Object.hasOwn(job.nodeNames, nodeId);
}

/** How many nodes need not run; `cached` of them as far as the server's list of cached ones says. */
function reusedNodes({ nodesToRun, nodeTotal }: Job, cached: number): number {
  return nodesToRun !== null && nodeTotal !== null ? Math.max(0, nodeTotal - nodesToRun) : cached;
}

function isCached(job: Job, nodeId: string): boolean {
  return job.cachedNodes !== null && hasNode(job.cachedNodes, nodeId);
}

function markDone(job: Job, nodeIds: readonly string[]): Job {
  const doneNodes = addNodes(
    job.doneNodes,
    nodeIds.filter((id) => isInGraph(job, id) && !isCached(job, id)),
  );
  return doneNodes === job.doneNodes ? job : { ...job, doneNodes };
}

function newNode(nodeId: string | null, displayNodeId: string | null, at: number): RunningNode {
  return {
    nodeId,
    displayNodeId,
    startedAt: at,
    step: null,
    max: null,
    marks: [],
    begun: null,
    earlierSteps: 0,
    text: null,
    activity: null,
  };
}

/** One node after the other: the node that is left is done, unless it only made up the one that is entered. */
function enterNode(job: Job, nodeId: string, displayNodeId: string, at: number): Job {
  const [before] = job.runningNodes;
  if (before?.nodeId === nodeId) return job;
  // A node that only looked at its inputs, or expanded, is entered once more.
  const reentered = [nodeId, displayNodeId].reduce(removeNode, job.doneNodes);
  const node = newNode(nodeId, displayNodeId, at);
  const entered = { ...job, runningNodes: [node], runningNodesOmitted: 0, doneNodes: reentered };
  const left = before?.displayNodeId ?? null;
  return left === null || left === displayNodeId ? entered : markDone(entered, [left]);
}

function changeNode(job: Job, nodeId: string | null, change: (node: RunningNode) => RunningNode): Job {
  const index = job.runningNodes.findIndex((node) => node.nodeId === nodeId);
  const before = job.runningNodes[index];
  if (!before) return job;
  const after = change(before);
  return after === before ? job : { ...job, runningNodes: job.runningNodes.with(index, after) };
}

function stepReached(job: Job, event: MonitorEventOf<'step_reached'>): Job {
  const { step, max, at } = event;
  const nodeId = event.nodeId ?? mainNode(job)?.nodeId ?? null;
  const reach = (node: RunningNode): RunningNode => atStep(node, step, max, at);
  if (job.runningNodes.some((node) => node.nodeId === nodeId)) return changeNode(job, nodeId, reach);
  if (job.statesReported) return job; // late: that node is over
  if (nodeId === null) return { ...job, runningNodes: [reach(newNode(null, null, at))] };
  // Frames come in order, and what has been left may still be heard of by another way.
  return hasNode(job.doneNodes, nodeId) ? job : changeNode(enterNode(job, nodeId, nodeId, at), nodeId, reach);
}

/** A node at a step. Servers pass on what a node says, in its range or not; without a range it says nothing. */
function atStep(node: RunningNode, step: number, max: number, at: number): RunningNode {
  if (max <= 0) return node.max === null ? node : { ...node, step: null, max: null, marks: [] };
  const reached = Math.min(max, Math.max(0, step));
  if (node.step === reached && node.max === max) return node;
  const marks = addStepMark(node.max === max ? node.marks : [], reached, at);
  const isAnew = node.step !== null && (node.max !== max || reached < node.step);
  return {
    ...node,
    step: reached,
    max,
    marks,
    begun: node.begun ?? { step: reached, max, at },
    earlierSteps: isAnew ? node.earlierSteps + (node.step ?? 0) : node.earlierSteps,
  };
}

function statesReported(job: Job, event: MonitorEventOf<'node_states_reported'>): Job {
  const only = event.running.length === 1 ? event.running[0] : undefined;
  const before = job.runningNodes.length === 1 ? job.runningNodes[0] : undefined;
  // Nearly always it is the same node, and as many are done as before.
  if (only && before && before.nodeId === only.nodeId && isDone(job, event.finishedNodeIds, only)) {
    const node = stateOf(before, only, event.at);
    if (node === before && job.statesReported && job.runningNodesOmitted === 0) return job;
    const runningNodes = node === before ? job.runningNodes : [node];
    return { ...job, progressKnown: true, statesReported: true, runningNodes, runningNodesOmitted: 0 };
  }
  const known = new Map(job.runningNodes.map((node) => [node.nodeId, node]));
  const reported = new Map<string, RunningNode>();
  for (const said of event.running) {
    const other = reported.get(said.displayNodeId);
    // An expanded node runs as long as what it made up does: one node, where the work is.
    if (other && other.max !== null) continue;
    if (!other && reported.size >= limits.runningNodes) continue;
    const node = known.get(said.nodeId) ?? newNode(said.nodeId, said.displayNodeId, event.at);
    reported.set(said.displayNodeId, stateOf(node, said, event.at));
  }
  const running = [...reported.values()].sort((a, b) => a.startedAt - b.startedAt);
  const runningIds = new Set(event.running.flatMap((node) => [node.nodeId, node.displayNodeId]));
  const omitted = new Set(event.running.map((node) => node.displayNodeId)).size - running.length;
  const done = event.finishedNodeIds.filter(
    (id) => isInGraph(job, id) && !isCached(job, id) && !runningIds.has(id),
  );
  return {
    ...job,
    progressKnown: true,
    statesReported: true,
    doneNodes: sameNodes(job.doneNodes, done),
    runningNodes: isSameList(job.runningNodes, running) ? job.runningNodes : running,
    runningNodesOmitted: omitted,
  };
}

/** Whether a job's done nodes are just those that are reported to be finished, while one node runs. */
function isDone(
  job: Job,
  finishedNodeIds: readonly string[],
  running: { nodeId: string; displayNodeId: string },
): boolean {
  const last = lastDone.get(job.doneNodes);
  if (last && last.job.cachedNodes === job.cachedNodes && last.job.nodeNames === job.nodeNames)
    if (
      last.running === running.nodeId &&
      running.nodeId === running.displayNodeId &&
      isSameIds(last.finishedNodeIds, finishedNodeIds)
    )
      return true;
  let done = 0;
  for (const id of finishedNodeIds) {
    if (id === running.nodeId || id === running.displayNodeId) continue;
    if (hasNode(job.doneNodes, id)) done += 1;
    else if (isInGraph(job, id) && !isCached(job, id)) return false;
  }
  if (done !== job.doneNodes.count) return false;
  if (running.nodeId === running.displayNodeId)
    lastDone.set(job.doneNodes, {
      job: { cachedNodes: job.cachedNodes, nodeNames: job.nodeNames },
      running: running.nodeId,
      finishedNodeIds,
    });
  return true;
}

/** What was reported last of a set of done nodes: it is reported again with every step, and has to be looked through once. */
const lastDone = new WeakMap<
  NodeSet,
  {
    job: Pick<Job, 'cachedNodes' | 'nodeNames'>;
    /** The node that ran, and made up no other one. */
    running: string;
    finishedNodeIds: readonly string[];
  }
>();

function isSameIds(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) if (some[index] !== others[index]) return false;
  return true;
}

function stateOf(
  node: RunningNode,
  said: MonitorEventOf<'node_states_reported'>['running'][number],
  at: number,
): RunningNode {
  const { step, max, activity = null } = said;
  // Nodes without steps are reported as 0 of 1.
  const hasSteps = max > 1 || (max > 0 && step > 0 && step < max);
  const reached = hasSteps ? atStep(node, step, max, at) : node;
  return reached.activity === activity ? reached : { ...reached, activity };
}

/** A set of these ids: the known one, if it holds just them. */
function sameNodes(known: NodeSet, ids: readonly string[]): NodeSet {
  return ids.length === known.count && ids.every((id) => hasNode(known, id)) ? known : addNodes(noNodes, ids);
}

function isSameList(one: readonly RunningNode[], other: readonly RunningNode[]): boolean {
  return one.length === other.length && one.every((node, index) => node === other[index]);
}
