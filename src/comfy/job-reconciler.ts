import type { HistoryEntry, MonitorEvent, QueueEntry } from '../shared/monitor-event.ts';
import type { ComfyRest } from './comfy-rest.ts';
import type { PromptDescription } from './decode-queue.ts';
import {
  type EndedList,
  fateOf,
  furtherReach,
  type HistoryPlan,
  isRestarted,
  leftQueue,
  planHistory,
  type QueuePlace,
  queuePlaces,
} from './queue-changes.ts';
import { RestError } from './rest-request.ts';

/** As much of REST as tells about jobs. */
export type JobSource = Pick<ComfyRest, 'queue' | 'liveJobs' | 'endedJobs' | 'history' | 'historyOf'>;

/** What a read found out, without the time and the server it is about. */
export type JobFinding = DistributiveOmit<
  Extract<MonitorEvent, { type: 'queue_read' | 'history_read' | 'prompt_described' | 'prompt_vanished' }>,
  'serverId' | 'at'
>;

interface LiveQueue {
  running: QueueEntry[];
  pending: QueueEntry[];
}

/** Reading graphs takes at most a fifth of the time, and gaps of at least so long (ms) lie between. */
const graphGapFactor = 5;
const shortestGraphGap = 500;
/** A server that does not give graphs is asked again that often, ms. */
const missingGraphGap = 60_000;
/** The same for graphs that are too large to be read. */
const hugeGraphGap = 600_000;
/** A prompt that was certainly not running so short a time (ms) ago has started just now. */
const startedBetween = 3_000;
/** Ended prompts that are remembered. */
const maxKnown = 1_000;
/** Ids of ended prompts that are listed besides those we wait for: after a new connection, and later. */
const listedAtConnect = 100;
const listedLater = 4;

/** What has to be remembered of a server's jobs as long as its state is kept. */
export class JobMemory {
  /** Prompts that are believed to be in the queue. */
  places = new Map<string, QueuePlace>();
  /** Prompts that the socket told of since the queue was last asked for. */
  readonly heard = new Set<string>();
  /** Prompts that have ended: their history entry was told, or is older than what is told. */
  readonly ended = new Set<string>();
  /** Whether the history was ever looked at. */
  looked = false;

  /** `ended`; null before the first look. */
  get known(): ReadonlySet<string> | null {
    return this.looked ? this.ended : null;
  }
}

/**
 * Finds out what became of every job, read by read: what the queue holds now, against what it held
 * before, and the history of what left it. Knows no timers and no sockets.
 *
 * Where the server has `/api/jobs`, that is read instead of `/queue`, which carries the whole graph of
 * every prompt; graphs are then read once per prompt, for titles and names of nodes.
 */
export class JobReconciler {
  readonly #source: JobSource;
  readonly #now: () => number;
  /** Whether the server has `/api/jobs`; null before it was asked. */
  #hasJobs: boolean | null = null;
  readonly #memory: JobMemory;
  /** Prompts whose graph was read: with the names of their nodes until those are told, for the next ones. */
  readonly #graphs = new Map<string, PromptDescription | null>();
  /** Prompts whose nodes were named. */
  readonly #described = new Set<string>();
  #graphsNotBefore = 0;
  /** As many newest entries as one answer can hold. */
  #mostNewest = Number.POSITIVE_INFINITY;
  #wantsGraphs = false;
  #connect = true;
  #readAt = Number.NEGATIVE_INFINITY;
  /** Whether the server told of a change of its queue since that was last asked for. */
  #changed = false;
  #length: number | null = null;
  /** When an empty queue was last seen to fill. */
  #filledAt = Number.NEGATIVE_INFINITY;

  constructor(source: JobSource, now: () => number = Date.now, memory = new JobMemory()) {
    this.#source = source;
    this.#now = now;
    this.#memory = memory;
  }

