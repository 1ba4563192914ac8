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

/** Time that stands still until it is advanced: for tests, and to live through a history in an instant. */
export class ManualClock implements Clock {
  private time: number;
  private sequence = 0;
  private waiting: { due: number; order: number; action: () => void }[] = [];

  /** @param start milliseconds since the epoch */
  constructor(start: number) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, action: () => void): () => void {
    const entry = { due: this.time + Math.max(0, ms), order: this.sequence, action };
    this.sequence += 1;
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  }

  /** Lets the time pass; everything that falls due happens at its own moment, in order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (let entry = this.nextDue(end); entry; entry = this.nextDue(end)) {
      this.time = Math.max(this.time, entry.due);
      entry.action();
    }
    this.time = end;
  }

  private nextDue(end: number) {
    const earliest = this.waiting.reduce<(typeof this.waiting)[number] | undefined>(
      (best, entry) =>
        !best || entry.due < best.due || (entry.due === best.due && entry.order < best.order) ? entry : best,
      undefined,
    );
    if (!earliest || earliest.due > end) return undefined;
    this.waiting = this.waiting.filter((entry) => entry !== earliest);
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
  private readonly clock: Clock;
  private readonly pending = new Set<() => void>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  after(ms: number, action: () => void): () => void {
    const cancel = () => {
      this.pending.delete(cancel);
      stop();
    };
    const stop = this.clock.after(ms, () => {
      this.pending.delete(cancel);
      action();
    });
    this.pending.add(cancel);
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
    for (const cancel of [...this.pending]) cancel();
  }
}
