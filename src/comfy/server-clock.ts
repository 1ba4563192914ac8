/**
 * Estimates by how much a server's clock is ahead of ours, from what it says in passing. Every answer's
 * `Date` header (whole seconds) and every timestamp in a message bounds the difference; the bounds of
 * many narrow it down to well below a second. Machines that agree as far as can be seen are taken to
 * agree exactly. A clock that is set keeps what it stamped before: that is read as it was meant.
 */
export class ServerClock {
  /** The difference (server minus host, ms) lies between these. */
  #least = Number.NEGATIVE_INFINITY;
  #most = Number.POSITIVE_INFINITY;
  /** Newest first. */
  #earlier: ClockSetting[] = [];
  #since = Number.NEGATIVE_INFINITY;
  /** The newest time of ours of which we know what the server's was. */
  #seenAt = Number.NEGATIVE_INFINITY;

  /**
   * Takes in the `Date` of an answer (ms, the beginning of the second it names) to a request that was
   * sent at `sentAt` and answered by `receivedAt`, ms of our clock.
   */
  noteDate(date: number, sentAt: number, receivedAt: number): void {
    this.#narrow(date - receivedAt, date + 1_000 - sentAt, receivedAt);
    this.#seenAt = Math.max(this.#seenAt, receivedAt);
  }

  /**
   * Takes in a message that was stamped at `serverTime` (ms) and had arrived by `receivedAt`. It can only
   * make more precise what answers said: an extension may put anything into a message.
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

  /** How it is set and was set, newest first: all that `hostTimeBy` needs. */
  get settings(): ClockSetting[] {
    return [{ offset: this.offset, since: this.#since, until: Number.POSITIVE_INFINITY }, ...this.#earlier];
  }

  /** Turns a time of the server's clock (ms) into one of ours. */
  readonly toHost = (serverTime: number): number => hostTimeBy(this.settings, serverTime, this.#seenAt);

  #narrow(least: number, most: number, at: number): void {
    const clearly = this.#least - tolerance > most || this.#most + tolerance < least;
    if (clearly && Math.abs(this.offset - (least + most) / 2) > notable) {
      // Somewhen between our last look and this one.
      const before = { offset: this.offset, since: this.#since, until: at };
      this.#earlier = [before, ...this.#earlier].slice(0, maxEarlier);
      this.#since = this.#seenAt;
    }
    // A clock was set, or drifted over days: only the newest word counts.
    this.#least = clearly ? least : Math.max(this.#least, least);
    this.#most = clearly ? most : Math.max(this.#least, Math.min(this.#most, most));
  }
}

/** How a server's clock was set for a while. Plain data; times are ours, ms since the epoch. */
export interface ClockSetting {
  /** Server minus host, ms. */
  offset: number;
  since: number;
  until: number;
}

/**
 * Turns a time of a server's clock (ms) into one of ours: by the newest setting that makes it a time of when the
 * clock was set so, and no time that is still to come. `now` is of our clock, ms.
 */
export function hostTimeBy(settings: readonly ClockSetting[], serverTime: number, now: number): number {
  for (const { offset, since, until } of settings) {
    const time = serverTime - offset;
    if (time >= since - slack && time <= Math.min(now, until) + slack) return time;
  }
  return serverTime - (settings[0]?.offset ?? 0);
}

/** What scheduling, rounding and adjustment of clocks can feign, ms. */
const tolerance = 50;
/** A clock that differs by less (ms) drifted, and was not set. */
const notable = 2_000;
/** By how much times may miss the setting that they are of, ms: answers are asked for every few seconds. */
const slack = 10_000;
const maxEarlier = 10;
