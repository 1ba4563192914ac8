import type { ConnectionProblem } from '../../domain/server.ts';
import { doublingWait } from '../../domain/values/doubling-wait.ts';
import { RestError } from '../rest/rest-request.ts';
import { SourceHealth } from '../rest/source-health.ts';
import type { ReadEntry } from '../wire/entries/decode-history.ts';
import type { JobEnds } from './job-ends.ts';
import type { JobSource, Reading } from './job-finding.ts';
import type { JobMemory } from './job-memory.ts';
import { maxSingleReads } from './queue-changes.ts';

/** Where single prompts cannot be read at all, they are tried at least that often, ms. */
const longestWait = 300_000;
/** Waits between looking up one prompt, ms. After so many tries it is given up. */
const lookUpWaits = { first: 2_000, longest: 120_000 };
const maxTries = 8;
/** One prompt that cannot be read says nothing of others; so many in a row do. */
const failuresOfAll = 3;

export interface PromptLookUpsOptions {
  source: JobSource;
  memory: JobMemory;
  ends: JobEnds;
  /** Whether the server has `/api/jobs`; null while that is not known. */
  hasJobs: () => boolean | null;
  /** ms of a clock that is never set. */
  elapsed: () => number;
}

/** Looks up prompts one by one: what the history has of each, or else the list of jobs. */
export class PromptLookUps {
  readonly #options: PromptLookUpsOptions;
  readonly #health: SourceHealth;
  /** Single prompts that could not be read in a row. */
  #failures = 0;

  constructor(options: PromptLookUpsOptions) {
    this.#options = options;
    this.#health = new SourceHealth(options.elapsed, longestWait);
  }

  reconnected(): void {
    this.#health.reset();
    this.#failures = 0;
  }

  /** Whether single prompts may be looked up now. */
  get due(): boolean {
    return this.#health.due;
  }

  /** Why the newest of the prompts that are waited for could not be read; null if none failed. */
  get problem(): ConnectionProblem | null {
    const unread = [...this.#options.memory.awaited.values()].findLast(({ problem }) => problem !== null);
    return unread?.problem ?? null;
  }

  /** Looks up the prompts that are waited for, as far as they may be looked up now; false if one of them failed. */
  async readAwaited({ report, signal }: Reading): Promise<boolean> {
    const { memory, ends, elapsed } = this.#options;
    const due = [...memory.awaited]
      .filter(([, { notBefore }]) => notBefore <= elapsed())
      .slice(0, maxSingleReads);
    let isRead = true;
    for (const [promptId, awaited] of due) {
      if (!this.#health.due) break;
      const result = await this.read(promptId, signal);
      if (!(result instanceof RestError)) {
        this.#failures = 0;
        this.#health.reset();
        if (result && !this.#isEarlierRun(result)) ends.take([result], null, report);
        else ends.vanish(promptId, report);
        memory.stopWaiting(promptId);
        continue;
      }
      isRead = false;
      awaited.tries += 1;
      awaited.problem = result.problem;
      awaited.notBefore = elapsed() + doublingWait(awaited.tries - 1, lookUpWaits);
      if (awaited.tries >= maxTries) ends.giveUp(promptId, report);
      this.#failures += 1;
      if (this.#failures >= failuresOfAll || result.problem.kind === 'timeout') this.#health.failed(result);
    }
    return isRead;
  }

  /** What the history has of a prompt, else the list of jobs; null if the server does not know it. */
  async read(promptId: string, signal: AbortSignal): Promise<ReadEntry | null | RestError> {
    const { source, hasJobs } = this.#options;
    try {
      const entry = await source.historyOf(promptId, { signal });
      signal.throwIfAborted();
      return entry;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RestError)) throw error;
      if (hasJobs() !== true || error.problem.kind === 'timeout') return error;
      return (await this.#jobEntry(promptId, signal)) ?? error;
    }
  }

  async #jobEntry(promptId: string, signal: AbortSignal): Promise<ReadEntry | null> {
    try {
      const job = await this.#options.source.jobOf(promptId, { signal });
      signal.throwIfAborted();
      return job?.entry ?? null;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RestError) return null;
      throw error;
    }
  }

  /** A run that came before: the one that is looked up left no entry. */
  #isEarlierRun(entry: ReadEntry): boolean {
    const { memory } = this.#options;
    return memory.isKnown(entry) && !memory.ended.has(entry.promptId);
  }
}
