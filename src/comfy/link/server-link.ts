import type { Connection, ConnectionProblem } from '../../domain/server.ts';
import { hostNow } from '../host-clock.ts';
import type { ComfyRest } from '../rest/comfy-rest.ts';
import { PacedRead } from '../rest/paced-read.ts';
import { RestError } from '../rest/rest-request.ts';
import { connectionProblem } from './connection-problem.ts';
import { ReconnectingSocket, type ReconnectingSocketOptions } from './reconnecting-socket.ts';

/** How often the length of the queue is read while no socket reports it, ms: while a page is looked at, and otherwise. */
const seenGap = 2_000;
const unseenGap = 5_000;
/** One failure can be bad luck; after this many, one socket that was not accepted is no accident either. */
const patience = 2;

export interface ServerLinkOptions extends ReconnectingSocketOptions {
  rest: Pick<ComfyRest, 'queueLength' | 'systemStats'>;
  /** Hears how long the queue is while that is read instead of reported. */
  onQueueLength: (length: number) => void;
}

type Waiting = Extract<Connection, { phase: 'waiting' }>;

/**
 * The way to a server: its socket, and while that does not get through although REST does (proxies without WebSocket
 * support answer 400, 403, 426, 502 or a page), REST that is read every few seconds. The socket is tried all the time.
 */
export class ServerLink {
  readonly #options: ServerLinkOptions;
  readonly #socket: ReconnectingSocket;
  readonly #reads: PacedRead;
  #seen = true;
  /** Whether the socket is being opened, or is open and brought nothing yet: every ComfyUI begins with a message. */
  #isTrying = false;
  /** It is open, but has to bring something before it takes the place of REST. */
  #opened: Connection | null = null;
  /** Its last failure, as long as no attempt succeeded. */
  #waiting: Waiting | null = null;
  /** Since when REST stands in for the socket, ms since the epoch. */
  #pollingSince: number | null = null;
  #failedReads = 0;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
    this.#socket = new ReconnectingSocket({
      ...options,
      onConnection: (connection) => this.#socketChanged(connection),
      onText: (text) => {
        this.#gotThrough();
        options.onText(text);
      },
      onBinary: (bytes) => {
        this.#gotThrough();
        options.onBinary(bytes);
      },
    });
    this.#reads = new PacedRead({
      read: (signal) => this.#read(signal),
      minGap: () => (this.#seen ? seenGap : unseenGap),
      again: () => (this.#seen ? seenGap : unseenGap),
      onFailure: (error) => this.#readFailed(error),
    });
  }

  /** The id of the socket; see `ReconnectingSocket`. */
  get clientId(): string {
    return this.#socket.clientId;
  }

  start(): void {
    this.#socket.start();
  }

  retryNow(): void {
    this.#socket.retryNow();
  }

  setSeen(seen: boolean): void {
    this.#seen = seen;
  }

  stop(): void {
    this.#reads.stop();
    this.#pollingSince = null;
    this.#socket.stop();
  }

  #socketChanged(connection: Connection): void {
    this.#opened = null;
    if (connection.phase === 'connecting') {
      this.#isTrying = true;
      if (this.#pollingSince === null) this.#options.onConnection(connection);
      return;
    }
    if (connection.phase !== 'waiting') {
      if (this.#pollingSince !== null) {
        this.#opened = connection;
        return;
      }
      this.#waiting = null;
      this.#endPolling();
      this.#options.onConnection(connection);
      return;
    }
    const wasTrying = this.#isTrying;
    this.#isTrying = false;
    this.#waiting = connection;
    if (!wasTrying || isOutOfReach(connection.problem)) {
      this.#endPolling();
      this.#options.onConnection(connection);
      return;
    }
    if (this.#pollingSince !== null) {
      this.#reportPolling(this.#pollingSince, connection);
      return;
    }
    this.#options.onConnection(connection);
    // A listener may have stopped us.
    if (this.#waiting === connection && connection.attempt >= patience) this.#reads.start();
  }

  #gotThrough(): void {
    this.#isTrying = false;
    const opened = this.#opened;
    if (!opened) return;
    this.#opened = null;
    this.#waiting = null;
    this.#endPolling();
    this.#options.onConnection(opened);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const length = await this.#readLength(signal);
    signal.throwIfAborted();
    this.#failedReads = 0;
    const waiting = this.#waiting;
    if (!waiting) return;
    if (this.#pollingSince === null) {
      this.#pollingSince = hostNow();
      this.#reportPolling(this.#pollingSince, waiting);
    }
    if (length !== null && !signal.aborted) this.#options.onQueueLength(length);
  }

  /** Null where the server is one, but does not say. */
  async #readLength(signal: AbortSignal): Promise<number | null> {
    try {
      return await this.#options.rest.queueLength({ signal });
    } catch (error) {
      if (signal.aborted || !(error instanceof RestError) || isOutOfReach(error.problem)) throw error;
      await this.#options.rest.systemStats({ signal });
      return null;
    }
  }

  #readFailed(error: unknown): void {
    this.#failedReads += 1;
    const waiting = this.#waiting;
    if (!waiting || !(error instanceof RestError)) return;
    const problem = saysMore(error.problem, waiting.problem) ? error.problem : waiting.problem;
    if (this.#pollingSince === null) {
      if (problem !== waiting.problem && !this.#isTrying) this.#options.onConnection({ ...waiting, problem });
      return;
    }
    if (this.#failedReads < patience && !isOutOfReach(error.problem)) return;
    this.#pollingSince = null;
    this.#options.onConnection({ ...waiting, problem: error.problem });
  }

  #endPolling(): void {
    this.#reads.stop();
    this.#pollingSince = null;
    this.#failedReads = 0;
  }

  #reportPolling(since: number, { attempt, retryAt, problem }: Waiting): void {
    this.#options.onConnection({
      phase: 'polling',
      since,
      attempt,
      retryAt,
      problem: socketProblem(problem),
    });
  }
}

/** What is wrong with the socket alone, where REST works. */
export function socketProblem(problem: ConnectionProblem): ConnectionProblem {
  switch (problem.kind) {
    case 'login':
    case 'moved':
    case 'unauthorized':
      return problem;
    default:
      return connectionProblem('no-websocket', problem.detail, problem.status);
  }
}

/** Whether REST cannot be had either. */
function isOutOfReach({ kind }: ConnectionProblem): boolean {
  return (
    kind === 'address' ||
    kind === 'name-not-found' ||
    kind === 'refused' ||
    kind === 'unreachable' ||
    kind === 'tls'
  );
}

/** Whether what REST met says better what is to be done than what the socket met. */
function saysMore({ kind }: ConnectionProblem, than: ConnectionProblem): boolean {
  const clear: readonly ConnectionProblem['kind'][] = ['login', 'moved', 'unauthorized'];
  return clear.includes(kind) && !clear.includes(than.kind);
}
