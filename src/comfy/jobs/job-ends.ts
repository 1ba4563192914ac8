import type { HistoryEntry } from '../../domain/monitor-event.ts';
import type { ReadEntry } from '../wire/entries/decode-history.ts';
import type { EndedJob } from '../wire/entries/decode-jobs.ts';
import type { Reading } from './job-finding.ts';
import type { Awaited, JobMemory } from './job-memory.ts';
import { fateOf, type QueuePlace, type QueuePlaces } from './queue-changes.ts';

/** How long a prompt that left the queue may keep its last state while its end cannot be read, ms. */
const unknownAfter = 6_000;

type Report = Reading['report'];

/** Reports how prompts ended, each run once, and waits for the ends that are still to be read. */
export class JobEnds {
  readonly #memory: JobMemory;
  readonly #elapsed: () => number;
  readonly #onNewRun: (promptId: string) => void;

  /** `elapsed` gives ms of a clock that is never set. `onNewRun` hears of prompts that run again. */
  constructor(memory: JobMemory, elapsed: () => number, onNewRun: (promptId: string) => void) {
    this.#memory = memory;
    this.#elapsed = elapsed;
    this.#onNewRun = onNewRun;
  }

  /** Begins another run of a prompt id. */
  beginRun(promptId: string, report: Report): void {
    this.#memory.beginRun(promptId);
    this.#onNewRun(promptId);
    report({ type: 'prompt_requeued', promptId });
  }

  /** Waits for the end of a prompt to be read. */
  await(promptId: string, place: QueuePlace | null, listed: EndedJob | null, report: Report): void {
    const since = this.#elapsed();
    const awaited: Awaited = {
      place,
      restarted: false,
      listed,
      since,
      notBefore: since,
      tries: 0,
      problem: null,
      reported: false,
    };
    for (const tooMany of this.#memory.wait(promptId, awaited)) this.giveUp(tooMany, report);
  }

  /** The server was started anew while this prompt's end was still to be read. */
  markRestarted(promptId: string): void {
    const awaited = this.#memory.awaited.get(promptId);
    if (awaited) awaited.restarted = true;
  }

  /** Reports entries, as far as they are news, and whose runs they are. `now` is what the queue holds. */
  take(entries: readonly ReadEntry[], now: QueuePlaces | null, report: Report): void {
    const fresh: HistoryEntry[] = [];
    for (const entry of entries) {
      const { runKey, ...plain } = entry;
      const { promptId } = entry;
      // One that is in the queue has an end of an earlier run, or had none a moment ago.
      if (now?.has(promptId) || this.#memory.isKnown(entry)) continue;
      if (this.#memory.ended.has(promptId)) this.beginRun(promptId, report);
      this.#memory.noteEnded(promptId, runKey);
      fresh.push(plain);
    }
    if (fresh.length > 0) report({ type: 'history_read', entries: fresh });
  }

  /**
   * Reports what is known of prompts whose end cannot be read: the outcome, or only that they are over. `isBlocked`:
   * single prompts cannot be looked up now.
   */
  reportOverdue(isBlocked: boolean, report: Report): void {
    for (const [promptId, awaited] of this.#memory.awaited) {
      const isTried = awaited.tries > 0 || isBlocked;
      const isOverdue = this.#elapsed() - awaited.since >= unknownAfter;
      if (isTried && (isOverdue || awaited.listed?.outcome)) reportWhatIsKnown(promptId, awaited, report);
    }
  }

  /** The end of this prompt is not looked for any more. */
  giveUp(promptId: string, report: Report): void {
    const awaited = this.#memory.awaited.get(promptId);
    if (!awaited) return;
    reportWhatIsKnown(promptId, awaited, report);
    this.#memory.noteEnded(promptId, awaited.listed?.runKey ?? null);
  }

  /** The server knows this prompt no longer. */
  vanish(promptId: string, report: Report): void {
    const awaited = this.#memory.awaited.get(promptId);
    if (!awaited) return;
    this.#memory.noteVanished(promptId);
    // One that was only ever seen among the ended ones was deleted there just now.
    if (awaited.place === null) return;
    if (awaited.listed?.outcome) reportWhatIsKnown(promptId, awaited, report);
    else report({ type: 'prompt_vanished', promptId, fate: fateOf(awaited) });
  }
}

function reportWhatIsKnown(promptId: string, awaited: Awaited, report: Report): void {
  if (awaited.reported) return;
  awaited.reported = true;
  if (awaited.listed?.outcome) {
    const { outcome, finishedAt, error } = awaited.listed;
    report({ type: 'prompt_finished', promptId, outcome, finishedAt, error });
  } else report({ type: 'prompt_vanished', promptId, fate: 'ended' });
}
