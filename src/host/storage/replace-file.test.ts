import { renameSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setAutostart } from '../../main/system/autostart.ts';
import { openWindowState } from '../../main/windows/window-state.ts';
import { openAnnouncedPrompts } from '../news/announced-prompts.ts';
import { replaceFile } from './replace-file.ts';
import { openSecretFile } from './secret-file.ts';
import { openSettingsFile } from './settings-file.ts';

vi.mock('node:fs', { spy: true });
vi.mock('node:fs/promises', { spy: true });

const { platform } = process;
const on = (name: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value: name });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replace-'));
});
afterEach(async () => {
  on(platform);
  vi.mocked(rename).mockReset();
  vi.mocked(renameSync).mockReset();
  await rm(folder, { recursive: true });
});

/** Makes the next tries to rename fail: somebody has the file open. */
function hold(code: string, tries: number): void {
  const refusal = Object.assign(new Error(`${code}: operation not permitted, rename`), { code });
  for (let n = 0; n < tries; n += 1) {
    vi.mocked(rename).mockRejectedValueOnce(refusal);
    vi.mocked(renameSync).mockImplementationOnce(() => {
      throw refusal;
    });
  }
}

describe('a file that is replaced', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('is waited for while it is held on Windows (%s)', async (code) => {
    on('win32');
    hold(code, 3);
    await replaceFile(join(folder, 'a.json'), 'new');
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('new');
  });

  it('is given up after a second, and nothing is left behind', async () => {
    on('win32');
    hold('EPERM', 10);
    const since = Date.now();
    await expect(replaceFile(join(folder, 'a.json'), 'new')).rejects.toThrow('EPERM');
    expect(Date.now() - since).toBeGreaterThan(900);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not waited for elsewhere, where a refusal is meant', async () => {
    on('linux');
    hold('EACCES', 1);
    await expect(replaceFile(join(folder, 'a.json'), 'new')).rejects.toThrow('EACCES');
    expect(rename).toHaveBeenCalledTimes(1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['settings.json', async () => (await openSettingsFile(folder)).update((settings) => settings)],
    [
      'secrets.json',
      async () => {
        const file = await openSecretFile(folder, () => {});
        await file.change(new Map([['a', Buffer.from('x')]]));
      },
    ],
    [
      'notifications.json',
      async () => {
        const told = await openAnnouncedPrompts(folder, () => {});
        told.pause(5);
        await told.saved();
      },
    ],
    [
      'window-state.json',
      async () => {
        const state = openWindowState(folder, () => {});
        state.remember({ maximized: true });
        state.flush();
      },
    ],
    [
      'comfy-monitor.desktop',
      () => setAutostart(join(folder, 'comfy-monitor.desktop'), { program: '/a', args: [] }),
    ],
  ])('is %s as well as any other', async (name, write) => {
    on('win32');
    hold('EPERM', 2);
    await write();
    expect(await readdir(folder)).toEqual([name]);
  });
});
