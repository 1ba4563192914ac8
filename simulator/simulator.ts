import { totalmem } from 'node:os';
import { type Clock, ManualClock, realClock, SwitchableClock, Timers } from './clock.ts';
import type { PromptGraph } from './execution/prompt-graph.ts';
import { type GraphicsCard, machines } from './graphics-cards.ts';
import { MediaLibrary } from './media/media-library.ts';
import { PreviewPainter } from './media/preview-painter.ts';
import { describedPreviewFrame, plainPreviewFrame, textFrame } from './protocol/binary-frames.ts';
import { ClientSockets } from './protocol/client-sockets.ts';
import { Companion } from './protocol/companion.ts';
import { HttpFront } from './protocol/http-front.ts';
import type { JsonObject } from './protocol/json.ts';
import { companionTelemetry, crystoolsMonitor } from './protocol/telemetry-messages.ts';
import { Random } from './random.ts';
import { type Scenario, type ScenarioName, scenarios } from './scenarios.ts';
import { ServerProcess } from './server-process.ts';
import { SimulatedUser, userClientId } from './simulated-user.ts';
import { TelemetryModel } from './telemetry-model.ts';
import type { Outbox } from './workshop.ts';

const telemetryInterval = 1_000;
const pastPerPrompt = 95_000;

/** Starts a simulated ComfyUI on loopback; rejects when the port cannot be had. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = new Simulator(options);
  await simulator.open(options.port ?? 0);
  return simulator;
}

export interface SimulatorOptions {
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** Default: `showcase`. */
  readonly scenario?: ScenarioName;
  /** The same seed gives the same prompts, ids, timings and pictures. Default: 1. */
  readonly seed?: number;
  /** Steps take their time divided by this; telemetry and timestamps keep to the clock. Default: 1. */
  readonly speed?: number;
  /** Default: the machine's time. With a ManualClock nothing happens until it is advanced. */
  readonly clock?: Clock;
  /**
   * Whether our companion node is installed, so that a monitor that asks for it sees the progress of other
   * clients' prompts. Default: true in the scenarios with a simulated user, false in `idle`.
   */
  readonly companion?: boolean;
  /** Writes outputs to this folder too, and names it in `/system_stats`, as for a server on this machine. */
  readonly outputDirectory?: string;
  /** What `SaveWEBM` saves, a WebM file: the simulator has no encoder for videos. Default: nothing. */
  readonly film?: Buffer;
  /** How many GPUs, as far as the scenario's machine has so many. Default: the scenario's. */
  readonly gpus?: number;
  /** Finished prompts remembered; ComfyUI's own limit is 10,000. Default: 1,000. */
  readonly historyLimit?: number;
  /** Paths that answer 404, as on an older server: `['/api/jobs']`. */
  readonly missingPaths?: readonly string[];
}

export interface SubmitOptions {
  /** The submitter; without one ComfyUI does not say what is executed. */
  readonly clientId?: string;
  readonly promptId?: string;
  /** The editor's workflow, for titles. */
  readonly workflow?: JsonObject;
  /** Ahead of everything pending. */
  readonly front?: boolean;
}

/** A running simulated ComfyUI, through all restarts of its server, and the strings to pull in a test. */
export class Simulator implements AsyncDisposable {
  readonly scenario: ScenarioName;

