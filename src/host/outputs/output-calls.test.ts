import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Answer, closedAddress, startPlainServer } from '../../comfy/testing/plain-server.ts';
import type { MediaFile } from '../../domain/outputs/executed-output.ts';
import { startTestHost } from '../testing/test-host.ts';
import type { FileViewer } from './file-viewer.ts';

const image: MediaFile = { filename: 'a.png', subfolder: '', type: 'output' };

/** A host with a desktop that notes what it is asked for. */
async function hostFor(url: string, viewer: Partial<FileViewer> = {}) {
  const noted: string[] = [];
  const { host, userDataDir } = await startTestHost({
    servers: [url],
    viewer: {
      open: async () => null,
      reveal: () => {},
      chooseTarget: async ({ name }) => {
        noted.push(`save ${name}`);
        return null;
      },
      chooseFolder: async () => null,
      copyImage: async () => null,
      drag: async () => {
        noted.push('drag');
      },
      openPage: async (address) => {
        noted.push(`browse ${address}`);
      },
      ...viewer,
    },
  });
  const serverId = host.store.getState().servers[0]?.server.id ?? '';
  const page = host.openPage(() => {});
  const call = (name: string, file: MediaFile = image) =>
    page.answer(name, { serverId, promptId: 'p', file, nodeId: '9' });
  return { call, page, noted, userDataDir, serverId };
}
async function hostOf(view: Answer, viewer?: Partial<FileViewer>) {
  return hostFor((await startPlainServer({ routes: { '/view': view } })).url, viewer);
}

describe('details of an executed file', () => {
  it('are the text of a text file, up to what people read', async () => {
    const { call } = await hostOf({ body: `<b>ü</b>${'x'.repeat(400_000)}` });
    const reply = await call('outputDetails', { ...image, filename: 'notes.txt' });
    const text =
      reply.ok && reply.value instanceof Object && 'text' in reply.value ? String(reply.value.text) : '';
    expect(text.startsWith('<b>ü</b>xxx')).toBe(true);
    expect([text.length, text.at(-1)]).toEqual([256 * 1024, '…']);
  });

  it('are nothing for what says nothing', async () => {
    const { call } = await hostOf({ headers: { 'content-length': '5' }, body: 'bytes' });
    const nothing = { bytes: 5, text: null, parameters: null, untold: 'unknown-format' };
    for (const filename of ['a.png', 'a.webp', 'a.mp4', 'a.exe'])
      expect(await call('outputDetails', { ...image, filename })).toEqual({ ok: true, value: nothing });
  });

  it('that cannot be read are refused in a sentence', async () => {
    const sentence = { ok: false, message: 'a.png could not be read from the server.' };
    expect(await (await hostOf({ status: 404 })).call('outputDetails')).toEqual(sentence);
    expect(await (await hostFor(await closedAddress())).call('outputDetails')).toEqual(sentence);
  });
});

describe('saving an executed file', () => {
  it('proposes a name without anything that leads elsewhere', async () => {
    const { call, noted } = await hostOf({ body: 'x' });
    await call('saveOutputAs', { ...image, filename: '../../.ssh/key.png', subfolder: '../../..' });
    expect(noted).toEqual(['save _ssh_key.png']);
  });

  it('writes what was chosen, and says why it could not', async () => {
    const { userDataDir, call } = await hostOf(
      { body: 'pixels' },
      { chooseTarget: async ({ name }) => join(userDataDir, name) },
    );
    expect(await call('saveOutputAs')).toMatchObject({ value: { opened: true, message: null } });
    expect(await readFile(join(userDataDir, 'a.png'), 'utf8')).toBe('pixels');
    const nowhere = await hostOf({ body: 'x' }, { chooseTarget: async () => '/no/such/folder/a.png' });
    expect(await nowhere.call('saveOutputAs')).toMatchObject({
      value: { opened: false, message: expect.stringContaining('could not be written') },
    });
  });

  it('does not even ask for what is no medium', async () => {
    const { call, noted } = await hostOf({ body: 'x' });
    expect(await call('saveOutputAs', { ...image, filename: 'a.exe' })).toMatchObject({
      value: { opened: false, message: expect.stringContaining('is not a media file') },
    });
    expect(noted).toEqual([]);
  });
});

