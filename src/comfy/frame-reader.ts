import type { MonitorEvent } from '../domain/monitor-event.ts';
import { hostNow } from './host-clock.ts';
import type { JobReader } from './jobs/job-reader.ts';
import type { Frame } from './link/held-frames.ts';
import type { TelemetryReader } from './machine/telemetry-reader.ts';
import type { ServerClock } from './server-clock.ts';
import { type DecodedPreview, decodeBinary } from './wire/decode-binary.ts';
import { decodeMessage } from './wire/decode-message.ts';
import { noFeatures, readFeatures } from './wire/feature-flags.ts';
import type { MessageSource } from './wire/message-source.ts';
import type { MisunderstoodTally } from './wire/misunderstood-tally.ts';
import type { PreviewFrame } from './wire/preview-frame.ts';

export interface FrameReaderOptions {
  serverId: string;
  clock: ServerClock;
  tally: MisunderstoodTally;
  jobs: Pick<JobReader, 'observe'>;
  telemetry: Pick<TelemetryReader, 'measured'>;
  emit: (event: MonitorEvent) => void;
  onPreview: (frame: PreviewFrame & { serverId: string }) => void;
}

/** Makes events of the frames that a server's socket sends. */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  #features = noFeatures;
  /** Begins with the time, so that no frame has the number of one before a restart of the monitor. */
  #revision = hostNow();

  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  /** It is another connection, perhaps to another server: what it can do is still to be heard. */
  connected(): void {
    this.#features = noFeatures;
  }

  read({ content, at }: Frame): void {
    if (typeof content === 'string') this.#readText(content, at);
    else this.#readBinary(content, at);
  }

  #readText(text: string, at: number): void {
    const { tally, telemetry, emit, jobs } = this.#options;
    this.#features = readFeatures(text) ?? this.#features;
    const { event, misunderstood } = decodeMessage(text, this.#source(at));
    if (misunderstood) tally.note(misunderstood);
    if (!event) return;
    if (event.type === 'machine_measured') {
      telemetry.measured(event);
      return;
    }
    emit(event);
    jobs.observe(event);
  }

  #readBinary(bytes: Buffer, at: number): void {
    const { event, preview, misunderstood } = decodeBinary(bytes, this.#source(at));
    if (misunderstood) this.#options.tally.note(misunderstood);
    if (event) this.#options.emit(event);
    if (preview) this.#showPreview(preview, at);
  }

  #showPreview({ promptId, nodeId, mimeType, bytes }: DecodedPreview, at: number): void {
    const { serverId, onPreview, emit, jobs } = this.#options;
    this.#revision += 1;
    const revision = this.#revision;
    // First the bytes: a page that hears of the revision may ask for them at once.
    onPreview({ serverId, revision, mimeType, bytes });
    const event = { type: 'preview_received', serverId, at, promptId, nodeId, revision } as const;
    emit(event);
    jobs.observe(event);
  }

  #source(at: number): MessageSource {
    const { serverId, clock } = this.#options;
    const hostTime = (serverTime: number): number => {
      clock.noteMessage(serverTime, at);
      return clock.toHost(serverTime);
    };
    return { serverId, at, hostTime, ...this.#features };
  }
}
