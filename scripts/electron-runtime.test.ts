import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  desktopObstacle,
  download,
  findElectron,
  sandboxObstacle,
  testObstacle,
} from './electron-runtime.ts';

const root = join(import.meta.dirname, '..');
const undo: (() => unknown)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const step of undo.splice(0)) await step();
});

/** A download server that takes requests and behaves as told; the cache is a folder of its own. */
async function mirror(answer: Parameters<typeof createServer>[1]): Promise<void> {
  const server: Server = createServer({}, answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const cache = await mkdtemp(join(tmpdir(), 'electron-cache-'));
  if (typeof address !== 'object' || !address) throw new Error('no port');
  vi.stubEnv('ELECTRON_MIRROR', `http://127.0.0.1:${address.port}/`);
  for (const name of ['XDG_CACHE_HOME', 'LOCALAPPDATA', 'HOME']) vi.stubEnv(name, cache);
  undo.push(() => {
    server.closeAllConnections();
    server.close();
    return rm(cache, { recursive: true, force: true });
  });
}

describe('the runtime of Electron', () => {
  it('is not wanted where no desktop app can run', () => {
    expect(desktopObstacle('linux', {}, 1000)).toMatch(/no display/);
    expect(desktopObstacle('linux', { DISPLAY: ':0' }, 0)).toMatch(/root/);
    expect(desktopObstacle('linux', { WAYLAND_DISPLAY: 'wayland-0' }, 1000)).toBeNull();
    expect(desktopObstacle('darwin', {}, 501)).toBeNull();
    expect(desktopObstacle('win32', {}, undefined)).toBeNull();
  });

  it('is not found where it was never installed', () => {
    expect(findElectron(join(tmpdir(), 'no-such-project'))).toBeNull();
  });

  it('is not started on Linux where its sandbox would make it crash', () => {
    const electron = join(tmpdir(), 'no-such-folder', 'electron');
    expect(sandboxObstacle(electron, 'linux', () => false)).toMatch(/does not allow Chromium's sandbox/);
    expect(sandboxObstacle(electron, 'linux', () => true)).toBeNull();
    expect(sandboxObstacle(electron, 'darwin', () => false)).toBeNull();
  });

  it('is left out of the tests where it cannot run, unless it has to be tested', async () => {
    const project = await mkdtemp(join(tmpdir(), 'project-'));
    undo.push(() => rm(project, { recursive: true }));
    expect(testObstacle(project, {}, 'no display.')).toBe('no display.');
    expect(testObstacle(project, {}, null)).toMatch(/not installed; run npx install-electron/);
    const required = { REQUIRE_ELECTRON: '1' };
    expect(() => testObstacle(project, required, 'no display.')).toThrow(
      /^REQUIRE_ELECTRON is set, but Electron cannot be tested here: no display\.$/,
    );
    expect(() => testObstacle(project, required, null)).toThrow(/not installed/);

    const folder = join(project, 'node_modules', 'electron');
    await mkdir(join(folder, 'dist'), { recursive: true });
    await writeFile(join(folder, 'path.txt'), 'electron');
    await writeFile(join(folder, 'dist', 'electron'), '');
    expect(testObstacle(project, {}, null) ?? '').not.toMatch(/not installed/);
  });

  it('is given up when its download brings nothing', async () => {
    await mirror(() => {});
    await expect(download(root, 200)).rejects.toThrow('nothing came for 0.2 s');
  });

  it('is given up when its download stops half-way', async () => {
    await mirror((_request, response) => {
      response.writeHead(200, { 'content-length': '1000000' });
      response.write('the beginning');
    });
    await expect(download(root, 300)).rejects.toThrow('nothing came for 0.3 s');
  });

  it('is not taken from a mirror that gives something else', async () => {
    await mirror((_request, response) => response.end('surprise'));
    await expect(download(root, 5_000)).rejects.toThrow(/checksum/i);
  });
});
