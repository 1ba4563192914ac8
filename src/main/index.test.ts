import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DesktopOptions } from './desktop.ts';
import { app, desktop, dialog } from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));
const startDesktop = vi.hoisted(() => vi.fn(async (_options: DesktopOptions) => {}));
vi.mock('./desktop.ts', () => ({ startDesktop }));

const { argv, platform } = process;
const thrown = process.listeners('uncaughtException');
const rejected = process.listeners('unhandledRejection');
let folder: string;
let starts = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'));
  vi.spyOn(console, 'error').mockImplementation(() => {});
  startDesktop.mockClear();
  app.removeAllListeners();
  dialog.shown.length = 0;
  dialog.errors.length = 0;
  desktop.exitCode = null;
  desktop.switches = [];
});
afterEach(async () => {
  process.argv = argv;
  Object.defineProperty(process, 'platform', { value: platform });
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
  desktop.userData = join(folder, 'usual');
  process.argv = desktop.isPackaged ? ['program', ...args] : ['electron', '.', ...args];
  starts += 1;
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

it('hears of a second start from the moment it is the first one', async () => {
  await start();
  const wish = { servers: [], demo: true, hidden: false };
  app.emit('second-instance', {}, [], '/', wish);
  await expect.poll(() => startDesktop.mock.calls.length).toBe(1);
  const heard = vi.fn();
  startDesktop.mock.lastCall?.[0].secondStarts.fulfil(heard);
  expect(heard).toHaveBeenCalledWith(wish);
});

it('puts everything into the sandbox, unless it was started without one because there can be none', async () => {
  await start();
  expect(desktop.switches).toEqual(['enable-sandbox']);
  desktop.switches = ['no-sandbox'];
  await start();
  expect(desktop.switches).toEqual(['no-sandbox']);
});

it('tells what is wrong with its command line, on Windows in a box as there is no terminal', async () => {
  installedOn('linux');
  await start('--web');
  expect(console.error).toHaveBeenCalledWith(expect.stringContaining('no --web'));
  expect([dialog.errors, desktop.exitCode]).toEqual([[], 2]);
  installedOn('win32');
  await start('--port', '8400');
  expect(dialog.errors).toEqual([expect.stringMatching(/^Comfy Monitor: .*no --web and no --port/)]);
  expect([startDesktop.mock.calls.length, desktop.exitCode]).toEqual([0, 2]);
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
  expect(await readFile(join(folder, 'usual', 'logs', 'comfy-monitor.log'), 'utf8')).toContain(
    'ignored in an installed app: --remote-debugging-port',
  );
});
