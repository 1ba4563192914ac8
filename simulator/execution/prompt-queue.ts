import type { Json, JsonObject } from '../protocol/json.ts';
import { Heap } from './heap.ts';
import type { PromptGraph } from './prompt-graph.ts';

/** A queued prompt, as `/queue` and `/history` show it. */
export type QueueItem = readonly [
  number: number,
  promptId: string,
  graph: PromptGraph,
  extraData: JsonObject,
  outputsToExecute: readonly string[],
];

/** A message kept with a prompt in the history: `[type, data]`. */
export type StatusMessage = readonly [type: string, data: JsonObject];

/** What is remembered of a prompt that is over. */
export interface HistoryEntry {
  readonly prompt: QueueItem;
  readonly outputs: Readonly<Record<string, JsonObject>>;
  readonly status: {
    readonly status_str: 'success' | 'error';
    readonly completed: boolean;
    readonly messages: readonly StatusMessage[];
  };
  readonly meta: Readonly<Record<string, Json>>;
}

/**
 * Queue and history with the habits of ComfyUI's own PromptQueue (execution.py): when it tells its clients
 * about a change, how it orders, what it cuts off.
 */
export class PromptQueue {
  readonly #historyLimit: number;
  readonly #pendingHeap = new Heap<QueueItem>(comesBefore);
  #runningItem: QueueItem | undefined;
  readonly #finished = new Map<string, HistoryEntry>();

  /** Called at every change of the queue, also where the real server tells the same number twice. */
  onChange: () => void = () => {};

  /** @param historyLimit how many finished prompts are remembered; ComfyUI itself remembers 10,000 */
  constructor(historyLimit: number) {
    this.#historyLimit = historyLimit;
  }

  get running(): QueueItem | undefined {
    return this.#runningItem;
  }

  /** In heap order, which is not the order of execution. */
  get pending(): readonly QueueItem[] {
    return this.#pendingHeap.items;
  }

  /** Running and pending together: the number in every `status` message. */
  get remaining(): number {
    return this.#pendingHeap.items.length + (this.#runningItem ? 1 : 0);
  }

  put(item: QueueItem): void {
    this.#pendingHeap.push(item);
    this.onChange();
  }

  /** Takes the next prompt out to run it. */
  take(): QueueItem | undefined {
    const item = this.#pendingHeap.pop();
    if (!item) return undefined;
    this.#runningItem = item;
    this.onChange();
    return item;
  }

  /** The running prompt is over and becomes history. */
  finish(entry: HistoryEntry): void {
    this.#runningItem = undefined;
    this.#remember(entry);
    this.onChange();
  }

  wipe(): void {
    this.#pendingHeap.clear();
    this.onChange();
  }

  /** Takes a pending prompt out of the queue; false when none has this id. */
  delete(promptId: string): boolean {
    if (!this.#pendingHeap.remove((item) => item[1] === promptId)) return false;
    // The real queue wipes itself when its only item goes, and then reports the change once more.
    if (this.#pendingHeap.items.length === 0) this.onChange();
    this.onChange();
    return true;
  }

  /** All of the history, oldest first. */
  get history(): ReadonlyMap<string, HistoryEntry> {
    return this.#finished;
  }

  /** The entries `/history?max_items=&offset=` selects: without an offset the last ones. */
  historyPage(maxItems?: number, offset?: number): Record<string, HistoryEntry> {
    const all = [...this.#finished];
    const start =
      offset !== undefined && offset >= 0
        ? offset
        : maxItems === undefined
          ? 0
          : Math.max(0, all.length - maxItems);
    const end = maxItems === undefined ? all.length : start + Math.max(1, maxItems);
    return Object.fromEntries(all.slice(start, end));
  }

  deleteHistory(promptId: string): void {
    this.#finished.delete(promptId);
  }

  wipeHistory(): void {
    this.#finished.clear();
  }

  /** What a restart of the server leaves: nothing, and no message says so. */
  forgetEverything(): void {
    this.#pendingHeap.clear();
    this.#runningItem = undefined;
    this.#finished.clear();
  }

  #remember(entry: HistoryEntry): void {
    for (const oldest of this.#finished.keys()) {
      if (this.#finished.size < this.#historyLimit) break;
      this.#finished.delete(oldest);
    }
    this.#finished.set(entry.prompt[1], entry);
  }
}

/** Python compares the tuples: number first, then the prompt id. */
function comesBefore(a: QueueItem, b: QueueItem): boolean {
  return a[0] === b[0] ? a[1] < b[1] : a[0] < b[0];
}
