import { limits, type ServerState } from '../monitor-state.ts';
import { formatDuration, formatRoughly } from '../text/format.ts';
import { type Job, jobElapsed } from './job.ts';
import { isSameSet, type NodeSet } from './node-set.ts';
import { nodeEta } from './step-rate.ts';

/** How long runs of a prompt's kind took before, ms. */
export interface RunEstimate {
  /** The median: one run that took far longer than the others changes nothing. */
  usual: number;
  shortest: number;
  longest: number;
  /** How many runs these figures come from, 1–5. */
  runs: number;
}

/** What is left of a running job, by how long its kind took before. */
export interface RunLeft {
  estimate: RunEstimate;
  /** ms; null once it has been running for longer than usual. */
  left: number | null;
}

/** What is left of a server's queue, the running job included. */
export interface QueueLeft {
  /** ms, of those prompts whose kind ran before. */
  known: number;
  /** Whether that is all of it: otherwise it takes longer. */
  isAll: boolean;
}

/** The newest runs count: models, settings and machines change. */
const maxRuns = 5;
/** Runs that differ by more than this factor were not given the same to do. */
const sameWithin = 1.5;
/** Times are shown in whole seconds: less than this (ms) beyond the usual is not worth a word. */
const grace = 1_000;
const minute = 60_000;

/**
 * How long a prompt will run, from the last runs of its kind alone: same title, same number of nodes,
 * ended well. Null if there were none, so that nothing is guessed.
 *
 * What the cache answers decides about seconds or minutes, and any single node can be the slow one. So
 * only runs count that left out the very same nodes. Of a prompt that waits, or whose progress is not
 * reported, this is not known; then most of the last runs have to agree in it, and those count.
 */
export function estimateRun(
  { finished }: Pick<ServerState, 'finished'>,
  job: Pick<Job, 'title' | 'nodeTotal' | 'cachedNodes'>,
): RunEstimate | null {
  if (job.title === null || job.nodeTotal === null) return null;
  const ofKind = finished.flatMap((run) => {
    const took = run.title === job.title && run.nodeTotal === job.nodeTotal ? durationOf(run) : null;
    return took === null ? [] : [{ took, cachedNodes: run.cachedNodes }];
  });
  const { cachedNodes } = job;
  const alike = cachedNodes === null ? agreeing(ofKind.slice(0, maxRuns)) : like(cachedNodes, ofKind);
  const durations = sinceChange(alike.slice(0, maxRuns).map(({ took }) => took)).sort((a, b) => a - b);
  const [shortest] = durations;
  const longest = durations.at(-1);
  if (shortest === undefined || longest === undefined) return null;
  return { usual: median(durations), shortest, longest, runs: durations.length };
}

/**
 * What is left of a running job at `now` (ms): the usual time less what has passed, and no less than the
 * current node takes by its own steps. Null where nothing is known of its kind or of its start.
 */
export function runLeft(server: Pick<ServerState, 'finished'>, job: Job, now: number): RunLeft | null {
  const elapsed = job.state === 'running' ? jobElapsed(job, now) : null;
  const estimate = elapsed === null ? null : estimateRun(server, job);
  if (elapsed === null || estimate === null) return null;
  const left = estimate.usual - elapsed;
  return { estimate, left: left <= -grace ? null : Math.max(0, left, nodeEta(job, now) ?? 0) };
}

/** What is left of the queue at `now` (ms); null if nothing waits, or nothing is known of what waits. */
export function queueLeft(server: ServerState, now: number): QueueLeft | null {
  const estimateOf = estimatesByKind(server);
  const waiting = server.pending.map((job) => estimateOf(job)?.usual ?? null);
  if (waiting.every((usual) => usual === null)) return null;
  const [job] = server.running;
  const parts = job ? [runLeft(server, job, now)?.left ?? null, ...waiting] : waiting;
  return {
    known: parts.reduce((sum: number, part) => sum + (part ?? 0), 0),
    // A full list may stand for a longer queue.
    isAll: !parts.includes(null) && server.pending.length < limits.pendingJobs,
  };
}

/** `about 8 s left`, `longer than usual (14 s)`. */
export function leftText({ left, estimate }: RunLeft): string {
  return left === null
    ? `longer than usual (${formatDuration(estimate.usual)})`
    : `about ${formatRoughly(left, Math.ceil)} left`;
}

/** What an estimate comes from: `the last 3 took 14 s`, `the last 3 took 12 s to 16 s`. */
export function basisText({ runs, shortest, longest }: RunEstimate): string {
  const [from, to] = [formatDuration(shortest), formatDuration(longest)];
  return `the last ${runs === 1 ? 'one' : runs} took ${from === to ? from : `${from} to ${to}`}`;
}

/** `about 9 min`, `over 9 min`, in whole minutes if it takes one; null where only less than a second is known. */
export function queueLeftText({ known, isAll }: QueueLeft): string | null {
  const round = isAll ? Math.ceil : Math.floor;
  const shown = known < minute ? known : round(known / minute) * minute;
  if (isAll) return `about ${formatRoughly(shown, round)}`;
  return known < 1_000 ? null : `over ${formatRoughly(shown, round)}`;
}

interface EarlierRun {
  /** ms */
  took: number;
  cachedNodes: NodeSet | null;
}

function durationOf(run: Job): number | null {
  return run.state === 'success' && run.finishedAt !== null ? jobElapsed(run, run.finishedAt) : null;
}

function like(cachedNodes: NodeSet | null, runs: readonly EarlierRun[]): EarlierRun[] {
  return runs.filter((run) => isSame(run.cachedNodes, cachedNodes));
}

/** The runs of which more than half left out the same nodes; none if there is no such majority. */
function agreeing(runs: readonly EarlierRun[]): EarlierRun[] {
  const groups = runs.map((run) => like(run.cachedNodes, runs));
  return groups.find((group) => group.length * 2 > runs.length) ?? [];
}

/**
 * The newest durations, as far as they are about the same: steps, sizes and models are changed from run to
 * run without a new title, and what took a second with 4 steps says nothing of 40. One run that differs
 * from all others is no change yet: it may just have had a busy machine, or models to load.
 */
function sinceChange(durations: readonly number[]): number[] {
  const [newest, second] = durations;
  if (newest === undefined || second === undefined) return [...durations];
  if (!isAlike(newest, second)) return durations.length === 2 ? [newest] : [...durations];
  const change = durations.findIndex((took) => !isAlike(took, newest));
  return change === -1 ? [...durations] : durations.slice(0, change);
}

function isAlike(one: number, other: number): boolean {
  return Math.max(one, other) <= sameWithin * Math.min(one, other);
}

function isSame(one: NodeSet | null, other: NodeSet | null): boolean {
  return one === null || other === null ? one === other : isSameSet(one, other);
}

function median(sorted: readonly number[]): number {
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** Looks up estimates of many waiting prompts; most are of few kinds. */
function estimatesByKind(server: ServerState): (job: Job) => RunEstimate | null {
  const known = new Map<string, RunEstimate | null>();
  return (job) => {
    const kind = JSON.stringify([job.title, job.nodeTotal]);
    const estimate = known.get(kind);
    if (estimate !== undefined) return estimate;
    const fresh = estimateRun(server, job);
    known.set(kind, fresh);
    return fresh;
  };
}
