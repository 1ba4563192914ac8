import type { MonitorEventOf } from '../../domain/monitor-event.ts';
import type { Misunderstood } from './decode-message.ts';

/** How often a kind is reported, ms. */
const reportEvery = 1_000;

export interface MisunderstoodTallyOptions {
  report: (report: Pick<MonitorEventOf<'messages_misunderstood'>, 'kind' | 'count' | 'sample'>) => void;
  log: (line: string) => void;
}

interface Kind {
  count: number;
  sample: string;
  timer: NodeJS.Timeout | null;
  unreported: boolean;
}

/** Counts messages that could not be understood, and reports each kind at most once a second. */
export class MisunderstoodTally {
  readonly #options: MisunderstoodTallyOptions;
  readonly #kinds = new Map<string, Kind>();

  constructor(options: MisunderstoodTallyOptions) {
    this.#options = options;
  }

  note({ kind, sample }: Misunderstood): void {
    const known = this.#kinds.get(kind);
    const entry = known ?? { count: 0, sample, timer: null, unreported: false };
    if (!known) {
      this.#kinds.set(kind, entry);
      this.#options.log(`a message was not understood (${kind}): ${JSON.stringify(sample)}`);
    }
    entry.count += 1;
    entry.unreported = true;
    if (!entry.timer) this.#report(kind, entry);
  }

  stop(): void {
    for (const { timer } of this.#kinds.values()) if (timer) clearTimeout(timer);
  }

  #report(kind: string, entry: Kind): void {
    entry.timer = null;
    if (!entry.unreported) return;
    entry.unreported = false;
    entry.timer = setTimeout(() => this.#report(kind, entry), reportEvery);
    this.#options.report({ kind, count: entry.count, sample: entry.sample });
  }
}
