import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { MonitorEvent, MonitorEventOf, MonitorEventType } from '../domain/monitor-event.ts';
import { testServer } from '../domain/testing/builders.ts';
import { ServerMonitor } from './server-monitor.ts';
import { type PlainServer, type PlainServerOptions, startPlainServer } from './testing/plain-server.ts';
import type { PreviewFrame } from './wire/preview-frame.ts';

/** The least that a ComfyUI server answers. */
const comfyRoutes: PlainServerOptions['routes'] = {
  '/system_stats': {
    json: {
      system: { comfyui_version: '0.27.0', os: 'posix', ram_total: 100, ram_free: 40, argv: ['main.py'] },
      devices: [{ name: 'RTX', type: 'cuda', index: 0, vram_total: 24, vram_free: 20 }],
    },
  },
  '/queue': { json: { queue_running: [], queue_pending: [] } },
  '/history': { json: {} },
};

/** A monitor of that server, connected, with everything it told. */
async function watch(server: PlainServer, headers: Record<string, string> = {}) {
  const events: MonitorEvent[] = [];
  /** The same, by what was told together. */
  const told: MonitorEvent[][] = [];
  const previews: PreviewFrame[] = [];
  const lines: string[] = [];
  const monitor = new ServerMonitor({
    server: { ...testServer, url: server.url },
    access: { url: server.url, headers, certificate: null },
    emit(...together) {
      events.push(...together);
      told.push(together);
    },
    onPreview: (frame) => previews.push(frame),
    log: (line) => lines.push(line),
  });
  onTestFinished(() => monitor.stop());
  monitor.start();
  const of = <T extends MonitorEventType>(type: T): MonitorEventOf<T>[] =>
    events.filter((event): event is MonitorEventOf<T> => event.type === type);
  await expect.poll(() => of('connection_changed').at(-1)?.connection.phase).toBe('connected');
  return { monitor, events, told, previews, lines, of };
}

const preview = (...bytes: number[]) =>
  Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0xd8, 0xff, ...bytes, 0, 0, 0, 0, 0]);

