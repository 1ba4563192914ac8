import type { ConnectionProblem } from '../../domain/server.ts';
import { doublingWait } from '../../domain/values/doubling-wait.ts';
import { RestError } from '../rest/rest-request.ts';
import { SourceHealth } from '../rest/source-health.ts';
import type { ReadEntry } from '../wire/entries/decode-history.ts';
import type { EndedJob } from '../wire/entries/decode-jobs.ts';
import type { JobEnds } from './job-ends.ts';
import type { JobSource, Reading } from './job-finding.ts';
import type { JobMemory } from './job-memory.ts';
import { firstLook, maxSingleReads, newestToRead, nextLimit, type QueuePlaces } from './queue-changes.ts';

/** Ended prompts that are listed besides those we wait for: after a new connection, and later. */
const listedAtConnect = 100;
const listedLater = 4;
/** A server that cannot list what ended prints a traceback each time it is asked: seldom, ms. */
const longestWait = 300_000;
/** Where fewer entries had to be asked for, more are tried after this long, ms. */
const limitWaits = { first: 30_000, longest: 600_000 };

/** What is known of the prompts that ended after a look at the newest ones. */
export interface Discovery {
  entries: ReadonlyMap<string, ReadEntry>;
  /** Ids of all that were found, entry or not. */
  found: ReadonlySet<string>;
  /** Whether nothing ended of late is missing from `found`. */
  complete: boolean;
}

export interface EndedPromptsOptions {
  source: JobSource;
  memory: JobMemory;
  ends: JobEnds;
  /** Whether the server has `/api/jobs`; null while that is not known. */
  hasJobs: () => boolean | null;
  /** ms of a clock that is never set. */
  elapsed: () => number;
}

/** Finds the prompts that ended, also those that were never seen in the queue: from the newest back to a known one. */
export class EndedPrompts {
  readonly #options: EndedPromptsOptions;
  readonly #listed: SourceHealth;
  readonly #history: SourceHealth;
  /** As many newest entries as one answer can hold. */
  #mostNewest = Number.POSITIVE_INFINITY;
  /** When to try with more (ms by `elapsed`), and how often that had to be put off in a row. */
  #moreNewestAt = 0;
  #limits = 0;
  /**
   * What was known to have ended before that which is still to be found: what is looked up singly meanwhile may be
   * newer, and is no sign that nothing is missing before it. Null if nothing is to be found.
   */
  #endedBefore: ReadonlySet<string> | null;
  /** What ended since we last looked is to be found: since that many prompts may be listed. */
  #wanted: 'deep' | 'newest' | null = 'deep';

  constructor(options: EndedPromptsOptions) {
    this.#options = options;
    this.#endedBefore = new Set(options.memory.ended.keys());
    this.#listed = new SourceHealth(options.elapsed, longestWait);
    this.#history = new SourceHealth(options.elapsed, longestWait);
  }

  reconnected(): void {
    this.#wanted = 'deep';
    this.#endedBefore ??= new Set(this.#options.memory.ended.keys());
    this.#listed.reset();
    this.#history.reset();
    this.#mostNewest = Number.POSITIVE_INFINITY;
    this.#limits = 0;
  }

  /** Why the list of ended jobs cannot be read; null if it can, or if the server has none. */
  get listProblem(): ConnectionProblem | null {
    return this.#options.hasJobs() === false ? null : this.#listed.problem;
  }

  get historyProblem(): ConnectionProblem | null {
    return this.#history.problem;
  }

  /** Whether neither the list of ended jobs nor the history can be read. */
  get isBroken(): boolean {
    return this.#history.problem !== null || this.#listed.problem !== null;
  }

