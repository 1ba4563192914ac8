import type { HistoryEntry, PromptQueue, QueueItem } from '../execution/prompt-queue.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from './json.ts';

export const jobStatuses = ['pending', 'in_progress', 'completed', 'failed', 'cancelled'] as const;

/** What `/api/jobs` was asked for. */
export interface JobsQuery {
  readonly statuses: readonly string[];
  readonly workflowId: string | undefined;
  readonly sortBy: 'created_at' | 'execution_duration';
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number | undefined;
}

/** The answer of `/api/jobs` (comfy_execution/jobs.py): queue and history in one list, without graphs. */
export function jobsPage(queue: PromptQueue, query: JobsQuery): JsonObject {
  const all = [
    ...(queue.running ? [queuedJob(queue.running, 'in_progress')] : []),
    ...queue.pending.map((item) => queuedJob(item, 'pending')),
    ...[...queue.history.values()].map(finishedJob),
  ]
    .filter(({ status }) => query.statuses.includes(String(status)))
    .filter((job) => !query.workflowId || job.workflow_id === query.workflowId);
  const key = query.sortBy === 'created_at' ? (job: JsonObject) => numberIn(job, 'create_time') : durationOf;
  all.sort((a, b) => (query.descending ? key(b) - key(a) : key(a) - key(b)));
  const end = query.limit === undefined ? all.length : query.offset + query.limit;
  const jobs = all.slice(query.offset, end);
  return {
    jobs,
    pagination: {
      offset: query.offset,
      limit: query.limit ?? null,
      total: all.length,
      has_more: query.offset + jobs.length < all.length,
    },
  };
}

/** The answer of `/api/jobs/{id}`: finished jobs with outputs and graph; undefined for an unknown id. */
export function jobDetails(queue: PromptQueue, id: string): JsonObject | undefined {
  const entry = queue.history.get(id);
  if (entry) {
    const [, , prompt, extraData] = entry.prompt;
    return {
      ...finishedJob(entry),
      outputs: entry.outputs,
      execution_status: entry.status,
      workflow: { prompt, extra_data: extraData },
    };
  }
  if (queue.running?.[1] === id) return queuedJob(queue.running, 'in_progress');
  const pending = queue.pending.find((item) => item[1] === id);
  return pending && queuedJob(pending, 'pending');
}

function queuedJob([priority, id, , extraData]: QueueItem, status: string): JsonObject {
  return withoutNulls({ id, status, priority, ...origin(extraData), outputs_count: 0 });
}

function finishedJob({ prompt, outputs, status }: HistoryEntry): JsonObject {
  const [priority, id, , extraData] = prompt;
  const messages = new Map(status.messages);
  const interrupted = messages.get('execution_interrupted');
  const error = messages.get('execution_error');
  const end = messages.get('execution_success') ?? error ?? interrupted;
  const failed = interrupted ? 'cancelled' : 'failed';
  const { count, preview } = outputsSummary(outputs);
  return withoutNulls({
    id,
    status: status.status_str === 'success' ? 'completed' : failed,
    priority,
    ...origin(extraData),
    execution_start_time: messages.get('execution_start')?.timestamp,
    execution_end_time: end?.timestamp,
    execution_error: error,
    outputs_count: count,
    preview_output: preview,
  });
}

function origin(extraData: JsonObject): JsonObject {
  const pnginfo = extraData.extra_pnginfo;
  const workflow = isJsonObject(pnginfo) ? pnginfo.workflow : undefined;
  return {
    create_time: extraData.create_time,
    workflow_id: isJsonObject(workflow) ? workflow.id : undefined,
  };
}

/** Counts files, and picks the one to show: a saved one before a temporary one before a text. */
function outputsSummary(outputs: HistoryEntry['outputs']): { count: number; preview?: JsonObject } {
  let count = 0;
  let saved: JsonObject | undefined;
  let other: JsonObject | undefined;
  for (const [nodeId, output] of Object.entries(outputs)) {
    for (const [mediaType, items] of Object.entries(output)) {
      if (mediaType === 'animated' || !isJsonArray(items)) continue;
      for (const item of items) {
        if (isJsonObject(item)) {
          count += 1;
          const entry = { ...item, nodeId, mediaType };
          if (!isPreviewable(mediaType, item)) continue;
          if (item.type === 'output') saved ??= entry;
          else other ??= entry;
        } else if (mediaType === 'text') {
          other ??= textPreview(item, nodeId);
        }
      }
    }
  }
  const preview = saved ?? other;
  return preview ? { count, preview } : { count };
}

function isPreviewable(mediaType: string, item: JsonObject): boolean {
  const format = String(item.format ?? '');
  return (
    ['images', 'video', 'audio', '3d', 'text'].includes(mediaType) ||
    /^(video|audio)\//.test(format) ||
    /\.(obj|fbx|gltf|glb|usdz|txt|md|json)$/i.test(String(item.filename ?? ''))
  );
}

function textPreview(item: Json, nodeId: string): JsonObject {
  const text = String(item);
  const content = text.length <= 1024 ? { content: text } : { content: text.slice(0, 1024), truncated: true };
  return { ...content, nodeId, mediaType: 'text' };
}

function durationOf(job: JsonObject): number {
  const start = numberIn(job, 'execution_start_time');
  const end = numberIn(job, 'execution_end_time');
  return start && end ? end - start : 0;
}

function numberIn(job: JsonObject, name: string): number {
  const value = job[name];
  return typeof value === 'number' ? value : 0;
}

function withoutNulls(job: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(job).filter(([, value]) => value !== undefined && value !== null));
}
