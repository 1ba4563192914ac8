import type { MonitorEventOf } from '../../domain/monitor-event.ts';
import type { Misunderstood } from './decode-message.ts';

/** How often a kind is told about, ms. */
const tellEvery = 1_000;

export interface MisunderstoodTallyOptions {
  tell: (report: Pick<MonitorEventOf<'messages_misunderstood'>, 'kind' | 'count' | 'sample'>) => void;
  log: (line: string) => void;
}

interface Kind {
  count: number;
  sample: string;
  timer: NodeJS.Timeout | null;
  untold: boolean;
}

/** Counts messages that could not be understood, and tells of each kind at most once a second. */
export class MisunderstoodTally {
  readonly #options: MisunderstoodTallyOptions;
  readonly #kinds = new Map<string, Kind>();

  constructor(options: MisunderstoodTallyOptions) {
    this.#options = options;
  }

  note({ kind, sample }: Misunderstood): void {
    const known = this.#kinds.get(kind);
    const entry = known ?? { count: 0, sample, timer: null, untold: false };
    if (!known) {
      this.#kinds.set(kind, entry);
      this.#options.log(`a message was not understood (${kind}): ${JSON.stringify(sample)}`);
    }
    entry.count += 1;
    entry.untold = true;
    if (!entry.timer) this.#tell(kind, entry);
  }

  stop(): void {
    for (const { timer } of this.#kinds.values()) if (timer) clearTimeout(timer);
  }

  #tell(kind: string, entry: Kind): void {
    entry.timer = null;
    if (!entry.untold) return;
    entry.untold = false;
    entry.timer = setTimeout(() => this.#tell(kind, entry), tellEvery);
    this.#options.tell({ kind, count: entry.count, sample: entry.sample });
  }
}
