import { createServer, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startTestHost } from '../../host/testing/test-host.ts';
import { request } from '../testing/fake-electron.ts';
import { answerSchemes, mediaBase } from './schemes.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

/** A ComfyUI that sends the beginning of a file and keeps the rest, and what becomes of its answers. */
async function startSlowServer() {
  const answers: ServerResponse[] = [];
  const server = createServer((asked, answer) => {
    if (!asked.url?.startsWith('/view')) return answer.writeHead(404).end();
    answers.push(answer);
    answer.writeHead(200, { 'content-type': 'image/png', 'content-length': '1000000' });
    return answer.write(Buffer.alloc(1000));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, answers };
}

describe('a picture that the page does not want any more', () => {
  it.each([
    ['while it comes', true],
    ['before any of it was shown', false],
  ])('is not fetched on from the server, %s', async (_, isRead) => {
    const { url, answers } = await startSlowServer();
    const { host } = await startTestHost({ servers: [url] });
    answerSchemes({ files: new Map(), media: host.media });
    const [state] = host.store.getState().servers;
    const response = await request(`${mediaBase}/${state?.server.id}/view?filename=a.png`);
    if (!response.body) throw new Error('no body');
    // As Electron hands it over, and gives it up when the load is cancelled.
    const stream = Readable.fromWeb(response.body);
    if (isRead) await new Promise((read) => stream.once('data', read));
    stream.destroy();
    await expect.poll(() => answers[0]?.destroyed).toBe(true);
  });
});
