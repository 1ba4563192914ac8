import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ComfyRest } from '../../comfy/rest/comfy-rest.ts';
import {
  type Answer,
  closedAddress,
  type PlainServerOptions,
  startPlainServer,
  startTcpServer,
} from '../../comfy/testing/plain-server.ts';
import type { MediaFile } from '../../domain/outputs/executed-output.ts';
import { findOriginalPath, findOutputFile, maxDownload } from './output-file.ts';

const image: MediaFile = { filename: 'cat.png', subfolder: 'Flux', type: 'output' };

let folder: string;
let cacheDir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opened-'));
  cacheDir = join(folder, 'cache', 'opened-outputs');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

const sized = (body: string): Answer => ({ headers: { 'content-length': String(body.length) }, body });

const restOf = (url: string) => new ComfyRest({ access: { url, headers: {}, certificate: null } });

function find(url: string, file = image, maxBytes?: number, chosen: string | null = null) {
  const limit = maxBytes ? { maxBytes } : {};
  return findOutputFile({ file, rest: restOf(url), folder: chosen, cacheDir, log: () => {}, ...limit });
}
async function findAt(routes: PlainServerOptions['routes'], file = image, maxBytes?: number) {
  return find((await startPlainServer({ routes })).url, file, maxBytes);
}
const cached = () => readdir(cacheDir).catch(() => []);

describe('a copy of an executed file', () => {
  it('is downloaded under a name of our own, for this user alone', async () => {
    const found = await findAt({ '/view': sized('pixels') });
    expect(found).toMatchObject({ ok: true, original: false });
    const path = found.ok ? found.path : '';
    expect(basename(path)).toMatch(/^cat-[0-9a-f]{10}\.png$/);
    expect(await readFile(path, 'utf8')).toBe('pixels');
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await cached()).toEqual([basename(path)]);
  });

  it('is made once for each version of a file', async () => {
    let version = '"one"';
    let sent = 0;
    const answer = () => {
      sent += 1;
      return { headers: { 'content-length': '1', etag: version }, body: String(sent) };
    };
    const { url } = await startPlainServer({ routes: { '/view': answer } });
    const textOf = async () => {
      const found = await find(url);
      return found.ok ? readFile(found.path, 'utf8') : found.message;
    };
    expect([await textOf(), await textOf()]).toEqual(['1', '1']);
    version = '"two"';
    expect(await textOf()).toBe('3');
    expect(await cached()).toHaveLength(2);
  });

  it('tells how far it is, and can be cancelled', async () => {
    const cancel = new AbortController();
    const url = await startTcpServer((socket) =>
      socket.once('data', (request) =>
        socket.write(
          String(request).startsWith('GET /view')
            ? 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'
            : 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
        ),
      ),
    );
    const heard: (number | null)[][] = [];
    const found = await findOutputFile({
      file: image,
      rest: restOf(url),
      folder: null,
      cacheDir,
      log: () => {},
      signal: cancel.signal,
      onProgress: (...progress) => {
        heard.push(progress);
        if (progress[0] === 4) cancel.abort();
      },
    });
    expect(heard).toEqual([
      [0, 100],
      [4, 100],
    ]);
    expect(found).toEqual({ ok: false, message: 'The download of cat.png was cancelled.' });
    expect(await cached()).toEqual([]);
  });

  it('stays in its folder, whatever the server calls the file', async () => {
    const found = await findAt({ '/view': sized('x') }, { ...image, filename: '../../../evil.png' });
    expect(found.ok && found.path.startsWith(join(cacheDir, '_'))).toBe(true);
    expect(await cached()).toHaveLength(1);
  });

  it('can be asked for twice at the same time, as by a double click', async () => {
    const { url } = await startPlainServer({ routes: { '/view': sized('p'.repeat(1_000_000)) } });
    const found = await Promise.all([find(url), find(url), find(url)]);
    expect(found.map(({ ok }) => ok)).toEqual([true, true, true]);
    const [first] = found;
    expect(first?.ok && (await readFile(first.path, 'utf8')).length).toBe(1_000_000);
    expect(await cached()).toHaveLength(1);
  });

  it.each(['a.exe', 'a.svg', 'a.html', 'a.sh', 'a.desktop', 'a.png.lnk', 'a', '.png', 'a.blend'])(
    'is never made of %s: only media is opened, and the server is not even asked',
    async (filename) => {
      const server = await startPlainServer({ routes: { '/view': sized('x') } });
      const found = await find(server.url, { ...image, filename });
      expect(!found.ok && found.message).toContain('is not a media file');
      expect(server.asked).toEqual([]);
    },
  );

  it('is not begun when it would be too large, and ended when it becomes so', async () => {
    const huge = await startTcpServer((socket) =>
      socket.once('data', (request) =>
        socket.write(
          String(request).startsWith('GET /view')
            ? `HTTP/1.1 200 OK\r\nContent-Length: ${maxDownload + 1}\r\n\r\nx`
            : 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
        ),
      ),
    );
    const found = await find(huge);
    expect(!found.ok && found.message).toContain('cat.png is larger than 1.0 GiB');
    const chunked = { '/view': { headers: { 'transfer-encoding': 'chunked' }, body: 'x'.repeat(100_000) } };
    const grown = await findAt(chunked, image, 1_000);
    expect(!grown.ok && grown.message).toContain('cat.png is larger than');
    expect(await cached()).toEqual([]);
  });

  it.each<[string, Answer, string]>([
    ['is gone', { status: 404 }, 'cat.png is not on the server any more.'],
    ['is refused', { status: 403 }, 'The server refused to give cat.png (status 403).'],
    ['is behind a login', { status: 302 }, 'The server refused to give cat.png (status 302).'],
  ])('that %s is said to be so', async (_, answer, message) => {
    expect(await findAt({ '/view': answer })).toEqual({ ok: false, message });
  });

  it('that breaks off leaves nothing behind but a sentence', async () => {
    const url = await startTcpServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')),
    );
    const found = await find(url);
    expect(!found.ok && found.message).toContain('could not be fetched');
    expect(await cached()).toEqual([]);
    const nobody = await find(await closedAddress());
    expect(!nobody.ok && nobody.message).toContain('could not be fetched');
  });

  it('that cannot be stored is a sentence, too', async () => {
    await writeFile(join(folder, 'cache'), 'a file where a folder should be');
    const found = await findAt({ '/view': sized('x') });
    expect(!found.ok && found.message).toContain('could not be fetched');
  });
});

