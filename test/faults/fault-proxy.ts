import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { WebSocket, WebSocketServer } from 'ws';
import type { Seeded } from './seeded.ts';

/** What can happen to an answer. */
export type AnswerFault = 'status' | 'hang' | 'cut' | 'cut inside' | 'half' | 'other' | 'late';
/** What can happen to a message. */
type MessageFault = 'lose' | 'twice' | 'swap' | 'late' | 'garble' | 'half';

/** Everything that goes wrong, and how often (0–1). */
export interface Faults {
  /** By the beginning of the path; the first one counts. */
  answers: readonly { path: string; fault: AnswerFault; status: number; chance: number }[];
  messages: readonly { fault: MessageFault; chance: number }[];
  /** What handshakes are answered with instead of being taken; null takes them. */
  refuseSocket: number | null;
}

export const noFaults: Faults = { answers: [], messages: [], refuseSocket: null };

/** Stands between a monitor and a server on loopback, and causes the faults that it is given. */
export interface FaultProxy {
  readonly url: string;
  faults: Faults;
  /** How far the clock is ahead that answers are dated by, ms. */
  clockShift: number;
  /** Cuts all connections. */
  cut(): void;
  /** Half-open: nothing comes through any more, in either direction, and nothing is closed. */
  setSilent(silent: boolean): void;
  close(): Promise<void>;
}

export async function startFaultProxy(upstream: number, random: Seeded): Promise<FaultProxy> {
  const open = new Set<Duplex>();
  const waiting = new Set<() => void>();
  const pairs = new Set<Pair>();
  let silent = false;
  const proxy = { faults: noFaults, clockShift: 0 };

  /** Goes on when it is not silent any more. */
  const whenHeard = (run: () => void): void => {
    if (silent) waiting.add(run);
    else run();
  };

  const server = createServer((asked, response) => {
    response.on('error', () => {});
    whenHeard(() => void answer(asked, response).catch(() => response.destroy()));
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });

  async function answer(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await ask(upstream, asked);
    const { fault, with: errorStatus } = faultOf(asked.url ?? '');
    const type = headers['content-type'] ?? '';
    const date = new Date(Date.now() + proxy.clockShift).toUTCString();
    const give = (code: number, content: Buffer | string, contentType = type): void =>
      whenHeard(() => {
        if (response.destroyed) return;
        response.writeHead(code, {
          'content-type': contentType,
          date,
          'content-length': Buffer.byteLength(content),
        });
        response.end(content);
      });
    switch (fault) {
      case 'status':
        give(errorStatus, '<html><h1>Something else</h1></html>', 'text/html');
        return;
      case 'hang':
        waiting.add(() => give(status, body));
        return;
      case 'cut':
        response.destroy();
        return;
      case 'cut inside':
        response.writeHead(status, { 'content-type': type, 'content-length': body.length + 10 });
        response.write(body.subarray(0, body.length / 2), () => response.destroy());
        return;
      case 'half':
        give(status, body.subarray(0, body.length / 2));
        return;
      case 'other':
        give(
          200,
          random.pick(['null', '[]', '5', '"text"', '<html></html>', '{"jobs": 1}', '[NaN', '\u0000']),
        );
        return;
      case 'late':
        setTimeout(() => give(status, body), random.below(3_000));
        return;
      default:
        give(status, body);
    }
  }

  function faultOf(url: string): { fault: AnswerFault | null; with: number } {
    for (const { path, fault, status, chance } of proxy.faults.answers)
      if (url.startsWith(path) && random.chance(chance)) return { fault, with: status };
    return { fault: null, with: 0 };
  }

  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (asked, socket, head) => {
    const { refuseSocket } = proxy.faults;
    whenHeard(() => {
      if (refuseSocket !== null) {
        socket.end(`HTTP/1.1 ${refuseSocket} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(asked, socket, head, (down) => {
        const up = new WebSocket(`ws://127.0.0.1:${upstream}${asked.url}`);
        const pair = new Pair(down, up, proxy, random, whenHeard);
        pairs.add(pair);
        down.on('close', () => pairs.delete(pair));
      });
    });
  });

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const resume = (): void => {
    const held = [...waiting];
    waiting.clear();
    for (const run of held) run();
  };
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    cut() {
      for (const pair of pairs) pair.end();
      for (const socket of open) socket.destroy();
      waiting.clear();
    },
    setSilent(on: boolean) {
      silent = on;
      for (const pair of pairs) pair.setSilent(on);
      if (!on) resume();
    },
    close() {
      for (const pair of pairs) pair.end();
      for (const socket of open) socket.destroy();
      return new Promise<void>((done) => server.close(() => done()));
    },
  });
}

