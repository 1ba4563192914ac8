import { describe, expect, it, onTestFinished } from 'vitest';
import { Monitors } from '../comfy/monitors.ts';
import {
  type Answer,
  closedAddress,
  type PlainServer,
  startPlainServer,
  startTcpServer,
} from '../comfy/testing/plain-server.ts';
import { mediaUrl, previewUrl } from '../contract/media-url.ts';
import { testServer } from '../domain/testing/builders.ts';
import { answerMedia } from './media.ts';

/** Asks as a page does, by an address below the media base. */
async function pageOf(url: string, enabled = false) {
  const monitors = new Monitors({
    accessTo: (server) => ({ url: server.url, headers: { authorization: 'Bearer s' }, certificate: null }),
    emit: () => {},
    log: () => {},
  });
  onTestFinished(() => monitors.stop());
  monitors.add({ ...testServer, id: 'a/b', url, enabled });
  const get = (address: string, signal = new AbortController().signal, range: string | null = null) => {
    const [path = '', query = ''] = address.split('?');
    return answerMedia(monitors, { path, query: new URLSearchParams(query), range, signal });
  };
  const getPart = (range: string) => get(imageUrl, undefined, range);
  return { monitors, get, getPart };
}

async function serving(answer: Answer): Promise<PlainServer> {
  return startPlainServer({ routes: { '/view': answer } });
}

const image = { filename: 'ä b.png', subfolder: 'x/y', type: 'output' } as const;
const imageUrl = mediaUrl('', 'a/b', { file: image, promptId: 'p', at: 1 });

