import type { Presence, ServerFacts } from '../domain/server.ts';
import { filledFrom, type TelemetrySample } from '../domain/telemetry/telemetry.ts';
import type { ComfyRest } from './rest/comfy-rest.ts';
import { PacedRead } from './rest/paced-read.ts';
import type { SystemStats } from './wire/system-stats.ts';

/** Between polls, ms: `/system_stats` touches the GPU driver. */
const pollEvery = 2_000;
/** The same while Crystools speaks, lacks something, and no page is looked at, ms. */
const unseenPollEvery = 10_000;
/** What was polled stands in for what Crystools lacks for so many polls. */
const heldPolls = 3;
/** Longest silence between two messages of Crystools that is taken for its pace, ms. */
const slowestPace = 60_000;
/** Crystools sends once a second unless set otherwise; then it is silent, ms. */
const silentAfter = 5_000;

export interface TelemetryReaderOptions {
  rest: ComfyRest;
  onSample: (sample: TelemetrySample) => void;
  onFacts: (facts: Partial<ServerFacts>) => void;
  /** Hears of every failure, and with null when the server could be read again. */
  onProblem: (error: unknown) => void;
}

/**
 * Reads `/system_stats`: once at connect, for facts about the server, and then every two seconds as
 * long as the Crystools extension, which knows more, says nothing, or does not measure what this does (VRAM
 * with AMD, Intel and Apple).
 */
export class TelemetryReader {
  readonly #options: TelemetryReaderOptions;
  readonly #reads: PacedRead;
  #silence: NodeJS.Timeout | null = null;
  /** Crystools sends; unknown for the first seconds of a connection. */
  #crystools: Presence = 'unknown';
  /** Crystools was seen at this server, maybe silent now. */
  #seen = false;
  /** How late what Crystools says may be heard, ms. */
  #hold = 0;
  /** When Crystools spoke last, ms. */
  #spokeAt: number | null = null;
  /** What was polled last in this connection, and when by `performance.now()`. */
  #polled: { sample: TelemetrySample; at: number } | null = null;

  constructor(options: TelemetryReaderOptions) {
    this.#options = options;
    this.#reads = new PacedRead({
      read: (signal) => this.#read(signal),
      minGap: () => this.#pollEvery,
      onFailure: options.onProblem,
    });
  }

  start(): void {
    this.stop();
    this.#crystools = 'unknown';
    this.#seen = false;
    this.#spokeAt = null;
    this.#polled = null;
    this.#awaitCrystools();
    this.#reads.start();
  }

  stop(): void {
    this.#reads.stop();
    if (this.#silence) clearTimeout(this.#silence);
    this.#silence = null;
  }

  /** Says that messages are kept for up to `ms` before they are heard: that is no silence. */
  setHold(ms: number): void {
    this.#hold = ms;
  }

  /**
   * A sample of Crystools, with what it lacks from `/system_stats`, which is read again where that has more to
   * tell. Each value is of the source that measures it.
   */
  completed(sample: TelemetrySample): TelemetrySample {
    const polled = this.#polled;
    if (!polled) return sample;
    const filled = filledFrom(sample, polled.sample);
    if (filled === sample) return sample;
    this.#reads.request();
    return performance.now() - polled.at <= heldPolls * this.#pollEvery ? filled : sample;
  }

  get #pollEvery(): number {
    return this.#crystools === 'present' && this.#hold > 0 ? unseenPollEvery : pollEvery;
  }

  /** A `crystools.monitor` message came at `at`, ms since the epoch; it may have been kept for a while since. */
  crystoolsSpoke(at: number): void {
    if (this.#crystools !== 'present') this.#options.onFacts({ crystools: 'present' });
    this.#crystools = 'present';
    this.#seen = true;
    // One that was made slower than usual is not called silent between two of its messages.
    const interval = this.#spokeAt === null ? 0 : Math.min(slowestPace, at - this.#spokeAt);
    this.#spokeAt = at;
    this.#awaitCrystools(Math.max(silentAfter, 3 * interval));
  }

  #awaitCrystools(patience = silentAfter): void {
    if (this.#silence) clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#crystools = 'absent';
      // Silence after speech is a matter of its settings: the extension is still there.
      if (!this.#seen) this.#options.onFacts({ crystools: 'absent' });
      this.#reads.request();
    }, patience + this.#hold);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const stats = await this.#options.rest.systemStats({ signal });
    signal.throwIfAborted();
    this.#options.onProblem(null);
    this.#options.onFacts(factsOf(stats));
    this.#polled = { sample: stats.sample, at: performance.now() };
    if (this.#crystools === 'present') return;
    this.#options.onSample(stats.sample);
    if (this.#crystools === 'absent') this.#reads.request();
  }
}

/** What a server says of itself besides figures. */
export function factsOf({
  comfyVersion,
  os,
  pythonVersion,
  pytorchVersion,
  devices,
  argv,
}: SystemStats): Pick<ServerFacts, 'comfyVersion' | 'customNodesOff'> & Partial<ServerFacts> {
  const customNodesOff = argv.includes('--disable-all-custom-nodes');
  return {
    comfyVersion,
    os,
    pythonVersion,
    pytorchVersion,
    devices,
    ...(customNodesOff ? { customNodesOff } : {}),
  };
}
