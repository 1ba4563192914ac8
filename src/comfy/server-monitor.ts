import type { MonitorEvent } from '../domain/monitor-event.ts';
import { tooLarge } from '../domain/monitor-state.ts';
import {
  type Connection,
  isReached,
  type Server,
  type ServerFacts,
  type Unreadable,
  unknownFacts,
} from '../domain/server.ts';
import { causeText } from '../domain/text/cause-text.ts';
import { hostNow } from './host-clock.ts';
import { JobMemory } from './jobs/job-memory.ts';
import { JobReader } from './jobs/job-reader.ts';
import { ServerClock } from './jobs/server-clock.ts';
import { CompanionLink } from './link/companion-link.ts';
import { type Frame, HeldFrames, longestHold } from './link/held-frames.ts';
import type { TooLarge } from './link/message-bound.ts';
import type { MessageSource } from './link/message-source.ts';
import type { ServerAccess } from './link/server-access.ts';
import { ServerLink } from './link/server-link.ts';
import { ComfyRest } from './rest/comfy-rest.ts';
import { type Redaction, redactionOf } from './rest/redaction.ts';
import { RestError } from './rest/rest-request.ts';
import { TelemetryReader } from './telemetry-reader.ts';
import { type DecodedPreview, decodeBinary } from './wire/decode-binary.ts';
import { decodeMessage, maxSampleLength } from './wire/decode-message.ts';
import { noFeatures, readFeatures } from './wire/feature-flags.ts';
import { MisunderstoodTally } from './wire/misunderstood-tally.ts';
import type { PreviewFrame } from './wire/preview-frame.ts';
import { harmless } from './wire/wire-values.ts';

export interface ServerMonitorOptions {
  server: Server;
  access: ServerAccess;
  /** What the monitor before it knew of the jobs, if the server is still the same. */
  jobMemory?: JobMemory | undefined;
  /** Takes events in their order; several at once where several frames were taken at once. */
  emit: (...events: MonitorEvent[]) => void;
  onPreview: (frame: PreviewFrame & { serverId: string }) => void;
  /** Takes lines for the log; they carry no secrets. */
  log: (line: string) => void;
}

/** Watches one server: its socket and its REST interface become `MonitorEvent`s. */
export class ServerMonitor {
  readonly rest: ComfyRest;
  /** To be handed on to whoever watches the same server next. */
  readonly jobMemory: JobMemory;
  readonly #options: ServerMonitorOptions;
  readonly #serverId: string;
  #name: string;
  readonly #redaction: Redaction;
  readonly #link: ServerLink;
  readonly #jobs: JobReader;
  readonly #telemetry: TelemetryReader;
  readonly #companion: CompanionLink;
  readonly #tally: MisunderstoodTally;
  readonly #held = new HeldFrames((frames) => this.#take(frames));
  /** Events of the frames that are being taken; null between them. */
  #gathered: MonitorEvent[] | null = null;
  readonly #clock = new ServerClock();
  #facts: ServerFacts = unknownFacts;
  #stopped = false;
  #phase: Connection['phase'] = 'disabled';
  /** The length of the queue as it was read last while polling; null while that is not done. */
  #polledLength: number | null = null;
  #features = noFeatures;
  #followsLog = false;
  /** Begins with the time, so that no frame has the number of one before a restart of the monitor. */
  #revision = hostNow();
  #lastProblem = '';
  #lastRestProblem = '';

