import type { HistoryEntry } from '../../../domain/monitor-event.ts';
import type { ExecutedOutput } from '../../../domain/outputs/executed-output.ts';
import { decodeOutput } from '../decode-output.ts';
import { jobParameters } from '../graph/job-parameters.ts';
import { idOf, idsOf, isObject, listOf, objectOf, type WireObject } from '../wire-values.ts';
import { decodeJobError } from './decode-job-error.ts';
import { timeOf } from './decode-jobs.ts';
import { decodePromptItem } from './decode-queue.ts';
import { nodeNamesOf, type PromptTitles } from './prompt-graph.ts';

const maxEntries = 1_000;
const maxOutputs = 1_000;
const maxMessages = 100;
const maxCachedNodes = 10_000;

/** A history entry, and what tells its run from others of the same prompt id (`runKeyOf`). */
export interface ReadEntry extends HistoryEntry {
  runKey: string | null;
  /** Until it is settled which of them a person gave. */
  titles?: PromptTitles | undefined;
}

/**
 * Reads the answer of `/history` or `/history/{id}`: entries by prompt id, in the order in which they
 * finished; null if it is none. `at` is now, ms, for entries that do not say when they finished.
 */
export function decodeHistory(
  answer: unknown,
  at: number,
  hostTime: (serverTime: number) => number,
): ReadEntry[] | null {
  if (!isObject(answer)) return null;
  const given = Object.entries(answer).slice(-maxEntries);
  const entries = given.flatMap(([id, entry]) => {
    const promptId = idOf(id);
    return promptId !== null && isObject(entry) ? [historyEntry(promptId, entry, at, hostTime)] : [];
  });
  // What is something else is not an empty history: nothing would be looked for any more.
  return given.length > 0 && entries.length === 0 ? null : entries;
}

function historyEntry(
  promptId: string,
  entry: WireObject,
  at: number,
  hostTime: (serverTime: number) => number,
): ReadEntry {
  const item = decodePromptItem(entry.prompt, hostTime);
  const messages = messagesOf(entry.status);
  const timeOfMessage = (type: string): number | null => timeOf(messages.get(type)?.timestamp, hostTime);
  const failure = messages.get('execution_error');
  const outcome = outcomeOf(entry.status, messages);
  const finishedAt =
    timeOfMessage('execution_success') ??
    timeOfMessage('execution_error') ??
    timeOfMessage('execution_interrupted');
  const cached = messages.get('execution_cached');
  const outputs = outputsOf(entry.outputs, finishedAt ?? at);
  const error = outcome === 'error' ? decodeJobError(failure ?? {}) : null;
  return {
    promptId,
    runKey: item?.runKey ?? null,
    outcome,
    title: item?.title ?? null,
    ...(item?.titles && { titles: item.titles }),
    queueNumber: item?.queueNumber ?? null,
    queuedAt: item?.queuedAt ?? null,
    startedAt: timeOfMessage('execution_start'),
    finishedAt,
    nodeTotal: item?.nodeTotal ?? null,
    cachedNodeIds: cached ? idsOf(cached.nodes, maxCachedNodes) : null,
    nodeNames: namesOf(item?.graph, [error?.nodeId ?? '', ...outputs.map(({ nodeId }) => nodeId)]),
    outputs,
    error,
    parameters: item ? jobParameters(item.graph, item.outputs) : null,
  };
}

/** The names of some nodes of a graph, as far as they are in it. */
function namesOf(graph: unknown, nodeIds: readonly string[]): HistoryEntry['nodeNames'] {
  const nodes = objectOf(graph);
  const known = nodeIds.filter((id) => Object.hasOwn(nodes, id));
  return nodeNamesOf(Object.fromEntries(known.map((id) => [id, nodes[id]])));
}

/** `messages` holds what the submitter was sent: `[type, data]` pairs. The last of a type counts. */
function messagesOf(status: unknown): ReadonlyMap<string, WireObject> {
  const messages = new Map<string, WireObject>();
  for (const message of listOf(objectOf(status).messages, maxMessages)) {
    const [type, data] = listOf(message, 2);
    if (typeof type === 'string' && type.length < 100) messages.set(type, objectOf(data));
  }
  return messages;
}

/** An interrupted prompt has the status `error`, too. Servers before 2024 have no status at all. */
function outcomeOf(status: unknown, messages: ReadonlyMap<string, WireObject>): HistoryEntry['outcome'] {
  if (messages.has('execution_interrupted')) return 'interrupted';
  return objectOf(status).status_str === 'error' ? 'error' : 'success';
}

function outputsOf(outputs: unknown, at: number): ExecutedOutput[] {
  const found: ExecutedOutput[] = [];
  for (const [id, output] of Object.entries(objectOf(outputs))) {
    const nodeId = idOf(id);
    if (nodeId !== null) found.push(...decodeOutput(output, nodeId, at).outputs);
    if (found.length >= maxOutputs) break;
  }
  return found.slice(0, maxOutputs);
}
