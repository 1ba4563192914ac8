import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { appId, toastActivatorClsid } from '../app-id.ts';
import { app, desktop, shell } from '../testing/fake-electron.ts';
import { introduceToWindows } from './windows-identity.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const { platform } = process;
let folder: string;
/** Where Windows keeps the start menu of a user. */
let menu: string;
/** The entry of an installed copy. */
const installed = JSON.stringify({
  target: 'P:\\Comfy Monitor.exe',
  appUserModelId: appId,
  toastActivatorClsid,
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-'));
  menu = join(folder, 'Microsoft', 'Windows', 'Start Menu', 'Programs');
  await mkdir(menu, { recursive: true });
  await writeFile(join(menu, 'Comfy Monitor.lnk'), installed);
  desktop.userData = folder;
  Object.defineProperty(process, 'platform', { value: 'win32' });
});
afterEach(async () => {
  app.removeAllListeners();
  Object.defineProperty(process, 'platform', { value: platform });
  desktop.isPackaged = false;
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const introduce = () => introduceToWindows((line) => expect.fail(line));

/**
 * What Electron does before the first notification: it takes the activator of the entry that has the name of the
 * program's file, points it to the program, and leaves that entry alone if it is right in all.
 */
function showNotification(program: string): { activator: string; entry: object | null } {
  const path = join(menu, `${program}.lnk`);
  const present = existsSync(path) ? shell.readShortcutLink(path) : null;
  const activator = present?.toastActivatorClsid || desktop.windowsIdentity.toastActivatorClsid;
  const isRight =
    present?.appUserModelId === desktop.windowsIdentity.appUserModelId && present.target === process.execPath;
  if (!isRight)
    shell.writeShortcutLink(path, {
      target: process.execPath,
      appUserModelId: desktop.windowsIdentity.appUserModelId,
      toastActivatorClsid: activator,
    });
  return { activator, entry: present };
}

it('leaves what belongs to an installed copy alone in development', async () => {
  introduce();
  const { activator, entry } = showNotification('Electron');
  // This is what a click on a notification starts: it must not become Electron for the installed copy.
  expect(activator).not.toBe(toastActivatorClsid);
  expect(desktop.windowsIdentity.appUserModelId).not.toBe(appId);
  // As long as it is there it starts the app, and no Electron without one.
  expect(entry).toMatchObject({ target: process.execPath, args: '"/projects/comfy monitor"' });
  app.emit('quit');
  expect(await readdir(menu)).toEqual(['Comfy Monitor.lnk']);
  expect(await readFile(join(menu, 'Comfy Monitor.lnk'), 'utf8')).toBe(installed);
});

it('removes what earlier versions left in development', async () => {
  await writeFile(join(menu, 'Electron.lnk'), installed);
  introduce();
  expect(showNotification('Electron').activator).not.toBe(toastActivatorClsid);
  app.emit('quit');
  expect(await readdir(menu)).toEqual(['Comfy Monitor.lnk']);
});

it('gives the entry of another program back that is developed with Electron', async () => {
  const other = JSON.stringify({ target: 'E:\\electron.exe', appUserModelId: 'another' });
  await writeFile(join(menu, 'Electron.lnk'), other);
  introduce();
  app.emit('quit');
  expect(await readFile(join(menu, 'Electron.lnk'), 'utf8')).toBe(other);
});

it('gives the entry of an installed copy back when the portable program ends', async () => {
  desktop.isPackaged = true;
  vi.stubEnv('PORTABLE_EXECUTABLE_FILE', 'D:\\Comfy Monitor.exe');
  introduce();
  expect(showNotification('Comfy Monitor').activator).not.toBe(toastActivatorClsid);
  app.emit('quit');
  expect(await readFile(join(menu, 'Comfy Monitor.lnk'), 'utf8')).toBe(installed);
});

it('touches no entry as an installed copy', async () => {
  desktop.isPackaged = true;
  introduce();
  expect(desktop.windowsIdentity).toEqual({ appUserModelId: appId, toastActivatorClsid });
  app.emit('quit');
  expect(await readFile(join(menu, 'Comfy Monitor.lnk'), 'utf8')).toBe(installed);
});
