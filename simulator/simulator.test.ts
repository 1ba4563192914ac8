import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { platform, totalmem } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from './clock.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, parseJson } from './protocol/json.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';
import { countingPrompt } from './testing/prompts.ts';
import { TestClient } from './testing/test-client.ts';

const fast = countingPrompt({ steps: 3, secondsPerStep: 0.01 });
const running: { stop(): unknown }[] = [];

async function simulate(options: SimulatorOptions = { scenario: 'idle' }): Promise<Simulator> {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return simulator;
}

async function connect(simulator: Simulator, clientId?: string, path?: string): Promise<TestClient> {
  const client = await TestClient.connect(simulator.url, clientId ? `clientId=${clientId}` : '', path);
  running.push({ stop: () => client.close() });
  return client;
}

/** Connects as a monitor does that asks the companion node. */
async function watch(simulator: Simulator): Promise<TestClient> {
  const client = await connect(simulator, 'watcher');
  await post(simulator, { client_id: 'watcher', previews: true }, '/comfy_monitor/relay');
  return client;
}

async function post(simulator: Simulator, body: unknown, path = '/prompt') {
  const response = await fetch(simulator.url + path, { method: 'POST', body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : objectOf(parseJson(text)) };
}

async function get(simulator: Simulator, path: string): Promise<JsonObject> {
  const response = await fetch(simulator.url + path);
  return objectOf(parseJson(await response.text()));
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return isJsonArray(value) ? value : [];
}

/** The ids in `/queue`, the running prompt first. */
async function queuedIds(simulator: Simulator): Promise<Json[]> {
  const { queue_running: active, queue_pending: pending } = await get(simulator, '/queue');
  return [...listOf(active), ...listOf(pending)].map((item) => listOf(item)[1] ?? null);
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((it) => it.stop()));
});

