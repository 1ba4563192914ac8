import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { snapshotSchema } from '../../contract/snapshot.ts';
import { startTestHost } from '../../host/testing/test-host.ts';
import { appId } from '../app-id.ts';
import { autostartPath, setAutostart } from '../system/autostart.ts';
import { app, desktop } from '../testing/fake-electron.ts';
import { autoUpdater } from '../testing/fake-updater.ts';
import { type Installation, installationOf } from './installation.ts';
import { startUpdates } from './updates.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
vi.mock('electron-updater', () => import('../testing/fake-updater.ts'));

beforeEach(() => {
  autoUpdater.removeAllListeners();
  Object.assign(autoUpdater, {
    checks: 0,
    newest: null,
    installed: null,
    movedTo: null,
    onInstall: () => {},
  });
});
afterEach(() => app.emit('before-quit'));

const installed: Installation = { kind: 'windows-installer', updatesItself: true, program: 'app.exe' };

async function starting(installation: Installation) {
  const { host } = await startTestHost();
  const lines: string[] = [];
  const updates = startUpdates({ host, installation, onReady: () => {}, log: (line) => lines.push(line) });
  const want = (updates: boolean) =>
    host.settings.update((settings) => ({
      ...settings,
      preferences: { ...settings.preferences, updates },
    }));
  const notices = async () => {
    const reply = await host.openPage(() => {}).answer('getSnapshot', undefined);
    return snapshotSchema.parse(reply.ok ? reply.value : null).notices.map(({ what }) => what);
  };
  return { host, updates, lines, want, notices };
}

describe('updates', () => {
  it('of an AppImage take its entry for starting at login along, before the app has ended', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'config-'));
    vi.stubEnv('XDG_CONFIG_HOME', folder);
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    });
    const entry = autostartPath(appId);
    const program = '/home/me/comfy-monitor-1.2.3.AppImage';
    await setAutostart(entry, { program, args: ['--hidden'] });
    autoUpdater.newest = '2.0.0';
    autoUpdater.movedTo = '/home/me/comfy-monitor.AppImage';
    const { updates } = await starting({ kind: 'appimage', updatesItself: true, program });
    await expect.poll(() => updates.ready()).toBe('2.0.0');
    let started = '';
    autoUpdater.onInstall = () => {
      started = readFileSync(entry, 'utf8');
    };
    updates.install();
    await expect.poll(() => started).toContain('Exec=/home/me/comfy-monitor.AppImage --hidden\n');
  });

  it('are fetched quietly, and told when a restart is all it takes', async () => {
    autoUpdater.newest = '2.0.0';
    const { updates, notices } = await starting(installed);
    expect(updates.ready()).toBeNull();
    await expect.poll(() => updates.ready()).toBe('2.0.0');
    expect(await notices()).toEqual(['Version 2.0.0 is ready: restart to update.']);
    expect(autoUpdater).toMatchObject({ autoDownload: true, autoInstallOnAppQuit: true, logger: null });
  });

  it('are told anew when a newer one is found, also to those who did not want to hear of the last', async () => {
    autoUpdater.newest = '2.0.0';
    const { host, updates, want } = await starting(installed);
    await expect.poll(() => updates.ready()).toBe('2.0.0');
    const ids = async () => {
      const reply = await host.openPage(() => {}).answer('getSnapshot', undefined);
      return snapshotSchema.parse(reply.ok ? reply.value : null).notices.map(({ id }) => id);
    };
    const [first] = await ids();
    autoUpdater.newest = '3.0.0';
    await want(false);
    await want(true);
    await expect.poll(() => updates.ready()).toBe('3.0.0');
    expect(await ids()).toHaveLength(1);
    expect(await ids()).not.toContain(first);
  });

  it('are installed when the user says so, with the way free for the new version', async () => {
    autoUpdater.newest = '2.0.0';
    const { updates } = await starting(installed);
    await expect.poll(() => updates.ready()).toBe('2.0.0');
    updates.install();
    await expect.poll(() => autoUpdater.installed).toBe('2.0.0');
    expect(desktop.hasLock).toBe(false);
  });

  it.each(['mac-app', 'windows-portable', 'linux-package'] as const)(
    'are told and not fetched where the app cannot replace itself: %s',
    async (kind) => {
      autoUpdater.newest = '2.0.0';
      const { updates, notices, want } = await starting({ ...installed, kind, updatesItself: false });
      await expect.poll(notices).toEqual(['Version 2.0.0 is available.']);
      expect(updates.ready()).toBeNull();
      expect(autoUpdater).toMatchObject({ autoDownload: false, autoInstallOnAppQuit: false });
      await want(false);
      expect(await notices()).toEqual([]);
    },
  );

  it('are not looked for in development', async () => {
    await starting({ ...installed, kind: 'development', updatesItself: false });
    expect(autoUpdater.checks).toBe(0);
  });

  it('are nobody’s business in development', () => {
    const { platform, execPath, env: environment } = process;
    const signs = { isSignedForMac: true, platform, execPath, environment };
    expect(installationOf({ isPackaged: app.isPackaged, ...signs }).updatesItself).toBe(false);
  });

  it('are not fetched for users who do not want them, until they do', async () => {
    const { host } = await startTestHost();
    const want = (updates: boolean) =>
      host.settings.update((settings) => ({
        ...settings,
        preferences: { ...settings.preferences, updates },
      }));
    await want(false);
    startUpdates({ host, installation: installed, onReady: () => {}, log: () => {} });
    // Looking is asynchronous: what would look has looked after this.
    await import('electron-updater');
    await new Promise(setImmediate);
    expect(autoUpdater.checks).toBe(0);
    await want(true);
    await expect.poll(() => autoUpdater.checks).toBe(1);
  });

  it('that are fetched already are not installed when the user switches them off, and offered anew later', async () => {
    autoUpdater.newest = '2.0.0';
    const { updates, want, notices } = await starting(installed);
    await expect.poll(() => updates.ready()).toBe('2.0.0');
    await want(false);
    expect(updates.ready()).toBeNull();
    expect(await notices()).toEqual([]);
    expect(autoUpdater.autoInstallOnAppQuit).toBe(false);
    await want(true);
    await expect.poll(() => updates.ready()).toBe('2.0.0');
    expect(await notices()).toHaveLength(1);
    expect(autoUpdater.autoInstallOnAppQuit).toBe(true);
  });

  it('that cannot be fetched are a line in the log and nothing else', async () => {
    autoUpdater.newest = new Error('net::ERR_INTERNET_DISCONNECTED');
    const { updates, lines, notices } = await starting(installed);
    await expect.poll(() => lines).toEqual(['no update could be fetched: net::ERR_INTERNET_DISCONNECTED']);
    expect(updates.ready()).toBeNull();
    expect(await notices()).toEqual([]);
  });
});
