import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { extractAll } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type PackedApp, packApp } from '../scripts/pack-app.ts';

const run = promisify(execFile);

/** The app as electron-builder packs it, unpacked again where no node_modules are near. */
describe('the packed app', () => {
  let folder: string;
  let packed: PackedApp;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packed-app-'));
    packed = await packApp(join(import.meta.dirname, '..'), join(folder, 'pack'));
    extractAll(packed.asar, join(folder, 'app'));
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('consists of what was built and nothing else', async () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths.filter((path) => path !== 'package.json' && !path.startsWith('out/'))).toEqual([]);
    expect(paths.filter((path) => /\.map$|\.test\.|node_modules|\.built|\.pyc$/.test(path))).toEqual([]);
    for (const needed of [
      'package.json',
      'out/main/index.js',
      'out/preload/index.cjs',
      'out/renderer/index.html',
      'out/companion/__init__.py',
      'out/companion/measure/gpus/nvml.py',
      'out/renderer/icon.png',
      'out/licences.txt',
    ])
      expect(paths).toContain(needed);
    expect((await stat(packed.asar)).size).toBe(packed.size);
    // Twice what it is today; more than that wants a reason.
    expect(packed.size).toBeLessThan(7_000_000);
  });

  it('brings the licences of what it is made of', async () => {
    const licences = await readFile(join(folder, 'app', 'out', 'licences.txt'), 'utf8');
    expect(licences).toMatch(/^MIT License\n\nCopyright .* Comfy Monitor authors/);
    const parts = licences.split(`\n\n${'-'.repeat(80)}\n\n`);
    const about = (name: string) => parts.filter((part) => part.startsWith(`${name} `));
    for (const name of ['react', 'react-dom', 'recharts', 'ws', 'zod', 'electron-updater', 'undici'])
      expect(about(name), name).toEqual([
        expect.stringMatching(/\(MIT\)\n\n.*Copyright.*WITHOUT WARRANTY/is),
      ]);
    const [inter] = about('@fontsource-variable/inter');
    expect(inter).toMatch(/Inter Project Authors.*SIL OPEN FONT LICENSE/s);
    // Tools that made the app are no part of it.
    for (const name of ['vite', 'electron-builder', 'typescript']) expect(about(name), name).toEqual([]);
  });

  it('knows whether it was signed', async () => {
    const manifest = JSON.parse(await readFile(join(folder, 'app', 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({
      name: 'comfy-monitor',
      isSignedForMac: Boolean(process.env.CSC_LINK || process.env.CSC_NAME),
    });
  });

  it('has Electron run nothing but this code', () => {
    expect(packed.fuses).toEqual({
      RunAsNode: false,
      EnableCookieEncryption: false,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
    });
  });

  // On the other systems the updater wants an installed app.
  it.skipIf(process.platform !== 'linux')('fetches an update without any package beside it', async () => {
    const image = Buffer.from('#!/bin/sh\necho the new version\n');
    const feed = createServer((request, response) => {
      const [path] = (request.url ?? '').split('?');
      if (path === '/latest-linux.yml') response.end(latest);
      else if (path === '/new.AppImage') response.end(image);
      else response.writeHead(404).end();
    });
    const latest = [
      'version: 9.9.9',
      'files:',
      '  - url: new.AppImage',
      `    sha512: ${createHash('sha512').update(image).digest('base64')}`,
      `    size: ${image.length}`,
      "releaseDate: '2026-03-04T05:06:07.000Z'",
    ].join('\n');
    await new Promise<void>((done) => feed.listen(0, '127.0.0.1', done));
    onTestFinished(() => {
      feed.close();
      feed.closeAllConnections();
    });
    const address = feed.address();
    const port = typeof address === 'object' ? address?.port : null;
    const url = `http://127.0.0.1:${port}`;

    const resources = join(folder, 'resources');
    await mkdir(resources);
    await writeFile(
      join(resources, 'app-update.yml'),
      `provider: generic\nurl: ${url}\nupdaterCacheDirName: comfy-monitor-updater\n`,
    );
    await writeFile(join(folder, 'old.AppImage'), 'the old version');
    await writeFile(join(folder, 'electron.mjs'), electron);
    await writeFile(join(folder, 'hooks.mjs'), hooks);
    const chunks = join(folder, 'app', 'out', 'main', 'chunks');
    const texts = await Promise.all(
      (await readdir(chunks)).map(
        async (name) => [name, await readFile(join(chunks, name), 'utf8')] as const,
      ),
    );
    const [chunk] = texts.find(([, text]) => text.includes('AppImageUpdater')) ?? [];
    await writeFile(join(folder, 'probe.mjs'), probe(pathToFileURL(join(chunks, chunk ?? '?')).href));
    const { stdout } = await run(process.execPath, ['--import', './hooks.mjs', 'probe.mjs'], {
      cwd: folder,
      env: {
        ...process.env,
        APPIMAGE: join(folder, 'old.AppImage'),
        RESOURCES: resources,
        XDG_CACHE_HOME: join(folder, 'cache'),
        NODE_PATH: '',
      },
    });
    const { version, files } = JSON.parse(stdout);
    expect(version).toBe('9.9.9');
    expect(await readFile(files[0])).toEqual(image);
  });
});

/** As much of the module `electron` as the updater uses to look for a version and to fetch it. */
const electron = `
  import { EventEmitter } from 'node:events';
  import { request } from 'node:http';
  export const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    whenReady: async () => {},
    getVersion: () => '0.1.0',
    getName: () => 'Comfy Monitor',
    getPath: () => process.env.XDG_CACHE_HOME,
  });
  export const session = { fromPartition: () => ({}) };
  export const net = { request: ({ session, redirect, ...options }) => request(options) };
`;

const hooks = `
  import { registerHooks } from 'node:module';
  const electron = new URL('electron.mjs', import.meta.url).href;
  registerHooks({ resolve: (name, context, next) =>
    name === 'electron' ? { url: electron, shortCircuit: true } : next(name, context) });
`;

const probe = (chunk: string): string => `
  process.resourcesPath = process.env.RESOURCES;
  const loaded = Object.values(await import(${JSON.stringify(chunk)}))
    .map((load) => (typeof load === 'function' ? load() : load))
    .find((found) => 'NsisUpdater' in found);
  const { autoUpdater } = loaded;
  autoUpdater.logger = null;
  const { updateInfo, downloadPromise } = await autoUpdater.checkForUpdates();
  console.log(JSON.stringify({ version: updateInfo.version, files: await downloadPromise }));
  process.exit(0);
`;
