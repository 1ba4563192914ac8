import type { NodeName } from '../../../domain/jobs/job.ts';
import type { JobParameters } from '../../../domain/jobs/job-parameters.ts';
import type { QueueEntry } from '../../../domain/monitor-event.ts';
import { jobParameters, withShortWords } from '../graph/job-parameters.ts';
import { idOf, isObject, listOf, numberOf, objectOf, type WireObject } from '../wire-values.ts';
import { inQueueOrder, runKeyOf, timeOf } from './decode-jobs.ts';
import { nodeNamesOf, type PromptTitles, readPromptGraph } from './prompt-graph.ts';

/** Far more than a state keeps, and no one queues by hand. */
const maxItems = 5_000;

/** Names take room; those of the others are read when their turn comes. */
const maxDescribed = 100;

/** What the graph of a prompt says, names included. */
export interface PromptDescription {
  promptId: string;
  title: string | null;
  nodeTotal: number | null;
  nodeNames: Record<string, NodeName>;
  parameters?: JobParameters | null;
  /** Until it is settled which of them a person gave. */
  titles?: PromptTitles | undefined;
}

/** A prompt of which it may not be settled yet how it is called. */
interface ReadQueueEntry extends QueueEntry {
  titles?: PromptTitles | undefined;
}

/** The answer of `/queue`. */
export interface QueueAnswer {
  running: ReadQueueEntry[];
  /** In the order in which they will run. */
  pending: ReadQueueEntry[];
  /** Of the prompts that run and the next ones. */
  descriptions: PromptDescription[];
}

/** The first five elements of a queue item, and of `prompt` in a history entry. */
export interface PromptItem extends Omit<ReadQueueEntry, 'startedAt'> {
  graph: unknown;
  /** The nodes that were asked for. */
  outputs: unknown;
  runKey: string | null;
}

/**
 * Reads the answer of `/queue`, or gives null if it is none. Items that are no prompts are left out; if none is one,
 * the queue is written in a way that we do not know, and would pass for empty.
 */
export function decodeQueue(answer: unknown, hostTime: (serverTime: number) => number): QueueAnswer | null {
  if (!isObject(answer) || !Array.isArray(answer.queue_running) || !Array.isArray(answer.queue_pending))
    return null;
  const read = (items: unknown) =>
    listOf(items, maxItems).flatMap((item) => decodePromptItem(item, hostTime) ?? []);
  const running = read(answer.queue_running);
  // Pending prompts come as a heap.
  const pending = read(answer.queue_pending).sort(inQueueOrder);
  const given = answer.queue_running.length + answer.queue_pending.length;
  if (given > 0 && running.length + pending.length === 0) return null;
  const isLong = pending.length > maxDescribed;
  const waiting = pending.map((item) => ({ item, parameters: parametersOf(item) }));
  const next = waiting.slice(0, maxDescribed);
  return {
    // What runs is described.
    running: running.map((item) => queueEntry(item, null)),
    pending: waiting.map(({ item, parameters }) =>
      queueEntry(item, isLong && parameters ? withShortWords(parameters) : parameters),
    ),
    descriptions: [
      ...running.map((item) => describe(item)),
      ...next.map(({ item, parameters }) => describe(item, parameters)),
    ],
  };
}

/** Reads `[number, prompt_id, graph, extra_data, outputs_to_execute]`; some forks send an object of these. */
export function decodePromptItem(item: unknown, hostTime: (serverTime: number) => number): PromptItem | null {
  const [number, id, graph, extraData, outputs] = isObject(item) ? elementsOf(item) : listOf(item, 5);
  const promptId = idOf(id);
  if (promptId === null) return null;
  const createTime = objectOf(extraData).create_time;
  return {
    promptId,
    queueNumber: numberOf(number),
    queuedAt: timeOf(createTime, hostTime),
    runKey: runKeyOf(number, createTime),
    graph,
    outputs,
    ...readPromptGraph(graph, extraData, outputs),
  };
}

function queueEntry(item: PromptItem, parameters: JobParameters | null): ReadQueueEntry {
  const { promptId, queueNumber, queuedAt, title, titles, nodeTotal } = item;
  return {
    promptId,
    queueNumber,
    queuedAt,
    startedAt: null,
    title,
    ...(titles && { titles }),
    nodeTotal,
    ...(parameters && { parameters }),
  };
}

/** What a fork that sends objects is likely to call the five elements. */
function elementsOf(item: WireObject): readonly unknown[] {
  const extraData = { ...objectOf(item.extra_data) };
  return [
    item.number ?? item.priority,
    item.prompt_id ?? item.id,
    isObject(item.prompt) ? item.prompt : item.graph,
    extraData.create_time === undefined ? { ...extraData, create_time: item.create_time } : extraData,
    item.outputs_to_execute ?? item.outputs,
  ];
}

/** What the graph of a queue item says. */
export function describe(item: PromptItem, parameters = parametersOf(item)): PromptDescription {
  const { promptId, title, titles, nodeTotal, graph } = item;
  return {
    promptId,
    title,
    ...(titles && { titles }),
    nodeTotal,
    nodeNames: nodeNamesOf(graph),
    parameters,
  };
}

function parametersOf({ graph, outputs }: PromptItem): JobParameters | null {
  return jobParameters(graph, outputs);
}
