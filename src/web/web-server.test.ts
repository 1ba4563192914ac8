import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { MediaRequest } from '../host/media.ts';
import { startWebServer, type WebServer } from './web-server.ts';

let server: WebServer;
let mediaRequests: MediaRequest[];
beforeEach(async () => {
  mediaRequests = [];
  server = await startWebServer({
    files: new Map([
      ['index.html', { contentType: 'text/html; charset=utf-8', body: Buffer.from('<html>page') }],
      ['assets/index-1a.js', { contentType: 'text/javascript; charset=utf-8', body: Buffer.from('js') }],
    ]),
    media: async (asked) => {
      mediaRequests.push(asked);
      return new Response('pixels', { headers: { 'content-type': 'image/png', 'content-length': '6' } });
    },
    port: 0,
  });
  onTestFinished(() => server.close());
});

const port = () => Number(new URL(server.url).port);
/** The path with the key, without the slash at its end. */
const key = () => new URL(server.url).pathname.slice(0, -1);

/** A request as anybody may make it; `fetch` would tidy up path and host. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const asking = request({ host: '127.0.0.1', port: port(), path, method, headers });
  asking.end();
  const [response] = await once(asking, 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** Asks for a WebSocket and gives the connection and the first line of the answer. */
async function upgrade(
  path: string,
  headers: Record<string, string>,
): Promise<{ socket: Socket; line: string }> {
  const socket = connect(port(), '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  const given = { host: `127.0.0.1:${port()}`, ...headers };
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${lines.join('')}\r\n`);
  const [data] = await once(socket, 'data');
  return { socket, line: String(data).split('\r\n')[0] ?? '' };
}

describe('the page', () => {
  it('is at the address with the key, and may run only itself', async () => {
    const page = await ask(`${key()}/`);
    expect(page).toMatchObject({ status: 200, body: '<html>page' });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(page.headers['cache-control']).toBe('no-cache');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    expect(await ask(`${key()}/assets/index-1a.js`)).toMatchObject({
      status: 200,
      body: 'js',
      headers: { 'cache-control': expect.stringContaining('immutable') },
    });
    expect(await ask(`${key()}/`, {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('consists of its files alone', async () => {
    for (const path of [
      '/nothing',
      '/assets/',
      '/assets/../../package.json',
      '/%2e%2e/package.json',
      '/__proto__',
    ])
      expect((await ask(key() + path)).status).toBe(404);
    expect((await ask(`${key()}/`, {}, 'POST')).status).toBe(405);
  });

  it('survives addresses that are none', async () => {
    for (const path of ['//', '///', '//[', '/\\', '/%'])
      expect([403, 404]).toContain((await ask(key() + path)).status);
    expect((await ask(`${key()}/`)).status).toBe(200);
  });
});

describe('strangers', () => {
  it('without the key see nothing', async () => {
    for (const path of [
      '/',
      '/index.html',
      '/media/s/view',
      `${key()}x/`,
      key().slice(0, -1),
      `/${'A'.repeat(22)}/`,
    ]) {
      const answer = await ask(path);
      expect(answer.status).toBe(403);
      expect(answer.body).not.toContain(key().slice(1));
    }
  });

  it('have another key at every start', async () => {
    const other = await startWebServer({ files: new Map(), media: async () => new Response(), port: 0 });
    onTestFinished(() => other.close());
    expect(new URL(other.url).pathname).not.toBe(new URL(server.url).pathname);
    expect(key().length).toBeGreaterThan(20);
  });

  it.each(['evil.example', '127.0.0.1', 'localhost:1'])(
    'that call this computer %j are refused, key or not',
    async (host) => {
      expect((await ask(`${key()}/`, { host })).status).toBe(403);
    },
  );

  it('may call this computer localhost', async () => {
    expect((await ask(`${key()}/`, { host: `localhost:${port()}` })).status).toBe(200);
  });

  it('on other computers cannot connect: only loopback is served', () => {
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
  });
});

describe('media', () => {
  it('are asked for below the key, and come as the host answers', async () => {
    const answer = await ask(`${key()}/media/s/view?filename=a%20b.png`);
    expect(answer).toMatchObject({ status: 200, body: 'pixels', headers: { 'content-type': 'image/png' } });
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(mediaRequests[0]?.path).toBe('/s/view');
    expect(mediaRequests[0]?.query.get('filename')).toBe('a b.png');
    expect(mediaRequests[0]?.range).toBeNull();
    await ask(`${key()}/media/s/view?filename=a.mp4`, { range: 'bytes=5-' });
    expect(mediaRequests[1]?.range).toBe('bytes=5-');
  });

  it('are not asked for by strangers', async () => {
    await ask('/media/s/view?filename=a.png');
    await ask(`${key()}/media/s/view`, { host: 'evil.example' });
    expect(mediaRequests).toEqual([]);
  });
});

describe('the bridge', () => {
  const bridge = () => `${key()}/bridge`;
  const origin = () => `http://127.0.0.1:${port()}`;

  it('is open to our own page', async () => {
    server.onBridge((_, socket) => socket.end('HTTP/1.1 101 Yes\r\n\r\n'));
    expect((await upgrade(bridge(), { origin: origin() })).line).toBe('HTTP/1.1 101 Yes');
    const localhost = `localhost:${port()}`;
    const alike = await upgrade(bridge(), { host: localhost, origin: `http://${localhost}` });
    expect(alike.line).toBe('HTTP/1.1 101 Yes');
  });

  it.each<[string, () => [string, Record<string, string>]]>([
    ['of another site', () => [bridge(), { origin: 'https://evil.example' }]],
    ['of another port', () => [bridge(), { origin: 'http://127.0.0.1:1' }]],
    ['of no origin', () => [bridge(), {}]],
    ['without the key', () => ['/bridge', { origin: origin() }]],
    ['at another path', () => [`${key()}/other`, { origin: origin() }]],
    ['at an address that is none', () => [`${key()}//`, { origin: origin() }]],
    ['that calls this computer otherwise', () => [bridge(), { host: 'evil.example', origin: origin() }]],
  ])('is closed to a page %s', async (_, asked) => {
    let accepted = 0;
    server.onBridge(() => {
      accepted += 1;
    });
    const [path, headers] = asked();
    expect((await upgrade(path, headers)).line).toBe('HTTP/1.1 403 Forbidden');
    expect(accepted).toBe(0);
  });

  it('is not hurt by strangers that vanish after they were refused', async () => {
    for (let n = 0; n < 5; n += 1) {
      const { socket } = await upgrade('/bridge', {});
      socket.resetAndDestroy();
      await once(socket, 'close');
    }
    expect((await ask(`${key()}/`)).status).toBe(200);
  });
});

describe('the server', () => {
  it('says in a sentence that its port is taken', async () => {
    const again = startWebServer({ files: new Map(), media: async () => new Response(), port: port() });
    await expect(again).rejects.toThrow(
      `Port ${port()} is already in use. Choose another one with --port, or leave it out.`,
    );
  });

  it('ends at once, although a stranger that was refused holds on to the connection', async () => {
    const socket = connect({ port: port(), host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => {
      socket.destroy();
    });
    socket.write('GET /bridge HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await once(socket, 'data');
    await server.close();
  });
});