describe('a server that is watched', () => {
  it('tells who it is, and how much memory it has', async () => {
    const { of, lines } = await watch(await startPlainServer({ routes: comfyRoutes }));
    await expect
      .poll(() => of('facts_learnt').at(-1)?.facts)
      .toMatchObject({ comfyVersion: '0.27.0', os: 'posix', devices: [{ name: 'RTX' }], rest: 'present' });
    await expect
      .poll(() => of('telemetry_sampled')[0])
      .toMatchObject({ sample: { ramUsed: 60 }, machine: { sources: { ram: 'system_stats' } } });
    expect(lines).toEqual([expect.stringContaining('connected as client')]);
  });

  it('tells VRAM from itself where Crystools does not, and the rest from there', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { of } = await watch(server);
    await expect.poll(() => of('telemetry_sampled').length).toBe(1);
    // As with AMD, Intel and Apple: no GPU at all.
    server.send({
      type: 'crystools.monitor',
      data: { cpu_utilization: 9.1, ram_total: 64, ram_used: 20, hdd_total: 10, hdd_used: 5, gpus: [] },
    });
    await expect
      .poll(() => of('telemetry_sampled').at(-1))
      .toMatchObject({
        machine: { sources: { cpuPercent: 'crystools' } },
        sample: { cpuPercent: 9.1, ramUsed: 20, gpus: [{ vramUsed: 4, vramTotal: 24, loadPercent: null }] },
      });
  });

  it('tells of a finished job, with its picture, although its list of finished jobs fails for good', async () => {
    const graph = { '9': { class_type: 'SaveImage', inputs: {} } };
    const entry = {
      prompt: [1, 'p', graph, {}, ['9']],
      outputs: { '9': { images: [{ filename: 'a.png', subfolder: '', type: 'output' }] } },
      status: { status_str: 'success', completed: true, messages: [] },
    };
    const server = await startPlainServer({
      routes: {
        ...comfyRoutes,
        '/api/jobs': ({ url }) =>
          url.includes('completed')
            ? { status: 500, json: { error: 'too many values to unpack (expected 5)' } }
            : { json: { jobs: [] } },
        '/history': { json: { p: entry } },
      },
    });
    const { of } = await watch(server);
    await expect
      .poll(() => of('history_read').flatMap(({ entries }) => entries))
      .toMatchObject([{ promptId: 'p', outcome: 'success', outputs: [{ file: { filename: 'a.png' } }] }]);
    await expect
      .poll(() => of('facts_learnt').at(-1)?.facts.unreadable)
      .toMatchObject([{ source: 'ended_jobs', problem: { status: 500 } }]);
  });

  it('shows what runs although the queue is written in another way than ComfyUI does', async () => {
    const item = { number: 3, prompt_id: 'p', prompt: { '9': { class_type: 'SaveImage' } }, extra_data: {} };
    const server = await startPlainServer({
      routes: {
        ...comfyRoutes,
        '/api/jobs': { status: 500 },
        '/queue': { json: { queue_running: [item], queue_pending: [] } },
      },
    });
    const { of } = await watch(server);
    await expect
      .poll(() => of('queue_read').at(-1)?.running)
      .toMatchObject([{ promptId: 'p', queueNumber: 3, nodeTotal: 1 }]);
  });

  it('gives its log only while it is looked at, also after a new connection', async () => {
    const logRoute = { '/internal/logs/subscribe': {} };
    const server = await startPlainServer({ routes: { ...comfyRoutes, ...logRoute } });
    const { monitor } = await watch(server);
    const asked = () =>
      server.asked.filter(({ method }) => method === 'PATCH').map(({ body }): unknown => JSON.parse(body));
    monitor.followLog(true);
    monitor.followLog(true);
    const [first] = [monitor.clientId];
    await expect.poll(asked).toEqual([{ clientId: first, enabled: true }]);
    for (const socket of server.sockets) socket.terminate();
    await expect.poll(() => asked().length).toBe(2);
    expect(asked()[1]).toEqual({ clientId: monitor.clientId, enabled: true });
    expect(monitor.clientId).not.toBe(first);
    monitor.followLog(false);
    await expect.poll(() => asked().at(-1)).toEqual({ clientId: monitor.clientId, enabled: false });
  });

  it('passes on what it says, in order and in time', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { events } = await watch(server);
    const startedAt = Date.now() - 2_000;
    server.send({ type: 'execution_start', data: { prompt_id: 'p', timestamp: startedAt } });
    server.send({ type: 'progress', data: { value: 1, max: 20, prompt_id: 'p', node: '3' } });
    server.send(Buffer.concat([Buffer.from([0, 0, 0, 3, 0, 0, 0, 1]), Buffer.from('3hello')]));
    const finishedAt = Date.now() - 1_000;
    server.send({ type: 'execution_success', data: { prompt_id: 'p', timestamp: finishedAt } });
    const said = () => events.filter(({ type }) => /^(prompt|step|node)_/.test(type));
    await expect.poll(() => said().length).toBe(4);
    expect(said()).toMatchObject([
      { serverId: 's', type: 'prompt_started', startedAt },
      { type: 'step_reached', step: 1 },
      { type: 'node_text_shown', text: 'hello' },
      { type: 'prompt_finished', outcome: 'success', finishedAt },
    ]);
    for (const { at } of said()) expect(Math.abs(at - Date.now())).toBeLessThan(10_000);
  });

  it('with Crystools is known to have it as soon as that speaks', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { of } = await watch(server);
    server.send({ type: 'crystools.monitor', data: { cpu_utilization: 5, gpus: [] } });
    await expect.poll(() => of('facts_learnt').at(-1)?.facts.crystools).toBe('present');
    expect(of('telemetry_sampled').some(({ sample }) => sample.cpuPercent === 5)).toBe(true);
  });

  it('with our companion node is asked to relay to this connection, at every connection', async () => {
    const routes = {
      ...comfyRoutes,
      '/comfy_monitor/info': { json: { version: '1.0.0' } },
      '/comfy_monitor/relay': { json: {} },
    };
    const server = await startPlainServer({ routes });
    const { of, monitor } = await watch(server);
    const relayed = (to: PlainServer) => to.asked.find(({ url }) => url === '/comfy_monitor/relay');
    await expect.poll(() => relayed(server)?.body).toContain(monitor.clientId);
    expect(of('facts_learnt').at(-1)?.facts).toMatchObject({
      companion: 'present',
      companionVersion: '1.0.0',
    });
    const before = monitor.clientId;
    await server.close();
    const again = await startPlainServer({ routes, port: server.port });
    await expect.poll(() => relayed(again)).toBeDefined();
    expect(relayed(again)?.body).toContain(monitor.clientId);
    expect(monitor.clientId).not.toBe(before);
  });

  it('with our companion node is asked for previews only while somebody looks at them', async () => {
    const server = await startPlainServer({
      routes: {
        ...comfyRoutes,
        '/comfy_monitor/info': { json: { version: '1.0.0' } },
        '/comfy_monitor/relay': { json: {} },
      },
    });
    const { monitor } = await watch(server);
    const asked = () =>
      server.asked
        .filter(({ url }) => url === '/comfy_monitor/relay')
        .map(({ body }) => /"previews":(true|false)/.exec(body ?? '')?.[1]);
    await expect.poll(asked).toEqual(['true']);
    monitor.setSeen(false);
    await expect.poll(asked).toEqual(['true', 'false']);
    monitor.setSeen(false);
    monitor.setSeen(true);
    await expect.poll(asked).toEqual(['true', 'false', 'true']);
  });

  it('passes on together what came while nobody looked, before whatever comes after it', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { monitor, told } = await watch(server);
    await expect.poll(() => told.flat().some(({ type }) => type === 'queue_read')).toBe(true);
    monitor.setSeen(false);
    const before = told.length;
    const step = (value: number) => ({
      type: 'progress',
      data: { value, max: 20, prompt_id: 'p', node: '3' },
    });
    server.send(step(1));
    server.send(step(2));
    server.send({ type: 'execution_success', data: { prompt_id: 'p', timestamp: Date.now() } });
    await expect
      .poll(() =>
        told
          .slice(before)
          .flat()
          .map(({ type }) => type),
      )
      .toContain('prompt_finished');
    const burst = told.slice(before).find((events) => events.some(({ type }) => type === 'step_reached'));
    expect(burst?.map(({ type }) => type)).toEqual(['step_reached', 'step_reached', 'prompt_finished']);
    monitor.setSeen(true);
    const after = told.length;
    server.send(step(3));
    await expect
      .poll(() =>
        told
          .slice(after)
          .flat()
          .map(({ type }) => type),
      )
      .toContain('step_reached');
  });

  it('is not told twice to be what it is', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { of, monitor } = await watch(server);
    const reads = () => server.asked.filter(({ url }) => url === '/queue').length;
    await expect.poll(() => of('facts_learnt').at(-1)?.facts).toMatchObject({ rest: 'present', os: 'posix' });
    const learnt = of('facts_learnt').length;
    monitor.readJobs();
    await expect.poll(reads).toBe(2);
    await expect.poll(() => of('queue_read').length).toBe(2);
    expect(of('facts_learnt')).toHaveLength(learnt);
  });

  it('without a REST interface is watched all the same', async () => {
    const server = await startPlainServer();
    const { of, lines } = await watch(server);
    await expect.poll(() => of('facts_learnt').at(-1)?.facts.rest).toBe('absent');
    server.send({ type: 'status', data: { status: { exec_info: { queue_remaining: 2 } } } });
    await expect.poll(() => of('queue_length_changed')[0]?.length).toBe(2);
    const complaints = lines.filter((line) => line.includes('REST is not available'));
    expect(complaints).toHaveLength(1);
  });
});

