import { limits, type ServerState } from '../monitor-state.ts';
import { type ExecutedOutput, outputKey } from '../outputs/executed-output.ts';
import { bytesOf, jsonBytes, listBytes } from '../text/json-bytes.ts';
import type { Job, JobError, JobWord } from './job.ts';
import { forgotten, hasNode, isForgotten, noNodes } from './node-set.ts';

/*
 * Bounds multiply: as many jobs as may be, each with as many outputs as may be, each as long as may be, would be
 * more than a page can take. So what is kept is bounded in bytes as well, and what is dropped is counted. Host and
 * page drop the same, because both go by nothing but the state.
 */

/**
 * Adds outputs that are new, as far as a job has room for them. Files keep a part that texts cannot take. Those of nodes
 * that were not cached count as written by this run.
 */
export function addOutputs(job: Job, outputs: readonly ExecutedOutput[]): Job {
  const known = new Map(job.outputs.map((output, place) => [outputKey(output), place]));
  const kept = [...job.outputs];
  let bytes = listBytes(job.outputs);
  let omitted = 0;
  let upgraded = false;
  for (const reported of outputs) {
    const key = outputKey(reported);
    const output =
      reported.file && hasRun(job, reported.nodeId) ? { ...reported, written: true as const } : reported;
    const place = known.get(key);
    if (place !== undefined) {
      const before = kept[place];
      if (!before || !output.written || before.written) continue;
      kept[place] = { ...before, written: true };
      upgraded = true;
      continue;
    }
    known.set(key, -1);
    const room = output.file === null ? limits.textBytesPerJob : limits.outputBytesPerJob;
    const size = bytesOf(output);
    if (kept.length >= limits.outputsPerJob || bytes + size > room) omitted += 1;
    else {
      kept.push(output);
      bytes += size;
    }
  }
  if (kept.length === job.outputs.length && omitted === 0 && !upgraded) return job;
  return { ...job, outputs: kept, outputsOmitted: job.outputsOmitted + omitted };
}

/** Whether a node is known not to have been cached; what ended before its cached nodes were reported is not known. */
function hasRun({ cachedNodes }: Job, nodeId: string): boolean {
  if (cachedNodes === null || isForgotten(cachedNodes)) return false;
  return !hasNode(cachedNodes, nodeId);
}

/** Adds a word for people; the same word again adds nothing. */
export function addWord(job: Job, { nodeId, text, at }: JobWord): Job {
  const said = text.slice(0, limits.wordLength);
  if (job.words.some((word) => word.nodeId === nodeId && word.text === said)) return job;
  return job.words.length >= limits.wordsPerJob
    ? { ...job, wordsOmitted: job.wordsOmitted + 1 }
    : { ...job, words: [...job.words, { nodeId, text: said, at }] };
}

/** Stands for lines that are not kept: a sign, as host and page keep the same whatever they speak. */
const cut = '…';

/** A failure with as much of its traceback as there is room for: the end, where the cause is. */
export function boundedError(error: JobError | null, room: number = limits.errorBytes): JobError | null {
  if (error === null || bytesOf(error) <= room) return error;
  const { traceback, ...rest } = error;
  let left = room - bytesOf(rest) - 100;
  let first = traceback.length;
  for (; first > 0; first -= 1) {
    left -= jsonBytes(traceback[first - 1] ?? '') + 1;
    if (left < 0) break;
  }
  return { ...rest, traceback: [cut, ...traceback.slice(first)] };
}

/** A server whose jobs changed, with what there is room for. */
export function withinBudget(server: ServerState, before: ServerState): ServerState {
  const running = hasSameDetails(server.running, before.running)
    ? server.running
    : withinBytes(server.running, limits.runningBytes);
  const finished =
    server.finished === before.finished
      ? server.finished
      : withinBytes(server.finished, limits.finishedBytes);
  const pending =
    server.pending === before.pending
      ? server.pending
      : withinParameterBytes(server.pending, limits.pendingParameterBytes);
  return running === server.running && finished === server.finished && pending === server.pending
    ? server
    : { ...server, running, finished, pending };
}

