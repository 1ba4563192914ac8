import { execFileSync } from 'node:child_process';
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Notice } from '../../contract/notice.ts';
import { defaultSettings } from '../../contract/settings.ts';
import { settingsOnDisk } from '../../main/lifecycle/drawing.ts';
import { openWindowState } from '../../main/windows/window-state.ts';
import { openAnnouncedPrompts } from '../news/announced-prompts.ts';
import { openSecretFile } from './secret-file.ts';
import { openSettingsFile } from './settings-file.ts';
import { readText, readTextNow } from './text-file.ts';

let folder: string;
let elsewhere: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-'));
  elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
  for (const made of [folder, elsewhere]) onTestFinished(() => rm(made, { recursive: true, force: true }));
});

/** A file that the monitor keeps. */
interface Kept {
  name: string;
  /** As it stands on the disk, with something to remember in it. */
  text: string;
  /** Opens it; gives what it remembers of `text`, and what it tells the user or the log of damage. */
  open(): Promise<{ remembered: boolean; told: string; write(): Promise<void> }>;
}

const kept: Kept[] = [
  {
    name: 'settings.json',
    text: JSON.stringify({ ...defaultSettings, servers: [] }),
    async open() {
      const file = await openSettingsFile(folder);
      return {
        remembered: file.current.servers.length === 0,
        told: textOf(file.notice),
        write: () => file.update((settings) => settings),
      };
    },
  },
  {
    name: 'secrets.json',
    text: JSON.stringify({ version: 1, secrets: { a: 'eA==' } }),
    async open() {
      let told = '';
      const file = await openSecretFile(
        folder,
        () => {},
        (why, aside) => {
          told = `${why} ${aside}`;
        },
      );
      return {
        remembered: file.has('a'),
        told,
        write: () => file.change(new Map([['b', Buffer.from('y')]])),
      };
    },
  },
  {
    name: 'notifications.json',
    text: JSON.stringify({ version: 1, ledger: { told: ['a'], live: [] }, pausedUntil: null }),
    async open() {
      const file = await openAnnouncedPrompts(folder, () => {});
      return {
        remembered: file.ledger.told.includes('a'),
        told: textOf(file.notice),
        async write() {
          file.pause(5);
          await file.saved();
        },
      };
    },
  },
  {
    name: 'window-state.json',
    text: JSON.stringify({ bounds: null, maximized: true, zoomLevel: 0, mini: null, told: [] }),
    async open() {
      const lines: string[] = [];
      const file = openWindowState(folder, (line) => lines.push(line));
      return {
        remembered: file.current.maximized,
        told: lines.join('\n'),
        async write() {
          file.remember({ zoomLevel: 2 });
          file.flush();
        },
      };
    },
  },
];

function textOf(notice: Notice | null): string {
  return [notice?.what, notice?.why, notice?.next].filter(Boolean).join(' ');
}

const damagedNames = async () => (await readdir(folder)).filter((name) => name.includes('.damaged-'));