describe('nonsense of a server', () => {
  it('never ends the connection; it is counted by kind, and logged once with its beginning', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { of, lines } = await watch(server);
    const long = `{"type":"progress","data":${'x'.repeat(100_000)}`;
    for (let n = 0; n < 50; n += 1) {
      server.send(long);
      server.send('{"type":"progress","data":{}}');
      server.send('[]');
      server.send('');
      server.send(Buffer.from([0]));
      server.send(Buffer.from([0, 0, 0, 4, 255, 255, 255, 255]));
      server.send({ type: 'some.extension', data: null });
    }
    server.send({ type: 'notification', data: { value: 'still here' } });
    await expect.poll(() => of('notification_received')[0]?.text).toBe('still here');
    await expect
      .poll(() => Object.fromEntries(of('messages_misunderstood').map(({ kind, count }) => [kind, count])))
      .toEqual({ 'not JSON': 100, progress: 50, 'no type': 50, binary: 50, 'binary preview': 50 });
    expect(server.handshakes).toHaveLength(1);
    const notJson = lines.filter((line) => line.includes('(not JSON)'));
    expect(notJson).toEqual([expect.stringContaining(JSON.stringify(long.slice(0, 200)))]);
    expect(lines.filter((line) => line.includes('not understood'))).toHaveLength(5);
  });

  it('in one part of a message does not cost the rest of it', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { of } = await watch(server);
    server.send({
      type: 'crystools.monitor',
      data: { cpu_utilization: 5, gpus: [{ gpu_utilization: 9 }, 'x'] },
    });
    await expect
      .poll(() => of('telemetry_sampled').find(({ sample }) => sample.cpuPercent === 5)?.sample)
      .toMatchObject({ cpuPercent: 5, gpus: [{ loadPercent: 9 }, { loadPercent: null }] });
    expect(of('messages_misunderstood')).toMatchObject([{ kind: 'crystools.monitor', count: 1 }]);
  });
});

describe('previews', () => {
  it('are numbered one by one, and there before their number is told', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { of, previews, events } = await watch(server);
    const startedAt = Date.now();
    for (const n of [1, 2, 3]) server.send(preview(n));
    await expect.poll(() => of('preview_received').length).toBe(3);
    const revisions = of('preview_received').map(({ revision }) => revision);
    const [first = 0] = revisions;
    expect(revisions).toEqual([first, first + 1, first + 2]);
    expect(previews.map(({ revision }) => revision)).toEqual(revisions);
    expect(previews[1]?.bytes[3]).toBe(2);
    // No number of an earlier run of the monitor, which a page may still show, is given again.
    expect(Math.abs(first - startedAt)).toBeLessThan(60_000);
    expect(events.filter(({ type }) => type === 'messages_misunderstood')).toEqual([]);
  });
});

