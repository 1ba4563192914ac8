import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaFile } from '../../domain/outputs/executed-output.ts';
import { OpenableFile } from './openable-file.ts';
import { findInside, outputFolders } from './output-folder.ts';
import { isOpenable, safeName } from './safe-name.ts';

describe('where a server keeps its output', () => {
  it('is the folder it was started with, and no other', () => {
    expect(outputFolders(['main.py', '--output-directory', '/data/out'], ['/comfy/custom_nodes'])).toEqual([
      '/data/out',
    ]);
    expect(outputFolders(['main.py', '--output-directory=/data/out'], [])).toEqual(['/data/out']);
  });

  it('is below its base folder, or beside its custom nodes', () => {
    expect(outputFolders(['main.py', '--base-directory', '/base'], ['/comfy/custom_nodes'])).toEqual([
      '/base/output',
      '/comfy/output',
    ]);
    expect(outputFolders(['main.py'], ['/comfy/custom_nodes'])).toEqual(['/comfy/output']);
  });

  it('is unknown where only relative paths are told', () => {
    expect(outputFolders(['main.py', '--output-directory', 'out'], ['custom_nodes'])).toEqual([]);
  });

  it('is on a drive where the server runs on Windows', () => {
    const folders = (argv: string[], customNodes: string[] = []) => outputFolders(argv, customNodes, win32);
    expect(folders(['main.py', '--output-directory', 'D:\\out'])).toEqual(['D:\\out']);
    expect(
      folders(['C:\\Comfy\\main.py', '--base-directory', 'd:/base'], ['E:\\nodes\\custom_nodes']),
    ).toEqual(['d:\\base\\output', 'C:\\Comfy\\output', 'E:\\nodes\\output']);
  });

  it.each([
    '\\\\evil\\share',
    '//evil/share',
    '\\\\?\\UNC\\evil\\share',
    '\\\\.\\pipe\\evil',
    '\\out',
    'C:out',
  ])(
    'is never %s on Windows: looking there would hand the user’s login to whoever a server names',
    (folder) => {
      expect(outputFolders(['main.py', `--output-directory=${folder}`], [], win32)).toEqual([]);
      expect(outputFolders([`${folder}\\main.py`, '--base-directory', folder], [], win32)).toEqual([]);
      expect(outputFolders(['main.py'], [`${folder}\\custom_nodes`], win32)).toEqual([]);
    },
  );
});

describe('a file of the output folder', () => {
  let folder: string;
  let out: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'output-'));
    out = join(folder, 'out');
    await mkdir(join(out, 'Flux'), { recursive: true });
    await writeFile(join(out, 'Flux', 'a.png'), 'image');
    await writeFile(join(folder, 'secret.png'), 'image');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const file = (filename: string, subfolder = '', type: MediaFile['type'] = 'output'): MediaFile => ({
    filename,
    subfolder,
    type,
  });

  it('is found where the server says, when it has the size the server says', async () => {
    expect(await findInside([out], file('a.png', 'Flux'), 5)).toMatch(/Flux.a\.png$/);
    expect(await findInside([out], file('a.png', 'Flux'), 6)).toBeNull();
  });

  it('is never a file outside, by dots, absolute paths or links', async () => {
    await symlink(join(folder, 'secret.png'), join(out, 'link.png'));
    await symlink(folder, join(out, 'up'));
    expect(await findInside([out], file('../secret.png'), 5)).toBeNull();
    expect(await findInside([out], file('secret.png', '..'), 5)).toBeNull();
    expect(await findInside([out], file(join(folder, 'secret.png')), 5)).toBeNull();
    expect(await findInside([out], file('link.png'), 5)).toBeNull();
    expect(await findInside([out], file('secret.png', 'up'), 5)).toBeNull();
    expect(await findInside([out], file('Flux'), 5)).toBeNull();
  });

  it('is not what a link makes of it, nor one of a size that nobody tells', async () => {
    await writeFile(join(out, 'evil.desktop'), 'xxxxx');
    await symlink(join(out, 'evil.desktop'), join(out, 'x.png'));
    expect(await findInside([out], file('x.png'), 5)).toBeNull();
    expect(await OpenableFile.at(join(out, 'x.png'))).toBeNull();
    expect(await OpenableFile.at(out)).toBeNull();
    expect(await findInside([out], file('a.png', 'Flux'), null)).toBeNull();
    await symlink(join(out, 'Flux', 'a.png'), join(out, 'b.png'));
    expect(await findInside([out], file('b.png'), 5)).toMatch(/Flux.a\.png$/);
  });

  it('is not looked for among temporary files', async () => {
    expect(await findInside([out], file('a.png', 'Flux', 'temp'), 5)).toBeNull();
  });
});

describe('the name of a downloaded copy', () => {
  const named = (filename: string) => safeName('http://a', { filename, subfolder: '', type: 'output' });

  it('keeps what is readable and harmless', () => {
    expect(named('Flux_00134_.png')).toMatch(/^Flux_00134_-[0-9a-f]{10}\.png$/);
    expect(named('山と湖 (2).webp')).toMatch(/^山と湖 \(2\)-[0-9a-f]{10}\.webp$/);
  });

  it('has nothing of a path, a shell or a reserved name in it', () => {
    for (const evil of [
      '../../x.png',
      '$(rm -rf ~).png',
      'a\\b:c|d.png',
      '-rf.png',
      'CON.png',
      '.png',
      '\u202egpj.png',
    ])
      expect(named(evil)).toMatch(/^[\p{L}\p{N} ()_-]*-[0-9a-f]{10}\.(png|\w*)$/u);
  });

  it('differs between servers and folders', () => {
    const file = { filename: 'a.png', subfolder: '', type: 'output' } as const;
    const names = [
      safeName('http://a', file),
      safeName('http://b', file),
      safeName('http://a', { ...file, subfolder: 'x' }),
    ];
    expect(new Set(names).size).toBe(3);
  });

  it('is only given to media', () => {
    expect(['a.png', 'b.mp4', 'c.flac', 'd.glb'].map(isOpenable)).toEqual([true, true, true, true]);
    expect(
      ['a.exe', 'b.svg', 'c.html', 'd.desktop', 'e.lnk', 'f', '.png', 'g.png.bat'].map(isOpenable),
    ).toEqual(Array(8).fill(false));
  });
});
