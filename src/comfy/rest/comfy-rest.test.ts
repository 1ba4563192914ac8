import { describe, expect, it } from 'vitest';
import { type PlainServerOptions, startPlainServer } from '../testing/plain-server.ts';
import { ComfyRest } from './comfy-rest.ts';

async function restOf(routes: PlainServerOptions['routes'], headers: Record<string, string> = {}) {
  const server = await startPlainServer({ routes });
  return { server, rest: new ComfyRest({ access: { url: server.url, headers, certificate: null } }) };
}

describe('an executed file', () => {
  const file = { filename: 'ä &?#.png', subfolder: '../x', type: 'temp' } as const;

  it('is asked for with everything encoded, as it is or as a light copy', async () => {
    const { server, rest } = await restOf({ '/view': { body: 'bytes' } });
    for (const thumbnail of [false, true]) await (await rest.view(file, { thumbnail })).body?.cancel();
    expect(server.asked.map(({ url }) => url)).toEqual([
      '/view?filename=%C3%A4%20%26%3F%23.png&subfolder=..%2Fx&type=temp',
      '/view?filename=%C3%A4%20%26%3F%23.png&subfolder=..%2Fx&type=temp&preview=webp%3B75',
    ]);
    expect(server.asked[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('comes with its type and length, before it was read', async () => {
    const headers = { 'content-type': 'image/png', 'content-length': '5' };
    const { rest } = await restOf({ '/view': { headers, body: 'bytes' } });
    const answer = await rest.view(file, { thumbnail: false });
    expect(answer).toMatchObject({ status: 200, headers: { contentType: 'image/png', contentLength: 5 } });
    expect(await new Response(answer.body).text()).toBe('bytes');
  });

  it('of which the server says little has no length, and no type that could be shown', async () => {
    const { rest } = await restOf({ '/view': { headers: { 'transfer-encoding': 'chunked' }, body: 'x' } });
    const answer = await rest.view(file, { thumbnail: false });
    await answer.body?.cancel();
    expect(answer.headers).toEqual({
      contentType: 'application/octet-stream',
      contentLength: null,
      contentRange: null,
      version: null,
    });
  });

  it('comes in part where only a part is asked for', async () => {
    const headers = { 'content-range': 'bytes 1-2/5', etag: '"v1"' };
    const { server, rest } = await restOf({ '/view': { status: 206, headers, body: 'yt' } });
    const answer = await rest.view(file, { thumbnail: false, range: 'bytes=1-2' });
    await answer.body?.cancel();
    expect(server.asked[0]?.headers.range).toBe('bytes=1-2');
    expect(answer).toMatchObject({ status: 206, headers: { contentRange: 'bytes 1-2/5', version: '"v1"' } });
  });

  it('that is gone says so by its status', async () => {
    const { rest } = await restOf({});
    const answer = await rest.view(file, { thumbnail: false });
    await answer.body?.cancel();
    expect(answer.status).toBe(404);
  });
});

describe('what a server has beyond ComfyUI', () => {
  it('is seen by the routes that it answers', async () => {
    const { rest } = await restOf({
      '/crystools/monitor/GPU': { json: [{ index: 0, name: 'RTX' }] },
      '/comfy_monitor/info': { json: { version: '1.2.3' } },
      '/internal/folder_paths': { json: { custom_nodes: ['/comfy/custom_nodes', 7] } },
    });
    expect(await rest.hasCrystools()).toBe(true);
    expect(await rest.companionVersion()).toBe('1.2.3');
    expect(await rest.customNodeFolders()).toEqual(['/comfy/custom_nodes']);
  });

  it('is missing where it answers with anything else', async () => {
    const { rest } = await restOf({
      '/crystools/monitor/GPU': { body: '<html>' },
      '/comfy_monitor/info': { json: ['1.2.3'] },
      '/internal/folder_paths': { json: null },
    });
    expect(await rest.hasCrystools()).toBe(false);
    expect(await rest.companionVersion()).toBeNull();
    expect(await rest.customNodeFolders()).toEqual([]);
  });
});

describe('an answer that ComfyUI does not give', () => {
  it('is not taken for one, although it is JSON', async () => {
    const { rest } = await restOf({ '/system_stats': { json: { status: 'ok' } }, '/queue': { json: [] } });
    const refused = { problem: { kind: 'not-comfyui', detail: expect.stringContaining('gave JSON') } };
    await expect(rest.systemStats()).rejects.toMatchObject(refused);
    await expect(rest.queue()).rejects.toMatchObject(refused);
  });
});

describe('a command', () => {
  it('is refused with the reason of the server', async () => {
    const { rest } = await restOf({ '/free': { status: 403 } });
    await expect(rest.freeMemory()).rejects.toMatchObject({ problem: { kind: 'forbidden', status: 403 } });
  });

  it('carries the login too', async () => {
    const { server, rest } = await restOf({ '/free': {} }, { 'x-key': 'k' });
    await rest.freeMemory();
    expect(server.asked).toMatchObject([
      {
        method: 'POST',
        url: '/free',
        headers: { 'x-key': 'k' },
        body: '{"unload_models":true,"free_memory":true}',
      },
    ]);
  });
});

describe('one prompt', () => {
  it('whose entry cannot be read is not one that the server does not know', async () => {
    const { rest } = await restOf({
      '/history/p': { json: { p: null } },
      '/history/other': { json: { detail: 'try later' } },
      '/history/q': { json: {} },
    });
    for (const promptId of ['p', 'other'])
      await expect(rest.historyOf(promptId)).rejects.toMatchObject({ name: 'RestError' });
    expect(await rest.historyOf('q')).toBeNull();
  });

  it('that the server does not know among its jobs is none', async () => {
    const { rest } = await restOf({
      '/api/jobs/gone': { status: 404, json: { error: 'Job not found' } },
      '/api/jobs/bad': { status: 500 },
    });
    expect(await rest.jobOf('gone')).toBeNull();
    await expect(rest.jobOf('bad')).rejects.toMatchObject({ problem: { status: 500 } });
  });

  it('is cancelled with an answer where the server can do so, and with none elsewhere', async () => {
    const { server, rest } = await restOf({
      '/api/jobs/a%2F1/cancel': { json: { cancelled: true } },
      '/api/jobs/over/cancel': { json: { cancelled: false } },
      '/api/jobs/old/cancel': { status: 405 },
      '/api/jobs/login/cancel': { status: 401 },
    });
    expect(await rest.cancelJob('a/1')).toBe(true);
    expect(await rest.cancelJob('over')).toBe(false);
    expect(await rest.cancelJob('old')).toBeNull();
    await expect(rest.cancelJob('login')).rejects.toMatchObject({ problem: { kind: 'unauthorized' } });
    expect(server.asked[0]?.method).toBe('POST');
  });
});
