import type { QueueEntry } from '../../domain/monitor-event.ts';
import type { Unreadable } from '../../domain/server.ts';
import { hostNow } from '../host-clock.ts';
import { RestError } from '../rest/rest-request.ts';
import { EndedPrompts } from './ended-prompts.ts';
import { JobEnds } from './job-ends.ts';
import type { JobFinding, JobSource, Reading } from './job-finding.ts';
import { JobMemory } from './job-memory.ts';
import { PromptLookUps } from './prompt-look-ups.ts';
import {
  isRestarted,
  leftQueue,
  maxSingleReads,
  type QueuePlace,
  type QueuePlaces,
  queuePlaces,
} from './queue-changes.ts';
import { type LiveQueue, QueueReader } from './queue-reader.ts';

/** A prompt that was certainly not running so short a time (ms) ago has started just now. */
const startedBetween = 3_000;
/** A prompt whose end the socket reported so long ago (ms) is not in the queue any more. */
const leavesWithin = 5_000;

/** Clocks, for tests: `now` gives ms since the epoch, `elapsed` ms by a clock that is never set. */
export interface ReconcilerClocks {
  now: () => number;
  elapsed: () => number;
}

/**
 * Finds out what became of every job, read by read: what the queue holds now, against what it held
 * before, and the history of what left it. Knows no timers and no sockets.
 *
 * Every source may fail alone, for a while or for good, and for one prompt only. What cannot be read from one is
 * read from the next: jobs, then queue and history, then what the socket said. A prompt whose end cannot be read
 * is said to be over, and looked up again a few times.
 */
export class JobReconciler {
  readonly #clocks: ReconcilerClocks;
  readonly #memory: JobMemory;
  readonly #queue: QueueReader;
  readonly #ends: JobEnds;
  readonly #ended: EndedPrompts;
  readonly #lookUps: PromptLookUps;
  #connect = true;
  #readAt = Number.NEGATIVE_INFINITY;
  #readFrom = Number.NEGATIVE_INFINITY;
  /** Whether the server reported a change of its queue since that was last read. */
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
    this.#clocks = clocks;
    this.#memory = memory;
    const { elapsed } = clocks;
    this.#queue = new QueueReader(source, elapsed);
    const hasJobs = () => this.#queue.hasJobs;
    const ends = new JobEnds(memory, elapsed, (promptId) => this.#queue.forget(promptId));
    this.#ends = ends;
    this.#ended = new EndedPrompts({ source, memory, ends, hasJobs, elapsed });
    this.#lookUps = new PromptLookUps({ source, memory, ends, hasJobs, elapsed });
  }

