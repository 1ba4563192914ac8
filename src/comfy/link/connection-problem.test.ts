import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { ConnectionProblem } from '../../domain/server.ts';
import { RestError, requestJson } from '../rest/rest-request.ts';
import {
  type Answer,
  closedAddress,
  startFrameServer,
  startPlainServer,
  startTcpServer,
} from '../testing/plain-server.ts';
import { connectionProblem, problemOfAnswer, problemOfClose, problemOfError } from './connection-problem.ts';
import { ReconnectingSocket } from './reconnecting-socket.ts';

/** Why the first attempt to connect a socket failed, or what ended its connection. */
function socketProblem(url: string): Promise<ConnectionProblem> {
  return new Promise((done) => {
    const socket = new ReconnectingSocket({
      access: { url, headers: {}, certificate: null },
      onConnection(connection) {
        if (connection.phase !== 'waiting') return;
        socket.stop();
        done(connection.problem);
      },
      onText: () => {},
      onBinary: () => {},
    });
    socket.start();
  });
}

/** Why a REST request failed. */
async function restProblem(url: string, timeout = 5_000): Promise<ConnectionProblem> {
  const request = { url: `${url}/queue`, route: '/queue', timeout };
  const error: unknown = await requestJson(request, 1_000).catch((cause: unknown) => cause);
  if (error instanceof RestError) return error.problem;
  throw new Error(`that went well: ${JSON.stringify(error)}`);
}

describe('what stands between us and a server, seen from socket and REST alike', () => {
  async function both(url: string): Promise<ConnectionProblem['kind'][]> {
    return [(await socketProblem(url)).kind, (await restProblem(url)).kind];
  }

  it('is "refused" where nothing listens', async () => {
    expect(await both(await closedAddress())).toEqual(['refused', 'refused']);
    const localhost = (await closedAddress()).replace('127.0.0.1', 'localhost');
    expect(await both(localhost)).toEqual(['refused', 'refused']);
  });

  it('is "tls" where nobody vouches for the certificate, or where no TLS is spoken', async () => {
    const { url } = await startPlainServer({ certificate: 'pinned' });
    expect(await both(url)).toEqual(['tls', 'tls']);
    const plain = await startPlainServer();
    expect(await both(plain.url.replace('http:', 'https:'))).toEqual(['tls', 'tls']);
  });

  it.each<[string, Answer, ConnectionProblem['kind']]>([
    ['a web page', { headers: { 'content-type': 'text/html' }, body: '<html>Router</html>' }, 'not-comfyui'],
    ['a login page elsewhere', { status: 302, headers: { location: 'https://login.example' } }, 'login'],
    ['no such page', { status: 404 }, 'not-comfyui'],
    ['no such method', { status: 405 }, 'not-comfyui'],
    ['the request for a password', { status: 401 }, 'unauthorized'],
    ['the request of a proxy for a password', { status: 407 }, 'unauthorized'],
    ['a refusal', { status: 403 }, 'forbidden'],
    ['an error', { status: 500 }, 'server-error'],
    ['the error of a proxy', { status: 502 }, 'server-error'],
    ['that it has too much to do', { status: 429 }, 'server-error'],
    ['that we were too slow', { status: 408 }, 'timeout'],
  ])('is understood when the server answers with %s', async (_, answer, kind) => {
    const { url } = await startPlainServer({ routes: { '/queue': answer }, refuseSocket: answer });
    expect(await both(url)).toEqual([kind, kind]);
    for (const { status } of [await socketProblem(url), await restProblem(url)])
      expect(status).toBe(answer?.status ?? 200);
  });

  it('is "not-comfyui" where something else than HTTP is spoken', async () => {
    const url = await startTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    expect(await both(url)).toEqual(['not-comfyui', 'not-comfyui']);
  });

  it('is "closed" where the connection is taken and cut', async () => {
    const url = await startTcpServer((socket) => socket.once('data', () => socket.destroy()));
    expect(await both(url)).toEqual(['closed', 'closed']);
    const reset = await startTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await both(reset)).toEqual(['closed', 'closed']);
  });

  it('is "timeout" where the connection is taken and nothing follows', async () => {
    const url = await startTcpServer(() => {});
    expect((await restProblem(url, 50)).kind).toBe('timeout');
    // The socket's own patience is longer than a test's.
    const handshake = new WebSocket(`${url.replace('http', 'ws')}/ws`, { handshakeTimeout: 50 });
    const error = await new Promise((done) => handshake.once('error', done));
    expect(problemOfError(error).kind).toBe('timeout');
  });

  it('is "not-comfyui" where a WebSocket handshake is answered wrongly', async () => {
    const url = await startTcpServer((socket) =>
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
        ),
      ),
    );
    expect((await socketProblem(url)).kind).toBe('not-comfyui');
  });
});

