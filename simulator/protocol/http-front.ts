import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BodyTooLarge, emptyReply, type Reply, readJson, writeReply } from './http-reply.ts';
import { isForeign } from './origin-rule.ts';
import { type RouteContext, routes } from './routes.ts';

/** What the HTTP side is given. */
export interface FrontOptions {
  readonly context: () => RouteContext;
  /** A client asks for a WebSocket. */
  readonly onSocket: (request: IncomingMessage, socket: Duplex, head: Buffer, clientId: string) => void;
  /** Paths this server is too old to have; they answer 404. */
  readonly missingPaths: readonly string[];
}

const loopback = '127.0.0.1';

/** The HTTP side: listens on loopback, applies the origin rule, finds the route. */
export class HttpFront {
  /** Requests are taken in but not answered. */
  isMute = false;

  readonly #options: FrontOptions;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #lastPort = 0;

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#lastPort;
  }

  /** Starts listening; rejects with the system's error (`EADDRINUSE`, …) when the port cannot be had. */
  async listen(port: number): Promise<void> {
    const server = createServer((request, response) => {
      // An answer that cannot be written must not end the simulation.
      this.#answer(request, response).catch(() => response.destroy());
    });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, loopback, resolve);
    });
    this.#server = server;
    const address = server.address();
    if (address && typeof address === 'object') this.#lastPort = address.port;
  }

  /** Stops listening and cuts every connection. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // The server itself no longer knows those that asked for a WebSocket and got no answer.
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  get isListening(): boolean {
    return this.#server !== undefined;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = await this.#replyTo(request).catch(failureReply);
    if (!this.isMute && !response.destroyed) writeReply(response, reply);
  }

  async #replyTo(request: IncomingMessage): Promise<Reply> {
    if (isForeign(request.headers)) return emptyReply(403);
    const url = new URL(request.url ?? '/', `http://${loopback}`);
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    if (method === 'OPTIONS') return emptyReply();
    if (this.#options.missingPaths.some((missing) => url.pathname.startsWith(missing)))
      return emptyReply(404);
    const candidates = routes.flatMap(([routeMethod, pattern, handle]) => {
      const prefixed = pattern.startsWith('/internal/') ? undefined : match(`/api${pattern}`, url.pathname);
      const params = match(pattern, url.pathname) ?? prefixed;
      return params ? [{ routeMethod, params, handle }] : [];
    });
    const route = candidates.find(({ routeMethod }) => routeMethod === method);
    if (!route) return emptyReply(candidates.length > 0 ? 405 : 404);
    return route.handle(this.#options.context(), {
      params: route.params,
      query: url.searchParams,
      range: request.headers.range,
      body: () => readJson(request),
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const url = new URL(request.url ?? '/', `http://${loopback}`);
    if (this.isMute) return;
    if (isForeign(request.headers)) refuse(socket, '403 Forbidden');
    else if (url.pathname !== '/ws' && url.pathname !== '/api/ws') refuse(socket, '404 Not Found');
    else this.#options.onSocket(request, socket, head, url.searchParams.get('clientId') ?? '');
  }
}

/** Parameters of a path that fits the pattern, undefined when it does not. */
function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const parts = path.split('/');
  if (wanted.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, piece] of wanted.entries()) {
    const part = parts[index] ?? '';
    if (piece.startsWith('{') && part !== '') params[piece.slice(1, -1)] = decoded(part);
    else if (piece !== part) return undefined;
  }
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** aiohttp answers a handler's exception with 500 and plain text. */
function failureReply(error: unknown): Reply {
  if (error instanceof BodyTooLarge) return emptyReply(413);
  return {
    status: 500,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: '500 Internal Server Error\n\nServer got itself in trouble',
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
