import type { HistoryEntry, MonitorEvent, QueueEntry } from '../../domain/monitor-event.ts';
import type { Unreadable } from '../../domain/server.ts';
import { doublingWait } from '../../domain/values/doubling-wait.ts';
import { hostNow } from '../host-clock.ts';
import type { ComfyRest } from '../rest/comfy-rest.ts';
import { RestError } from '../rest/rest-request.ts';
import { SourceHealth } from '../rest/source-health.ts';
import type { ReadEntry } from '../wire/entries/decode-history.ts';
import type { EndedJob } from '../wire/entries/decode-jobs.ts';
import { type Awaited, JobMemory } from './job-memory.ts';
import {
  fateOf,
  firstLook,
  furtherReach,
  isRestarted,
  leftQueue,
  maxSingleReads,
  newestToRead,
  type QueuePlace,
  type QueuePlaces,
  queuePlaces,
} from './queue-changes.ts';
import { type LiveQueue, QueueReader, type QueueSource } from './queue-reader.ts';

/** As much of REST as tells about jobs. */
export type JobSource = QueueSource & Pick<ComfyRest, 'endedJobs' | 'history' | 'historyOf'>;

/** What a read found out, without the time and the server it is about. */
export type JobFinding = DistributiveOmit<
  Extract<
    MonitorEvent,
    {
      type:
        | 'queue_read'
        | 'history_read'
        | 'prompt_described'
        | 'prompt_finished'
        | 'prompt_requeued'
        | 'prompt_vanished';
    }
  >,
  'serverId' | 'at'
>;

/** A prompt that was certainly not running so short a time (ms) ago has started just now. */
const startedBetween = 3_000;
/** A prompt of which the socket told the end so long ago (ms) is not in the queue any more. */
const leavesWithin = 5_000;
/** Ended prompts that are listed besides those we wait for: after a new connection, and later. */
const listedAtConnect = 100;
const listedLater = 4;
/** A server that cannot list what ended prints a traceback each time it is asked: seldom, ms. */
const longestWait = 300_000;
/** Where fewer entries had to be asked for, more are tried after this long, ms; it doubles from the first on. */
const limitWaits = { first: 30_000, longest: 600_000 };
/** How long a prompt that left the queue may keep its last state while its end cannot be read, ms. */
const unknownAfter = 6_000;
/** Waits between looking up one prompt, ms; it doubles from the first on. After so many tries it is given up. */
const lookUpWaits = { first: 2_000, longest: 120_000 };
const maxTries = 8;

/** Clocks, for tests: `now` tells ms since the epoch, `elapsed` ms by a clock that nobody sets. */
export interface ReconcilerClocks {
  now: () => number;
  elapsed: () => number;
}

/** What is known of the prompts that ended after a look at the newest ones. */
interface Discovery {
  entries: ReadonlyMap<string, ReadEntry>;
  /** Ids of all that were found, entry or not. */
  found: ReadonlySet<string>;
  /** Whether nothing ended of late is missing from `found`. */
  complete: boolean;
}

/**
 * Finds out what became of every job, read by read: what the queue holds now, against what it held
 * before, and the history of what left it. Knows no timers and no sockets.
 *
 * Every source may fail alone, for a while or for good, and for one prompt only. What cannot be read from one is
 * read from the next: jobs, then queue and history, then what the socket said. A prompt whose end nobody can tell
 * is said to be over, and looked up again a few times.
 */
export class JobReconciler {
  readonly #source: JobSource;
  readonly #clocks: ReconcilerClocks;
  readonly #memory: JobMemory;
  readonly #queue: QueueReader;
  readonly #ended: SourceHealth;
  readonly #history: SourceHealth;
  /** As many newest entries as one answer can hold. */
  #mostNewest = Number.POSITIVE_INFINITY;
  /** When to try with more, and how often that had to be put off in a row. */
  #moreNewestAt = 0;
  #limits = 0;
  /**
   * What was known to have ended before that which is still to be found: what is looked up singly meanwhile may be
   * newer, and is no sign that nothing is missing before it. Null if nothing is to be found.
   */
  #endedBefore: ReadonlySet<string> | null;
  /** Single prompts that could not be read in a row. */
  #lookUpFailures = 0;
  readonly #lookUps: SourceHealth;
  #connect = true;
  /** What ended since we last looked is to be found: since that many prompts may be listed. */
  #discover: 'deep' | 'newest' | null = 'deep';
  #readAt = Number.NEGATIVE_INFINITY;
  #readFrom = Number.NEGATIVE_INFINITY;
  /** Whether the server told of a change of its queue since that was last asked for. */
  #changed = false;
  #length: number | null = null;
  /** Whether by the last word of the socket nothing is in the queue. */
  #isEmpty = false;
  /** When an empty queue was last seen to fill. */
  #filledAt = Number.NEGATIVE_INFINITY;

