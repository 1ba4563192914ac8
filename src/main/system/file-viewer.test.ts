import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OpenableFile } from '../../host/outputs/openable-file.ts';
import { BrowserWindow, desktop, nativeImage, shell } from '../testing/fake-electron.ts';
import { fileViewer } from './file-viewer.ts';
import { smallPicture } from './picture.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewer-'));
  desktop.dragIcons.length = 0;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const png = Buffer.from(encode({ width: 4, height: 4, data: new Uint8Array(16), channels: 1 }));

/** A PNG that says it is so large, with nothing behind its head. */
function claiming(width: number, height: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

describe('a picture of the desktop app', () => {
  it('is made small, unless making it so would hold everything up', async () => {
    const decoded = vi.spyOn(nativeImage, 'createFromBuffer');
    expect(await smallPicture(png, 96)).toMatchObject({ width: 96 });
    expect(await smallPicture(claiming(5_000, 5_000), 96)).toMatchObject({ width: 96 });
    expect(decoded).toHaveBeenCalledTimes(2);
    expect(await smallPicture(claiming(5_001, 5_000), 96)).toBeNull();
    expect(await smallPicture(Buffer.from('<b>'), 96)).toBeNull();
    expect(decoded).toHaveBeenCalledTimes(2);
  });
});

describe('an opened file', () => {
  it.skipIf(process.platform === 'win32')('is no table, whose formulas a spreadsheet would run', async () => {
    const opened = vi.spyOn(shell, 'openPath').mockResolvedValue('');
    const open = async (name: string) => {
      const file = await OpenableFile.at(join(folder, name));
      return file && fileViewer.open(file);
    };
    await writeFile(join(folder, 'a.CSV'), '=cmd|"/c calc"!A1');
    await symlink(join(folder, 'a.CSV'), join(folder, 'looks.txt'));
    await writeFile(join(folder, 'real.txt'), 'a');
    for (const name of ['a.CSV', 'looks.txt']) expect(await open(name)).toMatch(/formulas.*save it/);
    expect(opened).not.toHaveBeenCalled();
    expect(await open('real.txt')).toBeNull();
    expect(opened).toHaveBeenCalledTimes(1);
  });
});

describe('a dragged file', () => {
  /** The width of what is under the pointer; null for the system's icon. */
  async function dragged(name: string, content: Buffer, size = content.length): Promise<number | null> {
    const path = join(folder, name);
    await writeFile(path, content);
    await truncate(path, size);
    const window = new BrowserWindow();
    window.show();
    const file = await OpenableFile.at(path);
    if (file) await fileViewer.drag(file);
    window.close();
    const icon = desktop.dragIcons.at(-1);
    if (!icon) throw new Error('nothing was dragged');
    return icon.width;
  }

  it('shows what it is, if that is a picture', async () => {
    expect(await dragged('a.png', png)).toBe(96);
  });

  it.each([
    ['a video, which is not even read', 'a.mp4', png, undefined],
    ['a picture of too many pixels', 'a.png', claiming(9_000, 9_000), undefined],
    ['a file that is too large', 'a.PNG', png, 33 * 1024 * 1024],
  ])('has the icon of the system for %s', async (_, name, content, size) => {
    const decoded = vi.spyOn(nativeImage, 'createFromBuffer');
    expect(await dragged(name, content, size)).toBeNull();
    expect(decoded).not.toHaveBeenCalled();
  });
});
