import { createServer, type IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * A WebSocket server that knows nothing of ComfyUI and has no REST interface at all: it says what it is
 * told to say and remembers what it was asked for.
 */
export interface PlainServer {
  readonly url: string;
  /** Requests that were not WebSocket upgrades, as `GET /path`. */
  readonly requests: string[];
  /** Sends one message to everybody connected, as it stands. */
  send(message: unknown): void;
  /** Resolves when somebody is connected. */
  connected(): Promise<void>;
  close(): Promise<void>;
}

export async function startPlainServer(): Promise<PlainServer> {
  const requests: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(426).end('Upgrade Required');
  });
  const sockets = new WebSocketServer({ server });
  const first = new Promise<WebSocket>((done) => sockets.once('connection', done));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    send(message) {
      for (const socket of sockets.clients) socket.send(JSON.stringify(message));
    },
    connected: async () => {
      await first;
    },
    close: () =>
      new Promise((done) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