describe('an executed file on the page', () => {
  it('comes from the server that executed it, with the login of that server', async () => {
    const server = await serving({
      headers: { 'content-type': 'image/png', 'content-length': '3' },
      body: 'png',
    });
    const { get } = await pageOf(server.url);
    const answer = await get(imageUrl);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('png');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'inline',
      'content-length': '3',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    expect(server.asked).toMatchObject([
      {
        url: '/view?filename=%C3%A4%20b.png&subfolder=x%2Fy&type=output',
        headers: { authorization: 'Bearer s' },
      },
    ]);
  });

  it('comes as a light copy where a thumbnail is enough', async () => {
    const server = await serving({ headers: { 'content-type': 'image/webp' }, body: 'webp' });
    const { get } = await pageOf(server.url);
    await (await get(mediaUrl('', 'a/b', { file: image, promptId: 'p', at: 1 }, 'thumbnail'))).text();
    expect(server.asked[0]?.url).toContain('preview=webp%3B75');
  });

  it.each(['image/jpeg', 'image/webp', 'image/gif', 'video/mp4', 'video/webm', 'audio/mpeg', 'audio/flac'])(
    'of type %s is shown',
    async (type) => {
      const { get } = await pageOf((await serving({ headers: { 'content-type': `${type}; x=y` } })).url);
      const { headers } = await get(imageUrl);
      expect([headers.get('content-type'), headers.get('content-disposition')]).toEqual([type, 'inline']);
    },
  );

  it.each([
    'image/svg+xml',
    'IMAGE/SVG+XML; charset=utf-8',
    'text/html',
    'text/html; image/png',
    'application/xhtml+xml',
    'application/pdf',
    'text/javascript',
    'text/plain',
    'image/png, text/html',
  ])('of type %s is only ever downloaded', async (type) => {
    const { get } = await pageOf((await serving({ headers: { 'content-type': type }, body: '<svg/>' })).url);
    const { headers } = await get(imageUrl);
    expect([headers.get('content-type'), headers.get('content-disposition')]).toEqual([
      'application/octet-stream',
      'attachment',
    ]);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('passes on none of the headers of the server', async () => {
    const headers = {
      'content-type': 'image/png',
      'set-cookie': 'a=b',
      refresh: '0;url=//evil',
      link: '<x>',
    };
    const { get } = await pageOf((await serving({ headers })).url);
    const names = [...(await get(imageUrl)).headers.keys()];
    expect(names.filter((name) => /cookie|refresh|link|server|date/.test(name))).toEqual([]);
  });

  it('that is gone is 404; any other refusal of the server is 502', async () => {
    expect((await (await pageOf((await serving({ status: 404 })).url)).get(imageUrl)).status).toBe(404);
    for (const status of [302, 401, 403, 500])
      expect((await (await pageOf((await serving({ status })).url)).get(imageUrl)).status).toBe(502);
    expect((await (await pageOf(await closedAddress())).get(imageUrl)).status).toBe(502);
  });

  it('is not fetched any more when the page does not want it', async () => {
    let open = 0;
    const url = await startTcpServer((socket) => {
      open += 1;
      socket.resume().on('close', () => {
        open -= 1;
      });
    });
    const { get } = await pageOf(url);
    const controller = new AbortController();
    const answer = get(imageUrl, controller.signal);
    await expect.poll(() => open).toBe(1);
    controller.abort();
    expect((await answer).status).toBe(502);
    await expect.poll(() => open).toBe(0);
  });
});

describe('a part of an executed file', () => {
  it('is what the server gives of it, for players that seek', async () => {
    const headers = { 'content-type': 'video/mp4', 'content-range': 'bytes 2-4/10', 'content-length': '3' };
    const server = await serving({ status: 206, headers, body: 'cde' });
    const answer = await (await pageOf(server.url)).getPart('bytes=2-4');
    expect([answer.status, await answer.text()]).toEqual([206, 'cde']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'content-range': 'bytes 2-4/10',
      'content-length': '3',
      'content-type': 'video/mp4',
    });
    expect(server.asked[0]?.headers.range).toBe('bytes=2-4');
  });

  it('is the whole file where the server knows no parts', async () => {
    const answer = await (await pageOf((await serving({ body: 'all' })).url)).getPart('bytes=1-');
    expect([answer.status, answer.headers.get('content-range'), await answer.text()]).toEqual([
      200,
      null,
      'all',
    ]);
  });

  it('that lies beyond the end is refused as such', async () => {
    const server = await serving({ status: 416, headers: { 'content-range': 'bytes */10' } });
    const answer = await (await pageOf(server.url)).getPart('bytes=99-');
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */10']);
  });

  it.each(['bytes=0-1,4-5', 'items=0-1', 'bytes=a-b', 'bytes=-', 'bytes=1-2 ', '0-1', ''])(
    'asked for as %j is not asked for',
    async (range) => {
      const server = await serving({ body: 'all' });
      expect((await (await pageOf(server.url)).getPart(range)).status).toBe(200);
      expect(server.asked[0]?.headers.range).toBeUndefined();
    },
  );

  it.each([
    ['was not asked for', {}, null],
    ['is said to be none', { 'content-range': 'pages 1-2/3' }, 'bytes=0-1'],
    ['is not told', {}, 'bytes=0-1'],
  ])('that %s is a failure of the server', async (_, headers, range) => {
    const { get } = await pageOf((await serving({ status: 206, headers, body: 'x' })).url);
    expect((await get(imageUrl, undefined, range)).status).toBe(502);
  });
});

describe('anything else', () => {
  it.each([
    '',
    '/',
    '/view?filename=a.png',
    '/unknown/view?filename=a.png',
    '/a%2Fb',
    '/a%2Fb/',
    '/a%2Fb/queue',
    '/a%2Fb/view/?filename=a.png',
    '/a%2Fb/view/../queue?filename=a.png',
    '/a%2Fb/../../etc/passwd',
    '/a/b/view?filename=a.png',
    '/%E0%A4%A/view?filename=a.png',
    '/a%2Fb/preview',
    '//evil.example/view?filename=a.png',
  ])('is not found, and no server is asked for it: %s', async (address) => {
    const server = await serving({ body: 'x' });
    const { get } = await pageOf(server.url);
    expect((await get(address)).status).toBe(404);
    expect(server.asked).toEqual([]);
  });

  it.each([
    '/a%2Fb/view',
    '/a%2Fb/view?filename=',
    '/a%2Fb/view?filename=a.png&type=models',
    `/a%2Fb/view?filename=a.png&subfolder=${'x/'.repeat(600)}`,
  ])('that is no executed file is refused without asking: %.40s', async (address) => {
    const server = await serving({ body: 'x' });
    const { get } = await pageOf(server.url);
    expect((await get(address)).status).toBe(400);
    expect(server.asked).toEqual([]);
  });

  it('of a server, reached by dots in a name, is left to that server to refuse', async () => {
    const server = await serving({ status: 403 });
    const { get } = await pageOf(server.url);
    await get('/a%2Fb/view?filename=../../../etc/passwd&subfolder=..');
    // One path, and the dots inside of values.
    expect(server.asked.map(({ url }) => url)).toEqual([
      '/view?filename=..%2F..%2F..%2Fetc%2Fpasswd&subfolder=..&type=output',
    ]);
  });
});

describe('a preview on the page', () => {
  it('is the newest one of its server', async () => {
    const server = await startPlainServer();
    const { monitors, get } = await pageOf(server.url, true);
    await expect.poll(() => server.sockets.size).toBe(1);
    expect((await get(previewUrl('', 'a/b', 1))).status).toBe(404);
    await expect.poll(() => server.said[0]?.length).toBe(1);
    server.send(Buffer.from('0000000100000001ffd8ffe000000000', 'hex'));
    await expect.poll(() => monitors.latestPreview('a/b')?.mimeType).toBe('image/jpeg');
    const answer = await get(previewUrl('', 'a/b', monitors.latestPreview('a/b')?.revision ?? 0));
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await answer.arrayBuffer()).toString('hex')).toBe('ffd8ffe000000000');
  });
});
