import type { JobError, Outcome } from '../../../domain/jobs/job.ts';
import type { QueueEntry } from '../../../domain/monitor-event.ts';
import { idOf, isObject, listOf, numberOf, type WireObject } from '../wire-values.ts';
import { decodeJobError } from './decode-job-error.ts';

/** Far more than a state keeps, and no one queues by hand. */
const maxJobs = 5_000;

/** A prompt that is over, as the list of jobs has it: without outputs. */
export interface EndedJob {
  promptId: string;
  runKey: string | null;
  outcome: Outcome | null;
  finishedAt: number | null;
  error: JobError | null;
}

/** What `/api/jobs` lists: prompts without their graphs, so neither titles nor node counts. */
export interface JobsAnswer {
  running: QueueEntry[];
  /** In the order in which they will run. */
  pending: QueueEntry[];
  /** Prompts that are over, as the server sorted them. */
  finished: EndedJob[];
}

/**
 * Reads the answer of `/api/jobs` (ComfyUI 0.7 on), or gives null if it is none. Entries that are no jobs are left
 * out; if none is one, the list is written in a way that we do not know.
 */
export function decodeJobs(answer: unknown, hostTime: (serverTime: number) => number): JobsAnswer | null {
  if (!isObject(answer) || !Array.isArray(answer.jobs)) return null;
  const running: QueueEntry[] = [];
  const pending: QueueEntry[] = [];
  const finished: EndedJob[] = [];
  for (const job of listOf(answer.jobs, maxJobs)) {
    const promptId = isObject(job) ? idOf(job.id) : null;
    if (promptId === null || !isObject(job)) continue;
    if (job.status === 'in_progress') running.push(queueEntry(promptId, job, hostTime));
    else if (job.status === 'pending') pending.push(queueEntry(promptId, job, hostTime));
    else finished.push(endedJob(promptId, job, hostTime));
  }
  if (answer.jobs.length > 0 && running.length + pending.length + finished.length === 0) return null;
  return { running, pending: pending.sort(inQueueOrder), finished };
}

/** The smallest number runs first. */
export function inQueueOrder(a: Pick<QueueEntry, 'queueNumber'>, b: Pick<QueueEntry, 'queueNumber'>): number {
  return (a.queueNumber ?? 0) - (b.queueNumber ?? 0);
}

/**
 * What tells one run from another of the same prompt id: the number that the server gave to it, and when it was
 * queued by the server's own clock (recent servers). Null where the server says neither.
 */
export function runKeyOf(number: unknown, createTime: unknown): string | null {
  const [place, time] = [numberOf(number), numberOf(createTime)];
  return place === null && time === null ? null : `${place ?? ''} ${time ?? ''}`;
}

/** A time in the host's clock; null if there is none, -1 and 0 included. */
export function timeOf(value: unknown, hostTime: (serverTime: number) => number): number | null {
  const time = numberOf(value);
  return time === null || time <= 0 ? null : hostTime(time);
}

/** How a job of the list ended; null for a status that we do not know. */
export function outcomeOfJob(status: unknown): Outcome | null {
  switch (status) {
    case 'completed':
      return 'success';
    case 'failed':
      return 'error';
    // Those that are taken out of the queue before they run leave no trace.
    case 'cancelled':
      return 'interrupted';
    default:
      return null;
  }
}

function queueEntry(promptId: string, job: WireObject, hostTime: (serverTime: number) => number): QueueEntry {
  return {
    promptId,
    queueNumber: numberOf(job.priority),
    queuedAt: timeOf(job.create_time, hostTime),
    startedAt: timeOf(job.execution_start_time, hostTime),
    title: null,
    nodeTotal: null,
  };
}

function endedJob(promptId: string, job: WireObject, hostTime: (serverTime: number) => number): EndedJob {
  const outcome = outcomeOfJob(job.status);
  return {
    promptId,
    runKey: runKeyOf(job.priority, job.create_time),
    outcome,
    finishedAt: timeOf(job.execution_end_time, hostTime),
    error: outcome === 'error' && isObject(job.execution_error) ? decodeJobError(job.execution_error) : null,
  };
}