describe('what ends an open connection', () => {
  const frame = (...bytes: number[]) => Buffer.from(bytes);

  it.each<[string, Buffer, ConnectionProblem['kind']]>([
    ['a frame with reserved bits', frame(0xf1, 1, 65), 'protocol'],
    ['a frame of a kind that does not exist', frame(0x83, 0), 'protocol'],
    ['text that is no UTF-8', frame(0x81, 2, 0xc3, 0x28), 'protocol'],
    ['a frame that is masked, as only clients do', frame(0x81, 0x81, 1, 2, 3, 4, 64), 'protocol'],
    ['the word that our frame was too big', frame(0x88, 2, 0x03, 0xf1), 'protocol'],
    ['the word that the server goes away', frame(0x88, 2, 0x03, 0xe9), 'closed'],
    ['a close frame without a word', frame(0x88, 0), 'closed'],
  ])('is understood when it is %s', async (_, bytes, kind) => {
    const problem = await socketProblem(await startFrameServer(bytes));
    expect(problem).toMatchObject({ kind, status: null });
  });

  it('is "closed" when the connection is cut without a word', async () => {
    const server = await startPlainServer();
    const problem = socketProblem(server.url);
    await expect.poll(() => server.sockets.size).toBe(1);
    await server.close();
    expect(await problem).toMatchObject({ kind: 'closed', detail: expect.stringContaining('1006') });
  });

  it('carries what the server said, bounded', () => {
    expect(problemOfClose(1001, 'maintenance').detail).toContain('1001: maintenance');
    expect(connectionProblem('closed', 'x'.repeat(10_000)).detail).toHaveLength(300);
  });
});

describe('errors that no test can cause everywhere', () => {
  const withCode = (code: string) => Object.assign(new Error(`connect ${code} host`), { code });

  it.each<[string, ConnectionProblem['kind']]>([
    ['ENOTFOUND', 'name-not-found'],
    ['EAI_AGAIN', 'name-not-found'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['ERR_INVALID_URL', 'address'],
  ])('%s is "%s", however deeply it is wrapped', (code, kind) => {
    const cause = withCode(code);
    expect(problemOfError(cause).kind).toBe(kind);
    expect(problemOfError(new TypeError('fetch failed', { cause })).kind).toBe(kind);
    expect(problemOfError(new TypeError('fetch failed', { cause: new AggregateError([cause]) })).kind).toBe(
      kind,
    );
  });

  it('name their code and the first line of what they say', () => {
    expect(problemOfError(Object.assign(new Error('bad\nstack'), { code: 'ECONNRESET' })).detail).toBe(
      'ECONNRESET: bad',
    );
    expect(problemOfError(withCode('ECONNREFUSED')).detail).toBe('connect ECONNREFUSED host');
  });

  it('may be no errors at all', () => {
    for (const odd of [null, undefined, 'text', 7, {}]) expect(problemOfError(odd).kind).toBe('unreachable');
    const circle = new Error('round');
    circle.cause = circle;
    expect(problemOfError(circle).kind).toBe('unreachable');
  });

  it('are the request of a proxy for a password in the words of later versions of `fetch`, too', () => {
    const cause = new Error('proxy authentication required');
    expect(problemOfError(new TypeError('fetch failed', { cause }))).toMatchObject({
      kind: 'unauthorized',
      status: 407,
    });
  });

  it('name the route, not the address, of an HTTP answer', () => {
    expect(problemOfAnswer({ status: 500, url: 'http://gpu/queue', route: '/queue' })).toEqual({
      kind: 'server-error',
      detail: '/queue answered with HTTP status 500',
      status: 500,
    });
  });
});

describe('a redirect', () => {
  const of = (url: string, status: number, location: string) =>
    problemOfAnswer({ status, location, url, route: '/ws' });

  it.each([
    ['http://gpu:8188/ws', 302, 'https://login.example.org/x?next=1', 'https://login.example.org'],
    ['http://gpu:8188/ws', 303, '/login?next=%2Fws', 'http://gpu:8188'],
    ['https://gpu/comfy/ws', 307, '../auth', 'https://gpu'],
    ['ws://gpu/ws', 301, '/', 'http://gpu'],
    ['http://gpu/ws', 302, 'https://other.example.org/ws', 'https://other.example.org'],
    ['http://gpu/ws', 302, 'https://me:secret@sso.example.org/#secret', 'https://sso.example.org'],
  ])('from %s (%i) to %s is to a login', (url, status, location, address) => {
    const problem = of(url, status, location);
    expect(problem).toMatchObject({ kind: 'login', status, address });
    expect(problem.detail).not.toMatch(/secret|next|x\?/);
  });

  it.each([
    ['http://gpu:8188/ws', 302, 'https://gpu/ws', 'https://gpu'],
    ['http://gpu/comfy/ws', 308, 'https://gpu/comfy/ws/?clientId=1', 'https://gpu/comfy'],
    ['http://gpu/ws', 301, 'https://studio.example.org/ws', 'https://studio.example.org'],
  ])('from %s (%i) to %s tells the address to be used', (url, status, location, address) => {
    expect(of(url, status, location)).toMatchObject({ kind: 'moved', status, address });
  });

  it.each([
    ['http://gpu/ws', '/ws/'],
    ['http://gpu/ws', 'http://['],
    ['http://gpu/ws', 'javascript:alert(1)'],
  ])('from %s to %s leads nowhere', (url, location) => {
    expect(of(url, 302, location).kind).toBe('not-comfyui');
  });
});
