import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import WebSocket, { type RawData } from 'ws';
import type { Connection, ConnectionProblem } from '../../domain/server.ts';
import { hostNow } from '../host-clock.ts';
import { ourFeatures } from '../wire/feature-flags.ts';
import { socketUrl } from './address.ts';
import { backoffDelay, failuresAfter } from './backoff.ts';
import { type BoundedConnectionOptions, boundedConnection } from './bounded-connection.ts';
import { connectionProblem, problemOfAnswer, problemOfClose, problemOfError } from './connection-problem.ts';
import {
  defaultLiveness,
  type Liveness,
  type LivenessTiming,
  livenessVerdict,
  newLiveness,
  nextVerdictIn,
} from './liveness.ts';
import type { TooLarge } from './message-bound.ts';
import type { ServerAccess } from './server-access.ts';

/**
 * Messages larger than this (bytes) are left out, so that none holds everything up: reading JSON takes some 10 ms per
 * MiB, and up to ten times that of what is made to be slow. The states of 10,000 nodes are 2 MiB. Outputs that are
 * larger come by REST.
 */
const maxText = 2 * 2 ** 20;
/** Bytes of a binary message: pictures are kept as they are. */
const maxBinary = 16 * 2 ** 20;
/** ms */
const handshakeTimeout = 10_000;

export interface ReconnectingSocketOptions {
  access: ServerAccess;
  onConnection: (connection: Connection) => void;
  onText: (text: string) => void;
  onBinary: (bytes: Buffer) => void;
  /** Hears of messages that are left out for their size. */
  onTooLarge?: (message: TooLarge) => void;
  /** For tests: chance 0–1, and shorter times (ms). */
  random?: () => number;
  liveness?: LivenessTiming;
}

/**
 * A socket to a server's `/ws` that never gives up: it connects again with growing delays, notices
 * half-open connections, and closes on frames that break the protocol. Messages that are too large cost themselves.
 */
export class ReconnectingSocket {
  readonly #options: ReconnectingSocketOptions;
  readonly #liveness: LivenessTiming;
  #socket: WebSocket | null = null;
  #timer: NodeJS.Timeout | null = null;
  #alive: Liveness | null = null;
  /** By `performance.now()`. */
  #connectedAt: number | null = null;
  /** Attempts that failed since the last connection that held. */
  #failures = 0;
  #clientId = '';

  constructor(options: ReconnectingSocketOptions) {
    this.#options = options;
    this.#liveness = options.liveness ?? defaultLiveness;
  }

  /** The id of this connection: prompts posted with it are reported here step by step. Empty after `stop`. */
  get clientId(): string {
    return this.#clientId;
  }

