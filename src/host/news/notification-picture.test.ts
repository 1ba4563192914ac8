import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { startPlainServer } from '../../comfy/testing/plain-server.ts';
import { image, queued } from '../../domain/testing/builders.ts';
import { startTestHost } from '../testing/test-host.ts';

const file = { filename: 'a.png', subfolder: '', type: 'output' } as const;

async function pictureFrom(url: string): Promise<Buffer | null> {
  const { host } = await startTestHost({ servers: [url] });
  return host.news.picture(host.store.getState().servers[0]?.server.id ?? '', file);
}

it('a picture is asked for as a JPEG, which every system can show', async () => {
  const server = await startPlainServer({
    routes: { '/view': { headers: { 'content-type': 'image/jpeg' }, body: 'pixels' } },
  });
  expect(String(await pictureFrom(server.url))).toBe('pixels');
  expect(server.asked.map(({ url }) => url)).toContainEqual(expect.stringContaining('preview=jpeg'));
});

it('a picture is asked for when a prompt has executed it, and not again for its notification', async () => {
  const server = await startPlainServer({
    routes: { '/view': { headers: { 'content-type': 'image/jpeg' }, body: 'pixels' } },
  });
  const { host } = await startTestHost({ servers: [server.url] });
  host.news.tell({ tell: () => {}, isFocused: () => false });
  const serverId = host.store.getState().servers[0]?.server.id ?? '';
  const happened = { serverId, at: Date.now() };
  host.store.apply([
    { ...happened, type: 'queue_read', running: [queued('p')], pending: [] },
    { ...happened, type: 'node_executed', promptId: 'p', nodeId: '9', outputs: [image('a.png')] },
  ]);
  const views = () => server.asked.filter(({ url }) => url.startsWith('/view'));
  await expect.poll(() => views().length).toBe(1);
  expect(String(await host.news.picture(serverId, file))).toBe('pixels');
  expect(views()).toHaveLength(1);
  // What is asked for ahead is for one notification.
  await host.news.picture(serverId, file);
  expect(views()).toHaveLength(2);
});

it.each([
  ['is no picture', { headers: { 'content-type': 'text/html' }, body: '<b>' }],
  ['is not there', { status: 404 }],
  ['is far too large', { headers: { 'content-type': 'image/jpeg' }, body: Buffer.alloc(9 * 1024 * 1024) }],
])('a picture that %s is left out', async (_, answer) => {
  const server = await startPlainServer({ routes: { '/view': answer } });
  expect(await pictureFrom(server.url)).toBeNull();
});

it('a picture that stops half way is not waited for', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': 100 });
    response.write('half');
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  expect(await pictureFrom(`http://127.0.0.1:${port}`)).toBeNull();
});
