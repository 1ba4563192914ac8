import { describe, expect, it, onTestFinished } from 'vitest';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import type { Connection } from '../../domain/server.ts';
import { testServer } from '../../domain/testing/builders.ts';
import { ComfyRest } from '../rest/comfy-rest.ts';
import { ServerMonitor } from '../server-monitor.ts';
import {
  type Answer,
  certificateOf,
  type PlainServerOptions,
  startPlainServer,
} from '../testing/plain-server.ts';
import { problemOfAnswer } from './connection-problem.ts';
import { ServerLink, socketProblem } from './server-link.ts';

const prompt = { json: { exec_info: { queue_remaining: 2 } } };
const status = { type: 'status', data: { status: { exec_info: { queue_remaining: 0 } }, sid: 'x' } };

/** A link to that server that ends with its test, and everything it told. */
async function linkTo(options: PlainServerOptions) {
  const server = await startPlainServer(options);
  const told: Connection[] = [];
  const lengths: number[] = [];
  const certificate = options.certificate ? certificateOf(options.certificate) : null;
  const access = { url: server.url, headers: {}, certificate };
  const link = new ServerLink({
    access,
    rest: new ComfyRest({ access }),
    onConnection: (connection) => told.push(connection),
    onText: () => {},
    onBinary: () => {},
    onQueueLength: (length) => lengths.push(length),
    random: () => 0,
  });
  onTestFinished(() => link.stop());
  link.start();
  const phases = () => told.map(({ phase }) => phase);
  const problem = () => {
    const last = told.at(-1);
    return last && 'problem' in last ? last.problem : null;
  };
  const reached = (phase: Connection['phase']) =>
    expect.poll(() => told.at(-1)?.phase, { timeout: 5_000 }).toBe(phase);
  return { server, link, told, lengths, phases, problem, reached };
}

describe('a server whose WebSockets do not get through', () => {
  it.each<[string, Answer]>([
    ['400', { status: 400, body: 'Can "Upgrade" only to "WebSocket".' }],
    ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
  ])('is read by REST, and the reason told, where /ws answers %s', async (_, refuseSocket) => {
    const { reached, problem, lengths } = await linkTo({ routes: { '/prompt': prompt }, refuseSocket });
    await reached('polling');
    expect(problem()).toMatchObject({ kind: 'no-websocket', status: refuseSocket?.status });
    await expect.poll(() => lengths).toEqual([2]);
  });

  it.each([400, 403, 404, 426, 500, 502, 503])('is told apart from a login by status %i', (status) => {
    const problem = problemOfAnswer({ status, url: 'http://gpu/ws', route: '/ws' });
    expect(socketProblem(problem)).toMatchObject({ kind: 'no-websocket', status });
  });

  it('is read over TLS as well, by its own certificate', async () => {
    const routes = { '/prompt': prompt };
    const { reached, problem } = await linkTo({
      routes,
      refuseSocket: { status: 403 },
      certificate: 'pinned',
    });
    await reached('polling');
    expect(problem()).toMatchObject({ kind: 'no-websocket', status: 403 });
  });

  it('keeps its state while the socket is tried, and connects as soon as that works', async () => {
    const options: PlainServerOptions = { routes: { '/prompt': prompt }, refuseSocket: { status: 400 } };
    const { server, link, told, reached, phases } = await linkTo(options);
    await reached('polling');
    const before = told.length;
    const tried = server.handshakes.length;
    link.retryNow();
    await expect.poll(() => told.length).toBeGreaterThan(before);
    expect(server.handshakes.length).toBe(tried + 1);
    expect(new Set(phases().slice(before))).toEqual(new Set(['polling']));
    delete options.refuseSocket;
    link.retryNow();
    await expect.poll(() => server.sockets.size).toBe(1);
    server.send(status);
    await reached('connected');
  });

  it('is not called connected by a proxy that takes sockets and brings nothing', async () => {
    const options: PlainServerOptions = { routes: { '/prompt': prompt }, refuseSocket: { status: 502 } };
    const { server, link, reached, phases } = await linkTo(options);
    await reached('polling');
    delete options.refuseSocket;
    link.retryNow();
    await expect.poll(() => server.sockets.size).toBe(1);
    for (const socket of server.sockets) socket.terminate();
    await expect.poll(() => server.handshakes.length, { timeout: 5_000 }).toBeGreaterThan(3);
    expect(phases()).not.toContain('connected');
  });

  it('is lost when REST ends, too', async () => {
    const routes: NonNullable<PlainServerOptions['routes']> = { '/prompt': prompt };
    const { server, reached, problem } = await linkTo({ routes, refuseSocket: { status: 400 } });
    await reached('polling');
    await server.close();
    await reached('waiting');
    expect(problem()).toMatchObject({ kind: 'refused' });
  });

  it('is read where /prompt is missing but the machine is told', async () => {
    const routes = { '/system_stats': { json: { system: {}, devices: [] } } };
    const { reached } = await linkTo({ routes, refuseSocket: { status: 502 } });
    await reached('polling');
  });

  it('asks for the login to which its socket is sent', async () => {
    const refuseSocket = { status: 302, headers: { location: 'https://login.example.org/in?ticket=s3cret' } };
    const { reached, problem } = await linkTo({ routes: { '/prompt': prompt }, refuseSocket });
    await reached('polling');
    expect(problem()).toEqual({
      kind: 'login',
      detail: '/ws answered with HTTP status 302, which leads to https://login.example.org',
      status: 302,
      address: 'https://login.example.org',
    });
  });

  it('asks for a login where REST gives nothing but that', async () => {
    const page = { body: '<html><form><input name="p" type="password"></form></html>' };
    const routes = { '/prompt': page, '/system_stats': page };
    const { problem, phases } = await linkTo({ routes, refuseSocket: { status: 400 } });
    await expect.poll(() => problem()?.kind, { timeout: 5_000 }).toBe('login');
    expect(phases()).not.toContain('polling');
  });
});