describe('a server that goes', () => {
  it('is asked about everything again when it is back', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { of, lines } = await watch(server);
    await server.close();
    await expect.poll(() => of('connection_changed').at(-1)?.connection.phase).toBe('waiting');
    const again = await startPlainServer({ routes: comfyRoutes, port: server.port });
    await expect.poll(() => again.asked.map(({ url }) => url)).toContain('/system_stats');
    await expect.poll(() => again.asked.map(({ url }) => url)).toContain('/queue');
    expect(lines.filter((line) => line.includes('no connection (closed)')).length).toBeLessThanOrEqual(1);
  });

  it('is complained about once for each kind of problem', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { of, lines } = await watch(server);
    await server.close();
    const waits = () => of('connection_changed').filter(({ connection }) => connection.phase === 'waiting');
    await expect.poll(() => waits().length).toBeGreaterThanOrEqual(3);
    expect(lines.filter((line) => line.includes('(refused)'))).toHaveLength(1);
  });
});

describe('a monitor', () => {
  it('that is stopped says nothing more and leaves the server', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { monitor, events } = await watch(server);
    monitor.stop();
    const told = events.length;
    server.send({ type: 'notification', data: { value: 'late' } });
    await expect.poll(() => server.sockets.size).toBe(0);
    monitor.retryNow();
    expect(events).toHaveLength(told);
    expect(server.handshakes).toHaveLength(1);
  });

  it('that is stopped by whoever hears that it is connected asks for nothing', async () => {
    const server = await startPlainServer({ routes: comfyRoutes });
    let told = 0;
    const monitor = new ServerMonitor({
      server: { ...testServer, url: server.url },
      access: { url: server.url, headers: {}, certificate: null },
      emit: (event) => {
        told += 1;
        if (event.type === 'connection_changed' && event.connection.phase === 'connected') monitor.stop();
      },
      onPreview: () => {},
      log: () => {},
    });
    monitor.start();
    await expect.poll(() => server.handshakes.length).toBe(1);
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(told).toBe(2);
    expect(server.asked).toEqual([]);
  });

  it('keeps its secrets out of events and log', async () => {
    const server = await startPlainServer();
    const { events, lines, of } = await watch(server, { authorization: 'Bearer TOP-SECRET' });
    server.send('garbage, Bearer TOP-SECRET');
    server.send({ type: 'notification', data: { value: 'you are\u202e TOP-SECRET\u001b[2J' } });
    server.send({ type: 'logs', data: { entries: [{ m: '{"authorization": "Bearer TOP-SECRET"}' }] } });
    await expect.poll(() => of('notification_received')[0]?.text).toBe('you are (secret)');
    await expect.poll(() => of('log_lines_received').length).toBe(1);
    for (const socket of server.sockets) socket.close(4_000, 'TOP-SECRET\u001b[31m is wrong');
    await expect.poll(() => lines.at(-1)).toContain('(secret) is wrong');
    await server.close();
    await expect.poll(() => lines.some((line) => line.includes('no connection'))).toBe(true);
    expect(server.asked[0]?.headers.authorization).toBe('Bearer TOP-SECRET');
    expect(JSON.stringify([events, lines])).not.toContain('TOP-SECRET');
  });
});

describe('the clock on the wall, set while a server is watched,', () => {
  it.each([-3_600_000, 3_600_000])('changes by %i ms neither times nor liveness', async (by) => {
    const server = await startPlainServer({ routes: comfyRoutes });
    const { of, events } = await watch(server);
    const telemetry = (cpu: number) =>
      server.send({ type: 'crystools.monitor', data: { cpu_utilization: cpu, gpus: [] } });
    telemetry(1);
    const cpus = () => of('telemetry_sampled').flatMap(({ sample }) => sample.cpuPercent ?? []);
    await expect.poll(cpus).toEqual([1]);
    const before = events.length;
    const realNow = Date.now;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + by);
    onTestFinished(() => clock.mockRestore());
    telemetry(2);
    // `expect.poll` goes by the clock on the wall itself.
    await vi.waitFor(() => expect(cpus()).toEqual([1, 2]));
    const times = events.map(({ at }) => at);
    expect(events.length).toBeGreaterThan(before);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(10_000);
    const [first, second] = of('telemetry_sampled').filter(({ sample }) => sample.cpuPercent !== null);
    expect(second?.sample.at).toBeGreaterThanOrEqual(first?.sample.at ?? Number.POSITIVE_INFINITY);
    expect(of('connection_changed').at(-1)?.connection.phase).toBe('connected');
  });
});
