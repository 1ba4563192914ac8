import { idOf, isObject, objectOf, type WireObject } from '../wire-values.ts';
import { decodeHistory, type ReadEntry } from './decode-history.ts';
import { decodeJobError } from './decode-job-error.ts';
import { outcomeOfJob, timeOf } from './decode-jobs.ts';
import { decodePromptItem, describe, type PromptDescription } from './decode-queue.ts';

/** What `/api/jobs/{id}` says of one prompt. */
export interface JobAnswer {
  /** Of a prompt that is over: what the history has, too. */
  entry: ReadEntry | null;
  /** Of one that runs or waits; null where the server gives no graph of those (ComfyUI 0.27 and older). */
  description: PromptDescription | null;
}

/** Reads the answer of `/api/jobs/{id}`, or gives null if it is none. `at` is now, ms. */
export function decodeJob(
  answer: unknown,
  at: number,
  hostTime: (serverTime: number) => number,
): JobAnswer | null {
  if (!isObject(answer)) return null;
  const promptId = idOf(answer.id);
  if (promptId === null || typeof answer.status !== 'string') return null;
  const { prompt: graph, extra_data: extraData } = objectOf(answer.workflow);
  const item = [answer.priority, promptId, graph, { ...objectOf(extraData), ...createTime(answer) }];
  if (answer.status === 'pending' || answer.status === 'in_progress') {
    const read = isObject(graph) ? decodePromptItem(item, hostTime) : null;
    return { entry: null, description: read && describe(read) };
  }
  const wire = { prompt: item, outputs: answer.outputs, status: answer.execution_status };
  const entry = decodeHistory({ [promptId]: wire }, at, hostTime)?.[0];
  return entry ? { entry: completed(entry, answer, hostTime), description: null } : null;
}

function createTime({ create_time }: WireObject): WireObject {
  return create_time === undefined ? {} : { create_time };
}

/** The job's own fields say what its messages may leave out. */
function completed(entry: ReadEntry, job: WireObject, hostTime: (serverTime: number) => number): ReadEntry {
  const outcome = outcomeOfJob(job.status) ?? entry.outcome;
  const failure = isObject(job.execution_error) ? decodeJobError(job.execution_error) : null;
  return {
    ...entry,
    outcome,
    startedAt: entry.startedAt ?? timeOf(job.execution_start_time, hostTime),
    finishedAt: entry.finishedAt ?? timeOf(job.execution_end_time, hostTime),
    error: outcome === 'error' ? (failure ?? entry.error) : null,
  };
}
