import type { NodeName } from '../shared/job.ts';
import type { QueueEntry } from '../shared/monitor-event.ts';
import { inQueueOrder } from './decode-jobs.ts';
import { nodeNamesOf, readPromptGraph } from './prompt-graph.ts';
import { idOf, isObject, listOf, numberOf, objectOf } from './wire-values.ts';

/** Far more than a state keeps, and no one queues by hand. */
const maxItems = 5_000;

/** Names take room; those of the others are read when their turn comes. */
const maxDescribed = 100;

/** What the graph of a prompt tells, names included. */
export interface PromptDescription {
  promptId: string;
  title: string | null;
  nodeTotal: number | null;
  nodeNames: Record<string, NodeName>;
}

/** The answer of `/queue`. */
export interface QueueAnswer {
  running: QueueEntry[];
  /** In the order in which they will run. */
  pending: QueueEntry[];
  /** Of the prompts that run and the next ones. */
  descriptions: PromptDescription[];
}

/** The first five elements of a queue item, and of `prompt` in a history entry. */
export interface PromptItem extends Omit<QueueEntry, 'startedAt'> {
  graph: unknown;
}

/** Reads the answer of `/queue`, or gives null if it is none. Items that are no prompts are left out. */
export function decodeQueue(answer: unknown, hostTime: (serverTime: number) => number): QueueAnswer | null {
  if (!isObject(answer) || !Array.isArray(answer.queue_running) || !Array.isArray(answer.queue_pending))
    return null;
  const read = (items: unknown) =>
    listOf(items, maxItems).flatMap((item) => decodePromptItem(item, hostTime) ?? []);
  const running = read(answer.queue_running);
  // Pending prompts come as a heap.
  const pending = read(answer.queue_pending).sort(inQueueOrder);
  return {
    running: running.map(queueEntry),
    pending: pending.map(queueEntry),
    descriptions: [...running, ...pending.slice(0, maxDescribed)].map(describe),
  };
}

/** Reads `[number, prompt_id, graph, extra_data, outputs_to_execute]`. */
export function decodePromptItem(item: unknown, hostTime: (serverTime: number) => number): PromptItem | null {
  const [number, id, graph, extraData, outputs] = listOf(item, 5);
  const promptId = idOf(id);
  if (promptId === null) return null;
  const createdAt = numberOf(objectOf(extraData).create_time);
  return {
    promptId,
    queueNumber: numberOf(number),
    queuedAt: createdAt === null ? null : hostTime(createdAt),
    graph,
    ...readPromptGraph(graph, extraData, outputs),
  };
}

function queueEntry({ promptId, queueNumber, queuedAt, title, nodeTotal }: PromptItem): QueueEntry {
  return { promptId, queueNumber, queuedAt, startedAt: null, title, nodeTotal };
}

function describe({ promptId, title, nodeTotal, graph }: PromptItem): PromptDescription {
  return { promptId, title, nodeTotal, nodeNames: nodeNamesOf(graph) };
}
