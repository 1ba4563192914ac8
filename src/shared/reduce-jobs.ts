import { type ExecutedOutput, outputKey } from './executed-output.ts';
import { type CurrentNode, isFinished, type Job, type JobState, unknownJob } from './job.ts';
import { changeFinishedJob, changeLiveJob, changeRunningJob, finishJob } from './job-lists.ts';
import type { HistoryEntry, MonitorEvent, MonitorEventOf, QueueEntry } from './monitor-event.ts';
import { findJob, limits, type ServerState } from './monitor-state.ts';
import { addStepMark } from './step-rate.ts';

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
      | 'prompt_finished'
      | 'prompt_ended'
      | 'prompt_requeued'
      | 'prompt_vanished';
  }
>;

/** The part of `reduce` that concerns jobs; trust grows from queue over socket to history. */
export function reduceJobs(server: ServerState, event: JobEvent): ServerState {
  switch (event.type) {
    case 'queue_read':
      return readQueue(server, event);
    case 'history_read':
      return event.entries.reduce((state, entry) => readHistoryEntry(state, entry, event.at), server);
    case 'prompt_described':
      return changeLiveJob(server, event.promptId, (job) => describe(job, event));
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
      return finish(server, event.promptId, event.at, {
        state: event.outcome,
        finishedAt: event.finishedAt ?? event.at,
        error: event.error,
      });
    case 'prompt_ended': {
      const promptId = event.promptId ?? server.running[0]?.promptId;
      if (promptId === undefined) return server;
      return finish(server, promptId, event.at, { state: 'success', finishedAt: event.at, error: null });
    }
    case 'node_executed': {
      const late = findJob(server, event.promptId);
      const change = (job: Job) => addOutputs(markDone(heard(job, event.at), [event.nodeId]), event.outputs);
      return late && isFinished(late.state)
        ? changeFinishedJob(server, event.promptId, (job) =>
            job.source === 'history' ? job : addOutputs(job, event.outputs),
          )
        : changeRunningJob(server, event.promptId, event.at, change);
    }
    default: {
      // Older servers leave the prompt id out; what runs is then the only candidate.
      const promptId = event.promptId ?? server.running[0]?.promptId;
      if (promptId === undefined) return server;
      return changeRunningJob(server, promptId, event.at, (job) => progress(heard(job, event.at), event));
    }
  }
}

type ProgressEvent = MonitorEventOf<
  | 'prompt_started'
  | 'nodes_cached'
  | 'node_started'
  | 'step_reached'
  | 'node_states_reported'
  | 'node_text_shown'
  | 'preview_received'
>;

function progress(job: Job, event: ProgressEvent): Job {
  switch (event.type) {
    case 'prompt_started':
      return { ...job, progressTold: true, startedAt: event.startedAt ?? job.startedAt ?? event.at };
    case 'nodes_cached':
      return markDone({ ...job, progressTold: true, cachedNodeIds: event.nodeIds }, event.nodeIds);
    case 'node_started':
      return enterNode(job, event.nodeId, event.displayNodeId, event.at);
    case 'step_reached': {
      const nodeId = event.nodeId ?? job.currentNode?.nodeId;
      return nodeId === undefined ? job : reachStep(job, nodeId, nodeId, event.step, event.max, event.at);
    }
    case 'node_states_reported': {
      const done = markDone(told(job), event.finishedNodeIds);
      const running =
        event.running.find((node) => node.nodeId === job.currentNode?.nodeId) ?? event.running.at(-1);
      if (!running) return done;
      // Nodes without steps are reported as 0 of 1.
      return running.max > 1
        ? reachStep(done, running.nodeId, running.displayNodeId, running.step, running.max, event.at)
        : enterNode(done, running.nodeId, running.displayNodeId, event.at);
    }
    case 'node_text_shown':
      return job.currentNode?.nodeId === event.nodeId
        ? { ...job, currentNode: { ...job.currentNode, text: event.text } }
        : job;
    case 'preview_received': {
      const nodeId = event.nodeId ?? job.currentNode?.nodeId ?? null;
      return { ...job, preview: { revision: event.revision, nodeId, at: event.at } };
    }
  }
}

function enterNode(job: Job, nodeId: string, displayNodeId: string, at: number): Job {
  const left = job.currentNode;
  if (left?.nodeId === nodeId) return job;
  const currentNode: CurrentNode = {
    nodeId,
    displayNodeId,
    startedAt: at,
    step: null,
    max: null,
    marks: [],
    text: null,
  };
  const entered = { ...job, currentNode };
  return left ? markDone(entered, [left.nodeId]) : entered;
}

