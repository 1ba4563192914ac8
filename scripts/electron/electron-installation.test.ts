import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installElectron, installerEnvironment, inWords } from './electron-installation.ts';
import { findElectron } from './electron-runtime.ts';

const modules = join(import.meta.dirname, '..', '..', 'node_modules');
const undo: (() => unknown)[] = [];
let project: string;
/** Electron's own installer takes all of this. */
let environment: NodeJS.ProcessEnv;

/** A project with Electron's own installer in it, for a runtime that is only a file. */
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'project-'));
  undo.push(() => rm(project, { recursive: true, force: true }));
  const electron = join(project, 'node_modules', 'electron');
  await mkdir(electron, { recursive: true });
  for (const name of ['install.js', 'package.json'])
    await cp(join(modules, 'electron', name), join(electron, name));
  await writeFile(
    join(electron, 'checksums.json'),
    JSON.stringify({ [archiveName]: createHash('sha256').update(archive).digest('hex') }),
  );
  for (const scope of ['@electron', '@electron-internal'])
    await symlink(join(modules, scope), join(project, 'node_modules', scope), 'junction');
  environment = {
    ...process.env,
    ...platform,
    electron_config_cache: join(project, 'cache'),
    no_proxy: '',
    NO_PROXY: '',
  };
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const platform = { ELECTRON_INSTALL_PLATFORM: 'linux', ELECTRON_INSTALL_ARCH: 'arm64' };
const { version } = JSON.parse(await readFile(join(modules, 'electron', 'package.json'), 'utf8'));
const archiveName = `electron-v${version}-linux-arm64.zip`;
const archive = Buffer.from(
  zipSync({ electron: Buffer.from('the program'), version: Buffer.from(version) }, { level: 0 }),
);

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  undo.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${portOf(server.address())}`;
}
function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

/** A download server that behaves as told, and remembers what it was asked for. */
async function mirror(answer: RequestListener): Promise<string[]> {
  const asked: string[] = [];
  const host = await listening(
    createServer((request, response) => {
      asked.push(request.url ?? '');
      answer(request, response);
    }),
  );
  environment.ELECTRON_MIRROR = `http://${host}/`;
  return asked;
}
const install = (patienceMs = 10_000) => installElectron(project, { environment, patienceMs });
const installed = () => findElectron(project, environment, 'linux');

describe('installing Electron', () => {
  it("is done by Electron's own installer, with its settings for mirror, cache and platform", async () => {
    const asked = await mirror((_request, response) => response.end(archive));
    environment.npm_config_electron_custom_dir = 'of-{{ version }}';
    expect(await install()).toBeNull();
    expect(asked).toEqual([`/of-${version}/${archiveName}`]);
    const found = installed();
    expect(found && (await readFile(found, 'utf8'))).toBe('the program');
    // What the cache holds is not fetched again.
    await rm(join(project, 'node_modules', 'electron', 'path.txt'));
    expect(await install()).toBeNull();
    expect(installed()).toBe(found);
    expect(asked).toHaveLength(1);
  });

  it('goes through the proxy that npm knows', async () => {
    let tunnels = 0;
    const target = await mirror((_request, response) => response.end(archive));
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      tunnels += 1;
      const [, port] = /:(\d+)$/.exec(environment.REAL_MIRROR ?? '') ?? [];
      const through = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(through).pipe(socket);
      });
      for (const end of [socket, through]) end.on('error', () => {});
      undo.push(() => through.destroy());
      expect(request.url).toBe('mirror.invalid:80');
    });
    environment.REAL_MIRROR = environment.ELECTRON_MIRROR?.replace(/\/$/, '');
    // Nobody but the proxy could find it.
    environment.ELECTRON_MIRROR = 'http://mirror.invalid/';
    environment.npm_config_proxy = `http://${await listening(proxy)}`;
    expect(await install()).toBeNull();
    expect(tunnels).toBe(1);
    expect(target).toHaveLength(1);
    expect(installed()).not.toBeNull();
  });

  it('waits for a server that is slow to begin', async () => {
    const patienceMs = 1_500;
    await mirror((_request, response) => {
      // Each pause is shorter than the patience, all of them together are longer.
      const pieces = [0, 1, 2, 3].map((quarter) =>
        archive.subarray((quarter * archive.length) / 4, ((quarter + 1) * archive.length) / 4),
      );
      const next = setInterval(() => {
        const piece = pieces.shift();
        if (piece) response.write(piece);
        else {
          clearInterval(next);
          response.end();
        }
      }, patienceMs / 3);
    });
    expect(await install(patienceMs)).toBeNull();
  });

  it('is given up when nothing comes', async () => {
    await mirror(() => {});
    expect(await install(200)).toBe('nothing came for 0.2 s');
  });

  it('is given up when it stops half-way', async () => {
    await mirror((_request, response) => {
      response.writeHead(200, { 'content-length': '1000000' });
      response.write('the beginning');
    });
    expect(await install(300)).toBe('nothing came for 0.3 s');
    expect(installed()).toBeNull();
  });

  it('says what a mirror answered that does not have it', async () => {
    await mirror((_request, response) => response.writeHead(404).end());
    expect(await install()).toBe(
      `${environment.ELECTRON_MIRROR}v${version}/${archiveName} answered 404 Not Found`,
    );
  });

  it('says at once that there is no network', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const nobody = `127.0.0.1:${portOf(server.address())}`;
    await new Promise((done) => server.close(done));
    environment.ELECTRON_MIRROR = `http://${nobody}/`;
    expect(await install()).toBe(`connect ECONNREFUSED ${nobody}`);
  });

  it('takes nothing else from a mirror', async () => {
    await mirror((_request, response) => response.end('surprise'));
    expect(await install()).toMatch(/checksum/i);
    expect(installed()).toBeNull();
  });

  it('uses every proxy that somebody has named, and none otherwise', () => {
    expect(installerEnvironment({ PATH: '/bin' })).toEqual({ PATH: '/bin' });
    expect(installerEnvironment({ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'here' })).toMatchObject({
      ELECTRON_GET_USE_PROXY: 'true',
      https_proxy: 'http://p:1',
      no_proxy: 'here',
    });
    const npm = { npm_config_https_proxy: 'http://n:1', npm_config_noproxy: 'there' };
    expect(installerEnvironment(npm)).toMatchObject({ https_proxy: 'http://n:1', no_proxy: 'there' });
    // Whoever has decided already is not asked again.
    expect(installerEnvironment({ ...npm, ELECTRON_GET_USE_PROXY: '' }).ELECTRON_GET_USE_PROXY).toBe('');
  });

  it('tells how far it is', () => {
    expect(inWords({ doing: 'downloading', received: 30, total: 120 })).toBe('downloading, 25%');
    expect(inWords({ doing: 'downloading', received: 12_345_678, total: null })).toBe('downloading, 12 MB');
    expect(inWords({ doing: 'unpacking' })).toBe('unpacking');
  });
});
