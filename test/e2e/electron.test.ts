import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { hasTool } from '../../scripts/desktop-check/tool.ts';
import { testObstacle } from '../../scripts/electron/electron-runtime.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { countingPrompt, otherClient } from '../../simulator/testing/prompts.ts';
import { useStage } from '../stage.ts';
import { type DesktopEar, earObstacle, openEar } from './desktop-ear.ts';
import { type RecordingViewer, recordingViewer } from './recording-viewer.ts';

const root = join(import.meta.dirname, '..', '..');
/** A test must not open the user's own key store, on Linux or on macOS. */
const withoutKeyStore = ['--password-store=basic', '--use-mock-keychain'];
const obstacle = testObstacle(root);
const unheard = obstacle === null ? await earObstacle() : null;

/** The real Electron with the built app; what it shows outside its window is heard from the desktop. */
describe.skipIf(obstacle !== null)(`the desktop app${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  const stage = useStage();
  let simulator: Simulator;
  let electron: ElectronApplication;
  /** Playwright does not give it any more when the app has ended. */
  let child: ReturnType<ElectronApplication['process']>;
  let userData: string;
  let viewer: RecordingViewer;
  let ear: DesktopEar | null = null;

  beforeAll(async () => {
    simulator = await stage.simulator();
    const folder = await mkdtemp(join(tmpdir(), 'monitor-'));
    // Windows keeps files of a process a little longer than the process.
    stage.onEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));
    userData = join(folder, 'user-data');
    viewer = await recordingViewer(folder);
    electron = await _electron.launch({
      // In one piece each: on Windows Electron does not start with anything after a lone address.
      args: [root, `--server=${simulator.url}`, `--user-data-dir=${userData}`, ...withoutKeyStore],
      // Playwright would take the sandbox away that the app asks for.
      chromiumSandbox: true,
      env: definedOnly({ ...process.env, ...viewer.environment }),
    });
    child = electron.process();
    await electron.firstWindow();
    if (unheard === null) {
      const opened = await openEar(root, electron, simulator.url);
      stage.onEnd(() => opened.close());
      ear = opened;
    }
  });
  afterAll(async () => {
    if (child?.exitCode === null) await electron.close();
  });

  /** The page of the main window, which may have been loaded anew while it was hidden. */
  const page = async (): Promise<Page> => {
    const isMain = (candidate: Page) => candidate.url().endsWith('index.html');
    await expect.poll(() => electron.windows().some(isMain)).toBe(true);
    return electron.windows().find(isMain) ?? electron.firstWindow();
  };
  const heard = (context: TestContext): DesktopEar =>
    ear ?? context.skip(unheard ?? 'the desktop is not heard');
  const visibleWindows = () =>
    electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .filter((window) => window.isVisible())
        .map((window) => window.webContents.getURL()),
    );

  it('opens a window with the page, connected to the server', async () => {
    const main = await page();
    await main.getByRole('heading', { level: 1, name: 'Comfy Monitor' }).waitFor();
    await main.getByText('Nothing is running').waitFor();
    await expect.poll(visibleWindows).toEqual([expect.stringMatching(/index\.html$/)]);
    expect(
      await main.evaluate(() => [
        typeof Reflect.get(window, 'require'),
        typeof Reflect.get(window, 'process'),
      ]),
    ).toEqual(['undefined', 'undefined']);
  });

  it('tells in the tray what runs, and how far it is', async (context) => {
    const { trayText } = heard(context);
    simulator.submit(
      countingPrompt({ title: 'In the tray', seed: 1, steps: 30, secondsPerStep: 0.1 }),
      otherClient,
    );
    await expect.poll(trayText).toContain('In the tray');
  });

  it('tells once that a prompt has finished', async (context) => {
    const { notifications } = heard(context);
    const about = (title: string) => notifications().filter((line) => line.includes(title)).length;
    simulator.submit(countingPrompt({ title: 'Worth a word', seed: 2 }), otherClient);
    await expect.poll(() => about('Worth a word')).toBe(1);
    simulator.dropConnections();
    simulator.submit(countingPrompt({ title: 'Another one', seed: 3 }), otherClient);
    await expect.poll(() => about('Another one')).toBe(1);
    expect(about('Worth a word')).toBe(1);
  });

  it('opens an image in the viewer of the system, as a file with its own extension', async (context) => {
    const isLinux = process.platform === 'linux';
    if (isLinux && !hasTool('xdg-open')) context.skip('xdg-open is not installed');
    simulator.submit(countingPrompt({ title: 'To be opened', seed: 4 }), otherClient);
    const main = await page();
    await main.getByRole('button', { name: /^To-be-opened_.*\.png$/ }).focus();
    await main.keyboard.press('Enter');
    // Elsewhere the viewer is the user's own, and cannot be observed; the file is there for it.
    const opened = async () => (isLinux ? viewer.opened() : filesBelow(join(userData, 'opened-outputs')));
    await expect.poll(async () => (await opened()).length).toBe(1);
    const [path = ''] = await opened();
    expect(extname(path)).toBe('.png');
    expect(existsSync(path)).toBe(true);
  });

  it('stays in the tray when its window is closed, and comes back', async (context) => {
    const { trayText, clickTray } = heard(context);
    await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(visibleWindows).toEqual([]);
    expect(child.exitCode).toBeNull();
    simulator.submit(
      countingPrompt({ title: 'Unwatched', seed: 5, steps: 20, secondsPerStep: 0.1 }),
      otherClient,
    );
    await expect.poll(trayText).toContain('Unwatched');
    await clickTray();
    await expect.poll(visibleWindows).toEqual([expect.stringMatching(/index\.html$/)]);
    await (await page()).getByRole('region', { name: 'Finished' }).getByText('Unwatched').waitFor();
  });

  it('shows the strip of the mini mode instead of its window, and goes back', async () => {
    const main = await page();
    const [strip] = await Promise.all([electron.waitForEvent('window'), main.keyboard.press('m')]);
    await strip.getByRole('main', { name: 'Mini mode' }).waitFor();
    await expect.poll(visibleWindows).toEqual([expect.stringMatching(/#mini$/)]);
    await strip.getByRole('button', { name: 'Back to the full window' }).click();
    await expect.poll(visibleWindows).toEqual([expect.stringMatching(/index\.html$/)]);
  });

  it('really quits', async () => {
    const clients = simulator.clientCount;
    const ended = electron.waitForEvent('close');
    // The answer may be lost with the process.
    await electron.evaluate(({ app }) => app.quit()).catch(() => {});
    await ended;
    await expect.poll(() => child.exitCode).toBe(0);
    await expect.poll(() => simulator.clientCount).toBeLessThan(clients);
  });
});

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