describe('who gets what', () => {
  it('greets with the queue length and an id, given or made', async () => {
    const simulator = await simulate();
    const named = await connect(simulator, 'me');
    const unnamed = await connect(simulator, undefined, '/api/ws');
    await expect
      .poll(() => named.messages)
      .toEqual([{ type: 'status', data: { status: { exec_info: { queue_remaining: 0 } }, sid: 'me' } }]);
    await expect.poll(() => unnamed.messages[0]?.data.sid).toMatch(/^[0-9a-f]{32}$/);
  });

  it('tells the submitter everything and a bystander only the queue', async () => {
    const simulator = await simulate();
    const submitter = await connect(simulator, 'submitter');
    const bystander = await connect(simulator, 'bystander');
    await post(simulator, { prompt: fast, client_id: 'submitter' });
    await expect.poll(() => submitter.messages.at(-1)?.data).toMatchObject({ node: null });
    expect(submitter.types()).toEqual(expect.arrayContaining(['execution_start', 'progress', 'executed']));
    expect(new Set(bystander.types().filter((type) => type !== 'crystools.monitor'))).toEqual(
      new Set(['status']),
    );
    expect(bystander.binaries).toEqual([]);
  });

  it('shows a prompt without a submitter to all: progress, and previews of type 1', async () => {
    const simulator = await simulate();
    const client = await connect(simulator, 'someone');
    client.declareFlags();
    await expect.poll(() => client.types()).toContain('feature_flags');
    await post(simulator, { prompt: fast });
    await expect.poll(() => client.binaries.length).toBeGreaterThan(0);
    await expect.poll(() => client.types().filter((type) => type === 'progress')).toHaveLength(3);
    expect(client.types()).not.toContain('executing');
    expect(client.types()).not.toContain('executed');
    const frame = client.binaries[0] ?? Buffer.alloc(12);
    expect([frame.readUInt32BE(0), frame.readUInt32BE(4), frame.readUInt16BE(8)]).toEqual([1, 1, 0xffd8]);
  });

  it('sends previews of type 4 to a submitter that can read them', async () => {
    const simulator = await simulate();
    const client = await connect(simulator, 'modern');
    client.declareFlags();
    await expect.poll(() => client.types()).toContain('feature_flags');
    const promptId = simulator.submit(fast, { clientId: 'modern' });
    await expect.poll(() => client.binaries.length).toBeGreaterThan(0);
    const frame = client.binaries[0] ?? Buffer.alloc(12);
    const length = frame.readUInt32BE(4);
    expect(frame.readUInt32BE(0)).toBe(4);
    expect(JSON.parse(frame.subarray(8, 8 + length).toString())).toEqual({
      node_id: '2',
      prompt_id: promptId,
      display_node_id: '2',
      parent_node_id: null,
      real_node_id: '2',
      image_type: 'image/jpeg',
    });
    expect(frame.readUInt16BE(8 + length)).toBe(0xffd8);
  });

  it('lets those watch who ask the companion node', async () => {
    const simulator = await simulate({ scenario: 'idle', companion: true });
    const [monitor, bystander] = [await connect(simulator, 'monitor'), await connect(simulator, 'bystander')];
    const ask = (body: object) =>
      fetch(`${simulator.url}/comfy_monitor/relay`, { method: 'POST', body: JSON.stringify(body) });
    expect((await ask({ client_id: 'monitor' })).status).toBe(200);
    expect((await ask({ client_id: 'nobody' })).status).toBe(404);
    simulator.submit(fast, { clientId: 'a browser elsewhere' });
    await expect.poll(() => monitor.types()).toContain('execution_success');
    expect(monitor.types()).toContain('comfy_monitor.plan');
    expect(bystander.types()).not.toContain('execution_start');
  });

  it('forgets the first of two sockets under one id without closing it', async () => {
    const simulator = await simulate();
    const first = await connect(simulator, 'twin');
    const second = await connect(simulator, 'twin');
    simulator.broadcast('hello', {});
    await expect.poll(() => second.types()).toContain('hello');
    expect(first.types()).not.toContain('hello');
    expect(simulator.clientCount).toBe(2);
  });

  it('then silences the second when the first one ends, as ComfyUI was seen to do', async () => {
    const simulator = await simulate();
    const first = await connect(simulator, 'twin');
    const second = await connect(simulator, 'twin');
    first.close();
    await expect.poll(() => simulator.clientCount).toBe(1);
    const bystander = await connect(simulator, 'bystander');
    simulator.broadcast('hello', {});
    await expect.poll(() => bystander.types()).toContain('hello');
    expect(second.types()).not.toContain('hello');
  });

  it('tells a submitter who comes back which node is running', async () => {
    const clock = new ManualClock(1_790_000_000_000);
    const simulator = await simulate({ scenario: 'idle', clock });
    simulator.submit(countingPrompt({ steps: 500 }), { clientId: 'me' });
    clock.advance(500);
    const events = await connect(simulator, 'me');
    await expect.poll(() => events.messages[1]).toEqual({ type: 'executing', data: { node: '2' } });
  });
});

