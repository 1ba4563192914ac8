import { t } from '../../language/t.ts';
import { formatDecimal } from '../text/format.ts';
import { type Job, lacksProgress, type RunningNode } from './job.ts';

/** What to call a job: its title, or the beginning of its prompt id. */
export function jobTitle(job: Job): string {
  return job.title ?? t('jobs.name.prompt', { id: job.promptId.slice(0, 8) });
}

/** What to call a node of a job: its title, else its class, else its id. */
export function nodeTitle(job: Job, nodeId: string): string {
  const name = Object.hasOwn(job.nodeNames, nodeId) ? job.nodeNames[nodeId] : undefined;
  return name ? (name.title ?? name.classType) : t('jobs.name.node', { id: nodeId });
}

/** What to call a running node. */
export function runningNodeTitle(job: Job, { displayNodeId }: RunningNode): string {
  return displayNodeId === null ? t('jobs.name.some_node') : nodeTitle(job, displayNodeId);
}

/** Why no node can be named of a job that runs: `Starting`, `Between nodes`, or that it is not known which. */
export function withoutNodeText(job: Job): string {
  if (lacksProgress(job)) return t('jobs.no_progress');
  if (!job.progressKnown) return t('jobs.unknown_node');
  return job.doneNodes.count === 0 ? t('jobs.starting') : t('jobs.between_nodes');
}

/** `12 of 30`; null without step data. */
export function stepsText({ step, max }: Pick<RunningNode, 'step' | 'max'>): string | null {
  return step === null || max === null ? null : t('jobs.step_of_max', stepWords(step, max));
}

/** `step 12 of 30`; null without step data. */
export function stepPlaceText({ step, max }: Pick<RunningNode, 'step' | 'max'>): string | null {
  return step === null || max === null ? null : t('jobs.step_headline', stepWords(step, max));
}

function stepWords(step: number, max: number): { step: string; max: string } {
  return { step: wholeStep(step, max), max: wholeStep(max, max) };
}

/** Steps are whole for nearly every node; some report fractions. */
function wholeStep(step: number, max: number): string {
  if (Number.isInteger(step)) return String(step);
  return formatDecimal(step, max <= 1 ? 2 : 1);
}
