import { bytesOf } from '../../text/json-bytes.ts';
import { type Job, jobElapsed, type NodeTime } from '../job.ts';
import { circumstancesOf } from './circumstances.ts';
import { digestOf } from './digest.ts';
import {
  kindOf,
  type LearntKind,
  type LearntTimes,
  learntLimits,
  longestRun,
  shapeOf,
} from './learnt-times.ts';
import { maxSamples, type NodeSample } from './pace.ts';

/** What was known, and what a run that is over teaches; each run teaches once. */
export function learnRun(learnt: LearntTimes, job: Job): LearntTimes {
  if (job.state !== 'success' && job.state !== 'interrupted' && job.state !== 'error') return learnt;
  const run = digestOf(`${job.promptId} ${job.run}`);
  if (learnt.learntFrom.includes(run)) return learnt;
  const took = job.state === 'success' && job.finishedAt !== null ? jobElapsed(job, job.finishedAt) : null;
  if ((took === null || took > longestRun) && job.nodeTimes.length === 0) return learnt;
  return {
    classes: withClasses(learnt.classes, job),
    kinds: withinBytes(withKind(learnt, job, took)),
    learntFrom: [run, ...learnt.learntFrom].slice(0, learntLimits.learntFrom),
  };
}

/** What a file says, as far as there is room for it. */
export function withinLimits({ classes, kinds, learntFrom }: LearntTimes): LearntTimes {
  return {
    classes: Object.fromEntries(
      Object.entries(classes)
        .filter(([name]) => name.length <= learntLimits.nameLength)
        .slice(0, learntLimits.classes)
        .map(([name, samples]) => [name, samples.slice(0, samplesPerClass)]),
    ),
    kinds: withinBytes(kinds.slice(0, learntLimits.kinds)),
    learntFrom: learntFrom.slice(0, learntLimits.learntFrom),
  };
}

/** More than of a node: they are of several models, sizes and kinds of prompts. */
const samplesPerClass = 2 * maxSamples;

function withClasses(classes: LearntTimes['classes'], job: Job): LearntTimes['classes'] {
  const fresh = new Map<string, NodeSample[]>();
  for (const time of job.nodeTimes) {
    const classType = classOf(job, time.nodeId);
    if (classType === null) continue;
    const before = fresh.get(classType) ?? ownOf(classes, classType) ?? [];
    fresh.set(classType, [sampleOf(job, time), ...before].slice(0, samplesPerClass));
  }
  if (fresh.size === 0) return classes;
  const others = Object.entries(classes).filter(([name]) => !fresh.has(name));
  return Object.fromEntries([...fresh, ...others].slice(0, learntLimits.classes));
}

function withKind(learnt: LearntTimes, job: Job, took: number | null): LearntKind[] {
  if (job.nodeTotal === null) return learnt.kinds;
  const shape = shapeOf(job);
  const title = job.title?.slice(0, learntLimits.nameLength) ?? null;
  if (shape === null && title === null) return learnt.kinds;
  const known = kindOf(learnt, job);
  const sum = job.nodeTimes.reduce((all, time) => all + time.took, 0);
  const { runs = [], nodes = [] } = known ?? {};
  const kind: LearntKind = {
    shape: shape ?? known?.shape ?? null,
    title,
    nodeTotal: job.nodeTotal,
    runs: took === null || took > longestRun ? runs : [runOf(took, job, sum), ...runs].slice(0, maxSamples),
    nodes: withNodes(nodes, job),
  };
  return [kind, ...learnt.kinds.filter((other) => other !== known)].slice(0, learntLimits.kinds);
}

function runOf(took: number, job: Job, sum: number): LearntKind['runs'][number] {
  return [Math.round(took), job.cachedNodes?.digest ?? -1, job.isMissedInPart ? 0 : Math.round(sum)];
}

function withNodes(nodes: LearntKind['nodes'], job: Job): LearntKind['nodes'] {
  if (job.nodeTimes.length === 0) return nodes;
  const known = new Map(nodes.map((node) => [node.id, node.samples]));
  const fresh = job.nodeTimes
    .filter(({ nodeId }) => nodeId.length <= learntLimits.nameLength)
    .map((time) => ({
      id: time.nodeId,
      samples: [sampleOf(job, time), ...(known.get(time.nodeId) ?? [])].slice(0, maxSamples),
    }));
  const ran = new Set(fresh.map(({ id }) => id));
  const all = [...nodes.filter(({ id }) => !ran.has(id)), ...fresh];
  if (all.length <= learntLimits.nodesPerKind) return all;
  const slowest = new Set(
    [...all].sort((a, b) => newestTook(b) - newestTook(a)).slice(0, learntLimits.nodesPerKind),
  );
  return all.filter((node) => slowest.has(node));
}

function newestTook({ samples }: LearntKind['nodes'][number]): number {
  return samples[0]?.[0] ?? 0;
}

function sampleOf(job: Job, time: NodeTime): NodeSample {
  const { work, cold, model, asked, amounts } = circumstancesOf(job);
  const { took, steps = 0, firstMax = 0, lead = 0 } = time;
  return [Math.round(took), steps, firstMax, Math.round(lead), work, cold ? 1 : 0, model, asked, amounts];
}

function withinBytes(kinds: LearntKind[]): LearntKind[] {
  let left: number = learntLimits.kindBytes;
  return kinds.filter((kind) => {
    left -= bytesOf(kind);
    return left >= 0;
  });
}

/** The class of a node of a job's graph. */
function classOf({ nodeNames }: Job, nodeId: string): string | null {
  const classType = ownOf(nodeNames, nodeId)?.classType ?? null;
  return classType !== null && classType.length <= learntLimits.nameLength ? classType : null;
}

function ownOf<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
