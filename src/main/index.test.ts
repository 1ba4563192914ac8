import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { app, desktop, dialog } from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));
const startDesktop = vi.hoisted(() => vi.fn(async () => {}));
vi.mock('./desktop.ts', () => ({ startDesktop }));

const { argv } = process;
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
  desktop.exitCode = null;
  desktop.switches = [];
});
afterEach(async () => {
  process.argv = argv;
  process.removeAllListeners('uncaughtException').removeAllListeners('unhandledRejection');
  for (const listener of thrown) process.on('uncaughtException', listener);
  for (const listener of rejected) process.on('unhandledRejection', listener);
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the app with these arguments. */
async function start(...args: string[]) {
  desktop.userData = join(folder, 'usual');
  process.argv = ['electron', '.', ...args];
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

it('puts everything into the sandbox, unless it was started without one because there can be none', async () => {
  await start();
  expect(desktop.switches).toEqual(['enable-sandbox']);
  desktop.switches = ['no-sandbox'];
  await start();
  expect(desktop.switches).toEqual(['no-sandbox']);
});
