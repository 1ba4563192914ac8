/**
 * Servers written by hand for tests: they know no more of ComfyUI than a test tells them, so that the
 * client cannot agree with its own simulator on a mistake. They end with the test that starts them.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

/** An answer to a request; an object as `json` is sent as such. Null leaves the asker waiting. */
export type Answer = {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  json?: unknown;
} | null;

interface Asked {
  method: string;
  /** With the query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface PlainServerOptions {
  /** Answers by path, without query. */
  routes?: Record<string, Answer | ((asked: Asked) => Answer)> | undefined;
  /** The answer to all other requests; the default is 404. */
  otherwise?: Answer;
  /** Answers WebSocket handshakes with this instead of taking them. */
  refuseSocket?: Answer;
  /** False for a server that hears pings and does not answer, as if the line were cut. */
  answersPings?: boolean;
  /** Speaks https with one of the certificates of this folder. */
  certificate?: TestCertificate;
  /** An earlier server's port; 0 takes a free one. */
  port?: number;
  /** True for a server of several tests, which its starter closes; others end with the test. */
  isShared?: boolean;
}

export interface PlainServer {
  readonly url: string;
  readonly port: number;
  /** Requests so far. */
  readonly asked: readonly Asked[];
  /** Handshakes so far. */
  readonly handshakes: readonly IncomingMessage[];
  /** The sockets that are open. */
  readonly sockets: ReadonlySet<WebSocket>;
  /** All text frames so far, by connection. */
  readonly said: readonly (readonly string[])[];
  /** To everybody connected: a frame as it is, or an object as JSON. */
  send(message: string | Buffer | object): void;
  close(): Promise<void>;
}

export type TestCertificate = 'pinned' | 'other' | 'issued' | 'child';

/**
 * A certificate of this folder (PEM). `issued` was issued by an unknown authority, `child` by
 * `pinned`; the others are self-signed.
 */
export function certificateOf(name: TestCertificate, part: 'cert' | 'key' = 'cert'): string {
  return readFileSync(join(import.meta.dirname, `test-only-${name}.${part}.pem`), 'utf8');
}

/** Answers WebSockets, and requests as it is told. */
export async function startPlainServer(options: PlainServerOptions = {}): Promise<PlainServer> {
  const asked: Asked[] = [];
  const handshakes: IncomingMessage[] = [];
  const said: string[][] = [];
  const { certificate, otherwise = { status: 404 } } = options;
  const answer: RequestListener = async (request, response) => {
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body: await text(request) };
    asked.push(one);
    const route = options.routes?.[url.split('?')[0] ?? ''];
    send(response, route === undefined ? otherwise : typeof route === 'function' ? route(one) : route);
  };
  const server = certificate
    ? createTlsServer({ cert: certificateOf(certificate), key: certificateOf(certificate, 'key') }, answer)
    : createServer(answer);
  const sockets = new WebSocketServer({ noServer: true, autoPong: options.answersPings ?? true });
  sockets.on('connection', (socket) => {
    const texts: string[] = [];
    said.push(texts);
    socket.on('error', () => {});
    socket.on('message', (data, isBinary) => {
      if (!isBinary) texts.push(String(data));
    });
  });
  server.on('upgrade', (request, socket, head) => {
    handshakes.push(request);
    const refusal = options.refuseSocket;
    if (refusal === undefined)
      sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket));
    else if (refusal !== null) socket.end(rawAnswer(refusal));
  });
  const port = await listen(server, options.port ?? 0);
  const close = async () => {
    for (const socket of sockets.clients) socket.terminate();
    await end(server, () => server.closeAllConnections());
  };
  if (!options.isShared) onTestFinished(close);
  return {
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    asked,
    handshakes,
    sockets: sockets.clients,
    said,
    send(message) {
      const frame =
        typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);
      for (const socket of sockets.clients) socket.send(frame);
    },
    close,
  };
}

/** A server below HTTP. Gives its address as `http://…`. */
export async function startTcpServer(onConnection: (socket: Socket) => void): Promise<string> {
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  const port = await listen(server, 0);
  onTestFinished(() =>
    end(server, () => {
      for (const socket of open) socket.destroy();
    }),
  );
  return `http://127.0.0.1:${port}`;
}

/** Takes every WebSocket handshake and then sends these bytes, be they frames or not; `more` may go on. */
export function startFrameServer(bytes: Buffer, more?: (socket: Socket) => void): Promise<string> {
  return startTcpServer((socket) => {
    socket.once('data', (request) => {
      const key = /^sec-websocket-key: (.*)\r$/im.exec(String(request))?.[1] ?? '';
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      socket.write(bytes);
      more?.(socket);
    });
  });
}

const givenPorts = new Set<number>();

/** The address of a port on which nothing listens. */
export async function closedAddress(): Promise<string> {
  const server = createTcpServer();
  const port = await listen(server, 0);
  await end(server, () => {});
  // The system may give the same one again, and two that are asked for are to be two.
  if (givenPorts.has(port)) return closedAddress();
  givenPorts.add(port);
  return `http://127.0.0.1:${port}`;
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === null) return;
  const { status = 200, headers = {}, body = '', json } = answer;
  if (json === undefined) response.writeHead(status, headers).end(body);
  else
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
}

function rawAnswer({ status = 200, headers = {}, body = '' }: NonNullable<Answer>): string {
  const lines = Object.entries({ 'content-length': String(body.length), ...headers });
  return `HTTP/1.1 ${status} X\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function end(server: Server, cut: () => void): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    cut();
  });
}
