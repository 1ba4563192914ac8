import type { Clock } from './clock.ts';
import type { PromptGraph } from './execution/prompt-graph.ts';
import type { JsonObject } from './protocol/json.ts';
import type { ScenarioName } from './scenarios.ts';
import { SimulatedServer } from './simulated-server.ts';

/** Starts a simulated ComfyUI on loopback; rejects when the port cannot be had. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = new SimulatedServer(options);
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
  /** How many GPUs, 1–4. Default: the scenario's. */
  readonly gpus?: number;
  /** Finished prompts remembered; ComfyUI's own limit is 10,000. Default: 1,000. */
  readonly historyLimit?: number;
  /** Paths that answer 404, as on an older server: `['/api/jobs']`. */
  readonly missingPaths?: readonly string[];
}

/** A running simulated ComfyUI, and the strings to pull in a test. */
export interface Simulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly scenario: ScenarioName;
  /** Sockets connected now. */
  readonly clientCount: number;

  /** Queues a prompt as POST /prompt does and gives its id; throws when the prompt is refused. */
  submit(graph: PromptGraph, options?: SubmitOptions): string;
  /** Interrupts the running prompt. */
  interrupt(): void;

  /** Sends a message to everybody. */
  broadcast(type: string, data: JsonObject): void;
  /** Sends a frame as it is to everybody: text or binary, sound or broken. */
  sendRaw(frame: string | Uint8Array): void;

  /** Cuts all sockets; clients may come back at once. */
  dropConnections(): void;
  /** Half-open: connections stay, but nothing is answered any more, neither messages nor pings nor requests. */
  goSilent(): void;
  /** Ends the silence. */
  speakAgain(): void;
  /** Refuses connections, or takes them again on the same port. */
  setReachable(reachable: boolean): Promise<void>;
  /** A server that was killed and started again: no queue, no history, no sockets; same port, same files. */
  restart(): Promise<void>;
  /** Leaves nothing behind: no timer, no socket. */
  stop(): Promise<void>;
}

export interface SubmitOptions {
  /** The submitter; without one ComfyUI tells nobody what is executed. */
  readonly clientId?: string;
  readonly promptId?: string;
  /** The editor's workflow, for titles. */
  readonly workflow?: JsonObject;
  /** Ahead of everything pending. */
  readonly front?: boolean;
}
