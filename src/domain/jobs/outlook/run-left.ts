import { type Job, jobElapsed, type RunningNode } from '../job.ts';
import { mainNode } from '../job-progress.ts';
import type { LearntTimes } from '../learnt/learnt-times.ts';
import type { NodeUsual } from '../learnt/pace.ts';
import { stepRate } from '../step-rate.ts';
import { type Basis, leftOfPlan, planOf, type RunPlan } from './run-plan.ts';
import { usualRun } from './usual-run.ts';

/** What is left of a running job at a moment. */
export interface RunLeft {
  /** ms */
  left: number;
  /** How long the time may be taken to go on before something has to be heard, ms. */
  span: number;
  /** By how much what runs is over its usual time, ms. */
  overrun: number;
  basis: Basis;
}

/** What is left of a running node. */
interface NodeLeft {
  left: number;
  span: number;
  overrun: number;
  /** How much slower its steps are than usual, as far as they were measured: 1.2 is a fifth. */
  slowness?: number;
  /** 0–1, how far it is in its steps. */
  part?: number;
}

/** Beyond this (ms) it is no estimate, but a node that counts something else than steps, or a server that makes fun of us. */
const longestLeft = 30 * 24 * 3_600_000;

/** What is left of a running job at `now` (ms), by its nodes, else by how long its kind took; null if neither is known. */
export function runLeft(learnt: LearntTimes, job: Job, now: number): RunLeft | null {
  if (job.state !== 'running') return null;
  const found = leftByNodes(learnt, job, now) ?? leftByKind(learnt, job, now);
  return found && found.left <= longestLeft ? found : null;
}

function leftByKind(learnt: LearntTimes, job: Job, now: number): RunLeft | null {
  const elapsed = jobElapsed(job, now);
  const usual = elapsed === null ? null : usualRun(learnt, job);
  if (elapsed === null || usual === null) return null;
  const node = mainNode(job);
  const steps = node && nodeLeft(node, undefined, 1, now);
  const left = Math.max(0, usual.took - elapsed, steps?.left ?? 0);
  const beyond = Math.max(0, elapsed - usual.took);
  return {
    left,
    span: Math.min(left, steps?.span ?? left),
    // Steps say better than a whole run how long it takes, as long as they come.
    overrun: steps ? Math.min(beyond, steps.overrun) : beyond,
    basis: { of: 'kind', runs: usual.runs },
  };
}

function leftByNodes(learnt: LearntTimes, job: Job, now: number): RunLeft | null {
  const plan = job.progressKnown ? planOf(learnt, job) : null;
  if (plan === null) return null;
  const { known, unknown } = leftOfPlan(plan, job.doneNodes);
  const factor = paceFactor(plan, job);
  let rest = known;
  let restFactor = factor;
  let left = 0;
  let span = Number.POSITIVE_INFINITY;
  let overrun = 0;
  let unknownRunning = 0;
  for (const node of job.runningNodes) {
    const usual = node.displayNodeId === null ? undefined : plan.nodes.get(node.displayNodeId);
    const ofNode = nodeLeft(node, usual, factor, now);
    if (usual) rest -= usual.took;
    else if (node.displayNodeId !== null && unknown.includes(node.displayNodeId)) {
      if (!ofNode) return null;
      unknownRunning += 1;
    }
    if (!ofNode) continue;
    const { slowness = factor, part = 0 } = ofNode;
    // A machine that is slow at one node is likely to be slow at the next.
    restFactor += (slowness - factor) * likeness * part;
    left = Math.max(left, ofNode.left);
    span = Math.min(span, ofNode.span);
    overrun = Math.max(overrun, ofNode.overrun);
  }
  if (unknown.length > unknownRunning) return null;
  return {
    left: left + Math.max(0, rest) * Math.min(2, Math.max(0.5, restFactor)) * plan.overlap,
    span: Number.isFinite(span) ? span : 0,
    overrun,
    basis: plan.basis,
  };
}

/** What is left of a running node, by its own pace and by its usual one; null if neither is known. */
function nodeLeft(
  node: RunningNode,
  usual: NodeUsual | undefined,
  factor: number,
  now: number,
): NodeLeft | null {
  const last = node.marks.at(-1);
  const spent = Math.max(0, now - node.startedAt);
  if (!last || node.max === null || node.begun === null) {
    if (!usual) return null;
    if (usual.perStep === null) {
      const left = Math.max(0, usual.took * factor - spent);
      return { left, span: left, overrun: Math.max(0, spent - usual.took * factor) };
    }
    const perStep = usual.perStep * factor;
    const lead = Math.max(0, usual.lead - spent);
    const stepping = Math.min(perStep, Math.max(0, spent - usual.lead));
    return { left: lead + usual.steps * perStep - stepping, span: lead + perStep, overrun: 0 };
  }
  const perStep = stepTime(node, usual, factor);
  if (perStep === null) return null;
  const total = Math.max(node.earlierSteps + node.max, usual ? Math.round(node.begun.max * usual.passes) : 0);
  const steps = total - node.earlierSteps - last.step;
  const sinceLast = Math.max(0, now - last.at);
  const left = Math.max(0, steps * perStep - Math.min(sinceLast, perStep));
  const over = { left, span: Math.min(left, 2 * perStep), overrun: Math.max(0, sinceLast - late * perStep) };
  return usual?.perStep
    ? { ...over, slowness: perStep / usual.perStep, part: Math.min(1, last.step / Math.max(1, total)) }
    : over;
}

/** How far the pace of one node tells that of the next. */
const likeness = 0.5;
/** So many times as long as a step takes without one is late. */
const late = 3;

/** How many measured steps weigh as much as what is known from before. */
const trust = 0.75;

/** ms per step: as measured, and as usual while there is little to measure. */
function stepTime(node: RunningNode, usual: NodeUsual | undefined, factor: number): number | null {
  const rate = stepRate(node);
  const known = usual?.perStep == null ? null : usual.perStep * factor;
  if (rate === null) return known;
  if (known === null) return 1_000 / rate;
  const measured = (node.marks.at(-1)?.step ?? 0) - (node.marks[0]?.step ?? 0);
  const weight = measured / (measured + trust);
  return weight * (1_000 / rate) + (1 - weight) * known;
}

const factors = new WeakMap<Job['nodeTimes'], { plan: RunPlan; factor: number }>();

/** How this run compares with the usual one, by the nodes that are done: 1.2 is a fifth slower. */
function paceFactor(plan: RunPlan, { nodeTimes }: Job): number {
  const before = factors.get(nodeTimes);
  if (before?.plan === plan) return before.factor;
  let whole = plan.others;
  for (const { took } of plan.nodes.values()) whole += took;
  let usual = 0.5 * whole;
  let actual = usual;
  for (const time of nodeTimes) {
    const expected = plan.nodes.get(time.nodeId);
    if (!expected) continue;
    usual += expected.took;
    actual += time.took;
  }
  const factor = usual > 0 ? Math.min(2, Math.max(0.5, actual / usual)) : 1;
  factors.set(nodeTimes, { plan, factor });
  return factor;
}