  /** A connection was made: everything may have changed, the server too. */
  reconnected(): void {
    this.#connect = true;
    this.#queue.reconnected();
    this.#ended.reconnected();
    this.#lookUps.reconnected();
    this.#length = null;
    this.#isEmpty = false;
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** The socket reported that this prompt runs. */
  noteRunning(promptId: string): void {
    // Frames can be late: only one of a prompt that is not over says that the queue is not empty.
    if (!this.#memory.isOver(promptId) && this.#memory.endHeardAt(promptId) === null) this.#isEmpty = false;
    this.#memory.hear(promptId);
  }

  /** The socket reported the end of this prompt. */
  noteEnd(promptId: string): void {
    this.#memory.hearEnd(promptId, this.#clocks.elapsed());
  }

  /** The server reported the length of its queue. */
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
    const sources = [
      ['live_jobs', this.#queue.liveProblem],
      ['queue', this.#queue.queue.problem],
      ['ended_jobs', this.#ended.listProblem],
      ['history', this.#ended.historyProblem],
      ['prompt', this.#lookUps.problem],
    ] as const;
    return sources.flatMap(([source, problem]) => (problem === null ? [] : [{ source, problem }]));
  }

  /**
   * Reads once and reports what it finds, as far as the server can be asked: what cannot be read now, the next
   * reads look for. Rejects with `RestError` when nothing at all could be read. Reports nothing after `signal` was
   * aborted.
   */
  async read(report: (finding: JobFinding) => void, signal: AbortSignal): Promise<void> {
    const reading: Reading = { report, signal };
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
      if (queue) await this.#readRunsBefore(queue, places, numbers, reading);
      const now = queue ? this.#reportQueue(queue, places, numbers, report) : this.#emptyByWord();
      const left = now ? this.#leftNow(places, now, report) : [];
      if (this.#connect || wasChanged || left.length > 0 || this.#ended.isOwed) this.#ended.want();
      for (const promptId of left) this.#ends.await(promptId, places.get(promptId) ?? null, null, report);
      if (now) {
        // A prompt that the socket shows running again meanwhile is over all the same.
        this.#memory.forgetHeard(heard);
        this.#memory.places = now;
        this.#memory.numbers = numbers;
      }
      const isConnect = this.#connect;
      const known = isConnect ? [...this.#memory.ended.keys()] : [];
      const discovery = await this.#ended.find(left, now, reading);
      if (isConnect && now) {
        // Unless the server proves to remember something, it may have forgotten everything.
        const found = discovery?.found ?? new Set();
        if (isRestarted(places, now, known, found)) {
          for (const promptId of left) this.#ends.markRestarted(promptId);
          if (discovery) this.#memory.forgetRuns();
        }
      }
      if (discovery?.complete)
        for (const promptId of left) if (!discovery.found.has(promptId)) this.#ends.vanish(promptId, report);
      // What cannot be looked up is perhaps among the newest entries.
      if (!(await this.#lookUps.readAwaited(reading))) this.#ended.want();
      this.#ends.reportOverdue(!this.#lookUps.due, report);
      await this.#ended.retryHistory(signal);
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

  /** Looks up how prompts ended that were queued again before their end was seen. */
  async #readRunsBefore(
    queue: LiveQueue,
    places: QueuePlaces,
    numbers: ReadonlyMap<string, number | null>,
    { report, signal }: Reading,
  ): Promise<void> {
    const again = [...queuePlaces(queue)].filter(
      ([promptId, place]) =>
        !this.#memory.isOver(promptId) && this.#isAnotherRun(promptId, place, places, numbers),
    );
    for (const [promptId] of again.slice(0, maxSingleReads)) {
      const entry = await this.#lookUps.read(promptId, signal);
      if (!entry || entry instanceof RestError || entry.queueNumber === numbers.get(promptId)) continue;
      this.#ends.take([entry], null, report);
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
    // Its end is reported a moment before it leaves the queue.
    const endHeardAt = this.#memory.endHeardAt(promptId);
    // What was said since the queue was asked for is newer than the answer.
    if (endHeardAt !== null && endHeardAt < this.#readFrom)
      if (place === 'pending' || this.#readFrom - endHeardAt >= leavesWithin) return true;
    const before = this.#memory.numbers.get(promptId) ?? null;
    const number = numbers.get(promptId) ?? null;
    return before !== null && number !== null && before !== number;
  }

  #reportQueue(
    read: LiveQueue,
    places: QueuePlaces,
    numbers: ReadonlyMap<string, number | null>,
    report: Reading['report'],
  ): QueuePlaces {
    const queue = { running: this.#withStart(read, places), pending: read.pending };
    const now = queuePlaces(queue);
    for (const [promptId, place] of now) {
      if (this.#isAnotherRun(promptId, place, places, numbers)) this.#ends.beginRun(promptId, report);
      this.#memory.stopWaiting(promptId);
    }
    report({ type: 'queue_read', running: queue.running, pending: queue.pending });
    for (const description of this.#queue.descriptions(queue))
      report({ type: 'prompt_described', ...description });
    return now;
  }

  /** Prompts that left the queue, and are not known to be over. */
  #leftNow(places: QueuePlaces, now: QueuePlaces, report: Reading['report']): string[] {
    return leftQueue(places, now).filter((promptId) => {
      const awaited = this.#memory.awaited.get(promptId);
      if (awaited) {
        // It was listed as ended before the socket showed it running, or before that was read of in the queue.
        awaited.place ??= places.get(promptId) ?? null;
        return false;
      }
      if (!this.#memory.isOver(promptId)) return true;
      // Frames can be late; so late that what was shown of its end is not shown any more.
      report({ type: 'prompt_vanished', promptId, fate: 'ended' });
      return false;
    });
  }

  /** Where REST cannot be read, the socket may say it: a queue of length 0 holds nothing. */
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

  /** Nothing at all can be read: the reader should ask less often. */
  #throwIfBroken(): void {
    const problem = this.#queue.queue.problem ?? this.#queue.liveProblem;
    if (problem && this.#ended.isBroken) throw new RestError(problem);
  }
}

function numberOf({ promptId, queueNumber }: QueueEntry): [string, number | null] {
  return [promptId, queueNumber];
}
