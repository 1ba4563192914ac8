import { backoffDelay } from '../link/backoff.ts';

export interface PacedReadOptions {
  /** Reads and passes on what it read; must do neither once the signal is aborted. */
  read: (signal: AbortSignal) => Promise<void>;
  /** From the start of one read to the start of the next, ms, at the least. */
  minGap: () => number;
  /** After how long to read again unasked, ms; never if left out. */
  again?: () => number;
  /** Hears of every failure. */
  onFailure: (error: unknown) => void;
}

/** Longest wait after failures, ms; a server without REST is asked again that often. */
const longestWait = 60_000;

/**
 * Reads when asked to, and unasked where agreed, but never more than one at a time and never more often
 * than agreed. A failed read is repeated with growing delays.
 */
export class PacedRead {
  readonly #options: PacedReadOptions;
  /** When to read next, ms by `performance.now()`; null for not before it is asked for. */
  #dueAt: number | null = null;
  #reading: AbortController | null = null;
  #timer: NodeJS.Timeout | null = null;
  #notBefore = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(options: PacedReadOptions) {
    this.#options = options;
  }

  /** Asks for a read that begins from now on. */
  request(): void {
    this.#dueAt = 0;
    this.#schedule();
  }

  /** Asks for a read at once, whatever failed before: it is a new connection. */
  start(): void {
    this.stop();
    this.#notBefore = Number.NEGATIVE_INFINITY;
    this.#failures = 0;
    this.request();
  }

  /** Abandons a read that is under way, and all that were asked for. */
  stop(): void {
    this.#dueAt = null;
    this.#reading?.abort();
    this.#reading = null;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(): void {
    if (this.#dueAt === null || this.#reading) return;
    // A read that was planned for later may have been asked for meanwhile.
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        void this.#read();
      },
      Math.max(0, Math.max(this.#notBefore, this.#dueAt) - performance.now()),
    );
  }

  async #read(): Promise<void> {
    const reading = new AbortController();
    this.#reading = reading;
    this.#dueAt = null;
    const startedAt = performance.now();
    try {
      await this.#options.read(reading.signal);
      this.#failures = 0;
      this.#notBefore = startedAt + this.#options.minGap();
      const again = this.#options.again?.();
      if (again !== undefined) this.#dueAt ??= performance.now() + again;
    } catch (error) {
      if (reading.signal.aborted) return;
      this.#failures += 1;
      this.#notBefore = performance.now() + retryDelay(this.#failures);
      this.#dueAt = 0;
      this.#options.onFailure(error);
    }
    // Stopped, and perhaps started again, while it read: that one goes on by itself.
    if (this.#reading !== reading) return;
    this.#reading = null;
    this.#schedule();
  }
}

function retryDelay(failures: number): number {
  return failures < 6 ? 2 * backoffDelay(failures, Math.random()) : longestWait;
}
