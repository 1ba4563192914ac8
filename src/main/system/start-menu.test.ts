import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appId, toastActivatorClsid, windowsIdentity } from '../app-id.ts';
import { shell } from '../testing/fake-electron.ts';
import { borrowStartMenuEntry } from './start-menu.ts';

let folder: string;
let path: string;
let keptAt: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-menu-'));
  path = join(folder, 'Comfy Monitor.lnk');
  keptAt = join(folder, 'kept.lnk');
});
afterEach(() => rm(folder, { recursive: true }));

const portable = windowsIdentity('windows-portable');
const borrow = (target = 'T:\\temp\\Comfy Monitor.exe') =>
  borrowStartMenuEntry({
    path,
    keptAt,
    shell,
    entry: {
      target,
      appUserModelId: portable.appId,
      toastActivatorClsid: portable.toastActivatorClsid,
    },
  });
const installed = JSON.stringify({ target: 'P:\\programs\\Comfy Monitor.exe', appUserModelId: appId });
const shown = () => shell.readShortcutLink(path);

describe('what Windows knows the app by', () => {
  it('is another one for an installed copy, the portable program and development', () => {
    const installed = windowsIdentity('windows-installer');
    expect(installed).toEqual({ appId, toastActivatorClsid });
    const all = [installed, portable, windowsIdentity('development')];
    expect(new Set(all.map((one) => one.appId)).size).toBe(3);
    expect(new Set(all.map((one) => one.toastActivatorClsid)).size).toBe(3);
    for (const one of all)
      expect(one.toastActivatorClsid).toMatch(/^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/);
  });
});

describe("the portable program's entry in the start menu", () => {
  it('is there while it runs', () => {
    const giveBack = borrow();
    expect(shown()).toMatchObject({
      target: 'T:\\temp\\Comfy Monitor.exe',
      appUserModelId: portable.appId,
    });
    giveBack();
    expect(existsSync(path)).toBe(false);
    giveBack();
  });

  it('makes way for that of an installed copy, which comes back as it was', () => {
    writeFileSync(path, installed);
    const giveBack = borrow();
    expect(shown().appUserModelId).toBe(portable.appId);
    giveBack();
    expect(readFileSync(path, 'utf8')).toBe(installed);
    expect(existsSync(keptAt)).toBe(false);
  });

  it('is given back after a crash, too, also by a newer version', () => {
    writeFileSync(path, installed);
    borrow('T:\\older\\Comfy Monitor.exe');
    borrow()();
    expect(readFileSync(path, 'utf8')).toBe(installed);
  });

  it('is left alone once it belongs to somebody else', () => {
    const giveBack = borrow();
    writeFileSync(path, installed);
    giveBack();
    expect(readFileSync(path, 'utf8')).toBe(installed);
  });

  it('is removed after a crash where there was none before', () => {
    borrow();
    borrow()();
    expect(existsSync(path)).toBe(false);
  });
});
