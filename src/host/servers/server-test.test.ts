import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ServerAccess } from '../../comfy/link/server-access.ts';
import {
  certificateOf,
  closedAddress,
  type PlainServerOptions,
  startPlainServer,
  startTcpServer,
} from '../../comfy/testing/plain-server.ts';
import { findServers, testServer } from './server-test.ts';

const stats = {
  system: { comfyui_version: '0.27.0' },
  devices: [{ name: 'RTX', type: 'cuda', index: 0, vram_total: 24 }],
};
const routes: PlainServerOptions['routes'] = { '/system_stats': { json: stats } };

const access = (url: string, more: Partial<ServerAccess> = {}): ServerAccess => ({
  url,
  headers: {},
  certificate: null,
  ...more,
});

describe('the test of a connection', () => {
  it('says what was found', async () => {
    const { url } = await startPlainServer({
      routes: {
        ...routes,
        '/crystools/monitor/GPU': { json: [] },
        '/comfy_monitor/info': { json: { version: '1.0' } },
      },
    });
    const result = await testServer(access(url));
    expect(result).toEqual({
      ok: true,
      comfyVersion: '0.27.0',
      devices: [{ name: 'RTX', type: 'cuda', index: 0, vramTotal: 24 }],
      crystools: 'present',
      companion: 'present',
      companionVersion: '1.0',
      canRunCompanion: true,
      roundTrip: expect.any(Number),
      socket: null,
    });
    expect(result.ok && result.roundTrip).toBeGreaterThan(0);
  });

  it('says what is missing', async () => {
    const { url } = await startPlainServer({ routes });
    expect(await testServer(access(url))).toMatchObject({
      ok: true,
      crystools: 'absent',
      companion: 'absent',
      companionVersion: null,
    });
  });

  it.each([
    ['the proxy does not take WebSockets', { status: 400 }, 'no-websocket'],
    [
      'WebSockets are sent to a login',
      { status: 302, headers: { location: 'https://sso.example.org/' } },
      'login',
    ],
  ])('says that %s', async (_, refuseSocket, kind) => {
    const { url } = await startPlainServer({ routes, refuseSocket });
    expect(await testServer(access(url))).toMatchObject({
      ok: true,
      comfyVersion: '0.27.0',
      socket: { kind, status: refuseSocket.status },
    });
  });

  it.each([
    ['a login is needed', { status: 401 }, 'unauthorized'],
    ['we are not let in', { status: 403 }, 'forbidden'],
    ['it is something else', { body: '<html>' }, 'not-comfyui'],
    ['it has trouble', { status: 503 }, 'server-error'],
  ])('says that %s', async (_, answer, kind) => {
    const { url } = await startPlainServer({ routes: { '/system_stats': answer } });
    expect(await testServer(access(url))).toMatchObject({ ok: false, problem: { kind }, certificate: null });
  });

  it('shows neither what a server echoes of our login nor what a terminal would obey', async () => {
    const echo = { system: { comfyui_version: '0.27 \u001b[2JTOP-SECRET', os: '\u202eposix' }, devices: [] };
    const { url } = await startPlainServer({ routes: { '/system_stats': { json: echo } } });
    const result = await testServer(access(url, { headers: { authorization: 'Bearer TOP-SECRET' } }));
    expect(result).toMatchObject({ ok: true, comfyVersion: '0.27 (secret)' });
  });

  it('says that nobody is there', async () => {
    expect(await testServer(access(await closedAddress()))).toMatchObject({
      ok: false,
      problem: { kind: 'refused' },
      certificate: null,
    });
  });
});

describe('the test of a server whose certificate nobody vouches for', () => {
  it.each(['pinned', 'issued'] as const)(
    'offers the certificate (%s), with which it then succeeds',
    async (certificate) => {
      const { url, asked } = await startPlainServer({ certificate, routes });
      const secret = { headers: { authorization: 'Bearer s' } };
      const refused = await testServer(access(url, secret));
      expect(refused).toMatchObject({
        ok: false,
        problem: { kind: 'tls' },
        certificate: {
          fingerprint: new X509Certificate(certificateOf(certificate)).fingerprint256,
          subject: `CN=comfy-monitor-test-only-${certificate}`,
          validUntil: Date.UTC(2120, 0, 1),
        },
      });
      expect(asked).toEqual([]);
      const pem = refused.ok ? null : (refused.certificate?.pem ?? null);
      expect(await testServer(access(url, { ...secret, certificate: pem }))).toMatchObject({ ok: true });
    },
  );

  it('offers the new one when another was trusted before', async () => {
    const { url } = await startPlainServer({ certificate: 'other', routes });
    const result = await testServer(access(url, { certificate: certificateOf('pinned') }));
    expect(result).toMatchObject({
      ok: false,
      problem: { kind: 'tls' },
      certificate: { subject: 'CN=comfy-monitor-test-only-other' },
    });
  });

  it('has none to offer where no TLS is spoken', async () => {
    const plain = await startPlainServer({ routes });
    const url = plain.url.replace('http:', 'https:');
    expect(await testServer(access(url))).toMatchObject({ problem: { kind: 'tls' }, certificate: null });
    const garbage = await startTcpServer((socket) => socket.end('SSH-2.0\r\n'));
    expect(await testServer(access(garbage.replace('http:', 'https:')))).toMatchObject({
      ok: false,
      certificate: null,
    });
  });
});

describe('servers on this computer', () => {
  it('are found at the usual addresses, unless they are watched already', async () => {
    const [a, b] = [await startPlainServer({ routes }), await startPlainServer({ routes })];
    const router = await startPlainServer({ routes: { '/system_stats': { body: '<html>' } } });
    const addresses = [a.url, b.url, router.url, await closedAddress()];
    expect(await findServers([], addresses)).toEqual([
      { url: a.url, comfyVersion: '0.27.0' },
      { url: b.url, comfyVersion: '0.27.0' },
    ]);
    const watched = a.url.replace('127.0.0.1', 'localhost');
    expect(await findServers([watched, 'http://elsewhere'], addresses)).toMatchObject([{ url: b.url }]);
  });
});
