import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShortcutDetails } from 'electron';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { appId, toastActivatorClsid, windowsIdentity } from './app-id.ts';
import { borrowStartMenuEntry } from './start-menu.ts';

/** Shortcuts of Windows, as far as they matter here, written as JSON. */
const linkSchema = z.object({ target: z.string(), appUserModelId: z.string() });
const shell = {
  readShortcutLink: (path: string): ShortcutDetails =>
    linkSchema.parse(JSON.parse(readFileSync(path, 'utf8'))),
  writeShortcutLink(path: string, operation: unknown, details?: ShortcutDetails): boolean {
    writeFileSync(path, JSON.stringify(details ?? operation));
    return true;
  },
};

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
  it('is not the same for the portable program as for an installed one', () => {
    expect(windowsIdentity('windows-installer')).toEqual({ appId, toastActivatorClsid });
    expect(portable.appId).not.toBe(appId);
    expect(portable.toastActivatorClsid).not.toBe(toastActivatorClsid);
    expect(portable.toastActivatorClsid).toMatch(/^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/);
  });
});

describe("the portable program's entry in the start menu", () => {
  it('is there while it runs', () => {
    const giveBack = borrow();
    expect(shown()).toEqual({ target: 'T:\\temp\\Comfy Monitor.exe', appUserModelId: portable.appId });
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
