/**
 * Estimates by how much a server's clock is ahead of ours, from what it says in passing. Every answer's
 * `Date` header (whole seconds) and every timestamp in a message bounds the difference; the bounds of
 * many narrow it down to well below a second. Machines that agree as far as can be told are taken to
 * agree exactly.
 */
export class ServerClock {
  /** The difference (server minus host, ms) lies between these. */
  #least = Number.NEGATIVE_INFINITY;
  #most = Number.POSITIVE_INFINITY;

  /**
   * Takes in the `Date` of an answer (ms, the beginning of the second it names) to a request that was
   * sent at `sentAt` and answered by `receivedAt`, ms of our clock.
   */
  noteDate(date: number, sentAt: number, receivedAt: number): void {
    this.#narrow(date - receivedAt, date + 1_000 - sentAt);
  }

  /**
   * Takes in a message that was stamped at `serverTime` (ms) and had arrived by `receivedAt`. It can only
   * make more precise what answers told: an extension may put anything into a message.
   */
  noteMessage(serverTime: number, receivedAt: number): void {
    const least = serverTime - receivedAt;
    if (least <= this.#most && this.#most < Number.POSITIVE_INFINITY)
      this.#least = Math.max(this.#least, least);
  }

  /** Server minus host, ms; 0 while nothing contradicts that. */
  get offset(): number {
    if (this.#least <= tolerance && this.#most >= -tolerance) return 0;
    return Math.round((this.#least + this.#most) / 2);
  }

  /** Turns a time of the server's clock (ms) into one of ours. */
  readonly toHost = (serverTime: number): number => serverTime - this.offset;

  #narrow(least: number, most: number): void {
    const clearly = this.#least - tolerance > most || this.#most + tolerance < least;
    // A clock was set, or drifted over days: only the newest word counts.
    this.#least = clearly ? least : Math.max(this.#least, least);
    this.#most = clearly ? most : Math.max(this.#least, Math.min(this.#most, most));
  }
}

/** What scheduling, rounding and adjustment of clocks can feign, ms. */
const tolerance = 50;