/** Whether all takes as much room as before, as with nearly every message: steps have bounds of their own. */
function hasSameDetails(jobs: readonly Job[], before: readonly Job[]): boolean {
  if (jobs === before) return true;
  if (jobs.length !== before.length) return false;
  for (let index = 0; index < jobs.length; index += 1) {
    const [one, other] = [jobs[index], before[index]];
    if (one === other) continue;
    const isSame =
      one &&
      other &&
      one.outputs === other.outputs &&
      one.words === other.words &&
      one.nodeNames === other.nodeNames &&
      one.error === other.error &&
      one.parameters === other.parameters &&
      one.cachedNodes === other.cachedNodes &&
      one.doneNodes === other.doneNodes &&
      textLengthOf(one) === textLengthOf(other);
    if (!isSame) return false;
  }
  return true;
}

function textLengthOf({ runningNodes }: Job): number {
  let length = 0;
  for (const { text } of runningNodes) length += text?.length ?? 0;
  return length;
}

/**
 * A list of jobs, the most important first, whose details take at most so many bytes of JSON. Of a job that does not
 * fit, what is long goes first: texts, the traceback, names of nodes. The next to go are its files.
 */
function withinBytes(jobs: Job[], bytes: number): Job[] {
  let left = bytes;
  let result = jobs;
  for (let index = 0; index < jobs.length; index += 1) {
    const job = jobs[index];
    if (!job) continue;
    const size = sizeOf(job);
    if (size <= left) {
      left -= size;
      continue;
    }
    const shortened = withoutLongParts(job);
    const kept = sizeOf(shortened) <= left ? shortened : withoutDetails(shortened);
    left -= sizeOf(kept);
    result = result.with(index, kept);
  }
  return result;
}

/**
 * Jobs that wait, whose parameters take at most so many bytes of JSON. Those that wait longest are told again when their
 * turn comes: they lose their words first, and the figures of others are kept as long as there is room.
 */
function withinParameterBytes(jobs: Job[], bytes: number): Job[] {
  let excess = -bytes;
  for (const job of jobs) excess += parameterBytes(job);
  if (excess <= 0) return jobs;
  const result = [...jobs];
  for (const shorten of [wordless, () => null]) {
    for (let index = result.length - 1; index >= 0 && excess > 0; index -= 1) {
      const job = result[index];
      if (!job?.parameters) continue;
      const kept = { ...job, parameters: shorten(job.parameters) };
      excess -= parameterBytes(job) - parameterBytes(kept);
      result[index] = kept;
    }
  }
  return result;
}

function parameterBytes({ parameters }: Job): number {
  return parameters === null ? 0 : bytesOf(parameters);
}

function wordless(parameters: Job['parameters']): Job['parameters'] {
  return parameters && { ...parameters, positive: null, negative: null };
}

const knownSizes = new WeakMap<Job, number>();

/** `detailBytes`, measured once of a job that changes no more. */
function sizeOf(job: Job): number {
  if (job.state === 'running') return detailBytes(job);
  const before = knownSizes.get(job);
  if (before !== undefined) return before;
  const bytes = detailBytes(job);
  knownSizes.set(job, bytes);
  return bytes;
}

/** Everything about a job that has no small bound of its own. */
function detailBytes(job: Job): number {
  return (
    listBytes(job.outputs) +
    listBytes(job.words) +
    bytesOf(job.nodeNames) +
    (job.error === null ? 0 : bytesOf(job.error)) +
    parameterBytes(job) +
    (job.cachedNodes?.bytes ?? 0) +
    job.doneNodes.bytes +
    // These change with every step; a character takes at most six bytes.
    6 * textLengthOf(job)
  );
}

const fewBytes = 2_000;

function withoutLongParts(job: Job): Job {
  const files = job.outputs.filter(({ file }) => file !== null);
  return {
    ...job,
    outputs: files,
    outputsOmitted: job.outputsOmitted + job.outputs.length - files.length,
    error: boundedError(job.error, fewBytes),
    parameters: wordless(job.parameters),
    nodeNames: noNames,
    nodeNamesOmitted: job.nodeNamesOmitted + Object.keys(job.nodeNames).length,
    graphKnown: false,
    cachedNodes: job.cachedNodes && forgotten(job.cachedNodes),
    doneNodes: noNodes,
    reusedNodes: job.reusedNodes + job.doneNodes.count,
  };
}

function withoutDetails(job: Job): Job {
  return {
    ...job,
    outputs: none,
    outputsOmitted: job.outputsOmitted + job.outputs.length,
    words: none,
    wordsOmitted: job.wordsOmitted + job.words.length,
    error: job.error && { ...job.error, message: job.error.message.slice(0, 200), traceback: [] },
    parameters: null,
    runningNodes: job.runningNodes.map((node) => ({ ...node, text: null })),
  };
}

// Measured once.
const none: never[] = [];
const noNames = {};
