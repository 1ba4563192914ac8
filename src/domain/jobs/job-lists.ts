import { limits, type ServerState } from '../monitor-state.ts';
import { type RunFigures, runFigures } from '../telemetry/run-figures.ts';
import { endedAround, isFinished, type Job, unknownJob } from './job.ts';
import { learnRun } from './learnt/learn.ts';
import { forgotten } from './node-set.ts';
import { withNodeTimes } from './node-times.ts';
import { usualRun } from './outlook/usual-run.ts';

/** Changes a queued or running job where it stands; a job that is unknown or finished is left alone. */
export function changeLiveJob(server: ServerState, promptId: string, change: (job: Job) => Job): ServerState {
  for (const list of ['running', 'pending'] as const) {
    const index = server[list].findIndex((job) => job.promptId === promptId);
    const before = server[list][index];
    if (!before) continue;
    const after = change(before);
    return after === before ? server : { ...server, [list]: server[list].with(index, after) };
  }
  return server;
}

/**
 * Takes a job for running, wherever it was: known as pending, or not known at all. Moves it to the
 * front and changes it. A finished job stays finished: frames can be late or doubled.
 */
export function changeRunningJob(
  server: ServerState,
  promptId: string,
  at: number,
  change: (job: Job) => Job,
): ServerState {
  const first = server.running[0];
  if (first?.promptId === promptId) {
    const after = change(first);
    if (after === first) return server;
    // Mostly there is one, and every message comes through here.
    return { ...server, running: server.running.length === 1 ? [after] : server.running.with(0, after) };
  }
  const known =
    server.running.find((job) => job.promptId === promptId) ??
    server.pending.find((job) => job.promptId === promptId);
  if (!known && server.finished.some((job) => job.promptId === promptId)) return server;
  const job = change({ ...(known ?? unknownJob(server.server.id, promptId, at)), state: 'running' });
  const others = server.running.filter((other) => other.promptId !== promptId);
  return {
    ...server,
    running: [job, ...others].slice(0, limits.runningJobs),
    pending: known?.state === 'queued' ? without(server.pending, promptId) : server.pending,
  };
}

/** Changes a finished job in place, for facts that arrive after the end. */
export function changeFinishedJob(
  server: ServerState,
  promptId: string,
  change: (job: Job) => Job,
): ServerState {
  const index = server.finished.findIndex((job) => job.promptId === promptId);
  const before = server.finished[index];
  if (!before) return server;
  const after = change(before);
  return after === before ? server : { ...server, finished: server.finished.with(index, after) };
}

/** Enters a job into the finished ones, newest first, and drops what only a live job needs. */
export function finishJob(server: ServerState, ended: Job): ServerState {
  const job = withUsual(server, withLastNodes(ended));
  const named = new Set<string | null | undefined>(
    [job.error, ...job.outputs, ...job.words].map((part) => part?.nodeId),
  );
  const finished: Job = {
    ...job,
    nodeTimes: [],
    reached: null,
    runningNodes: [],
    runningNodesOmitted: 0,
    cachedNodes: job.cachedNodes && forgotten(job.cachedNodes),
    doneNodes: forgotten(job.doneNodes),
    preview: null,
    figuresSoFar: null,
    ...figuresOf(server, job),
    nodeNames: Object.fromEntries(Object.entries(job.nodeNames).filter(([id]) => named.has(id))),
  };
  const others = without(server.finished, job.promptId);
  const when = endedAround(finished);
  const place = others.findIndex((other) => endedAround(other) <= when);
  return {
    ...server,
    running: without(server.running, job.promptId),
    pending: without(server.pending, job.promptId),
    finished: others
      .toSpliced(place === -1 ? others.length : place, 0, finished)
      .slice(0, limits.finishedJobs),
    learnt: learnRun(server.learnt, job),
  };
}

/** A job that came to its end with what ran until then; of one that did not, the last node ended some other way. */
function withLastNodes(job: Job): Job {
  if (job.state !== 'success' || job.finishedAt === null) return job;
  return withNodeTimes(job, { ...job, runningNodes: [] }, job.finishedAt);
}

function withUsual({ learnt }: ServerState, job: Job): Job {
  return job.usual === null && job.state === 'success'
    ? { ...job, usual: usualRun(learnt, job)?.took ?? null }
    : job;
}

/** What was measured while it ran; nothing of a job that never ran, or whose end is not known. */
function figuresOf({ telemetry }: ServerState, job: Job): RunFigures {
  const { peakVram, energyJoules } = job;
  const ran = job.state === 'success' || job.state === 'error' || job.state === 'interrupted';
  if (!ran || peakVram !== null || energyJoules !== null) return { peakVram, energyJoules };
  return runFigures(telemetry, job);
}

/**
 * Jobs that entered a terminal state between two states of the same server, oldest first: those that
 * were live before, and those that began and ended unseen since we first got through. This transition,
 * and only this, is worth a notification.
 */
export function newlyFinished(before: ServerState | undefined, after: ServerState): Job[] {
  if (!before || before.finished === after.finished) return [];
  const known = new Map(before.finished.map((job) => [job.promptId, job.run]));
  const live = new Set([...before.running, ...before.pending].map((job) => job.promptId));
  const since = after.watchedSince ?? Number.POSITIVE_INFINITY;
  return after.finished
    .filter(
      (job) =>
        isFinished(job.state) &&
        known.get(job.promptId) !== job.run &&
        (live.has(job.promptId) || known.has(job.promptId) || (job.finishedAt ?? 0) >= since),
    )
    .reverse();
}

function without(jobs: Job[], promptId: string): Job[] {
  return jobs.some((job) => job.promptId === promptId)
    ? jobs.filter((job) => job.promptId !== promptId)
    : jobs;
}
