import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changePreferences, defaultPreferences, type PreferenceChanges } from '../../contract/preferences.ts';
import { openSettingsFile } from '../../host/storage/settings-file.ts';
import { desktop } from '../testing/fake-electron.ts';
import type { Installation } from '../updates/installation.ts';
import { followLoginItem, moveLoginItem, startedOutOfSight } from './login-item.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

let folder: string;
const platform = process.platform;
const on = (name: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value: name });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'login-'));
  vi.stubEnv('XDG_CONFIG_HOME', folder);
  Object.assign(desktop, { loginItem: null, wasOpenedAtLogin: false });
});
afterEach(async () => {
  on(platform);
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const program = 'C:\\Programs\\Comfy Monitor\\Comfy Monitor.exe';
const installed: Installation = { kind: 'windows-installer', updatesItself: true, program };

async function following(installation = installed) {
  const settings = await openSettingsFile(folder);
  const settled = followLoginItem({ settings, installation, log: () => {} });
  return async (change: PreferenceChanges) => {
    await settings.update((current) => ({
      ...current,
      preferences: changePreferences(current.preferences, change),
    }));
    await settled();
  };
}
const entry = () =>
  readFile(join(folder, 'autostart', 'app.comfy-monitor.desktop'), 'utf8').then(
    (text) => /^Exec=(.*)$/m.exec(text)?.[1],
    () => null,
  );

describe('starting at login', () => {
  it('is a command line in quotes on Windows, and follows the settings', async () => {
    on('win32');
    const change = await following();
    expect(desktop.loginItem).toBeNull();
    await change({ startAtLogin: true });
    await expect.poll(() => desktop.loginItem).toEqual({ openAtLogin: true, path: `"${program}"`, args: [] });
    await change({ startHidden: true });
    await expect.poll(() => desktop.loginItem?.args).toEqual(['--hidden']);
    await change({ startAtLogin: false });
    await expect.poll(() => desktop.loginItem).toBeNull();
  });

  it('leaves what is registered alone, whatever the user did to it since', async () => {
    on('win32');
    const registered = { openAtLogin: true, path: `"${program}"`, args: ['--hidden'], enabled: false };
    desktop.loginItem = registered;
    const earlier = await openSettingsFile(folder);
    await earlier.update((current) => ({
      ...current,
      preferences: { ...current.preferences, startAtLogin: true, startHidden: true },
    }));
    const change = await following();
    await change({});
    expect(desktop.loginItem).toBe(registered);
  });

  it('needs no program on macOS', async () => {
    on('darwin');
    const change = await following({ ...installed, kind: 'mac-app' });
    await change({ startAtLogin: true, startHidden: true });
    await expect.poll(() => desktop.loginItem).toEqual({ openAtLogin: true });
  });

  it('stays out of sight on macOS, where a login item has no arguments', () => {
    const hidden = { ...defaultPreferences, startHidden: true };
    on('darwin');
    expect(startedOutOfSight(hidden)).toBe(false);
    desktop.wasOpenedAtLogin = true;
    expect(startedOutOfSight(hidden)).toBe(true);
    expect(startedOutOfSight(defaultPreferences)).toBe(false);
    on('linux');
    expect(startedOutOfSight(hidden)).toBe(false);
  });

  it('is an autostart entry on Linux', async () => {
    on('linux');
    const change = await following({ kind: 'appimage', updatesItself: true, program: '/a/C.AppImage' });
    await change({ startAtLogin: true, startHidden: true });
    await expect.poll(entry).toBe('/a/C.AppImage --hidden');
    await change({ startAtLogin: false });
    await expect.poll(entry).toBeNull();
    expect(desktop.loginItem).toBeNull();
  });

  it('is one entry after an update from a version that named it otherwise', async () => {
    on('linux');
    const entries = join(folder, 'autostart');
    await mkdir(entries);
    await writeFile(
      join(entries, 'comfy-monitor.desktop'),
      '[Desktop Entry]\nExec=/a/C-0.1.0.AppImage\nHidden=true\n',
    );
    const change = await following({ kind: 'appimage', updatesItself: true, program: '/a/C.AppImage' });
    await change({ startAtLogin: true });
    await expect.poll(entry).toBe('/a/C.AppImage');
    expect(await readdir(entries)).toEqual(['app.comfy-monitor.desktop']);
  });

  it('leads to the new file as soon as an AppImage has replaced itself', async () => {
    on('linux');
    const change = await following({ kind: 'appimage', updatesItself: true, program: '/a/C-1.2.3.AppImage' });
    await change({ startAtLogin: true, startHidden: true });
    await expect.poll(entry).toBe('/a/C-1.2.3.AppImage --hidden');
    moveLoginItem('/a/C-1.2.3.AppImage', '/a/C.AppImage', () => {});
    expect(await entry()).toBe('/a/C.AppImage --hidden');
  });

  it('is never set up in development', async () => {
    on('linux');
    const change = await following({ kind: 'development', updatesItself: false, program: '/electron' });
    await change({ startAtLogin: true });
    expect(await entry()).toBeNull();
  });
});
