import { backoffDelay } from './backoff.ts';

export interface PacedReadOptions {
  /** Reads and passes on what it read; must do neither once the signal is aborted. */
  read: (signal: AbortSignal) => Promise<void>;
  /** From the start of one read to the start of the next, ms. */
  minGap: number;
  /** Hears of every failure. */
  onFailure: (error: unknown) => void;
}

/** Longest wait after failures, ms; a server without REST is asked again that often. */
const longestWait = 60_000;

/**
 * Reads when asked to, but never more than one at a time and never more often than agreed. A failed
 * read is repeated with growing delays.
 */
export class PacedRead {
  readonly #options: PacedReadOptions;
  #wanted = false;
  #reading: AbortController | null = null;
  #timer: NodeJS.Timeout | null = null;
  #notBefore = 0;
  #failures = 0;

  constructor(options: PacedReadOptions) {
    this.#options = options;
  }

  /** Asks for a read that begins from now on. */
  request(): void {
    this.#wanted = true;
    this.#schedule();
  }

  /** Asks for a read at once, whatever failed before: it is a new connection. */
  start(): void {
    this.stop();
    this.#notBefore = 0;
    this.#failures = 0;
    this.request();
  }

  /** Abandons a read that is under way, and all that were asked for. */
  stop(): void {
    this.#wanted = false;
    this.#reading?.abort();
    this.#reading = null;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(): void {
    if (!this.#wanted || this.#reading || this.#timer) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        void this.#read();
      },
      Math.max(0, this.#notBefore - Date.now()),
    );
  }

  async #read(): Promise<void> {
    const reading = new AbortController();
    this.#reading = reading;
    this.#wanted = false;
    this.#notBefore = Date.now() + this.#options.minGap;
    try {
      await this.#options.read(reading.signal);
      this.#failures = 0;
    } catch (error) {
      if (reading.signal.aborted) return;
      this.#failures += 1;
      this.#notBefore = Date.now() + retryDelay(this.#failures);
      this.#wanted = true;
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
