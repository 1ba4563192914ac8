import type { HistoryEntry, MonitorEvent, MonitorEventOf, QueueEntry } from '../monitor-event.ts';
import { findJob, limits, type ServerState } from '../monitor-state.ts';
import { isFinished, type Job, type JobState, unknownJob } from './job.ts';
import { addOutputs, addWord, boundedError, withinBudget } from './job-budget.ts';
import { changeFinishedJob, changeLiveJob, changeRunningJob, finishJob } from './job-lists.ts';
import { describe, executed, progress } from './node-progress.ts';
import { addNodes, noNodes } from './node-set.ts';

export type JobEvent = Extract<
  MonitorEvent,
  {
    type:
      | 'queue_read'
      | 'history_read'
      | 'prompt_described'
      | 'prompt_started'
      | 'nodes_cached'
      | 'node_started'
      | 'step_reached'
      | 'node_states_reported'
      | 'node_text_shown'
      | 'preview_received'
      | 'node_executed'
      | 'words_said'
      | 'prompt_finished'
      | 'prompt_ended'
      | 'prompt_requeued'
      | 'prompt_vanished';
  }
>;

/** The part of `reduce` that concerns jobs; trust grows from queue over socket to history. */
export function reduceJobs(server: ServerState, event: JobEvent): ServerState {
  return withinBudget(changed(server, event), server);
}

function changed(server: ServerState, event: JobEvent): ServerState {
  switch (event.type) {
    case 'queue_read':
      return readQueue(server, event);
    case 'history_read':
      return event.entries.reduce((state, entry) => readHistoryEntry(state, entry, event.at), server);
    case 'prompt_described':
      return changeLiveJob(server, event.promptId, (job) => describe(job, event, server.learnt));
    case 'prompt_requeued':
      return queueAgain(server, event.promptId, event.at);
    case 'prompt_vanished': {
      const job = findJob(server, event.promptId);
      if (!job || (isFinished(job.state) && job.state !== 'ended') || job.state === event.fate) return server;
      // When it is missed is not when it ended: a lost prompt gets no end, and so no duration.
      const finishedAt = event.fate === 'cancelled' ? event.at : null;
      return finishJob(server, { ...job, state: event.fate, finishedAt, heardAt: event.at });
    }
    case 'prompt_finished':
      return finish(
        server,
        event.promptId,
        event.at,
        { state: event.outcome, finishedAt: event.finishedAt ?? event.at, error: event.error },
        event.stamp,
      );
    case 'prompt_ended': {
      const promptId = event.promptId ?? server.running[0]?.promptId;
      if (promptId === undefined) return server;
      return finish(server, promptId, event.at, { state: 'success', finishedAt: event.at, error: null });
    }
    case 'node_executed': {
      const late = findJob(server, event.promptId);
      const change = (job: Job) =>
        addOutputs(executed(heard(job, event.at), event.nodeId, server.learnt), event.outputs);
      return late && isFinished(late.state)
        ? changeFinishedJob(server, event.promptId, (job) =>
            job.source === 'history' ? job : addOutputs(job, event.outputs),
          )
        : changeRunningJob(server, event.promptId, event.at, change);
    }
    case 'words_said': {
      const promptId = event.promptId ?? server.running[0]?.promptId;
      if (promptId === undefined) return server;
      const { nodeId, text, at } = event;
      const say = (job: Job): Job => addWord(job, { nodeId, text, at });
      const said = changeLiveJob(server, promptId, say);
      return said === server ? changeFinishedJob(server, promptId, say) : said;
    }
    default: {
      // Older servers leave the prompt id out; what runs is then the only candidate.
      const promptId = event.promptId ?? server.running[0]?.promptId;
      if (promptId === undefined) return server;
      return changeRunningJob(server, promptId, event.at, (job) =>
        progress(job, event, server.learnt, reachedSince(server)),
      );
    }
  }
}

/** Since when we hear of everything, ms; 0 while we are not through to the server. */
function reachedSince({ connection }: ServerState): number {
  return connection.phase === 'connected' || connection.phase === 'polling' ? connection.since : 0;
}

function heard(job: Job, at: number): Job {
  return job.heardAt === at && job.source === 'socket' ? job : { ...job, heardAt: at, source: 'socket' };
}

type Ending = Pick<Job, 'finishedAt' | 'error'> & { state: JobState };

/** By how much (ms) the server's own measure of a run may differ from ours: more, and its clock was set meanwhile. */
const measuredWithin = 30_000;

function finish(
  server: ServerState,
  promptId: string,
  at: number,
  ending: Ending,
  stamp?: number,
): ServerState {
  const known = findJob(server, promptId);
  if (known && isFinished(known.state) && !isGuess(known.state)) return server;
  const job = heard(known ?? unknownJob(server.server.id, promptId, at), at);
  const startedAt = measuredStart(job, ending.finishedAt, stamp);
  return finishJob(server, { ...job, ...ending, startedAt, error: boundedError(ending.error) });
}

/**
 * When a job began: as long before its end as the server measured by its own clock, whatever that clock says. What was
 * heard late, both ends of it at once say, would else seem to have taken no time.
 */