  /** Whether to look even if nothing changed: what was not found before may be found now. */
  get isOwed(): boolean {
    const isOwed = this.#endedBefore !== null && this.#options.elapsed() >= this.#moreNewestAt;
    return isOwed || isDoubted(this.#listed);
  }

  /** The next read is to find what ended. */
  want(): void {
    this.#endedBefore ??= new Set(this.#options.memory.ended.keys());
    this.#wanted ??= 'newest';
  }

  /** Finds what ended, if that is wanted; null if not, or if it cannot be read now. `left` left the queue just now. */
  async find(left: readonly string[], now: QueuePlaces | null, reading: Reading): Promise<Discovery | null> {
    if (this.#wanted === null) return null;
    const { memory, ends } = this.#options;
    const listed = await this.#list(left.length, reading.signal);
    const discovery = listed
      ? await this.#readListed(listed, left, now, reading)
      : await this.#readNewest(newestToRead(memory.awaited.size, !memory.looked), reading.signal);
    if (!discovery) return null;
    this.#wanted = null;
    memory.looked = true;
    ends.take([...discovery.entries.values()], now, reading.report);
    return discovery;
  }

  /** What is said not to be readable is so only as long as that is tried. */
  async retryHistory(signal: AbortSignal): Promise<void> {
    if (isDoubted(this.#history)) await this.#askNewest(1, signal);
  }

  /** The newest prompts that ended, back to a known one; null where the server cannot list them. */
  async #list(left: number, signal: AbortSignal): Promise<{ jobs: EndedJob[]; all: boolean } | null> {
    const { source, hasJobs } = this.#options;
    if (hasJobs() === false) return null;
    let limit: number = left + (this.#wanted === 'deep' ? listedAtConnect : listedLater);
    for (;;) {
      const asked = limit;
      const read = await this.#listed.ask(() => source.endedJobs({ limit: asked, signal }), signal);
      if (!read) return null;
      const jobs = read.answer;
      const next = nextLimit(limit, jobs.length, this.#reachesKnown(jobs));
      if (next === null) {
        this.#endedBefore = null;
        return { jobs, all: jobs.length < limit };
      }
      limit = next;
    }
  }

  /** At the first look all that is found is new. */
  #reachesKnown(found: readonly { promptId: string; runKey: string | null }[]): boolean {
    const { memory } = this.#options;
    const before = this.#endedBefore;
    return (
      !memory.looked ||
      found.some((entry) => memory.isKnown(entry) && (!before || before.has(entry.promptId)))
    );
  }

  async #readListed(
    { jobs, all }: { jobs: EndedJob[]; all: boolean },
    left: readonly string[],
    now: QueuePlaces | null,
    { report, signal }: Reading,
  ): Promise<Discovery> {
    const { memory, ends } = this.#options;
    const fresh = jobs.filter((job) => !memory.isKnown(job) && !now?.has(job.promptId));
    const wanted = memory.looked ? fresh : fresh.slice(0, firstLook);
    for (const job of wanted) {
      // It came and went between two reads.
      if (memory.ended.has(job.promptId)) ends.beginRun(job.promptId, report);
      const awaited = memory.awaited.get(job.promptId);
      if (awaited) awaited.listed = job;
      else ends.await(job.promptId, null, job, report);
    }
    if (!memory.looked)
      for (const { promptId, runKey } of fresh.slice(firstLook)) memory.noteEnded(promptId, runKey);
    const found = new Set(jobs.map(({ promptId }) => promptId));
    const many = left.length > maxSingleReads;
    const toRead = memory.awaited.size;
    const newest =
      toRead > maxSingleReads ? await this.#readNewest(newestToRead(toRead, false), signal) : null;
    // Of many that left, those that ended are among the newest, which are listed back to a known one.
    return { entries: newest?.entries ?? new Map(), found, complete: all || many };
  }

  /** The newest entries, back to a known one; null if they cannot be read now. */
  async #readNewest(atFirst: number, signal: AbortSignal): Promise<Discovery | null> {
    const entries = new Map<string, ReadEntry>();
    let complete = false;
    for (let wanted: number | null = atFirst; wanted !== null; ) {
      if (this.#options.elapsed() >= this.#moreNewestAt) this.#mostNewest = Number.POSITIVE_INFINITY;
      const asked = Math.min(wanted, this.#mostNewest);
      const found = await this.#askNewest(asked, signal);
      if (!found) return null;
      for (const entry of found.entries) entries.set(entry.promptId, entry);
      // That was all of it: nothing is left to be looked up.
      complete = found.entries.length > 0 && found.entries.length < found.asked;
      const isReached = this.#reachesKnown(found.entries);
      const next: number | null = complete ? null : nextLimit(found.asked, found.entries.length, isReached);
      // Of fewer than wanted, the others are found as soon as more may be asked for.
      if (next === null) this.#endedBefore = null;
      if (found.asked < wanted) break;
      wanted = next;
    }
    return { entries, found: new Set(entries.keys()), complete };
  }

  /**
   * The newest entries; fewer where so many graphs, or one of them, are too much for an answer. One that did not
   * come in time is not asked for again at once: meanwhile the queue could not be read.
   */
  async #askNewest(
    atFirst: number,
    signal: AbortSignal,
  ): Promise<{ entries: ReadEntry[]; asked: number } | null> {
    if (!this.#history.due) return null;
    for (let maxItems = atFirst; ; maxItems = fewer(maxItems)) {
      try {
        const entries = await this.#options.source.history({ maxItems, signal });
        signal.throwIfAborted();
        this.#history.reset();
        if (maxItems < atFirst) this.#limitNewest(maxItems);
        else if (this.#mostNewest === Number.POSITIVE_INFINITY) this.#limits = 0;
        return { entries, asked: maxItems };
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof RestError)) throw error;
        if (error.problem.kind === 'timeout') this.#limitNewest(fewer(maxItems));
        if (maxItems > 1 && mayBeOneEntry(error)) continue;
        this.#history.failed(error);
        return null;
      }
    }
  }

  #limitNewest(maxItems: number): void {
    this.#mostNewest = maxItems;
    this.#moreNewestAt = this.#options.elapsed() + doublingWait(this.#limits, limitWaits);
    this.#limits += 1;
  }
}

/** Whether it failed, and may be asked again. */
function isDoubted(health: SourceHealth): boolean {
  return health.problem !== null && health.due;
}

function fewer(maxItems: number): number {
  return Math.max(1, Math.floor(maxItems / 4));
}

/** Whether fewer entries can be read where more cannot: they are too large together, or one of them is bad. */
function mayBeOneEntry({ problem }: RestError): boolean {
  const { kind, status } = problem;
  return kind === 'protocol' || kind === 'server-error' || (kind === 'not-comfyui' && status === 200);
}
