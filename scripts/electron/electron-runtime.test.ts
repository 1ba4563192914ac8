import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  desktopObstacle,
  findElectron,
  prepareElectron,
  sandboxObstacle,
  testObstacle,
} from './electron-runtime.ts';

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

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

  it('is found where the system brings it, although the package notes no path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dist-'));
    undo.push(() => rm(folder, { recursive: true }));
    const project = join(folder, 'project');
    const found = (platform: NodeJS.Platform) =>
      findElectron(project, { ELECTRON_OVERRIDE_DIST_PATH: folder }, platform);
    expect(found('linux')).toBeNull();
    await writeFile(join(folder, 'electron'), '');
    expect(found('linux')).toBe(join(folder, 'electron'));
    await writeFile(join(folder, 'electron.exe'), '');
    expect(found('win32')).toBe(join(folder, 'electron.exe'));
    const mac = join(folder, 'Electron.app', 'Contents', 'MacOS');
    await mkdir(mac, { recursive: true });
    await writeFile(join(mac, 'Electron'), '');
    expect(found('darwin')).toBe(join(mac, 'Electron'));

    const electron = join(project, 'node_modules', 'electron');
    await mkdir(join(electron, 'dist'), { recursive: true });
    await writeFile(join(electron, 'path.txt'), 'electron');
    await writeFile(join(electron, 'dist', 'electron'), '');
    // As for Electron itself, an empty variable is none.
    expect(findElectron(project, { ELECTRON_OVERRIDE_DIST_PATH: '' })).toBe(
      join(electron, 'dist', 'electron'),
    );
  });

  it('is not fetched against the wish of the user', async () => {
    const project = join(tmpdir(), 'no-such-project');
    const display = { DISPLAY: ':0' };
    const nowhere = join(tmpdir(), 'no-such-folder');
    const reason = async (environment: NodeJS.ProcessEnv) =>
      prepareElectron(project, { ...display, ...environment }, null);
    expect(await reason({ ELECTRON_OVERRIDE_DIST_PATH: nowhere })).toEqual({
      ok: false,
      reason: `ELECTRON_OVERRIDE_DIST_PATH leads to ${nowhere}, where no Electron is; correct or remove it.`,
    });
    for (const name of ['ELECTRON_SKIP_BINARY_DOWNLOAD', 'npm_config_electron_skip_binary_download'])
      expect(await reason({ [name]: '1' })).toEqual({
        ok: false,
        reason: `Electron is not installed, and ${name} forbids to download it.`,
      });
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
    expect(testObstacle(project, {}, null)).toBeNull();
  });
});
