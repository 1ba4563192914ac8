import type { MachineReading } from '../../domain/telemetry/machine-reading.ts';
import type { SystemStats } from '../wire/system-stats.ts';
import type { LocalMachine } from './local-machine.ts';
import { hasGpusOf, isThisComputer } from './this-computer.ts';

/** The disk fills slowly, ms. */
const diskEvery = 10_000;
/** What is free of the RAM can change between two questions; so many answers in a row are looked at. */
const triedAnswers = 3;

export interface LocalReadingsOptions {
  machine: LocalMachine;
  /** The folder with the server's outputs by its command line; null if it is not known. Never rejects. */
  outputFolder: (argv: readonly string[]) => Promise<string | null>;
}

export interface LocalListener {
  take: (reading: MachineReading) => void;
  /** It is another machine after all: what was taken does not hold. */
  leave: () => void;
}

/** Measures this computer for a server that is reached by one of its addresses, once it has shown that it runs here. */
export class LocalReadings {
  readonly #options: LocalReadingsOptions;
  #isUrgent = true;
  /** What the server said, once it is certain that it runs here. */
  #server: SystemStats | null = null;
  /** Answers that spoke against it in this connection. */
  #refused = 0;
  /** Answers in a row that spoke against it after it had seemed certain. */
  #doubts = 0;
  #unfollow: (() => void) | null = null;
  #leave = (): void => {};
  #disk: MachineReading['disk'] = null;
  #diskAt = Number.NEGATIVE_INFINITY;

  constructor(options: LocalReadingsOptions) {
    this.#options = options;
  }

  /** Whether somebody waits for each second. */
  setUrgent(isUrgent: boolean): void {
    this.#isUrgent = isUrgent;
  }

  /**
   * Decides by an answer of the server that has just come whether it runs here. A machine of the same make behind a tunnel
   * may seem to, until one of the two has more to do than the other.
   */
  judge(stats: SystemStats): void {
    if (this.#refused >= triedAnswers) return;
    const isHere = isThisComputer(stats, this.#options.machine);
    if (!this.#server) {
      if (isHere) this.#server = stats;
      else this.#refused += 1;
      return;
    }
    this.#doubts = isHere ? 0 : this.#doubts + 1;
    if (this.#doubts >= triedAnswers) this.#refuse();
  }

  /** Begins to measure if the server runs here; nothing if that is done already. */
  follow({ take, leave }: LocalListener): void {
    const server = this.#server;
    if (!server || this.#unfollow) return;
    let isProven = false;
    const unfollow = this.#options.machine.follow(
      (reading) => {
        if (this.#unfollow !== unfollow) return;
        // Later ones may lack a GPU that was lost.
        isProven ||= hasGpusOf(server.reading, reading);
        if (!isProven) {
          this.#refuse();
          return;
        }
        void this.#measureDisk(server.argv, reading.at);
        take({ ...reading, disk: this.#disk });
      },
      () => this.#isUrgent,
      !server.reading.isCpuOnly,
    );
    this.#unfollow = unfollow;
    this.#leave = leave;
  }

  #refuse(): void {
    this.forget();
    this.#refused = triedAnswers;
    this.#leave();
  }

  /** Ends the measuring; it can begin again. */
  stop(): void {
    this.#unfollow?.();
    this.#unfollow = null;
  }

  /** It is a new connection, perhaps to another machine: what was decided does not hold. */
  forget(): void {
    this.stop();
    this.#server = null;
    this.#refused = 0;
    this.#doubts = 0;
    this.#disk = null;
    this.#diskAt = Number.NEGATIVE_INFINITY;
  }

  async #measureDisk(argv: readonly string[], at: number): Promise<void> {
    if (at - this.#diskAt < diskEvery) return;
    this.#diskAt = at;
    const path = await this.#options.outputFolder(argv).catch(() => null);
    const size = path === null ? null : await this.#options.machine.disk(path).catch(() => null);
    // Meanwhile another connection may have begun.
    if (this.#diskAt === at) this.#disk = size && { ...size, path, holdsOutputs: true };
  }
}
