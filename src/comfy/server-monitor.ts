import type { MonitorEvent } from '../domain/monitor-event.ts';
import { tooLarge } from '../domain/monitor-state.ts';
import { type Connection, isReached, type Server } from '../domain/server.ts';
import { causeText } from '../domain/text/cause-text.ts';
import { EventOutlet } from './event-outlet.ts';
import { FrameReader } from './frame-reader.ts';
import { hostNow } from './host-clock.ts';
import { JobMemory } from './jobs/job-memory.ts';
import { JobReader } from './jobs/job-reader.ts';
import { KnownFacts } from './known-facts.ts';
import { CompanionLink } from './link/companion-link.ts';
import { HeldFrames, longestHold } from './link/held-frames.ts';
import type { TooLarge } from './link/message-bound.ts';
import type { ServerAccess } from './link/server-access.ts';
import { ServerLink } from './link/server-link.ts';
import type { LocalMachine } from './machine/local-machine.ts';
import { LocalReadings } from './machine/local-readings.ts';
import { TelemetryMixer } from './machine/telemetry-mixer.ts';
import { TelemetryReader } from './machine/telemetry-reader.ts';
import { isOwnAddress } from './machine/this-computer.ts';
import { ComfyRest } from './rest/comfy-rest.ts';
import { type Redaction, redactionOf } from './rest/redaction.ts';
import { RestError } from './rest/rest-request.ts';
import { ServerClock } from './server-clock.ts';
import { maxSampleLength } from './wire/decode-message.ts';
import { MisunderstoodTally } from './wire/misunderstood-tally.ts';
import type { PreviewFrame } from './wire/preview-frame.ts';
import { harmless } from './wire/wire-values.ts';

export interface ServerMonitorOptions {
  server: Server;
  access: ServerAccess;
  /** What the monitor before it knew of the jobs, if the server is still the same. */
  jobMemory?: JobMemory | undefined;
  /** What the monitor before it put together of the machine, if the server is still the same. */
  mixer?: TelemetryMixer | undefined;
  /** This computer, on which the server may run; left out or null if it is not to be measured. */
  here?: ThisComputer | null;
  /** Takes events in their order; several at once where several frames were taken at once. */
  emit: (...events: MonitorEvent[]) => void;
  onPreview: (frame: PreviewFrame & { serverId: string }) => void;
  /** Takes lines for the log; they carry no secrets. */
  log: (line: string) => void;
}

/** This computer, and where on it a server keeps its outputs. */
export interface ThisComputer {
  machine: LocalMachine;
  /** The folder of a server by its command line; null if it is not known. Never rejects. */
  outputFolder: (server: Server, rest: ComfyRest, argv: readonly string[]) => Promise<string | null>;
}

