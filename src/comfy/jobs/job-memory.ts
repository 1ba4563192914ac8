import type { ConnectionProblem } from '../../domain/server.ts';
import { dropOldest } from '../../domain/values/drop-oldest.ts';
import type { EndedJob } from '../wire/entries/decode-jobs.ts';
import type { QueuePlace } from './queue-changes.ts';

/** Ended prompts that are remembered; as many that vanished, and of earlier runs. */
const maxKnown = 1_000;
/** Prompts that only the socket mentioned; a state shows fewer as running. */
const maxHeard = 100;
/** Prompts that ended and are still to be read. */
const maxAwaited = 500;

/** A prompt that left the queue or ended, while it is still to be read how. */
export interface Awaited {
  /** Where it was in the queue; null if it was never seen there. */
  place: QueuePlace | null;
  /** Whether the server was started anew meanwhile. */
  restarted: boolean;
  /** What the list of jobs says of it, which is less than the history does. */
  listed: EndedJob | null;
  /** When it was missed, and when it may be looked up again, ms of a clock that is never set. */
  since: number;
  notBefore: number;
  tries: number;
  problem: ConnectionProblem | null;
  /** Whether its end was reported from less than the history. */
  reported: boolean;
}

/** What has to be remembered of a server's jobs as long as its state is kept. Bounded in every part. */
export class JobMemory {
  /** Prompts that were in the queue when it was last read. */
  places: ReadonlyMap<string, QueuePlace> = new Map();
  /** The numbers that the queue gave them. */
  numbers: ReadonlyMap<string, number | null> = new Map();
  /** Whether the history was ever looked at. */
  looked = false;
  /** Prompts that the socket showed running since the queue was last read. */
  readonly #heard = new Set<string>();
  /** Prompts whose end the socket reported, and when. */
  readonly #endHeardAt = new Map<string, number>();
  /** Prompts that have ended, their history entry being reported or older than what is, with the key of their run. */
  readonly #ended = new Map<string, string | null>();
  /** Prompts that left neither the queue nor a trace. */
  readonly #vanished = new Set<string>();
  /** The keys of runs that came before one of the same prompt id. */
  readonly #earlier = new Map<string, string>();
  readonly #awaited = new Map<string, Awaited>();

  get heard(): ReadonlySet<string> {
    return this.#heard;
  }

  get ended(): ReadonlyMap<string, string | null> {
    return this.#ended;
  }

  get awaited(): ReadonlyMap<string, Awaited> {
    return this.#awaited;
  }

  hear(promptId: string): void {
    this.#heard.delete(promptId);
    this.#heard.add(promptId);
    dropOldest(this.#heard, maxHeard);
  }

  /** The queue was read: what the socket reported before is in it, or over. */
  forgetHeard(promptIds: Iterable<string>): void {
    for (const promptId of promptIds) this.#heard.delete(promptId);
  }

  /** Waits for the end of a prompt. Gives back those that are too many to wait for. */
  wait(promptId: string, awaited: Awaited): string[] {
    if (!this.#awaited.has(promptId)) this.#awaited.set(promptId, awaited);
    return [...this.#awaited.keys()].slice(0, Math.max(0, this.#awaited.size - maxAwaited));
  }

  stopWaiting(promptId: string): void {
    this.#awaited.delete(promptId);
  }

  noteEnded(promptId: string, runKey: string | null): void {
    this.#awaited.delete(promptId);
    this.#vanished.delete(promptId);
    this.#ended.set(promptId, runKey);
    dropOldest(this.#ended, maxKnown);
  }

  noteVanished(promptId: string): void {
    this.#awaited.delete(promptId);
    this.#vanished.add(promptId);
    dropOldest(this.#vanished, maxKnown);
  }

  /** Whether this prompt was in the history, or gone from the queue: it is another run if it is there now. */
  isOver(promptId: string): boolean {
    return this.#ended.has(promptId) || this.#vanished.has(promptId) || this.#awaited.has(promptId);
  }

  /** The socket reported the end of a prompt, at `at` ms of a clock that is never set. */
  hearEnd(promptId: string, at: number): void {
    if (!this.#endHeardAt.has(promptId)) this.#endHeardAt.set(promptId, at);
    dropOldest(this.#endHeardAt, maxHeard);
  }

  /** When the socket reported the end of this prompt; null if it did not. */
  endHeardAt(promptId: string): number | null {
    return this.#endHeardAt.get(promptId) ?? null;
  }

  /** Whether an entry is of a run that was known before, or came before one that is. */
  isKnown({ promptId, runKey }: { promptId: string; runKey: string | null }): boolean {
    if (runKey !== null && this.#earlier.get(promptId) === runKey) return true;
    const known = this.#ended.get(promptId);
    return known !== undefined && (known === null || runKey === null || known === runKey);
  }

  /** The server was started anew: it counts its runs from the beginning. */
  forgetRuns(): void {
    this.#earlier.clear();
  }

  /** Begins a new run of a prompt id that has ended. */
  beginRun(promptId: string): void {
    const before = this.#ended.get(promptId) ?? this.#awaited.get(promptId)?.listed?.runKey ?? null;
    this.#ended.delete(promptId);
    this.#vanished.delete(promptId);
    this.#awaited.delete(promptId);
    this.#endHeardAt.delete(promptId);
    if (before === null) return;
    this.#earlier.set(promptId, before);
    dropOldest(this.#earlier, maxKnown);
  }
}
