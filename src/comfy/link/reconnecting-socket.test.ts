import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Connection } from '../../domain/server.ts';
import {
  closedAddress,
  startFrameServer,
  startPlainServer,
  startTcpServer,
} from '../testing/plain-server.ts';
import { ReconnectingSocket, type ReconnectingSocketOptions } from './reconnecting-socket.ts';

type Phase = Connection['phase'];

/** A socket that ends with its test, and everything it told. */
function openSocket(url: string, options: Partial<ReconnectingSocketOptions> = {}) {
  const connections: Connection[] = [];
  const texts: string[] = [];
  const binaries: Buffer[] = [];
  const socket = new ReconnectingSocket({
    access: { url, headers: {}, certificate: null },
    onConnection: (connection) => connections.push(connection),
    onText: (text) => texts.push(text),
    onBinary: (bytes) => binaries.push(bytes),
    random: () => 0,
    ...options,
  });
  onTestFinished(() => socket.stop());
  socket.start();
  const phases = (): Phase[] => connections.map(({ phase }) => phase);
  const waits = () => connections.filter((connection) => connection.phase === 'waiting');
  const reached = (phase: Phase) => expect.poll(() => connections.at(-1)?.phase).toBe(phase);
  return { socket, connections, texts, binaries, phases, waits, reached };
}