  constructor(
    source: JobSource,
    memory = new JobMemory(),
    clocks: ReconcilerClocks = { now: hostNow, elapsed: () => performance.now() },
  ) {
    this.#source = source;
    this.#clocks = clocks;
    this.#memory = memory;
    this.#endedBefore = new Set(memory.ended.keys());
    this.#queue = new QueueReader(source, clocks.elapsed);
    this.#ended = new SourceHealth(clocks.elapsed, longestWait);
    this.#history = new SourceHealth(clocks.elapsed, longestWait);
    this.#lookUps = new SourceHealth(clocks.elapsed, longestWait);
  }

  /** A connection was made: everything may have changed, the server too. */
  reconnected(): void {
    this.#connect = true;
    this.#discover = 'deep';
    this.#endedBefore ??= new Set(this.#memory.ended.keys());
    this.#queue.reconnected();
    this.#ended.reset();
    this.#history.reset();
    this.#lookUps.reset();
    this.#lookUpFailures = 0;
    this.#mostNewest = Number.POSITIVE_INFINITY;
    this.#limits = 0;
    this.#length = null;
    this.#isEmpty = false;
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** The socket told that this prompt runs. */
  noteRunning(promptId: string): void {
    // Frames can be late: only one of a prompt that is not over says that the queue is not empty.
    if (!this.#memory.isOver(promptId) && this.#memory.saidOver(promptId) === null) this.#isEmpty = false;
    this.#memory.hear(promptId);
  }

  /** The socket told the end of this prompt. */
  noteEnd(promptId: string): void {
    this.#memory.hearEnd(promptId, this.#clocks.elapsed());
  }

  /** The server told the length of its queue. */
  noteLength(length: number): void {
    this.#changed = true;
    this.#isEmpty = length === 0;
    if (this.#length === 0 && length > 0) this.#filledAt = this.#clocks.elapsed();
    this.#length = length;
  }

  /** False where every read has to carry the graphs of all prompts. */
  get readsCheaply(): boolean {
    return this.#queue.readsCheaply;
  }

  /** How many prompts are in the queue, or left it and are still to be looked up. */
  get unsettled(): number {
    return this.#memory.places.size + this.#memory.awaited.size;
  }

  /** How long until graphs that are wanted may be read, ms; null if none are wanted. */
  get graphsIn(): number | null {
    return this.#queue.wantsGraphs ? this.#queue.graphsIn : null;
  }

  /** What cannot be read now, and why. */
  get unreadable(): Unreadable[] {
    const unread = [...this.#memory.awaited.values()].findLast(({ problem }) => problem !== null);
    const sources = [
      ['live_jobs', this.#queue.liveProblem],
      ['queue', this.#queue.queue.problem],
      ['ended_jobs', this.#queue.hasJobs === false ? null : this.#ended.problem],
      ['history', this.#history.problem],
      ['prompt', unread?.problem ?? null],
    ] as const;
    return sources.flatMap(([source, problem]) => (problem === null ? [] : [{ source, problem }]));
  }

  /**
   * Reads once and tells what it finds, as far as the server can be asked: what it does not tell now, the next
   * reads look for. Rejects with `RestError` when nothing at all could be read. Tells nothing after `signal` was
   * aborted.
   */
  async read(tell: (finding: JobFinding) => void, signal: AbortSignal): Promise<void> {
    const heard = [...this.#memory.heard];
    const places = new Map<string, QueuePlace>(this.#memory.places);
    for (const promptId of heard) places.set(promptId, 'running');
    const wasChanged = this.#changed;
    this.#changed = false;
    try {
      const isDue = this.#queue.due;
      this.#readFrom = this.#clocks.elapsed();
      const queue = await this.#queue.read(signal);
      const numbers = new Map(queue ? [...queue.running, ...queue.pending].map(numberOf) : []);
      if (queue) await this.#readRunsBefore(queue, places, numbers, tell, signal);
      const now = queue ? this.#tellQueue(queue, places, numbers, tell) : this.#emptyByWord();
      const left = now ? this.#leftNow(places, now, tell) : [];
      const isOwed = this.#endedBefore !== null && this.#clocks.elapsed() >= this.#moreNewestAt;
      if (this.#connect || wasChanged || left.length > 0 || isDoubted(this.#ended) || isOwed)
        this.#wantDiscovery();
      for (const promptId of left) this.#await(promptId, places.get(promptId) ?? null, null, tell);
      if (now) {
        // A prompt that the socket shows running again meanwhile is over all the same.
        this.#memory.forgetHeard(heard);
        this.#memory.places = now;
        this.#memory.numbers = numbers;
      }
      const isConnect = this.#connect;
      const known = isConnect ? [...this.#memory.ended.keys()] : [];
      const discovery = await this.#discoverEnded(left, now, tell, signal);
      if (isConnect && now) {
        // Unless the server proves to remember something, it may have forgotten everything.
        const found = discovery?.found ?? new Set();
        if (isRestarted(places, now, known, found)) {
          for (const promptId of left) this.#markRestarted(promptId);
          if (discovery) this.#memory.forgetRuns();
        }
      }
      if (discovery?.complete)
        for (const promptId of left) if (!discovery.found.has(promptId)) this.#vanish(promptId, tell);
      await this.#lookUpAwaited(tell, signal);
      this.#tellOverdue(tell);
      // What is said not to be readable is so only as long as that is tried.
      if (isDoubted(this.#history)) await this.#askNewest(1, signal);
      if (queue) {
        this.#connect = false;
        this.#readAt = this.#clocks.elapsed();
      } else if (wasChanged) this.#changed = true;
      if (isDue && !queue && !discovery) this.#throwIfBroken();
    } catch (error) {
      this.#changed ||= wasChanged;
      throw error;
    }
  }

  /** Looks up how prompts ended that were queued again before anybody saw their end. */
  async #readRunsBefore(
    queue: LiveQueue,
    places: QueuePlaces,
    numbers: ReadonlyMap<string, number | null>,
    tell: (finding: JobFinding) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const again = [...queuePlaces(queue)].filter(
      ([promptId, place]) =>
        !this.#memory.isOver(promptId) && this.#isAnotherRun(promptId, place, places, numbers),
    );
    for (const [promptId] of again.slice(0, maxSingleReads)) {
      const entry = await this.#lookUp(promptId, signal);
      if (!entry || entry instanceof RestError || entry.queueNumber === numbers.get(promptId)) continue;
      this.#take([entry], null, tell);
    }
  }

  /** Whether what is in the queue is not what was there before, although it has the same id. */
  #isAnotherRun(
    promptId: string,
    place: QueuePlace,
    places: QueuePlaces,
    numbers: ReadonlyMap<string, number | null>,
  ): boolean {
    // It was in the history before the queue was asked for.
    if (this.#memory.isOver(promptId)) return true;
    // What runs does not wait again.
    if (places.get(promptId) === 'running' && place === 'pending') return true;
    // Its end is told a moment before it leaves the queue.
    const saidOver = this.#memory.saidOver(promptId);
    // What was said since the queue was asked for is newer than the answer.
    if (saidOver !== null && saidOver < this.#readFrom)
      if (place === 'pending' || this.#readFrom - saidOver >= leavesWithin) return true;
    const before = this.#memory.numbers.get(promptId) ?? null;
    const number = numbers.get(promptId) ?? null;
    return before !== null && number !== null && before !== number;
  }

  #tellQueue(
    read: LiveQueue,
    places: QueuePlaces,
    numbers: ReadonlyMap<string, number | null>,
    tell: (finding: JobFinding) => void,
  ): QueuePlaces {
    const queue = { running: this.#withStart(read, places), pending: read.pending };
    const now = queuePlaces(queue);
    for (const [promptId, place] of now) {
      if (this.#isAnotherRun(promptId, place, places, numbers)) this.#beginRun(promptId, tell);
      this.#memory.stopWaiting(promptId);
    }
    tell({ type: 'queue_read', running: queue.running, pending: queue.pending });
    for (const description of this.#queue.descriptions(queue))
      tell({ type: 'prompt_described', ...description });
    return now;
  }

  /** Prompts that left the queue, and are not known to be over. */
  #leftNow(places: QueuePlaces, now: QueuePlaces, tell: (finding: JobFinding) => void): string[] {
    return leftQueue(places, now).filter((promptId) => {
      const awaited = this.#memory.awaited.get(promptId);
      if (awaited) {
        // It was listed as ended before the socket showed it running, or before that was read of in the queue.
        awaited.place ??= places.get(promptId) ?? null;
        return false;
      }
      if (!this.#memory.isOver(promptId)) return true;
      // Frames can be late; so late that what was shown of its end is not shown any more.
      tell({ type: 'prompt_vanished', promptId, fate: 'ended' });
      return false;
    });
  }

  #beginRun(promptId: string, tell: (finding: JobFinding) => void): void {
    this.#memory.beginRun(promptId);
    this.#queue.forget(promptId);
    tell({ type: 'prompt_requeued', promptId });
  }

  /** Where REST cannot tell, the socket may: a queue of length 0 holds nothing. */
  #emptyByWord(): QueuePlaces | null {
    return this.#isEmpty ? new Map() : null;
  }

  /** A prompt that was not there a moment ago began now; one that ran when we came may be hours old. */
  #withStart({ running }: LiveQueue, places: QueuePlaces): LiveQueue['running'] {
    const since = Math.max(this.#readAt, this.#filledAt);
    const seen = !this.#connect && this.#clocks.elapsed() - since <= startedBetween;
    return running.map((entry) =>
      entry.startedAt === null && seen && places.get(entry.promptId) !== 'running'
        ? { ...entry, startedAt: this.#clocks.now() }
        : entry,
    );
  }

  #await(
    promptId: string,
    place: QueuePlace | null,
    listed: EndedJob | null,
    tell: (finding: JobFinding) => void,
  ): void {
    const since = this.#clocks.elapsed();
    const awaited: Awaited = {
      place,
      restarted: false,
      listed,
      since,
      notBefore: since,
      tries: 0,
      problem: null,
      told: false,
    };
    for (const tooMany of this.#memory.wait(promptId, awaited)) this.#giveUp(tooMany, tell);
  }

  #markRestarted(promptId: string): void {
    const awaited = this.#memory.awaited.get(promptId);
    if (awaited) awaited.restarted = true;
  }

  /** Finds prompts that ended, also those that nobody saw in the queue; null if that cannot be read now. */
  async #discoverEnded(
    left: readonly string[],
    now: QueuePlaces | null,
    tell: (finding: JobFinding) => void,
    signal: AbortSignal,
  ): Promise<Discovery | null> {
    if (this.#discover === null) return null;
    const listed = await this.#listEnded(left.length, signal);
    const discovery = listed
      ? await this.#readListed(listed, left, now, tell, signal)
      : await this.#readNewest(newestToRead(this.#memory.awaited.size, !this.#memory.looked), signal);
    if (!discovery) return null;
    this.#discover = null;
    this.#memory.looked = true;
    this.#take([...discovery.entries.values()], now, tell);
    return discovery;
  }

  #wantDiscovery(): void {
    this.#endedBefore ??= new Set(this.#memory.ended.keys());
    this.#discover ??= 'newest';
  }

  /** The newest prompts that ended, back to a known one; null where the server cannot list them. */
  async #listEnded(left: number, signal: AbortSignal): Promise<{ jobs: EndedJob[]; all: boolean } | null> {
    if (this.#queue.hasJobs === false) return null;
    let limit: number = left + (this.#discover === 'deep' ? listedAtConnect : listedLater);
    for (;;) {
      const asked = limit;
      const read = await this.#ended.ask(() => this.#source.endedJobs({ limit: asked, signal }), signal);
      if (!read) return null;
      const jobs = read.answer;
      const further = furtherReach(limit, jobs.length, this.#reachesKnown(jobs));
      if (further === null) {
        this.#endedBefore = null;
        return { jobs, all: jobs.length < limit };
      }
      limit = further;
    }
  }

  /** At the first look all that is found is new. */
  #reachesKnown(found: readonly { promptId: string; runKey: string | null }[]): boolean {
    const before = this.#endedBefore;
    return (
      !this.#memory.looked ||
      found.some((entry) => this.#memory.isKnown(entry) && (!before || before.has(entry.promptId)))
    );
  }

  async #readListed(
    { jobs, all }: { jobs: EndedJob[]; all: boolean },
    left: readonly string[],
    now: QueuePlaces | null,
    tell: (finding: JobFinding) => void,
    signal: AbortSignal,
  ): Promise<Discovery> {
    const fresh = jobs.filter((job) => !this.#memory.isKnown(job) && !now?.has(job.promptId));
    const wanted = this.#memory.looked ? fresh : fresh.slice(0, firstLook);
    for (const job of wanted) {
      // It came and went between two reads.
      if (this.#memory.ended.has(job.promptId)) this.#beginRun(job.promptId, tell);
      const awaited = this.#memory.awaited.get(job.promptId);
      if (awaited) awaited.listed = job;
      else this.#await(job.promptId, null, job, tell);
    }
    if (!this.#memory.looked)
      for (const { promptId, runKey } of fresh.slice(firstLook)) this.#memory.noteEnded(promptId, runKey);
    const found = new Set(jobs.map(({ promptId }) => promptId));
    const many = left.length > maxSingleReads;
    const toRead = this.#memory.awaited.size;
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
      if (this.#clocks.elapsed() >= this.#moreNewestAt) this.#mostNewest = Number.POSITIVE_INFINITY;
      const asked = Math.min(wanted, this.#mostNewest);
      const found = await this.#askNewest(asked, signal);
      if (!found) return null;
      for (const entry of found.entries) entries.set(entry.promptId, entry);
      // That was all of it: nothing is left to be looked up.
      complete = found.entries.length > 0 && found.entries.length < found.asked;
      const isReached = this.#reachesKnown(found.entries);
      const further: number | null = complete
        ? null
        : furtherReach(found.asked, found.entries.length, isReached);
      // Of fewer than wanted, the others are found as soon as more may be asked for.
      if (further === null) this.#endedBefore = null;
      if (found.asked < wanted) break;
      wanted = further;
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
        const entries = await this.#source.history({ maxItems, signal });
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
    this.#moreNewestAt = this.#clocks.elapsed() + doublingWait(this.#limits, limitWaits);
    this.#limits += 1;
  }

  /** Tells entries, as far as they are news, and whose runs they are. */
  #take(entries: readonly ReadEntry[], now: QueuePlaces | null, tell: (finding: JobFinding) => void): void {
    const told: HistoryEntry[] = [];
    for (const entry of entries) {
      const { runKey, ...plain } = entry;
      const { promptId } = entry;
      // One that is in the queue has an end of an earlier run, or had none a moment ago.
      if (now?.has(promptId) || this.#memory.isKnown(entry)) continue;
      if (this.#memory.ended.has(promptId)) this.#beginRun(promptId, tell);
      this.#memory.noteEnded(promptId, runKey);
      told.push(plain);
    }
    if (told.length > 0) tell({ type: 'history_read', entries: told });
  }

  /** Looks up prompts one by one, as far as they may be looked up now. */
  async #lookUpAwaited(tell: (finding: JobFinding) => void, signal: AbortSignal): Promise<void> {
    const due = [...this.#memory.awaited]
      .filter(([, { notBefore }]) => notBefore <= this.#clocks.elapsed())
      .slice(0, maxSingleReads);
    for (const [promptId, awaited] of due) {
      if (!this.#lookUps.due) return;
      const result = await this.#lookUp(promptId, signal);
      if (!(result instanceof RestError)) {
        this.#lookUpFailures = 0;
        this.#lookUps.reset();
        if (result && !this.#isEarlierRun(result)) this.#take([result], null, tell);
        else this.#vanish(promptId, tell);
        this.#memory.stopWaiting(promptId);
        continue;
      }
      awaited.tries += 1;
      awaited.problem = result.problem;
      awaited.notBefore = this.#clocks.elapsed() + doublingWait(awaited.tries - 1, lookUpWaits);
      if (awaited.tries >= maxTries) this.#giveUp(promptId, tell);
      this.#lookUpFailures += 1;
      // Perhaps it is among the newest entries.
      this.#wantDiscovery();
      // One prompt that cannot be read says nothing of others; several in a row do.
      if (this.#lookUpFailures >= 3 || result.problem.kind === 'timeout') this.#lookUps.failed(result);
    }
  }

  /** A run that came before: the one that is looked up left no entry. */
  #isEarlierRun(entry: ReadEntry): boolean {
    return this.#memory.isKnown(entry) && !this.#memory.ended.has(entry.promptId);
  }

  /** What the history has of a prompt, else the list of jobs; null if the server does not know it. */
  async #lookUp(promptId: string, signal: AbortSignal): Promise<ReadEntry | null | RestError> {
    try {
      const entry = await this.#source.historyOf(promptId, { signal });
      signal.throwIfAborted();
      return entry;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RestError)) throw error;
      if (this.#queue.hasJobs !== true || error.problem.kind === 'timeout') return error;
      return (await this.#jobEntry(promptId, signal)) ?? error;
    }
  }

  async #jobEntry(promptId: string, signal: AbortSignal): Promise<ReadEntry | null> {
    try {
      const job = await this.#source.jobOf(promptId, { signal });
      signal.throwIfAborted();
      return job?.entry ?? null;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RestError) return null;
      throw error;
    }
  }

  /** Says what is known of prompts whose end cannot be read: the outcome, or only that they are over. */
  #tellOverdue(tell: (finding: JobFinding) => void): void {
    for (const [promptId, awaited] of this.#memory.awaited) {
      const isTried = awaited.tries > 0 || !this.#lookUps.due;
      const isOverdue = this.#clocks.elapsed() - awaited.since >= unknownAfter;
      if (!awaited.told && isTried && (isOverdue || awaited.listed?.outcome))
        this.#tellWhatIsKnown(promptId, awaited, tell);
    }
  }

  #tellWhatIsKnown(promptId: string, awaited: Awaited, tell: (finding: JobFinding) => void): void {
    if (awaited.told) return;
    awaited.told = true;
    if (awaited.listed?.outcome) {
      const { outcome, finishedAt, error } = awaited.listed;
      tell({ type: 'prompt_finished', promptId, outcome, finishedAt, error });
    } else tell({ type: 'prompt_vanished', promptId, fate: 'ended' });
  }

  #giveUp(promptId: string, tell: (finding: JobFinding) => void): void {
    const awaited = this.#memory.awaited.get(promptId);
    if (!awaited) return;
    this.#tellWhatIsKnown(promptId, awaited, tell);
    this.#memory.noteEnded(promptId, awaited.listed?.runKey ?? null);
  }

  #vanish(promptId: string, tell: (finding: JobFinding) => void): void {
    const awaited = this.#memory.awaited.get(promptId);
    if (!awaited) return;
    this.#memory.noteVanished(promptId);
    // One that was only ever seen among the ended ones was deleted there just now.
    if (awaited.place === null) return;
    if (awaited.listed?.outcome) this.#tellWhatIsKnown(promptId, awaited, tell);
    else tell({ type: 'prompt_vanished', promptId, fate: fateOf(awaited) });
  }

  /** Nothing at all can be read: whoever asks should ask less often. */
  #throwIfBroken(): void {
    const problem = this.#queue.queue.problem ?? this.#queue.liveProblem;
    if (problem && (this.#history.problem || this.#ended.problem)) throw new RestError(problem);
  }
}

/** Whether it failed, and may be asked again. */
function isDoubted(health: SourceHealth): boolean {
  return health.problem !== null && health.due;
}

function numberOf({ promptId, queueNumber }: QueueEntry): [string, number | null] {
  return [promptId, queueNumber];
}

function fewer(maxItems: number): number {
  return Math.max(1, Math.floor(maxItems / 4));
}

/** Whether fewer entries can be read where more cannot: they are too large together, or one of them is bad. */
function mayBeOneEntry({ problem }: RestError): boolean {
  const { kind, status } = problem;
  return kind === 'protocol' || kind === 'server-error' || (kind === 'not-comfyui' && status === 200);
}

/** `Omit` for each member of a union. */
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
