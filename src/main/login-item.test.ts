import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Installation } from '../host/installation.ts';
import { openSettingsFile } from '../host/settings-file.ts';
import { defaultSettings } from '../shared/settings.ts';
import { followLoginItem, startedOutOfSight } from './login-item.ts';
import { desktop } from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

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
  followLoginItem({ settings, installation, log: () => {} });
  return (change: Partial<typeof defaultSettings>) =>
    settings.update((current) => ({ ...current, ...change }));
}
const entry = () =>
  readFile(join(folder, 'autostart', 'comfy-monitor.desktop'), 'utf8').then(
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
    const settings = await openSettingsFile(folder);
    await settings.update((current) => ({ ...current, startAtLogin: true, startHidden: true }));
    await following();
    await new Promise((done) => setTimeout(done, 50));
    expect(desktop.loginItem).toBe(registered);
  });

  it('needs no program on macOS', async () => {
    on('darwin');
    const change = await following({ ...installed, kind: 'mac-app' });
    await change({ startAtLogin: true, startHidden: true });
    await expect.poll(() => desktop.loginItem).toEqual({ openAtLogin: true });
  });

  it('stays out of sight on macOS, where a login item has no arguments', () => {
    const settings = { ...defaultSettings, startHidden: true };
    on('darwin');
    expect(startedOutOfSight(settings)).toBe(false);
    desktop.wasOpenedAtLogin = true;
    expect(startedOutOfSight(settings)).toBe(true);
    expect(startedOutOfSight(defaultSettings)).toBe(false);
    on('linux');
    expect(startedOutOfSight(settings)).toBe(false);
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

  it('is never set up in development', async () => {
    on('linux');
    const change = await following({ kind: 'development', updatesItself: false, program: '/electron' });
    await change({ startAtLogin: true });
    await new Promise((done) => setTimeout(done, 50));
    expect(await entry()).toBeNull();
  });
});