function measuredStart(
  { startedAt, startStamp }: Job,
  finishedAt: number | null,
  stamp: number | undefined,
): number | null {
  if (startedAt === null || finishedAt === null || startStamp === undefined || stamp === undefined)
    return startedAt;
  const took = stamp - startStamp;
  const isSound = took >= 0 && Math.abs(took - (finishedAt - startedAt)) <= measuredWithin;
  return isSound ? finishedAt - took : startedAt;
}

/** A job becomes a queued one of which nothing else is known, whatever the run before has come to. */
function queueAgain(server: ServerState, promptId: string, at: number): ServerState {
  const earlier = findJob(server, promptId);
  if (!earlier) return server;
  const { title, nodeTotal, run } = earlier;
  const job = { ...unknownJob(server.server.id, promptId, at), title, nodeTotal, run: run + 1 };
  const isOther = (other: Job): boolean => other !== earlier;
  return {
    ...server,
    running: server.running.filter(isOther),
    pending: [...server.pending.filter(isOther), job].slice(0, limits.pendingJobs),
    finished: server.finished.filter(isOther),
  };
}

function readQueue(server: ServerState, event: MonitorEventOf<'queue_read'>): ServerState {
  const withRunning = event.running.reduce(
    (state, entry) =>
      findJob(state, entry.promptId)?.state === 'running'
        ? changeLiveJob(state, entry.promptId, (job) => fillFromQueue(job, entry))
        : changeRunningJob(state, entry.promptId, event.at, (job) => fillFromQueue(job, entry)),
    server,
  );
  const elsewhere = new Set([...withRunning.running, ...withRunning.finished].map((job) => job.promptId));
  const known = new Map(withRunning.pending.map((job) => [job.promptId, job]));
  // An id that a server lists twice is one job, at its first place.
  const isListed = new Set<string>();
  const listed = event.pending
    .filter(({ promptId }) => {
      if (elsewhere.has(promptId) || isListed.has(promptId)) return false;
      isListed.add(promptId);
      return true;
    })
    .slice(0, limits.pendingJobs)
    .map((entry) =>
      fillFromQueue(
        known.get(entry.promptId) ?? unknownJob(server.server.id, entry.promptId, event.at),
        entry,
      ),
    );
  // Whether a missing job was cancelled, lost or finished is decided by the reader, which read the history too.
  const missing = withRunning.pending.filter((job) => !isListed.has(job.promptId));
  return {
    ...withRunning,
    pending: [...listed, ...missing].slice(0, limits.pendingJobs),
    queueLength: event.running.length + event.pending.length,
  };
}

function fillFromQueue(job: Job, entry: QueueEntry): Job {
  const filled = {
    title: entry.title ?? job.title,
    queueNumber: entry.queueNumber ?? job.queueNumber,
    queuedAt: entry.queuedAt ?? job.queuedAt,
    startedAt: job.startedAt ?? entry.startedAt,
    nodeTotal: job.nodeTotal ?? entry.nodeTotal,
    parameters: job.parameters ?? entry.parameters ?? null,
  };
  const same =
    filled.title === job.title &&
    filled.queueNumber === job.queueNumber &&
    filled.queuedAt === job.queuedAt &&
    filled.startedAt === job.startedAt &&
    filled.nodeTotal === job.nodeTotal &&
    filled.parameters === job.parameters;
  return same ? job : { ...job, ...filled };
}

function readHistoryEntry(server: ServerState, entry: HistoryEntry, at: number): ServerState {
  const known = findJob(server, entry.promptId);
  // History is final: what was read once need not be merged again.
  if (known?.source === 'history') return server;
  const job = known ?? unknownJob(server.server.id, entry.promptId, at);
  const merged: Job = {
    ...job,
    state: entry.outcome,
    source: 'history',
    heardAt: at,
    title: entry.title ?? job.title,
    queueNumber: entry.queueNumber ?? job.queueNumber,
    queuedAt: entry.queuedAt ?? job.queuedAt,
    startedAt: entry.startedAt ?? job.startedAt,
    finishedAt: entry.finishedAt ?? job.finishedAt ?? (isWatched(server, known) ? at : null),
    nodeTotal: entry.nodeTotal ?? job.nodeTotal,
    parameters: entry.parameters ?? job.parameters,
    cachedNodes: entry.cachedNodeIds === null ? job.cachedNodes : addNodes(noNodes, entry.cachedNodeIds),
    nodeNames: { ...job.nodeNames, ...entry.nodeNames },
    error: boundedError(entry.error ?? job.error),
  };
  return finishJob(server, addOutputs(merged, entry.outputs));
}

/** Whether a job is only missing from where it was, so that an event with its outcome knows better. */
function isGuess(state: JobState): boolean {
  return state === 'ended' || state === 'lost';
}

/** Whether a job was first heard of in this connection, so that it was there a moment before it was missed. */
function isWatched({ connection }: ServerState, job: Job | undefined): boolean {
  if (job === undefined || (connection.phase !== 'connected' && connection.phase !== 'polling')) return false;
  return job.heardAt >= connection.since;
}
