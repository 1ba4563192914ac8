import type { ConnectionProblem } from '../../domain/server.ts';
import { doublingWait } from '../../domain/values/doubling-wait.ts';
import { RestError } from './rest-request.ts';

/** ms */
const firstWait = 2_000;

/**
 * How one source of answers fares: whether to ask it now, and what stands in the way. After failures it is asked
 * less and less often, up to once in `longestWait` ms; one success starts that over.
 */
export class SourceHealth {
  readonly #elapsed: () => number;
  readonly #longestWait: number;
  #failures = 0;
  #notBefore = Number.NEGATIVE_INFINITY;
  #problem: ConnectionProblem | null = null;

  /** `elapsed` gives ms of a clock that is never set. */
  constructor(elapsed: () => number, longestWait: number) {
    this.#elapsed = elapsed;
    this.#longestWait = longestWait;
  }

  /** Whether it may be asked again. */
  get due(): boolean {
    return this.#elapsed() >= this.#notBefore;
  }

  /** Why the last answer could not be read; null if it could. */
  get problem(): ConnectionProblem | null {
    return this.#problem;
  }

  /** Forgets what was: it is another connection, perhaps to another server. */
  reset(): void {
    this.#failures = 0;
    this.#notBefore = Number.NEGATIVE_INFINITY;
    this.#problem = null;
  }

  /**
   * Asks, unless it is too soon after a failure. Null if there is no answer; rejects only if `signal` was aborted,
   * or with what is no `RestError`.
   */
  async ask<T>(request: () => Promise<T>, signal: AbortSignal): Promise<{ answer: T } | null> {
    if (!this.due) return null;
    try {
      const answer = await request();
      signal.throwIfAborted();
      this.reset();
      return { answer };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RestError)) throw error;
      this.failed(error);
      return null;
    }
  }

  failed(error: RestError): void {
    this.#problem = error.problem;
    this.#notBefore =
      this.#elapsed() + doublingWait(this.#failures, { first: firstWait, longest: this.#longestWait });
    this.#failures += 1;
  }
}
