import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { holdFolder } from '../host/storage/folder-hold.ts';
import type { DesktopOptions } from './desktop.ts';
import { app, desktop, dialog, powerMonitor } from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));
const startDesktop = vi.hoisted(() => vi.fn(async (_options: DesktopOptions) => {}));
vi.mock('./desktop.ts', () => ({ startDesktop }));
const notifyStarter = vi.hoisted(() => vi.fn());
vi.mock('./lifecycle/starter.ts', () => ({ notifyStarter, endWithStarter: () => {} }));

const { argv, platform } = process;
const thrown = process.listeners('uncaughtException');
const rejected = process.listeners('unhandledRejection');
let folder: string;
let starts = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'));
  vi.spyOn(console, 'error').mockImplementation(() => {});
  startDesktop.mockClear();
  notifyStarter.mockClear();
  app.removeAllListeners();
  powerMonitor.removeAllListeners();
  dialog.shown.length = 0;
  dialog.errors.length = 0;
  desktop.exitCode = null;
  desktop.switches = [];
});
afterEach(async () => {
  process.argv = argv;
  Object.defineProperty(process, 'platform', { value: platform });
  // Where Windows is only imitated, its pipes are files.
  for (const name of await readdir('.')) if (name.startsWith(String.raw`\\.\pipe`)) await rm(name);
  desktop.isPackaged = false;
  process.removeAllListeners('uncaughtException').removeAllListeners('unhandledRejection');
  for (const listener of thrown) process.on('uncaughtException', listener);
  for (const listener of rejected) process.on('unhandledRejection', listener);
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** Pretends to be an installed app. */
function installedOn(platform: NodeJS.Platform): void {
  desktop.isPackaged = true;
  Object.defineProperty(process, 'platform', { value: platform });
}

/** Starts the app with these arguments. */
async function start(...args: string[]) {
  starts += 1;
  // Each process has its folder for itself, and here all starts are one process.
  desktop.userData = join(folder, `usual-${starts}`);
  process.argv = desktop.isPackaged ? ['program', ...args] : ['electron', '.', ...args];
  // A module runs once; by another address it is another one.
  await import(/* @vite-ignore */ `./index.ts?start=${starts}`);
}

it('makes the folder that it is asked to keep its settings in, wherever it is called from', async () => {
  const wanted = join(folder, 'new', 'settings');
  await start('--user-data-dir', relative(process.cwd(), wanted));
  expect(desktop.userData).toBe(wanted);
  expect((await stat(wanted)).isDirectory()).toBe(true);
  await expect.poll(() => startDesktop.mock.calls.length).toBe(1);
  expect(await readFile(join(wanted, 'logs', 'comfy-monitor.log'), 'utf8')).toContain('starts on');
});

it('says so and ends when that folder cannot be made', async () => {
  await writeFile(join(folder, 'file'), '');
  await start('--user-data-dir', join(folder, 'file', 'settings'));
  await expect.poll(() => desktop.exitCode).toBe(1);
  expect(dialog.shown).toMatchObject([
    { message: 'The monitor could not start.', detail: expect.stringContaining('ENOTDIR') },
  ]);
  expect(startDesktop).not.toHaveBeenCalled();
});

it('gives way to the first instance, without a word and without an error', async () => {
  desktop.hasLock = false;
  await start();
  desktop.hasLock = true;
  await expect.poll(() => desktop.exitCode).toBe(0);
  expect([startDesktop.mock.calls.length, dialog.shown]).toEqual([0, []]);
});

it('gives way to a browser monitor on the same folder, and says so', async () => {
  const held = await holdFolder(join(folder, `usual-${starts + 1}`), 'browser', () => {});
  await start();
  await expect.poll(() => desktop.exitCode).toBe(1);
  await held.release();
  expect(startDesktop).not.toHaveBeenCalled();
  const detail = expect.stringMatching(
    /^Another Comfy Monitor \(the browser monitor, process \d+\) is running on .*--user-data-dir/,
  );
  expect(dialog.shown).toMatchObject([{ message: expect.stringContaining('is running already.'), detail }]);
});

it('ends without a word about a failure when it is quit while it starts', async () => {
  startDesktop.mockImplementationOnce(async () => {
    app.quit();
    throw new Error('ERR_ABORTED');
  });
  await start();
  await expect.poll(() => desktop.exitCode).toBe(0);
  expect(dialog.shown).toEqual([]);
});

it('tells whoever started it once it has the say, also when it ends on purpose', async () => {
  await start();
  await expect.poll(() => startDesktop.mock.calls.length).toBe(1);
  expect(notifyStarter).toHaveBeenCalledTimes(1);
  desktop.hasLock = false;
  await start();
  desktop.hasLock = true;
  expect(notifyStarter).toHaveBeenCalledTimes(2);
  await expect.poll(() => desktop.exitCode).toBe(0);
  desktop.exitCode = null;
  startDesktop.mockRejectedValueOnce(new Error('no page'));
  await start();
  await expect.poll(() => desktop.exitCode).toBe(1);
  expect(notifyStarter.mock.calls.length).toBeGreaterThan(2);
});

it('hears of a second start from the moment it is the first one', async () => {
  await start();
  const request = { servers: [], demo: true, hidden: false };
  app.emit('second-instance', {}, [], '/', request);
  await expect.poll(() => startDesktop.mock.calls.length).toBe(1);
  const heard = vi.fn();
  startDesktop.mock.lastCall?.[0].secondStarts.onRequest(heard);
  expect(heard).toHaveBeenCalledWith(request);
});

it('puts everything into the sandbox, unless it was started without one because there can be none', async () => {
  await start();
  expect(desktop.switches).toContain('enable-sandbox');
  desktop.switches = ['no-sandbox'];
  await start();
  expect(desktop.switches).not.toContain('enable-sandbox');
});

it('has no process of its own for a network that it does not use, unless it is started otherwise', async () => {
  installedOn('linux');
  await start();
  expect(desktop.switches).toContain('enable-features=NetworkServiceInProcess2');
  desktop.switches = ['enable-features'];
  await start();
  expect(desktop.switches.filter((name) => name.startsWith('enable-features'))).toEqual(['enable-features']);
});

it('leaves the GPU alone where ComfyUI computes on it, unless the user wants otherwise', async () => {
  installedOn('linux');
  const drawing = async (...args: string[]) => {
    desktop.switches = [];
    await start(...args);
    return desktop.switches.includes('disable-gpu') ? 'processor' : 'gpu';
  };
  expect(await drawing()).toBe('processor');
  expect(await drawing('--server', 'http://192.168.1.20:8188')).toBe('gpu');
  const data = join(folder, 'chosen');
  await mkdir(data);
  const preferences = { window: { drawing: 'gpu' } };
  await writeFile(join(data, 'settings.json'), JSON.stringify({ version: 2, servers: [], preferences }));
  expect(await drawing('--user-data-dir', data, '--server', 'http://127.0.0.1:8188')).toBe('gpu');
});

it('tells what is wrong with its command line, on Windows in a box as there is no terminal', async () => {
  installedOn('linux');
  await start('--web');
  expect(console.error).toHaveBeenCalledWith(expect.stringContaining('no --web'));
  await expect.poll(() => [dialog.errors, desktop.exitCode]).toEqual([[], 2]);
  desktop.exitCode = null;
  installedOn('win32');
  await start('--port', '8400');
  expect(dialog.errors).toEqual([expect.stringMatching(/^Comfy Monitor: .*no --web and no --port/)]);
  await expect.poll(() => desktop.exitCode).toBe(2);
  expect(startDesktop).not.toHaveBeenCalled();
});

it('shows its help under the name of its program, on Windows in a dialog', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  installedOn('linux');
  await start('--help');
  await expect.poll(() => desktop.exitCode).toBe(0);
  const [text] = written.mock.lastCall ?? [];
  expect(text).toContain(`Usage: ${basename(process.execPath)} [options]`);
  written.mockRestore();
  installedOn('win32');
  await start('--help');
  await expect.poll(() => dialog.shown).toMatchObject([{ message: expect.stringContaining('Usage: ') }]);
});

it('is not stopped by what Windows starts it with when a notification is clicked', async () => {
  installedOn('win32');
  await start('-ToastActivated', '-Embedding');
  await expect.poll(() => startDesktop.mock.calls.length).toBe(1);
});

it('ignores in an installed app what would open it to other programs, and says so in its log', async () => {
  installedOn('linux');
  desktop.switches = ['remote-debugging-port=9222'];
  await start('--remote-debugging-port=9222');
  await expect.poll(() => startDesktop.mock.calls.length).toBe(1);
  expect(app.commandLine.hasSwitch('remote-debugging-port')).toBe(false);
  expect(await readFile(join(desktop.userData, 'logs', 'comfy-monitor.log'), 'utf8')).toContain(
    'ignored in an installed app: --remote-debugging-port',
  );
});