describe('the original of an executed file', () => {
  /** A server on this machine that was started with this output folder. */
  const local = (view: Answer, output = join(folder, 'out')): PlainServerOptions['routes'] => ({
    '/view': view,
    '/system_stats': { json: { system: { argv: ['main.py', '--output-directory', output] } } },
  });
  const original = () => join(folder, 'out', 'Flux', 'cat.png');
  beforeEach(async () => {
    await mkdir(join(folder, 'out', 'Flux'), { recursive: true });
    await writeFile(original(), 'pixels');
  });

  it('is opened where it lies, if the server runs here and says so', async () => {
    const found = await findAt(local(sized('pixels')));
    expect(found).toMatchObject({ ok: true, original: true, path: expect.stringContaining('cat.png') });
    expect(found.ok && (await readFile(found.path, 'utf8'))).toBe('pixels');
    expect(await cached()).toEqual([]);
  });

  it.each<[string, (folder: string) => PlainServerOptions['routes'], MediaFile]>([
    ['has another size than the one of the server', () => local(sized('more pixels')), image],
    ['is not there', () => local(sized('pixels')), { ...image, filename: 'dog.png' }],
    ['is a temporary file', () => local(sized('pixels')), { ...image, type: 'temp' }],
    ['is said to be elsewhere', (at) => local(sized('pixels'), join(at, 'elsewhere')), image],
    ['is in a folder that the server does not tell', () => ({ '/view': sized('pixels') }), image],
  ])('is not believed in when it %s: a copy is opened', async (_, routes, file) => {
    expect(await findAt(routes(folder), file)).toMatchObject({ ok: true, original: false });
  });

  // Only some systems connect to this address, which is this computer but does not look like it.
  it.skipIf(process.platform === 'win32')('is not looked for on another computer', async () => {
    const server = await startPlainServer({ routes: local(sized('pixels')) });
    const found = await find(server.url.replace('127.0.0.1', '0.0.0.0'));
    expect(found).toMatchObject({ ok: true, original: false });
  });

  describe('in a folder that the user chose', () => {
    /** The same server under an address that does not look like this computer. */
    async function elsewhere(view: Answer) {
      const server = await startPlainServer({ routes: { '/view': view } });
      return { url: server.url.replace('127.0.0.1', '0.0.0.0'), asked: server.asked };
    }
    const out = () => join(folder, 'out');

    it('is opened although the server tells no folder', async () => {
      const { url } = await startPlainServer({ routes: { '/view': sized('pixels') } });
      expect(await find(url, image, undefined, out())).toMatchObject({
        ok: true,
        original: true,
        path: expect.stringContaining(join('out', 'Flux', 'cat.png')),
      });
    });

    it('comes before the folder that the server tells', async () => {
      const shared = join(folder, 'shared');
      await mkdir(join(shared, 'Flux'), { recursive: true });
      await writeFile(join(shared, 'Flux', 'cat.png'), 'pixels');
      const { url } = await startPlainServer({ routes: local(sized('pixels')) });
      const found = await find(url, image, undefined, shared);
      expect(found.ok && found.path).toContain(join('shared', 'Flux'));
      await rm(join(shared, 'Flux'), { recursive: true });
      const reported = await find(url, image, undefined, shared);
      expect(reported.ok && reported.path).toContain(join('out', 'Flux'));
    });

    it.skipIf(process.platform === 'win32')('is opened for a server elsewhere, and it alone', async () => {
      const { url, asked } = await elsewhere(sized('pixels'));
      expect(await find(url, image, undefined, out())).toMatchObject({ ok: true, original: true });
      expect(await findOriginalPath({ file: image, rest: restOf(url), folder: out() })).toContain('cat.png');
      expect(await findOriginalPath({ file: image, rest: restOf(url), folder: null })).toBeNull();
      // Where a server elsewhere keeps its files says nothing about this computer.
      expect(asked.filter(({ url: route }) => !route.startsWith('/view'))).toEqual([]);
    });

    it('is found in the subfolders of a server on Windows', async () => {
      await mkdir(join(out(), 'Flux', 'dev'));
      await writeFile(join(out(), 'Flux', 'dev', 'cat.png'), 'pixels');
      const { url } = await startPlainServer({ routes: { '/view': sized('pixels') } });
      const file = { ...image, subfolder: 'Flux\\dev' };
      expect(await find(url, file, undefined, out())).toMatchObject({ ok: true, original: true });
    });

    it.each(['..', '..\\', '../out/..'])('is never outside of it (%s)', async (subfolder) => {
      await writeFile(join(folder, 'secret.png'), 'pixels');
      const { url } = await startPlainServer({ routes: { '/view': sized('pixels') } });
      const file = { ...image, subfolder, filename: 'secret.png' };
      expect(await find(url, file, undefined, out())).toMatchObject({ ok: true, original: false });
    });

    it('is not believed in when the folder is not there any more', async () => {
      const { url } = await startPlainServer({ routes: { '/view': sized('pixels') } });
      const found = await find(url, image, undefined, join(folder, 'unplugged'));
      expect(found).toMatchObject({ ok: true, original: false });
    });
  });

  it('is never outside of the output folder', async () => {
    await writeFile(join(folder, 'secret.png'), 'pixels');
    const found = await findAt(local(sized('pixels')), { ...image, subfolder: '..', filename: 'secret.png' });
    expect(found).toMatchObject({ ok: true, original: false });
  });
});