describe('a socket to a server', () => {
  it('begins with our feature flags, before anything else', async () => {
    const server = await startPlainServer();
    openSocket(server.url);
    await expect
      .poll(() => server.said)
      .toEqual([
        [
          '{"type":"feature_flags","data":{"supports_preview_metadata":true,"supports_progress_text_metadata":true}}',
        ],
      ]);
  });

  it('is opened below the path of its server, with an id of its own', async () => {
    const server = await startPlainServer();
    const { socket, reached } = openSocket(`${server.url}/comfy`);
    await reached('connected');
    expect(server.handshakes[0]?.url).toBe(`/comfy/ws?clientId=${socket.clientId}`);
    expect(socket.clientId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names neither an origin nor a site, which ComfyUI would check', async () => {
    const server = await startPlainServer();
    const { reached } = openSocket(server.url);
    await reached('connected');
    const headers = Object.keys(server.handshakes[0]?.headers ?? {});
    expect(headers.filter((name) => name === 'origin' || name.startsWith('sec-fetch'))).toEqual([]);
  });

  it('leaves out a message that is too large, and goes on with the next one', async () => {
    const server = await startPlainServer();
    const onTooLarge = vi.fn();
    const { reached, texts, phases } = openSocket(server.url, { onTooLarge });
    await reached('connected');
    server.send(`{"type": "executed", "data": "${'x'.repeat(70 * 2 ** 20)}"}`);
    server.send('{"type": "status"}');
    await expect.poll(() => texts).toEqual(['{"type": "status"}']);
    expect(onTooLarge).toHaveBeenCalledTimes(1);
    expect(onTooLarge.mock.lastCall?.[0]).toMatchObject({
      sample: expect.stringMatching(/^\{"type": "exec/),
    });
    expect(phases()).toEqual(['connecting', 'connected']);
  });

  it('passes frames on, text as text and the rest as bytes', async () => {
    const server = await startPlainServer();
    const { reached, texts, binaries } = openSocket(server.url);
    await reached('connected');
    server.send('{"type": "status"} 界 😀');
    server.send(Buffer.from([0, 0, 0, 1, 255]));
    server.send('not JSON at all');
    await expect.poll(() => texts).toEqual(['{"type": "status"} 界 😀', 'not JSON at all']);
    expect(binaries).toEqual([Buffer.from([0, 0, 0, 1, 255])]);
  });

  it('takes texts and pictures of megabytes', async () => {
    const server = await startPlainServer();
    const { reached, texts, binaries } = openSocket(server.url);
    await reached('connected');
    server.send('x'.repeat(2 ** 20));
    server.send(Buffer.alloc(15 * 2 ** 20));
    await expect.poll(() => binaries[0]?.length).toBe(15 * 2 ** 20);
    expect(texts[0]).toHaveLength(2 ** 20);
  });
});

describe('a server that goes and comes back', () => {
  it('is connected again, with a new client id and the flags first', async () => {
    const server = await startPlainServer();
    const { reached, phases } = openSocket(server.url);
    await reached('connected');
    await server.close();
    await reached('waiting');
    const again = await startPlainServer({ port: server.port });
    await reached('connected');
    expect(phases()).toEqual(expect.arrayContaining(['connecting', 'connected', 'waiting']));
    const ids = [server, again].map(({ handshakes }) => handshakes[0]?.url);
    expect(new Set(ids).size).toBe(2);
    await expect.poll(() => again.said[0]?.[0]).toContain('feature_flags');
  });

  it('is tried with growing delays', async () => {
    const { waits } = openSocket(await closedAddress());
    await expect.poll(() => waits().length).toBe(2);
    expect(waits()).toMatchObject([
      { attempt: 1, problem: { kind: 'refused' } },
      { attempt: 2, problem: { kind: 'refused' } },
    ]);
    expect(waits().map(({ since, retryAt }) => retryAt - since)).toEqual([500, 1_000]);
  });

  it('is tried at once when the user asks for it, as the first attempt', async () => {
    const { socket, reached, connections, waits } = openSocket(await closedAddress(), { random: () => 1 });
    await reached('waiting');
    socket.retryNow();
    expect(connections.at(-1)).toMatchObject({ phase: 'connecting', attempt: 1 });
    await expect.poll(() => waits().length).toBe(2);
    expect(waits()[1]?.attempt).toBe(1);
  });

  it('is not left alone by a server that takes connections and hangs up at once', async () => {
    const { waits } = openSocket(await startFrameServer(Buffer.from([0x88, 0])));
    await expect.poll(() => waits().length).toBe(2);
    expect(waits().map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('is not looked for elsewhere, although somebody says it moved', async () => {
    const elsewhere = await startPlainServer();
    const location = `${elsewhere.url.replace('http', 'ws')}/ws`;
    const moved = await startPlainServer({ refuseSocket: { status: 301, headers: { location } } });
    const { waits } = openSocket(moved.url);
    await expect.poll(() => waits()[0]?.problem).toMatchObject({ kind: 'not-comfyui', status: 301 });
    expect(elsewhere.handshakes).toEqual([]);
  });
});

describe('a server that breaks the rules', () => {
  it.each([
    ['a frame with reserved bits', Buffer.from([0xf1, 1, 65])],
    ['a frame of no known kind', Buffer.from([0x83, 0])],
  ])('by sending %s is left, and connected again', async (_, bytes) => {
    const { phases, waits, texts, binaries } = openSocket(await startFrameServer(bytes));
    await expect.poll(() => phases().filter((phase) => phase === 'connected').length).toBe(2);
    expect(waits()[0]?.problem.kind).toBe('protocol');
    expect([...texts, ...binaries]).toEqual([]);
  });
});

describe('a connection that is only half open', () => {
  const quick = { pingEvery: 40, silentAfter: 200, silentAfterDoubt: 100 };

  it('is noticed because pings stay unanswered, and made anew', async () => {
    const server = await startPlainServer({ answersPings: false });
    const { phases, waits } = openSocket(server.url, { liveness: quick });
    await expect.poll(() => phases().filter((phase) => phase === 'connected').length).toBe(2);
    expect(waits()[0]?.problem.kind).toBe('silent');
  });

  it('is told from a message that takes its time', async () => {
    // The first 4,000 bytes of a text that is never complete; long after that, nothing more comes.
    const start = Date.now();
    const url = await startFrameServer(Buffer.from([0x81, 126, 0x7f, 0xff]), (socket) => {
      const talk = setInterval(() => {
        if (Date.now() - start < 900) socket.write('x');
      }, 20);
      socket.on('close', () => clearInterval(talk));
    });
    const { waits } = openSocket(url, { liveness: { ...quick, silentAfter: 400 } });
    await expect.poll(() => waits()[0]?.problem.kind).toBe('silent');
    expect(Date.now() - start).toBeGreaterThan(900);
  });

  it('is noticed in a message that says to have no end', async () => {
    const oneTebibyte = Buffer.from([0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0]);
    const url = await startFrameServer(oneTebibyte, (socket) => {
      const talk = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(talk));
    });
    const { waits } = openSocket(url, { liveness: quick });
    await expect.poll(() => waits()[0]?.problem.kind).toBe('silent');
  });

  it('is told from a server that has nothing to say', async () => {
    const server = await startPlainServer();
    const { reached, phases } = openSocket(server.url, { liveness: quick });
    await reached('connected');
    const [socket] = server.sockets;
    let pings = 0;
    socket?.on('ping', () => {
      pings += 1;
    });
    await expect.poll(() => pings).toBeGreaterThan(10);
    expect(phases()).toEqual(['connecting', 'connected']);
  });

  it('is told from a server that talks without answering pings', async () => {
    const server = await startPlainServer({ answersPings: false });
    // Long enough that a busy machine does not fall silent by itself.
    const liveness = { pingEvery: 200, silentAfter: 1_000, silentAfterDoubt: 1_000 };
    const { reached, texts, phases } = openSocket(server.url, { liveness });
    await reached('connected');
    const talk = setInterval(() => server.send('{}'), 20);
    await expect.poll(() => texts.length).toBeGreaterThan(75);
    clearInterval(talk);
    expect(phases()).toEqual(['connecting', 'connected']);
  });

  it('is noticed sooner when there is reason for doubt, such as waking up', async () => {
    const patient = { pingEvery: 400, silentAfter: 1e9, silentAfterDoubt: 100 };
    const server = await startPlainServer({ answersPings: false });
    const { socket, reached, waits } = openSocket(server.url, { liveness: patient });
    await reached('connected');
    // Whatever is heard in the same millisecond is no answer.
    socket.retryNow();
    await expect.poll(() => waits()[0]?.problem.kind).toBe('silent');
  });

  it('that was doubted and answers is kept', async () => {
    const server = await startPlainServer();
    const { socket, reached, phases } = openSocket(server.url, { liveness: quick });
    await reached('connected');
    let pings = 0;
    for (const peer of server.sockets)
      peer.on('ping', () => {
        pings += 1;
      });
    socket.retryNow();
    await expect.poll(() => pings).toBeGreaterThan(5);
    expect(phases()).toEqual(['connecting', 'connected']);
  });
});

describe('the end of a socket', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Counts the timers of everything but Node's own sockets. */
  function countTimers(): () => number {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    return () => vi.getTimerCount();
  }

  it('closes its connection and leaves no timer', async () => {
    const server = await startPlainServer();
    const timers = countTimers();
    const { socket, reached, connections } = openSocket(server.url);
    await reached('connected');
    const told = connections.length;
    socket.stop();
    await expect.poll(() => server.sockets.size).toBe(0);
    await expect.poll(timers).toBe(0);
    expect(connections).toHaveLength(told);
  });

  it('is the end of frames, too, although more of them came in already', async () => {
    const texts: string[] = [];
    const server = await startPlainServer();
    const { socket, reached } = openSocket(server.url, {
      onText(text) {
        texts.push(text);
        socket.stop();
      },
    });
    await reached('connected');
    for (const peer of server.sockets) for (const text of ['first', 'second', 'third']) peer.send(text);
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(texts).toEqual(['first']);
  });

  it('may come as early as the word that it connects', async () => {
    const server = await startPlainServer();
    const socket = new ReconnectingSocket({
      access: { url: server.url, headers: {}, certificate: null },
      onConnection: () => socket.stop(),
      onText: () => {},
      onBinary: () => {},
    });
    socket.start();
    const other = openSocket(server.url);
    await other.reached('connected');
    expect(server.handshakes).toHaveLength(1);
  });

  it('ends the waiting', async () => {
    const timers = countTimers();
    const { socket, reached } = openSocket(await closedAddress());
    await reached('waiting');
    expect(timers()).toBe(1);
    socket.stop();
    expect(timers()).toBe(0);
  });

  it('ends an attempt to connect without a word', async () => {
    let open = 0;
    const url = await startTcpServer((peer) => {
      open += 1;
      peer.resume();
      peer.on('close', () => {
        open -= 1;
      });
    });
    const timers = countTimers();
    const { socket, phases } = openSocket(url);
    await expect.poll(() => open).toBe(1);
    socket.stop();
    await expect.poll(() => open).toBe(0);
    expect(phases()).toEqual(['connecting']);
    expect(timers()).toBe(0);
  });
});
