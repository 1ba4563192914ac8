import type { QueueEntry } from '../../domain/monitor-event.ts';
import type { ConnectionProblem } from '../../domain/server.ts';
import type { ComfyRest } from '../rest/comfy-rest.ts';
import { RestError } from '../rest/rest-request.ts';
import { SourceHealth } from '../rest/source-health.ts';
import type { PromptDescription } from '../wire/entries/decode-queue.ts';

/** As much of REST as says what runs and waits. */
export type QueueSource = Pick<ComfyRest, 'queue' | 'liveJobs' | 'jobOf'>;

export interface LiveQueue {
  running: QueueEntry[];
  pending: QueueEntry[];
}

/** Reading graphs takes at most a fifth of the time, and gaps of at least so long (ms) lie between. */
const graphGapFactor = 5;
const shortestGraphGap = 500;
/** A server that does not give graphs is asked again that often, ms. */
const missingGraphGap = 60_000;
/** The same for graphs that are too large to be read, ms. */
const hugeGraphGap = 600_000;
/** So many graphs are asked for one by one rather than with those of the whole queue. */
const maxSingleGraphs = 5;
/** A source that failed is asked again at least that often, ms. */
const longestWait = 60_000;

/**
 * Reads the queue. Where the server has `/api/jobs`, that is read instead of `/queue`, which carries the whole
 * graph of every prompt; graphs are then read once per prompt, for titles and names of nodes: one by one where the
 * server gives them so. Where one of the two cannot be read, the other has to do.
 */
export class QueueReader {
  readonly #source: QueueSource;
  readonly #elapsed: () => number;
  readonly #live: SourceHealth;
  readonly queue: SourceHealth;
  /** Whether the server has `/api/jobs`; null before it was asked. */
  #hasJobs: boolean | null = null;
  /** Whether `/api/jobs/{id}` gives the graphs of prompts that run or wait. */
  #givesGraphs: boolean | null = null;
  /** Prompts whose graph was read: with the names of their nodes until those are reported, for the next ones. */
  readonly #graphs = new Map<string, PromptDescription | null>();
  /** Prompts whose nodes were named. */
  readonly #described = new Set<string>();
  #graphsNotBefore = Number.NEGATIVE_INFINITY;
  #wantsGraphs = false;

  constructor(source: QueueSource, elapsed: () => number) {
    this.#source = source;
    this.#elapsed = elapsed;
    this.#live = new SourceHealth(elapsed, longestWait);
    this.queue = new SourceHealth(elapsed, longestWait);
  }

  reconnected(): void {
    this.#hasJobs = null;
    this.#givesGraphs = null;
    this.#live.reset();
    this.queue.reset();
  }

  /** Why `/api/jobs` cannot be read; null if it can, or if the server does not have it and needs it not. */
  get liveProblem(): ConnectionProblem | null {
    return this.#hasJobs === false && this.queue.problem === null ? null : this.#live.problem;
  }

  /** Whether the server has `/api/jobs`; null while that is not known. */
  get hasJobs(): boolean | null {
    return this.#hasJobs;
  }

  /** False where every read has to carry the graphs of all prompts. */
  get readsCheaply(): boolean {
    return this.#hasJobs === true && this.#live.problem === null;
  }

  /** True if titles, or names of nodes that are needed now, wait for the next read. */
  get wantsGraphs(): boolean {
    return this.#wantsGraphs;
  }