  readonly #plan: Scenario;
  readonly #options: SimulatorOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #timers: Timers;
  readonly #library: MediaLibrary;
  readonly #telemetry: TelemetryModel;
  readonly #previews: PreviewPainter;
  readonly #sockets: ClientSockets;
  readonly #companion: Companion | null;
  readonly #front: HttpFront;
  readonly #user: SimulatedUser;
  readonly #processClock: SwitchableClock;
  #process: ServerProcess;
  #lives = 0;
  #isStopped = false;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.scenario = options.scenario ?? 'showcase';
    this.#plan = scenarios[this.scenario];
    this.#clock = options.clock ?? realClock;
    this.#random = new Random(options.seed ?? 1);
    this.#timers = new Timers(this.#clock);
    this.#library = new MediaLibrary(options.outputDirectory, options.film);
    this.#telemetry = new TelemetryModel(this.#random.fork('telemetry'), {
      cards: this.#cards,
      ...(this.#plan.isHere ? { ramTotal: totalmem() } : {}),
      losesGpu: this.#plan.losesGpu ?? false,
    });
    this.#previews = new PreviewPainter(this.#random.fork('previews'));
    const clientIds = this.#random.fork('client ids');
    this.#sockets = new ClientSockets({
      status: () => this.#process.status(),
      currentNode: (id) =>
        this.#process.worker.clientId === id ? (this.#process.worker.lastNodeId ?? undefined) : undefined,
      newClientId: () => clientIds.uuid(),
    });
    const hasCompanion = options.companion ?? this.#plan.companion;
    this.#companion = hasCompanion ? new Companion(this.#sockets, () => this.#process) : null;
    this.#sockets.addVirtualClient(userClientId, { supports_preview_metadata: true });
    this.#front = new HttpFront({
      context: () => ({
        process: this.#process,
        library: this.#library,
        telemetry: this.#telemetry,
        crystools: this.#plan.crystools,
        isHere: this.#plan.isHere ?? false,
        companion: this.#companion,
        port: this.port,
      }),
      onSocket: (request, socket, head, clientId) => this.#sockets.accept(request, socket, head, clientId),
      missingPaths: options.missingPaths ?? [],
    });
    this.#processClock = new SwitchableClock(this.#clock);
    this.#process = this.#newProcess();
    this.#user = new SimulatedUser(
      this.#plan,
      () => this.#process,
      this.#clock,
      this.#random.fork('user'),
      this.#speed,
    );
  }

  get port(): number {
    return this.#front.port;
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Sockets connected now. */
  get clientCount(): number {
    return this.#sockets.count;
  }

  async open(port: number): Promise<void> {
    await this.#front.listen(port);
    this.#liveThroughPast();
    this.#timers.every(telemetryInterval, () => this.#measure());
    this.#user.begin({
      drop: () => this.dropConnections(),
      setMute: (mute) => this.#setMute(mute),
      setReachable: (reachable) => this.setReachable(reachable),
      restart: () => this.restart(),
    });
  }

  /** Queues a prompt as POST /prompt does and gives its id; throws when the prompt is refused. */
  submit(graph: PromptGraph, { clientId, promptId, workflow, front }: SubmitOptions = {}): string {
    const answer = this.#process.submit({
      prompt: graph,
      ...(clientId === undefined ? {} : { client_id: clientId }),
      ...(promptId === undefined ? {} : { prompt_id: promptId }),
      ...(front === undefined ? {} : { front }),
      ...(workflow === undefined ? {} : { extra_data: { extra_pnginfo: { workflow } } }),
    });
    if (!answer.accepted) throw new Error(`The prompt was refused: ${JSON.stringify(answer.error)}`);
    return answer.promptId;
  }

  /** Interrupts the running prompt. */
  interrupt(): void {
    this.#process.interrupt();
  }

  /** Sends a message to all clients. */
  broadcast(type: string, data: JsonObject): void {
    this.#sockets.send(type, data, null);
  }

  /** Sends a frame as it is to all clients: text or binary, sound or broken. */
  sendRaw(frame: string | Uint8Array): void {
    this.#sockets.sendRaw(frame);
  }

  /** Cuts all sockets; clients may come back at once. */
  dropConnections(): void {
    this.#sockets.drop();
  }

  /** Half-open: connections stay, but nothing is answered any more, neither messages nor pings nor requests. */
  goSilent(): void {
    this.#setMute(true);
  }

  /** Ends the silence. */
  speakAgain(): void {
    this.#setMute(false);
  }

  /** Refuses connections, or takes them again on the same port. */
  async setReachable(reachable: boolean): Promise<void> {
    if (reachable === this.#front.isListening || this.#isStopped) return;
    if (reachable) {
      await this.#front.listen(this.port);
    } else {
      this.#sockets.drop();
      await this.#front.close();
    }
  }

  /** A server that was killed and started again: no queue, no history, no sockets; same port, same files. */
  async restart(): Promise<void> {
    this.#process.kill();
    await this.setReachable(false);
    this.#process = this.#newProcess();
    await this.setReachable(true);
  }

  /** Leaves nothing behind: no timer, no socket. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#user.stop();
    this.#timers.clear();
    this.#process.kill();
    this.#sockets.drop();
    await this.#front.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  get #speed(): number {
    return this.#options.speed ?? 1;
  }

  get #cards(): readonly GraphicsCard[] {
    return machines[this.#plan.machine].slice(0, Math.max(1, this.#options.gpus ?? this.#plan.gpus));
  }

  #setMute(mute: boolean): void {
    this.#sockets.setMute(mute);
    this.#front.isMute = mute;
  }

  #newProcess(): ServerProcess {
    this.#lives += 1;
    return new ServerProcess({
      clock: this.#processClock,
      random: this.#random.fork(`life ${this.#lives}`),
      library: this.#library,
      outbox: this.#outbox(),
      speed: this.#speed,
      gpuCount: this.#cards.filter(({ isUsed }) => isUsed !== false).length,
      historyLimit: this.#options.historyLimit ?? 1_000,
    });
  }

  #outbox(): Outbox {
    return {
      send: (type, data, clientId) => {
        this.#sockets.send(type, data, clientId);
        this.#companion?.sent(type, data);
      },
      sendText: (nodeId, text) => this.#sockets.sendBinary(textFrame(nodeId, text), null),
      wantsPreviews: () => this.#sockets.count > 0,
      sendPreview: (form, preview, clientId) => {
        const described = this.#sockets.supports(clientId, 'supports_preview_metadata');
        if (described !== (form === 'with metadata') || !this.#sockets.reaches(clientId)) return;
        const jpeg = this.#previews.paint(preview.images, preview.fraction);
        this.#sockets.sendPreview(
          described ? describedPreviewFrame(jpeg, preview) : plainPreviewFrame(jpeg),
          clientId,
        );
      },
    };
  }

  #measure(): void {
    this.#telemetry.step(telemetryInterval, this.#process.worker.load);
    if (this.#plan.crystools)
      this.broadcast('crystools.monitor', crystoolsMonitor(this.#telemetry.figures()));
    this.#companion?.measured(() => companionTelemetry(this.#telemetry.figures()));
  }

  /** Runs the prompts of the history on a clock of their own that starts in the past. */
  #liveThroughPast(): void {
    const { history } = this.#plan;
    // Pictures that go to disk take real time to make, and the past has none.
    if (history === 0 || this.#options.outputDirectory) return;
    const past = new ManualClock(this.#clock.now() - history * pastPerPrompt);
    this.#processClock.current = past;
    for (let count = 0; count < history; count += 1) {
      this.#user.submitNext();
      past.advance(pastPerPrompt);
    }
    this.#processClock.current = this.#clock;
  }
}