  start(): void {
    if (this.#socket === null && this.#timer === null) this.#connect();
  }

  /** Connects now instead of waiting; an open connection has to prove soon that it is alive. */
  retryNow(): void {
    if (this.#alive) {
      this.#alive.doubtedAt = performance.now();
      this.#ping();
      this.#watch();
      return;
    }
    this.#drop();
    this.#failures = 0;
    this.#connect();
  }

  /** Ends it for good; nothing is reported any more. */
  stop(): void {
    this.#clientId = '';
    this.#drop();
  }

  #connect(): void {
    // A new id for every connection: when a server finally closes an old connection, it also forgets
    // the newer one of the same id, which then gets nothing any more (seen with ComfyUI 0.27).
    const clientId = randomUUID();
    this.#clientId = clientId;
    this.#report({ phase: 'connecting', attempt: this.#failures + 1, since: hostNow() });
    // A listener may have stopped us, or asked to connect at once.
    if (this.#clientId !== clientId) return;
    const opened = openSocket(this.#options.access, clientId, {
      onTooLarge: (message) => {
        if (this.#clientId === clientId) this.#options.onTooLarge?.(message);
      },
      // A message can take longer than silence may.
      onHeard: () => {
        if (this.#clientId === clientId && this.#socket) this.#heard(this.#socket);
      },
    });
    if (!opened.ok) {
      this.#fail(opened.problem);
      return;
    }
    const { socket } = opened;
    this.#socket = socket;
    // Only the first problem counts; closing then brings more events of the same trouble.
    const fail = (problem: ConnectionProblem) => {
      if (this.#socket === socket) this.#fail(problem);
    };
    socket.on('open', () => this.#opened(socket));
    socket.on('message', (data, isBinary) => this.#received(socket, data, isBinary));
    socket.on('ping', () => this.#heard(socket));
    socket.on('pong', () => this.#heard(socket));
    socket.on('unexpected-response', (_request, response) => {
      fail(problemOfHandshake(response, this.#options.access.url));
      response.destroy();
    });
    socket.on('error', (error) => fail(problemOfError(error)));
    socket.on('close', (code, reason) => fail(problemOfClose(code, reason.toString('utf8'))));
  }

  #opened(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    const now = performance.now();
    socket.send(JSON.stringify({ type: 'feature_flags', data: ourFeatures }));
    this.#connectedAt = now;
    this.#alive = newLiveness(now);
    this.#watch();
    this.#report({ phase: 'connected', since: hostNow() });
  }

  #received(socket: WebSocket, data: RawData, isBinary: boolean): void {
    if (this.#socket !== socket) return;
    this.#heard(socket);
    const bytes = Buffer.isBuffer(data)
      ? data
      : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
    if (isBinary) this.#options.onBinary(bytes);
    else this.#options.onText(bytes.toString('utf8'));
  }

  #heard(socket: WebSocket): void {
    if (this.#socket === socket && this.#alive) this.#alive.heardAt = performance.now();
  }

  #watch(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (!this.#alive) return;
    this.#timer = setTimeout(
      () => {
        if (!this.#alive) return;
        const verdict = livenessVerdict(this.#alive, performance.now(), this.#liveness);
        if (verdict === 'dead') {
          this.#fail(connectionProblem('silent', 'no frame and no answer to pings'));
          return;
        }
        if (verdict === 'ping') this.#ping();
        this.#watch();
      },
      nextVerdictIn(this.#alive, performance.now(), this.#liveness),
    );
  }

  #ping(): void {
    if (!this.#alive || !this.#socket) return;
    this.#alive.pingedAt = performance.now();
    this.#socket.ping();
  }

  #fail(problem: ConnectionProblem): void {
    const now = hostNow();
    const connectedFor = this.#connectedAt === null ? null : performance.now() - this.#connectedAt;
    this.#drop();
    this.#failures = failuresAfter(this.#failures, connectedFor);
    const delay = backoffDelay(this.#failures, (this.#options.random ?? Math.random)());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#connect();
    }, delay);
    this.#report({ phase: 'waiting', attempt: this.#failures, since: now, retryAt: now + delay, problem });
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#alive = null;
    this.#connectedAt = null;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (socket?.readyState === WebSocket.OPEN) socket.close(1001);
    // Its last words do not matter any more, but an 'error' without a listener would end the process.
    socket?.terminate();
  }

  #report(connection: Connection): void {
    this.#options.onConnection(connection);
  }
}

type Opened = { ok: true; socket: WebSocket } | { ok: false; problem: ConnectionProblem };

function openSocket(
  { url, headers, certificate }: ServerAccess,
  clientId: string,
  hears: Pick<BoundedConnectionOptions, 'onTooLarge' | 'onHeard'>,
): Opened {
  try {
    const address = socketUrl(url, clientId);
    const bound = { maxText, maxBinary, ...hears };
    const socket = new WebSocket(address, {
      headers,
      createConnection: () => boundedConnection(new URL(address), certificate, bound),
      maxPayload: Math.max(maxText, maxBinary),
      handshakeTimeout,
      perMessageDeflate: false,
      followRedirects: false,
    });
    return { ok: true, socket };
  } catch (error) {
    // Nothing was sent yet: what is not wrong with the certificate is wrong with the address.
    const { kind, detail } = problemOfError(error);
    return { ok: false, problem: connectionProblem(kind === 'tls' ? 'tls' : 'address', detail) };
  }
}

function problemOfHandshake(response: IncomingMessage, url: string): ConnectionProblem {
  const { statusCode = 0, headers } = response;
  return problemOfAnswer({ status: statusCode, location: headers.location, url: `${url}/ws`, route: '/ws' });
}

/** Whether a socket gets through, for once: what is in its way, or null. */
export async function trySocket(access: ServerAccess): Promise<ConnectionProblem | null> {
  const opened = openSocket(access, randomUUID(), { onTooLarge: () => {}, onHeard: () => {} });
  if (!opened.ok) return opened.problem;
  const { socket } = opened;
  const problem = await new Promise<ConnectionProblem | null>((done) => {
    socket.once('open', () => done(null));
    socket.once('unexpected-response', (_request, response) => {
      done(problemOfHandshake(response, access.url));
      response.destroy();
    });
    // Stays: an 'error' without a listener would end the process.
    socket.on('error', (error) => done(problemOfError(error)));
    socket.once('close', (code, reason) => done(problemOfClose(code, reason.toString('utf8'))));
  });
  if (socket.readyState === WebSocket.OPEN) socket.close(1000);
  socket.terminate();
  return problem;
}
