import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { autostartPath, moveAutostartNow, renameAutostart, setAutostart } from './autostart.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'autostart-'));
  path = autostartPath('app.of-ours', { XDG_CONFIG_HOME: folder }, '/home/me');
});
afterEach(() => rm(folder, { recursive: true }));

const exec = async () => /^Exec=(.*)$/m.exec(await readFile(path, 'utf8'))?.[1];

describe('the autostart entry', () => {
  it('is where desktops look for it', () => {
    expect(path).toBe(join(folder, 'autostart', 'app.of-ours.desktop'));
    expect(autostartPath('app.of-ours', {}, join('/home', 'me'))).toBe(
      join('/home', 'me', '.config', 'autostart', 'app.of-ours.desktop'),
    );
    expect(autostartPath('app.of-ours', { XDG_CONFIG_HOME: '' }, '/h')).toContain('.config');
  });

  it('is written as a whole desktop entry', async () => {
    await setAutostart(path, { program: '/opt/comfy-monitor/comfy-monitor', args: ['--hidden'] });
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines[0]).toBe('[Desktop Entry]');
    expect(lines).toContain('Type=Application');
    expect(await exec()).toBe('/opt/comfy-monitor/comfy-monitor --hidden');
    expect(await readdir(dirname(path))).toEqual(['app.of-ours.desktop']);
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

  it('stays switched off there when the app is elsewhere, or shall start differently', async () => {
    await setAutostart(path, { program: '/a/Comfy-1.AppImage', args: [] });
    const off = (await readFile(path, 'utf8')).replace('enabled=true', 'enabled=false');
    await writeFile(path, off);
    await setAutostart(path, { program: '/b/$&/Comfy-2.AppImage', args: ['--hidden'] });
    expect(await exec()).toBe('"/b/\\\\$&/Comfy-2.AppImage" --hidden');
    expect(await readFile(path, 'utf8')).toBe(
      off.replace(/^Exec=.*$/m, () => `Exec="/b/\\\\$&/Comfy-2.AppImage" --hidden`),
    );
  });

  it('follows an update that gives the program another name, before anything starts again', async () => {
    const [from, to] = ['/a/My Comfy-1.2.3.AppImage', '/a/Comfy.AppImage'];
    moveAutostartNow(path, from, to);
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    await setAutostart(path, { program: from, args: ['--hidden'] });
    moveAutostartNow(path, from, to);
    expect(await exec()).toBe('/a/Comfy.AppImage --hidden');
    await setAutostart(path, { program: from, args: [] });
    moveAutostartNow(path, from, to);
    expect(await exec()).toBe('/a/Comfy.AppImage');
  });

  it('of another copy of the app is left alone by an update', async () => {
    await setAutostart(path, { program: '/b/Comfy-1.2.3.AppImage-old', args: [] });
    moveAutostartNow(path, '/b/Comfy-1.2.3.AppImage', '/b/Comfy.AppImage');
    expect(await exec()).toBe('/b/Comfy-1.2.3.AppImage-old');
  });

  it('of an earlier version gets its name of today, once and as the user left it', async () => {
    const old = join(dirname(path), 'old.desktop');
    await renameAutostart(old, path);
    await setAutostart(old, { program: '/a/comfy-monitor', args: [] });
    const off = `${await readFile(old, 'utf8')}Hidden=true\n`;
    await writeFile(old, off);
    await renameAutostart(old, path);
    expect(await readdir(dirname(path))).toEqual(['app.of-ours.desktop']);
    expect(await readFile(path, 'utf8')).toBe(off);
    // That version was started once more.
    await setAutostart(old, { program: '/a/comfy-monitor', args: [] });
    await renameAutostart(old, path);
    expect(await readdir(dirname(path))).toEqual(['app.of-ours.desktop']);
    expect(await readFile(path, 'utf8')).toBe(off);
  });

  it('is removed, also when it was never there', async () => {
    await setAutostart(path, { program: '/a/comfy-monitor', args: [] });
    await setAutostart(path, null);
    await setAutostart(path, null);
    expect(await readdir(dirname(path))).toEqual([]);
  });
});
