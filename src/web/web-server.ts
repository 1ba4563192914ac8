import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MediaRequest } from '../host/media.ts';
import type { PageFile } from '../host/page/page-files.ts';
import { pagePolicy } from '../host/page/page-policy.ts';

export interface WebServerOptions {
  files: ReadonlyMap<string, PageFile>;
  media: (request: MediaRequest) => Promise<Response>;
  /** 0 takes a free port. */
  port: number;
}

export interface WebServer {
  /** Where people point their browser; holds the key that keeps others out. */
  readonly url: string;
  /** Gets WebSocket upgrades to the bridge, already checked to come from our own page. */
  onBridge(accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
  close(): Promise<void>;
}

/**
 * Serves the page, its media and its bridge on loopback. Other users of this machine and web pages open
 * in the same browser are kept out: every path starts with a random key, `Host` must be ours (against
 * DNS rebinding) and a WebSocket's `Origin` too. Rejects with a sentence if the port is taken.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const key = randomBytes(16).toString('base64url');
  const prefix = `/${key}/`;
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathFor(request, prefix);
    if (path === null)
      return refuse(response, 403, 'Use the address that the monitor printed when it started.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET.');
    if (path.pathname.startsWith('/media/')) return sendMedia(request, response, path);
    const file = options.files.get(path.pathname === '/' ? 'index.html' : path.pathname.slice(1));
    if (!file) return refuse(response, 404, 'Not found.');
    response.writeHead(200, {
      ...ownHeaders,
      'content-type': file.contentType,
      'content-length': file.body.length,
      'content-security-policy': pagePolicy(),
      'cache-control': path.pathname.startsWith('/assets/')
        ? 'private, max-age=31536000, immutable'
        : 'no-cache',
    });
    response.end(request.method === 'HEAD' ? undefined : file.body);
  }

  async function sendMedia(request: IncomingMessage, response: ServerResponse, path: URL): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const media = await options.media({
      path: path.pathname.slice('/media'.length),
      query: path.searchParams,
      range: request.headers.range ?? null,
      signal: gone.signal,
    });
    response.writeHead(media.status, { ...ownHeaders, ...Object.fromEntries(media.headers) });
    if (!media.body || request.method === 'HEAD') response.end();
    else await pipeline(Readable.fromWeb(media.body), response);
  }

  const port = await listen(server, options.port);
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  let acceptBridge: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null = null;

  function pathFor(request: IncomingMessage, below: string): URL | null {
    const { host = '' } = request.headers;
    if (!hosts.includes(host) || !request.url?.startsWith(below)) return null;
    // Not as relative to the page: `//x` would be another host, or none at all.
    return URL.parse(`http://page${request.url.slice(below.length - 1)}`);
  }

  server.on('upgrade', (request, socket, head) => {
    const fromOurPage = hosts.some((host) => request.headers.origin === `http://${host}`);
    if (acceptBridge && fromOurPage && pathFor(request, prefix)?.pathname === '/bridge')
      acceptBridge(request, socket, head);
    else refuseUpgrade(socket);
  });

  return {
    url: `http://${hosts[0]}${prefix}`,
    onBridge(accept) {
      acceptBridge = accept;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const ownHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...ownHeaders, 'content-type': 'text/plain; charset=utf-8' }).end(message);
}

/** Node has let go of the socket: its errors would end the process, and it would stay open. */
function refuseUpgrade(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n', () => socket.destroy());
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      failed(
        new Error(
          cause.code === 'EADDRINUSE'
            ? `Port ${port} is already in use. Choose another one with --port, or leave it out.`
            : `The monitor cannot listen on port ${port}: ${cause.message}`,
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address ? address.port : port);
    });
  });
}