  constructor(options: ServerMonitorOptions) {
    const { access } = options;
    const serverId = options.server.id;
    this.#options = options;
    this.jobMemory = options.jobMemory ?? new JobMemory();
    this.#serverId = serverId;
    this.#name = options.server.name;
    this.#redaction = redactionOf(access.headers);
    this.rest = new ComfyRest({ access, clock: this.#clock });
    this.#link = new ServerLink({
      access,
      rest: this.rest,
      onConnection: (connection) => this.#connectionChanged(connection),
      onText: (text) => this.#arrived(text),
      onBinary: (bytes) => this.#arrived(bytes),
      onTooLarge: (message) => this.#tooLarge(message),
      onQueueLength: (length) => this.#queueLengthRead(length),
    });
    this.#jobs = new JobReader({
      serverId,
      rest: this.rest,
      memory: this.jobMemory,
      emit: (event) => this.#emit(event),
      onPresence: (rest) => this.#learn({ rest }),
      onUnreadable: (unreadable) => this.#unreadable('jobs', unreadable),
      onProblem: (error) => this.#restFailed(error),
    });
    this.#telemetry = new TelemetryReader({
      rest: this.rest,
      onSample: (sample) =>
        this.#emit({ type: 'telemetry_sampled', serverId, at: sample.at, source: 'system_stats', sample }),
      // Over a socket that does not get through, Crystools is silent, whether it is there or not.
      onFacts: ({ crystools, ...facts }) =>
        this.#learn(crystools && this.#phase !== 'polling' ? { ...facts, crystools } : facts),
      onProblem: (error) => this.#statsFailed(error),
    });
    this.#companion = new CompanionLink({
      rest: this.rest,
      onFacts: (facts) => this.#learn(facts),
      onProblem: (error) => this.#restFailed(error),
    });
    this.#tally = new MisunderstoodTally({
      tell: (report) => this.#emit({ type: 'messages_misunderstood', serverId, at: hostNow(), ...report }),
      log: (line) => this.#log(line),
    });
  }

  /** The client id of the current connection; the server reports prompts posted with it step by step. */
  get clientId(): string {
    return this.#link.clientId;
  }

  /** The name under which it is found in the log. */
  rename(name: string): void {
    this.#name = name;
  }

  start(): void {
    this.#link.start();
  }

  /** Connects now instead of waiting for the next attempt; checks a connection that seems to be up. */
  retryNow(): void {
    if (!this.#stopped) this.#link.retryNow();
  }

  /** Asks for the server's terminal output, at this and every later connection, or for no more of it. */
  followLog(on: boolean): void {
    if (on === this.#followsLog) return;
    this.#followsLog = on;
    if (this.#phase === 'connected') this.#askForLog();
  }

  /**
   * Whether somebody looks. If nobody does, what only moves on may be some seconds late, queue and history are read
   * less often, and the companion node is asked for no previews.
   */
  setSeen(seen: boolean): void {
    this.#link.setSeen(seen);
    this.#companion.setPreviews(seen);
    this.#jobs.setSeen(seen);
    this.#telemetry.setHold(seen ? 0 : longestHold);
    this.#held.setSeen(seen);
  }

  /** Reads queue and history soon, for example because a command may have changed them. */
  readJobs(): void {
    this.#jobs.request();
  }

  /** Ends it for good. Nothing is emitted any more. */
  stop(): void {
    this.#stopped = true;
    this.#held.clear();
    this.#link.stop();
    this.#jobs.stop();
    this.#telemetry.stop();
    this.#companion.stop();
    this.#tally.stop();
  }

  #connectionChanged(connection: Connection): void {
    this.#emit({ type: 'connection_changed', serverId: this.#serverId, at: hostNow(), connection });
    // Whoever heard of it may have stopped us.
    if (this.#stopped) return;
    const { phase } = connection;
    const before = this.#phase;
    this.#phase = phase;
    if (phase === 'connected') {
      this.#log(`connected as client ${this.#link.clientId}`);
      this.#lastProblem = '';
      this.#features = noFeatures;
      this.#companion.start(this.#link.clientId);
      if (this.#followsLog) this.#askForLog();
    } else this.#companion.stop();
    if (phase !== 'polling') this.#polledLength = null;
    // Each further attempt of the socket is told; what is read meanwhile goes on.
    if (isReached(phase) && phase !== before) {
      this.#lastRestProblem = '';
      this.#jobs.start();
      this.#telemetry.start();
    } else if (!isReached(phase)) {
      this.#jobs.stop();
      this.#telemetry.stop();
    }
    if ('problem' in connection && connection.problem.kind !== this.#lastProblem) {
      this.#lastProblem = connection.problem.kind;
      const what = phase === 'polling' ? 'REST is read instead of the socket' : 'no connection';
      this.#log(`${what} (${connection.problem.kind}): ${connection.problem.detail}`);
    }
  }

  #queueLengthRead(length: number): void {
    const serverId = this.#serverId;
    const event = { type: 'queue_length_changed', serverId, at: hostNow(), length } as const;
    if (length === this.#polledLength) return;
    this.#polledLength = length;
    this.#emit(event);
    this.#jobs.observe(event);
  }

  #askForLog(): void {
    this.rest
      .followLog(this.#link.clientId, this.#followsLog)
      .catch((error: unknown) => this.#restFailed(error));
  }

  #arrived(content: string | Buffer): void {
    this.#held.add({ content, at: hostNow() });
  }

  #tooLarge({ bytes, sample }: TooLarge): void {
    this.#tally.note({ kind: tooLarge, sample: harmless(`${bytes} bytes: ${sample}`, maxSampleLength) });
  }

  /** What several frames tell is passed on together, so that nobody has to look at each of them. */
  #take(frames: readonly Frame[]): void {
    const gathered: MonitorEvent[] = [];
    this.#gathered = gathered;
    try {
      for (const { content, at } of frames) {
        if (typeof content === 'string') this.#receiveText(content, at);
        else this.#receiveBinary(content, at);
      }
    } finally {
      this.#gathered = null;
    }
    if (this.#stopped) return;
    // A peak between two samples is worth an alert: each of them is looked at.
    for (const sample of gathered.filter(({ type }) => type === 'telemetry_sampled'))
      this.#options.emit(sample);
    const others = gathered.filter(({ type }) => type !== 'telemetry_sampled');
    if (others.length > 0) this.#options.emit(...others);
  }

  #receiveText(text: string, at: number): void {
    this.#features = readFeatures(text) ?? this.#features;
    const { event, misunderstood } = decodeMessage(text, this.#source(at));
    if (misunderstood) this.#tally.note(misunderstood);
    if (!event) return;
    if (event.type === 'telemetry_sampled') {
      this.#emit({ ...event, sample: this.#telemetry.completed(event.sample) });
      this.#telemetry.crystoolsSpoke(at);
      return;
    }
    this.#emit(event);
    this.#jobs.observe(event);
  }

  #receiveBinary(bytes: Buffer, at: number): void {
    const { event, preview, misunderstood } = decodeBinary(bytes, this.#source(at));
    if (misunderstood) this.#tally.note(misunderstood);
    if (event) this.#emit(event);
    if (preview) this.#showPreview(preview, at);
  }

  #showPreview({ promptId, nodeId, mimeType, bytes }: DecodedPreview, at: number): void {
    this.#revision += 1;
    const revision = this.#revision;
    const serverId = this.#serverId;
    // First the bytes: whoever hears of the revision may ask for them at once.
    this.#options.onPreview({ serverId, revision, mimeType, bytes });
    const event = { type: 'preview_received', serverId, at, promptId, nodeId, revision } as const;
    this.#emit(event);
    this.#jobs.observe(event);
  }

  #learn(facts: Partial<ServerFacts>): void {
    const learnt = { ...this.#facts, ...facts };
    if (JSON.stringify(learnt) === JSON.stringify(this.#facts)) return;
    this.#facts = learnt;
    this.#emit({ type: 'facts_learnt', serverId: this.#serverId, at: hostNow(), facts: learnt });
  }

  /** Null when `/system_stats` could be read. */
  #statsFailed(error: unknown): void {
    const problem = error instanceof RestError ? error.problem : null;
    this.#unreadable('stats', problem ? [{ source: 'system_stats', problem }] : []);
    if (error !== null) this.#restFailed(error);
  }

  /** Jobs and machine are read apart from each other. */
  #unreadable(of: 'jobs' | 'stats', unreadable: readonly Unreadable[]): void {
    const isOther = ({ source }: Unreadable) => (source === 'system_stats') !== (of === 'stats');
    const others = this.#facts.unreadable.filter(isOther);
    this.#learn({ unreadable: of === 'jobs' ? [...unreadable, ...others] : [...others, ...unreadable] });
  }

  #restFailed(error: unknown): void {
    const kind = error instanceof RestError ? error.problem.kind : 'unexpected';
    if (kind === this.#lastRestProblem) return;
    this.#lastRestProblem = kind;
    this.#log(`REST is not available (${kind}): ${causeText(error)}`);
  }

  #source(at: number): MessageSource {
    const hostTime = (serverTime: number): number => {
      this.#clock.noteMessage(serverTime, at);
      return this.#clock.toHost(serverTime);
    };
    return { serverId: this.#serverId, at, hostTime, ...this.#features };
  }

  #emit(told: MonitorEvent): void {
    if (this.#stopped) return;
    const event = this.#redaction.event(told);
    if (this.#gathered) {
      this.#gathered.push(event);
      return;
    }
    // What came before is told before.
    this.#held.flush();
    this.#options.emit(event);
  }

  #log(line: string): void {
    this.#options.log(`${this.#name} (${this.#options.server.url}): ${this.#redaction.text(line)}`);
  }
}
