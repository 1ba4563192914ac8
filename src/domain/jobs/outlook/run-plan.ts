import type { Job } from '../job.ts';
import { circumstancesOf } from '../learnt/circumstances.ts';
import { kindOf, type LearntTimes } from '../learnt/learnt-times.ts';
import { type NodeUsual, recentMedian, usualOf } from '../learnt/pace.ts';
import { traitsOf } from '../node-classes.ts';
import { hasNode, type NodeSet } from '../node-set.ts';

/** What an expectation comes from: runs of the same kind of prompt, or of its nodes' classes in other ones. */
export interface Basis {
  of: 'kind' | 'class';
  /** How many. */
  runs: number;
}

/** What a prompt's nodes are expected to take, those that are cached left out. */
export interface RunPlan {
  /** The slowest of them by node id. */
  nodes: ReadonlyMap<string, NodeUsual>;
  /** Of all others together, ms. */
  others: number;
  /** Nodes of which nothing is known. */
  unknown: readonly string[];
  /** By how much a run is longer than the sum of its nodes; less than 1 where some run together. */
  overlap: number;
  basis: Basis;
}

/** Nodes that are looked at one by one. */
const maxNodes = 64;
/** More unknown nodes than this are as good as all of them. */
const maxUnknown = 200;

interface Known {
  learnt: LearntTimes;
  cachedNodes: Job['cachedNodes'];
  parameters: Job['parameters'];
  title: string | null;
  nodeTotal: number | null;
  plan: RunPlan | null;
}
const plans = new WeakMap<Job['nodeNames'], Known>();

/** The plan of a job whose graph is known; else null. Made anew when what it comes from changes, which is seldom. */
export function planOf(learnt: LearntTimes, job: Job): RunPlan | null {
  if (!job.graphKnown) return null;
  const known = plans.get(job.nodeNames);
  const { cachedNodes, parameters, title, nodeTotal } = job;
  const isKnown =
    known?.learnt === learnt &&
    known.cachedNodes === cachedNodes &&
    known.parameters === parameters &&
    known.title === title &&
    known.nodeTotal === nodeTotal;
  if (isKnown) return known.plan;
  const plan = makePlan(learnt, job);
  plans.set(job.nodeNames, { learnt, cachedNodes, parameters, title, nodeTotal, plan });
  return plan;
}

function makePlan(learnt: LearntTimes, job: Job): RunPlan | null {
  const names = Object.entries(job.nodeNames);
  // Of what is not named nothing can be said.
  if (names.length < (job.nodeTotal ?? 0)) return null;
  const kind = kindOf(learnt, job);
  const circumstances = circumstancesOf(job);
  const ofKind = new Map(kind?.nodes.map((node) => [node.id, node.samples]));
  // Of runs that were stopped, or seen in part, there may be more nodes than it knows.
  const runs = kind?.runs.filter(([, , sum]) => sum > 0) ?? [];
  const isKnownKind = runs.length > 0;
  const expected: [string, NodeUsual][] = [];
  const unknown: string[] = [];
  let classRuns = Number.POSITIVE_INFINITY;
  for (const [id, { classType }] of names) {
    if (job.cachedNodes && hasNode(job.cachedNodes, id)) continue;
    const samples =
      ofKind.get(id) ?? (Object.hasOwn(learnt.classes, classType) ? learnt.classes[classType] : undefined);
    const usual = samples ? usualOf(samples, circumstances, traitsOf(classType)) : null;
    if (usual) {
      expected.push([id, usual]);
      classRuns = Math.min(classRuns, usual.runs);
    } else if (!isKnownKind && unknown.length <= maxUnknown) unknown.push(id);
  }
  expected.sort(([, a], [, b]) => b.took - a.took);
  const overlap = runs.length === 0 ? 1 : recentMedian(runs.map(([took, , sum]) => took / sum));
  return {
    nodes: new Map(expected.slice(0, maxNodes)),
    others: expected.slice(maxNodes).reduce((sum, [, { took }]) => sum + took, 0),
    unknown,
    overlap: Math.min(1.5, Math.max(0.1, overlap)),
    basis: isKnownKind
      ? { of: 'kind', runs: runs.length }
      : { of: 'class', runs: Number.isFinite(classRuns) ? classRuns : 0 },
  };
}

/** What of a plan is not done. */
interface PlanLeft {
  /** ms, the nodes that run included. */
  known: number;
  unknown: readonly string[];
}

const lefts = new WeakMap<NodeSet, { plan: RunPlan; left: PlanLeft }>();

/** What of a plan is left when these nodes are done; found out once for a set of nodes, not with every step. */
export function leftOfPlan(plan: RunPlan, doneNodes: NodeSet): PlanLeft {
  const before = lefts.get(doneNodes);
  if (before?.plan === plan) return before.left;
  let known = plan.others;
  for (const [id, { took }] of plan.nodes) if (!hasNode(doneNodes, id)) known += took;
  const left = {
    known,
    unknown:
      plan.unknown.length > maxUnknown ? plan.unknown : plan.unknown.filter((id) => !hasNode(doneNodes, id)),
  };
  lefts.set(doneNodes, { plan, left });
  return left;
}