describe('REST', () => {
  it('runs a prompt that any HTTP client posts', async () => {
    const simulator = await simulate();
    const { status, body } = await post(simulator, { prompt: fast }, '/api/prompt');
    expect({ status, body }).toEqual({
      status: 200,
      body: { prompt_id: expect.stringMatching(/^[0-9a-f-]{36}$/), number: 0, node_errors: {} },
    });
    const id = String(body.prompt_id);
    await expect.poll(async () => Object.keys(await get(simulator, `/history/${id}`))).toEqual([id]);
    const entry = (await get(simulator, `/history/${id}`))[id];
    expect(entry).toMatchObject({
      prompt: [0, id, fast, { create_time: expect.any(Number) }, ['3']],
      outputs: { '3': { images: [{ filename: 'monitor_00001_.png', subfolder: '', type: 'output' }] } },
      status: { status_str: 'success', completed: true },
      meta: { '3': { node_id: '3', display_node: '3', parent_node: null, real_node_id: '3' } },
    });
  });

  it('refuses an unknown class, a bad id and no prompt with 400', async () => {
    const simulator = await simulate();
    const unknown = await post(simulator, { prompt: { '1': { class_type: 'Nothing', inputs: {} } } });
    expect(unknown).toMatchObject({
      status: 400,
      body: { error: { type: 'missing_node_type' }, node_errors: {} },
    });
    const badId = await post(simulator, { prompt: fast, prompt_id: 'ABC' });
    expect(badId).toMatchObject({ status: 400, body: { error: { type: 'invalid_prompt_id' } } });
    expect(await post(simulator, {})).toMatchObject({ status: 400, body: { error: { type: 'no_prompt' } } });
  });

  it('shows, interrupts, cancels and clears the queue', async () => {
    const simulator = await simulate();
    const slow = countingPrompt({ steps: 10_000 });
    const ids = Array.from({ length: 4 }, () => simulator.submit(slow));
    const queued = () => queuedIds(simulator);
    expect(await queued()).toEqual(ids);
    expect(await post(simulator, {}, `/api/jobs/${ids[3]}/cancel`)).toMatchObject({
      body: { cancelled: true },
    });
    await post(simulator, { delete: [ids[2]] }, '/queue');
    expect(await queued()).toEqual(ids.slice(0, 2));
    await post(simulator, { clear: true }, '/queue');
    await post(simulator, { prompt_id: ids[1] }, '/interrupt');
    expect(await queued()).toEqual(ids.slice(0, 1));
    await post(simulator, { prompt_id: ids[0] }, '/interrupt');
    await expect.poll(queued).toEqual([]);
    expect(await get(simulator, `/api/jobs/${ids[0]}`)).toMatchObject({ status: 'cancelled' });
  });

  it('refuses foreign pages, unknown paths and wrong methods', async () => {
    const simulator = await simulate();
    const status = async (path: string, init?: RequestInit) =>
      (await fetch(simulator.url + path, init)).status;
    expect(await status('/queue', { headers: { origin: 'http://example.com' } })).toBe(403);
    expect(await status('/nothing')).toBe(404);
    expect(await status('/jobs')).toBe(404);
    expect(await status('/internal/folder_paths')).toBe(200);
    expect(await status('/api/internal/folder_paths')).toBe(404);
    expect(await status('/prompt', { method: 'PUT' })).toBe(405);
    expect(await status('/prompt', { method: 'POST', body: 'not JSON' })).toBe(500);
  });

  it('describes itself', async () => {
    const simulator = await simulate({ scenario: 'multi-gpu' });
    expect(await get(simulator, '/system_stats')).toMatchObject({
      system: { argv: ['main.py', '--port', String(simulator.port)] },
      devices: [{ index: 0 }, { index: 1 }, { index: 2 }, { index: 3 }],
    });
    const names = await fetch(`${simulator.url}/crystools/monitor/GPU`);
    expect(await names.json()).toHaveLength(4);
    expect(await get(simulator, '/object_info/SaveImage')).toMatchObject({
      SaveImage: { output_node: true },
    });
    expect(await get(simulator, '/object_info/Nothing')).toEqual({});
  });

  it('can be an older server', async () => {
    const simulator = await simulate({ scenario: 'idle', missingPaths: ['/api/jobs'] });
    expect((await fetch(`${simulator.url}/api/jobs`)).status).toBe(404);
    expect((await fetch(`${simulator.url}/api/queue`)).status).toBe(200);
  });
});