/** Watches one server: its socket and its REST interface become `MonitorEvent`s. */
export class ServerMonitor {
  readonly rest: ComfyRest;
  /** To be handed on to the monitor that watches the same server next. */
  readonly jobMemory: JobMemory;
  readonly mixer: TelemetryMixer;
  readonly #options: ServerMonitorOptions;
  readonly #serverId: string;
  #name: string;
  readonly #redaction: Redaction;
  readonly #link: ServerLink;
  readonly #jobs: JobReader;
  readonly #telemetry: TelemetryReader;
  readonly #companion: CompanionLink;
  readonly #tally: MisunderstoodTally;
  readonly #frames: FrameReader;
  readonly #held = new HeldFrames((frames) =>
    this.#outlet.gather(() => {
      for (const frame of frames) this.#frames.read(frame);
    }),
  );
  readonly #outlet: EventOutlet;
  readonly #facts: KnownFacts;
  #phase: Connection['phase'] = 'disabled';
  /** The length of the queue as it was read last while polling; null while that is not done. */
  #polledLength: number | null = null;
  #followsLog = false;
  #lastProblem = '';
  #lastRestProblem = '';

  constructor(options: ServerMonitorOptions) {
    const { access } = options;
    const serverId = options.server.id;
    this.#options = options;
    this.jobMemory = options.jobMemory ?? new JobMemory();
    this.mixer = options.mixer ?? new TelemetryMixer();
    this.#serverId = serverId;
    this.#name = options.server.name;
    this.#redaction = redactionOf(access.headers);
    this.#outlet = new EventOutlet({
      redaction: this.#redaction,
      emit: options.emit,
      flush: () => this.#held.flush(),
    });
    const emit = (event: MonitorEvent): void => this.#outlet.emit(event);
    this.#facts = new KnownFacts((facts) => emit({ type: 'facts_learnt', serverId, at: hostNow(), facts }));
    const clock = new ServerClock();
    this.rest = new ComfyRest({ access, clock });
    this.#link = new ServerLink({
      access,
      rest: this.rest,
      onConnection: (connection) => this.#connectionChanged(connection),
      onText: (content) => this.#held.add({ content, at: hostNow() }),
      onBinary: (content) => this.#held.add({ content, at: hostNow() }),
      onTooLarge: (message) => this.#tooLarge(message),
      onQueueLength: (length) => this.#queueLengthRead(length),
    });
    this.#jobs = new JobReader({
      serverId,
      rest: this.rest,
      memory: this.jobMemory,
      emit,
      onPresence: (rest) => this.#facts.learn({ rest }),
      onUnreadable: (unreadable) => this.#facts.noteUnreadable('jobs', unreadable),
      onProblem: (error) => this.#restFailed(error),
    });
    this.#telemetry = new TelemetryReader({
      rest: this.rest,
      mixer: this.mixer,
      local: this.#localReadings(),
      onTelemetry: (telemetry) =>
        emit({ type: 'telemetry_sampled', serverId, at: telemetry.sample.at, ...telemetry }),
      // Over a socket that does not get through, Crystools is silent, whether it is there or not.
      onFacts: ({ crystools, ...facts }) =>
        this.#facts.learn(crystools && this.#phase !== 'polling' ? { ...facts, crystools } : facts),
      onProblem: (error) => this.#statsFailed(error),
    });
    this.#companion = new CompanionLink({
      rest: this.rest,
      onFacts: (facts) => this.#facts.learn(facts),
      onProblem: (error) => this.#restFailed(error),
    });
    this.#tally = new MisunderstoodTally({
      report: (report) => emit({ type: 'messages_misunderstood', serverId, at: hostNow(), ...report }),
      log: (line) => this.#log(line),
    });
    this.#frames = new FrameReader({
      serverId,
      clock,
      tally: this.#tally,
      jobs: this.#jobs,
      telemetry: this.#telemetry,
      emit,
      onPreview: options.onPreview,
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
    if (!this.#outlet.isStopped) this.#link.retryNow();
  }

  /** Asks for the server's terminal output, at this and every later connection, or for no more of it. */
  followLog(on: boolean): void {
    if (on === this.#followsLog) return;
    this.#followsLog = on;
    if (this.#phase === 'connected') this.#askForLog();
  }

  /**
   * Whether a page is looked at. If none is, what only moves on may be some seconds late, queue and history are read
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
    this.#outlet.stop();
    this.#held.clear();
    this.#link.stop();
    this.#jobs.stop();
    this.#telemetry.stop();
    this.#companion.stop();
    this.#tally.stop();
  }

  #connectionChanged(connection: Connection): void {
    this.#outlet.emit({ type: 'connection_changed', serverId: this.#serverId, at: hostNow(), connection });
    // A listener may have stopped us.
    if (this.#outlet.isStopped) return;
    const { phase } = connection;
    const before = this.#phase;
    this.#phase = phase;
    if (phase === 'connected') {
      this.#log(`connected as client ${this.#link.clientId}`);
      this.#lastProblem = '';
      this.#frames.connected();
      this.#companion.start(this.#link.clientId);
      if (this.#followsLog) this.#askForLog();
    } else this.#companion.stop();
    if (phase !== 'polling') this.#polledLength = null;
    // Each further attempt of the socket is reported; what is read meanwhile goes on.
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

  #localReadings(): LocalReadings | null {
    const { here, server } = this.#options;
    if (!here || server.demo || !isOwnAddress(server.url)) return null;
    return new LocalReadings({
      machine: here.machine,
      outputFolder: (argv) => here.outputFolder(server, this.rest, argv),
    });
  }

  #queueLengthRead(length: number): void {
    const serverId = this.#serverId;
    const event = { type: 'queue_length_changed', serverId, at: hostNow(), length } as const;
    if (length === this.#polledLength) return;
    this.#polledLength = length;
    this.#outlet.emit(event);
    this.#jobs.observe(event);
  }

  #askForLog(): void {
    this.rest
      .followLog(this.#link.clientId, this.#followsLog)
      .catch((error: unknown) => this.#restFailed(error));
  }

  #tooLarge({ bytes, sample }: TooLarge): void {
    this.#tally.note({ kind: tooLarge, sample: harmless(`${bytes} bytes: ${sample}`, maxSampleLength) });
  }

  /** Null when `/system_stats` could be read. */
  #statsFailed(error: unknown): void {
    const problem = error instanceof RestError ? error.problem : null;
    this.#facts.noteUnreadable('stats', problem ? [{ source: 'system_stats', problem }] : []);
    if (error !== null) this.#restFailed(error);
  }

  #restFailed(error: unknown): void {
    const kind = error instanceof RestError ? error.problem.kind : 'unexpected';
    if (kind === this.#lastRestProblem) return;
    this.#lastRestProblem = kind;
    this.#log(`REST is not available (${kind}): ${causeText(error)}`);
  }

  #log(line: string): void {
    this.#options.log(`${this.#name} (${this.#options.server.url}): ${this.#redaction.text(line)}`);
  }
}
