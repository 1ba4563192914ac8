import type { HistoryEntry, MonitorEvent } from '../shared/monitor-event.ts';
import type { Presence } from '../shared/server.ts';
import type { ComfyRest } from './comfy-rest.ts';
import type { PromptDescription } from './decode-queue.ts';
import { PacedRead } from './paced-read.ts';
import { fateOf, maxSingleReads, planHistory, type QueuePlace, queuePlaces } from './queue-changes.ts';
import { RestError } from './rest-request.ts';

/** From one read of the queue to the next, ms. */
const minGap = 1_000;

export interface JobReaderOptions {
  serverId: string;
  rest: ComfyRest;
  emit: (event: MonitorEvent) => void;
  /** Hears whether the server has a REST interface. */
  onPresence: (presence: Presence) => void;
  onProblem: (error: unknown) => void;
}

/**
 * Reads what REST knows about jobs: the queue whenever it changed, and the history of what left it.
 * This is the only way to hear of jobs that others queued.
 */
export class JobReader {
  readonly #options: JobReaderOptions;
  readonly #reads: PacedRead;
  /** Prompts that are believed to be in the queue. */
  #places = new Map<string, QueuePlace>();
  /** Prompts that the socket saw starting since the queue was last asked for. */
  readonly #started = new Set<string>();
  /** Prompts in the queue whose nodes were named already. */
  #described = new Set<string>();
  #connect = true;
  #length: number | null = null;
  #drops = 0;

  constructor(options: JobReaderOptions) {
    this.#options = options;
    this.#reads = new PacedRead({
      read: (signal) => this.#read(signal),
      minGap,
      onFailure: (error) => {
        if (error instanceof RestError && error.missing) options.onPresence('absent');
        options.onProblem(error);
      },
    });
  }

  /** A connection was made: everything may have changed. */
  start(): void {
    this.#connect = true;
    this.#length = null;
    this.#reads.start();
  }

  /** Asks for a read, as soon as the pace of reading allows. */
  request(): void {
    if (!this.#connect) this.#reads.request();
  }

  stop(): void {
    this.#reads.stop();
  }

  /** Takes note of what the socket says, and reads where that is not enough. */
  observe(event: MonitorEvent): void {
    if (event.type === 'prompt_started') this.#started.add(event.promptId);
    if (event.type !== 'queue_length_changed') return;
    if (this.#length !== null) this.#drops += Math.max(0, this.#length - event.length);
    this.#length = event.length;
    // Two of these come for every change; the pace of reading takes care of that.
    this.#reads.request();
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { rest, onPresence } = this.#options;
    const drops = this.#drops;
    for (const promptId of this.#started) this.#places.set(promptId, 'running');
    this.#started.clear();
    const queue = await rest.queue({ signal });
    signal.throwIfAborted();
    onPresence('present');
    this.#emit({ type: 'queue_read', running: queue.running, pending: queue.pending });
    const now = queuePlaces(queue);
    this.#describe(queue.descriptions);

    const plan = planHistory(this.#places, now, drops, this.#connect);
    const newest = plan.newest === 0 ? [] : await rest.history({ maxItems: plan.newest, signal });
    signal.throwIfAborted();
    const ended = new Map(newest.map((entry) => [entry.promptId, entry]));
    const open = plan.left.filter((promptId) => !ended.has(promptId));
    for (const promptId of open.slice(0, maxSingleReads)) {
      const entry = await rest.historyOf(promptId, { signal });
      signal.throwIfAborted();
      if (entry) ended.set(promptId, entry);
    }
    this.#passOn([...ended.values()]);
    for (const promptId of open) {
      if (ended.has(promptId)) continue;
      const fate = fateOf(promptId, this.#places, now, this.#connect);
      this.#emit({ type: 'prompt_vanished', promptId, fate });
    }
    // Only now: after a failure on the way, the next read finds the same prompts missing.
    this.#places = now;
    this.#connect = false;
    this.#drops -= drops;
  }

  #passOn(entries: HistoryEntry[]): void {
    if (entries.length > 0) this.#emit({ type: 'history_read', entries });
  }

  /** Names nodes only of prompts that run or are next: a hundred queued graphs need no room. */
  #describe(descriptions: readonly PromptDescription[]): void {
    for (const description of descriptions)
      if (!this.#described.has(description.promptId))
        this.#emit({ type: 'prompt_described', ...description });
    this.#described = new Set(descriptions.map(({ promptId }) => promptId));
  }

  #emit(body: DistributiveOmit<MonitorEvent, 'serverId' | 'at'>): void {
    this.#options.emit({ serverId: this.#options.serverId, at: Date.now(), ...body });
  }
}

/** `Omit` for each member of a union. */
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
