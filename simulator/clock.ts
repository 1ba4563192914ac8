/** Where the simulator takes its time from. All times are milliseconds. */
export interface Clock {
  /** Milliseconds since the epoch: what the simulated server puts into its timestamps. */
  now(): number;
  /** Runs the action once, later; the returned function calls it off. */
  after(ms: number, action: () => void): () => void;
}

/** The time of the machine. */
export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

interface Waiting {
  /** When, ms since the epoch. */
  readonly due: number;
  readonly action: () => void;
}

/** Time that stands still until it is advanced: for tests, and to live through a history in an instant. */
export class ManualClock implements Clock {
  #time: number;
  #waiting: Waiting[] = [];

  /** @param start milliseconds since the epoch */
  constructor(start: number) {
    this.#time = start;
  }

  now(): number {
    return this.#time;
  }

  after(ms: number, action: () => void): () => void {
    const entry = { due: this.#time + Math.max(0, ms), action };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  /** Lets the time pass; everything that falls due happens at its own moment, in order. */
  advance(ms: number): void {
    const end = this.#time + ms;
    for (let entry = this.#nextDue(end); entry; entry = this.#nextDue(end)) {
      this.#time = Math.max(this.#time, entry.due);
      entry.action();
    }
    this.#time = end;
  }

  #nextDue(end: number): Waiting | undefined {
    // Sorting keeps what falls due at the same moment in the order in which it was asked for.
    const [earliest] = this.#waiting.filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due);
    this.#waiting = this.#waiting.filter((entry) => entry !== earliest);
    return earliest;
  }
}

/** A clock that can be exchanged for another: a server that starts with a past switches from it to the present. */
export class SwitchableClock implements Clock {
  current: Clock;

  constructor(current: Clock) {
    this.current = current;
  }

  now(): number {
    return this.current.now();
  }

  after(ms: number, action: () => void): () => void {
    return this.current.after(ms, action);
  }
}

/** The timers of one owner, so that stopping it leaves none behind. */
export class Timers {
  readonly #clock: Clock;
  readonly #pending = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(ms: number, action: () => void): () => void {
    const cancel = () => {
      this.#pending.delete(cancel);
      stop();
    };
    const stop = this.#clock.after(ms, () => {
      this.#pending.delete(cancel);
      action();
    });
    this.#pending.add(cancel);
    return cancel;
  }

  every(ms: number, action: () => void): () => void {
    let cancel: () => void = () => {};
    const round = () => {
      cancel = this.after(ms, round);
      action();
    };
    cancel = this.after(ms, round);
    return () => cancel();
  }

  clear(): void {
    for (const cancel of [...this.#pending]) cancel();
  }
}