  /** A connection was made: everything may have changed, the server too. */
  reconnected(): void {
    this.#connect = true;
    this.#hasJobs = null;
    this.#length = null;
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** The socket told that this prompt runs. */
  noteRunning(promptId: string): void {
    // Frames can be late: what has ended does not run again.
    if (!this.#memory.ended.has(promptId)) this.#memory.heard.add(promptId);
  }

  /** The server told the length of its queue. */
  noteLength(length: number): void {
    this.#changed = true;
    if (this.#length === 0 && length > 0) this.#filledAt = this.#now();
    this.#length = length;
  }

  /** False where every read has to carry the graphs of all prompts. */
  get readsCheaply(): boolean {
    return this.#hasJobs === true;
  }

  /** How many prompts the queue held at the last read. */
  get queueLength(): number {
    return this.#memory.places.size;
  }

  /** True if titles, or names of nodes that are needed now, wait for the next read. */
  get wantsGraphs(): boolean {
    return this.#wantsGraphs;
  }

  /** When graphs may be read again, ms since the epoch. */
  get graphsNotBefore(): number {
    return this.#graphsNotBefore;
  }

  /**
   * Reads once and tells what it finds. Rejects with `RestError` when the server cannot be asked; the
   * next read then finds the same prompts missing. Tells nothing after `signal` was aborted.
   */
  async read(tell: (finding: JobFinding) => void, signal: AbortSignal): Promise<void> {
    const { places, heard, known } = this.#memory;
    for (const promptId of heard) places.set(promptId, 'running');
    heard.clear();
    const wasChanged = this.#changed;
    this.#changed = false;
    try {
      const queue = await this.#readQueue(signal);
      signal.throwIfAborted();
      tell({ type: 'queue_read', running: queue.running, pending: queue.pending });
      this.#describe(queue, tell);

      const now = queuePlaces(queue);
      const left = leftQueue(places, now);
      const mayHaveEnded = this.#connect || wasChanged || left.length > 0;
      const listed = mayHaveEnded ? await this.#listEnded(left.length, signal) : null;
      const entries = mayHaveEnded
        ? await this.#readHistory(planHistory(left, listed, known), signal)
        : new Map<string, HistoryEntry>();
      if (entries.size > 0) tell({ type: 'history_read', entries: [...entries.values()] });
      const ended = new Set([...(listed?.promptIds ?? []), ...entries.keys()]);
      const restarted = this.#connect && isRestarted(places, now, this.#memory.ended, ended);
      for (const promptId of left) {
        if (entries.has(promptId)) continue;
        const place = places.get(promptId) ?? 'pending';
        tell({ type: 'prompt_vanished', promptId, fate: fateOf({ place, restarted }) });
      }
      this.#remember(ended);
      // Only now: after a failure on the way, the next read finds the same prompts missing.
      this.#memory.places = now;
      this.#memory.looked = true;
      this.#connect = false;
      this.#readAt = this.#now();
    } catch (error) {
      this.#changed ||= wasChanged;
      throw error;
    }
  }

  async #readQueue(signal: AbortSignal): Promise<LiveQueue> {
    const live = await this.#readLiveJobs(signal);
    const queue =
      live && !(this.#missesGraphs(live) && this.#now() >= this.#graphsNotBefore)
        ? live
        : await this.#readGraphs(live, signal);
    const listed = new Set([...queue.running, ...queue.pending].map(({ promptId }) => promptId));
    for (const promptId of this.#graphs.keys()) if (!listed.has(promptId)) this.#graphs.delete(promptId);
    for (const promptId of this.#described) if (!listed.has(promptId)) this.#described.delete(promptId);
    return { running: this.#withStart(queue.running), pending: queue.pending };
  }

  /** Reads the queue with all graphs; where the server does not have that, `live` has to do. */
  async #readGraphs(live: LiveQueue | null, signal: AbortSignal): Promise<LiveQueue> {
    const startedAt = this.#now();
    let shortest = shortestGraphGap;
    try {
      const { running, pending, descriptions } = await this.#source.queue({ signal });
      for (const { promptId } of [...running, ...pending]) this.#graphs.set(promptId, null);
      for (const description of descriptions) this.#graphs.set(description.promptId, description);
      return { running, pending };
    } catch (error) {
      signal.throwIfAborted();
      // What is known without graphs is better than nothing.
      if (!live || !(error instanceof RestError)) throw error;
      shortest = isTooMuch(error) ? hugeGraphGap : missingGraphGap;
      return live;
    } finally {
      const took = this.#now() - startedAt;
      this.#graphsNotBefore = this.#now() + Math.max(shortest, took * graphGapFactor);
    }
  }

  /** Null where the server does not have `/api/jobs`. */
  async #readLiveJobs(signal: AbortSignal): Promise<LiveQueue | null> {
    if (this.#hasJobs === false) return null;
    try {
      const jobs = await this.#source.liveJobs({ signal });
      this.#hasJobs = true;
      return jobs;
    } catch (error) {
      if (this.#hasJobs === true || !isMissing(error)) throw error;
      this.#hasJobs = false;
      return null;
    }
  }

  /** A prompt that was not there a moment ago began now; one that ran when we came may be hours old. */
  #withStart(running: QueueEntry[]): QueueEntry[] {
    const since = Math.max(this.#readAt, this.#filledAt);
    const seen = !this.#connect && this.#now() - since <= startedBetween;
    return running.map((entry) =>
      entry.startedAt === null && seen && this.#memory.places.get(entry.promptId) !== 'running'
        ? { ...entry, startedAt: this.#now() }
        : entry,
    );
  }

  /** Names nodes of the prompts that run or are next; the names of others can wait. */
  #describe(queue: LiveQueue, tell: (finding: JobFinding) => void): void {
    for (const promptId of soon(queue)) {
      const description = this.#graphs.get(promptId);
      if (!description || this.#described.has(promptId)) continue;
      tell({ type: 'prompt_described', ...description });
      this.#described.add(promptId);
      this.#graphs.set(promptId, null);
    }
    this.#wantsGraphs = this.#missesGraphs(queue);
  }

  /** True if a prompt has no title yet, or one that runs or is next has no names. */
  #missesGraphs(queue: LiveQueue): boolean {
    return (
      [...queue.running, ...queue.pending].some(({ promptId }) => !this.#graphs.has(promptId)) ||
      soon(queue).some((promptId) => this.#graphs.get(promptId) === null && !this.#described.has(promptId))
    );
  }

  /** The newest prompts that ended, back to a known one; null where the server cannot list them. */
  async #listEnded(left: number, signal: AbortSignal): Promise<EndedList | null> {
    if (this.#hasJobs !== true) return null;
    let limit: number | null = left + (this.#connect ? listedAtConnect : listedLater);
    for (;;) {
      const promptIds: string[] = await this.#source.endedJobs({ limit, signal });
      signal.throwIfAborted();
      const further = furtherReach(limit, promptIds, this.#memory.known);
      if (further === null) return { promptIds, complete: promptIds.length < limit };
      limit = further;
    }
  }

  async #readHistory(
    { newest, single }: HistoryPlan,
    signal: AbortSignal,
  ): Promise<Map<string, HistoryEntry>> {
    const entries = new Map<string, HistoryEntry>();
    for (let wanted: number | null = newest > 0 ? newest : null; wanted !== null; ) {
      const found = await this.#readNewest(wanted, signal);
      for (const entry of found) entries.set(entry.promptId, entry);
      // That was all of it: nothing is left to be looked up.
      if (found.length > 0 && found.length < Math.min(wanted, this.#mostNewest)) return entries;
      wanted = furtherReach(wanted, [...entries.keys()], this.#memory.known);
    }
    for (const promptId of single) {
      if (entries.has(promptId)) continue;
      const entry = await this.#source.historyOf(promptId, { signal });
      signal.throwIfAborted();
      if (entry) entries.set(promptId, entry);
    }
    return entries;
  }

  /** The newest entries; fewer where so many graphs are too much for one answer. */
  async #readNewest(wanted: number, signal: AbortSignal): Promise<HistoryEntry[]> {
    while (this.#mostNewest > 0) {
      try {
        const found = await this.#source.history({ maxItems: Math.min(wanted, this.#mostNewest), signal });
        signal.throwIfAborted();
        return found;
      } catch (error) {
        signal.throwIfAborted();
        if (!isTooMuch(error)) throw error;
        this.#mostNewest = Math.floor(Math.min(wanted, this.#mostNewest) / 4);
      }
    }
    return [];
  }

  #remember(promptIds: Iterable<string>): void {
    const { ended } = this.#memory;
    for (const promptId of promptIds) ended.add(promptId);
    for (const oldest of ended) {
      if (ended.size <= maxKnown) break;
      ended.delete(oldest);
    }
  }
}

/** The prompts that run, and the one that is next. */
function soon({ running, pending }: LiveQueue): string[] {
  return [...running, ...pending.slice(0, 1)].map(({ promptId }) => promptId);
}

function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.missing;
}

/** The answer was larger than we take, or took longer than we wait. */
function isTooMuch(error: unknown): boolean {
  return (
    error instanceof RestError && (error.problem.kind === 'protocol' || error.problem.kind === 'timeout')
  );
}

/** `Omit` for each member of a union. */
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
