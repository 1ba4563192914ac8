import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { ServerMonitor } from '../src/comfy/server-monitor.ts';
import type { MonitorEvent } from '../src/domain/monitor-event.ts';
import { findJob, serverStateOf } from '../src/domain/monitor-state.ts';
import { createMonitorStore } from '../src/domain/store.ts';
import { testServer } from '../src/domain/testing/builders.ts';
import recorded from './real-comfyui/traffic.json' with { type: 'json' };

/**
 * What a real ComfyUI sent while it ran four prompts, sent again byte for byte by a server that knows
 * nothing of ComfyUI. `real-comfyui/record.ts` records it anew.
 */
describe('the traffic of a real ComfyUI', () => {
  const { steps, cached, failing, interrupted } = recorded.promptIds;
  const answers = new Map<string, unknown>([
    ...Object.entries(recorded.answers),
    ...Object.entries(recorded.answers['/history']).map(
      ([id, entry]) => [`/history/${id}`, { [id]: entry }] as const,
    ),
  ]);
  const events: MonitorEvent[] = [];
  const store = createMonitorStore();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://server');
    const answer = answers.get(pathname);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  const sockets = new WebSocketServer({ server, path: '/ws' });
  let monitor: ServerMonitor;

  const apply = (event: MonitorEvent): void => {
    events.push(event);
    store.apply([event]);
  };
  const state = () => {
    const found = serverStateOf(store.getState(), testServer.id);
    if (!found) throw new Error('the server is not watched');
    return found;
  };
  const types = (promptId: string) => [
    ...new Set(
      events
        .filter((event) => 'promptId' in event && event.promptId === promptId)
        .map(({ type }) => type)
        .filter((type) => type !== 'prompt_described'),
    ),
  ];

  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    apply({ type: 'server_added', serverId: testServer.id, at: Date.now(), server: { ...testServer, url } });
    monitor = new ServerMonitor({
      server: { ...testServer, url },
      access: { url, headers: {}, certificate: null },
      emit: (...together) => {
        for (const event of together) apply(event);
      },
      onPreview: () => {},
      log: () => {},
    });
    const connected = new Promise<WebSocket>((done) => sockets.once('connection', done));
    monitor.start();
    const socket = await connected;
    for (const frame of recorded.frames) socket.send(frame.text ?? Buffer.from(frame.binary ?? '', 'base64'));
    await vi.waitFor(() => expect(findJob(state(), interrupted)?.source).toBe('history'), 20_000);
  });
  afterAll(() => {
    monitor?.stop();
    for (const socket of sockets.clients) socket.terminate();
    server.close();
    server.closeAllConnections();
  });

  it('is understood to the last message', () => {
    expect(state().misunderstood).toEqual([]);
  });

  it('tells a prompt step by step, from start to success', () => {
    expect(types(steps)).toEqual([
      'prompt_started',
      'nodes_cached',
      'node_states_reported',
      'node_started',
      'preview_received',
      'step_reached',
      'node_executed',
      'prompt_finished',
      'prompt_ended',
    ]);
    const reached = events.flatMap((event) =>
      event.type === 'step_reached' && event.promptId === steps ? [`${event.step} of ${event.max}`] : [],
    );
    expect(reached).toEqual(['1 of 5', '2 of 5', '3 of 5', '4 of 5', '5 of 5']);
  });

  it('ends every prompt as the history says, with its outputs and its times', () => {
    const job = findJob(state(), steps);
    expect(job).toMatchObject({ state: 'success', title: 'Save the probe', nodeTotal: 3 });
    expect(job?.outputs.map((output) => output.file)).toEqual([
      { filename: expect.stringMatching(/^probe_\d+_\.png$/), subfolder: '', type: 'output' },
    ]);
    expect((job?.finishedAt ?? 0) - (job?.startedAt ?? 0)).toBeGreaterThan(400);
    expect(findJob(state(), cached)).toMatchObject({ state: 'success', cachedNodes: { count: 3 } });
    expect(findJob(state(), interrupted)?.state).toBe('interrupted');
  });

  it('says which node failed, and how', () => {
    expect(findJob(state(), failing)).toMatchObject({
      state: 'error',
      error: {
        nodeId: '2',
        nodeType: 'ProbeRaise',
        exceptionType: 'ValueError',
        message: 'failed on purpose',
      },
    });
  });

  it('has telemetry without a GPU: what was not measured is not shown as zero', () => {
    const sample = state().telemetry.recent.at(-1);
    expect(sample?.cpuPercent).toBeGreaterThan(0);
    expect(sample?.ramTotal).toBeGreaterThan(0);
    for (const gpu of sample?.gpus ?? [])
      expect(gpu).toEqual({ loadPercent: null, temperatureC: null, vramUsed: null, vramTotal: null });
  });

  it('leaves nothing running or waiting', () => {
    const { running, pending, queueLength } = state();
    expect({ running, pending, queueLength }).toEqual({ running: [], pending: [], queueLength: 0 });
  });
});
