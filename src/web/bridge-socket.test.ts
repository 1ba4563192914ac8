import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startPlainServer } from '../comfy/testing/plain-server.ts';
import { type Job, unknownJob } from '../domain/jobs/job.ts';
import type { MonitorHost } from '../host/monitor-host.ts';
import { startTestHost, type TestHostOptions } from '../host/testing/test-host.ts';
import { openBridges } from './bridge-socket.ts';
import { startWebServer } from './web-server.ts';

/** A browser tab's connection to the monitor; `frames` is what came. */
async function openTab(options: TestHostOptions = {}) {
  const { host: whole } = await startTestHost(options);
  let pages = 0;
  const host: MonitorHost = {
    ...whole,
    openPage(push) {
      const page = whole.openPage(push);
      pages += 1;
      const close = () => {
        pages -= 1;
        page.close();
      };
      return { ...page, close };
    },
  };
  const server = await startWebServer({ files: new Map(), media: host.media, port: 0 });
  const bridges = openBridges(server, host);
  onTestFinished(async () => {
    bridges.close();
    await server.close();
  });
  const { origin } = new URL(server.url);
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}bridge`, { origin });
  onTestFinished(() => socket.terminate());
  const frames: unknown[] = [];
  socket.on('error', () => {});
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  await once(socket, 'open');
  const call = (id: number, name: string, request?: unknown) =>
    socket.send(JSON.stringify({ id, call: name, request }));
  return { socket, frames, call, bridges, host, pages: () => pages };
}

describe('the bridge to a browser tab', () => {
  it('answers calls with their number, and pushes what happens', async () => {
    const server = await startPlainServer();
    const { frames, call } = await openTab({ servers: [server.url] });
    call(1, 'getSnapshot');
    await expect
      .poll(() => frames)
      .toContainEqual({
        id: 1,
        reply: { ok: true, value: expect.objectContaining({ state: expect.anything() }) },
      });
    await expect.poll(() => server.sockets.size).toBe(1);
    server.send({ type: 'notification', data: { value: 'hello' } });
    await expect.poll(() => JSON.stringify(frames)).toContain('hello');
    call(7, 'moveServer', { serverId: 'gone', index: 0 });
    await expect
      .poll(() => frames)
      .toContainEqual({ id: 7, reply: { ok: false, message: 'This server is not watched any more.' } });
  });

  it.each([
    '',
    'hello',
    '{',
    'null',
    '[]',
    '{}',
    '{"id":1}',
    '{"id":"1","call":"getSnapshot"}',
    '{"id":1,"call":5}',
    `{"id":1,"call":"${'x'.repeat(200)}"}`,
    '{"__proto__":{"id":1,"call":"getSnapshot"}}',
    Buffer.from([0xff, 0x00]),
  ])('lets a frame that is no call do nothing: %.30s', async (frame) => {
    const { socket, frames, call } = await openTab();
    socket.send(frame);
    call(2, 'setAttention', { attention: 'focused' });
    await expect.poll(() => frames.length).toBe(1);
    expect(frames).toEqual([{ id: 2, reply: { ok: true } }]);
  });

  it('refuses calls that are not known or not as agreed, with a sentence', async () => {
    const { frames, call } = await openTab();
    call(1, 'deleteEverything');
    call(2, '__proto__');
    call(3, 'setAttention', { attention: 'yes' });
    await expect.poll(() => frames.length).toBe(3);
    for (const frame of frames)
      expect(frame).toMatchObject({ reply: { ok: false, message: expect.stringMatching(/^[A-Z].*\.$/) } });
  });

  it('gives a tab of even the largest state what it can show, and says what it leaves out', async () => {
    const { frames, call, host } = await openTab({ servers: ['http://127.0.0.1:9'] });
    const [server] = host.store.getState().servers;
    if (!server) throw new Error('no server is watched');
    const output = { nodeId: '1', kind: 'text', file: null, text: 'x'.repeat(10_000), at: 0 } as const;
    const job = (index: number): Job => ({
      ...unknownJob(server.server.id, `p${index}`, 0),
      state: 'success',
      outputs: Array.from({ length: 200 }, () => output),
    });
    const finished = Array.from({ length: 200 }, (_, index) => job(index));
    host.store.replace({ servers: [{ ...server, finished }] });
    call(1, 'getSnapshot');
    await expect.poll(() => frames.some((frame) => JSON.stringify(frame).startsWith('{"id":1,'))).toBe(true);
    const answer = JSON.stringify(frames);
    expect(answer.length).toBeLessThan(20 * 2 ** 20);
    expect(answer).toContain('"promptId":"p199"');
    expect(answer).toContain('Some jobs are shown without what they made.');
  });

  it('cuts off a tab that sends too much at once', async () => {
    const { socket } = await openTab();
    socket.send('x'.repeat(2 ** 20 + 1));
    await once(socket, 'close');
  });

  it('forgets a tab that is closed, also while it waits for an answer', async () => {
    const server = await startPlainServer({ routes: { '/system_stats': null } });
    const { socket, call, pages } = await openTab();
    const details = {
      color: null,
      authentication: { kind: 'none' },
      secret: null,
      certificate: null,
      outputFolder: null,
    };
    call(1, 'testServer', { serverId: null, url: server.url, details });
    await expect.poll(() => server.asked.length).toBe(1);
    expect(pages()).toBe(1);
    socket.terminate();
    await expect.poll(pages).toBe(0);
    // The answer to the call comes only now.
    await server.close();
  });

  it('ends with the monitor', async () => {
    const { socket, bridges } = await openTab();
    bridges.close();
    await once(socket, 'close');
  });
});