/** One client's WebSocket and the one that was opened for it. */
class Pair {
  readonly #down: WebSocket;
  readonly #up: WebSocket;
  readonly #proxy: Pick<FaultProxy, 'faults'>;
  readonly #random: Seeded;
  readonly #whenHeard: (run: () => void) => void;
  /** One that waits to be overtaken. */
  #kept: (() => void) | null = null;
  /** Messages keep their order also when one is late. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    down: WebSocket,
    up: WebSocket,
    proxy: Pick<FaultProxy, 'faults'>,
    random: Seeded,
    whenHeard: (run: () => void) => void,
  ) {
    this.#down = down;
    this.#up = up;
    this.#proxy = proxy;
    this.#random = random;
    this.#whenHeard = whenHeard;
    const early: (() => void)[] = [];
    down.on('message', (data, isBinary) => {
      const send = (): void => up.send(data, { binary: isBinary });
      if (up.readyState === WebSocket.OPEN) send();
      else early.push(send);
    });
    up.on('open', () => {
      for (const send of early) send();
    });
    up.on('message', (data, isBinary) =>
      this.#pass(Buffer.isBuffer(data) ? data : Buffer.alloc(0), isBinary),
    );
    for (const socket of [down, up]) {
      socket.on('error', () => this.end());
      socket.on('close', () => this.end());
    }
  }

  end(): void {
    this.#down.terminate();
    this.#up.terminate();
  }

  setSilent(silent: boolean): void {
    // Pings are answered by whoever reads them.
    for (const socket of [this.#down, this.#up])
      if (socket.readyState !== WebSocket.OPEN) continue;
      else if (silent) socket.pause();
      else socket.resume();
  }

  #pass(content: Buffer, isBinary: boolean): void {
    const give = (what = content): void =>
      this.#whenHeard(() => {
        if (this.#down.readyState === WebSocket.OPEN) this.#down.send(what, { binary: isBinary });
      });
    const random = this.#random;
    const fault = this.#proxy.faults.messages.find(({ chance }) => random.chance(chance))?.fault;
    const kept = this.#kept;
    this.#kept = null;
    if (fault === 'late') {
      const until = new Promise<void>((done) => setTimeout(done, random.below(2_000)));
      this.#last = this.#last.then(() => until);
    }
    this.#last = this.#last.then(() => {
      if (fault === 'swap') {
        const keep = (): void => give();
        this.#kept = keep;
        setTimeout(() => {
          if (this.#kept !== keep) return;
          this.#kept = null;
          keep();
        }, 500);
      } else if (fault === 'garble') give(garbled(content, random));
      else if (fault === 'half') give(content.subarray(0, content.length / 2));
      else if (fault !== 'lose') give();
      if (fault === 'twice') give();
      kept?.();
    });
  }
}

function garbled(bytes: Buffer, random: Seeded): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = 1 + random.below(3); count > 0 && copy.length > 0; count -= 1)
    copy[random.below(copy.length)] = random.chance(0.2) ? random.below(256) : 0x20 + random.below(95);
  return copy;
}

function ask(
  port: number,
  asked: IncomingMessage,
): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
  return new Promise((done, failed) => {
    const { method, url, headers } = asked;
    const onward = request(
      {
        port,
        host: '127.0.0.1',
        method,
        path: url,
        agent: false,
        headers: { ...headers, host: `127.0.0.1:${port}` },
      },
      (response) => {
        buffer(response).then((body) => {
          const type = response.headers['content-type'];
          done({
            status: response.statusCode ?? 0,
            headers: type === undefined ? {} : { 'content-type': type },
            body,
          });
        }, failed);
      },
    );
    onward.on('error', failed);
    asked.pipe(onward);
  });
}
