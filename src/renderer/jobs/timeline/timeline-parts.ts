import type { TimelineNode } from '../../../domain/jobs/outlook/timeline.ts';

/** One node of a part, or what is left of it in one that stands for several. */
interface Lane {
  nodeId: string;
  title: string;
  state: 'done' | 'running' | 'waiting';
  /** Where it begins within its part, and how long it took or has been running, as shares 0–1 of the part. */
  start: number;
  spent: number;
  /** Up to where it usually takes, as a share 0–1 of the part; null where that is not known. */
  usual: number | null;
  /** Whether it took clearly longer than usual. */
  isSlow: boolean;
}

/** A stretch of the timeline: one node, nodes that run together, or short ones that are told as one. */
export interface Part {
  key: string;
  /** ms of the whole; only its relation to the others counts. */
  weight: number;
  /** One for each node at the same time. */
  lanes: Lane[];
  /** How many nodes it stands for. */
  count: number;
}

/** A part that is less than this share of all is told together with its neighbours. */
const smallest = 1 / 28;
/** Nodes at the same time that get a lane of their own; more share the last one. */
const maxLanes = 4;
/** Nodes overlap if they do for so long, ms: what is heard a moment late does not. */
const overlapFrom = 250;
/** What a node gets that is not known to take any time, and all such nodes together at most; as shares of the others. */
const unknownShare = { each: 0.04, all: 0.4 } as const;
/** From so much of its steps on (0–1), a node says itself how long it will take. */
const tellingFraction = 0.05;
/** Longer than usual is what takes this much longer, as a factor and beyond so many ms. */
const slow = { factor: 1.25, beyond: 1_000 } as const;

type Timed = Omit<TimelineNode, 'state'> & { state: Lane['state'] };

/**
 * The parts of a timeline, in the order in which nodes ran or will run: as wide as they took, or as they usually take if
 * that is longer. Cached nodes take no time and no room. At most some sixty parts, however many nodes there are.
 */
export function timelineParts(nodes: readonly TimelineNode[]): Part[] {
  const timed = nodes.flatMap((node) => (node.state === 'cached' ? [] : [{ ...node, state: node.state }]));
  const groups = together(timed);
  const total = groups.reduce((sum, group) => sum + lengthOf(group), 0);
  const unknowns = groups.filter((group) => lengthOf(group) === 0).length;
  const unknown = Math.max(1, total) * Math.min(unknownShare.each, unknownShare.all / Math.max(1, unknowns));
  const parts = groups.map((group) => partOf(group, unknown));
  return merged(parts, parts.reduce((sum, { weight }) => sum + weight, 0) * smallest);
}

/** Groups of nodes that ran at the same time; nearly always one each. */
function together(nodes: readonly Timed[]): Timed[][] {
  const groups: Timed[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const node of nodes) {
    const { startedAfterMs: start } = node;
    const group = groups.at(-1);
    const isBeside = start !== null && group !== undefined && start < end - overlapFrom;
    // What runs now runs together, however short it was so far.
    const isRunning = node.state === 'running' && group?.every(({ state }) => state === 'running') === true;
    if (group && (isBeside || isRunning)) group.push(node);
    else {
      groups.push([node]);
      end = Number.NEGATIVE_INFINITY;
    }
    if (start !== null) end = Math.max(end, start + (node.tookMs ?? 0));
  }
  return groups;
}

function startOf(group: readonly Timed[]): number {
  return group.reduce((first, { startedAfterMs }) => Math.min(first, startedAfterMs ?? first), Infinity);
}

/** ms that a group took, or usually takes if that is longer. */
function lengthOf(group: readonly Timed[]): number {
  const begin = startOf(group);
  return group.reduce((longest, node) => {
    const offset = node.startedAfterMs === null ? 0 : node.startedAfterMs - begin;
    return Math.max(longest, offset + Math.max(node.tookMs ?? 0, expectedOf(node)));
  }, 0);
}

/** ms that a node usually takes, or as its steps go; 0 where neither is known. */
function expectedOf({ state, tookMs, usualMs, fraction }: Timed): number {
  if (usualMs !== null) return usualMs;
  const tells = state === 'running' && fraction !== null && fraction >= tellingFraction;
  return tells ? (tookMs ?? 0) / fraction : 0;
}

function partOf(group: readonly Timed[], unknown: number): Part {
  const begin = startOf(group);
  const length = lengthOf(group);
  const weight = length > 0 ? length : unknown;
  const lanes = group.slice(0, maxLanes).map((node): Lane => {
    const { nodeId, title, state, usualMs, fraction } = node;
    const took = node.tookMs ?? 0;
    return {
      nodeId,
      title,
      state,
      start: node.startedAfterMs === null ? 0 : share(node.startedAfterMs - begin, weight),
      // What was done in a time that nobody measured is done all the same.
      spent: node.tookMs === null ? (spentUntimed[state] ?? fraction ?? 0) : share(took, weight),
      usual: usualMs === null ? null : share(usualMs, weight),
      isSlow: usualMs !== null && took > usualMs * slow.factor && took > usualMs + slow.beyond,
    };
  });
  return { key: group[0]?.nodeId ?? '', weight, lanes, count: group.length };
}

/** Null where its fraction tells it. */
const spentUntimed: Readonly<Record<Timed['state'], number | null>> = {
  done: 1,
  running: null,
  waiting: 0,
};

function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}

/** Neighbours that are small are told as one, as long as they are in the same state. */
function merged(parts: readonly Part[], least: number): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const before = result.at(-1);
    const [lane] = part.lanes;
    const [other] = before?.lanes ?? [];
    const isSmall = part.weight < least && part.lanes.length === 1;
    const joins =
      isSmall &&
      before !== undefined &&
      before.lanes.length === 1 &&
      (before.count > 1 || before.weight < least) &&
      lane?.state !== 'running' &&
      lane?.state === other?.state;
    if (joins && lane && other) result[result.length - 1] = both(before, other, part, lane);
    else result.push(part);
  }
  return result;
}

function both(before: Part, one: Lane, after: Part, other: Lane): Part {
  const weight = before.weight + after.weight;
  const of = (a: number, b: number) => share(a * before.weight + b * after.weight, weight);
  const lane: Lane = {
    ...one,
    spent: of(one.spent, other.spent),
    usual: one.usual === null && other.usual === null ? null : of(one.usual ?? 0, other.usual ?? 0),
    isSlow: one.isSlow || other.isSlow,
  };
  return { key: before.key, weight, lanes: [lane], count: before.count + after.count };
}
