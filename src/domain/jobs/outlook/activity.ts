import type { Job, RunningNode } from '../job.ts';
import { mainNode } from '../job-progress.ts';
import { circumstancesOf } from '../learnt/circumstances.ts';
import type { LearntTimes } from '../learnt/learnt-times.ts';
import type { NodeUsual } from '../learnt/pace.ts';
import { isLoader, isSampler, isSaver } from '../node-classes.ts';
import { planOf } from './run-plan.ts';

/** What a running prompt does. `stuck`: for several times the usual nothing was heard of it. */
export interface Activity {
  kind: 'loading' | 'computing' | 'saving' | 'waiting' | 'stuck';
  /** The node that does it, by the id that people see; null where that is not known. */
  nodeId: string | null;
  /** Since when, ms since the epoch. */
  since: number;
}

/** So many times the usual without a word is stuck, */
const stuckAfter = 5;
/** and at least so long beyond it, ms. */
const stuckBeyond = 60_000;

/** What a running job does at `now` (ms); null where that is not known. */
export function activityOf(learnt: LearntTimes, job: Job, now: number): Activity | null {
  if (job.state !== 'running' || !job.progressKnown) return null;
  const node = mainNode(job);
  if (!node) {
    const since = job.heardAt;
    return { kind: 'waiting', nodeId: null, since };
  }
  const { displayNodeId: nodeId } = node;
  const classType =
    nodeId !== null && Object.hasOwn(job.nodeNames, nodeId) ? job.nodeNames[nodeId]?.classType : undefined;
  const usual = nodeId === null ? undefined : planOf(learnt, job)?.nodes.get(nodeId);
  const silentSince = Math.max(node.startedAt, job.heardAt);
  const patience = silence(node, usual);
  if (patience !== null && now - silentSince > Math.max(stuckAfter * patience, patience + stuckBeyond))
    return { kind: 'stuck', nodeId, since: silentSince };
  const about = { nodeId, since: node.startedAt };
  if (/load/i.test(node.activity ?? '')) return { kind: 'loading', ...about };
  if (classType === undefined) return { kind: 'computing', ...about };
  if (isLoader(classType)) return { kind: 'loading', ...about };
  if (isSaver(classType)) return { kind: 'saving', ...about };
  if (isSampler(classType) && node.begun === null) {
    // Models are moved before the first step.
    const slow = usual?.perStep == null ? null : 2 * usual.perStep;
    const isLoading = slow === null ? circumstancesOf(job).cold : now - node.startedAt > slow;
    if (isLoading) return { kind: 'loading', ...about };
  }
  return { kind: 'computing', nodeId, since: node.begun?.at ?? node.startedAt };
}

/** For how long a node is usually silent, ms; null where nothing tells that. */
function silence(node: RunningNode, usual: NodeUsual | undefined): number | null {
  const { marks, begun } = node;
  let slowest = 0;
  for (const [index, mark] of marks.entries()) {
    const earlier = marks[index - 1];
    if (earlier && mark.step > earlier.step)
      slowest = Math.max(slowest, (mark.at - earlier.at) / (mark.step - earlier.step));
  }
  if (slowest > 0) return Math.max(slowest, usual?.perStep ?? 0);
  if (!usual) return null;
  if (usual.perStep === null) return usual.took;
  return begun === null ? usual.lead + usual.perStep : usual.perStep;
}