describe('the workflow of an executed file', () => {
  /** A picture without a word. */
  const gif = Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1');
  const workflow = { version: 0.4, nodes: [{ id: 1 }], extra: {} };
  const entry = { p: { prompt: [0, 'p', {}, { extra_pnginfo: { workflow } }, []] } };

  it('comes from the history, for every kind of file', async () => {
    const { url, asked } = await startPlainServer({ routes: { '/history/p': { json: entry } } });
    const { call } = await hostFor(url);
    for (const filename of ['a.png', 'a.mp4'])
      expect(await call('outputWorkflow', { ...image, filename })).toEqual({
        ok: true,
        value: { workflow: JSON.stringify(workflow), message: null },
      });
    expect(asked.filter((request) => request.url.startsWith('/view'))).toEqual([]);
  });

  it('comes from the file itself when the history has forgotten it', async () => {
    const text = `workflow\0${JSON.stringify(workflow)}`;
    const head = Buffer.alloc(8);
    head.writeUInt32BE(text.length);
    head.write('tEXt', 4, 'latin1');
    const signature = Buffer.from('89504e470d0a1a0a', 'hex');
    const body = Buffer.concat([signature, head, Buffer.from(text), Buffer.alloc(4)]);
    const routes = { '/history/p': { json: {} }, '/view': { body } };
    const { call } = await hostFor((await startPlainServer({ routes })).url);
    expect(await call('outputWorkflow')).toEqual({
      ok: true,
      value: { workflow: JSON.stringify(workflow), message: null },
    });
  });

  it.each([
    ['neither tells it', { json: {} }, { body: gif }, /^Neither ComfyUI nor a.png says/],
    [
      'the history cannot be read',
      { status: 500 },
      { body: gif },
      /history could not be read, and a.png does not/,
    ],
    [
      'the file cannot be read',
      { json: {} },
      { status: 500 },
      /a.png could not be read from the server. Try again/,
    ],
    ['the file is of no known kind', { json: {} }, { body: 'pixels' }, /of a kind that is not searched/],
    ['the file is cut off', { json: {} }, { body: gif.subarray(0, 12) }, /damaged or not complete/],
  ])('is none where %s, which is said', async (_, history, view, words) => {
    const { url } = await startPlainServer({ routes: { '/history/p': history, '/view': view } });
    const { call } = await hostFor(url);
    expect(await call('outputWorkflow')).toEqual({
      ok: true,
      value: { workflow: null, message: expect.stringMatching(words) },
    });
  });

  it('is none where nobody answers', async () => {
    expect(await (await hostFor(await closedAddress())).call('outputWorkflow')).toMatchObject({
      value: {
        workflow: null,
        message: expect.stringMatching(/history could not be read, and a.png could not/),
      },
    });
  });
});

it('a file that is gone is not dragged', async () => {
  const { call, noted } = await hostOf({ status: 404 });
  expect(await call('dragOutput')).toMatchObject({ value: { opened: false } });
  expect(noted).toEqual([]);
});

it('a path is told of originals alone', async () => {
  const { call } = await hostOf({ body: 'x' });
  expect(await call('outputPath')).toEqual({ ok: true, value: { path: null } });
});

it('the page of a server is opened at its own address', async () => {
  const { page, noted, serverId } = await hostFor('http://127.0.0.1:9/comfy');
  await page.answer('openServerPage', { serverId });
  expect(noted).toEqual(['browse http://127.0.0.1:9/comfy']);
});

it('clearing the cache removes what was downloaded', async () => {
  const { call, page, userDataDir } = await hostOf({ body: 'pixels' });
  await call('openOutput');
  expect(await readdir(join(userDataDir, 'opened-outputs'))).toHaveLength(1);
  expect(await page.answer('clearOutputCache', undefined)).toEqual({ ok: true, value: { freedBytes: 6 } });
  expect(await readdir(join(userDataDir, 'opened-outputs'))).toEqual([]);
});