  /** Whether any of its sources may be asked now. */
  get due(): boolean {
    return (this.#hasJobs !== false && this.#live.due) || this.queue.due;
  }

  /** How long no graphs are read yet, ms. */
  get graphsIn(): number {
    return this.#graphsNotBefore - this.#elapsed();
  }

  /** What runs and waits; null if neither of the sources can be read now. */
  async read(signal: AbortSignal): Promise<LiveQueue | null> {
    const live = await this.#readLiveJobs(signal);
    const queue = live
      ? await this.#withGraphs(live, signal)
      : ((await this.queue.ask(() => this.#readGraphs(signal), signal))?.answer ?? null);
    if (!queue) return null;
    const listed = new Set([...queue.running, ...queue.pending].map(({ promptId }) => promptId));
    for (const promptId of this.#graphs.keys()) if (!listed.has(promptId)) this.#graphs.delete(promptId);
    for (const promptId of this.#described) if (!listed.has(promptId)) this.#described.delete(promptId);
    return queue;
  }

  /** Names of the nodes of the prompts that run or are next, each once; the names of others can wait. */
  descriptions(queue: LiveQueue): PromptDescription[] {
    const fresh: PromptDescription[] = [];
    for (const promptId of soon(queue)) {
      const description = this.#graphs.get(promptId);
      if (!description || this.#described.has(promptId)) continue;
      fresh.push(description);
      this.#described.add(promptId);
      this.#graphs.set(promptId, null);
    }
    this.#wantsGraphs = this.#missing(queue).length > 0;
    return fresh;
  }

  /** Its graph is to be read again: it is another run. */
  forget(promptId: string): void {
    this.#graphs.delete(promptId);
    this.#described.delete(promptId);
  }

  /** Null where the server does not have `/api/jobs`, or cannot answer. */
  async #readLiveJobs(signal: AbortSignal): Promise<LiveQueue | null> {
    // What passed for an older server may be one that answered badly once.
    if (this.#hasJobs === false && this.queue.problem === null) return null;
    const read = await this.#live.ask(() => this.#source.liveJobs({ signal }), signal);
    if (read) {
      this.#hasJobs = true;
      return read.answer;
    }
    if (this.#hasJobs === null && this.#live.problem?.kind === 'not-comfyui') this.#hasJobs = false;
    return null;
  }

  async #withGraphs(live: LiveQueue, signal: AbortSignal): Promise<LiveQueue> {
    const missing = this.#missing(live);
    if (missing.length === 0) await this.#tryAgain(live, signal);
    if (missing.length === 0 || this.graphsIn > 0) return live;
    const isPart = missing.length <= maxSingleGraphs && live.running.length + live.pending.length > 1;
    if (this.#givesGraphs !== false && (isPart || this.queue.problem !== null)) {
      const titled = await this.#paced(() => this.#readSingleGraphs(live, missing, signal), signal);
      if (titled) return titled;
    }
    // What is known without graphs is better than nothing.
    return (await this.#paced(() => this.#readGraphs(signal), signal, this.queue)) ?? live;
  }

  /** What is said not to be readable is so only as long as that is tried: as soon as it costs little. */
  async #tryAgain({ running, pending }: LiveQueue, signal: AbortSignal): Promise<void> {
    if (this.queue.problem === null || !this.queue.due || running.length + pending.length > maxSingleGraphs)
      return;
    await this.queue.ask(() => this.#source.queue({ signal }), signal);
  }

  /** Null if the graphs cannot be read; then, and whenever that takes long, they are not asked for for a while. */
  async #paced<T>(read: () => Promise<T>, signal: AbortSignal, health?: SourceHealth): Promise<T | null> {
    const startedAt = this.#elapsed();
    let shortest = shortestGraphGap;
    try {
      const answer = await read();
      health?.reset();
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RestError)) throw error;
      health?.failed(error);
      shortest = isTooMuch(error) ? hugeGraphGap : missingGraphGap;
      return null;
    } finally {
      const took = this.#elapsed() - startedAt;
      this.#graphsNotBefore = this.#elapsed() + Math.max(shortest, took * graphGapFactor);
    }
  }

  /** Null where the server does not give graphs one by one. */
  async #readSingleGraphs(
    live: LiveQueue,
    missing: readonly string[],
    signal: AbortSignal,
  ): Promise<LiveQueue | null> {
    const titles = new Map<string, Pick<QueueEntry, 'title' | 'nodeTotal' | 'parameters'>>();
    for (const promptId of missing.slice(0, maxSingleGraphs)) {
      const job = await this.#source.jobOf(promptId, { signal });
      signal.throwIfAborted();
      // It may have ended meanwhile; the next read says so.
      if (!job || job.entry) continue;
      this.#givesGraphs = job.description !== null;
      if (!job.description) return null;
      this.#graphs.set(promptId, job.description);
      titles.set(promptId, job.description);
    }
    if (titles.size === 0) return null;
    const titled = (entry: QueueEntry): QueueEntry => {
      const { title, nodeTotal, parameters = null } = titles.get(entry.promptId) ?? entry;
      return { ...entry, title, nodeTotal, parameters };
    };
    return { running: live.running.map(titled), pending: live.pending.map(titled) };
  }

  async #readGraphs(signal: AbortSignal): Promise<LiveQueue> {
    const { running, pending, descriptions } = await this.#source.queue({ signal });
    signal.throwIfAborted();
    // What was told of a graph needs not be told again: of a long queue it is much.
    const told = (entry: QueueEntry): QueueEntry =>
      this.#graphs.has(entry.promptId) ? { ...entry, parameters: null } : entry;
    const queue = { running: running.map(told), pending: pending.map(told) };
    for (const { promptId } of [...running, ...pending]) this.#graphs.set(promptId, null);
    for (const description of descriptions) this.#graphs.set(description.promptId, description);
    return queue;
  }

  /** The prompts without a title yet, and of those that run or are next the ones without names; these come first. */
  #missing(queue: LiveQueue): string[] {
    const next = soon(queue);
    const nameless = next.filter((promptId) => !this.#graphs.get(promptId) && !this.#described.has(promptId));
    const others = [...queue.running, ...queue.pending]
      .map(({ promptId }) => promptId)
      .filter((promptId) => !this.#graphs.has(promptId) && !nameless.includes(promptId));
    return [...nameless, ...others];
  }
}

/** The answer was larger than we take, or took longer than we wait. */
function isTooMuch({ problem }: RestError): boolean {
  return problem.kind === 'protocol' || problem.kind === 'timeout';
}

/** The prompts that run, and the one that is next. */
function soon({ running, pending }: LiveQueue): string[] {
  return [...running, ...pending.slice(0, 1)].map(({ promptId }) => promptId);
}
