import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Authentication, ConnectionProblem } from '../../domain/server.ts';
import { ComfyRest } from '../rest/comfy-rest.ts';
import { RestError, requestJson } from '../rest/rest-request.ts';
import { certificateOf, startPlainServer, type TestCertificate } from '../testing/plain-server.ts';
import { ReconnectingSocket } from './reconnecting-socket.ts';
import { accessTo, fetchFor, headerSecret, type ServerAccess } from './server-access.ts';

type Outcome = 'connected' | ConnectionProblem['kind'];

/** How a socket to the server fares. */
function bySocket(access: ServerAccess): Promise<Outcome> {
  return new Promise((done) => {
    const socket = new ReconnectingSocket({
      access,
      onConnection(connection) {
        if (connection.phase === 'connecting') return;
        socket.stop();
        done(connection.phase === 'waiting' ? connection.problem.kind : 'connected');
      },
      onText: () => {},
      onBinary: () => {},
    });
    socket.start();
  });
}

/** How a REST request to the server fares. */
async function byRest({ url, headers, certificate }: ServerAccess): Promise<Outcome> {
  const request = { url: `${url}/queue`, route: '/queue', headers, certificate, timeout: 5_000 };
  try {
    await requestJson(request, 1_000);
    return 'connected';
  } catch (cause) {
    if (cause instanceof RestError) return cause.problem.kind;
    throw cause;
  }
}

const both = (access: ServerAccess) => Promise.all([bySocket(access), byRest(access)]);

describe('a login', () => {
  it.each<[string, Authentication, string, string, string]>([
    ['a token', { kind: 'bearer' }, 'tok-1', 'authorization', 'Bearer tok-1'],
    ['a password', { kind: 'basic', user: 'me' }, 'pä:ss', 'authorization', 'Basic bWU6cMOkOnNz'],
    ['a header', { kind: 'header', name: 'X-Api-Key' }, 'k', 'x-api-key', 'k'],
  ])('with %s is proven in every handshake and request', async (_, authentication, secret, name, value) => {
    const server = await startPlainServer({ routes: { '/queue': { json: {} } } });
    const access = accessTo({ url: server.url, authentication, certificate: null }, secret);
    expect(await both(access)).toEqual(['connected', 'connected']);
    expect(server.handshakes[0]?.headers[name]).toBe(value);
    expect(server.asked[0]?.headers[name]).toBe(value);
  });

  it('with several headers is proven by all of them, also where files are fetched', async () => {
    const server = await startPlainServer({ routes: { '/queue': { json: {} }, '/view': { body: 'x' } } });
    const authentication: Authentication = { kind: 'header', name: 'X-Id', more: ['X-Secret', 'Cookie'] };
    const secret = headerSecret(['1', '"2"', 'a=b']);
    const access = accessTo({ url: server.url, authentication, certificate: null }, secret);
    expect(await both(access)).toEqual(['connected', 'connected']);
    const file = { filename: 'a.png', subfolder: '', type: 'output' } as const;
    await new ComfyRest({ access }).view(file, { thumbnail: false });
    const wanted = { 'x-id': '1', 'x-secret': '"2"', cookie: 'a=b' };
    for (const { headers } of [...server.handshakes, ...server.asked]) expect(headers).toMatchObject(wanted);
    // What was stored for other headers is not sent at all.
    const one: Authentication = { kind: 'header', name: 'X-Id', more: ['X-Secret'] };
    expect(accessTo({ url: server.url, authentication: one, certificate: null }, secret).headers).toEqual({});
  });

  it('that nobody asked for, or whose secret is not known, is not attempted', () => {
    const server = { url: 'http://host', certificate: null };
    expect(accessTo({ ...server, authentication: { kind: 'none' } }, 'old').headers).toEqual({});
    expect(accessTo({ ...server, authentication: { kind: 'bearer' } }, null).headers).toEqual({});
  });
});

describe('a server with a certificate that no authority vouches for', () => {
  async function server(certificate: TestCertificate) {
    return startPlainServer({ certificate, routes: { '/queue': { json: {} } } });
  }
  const trusting = (url: string, certificate: TestCertificate | null): ServerAccess => ({
    url,
    headers: { authorization: 'Bearer secret' },
    certificate: certificate === null ? null : certificateOf(certificate),
  });

  it('is refused until its certificate is trusted', async () => {
    const { url } = await server('pinned');
    expect(await both(trusting(url, null))).toEqual(['tls', 'tls']);
  });

  it('is reached with that very certificate, whatever name it was made out to', async () => {
    const { url } = await server('pinned');
    expect(await both(trusting(url, 'pinned'))).toEqual(['connected', 'connected']);
    expect(await both(trusting(url.replace('127.0.0.1', 'localhost'), 'pinned'))).toEqual([
      'connected',
      'connected',
    ]);
  });

  it('is reached with its certificate also if a private authority issued that', async () => {
    const { url } = await server('issued');
    expect(await both(trusting(url, null))).toEqual(['tls', 'tls']);
    expect(await both(trusting(url, 'issued'))).toEqual(['connected', 'connected']);
  });

  it('is refused with another certificate than the trusted one, and hears no secret', async () => {
    const { url, asked, handshakes } = await server('other');
    expect(await both(trusting(url, 'pinned'))).toEqual(['tls', 'tls']);
    expect([...asked, ...handshakes]).toEqual([]);
  });

  it('is refused with a certificate that the trusted one vouches for: that is another one', async () => {
    const { url, asked, handshakes } = await server('child');
    expect(await both(trusting(url, 'pinned'))).toEqual(['tls', 'tls']);
    expect([...asked, ...handshakes]).toEqual([]);
  });

  it('does not make other servers trusted', async () => {
    const trusted = await server('pinned');
    expect(await byRest(trusting(trusted.url, 'pinned'))).toBe('connected');
    const stranger = await server('pinned');
    expect(await both(trusting(stranger.url, null))).toEqual(['tls', 'tls']);
  });

  it('cannot be reached with a trusted certificate that is damaged, and that is said', async () => {
    const { url } = await server('pinned');
    const damaged = { url, headers: {}, certificate: '-----BEGIN CERTIFICATE-----\nnonsense' };
    expect(await both(damaged)).toEqual(['tls', 'tls']);
  });
});

it('the connections of a certificate are kept while they are used, and closed a minute after', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { url } = await startPlainServer({ certificate: 'pinned', routes: { '/x': { json: {} } } });
  // Spelt like in no other test.
  const certificate = `${certificateOf('pinned')}\n`;
  const first = await fetchFor(certificate);
  vi.advanceTimersByTime(50_000);
  expect(await fetchFor(certificate)).toBe(first);
  vi.advanceTimersByTime(50_000);
  expect(await fetchFor(certificate)).toBe(first);
  vi.advanceTimersByTime(60_000);
  await setImmediate();
  await expect(first(`${url}/x`, {})).rejects.toThrow();
  const second = await fetchFor(certificate);
  expect((await second(`${url}/x`, {})).status).toBe(200);
});
