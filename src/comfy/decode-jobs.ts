import type { QueueEntry } from '../shared/monitor-event.ts';
import { idOf, isObject, listOf, numberOf } from './wire-values.ts';

/** Far more than a state keeps, and no one queues by hand. */
const maxJobs = 5_000;

/** What `/api/jobs` lists: prompts without their graphs, so neither titles nor node counts. */
export interface JobsAnswer {
  running: QueueEntry[];
  /** In the order in which they will run. */
  pending: QueueEntry[];
  /** Ids of prompts that are over, as the server sorted them. */
  finished: string[];
}

/** Reads the answer of `/api/jobs` (ComfyUI 0.7 on), or gives null if it is none. */
export function decodeJobs(answer: unknown, hostTime: (serverTime: number) => number): JobsAnswer | null {
  if (!isObject(answer) || !Array.isArray(answer.jobs)) return null;
  const running: QueueEntry[] = [];
  const pending: QueueEntry[] = [];
  const finished: string[] = [];
  for (const job of listOf(answer.jobs, maxJobs)) {
    const promptId = isObject(job) ? idOf(job.id) : null;
    if (promptId === null || !isObject(job)) continue;
    const timeOf = (value: unknown): number | null => {
      const time = numberOf(value);
      return time === null ? null : hostTime(time);
    };
    const entry: QueueEntry = {
      promptId,
      queueNumber: numberOf(job.priority),
      queuedAt: timeOf(job.create_time),
      startedAt: timeOf(job.execution_start_time),
      title: null,
      nodeTotal: null,
    };
    if (job.status === 'in_progress') running.push(entry);
    else if (job.status === 'pending') pending.push(entry);
    else finished.push(promptId);
  }
  return { running, pending: pending.sort(inQueueOrder), finished };
}

/** The smallest number runs first. */
export function inQueueOrder(a: Pick<QueueEntry, 'queueNumber'>, b: Pick<QueueEntry, 'queueNumber'>): number {
  return (a.queueNumber ?? 0) - (b.queueNumber ?? 0);
}
