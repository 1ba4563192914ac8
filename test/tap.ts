import { connect, createServer, type Socket } from 'node:net';

/**
 * A line in front of a server that passes everything on, and notes with which ids clients connect and which
 * parts of files they ask for.
 */
export interface Tap {
  readonly url: string;
  /** The client ids of all WebSocket handshakes, in order. */
  readonly clientIds: readonly string[];
  /** The `Range` of every request that asked for a part of a file, in order. */
  readonly ranges: readonly string[];
  close(): Promise<void>;
}

export async function startTap(serverPort: number): Promise<Tap> {
  const clientIds: string[] = [];
  const ranges: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      const id = /^GET \S*\/ws\?clientId=(\S*) HTTP/m.exec(text)?.[1];
      const range = /^GET \S* HTTP[\s\S]*?^range: *(bytes=\S+)/im.exec(text)?.[1];
      if (range !== undefined) ranges.push(range);
      if (id !== undefined) clientIds.push(decodeURIComponent(id));
    });
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    clientIds,
    ranges,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of open) socket.destroy();
      }),
  };
}