describe.each(kept)('$name', ({ name, text, open }) => {
  const path = () => join(folder, name);

  it.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, as Windows writes it', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, the other way round', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('is read with a mark of its encoding before it (%s)', async (_name, bytes) => {
    await writeFile(path(), bytes);
    expect(await open()).toMatchObject({ remembered: true, told: '' });
    expect(await readdir(folder)).toEqual([name]);
  });

  it.skipIf(process.platform === 'win32').each<[string, () => unknown]>([
    ['a pipe', () => execFileSync('mkfifo', [path()])],
    ['a folder', () => mkdir(path())],
    ['a link to a device', () => symlink('/dev/zero', path())],
    ['a link to itself', () => symlink(path(), path())],
    ['a link into a folder that is not there', () => symlink(join(elsewhere, 'gone', name), path())],
    ['nonsense', () => writeFile(path(), '{"version":')],
  ])('is kept aside where it is %s, is told of, and is written anew', async (_name, make) => {
    await make();
    const first = await open();
    expect(first.remembered).toBe(false);
    const [aside = ''] = await damagedNames();
    expect(first.told).toContain(aside);
    expect(aside).not.toBe('');
    await first.write();
    expect((await lstat(path())).isFile()).toBe(true);
    expect((await open()).told).toBe('');
    // A device is nobody's to replace.
    expect((await lstat('/dev/zero')).isCharacterDevice()).toBe(true);
  });

  it.skipIf(process.platform === 'win32')(
    'may be a link to where its user keeps it, and stays one',
    async () => {
      await writeFile(join(elsewhere, 'mine'), text);
      await symlink(join(elsewhere, 'mine'), path());
      const file = await open();
      expect(file).toMatchObject({ remembered: true, told: '' });
      await file.write();
      expect(await readlink(path())).toBe(join(elsewhere, 'mine'));
      expect(await readdir(elsewhere)).toEqual(['mine']);
      expect(await readFile(join(elsewhere, 'mine'), 'utf8')).toMatch(/^\{/);
      expect((await lstat(join(elsewhere, 'mine'))).mode & 0o777).toBe(0o600);
    },
  );

  it.skipIf(process.platform === 'win32')('may be a link to where it is yet to be', async () => {
    await symlink(join(elsewhere, 'mine'), path());
    const file = await open();
    expect(file.told).toBe('');
    await file.write();
    expect((await lstat(join(elsewhere, 'mine'))).isFile()).toBe(true);
    expect((await lstat(path())).isSymbolicLink()).toBe(true);
  });

  it('is rid of what writers left that were killed, and of nothing else', async () => {
    const dead = `${path()}.${2 ** 22 + 5}.new`;
    const own = `${path()}.${process.pid}.new`;
    const others = [`${path()}.${process.ppid}.new`, `${path()}.mine.new`, `${path()}.bak`];
    for (const leftover of [dead, own, ...others]) await writeFile(leftover, 'x');
    await open();
    expect((await readdir(folder)).map((left) => join(folder, left)).sort()).toEqual(others.sort());
    // Its writer has gone, and its number has been given to another process.
    const longAgo = new Date(Date.now() - 2 * 60 * 60_000);
    await utimes(`${path()}.${process.ppid}.new`, longAgo, longAgo);
    await open();
    expect(await readdir(folder)).not.toContain(`${name}.${process.ppid}.new`);
  });
});

describe('a file that is kept', () => {
  it('of a newer version is kept aside untouched, whichever it is', async () => {
    for (const { name, open } of kept) {
      const text = JSON.stringify({ version: 99, everything: 'different' });
      await writeFile(join(folder, name), text);
      const file = await open();
      expect(file.remembered).toBe(false);
      expect(file.told).toContain('newer version of the app (layout 99)');
      const [aside = ''] = (await damagedNames()).filter((damaged) => damaged.startsWith(name.slice(0, -5)));
      expect(await readFile(join(folder, aside), 'utf8')).toBe(text);
    }
  });

  it('is written with its version', async () => {
    for (const { name, open } of kept) {
      await (await open()).write();
      expect(JSON.parse(await readFile(join(folder, name), 'utf8'))).toHaveProperty('version');
    }
  });

  // Files of the system have a size of 0, and something in them.
  it.skipIf(process.platform !== 'linux')('is read whatever its size is said to be', async () => {
    expect((await lstat('/proc/self/status')).size).toBe(0);
    const status = { found: 'text', text: expect.stringContaining('Pid:') };
    expect(await readText('/proc/self/status')).toEqual(status);
    expect(readTextNow('/proc/self/status')).toEqual(status);
  });

  it('is read to its last byte up to the bound', async () => {
    const text = 'x'.repeat(16 * 2 ** 20);
    await writeFile(join(folder, 'a.json'), text);
    for (const read of [await readText(join(folder, 'a.json')), readTextNow(join(folder, 'a.json'))])
      expect(read.found === 'text' && read.text === text).toBe(true);
  });

  it('is not read when it is far too large', async () => {
    await writeFile(join(folder, 'a.json'), Buffer.alloc(17 * 2 ** 20));
    const tooLarge = { found: 'damaged', why: 'It is far too large.' };
    expect(await readText(join(folder, 'a.json'))).toEqual(tooLarge);
    expect(readTextNow(join(folder, 'a.json'))).toEqual(tooLarge);
  });

  it.skipIf(process.platform === 'win32')('does not hold up a start by being a pipe', () => {
    execFileSync('mkfifo', [join(folder, 'settings.json')]);
    expect(settingsOnDisk(folder)).toEqual(defaultSettings);
  });

  it('is kept aside under a name of its own each time', async () => {
    const now = () => new Date('2026-03-04T05:06:07Z');
    for (const text of ['one', 'two', 'three']) {
      await writeFile(join(folder, 'settings.json'), text);
      await openSettingsFile(folder, now);
    }
    const names = await readdir(folder);
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    expect(texts.sort()).toEqual(['one', 'three', 'two']);
  });
});
