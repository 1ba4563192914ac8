import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { autostartPath, setAutostart } from './autostart.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'autostart-'));
  path = autostartPath({ XDG_CONFIG_HOME: folder }, '/home/me');
});
afterEach(() => rm(folder, { recursive: true }));

const exec = async () => /^Exec=(.*)$/m.exec(await readFile(path, 'utf8'))?.[1];

describe('the autostart entry', () => {
  it('is where desktops look for it', () => {
    expect(path).toBe(join(folder, 'autostart', 'comfy-monitor.desktop'));
    expect(autostartPath({}, join('/home', 'me'))).toBe(
      join('/home', 'me', '.config', 'autostart', 'comfy-monitor.desktop'),
    );
    expect(autostartPath({ XDG_CONFIG_HOME: '' }, '/h')).toContain('.config');
  });

  it('is written as a whole desktop entry', async () => {
    await setAutostart(path, { program: '/opt/comfy-monitor/comfy-monitor', args: ['--hidden'] });
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines[0]).toBe('[Desktop Entry]');
    expect(lines).toContain('Type=Application');
    expect(await exec()).toBe('/opt/comfy-monitor/comfy-monitor --hidden');
    expect(await readdir(dirname(path))).toEqual(['comfy-monitor.desktop']);
  });

  it.each([
    ['/home/me/My Apps/Comfy.AppImage', '"/home/me/My Apps/Comfy.AppImage"'],
    ['/home/me/100%/Comfy.AppImage', '/home/me/100%%/Comfy.AppImage'],
    ['/home/$me/`x`/"C".AppImage', '"/home/\\\\$me/\\\\`x\\\\`/\\\\"C\\\\".AppImage"'],
  ])('quotes %s', async (program, line) => {
    await setAutostart(path, { program, args: [] });
    expect(await exec()).toBe(line);
  });

  it('follows the app to another place', async () => {
    await setAutostart(path, { program: '/a/Comfy-1.AppImage', args: [] });
    await setAutostart(path, { program: '/a/Comfy-2.AppImage', args: [] });
    expect(await exec()).toBe('/a/Comfy-2.AppImage');
  });

  it('stays switched off when the user switched it off in the desktop', async () => {
    const wanted = { program: '/a/comfy-monitor', args: [] };
    await setAutostart(path, wanted);
    const off = (await readFile(path, 'utf8')).replace('enabled=true', 'enabled=false');
    await writeFile(path, off);
    await setAutostart(path, wanted);
    expect(await readFile(path, 'utf8')).toBe(off);
  });

  it('is removed, also when it was never there', async () => {
    await setAutostart(path, { program: '/a/comfy-monitor', args: [] });
    await setAutostart(path, null);
    await setAutostart(path, null);
    expect(await readdir(dirname(path))).toEqual([]);
  });
});
