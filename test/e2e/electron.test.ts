import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { testObstacle } from '../../scripts/electron-runtime.ts';
import { openSessionBus, sessionBusAddress } from '../../src/host/dbus/session-bus.ts';
import { showsTrayIcons } from '../../src/host/tray-support.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { countingPrompt } from '../prompts.ts';
import { useStage } from '../stage.ts';

const root = join(import.meta.dirname, '..', '..');
const somebody = { clientId: 'somebody' };
const obstacle = testObstacle(root);

/** The real Electron with the built app. What it would show outside its window is noted instead. */
describe.skipIf(obstacle !== null)(`the desktop app${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  const stage = useStage();
  let simulator: Simulator;
  let electron: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    simulator = await stage.simulator();
    const folder = await mkdtemp(join(tmpdir(), 'monitor-'));
    // Windows keeps files of a process a little longer than the process.
    stage.onEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));
    // The runtime of the npm package, and not a path to it: only then does Playwright prepare Electron, which
    // among other things keeps it from the user's own key store.
    electron = await _electron.launch({
      // In one piece each: on Windows Electron does not start with anything after a lone address.
      args: [root, `--server=${simulator.url}`, `--user-data-dir=${folder}`],
      // Playwright would take the sandbox away that the app asks for.
      chromiumSandbox: true,
    });
    page = await electron.firstWindow();
    await electron.evaluate(({ Notification, Tray, shell }) => {
      const noted: Record<'notifications' | 'tooltips' | 'opened', string[]> = {
        notifications: [],
        tooltips: [],
        opened: [],
      };
      Reflect.set(globalThis, 'noted', noted);
      const { setToolTip } = Tray.prototype;
      // Unlike plain assignments, these fail loudly where something cannot be replaced.
      Object.assign(Notification.prototype, {
        show(this: Electron.Notification) {
          noted.notifications.push(`${this.title}: ${this.body}`);
        },
      });
      Object.assign(Tray.prototype, {
        setToolTip(this: Electron.Tray, text: string) {
          noted.tooltips.push(text);
          setToolTip.call(this, text);
        },
      });
      Object.assign(shell, {
        async openPath(path: string) {
          noted.opened.push(path);
          return '';
        },
      });
    });
  });
  const address = process.platform === 'linux' ? sessionBusAddress(process.env) : null;
  const bus = address === null ? null : openSessionBus({ address, log: () => {} });
  afterAll(async () => {
    bus?.close();
    if (electron?.process().exitCode === null) await electron.close();
  });

  const noted = async () =>
    z
      .object({
        notifications: z.array(z.string()),
        tooltips: z.array(z.string()),
        opened: z.array(z.string()),
      })
      .parse(await electron.evaluate((): unknown => Reflect.get(globalThis, 'noted')));
  /** What the tray says, or said: Electron's, or our own on the session bus of a Linux desktop. */
  const trayWords = async () => {
    const own = await bus
      ?.call(
        {
          destination: `org.kde.StatusNotifierItem-${electron.process().pid}-1`,
          path: '/StatusNotifierItem',
          interface: 'org.freedesktop.DBus.Properties',
          member: 'Get',
        },
        { signature: 'ss', values: ['org.kde.StatusNotifierItem', 'ToolTip'] },
      )
      .catch(() => []);
    return [...(await noted()).tooltips, JSON.stringify(own)].join('\n');
  };
  const visibleWindows = () =>
    electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .filter((window) => window.isVisible())
        .map((window) => window.webContents.getURL()),
    );
  const isVisible = () =>
    electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().some((window) => window.isVisible()),
    );

  it('opens a window with the page, connected to the server', async () => {
    await page.getByRole('heading', { level: 1, name: 'Comfy Monitor' }).waitFor();
    await page.getByText('Nothing is running').waitFor();
    await expect.poll(isVisible).toBe(true);
    expect(
      await page.evaluate(() => [
        typeof Reflect.get(window, 'require'),
        typeof Reflect.get(window, 'process'),
      ]),
    ).toEqual(['undefined', 'undefined']);
  });

  it('tells in the tray what runs, and how far it is', async () => {
    simulator.submit(
      countingPrompt({ title: 'In the tray', seed: 1, steps: 30, secondsPerStep: 0.1 }),
      somebody,
    );
    await expect.poll(trayWords).toContain('In the tray');
  });

  it('tells once that a prompt has finished', async (context) => {
    const supported = await electron.evaluate(({ Notification }) => Notification.isSupported());
    if (!supported) context.skip('this desktop shows no notifications');
    simulator.submit(countingPrompt({ title: 'Worth a word', seed: 2 }), somebody);
    const about = async () =>
      (await noted()).notifications.filter((notification) => notification.includes('Worth a word')).length;
    await expect.poll(about).toBe(1);
    simulator.dropConnections();
    simulator.submit(countingPrompt({ title: 'Another one', seed: 3 }), somebody);
    await expect.poll(async () => (await noted()).notifications.join('\n')).toContain('Another one');
    expect(await about()).toBe(1);
  });

  it('opens an image in the viewer of the system, as a file with its own extension', async () => {
    simulator.submit(countingPrompt({ title: 'To be opened', seed: 4 }), somebody);
    await page.getByRole('button', { name: /^To-be-opened_.*\.png$/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await noted()).opened.length).toBe(1);
    const [opened = ''] = (await noted()).opened;
    expect(extname(opened)).toBe('.png');
    expect(existsSync(opened)).toBe(true);
  });

  it('stays in the tray when its window is closed, and comes back', async (context) => {
    const { platform, env: environment } = process;
    const hasTray = await showsTrayIcons({ platform, environment, bus });
    if (!hasTray) context.skip('this desktop shows no tray icons');
    await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(isVisible).toBe(false);
    expect(electron.process().exitCode).toBeNull();
    simulator.submit(countingPrompt({ title: 'Unwatched', seed: 5, steps: 10 }), somebody);
    await expect.poll(trayWords).toContain('Unwatched');
    await electron.evaluate(({ app }) => app.emit('activate'));
    await expect.poll(isVisible).toBe(true);
    await page.getByRole('region', { name: 'Finished' }).getByText('Unwatched').waitFor();
  });

  it('shows the strip of the mini mode instead of its window, and goes back', async () => {
    const [strip] = await Promise.all([electron.waitForEvent('window'), page.keyboard.press('m')]);
    await strip.getByRole('main', { name: 'Mini mode' }).waitFor();
    await expect.poll(visibleWindows).toEqual([expect.stringMatching(/#mini$/)]);
    await strip.getByRole('button', { name: 'Back to the full window' }).click();
    await expect.poll(visibleWindows).toEqual([expect.stringMatching(/index\.html$/)]);
  });

  it('really quits', async () => {
    const ended = electron.waitForEvent('close');
    // The answer may be lost with the process.
    await electron.evaluate(({ app }) => app.quit()).catch(() => {});
    await ended;
    await expect.poll(() => electron.process().exitCode).toBe(0);
    await expect.poll(() => simulator.clientCount).toBe(0);
  });
});
