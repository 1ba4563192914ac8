import { describe, expect, it, onTestFinished } from 'vitest';
import type { MonitorEvent } from '../domain/monitor-event.ts';
import type { Server } from '../domain/server.ts';
import { testServer } from '../domain/testing/builders.ts';
import { accessTo } from './link/server-access.ts';
import { Monitors } from './monitors.ts';
import { certificateOf, closedAddress, startPlainServer } from './testing/plain-server.ts';

function monitors(secrets: Record<string, string> = {}) {
  const events: MonitorEvent[] = [];
  const lines: string[] = [];
  const watched = new Monitors({
    accessTo: (server) => accessTo(server, secrets[server.id] ?? null),
    emit: (event) => events.push(event),
    log: (line) => lines.push(line),
  });
  onTestFinished(() => watched.stop());
  const phase = (serverId: string) =>
    events.findLast((event) => event.type === 'connection_changed' && event.serverId === serverId);
  const reached = (serverId: string, expected: string) =>
    expect.poll(() => phase(serverId)).toMatchObject({ connection: { phase: expected } });
  return { watched, events, lines, reached };
}

const server = (id: string, url: string, more: Partial<Server> = {}): Server => ({
  ...testServer,
  id,
  url,
  ...more,
});

describe('several servers', () => {
  it('are watched each on its own', async () => {
    const [a, b] = [await startPlainServer(), await startPlainServer()];
    const { watched, events, reached } = monitors();
    watched.add(server('dead', await closedAddress()));
    watched.add(server('a', a.url));
    watched.add(server('b', b.url));
    await Promise.all([reached('a', 'connected'), reached('b', 'connected'), reached('dead', 'waiting')]);
    b.send({ type: 'notification', data: { value: 'hello' } });
    await expect
      .poll(() => events.find(({ type }) => type === 'notification_received'))
      .toMatchObject({ serverId: 'b' });
  });

  it('are all tried at once when the network is back', async () => {
    const { watched, events, reached } = monitors();
    watched.add(server('x', await closedAddress()));
    watched.add(server('y', await closedAddress()));
    watched.add(server('off', await closedAddress(), { enabled: false }));
    await Promise.all([reached('x', 'waiting'), reached('y', 'waiting')]);
    const before = events.length;
    watched.resume();
    expect(events.slice(before)).toMatchObject(
      ['x', 'y'].map((serverId) => ({ serverId, connection: { phase: 'connecting' } })),
    );
  });
});

describe('a server', () => {
  it('is watched once, however often it is added', async () => {
    const plain = await startPlainServer();
    const { watched, reached } = monitors();
    for (let n = 0; n < 3; n += 1) watched.add(server('a', plain.url));
    await reached('a', 'connected');
    expect(plain.handshakes).toHaveLength(1);
  });

  it('that is switched off is known but not connected', async () => {
    const plain = await startPlainServer();
    const { watched, events, reached } = monitors();
    watched.add(server('a', plain.url, { enabled: false }));
    expect(watched.get('a')).toBeDefined();
    expect(events).toEqual([]);
    watched.retry('a');
    watched.change(server('a', plain.url));
    await reached('a', 'connected');
    expect(plain.handshakes).toHaveLength(1);
    watched.change(server('a', plain.url, { enabled: false }));
    await reached('a', 'disabled');
    await expect.poll(() => plain.sockets.size).toBe(0);
  });

  it('keeps its connection when only its name or colour changes', async () => {
    const plain = await startPlainServer();
    const { watched, reached } = monitors();
    watched.add(server('a', plain.url));
    await reached('a', 'connected');
    const monitor = watched.get('a');
    watched.change(server('a', plain.url, { name: 'Other', color: 'red' }));
    expect(watched.get('a')).toBe(monitor);
  });

  it('has its log followed on after a pause, as long as somebody looks', async () => {
    const route = '/internal/logs/subscribe';
    const plain = await startPlainServer({ routes: { [route]: {} } });
    const orders = () =>
      plain.asked.filter(({ url }) => url === route).map(({ body }) => JSON.parse(body).enabled);
    const { watched, reached } = monitors();
    watched.add(server('s', plain.url));
    await reached('s', 'connected');
    watched.followLog('s', true);
    await expect.poll(orders).toEqual([true]);
    watched.change(server('s', plain.url, { enabled: false }));
    watched.change(server('s', plain.url));
    await expect.poll(orders).toEqual([true, true]);
    watched.followLog('s', false);
    await expect.poll(orders).toEqual([true, true, false]);
    watched.change(server('s', `${plain.url}/x`));
    watched.change(server('s', plain.url));
    await reached('s', 'connected');
    expect(orders()).toEqual([true, true, false]);
  });

  it('is called in the log what it is called now', async () => {
    const plain = await startPlainServer();
    const { watched, lines, reached } = monitors();
    watched.add(server('s', plain.url, { name: 'Old' }));
    await reached('s', 'connected');
    watched.change(server('s', plain.url, { name: 'New' }));
    await plain.close();
    await reached('s', 'waiting');
    expect(lines.at(-1)).toMatch(/^New /);
  });

  it('is connected anew when it is reached in another way', async () => {
    const [plain, moved] = [await startPlainServer(), await startPlainServer()];
    const secrets: Record<string, string> = {};
    const { watched, reached } = monitors(secrets);
    watched.add(server('a', plain.url));
    await reached('a', 'connected');
    secrets.a = 'token';
    watched.change(server('a', plain.url, { authentication: { kind: 'bearer' } }));
    await expect.poll(() => plain.handshakes[1]?.headers.authorization).toBe('Bearer token');
    const certificate = certificateOf('pinned');
    watched.change(server('a', plain.url, { authentication: { kind: 'bearer' }, certificate }));
    await expect.poll(() => plain.handshakes.length).toBe(3);
    watched.change(server('a', moved.url, { authentication: { kind: 'bearer' } }));
    await expect.poll(() => moved.handshakes.length).toBe(1);
    await expect.poll(() => plain.sockets.size).toBe(0);
  });

  it('that is removed is left alone, and its preview forgotten', async () => {
    const plain = await startPlainServer();
    const { watched, reached } = monitors();
    watched.add(server('a', plain.url));
    await reached('a', 'connected');
    plain.send(Buffer.from('0000000100000001ffd8ffe000000000', 'hex'));
    await expect.poll(() => watched.latestPreview('a')?.mimeType).toBe('image/jpeg');
    watched.remove('a');
    expect(watched.get('a')).toBeUndefined();
    expect(watched.latestPreview('a')).toBeNull();
    await expect.poll(() => plain.sockets.size).toBe(0);
  });

  it('has one preview, the newest, and gives it by its number only while it is that', async () => {
    const plain = await startPlainServer();
    const { watched, reached } = monitors();
    watched.add(server('a', plain.url));
    await reached('a', 'connected');
    plain.send(Buffer.from('0000000100000001ffd8ffe000000000', 'hex'));
    plain.send(Buffer.from('000000010000000289504e470d0a1a0a', 'hex'));
    await expect.poll(() => watched.latestPreview('a')?.mimeType).toBe('image/png');
    const { revision = 0 } = watched.latestPreview('a') ?? {};
    expect(watched.latestPreview('a', revision)).not.toBeNull();
    expect(watched.latestPreview('a', revision - 1)).toBeNull();
  });
});