describe('trouble', () => {
  it('a restart forgets queue, history and sockets, and comes back on the same port', async () => {
    const simulator = await simulate();
    const client = await connect(simulator, 'me');
    const id = simulator.submit(fast, { clientId: 'me' });
    await expect.poll(() => client.types()).toContain('execution_success');
    simulator.submit(countingPrompt({ steps: 500 }));
    const { port } = simulator;
    await simulator.restart();
    await client.end();
    expect(simulator.port).toBe(port);
    expect(await get(simulator, '/history')).toEqual({});
    expect(await get(simulator, '/prompt')).toEqual({ exec_info: { queue_remaining: 0 } });
    expect(simulator.submit(fast)).not.toBe(id);
  });

  it('a silent server keeps its sockets and answers nothing', async () => {
    const simulator = await simulate();
    const client = await connect(simulator, 'me');
    let pongs = 0;
    client.onPong(() => {
      pongs += 1;
    });
    client.ping();
    await expect.poll(() => pongs).toBe(1);
    simulator.goSilent();
    client.ping();
    simulator.broadcast('unheard', {});
    await expect(fetch(`${simulator.url}/queue`, { signal: AbortSignal.timeout(150) })).rejects.toThrow(
      /timeout/i,
    );
    expect(simulator.clientCount).toBe(1);
    simulator.speakAgain();
    simulator.broadcast('heard', {});
    await expect.poll(() => client.types()).toContain('heard');
    expect(client.types()).not.toContain('unheard');
    expect(pongs).toBe(1);
  });

  it('a silent server can be stopped while a client asks for a socket', async () => {
    const simulator = await simulate();
    simulator.goSilent();
    const knock = connectTcp(simulator.port, '127.0.0.1');
    knock.on('error', () => {});
    knock.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    // What came after it on the same machine stays unanswered, but the request has arrived by then.
    await expect(fetch(simulator.url, { signal: AbortSignal.timeout(150) })).rejects.toThrow(/timeout/i);
    const closed = once(knock, 'close');
    await simulator.stop();
    await closed;
  });

  it('an unreachable server refuses connections until it is back', async () => {
    const simulator = await simulate();
    await simulator.setReachable(false);
    await expect(fetch(`${simulator.url}/queue`)).rejects.toThrow();
    await simulator.setReachable(true);
    expect((await fetch(`${simulator.url}/queue`)).status).toBe(200);
  });

  it('dropped connections end, and raw frames go out as they are', async () => {
    const simulator = await simulate();
    const client = await connect(simulator, 'me');
    simulator.sendRaw(Buffer.from([0, 0, 0, 9, 1, 2]));
    await expect.poll(() => client.binaries).toEqual([Buffer.from([0, 0, 0, 9, 1, 2])]);
    simulator.dropConnections();
    await client.end();
    await expect.poll(() => simulator.clientCount).toBe(0);
  });

  it('says that a port is taken', async () => {
    const simulator = await simulate();
    await expect(startSimulator({ port: simulator.port })).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('scenarios', () => {
  it('the showcase is in the middle of things from the start', async () => {
    const simulator = await simulate({ scenario: 'showcase' });
    expect(await queuedIds(simulator)).toHaveLength(3);
    const history = Object.values(await get(simulator, '/history'));
    expect(history).toHaveLength(6);
    expect(history).toContainEqual(
      expect.objectContaining({ status: expect.objectContaining({ completed: true }) }),
    );
  });

  it('its first new picture comes within 10 s', async () => {
    const clock = new ManualClock(1_790_000_000_000);
    const simulator = await simulate({ scenario: 'showcase', clock });
    const watcher = await watch(simulator);
    clock.advance(10_000);
    await expect.poll(() => watcher.types()).toContain('executed');
    expect(watcher.types().filter((type) => type === 'crystools.monitor')).toHaveLength(10);
    expect(watcher.binaries.length).toBeGreaterThan(10);
  });

  it('goes the same way with the same seed', async () => {
    const traffic = async (seed: number) => {
      const clock = new ManualClock(1_790_000_000_000);
      const simulator = await simulate({ scenario: 'errors', clock, seed });
      const watcher = await watch(simulator);
      clock.advance(30_000);
      simulator.broadcast('the end', {});
      await expect.poll(() => watcher.types().at(-1)).toBe('the end');
      return JSON.stringify(watcher.messages);
    };
    const first = await traffic(4);
    expect(await traffic(4)).toBe(first);
    expect(await traffic(5)).not.toBe(first);
  });

  it('busy keeps 100 prompts waiting and sends hundreds of messages a second at speed 4', async () => {
    const clock = new ManualClock(1_790_000_000_000);
    const simulator = await simulate({ scenario: 'busy', clock, speed: 4 });
    const watcher = await watch(simulator);
    clock.advance(5_000);
    simulator.broadcast('the end', {});
    await expect.poll(() => watcher.types().at(-1)).toBe('the end');
    expect(watcher.messages.length / 5).toBeGreaterThan(200);
    expect(watcher.binaries.length / 5).toBeGreaterThanOrEqual(4);
    expect((await queuedIds(simulator)).length).toBeGreaterThan(90);
  });

  it('no-crystools measures nothing', async () => {
    const clock = new ManualClock(1_790_000_000_000);
    const simulator = await simulate({ scenario: 'no-crystools', clock });
    const watcher = await watch(simulator);
    clock.advance(5_000);
    await expect.poll(() => watcher.types()).toContain('progress');
    expect(watcher.types()).not.toContain('crystools.monitor');
    expect((await fetch(`${simulator.url}/crystools/monitor/GPU`)).status).toBe(404);
  });

  it.each([
    ['showcase', 1, 1],
    ['multi-gpu', 4, 4],
    ['eight-gpus', 8, 8],
    ['amd', 2, 0],
    ['apple', 1, 0],
  ] as const)(
    '%s has %i GPUs for the companion, and %i for Crystools',
    async (scenario, all, ofCrystools) => {
      const clock = new ManualClock(1_790_000_000_000);
      const simulator = await simulate({ scenario, clock });
      const watcher = await connect(simulator, 'm');
      const bystander = await connect(simulator, 'other');
      await post(simulator, { client_id: 'm', telemetry: true }, '/comfy_monitor/relay');
      clock.advance(3_000);
      await expect.poll(() => watcher.types()).toContain('comfy_monitor.telemetry');
      const gpusOf = (type: string) =>
        listOf(watcher.messages.find((message) => message.type === type)?.data.gpus).length;
      expect(gpusOf('comfy_monitor.telemetry')).toBe(all);
      expect(gpusOf('crystools.monitor')).toBe(ofCrystools);
      await expect.poll(() => bystander.types()).toContain('crystools.monitor');
      expect(bystander.types()).not.toContain('comfy_monitor.telemetry');
    },
  );

  it('gpu-lost loses a GPU, and finds it again', async () => {
    const clock = new ManualClock(1_790_000_000_000);
    const simulator = await simulate({ scenario: 'gpu-lost', clock });
    const watcher = await watch(simulator);
    clock.advance(70_000);
    simulator.broadcast('the end', {});
    await expect.poll(() => watcher.types().at(-1)).toBe('the end');
    const counts = watcher.messages.flatMap(({ type, data }) =>
      type === 'crystools.monitor' ? listOf(data.gpus).length : [],
    );
    expect(counts.filter((count, index) => count !== counts[index - 1])).toEqual([2, 1, 2]);
  });

  it('no-extension says nothing of the machine but its memory, which is that of this computer', async () => {
    const simulator = await simulate({ scenario: 'no-extension' });
    const stats = await get(simulator, '/system_stats');
    expect(stats.system).toMatchObject({ os: platform(), ram_total: totalmem() });
    expect((await fetch(`${simulator.url}/comfy_monitor/info`)).status).toBe(404);
    expect((await fetch(`${simulator.url}/crystools/monitor/GPU`)).status).toBe(404);
  });

  it('errors brings every kind of end', async () => {
    const clock = new ManualClock(1_790_000_000_000);
    const simulator = await simulate({ scenario: 'errors', clock });
    clock.advance(600_000);
    const jobs = listOf((await get(simulator, '/api/jobs')).jobs).map(objectOf);
    const statuses = jobs.map(({ status }) => status);
    expect(statuses).toEqual(expect.arrayContaining(['completed', 'failed', 'cancelled']));
  });

  it('flaky keeps losing its clients and always comes back', async () => {
    const clock = new ManualClock(1_790_000_000_000);
    const simulator = await simulate({ scenario: 'flaky', clock });
    const watcher = await connect(simulator);
    let isOver = false;
    void watcher.end().then(() => {
      isOver = true;
    });
    await expect
      .poll(() => {
        clock.advance(1_000);
        return isOver;
      })
      .toBe(true);
  });
});

it('serves a file whose name is Chinese', async () => {
  const simulator = await simulate();
  const client = await connect(simulator, 'me');
  const save = { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: '晨雾' }, _meta: {} };
  await post(simulator, { prompt: { ...fast, '3': save }, client_id: 'me' });
  await expect.poll(() => client.messages.at(-1)?.data).toMatchObject({ node: null });
  const response = await fetch(`${simulator.url}/view?filename=${encodeURIComponent('晨雾_00001_.png')}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('image/png');
});