function reachStep(
  job: Job,
  nodeId: string,
  displayNodeId: string,
  step: number,
  max: number,
  at: number,
): Job {
  const entered = enterNode(job, nodeId, displayNodeId, at);
  const node = entered.currentNode;
  if (!node || (node.step === step && node.max === max)) return entered;
  const marks = addStepMark(node.max === max ? node.marks : [], step, at);
  return { ...entered, currentNode: { ...node, step, max, marks } };
}

/** Counts nodes as done; generated nodes (of expanded ones) do not count, they are not in the graph. */
function markDone(job: Job, nodeIds: readonly string[]): Job {
  const done = new Set(job.doneNodeIds);
  const graphKnown = Object.keys(job.nodeNames).length > 0;
  const fresh = nodeIds.filter((id) => !done.has(id) && (!graphKnown || Object.hasOwn(job.nodeNames, id)));
  return fresh.length === 0 ? job : { ...job, doneNodeIds: [...job.doneNodeIds, ...new Set(fresh)] };
}

function describe(job: Job, event: MonitorEventOf<'prompt_described'>): Job {
  const { nodeNames } = event;
  return {
    ...job,
    title: event.title ?? job.title,
    nodeTotal: event.nodeTotal ?? job.nodeTotal,
    nodesToRun: event.nodesToRun ?? job.nodesToRun,
    nodeNames,
    doneNodeIds: job.doneNodeIds.filter((id) => Object.hasOwn(nodeNames, id)),
  };
}

/** From now on we know which nodes are done. */
function told(job: Job): Job {
  return job.progressTold ? job : { ...job, progressTold: true };
}

function heard(job: Job, at: number): Job {
  return job.heardAt === at && job.source === 'socket' ? job : { ...job, heardAt: at, source: 'socket' };
}

function addOutputs(job: Job, outputs: readonly ExecutedOutput[]): Job {
  const known = new Set(job.outputs.map(outputKey));
  const fresh = outputs.filter((output) => !known.has(outputKey(output)));
  if (fresh.length === 0) return job;
  const kept = [...job.outputs, ...fresh].slice(0, limits.outputsPerJob);
  const omitted = job.outputs.length + fresh.length - kept.length;
  return { ...job, outputs: kept, outputsOmitted: job.outputsOmitted + omitted };
}

type Ending = Pick<Job, 'finishedAt' | 'error'> & { state: JobState };

function finish(server: ServerState, promptId: string, at: number, ending: Ending): ServerState {
  const known = findJob(server, promptId);
  if (known && isFinished(known.state) && !isGuess(known.state)) return server;
  const job = heard(known ?? unknownJob(server.server.id, promptId, at), at);
  const done = job.currentNode && ending.state === 'success' ? [job.currentNode.nodeId] : [];
  return finishJob(server, { ...markDone(job, done), ...ending });
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
  const listed = event.pending
    .filter((entry) => !elsewhere.has(entry.promptId))
    .slice(0, limits.pendingJobs)
    .map((entry) =>
      fillFromQueue(
        known.get(entry.promptId) ?? unknownJob(server.server.id, entry.promptId, event.at),
        entry,
      ),
    );
  // Whether a missing job was cancelled, lost or finished is decided by whoever read the history too.
  const listedIds = new Set(listed.map((job) => job.promptId));
  const missing = withRunning.pending.filter((job) => !listedIds.has(job.promptId));
  return {
    ...withRunning,
    pending: [...listed, ...missing],
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
  };
  const same =
    filled.title === job.title &&
    filled.queueNumber === job.queueNumber &&
    filled.queuedAt === job.queuedAt &&
    filled.startedAt === job.startedAt &&
    filled.nodeTotal === job.nodeTotal;
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
    cachedNodeIds: entry.cachedNodeIds ?? job.cachedNodeIds,
    nodeNames: { ...job.nodeNames, ...entry.nodeNames },
    error: entry.error ?? job.error,
  };
  return finishJob(server, addOutputs(merged, entry.outputs));
}

/** Whether a job is only missing from where it was, so that whoever knows its outcome knows better. */
function isGuess(state: JobState): boolean {
  return state === 'ended' || state === 'lost';
}

/** Whether a job was first heard of in this connection, so that it was there a moment before it was missed. */
function isWatched({ connection }: ServerState, job: Job | undefined): boolean {
  if (job === undefined || (connection.phase !== 'connected' && connection.phase !== 'polling')) return false;
  return job.heardAt >= connection.since;
}