it('jobs and machine of a server without a socket are known, and its socket is tried all the time', async () => {
  let running = [[0, 'p', {}, {}, []]];
  const server = await startPlainServer({
    refuseSocket: { status: 400 },
    routes: {
      '/prompt': () => ({ json: { exec_info: { queue_remaining: running.length } } }),
      '/queue': () => ({ json: { queue_running: running, queue_pending: [] } }),
      '/history': () => ({ json: history() }),
      '/history/p': () => ({ json: history() }),
      '/system_stats': { json: { system: { ram_total: 100, ram_free: 40 }, devices: [] } },
    },
  });
  const history = () =>
    running.length > 0
      ? {}
      : {
          p: {
            prompt: [0, 'p', {}, {}, []],
            outputs: {},
            status: { status_str: 'success', completed: true },
          },
        };
  const events: MonitorEvent[] = [];
  const monitor = new ServerMonitor({
    server: { ...testServer, url: server.url },
    access: { url: server.url, headers: {}, certificate: null },
    emit: (...together) => events.push(...together),
    onPreview: () => {},
    log: () => {},
  });
  onTestFinished(() => monitor.stop());
  monitor.start();
  const types = () => events.map(({ type }) => type);
  await expect.poll(types, { timeout: 5_000 }).toContain('queue_read');
  await expect.poll(types).toContain('telemetry_sampled');
  running = [];
  await expect
    .poll(() => events.filter(({ type }) => type === 'history_read').at(-1), { timeout: 6_000 })
    .toMatchObject({ entries: [{ promptId: 'p', outcome: 'success' }] });
  expect(server.handshakes.length).toBeGreaterThanOrEqual(2);
});

it('nothing is read of a server that is not reached, whoever looks at it', async () => {
  const server = await startPlainServer({
    refuseSocket: { status: 401 },
    routes: { '/prompt': { status: 401 } },
  });
  const monitor = new ServerMonitor({
    server: { ...testServer, url: server.url },
    access: { url: server.url, headers: {}, certificate: null },
    emit: () => {},
    onPreview: () => {},
    log: () => {},
  });
  onTestFinished(() => monitor.stop());
  monitor.setSeen(false);
  monitor.start();
  monitor.setSeen(true);
  monitor.readJobs();
  await expect.poll(() => server.asked.map(({ url }) => url), { timeout: 5_000 }).toContain('/prompt');
  expect(server.asked.map(({ url }) => url)).not.toContain('/queue');
});
