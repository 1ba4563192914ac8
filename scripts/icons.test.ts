import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { encodeIcns, encodeIco, type IconImage, icnsSizes, icoSizes, withText } from './icon-files.ts';

const folder = join(import.meta.dirname, '..', 'resources');
const read = (name: string) => readFileSync(join(folder, name));
const linux = readdirSync(join(folder, 'icons'));
const drawing = read('icon.svg').toString().replaceAll('\r\n', '\n');
const source = createHash('sha256').update(drawing).digest('hex');

describe('the icons', () => {
  it.each(['icon.png', ...linux.map((name) => `icons/${name}`)])(
    '%s shows the drawing as it is now',
    (name) => {
      const { width, height, channels, data, text } = decode(read(name));
      const size = name === 'icon.png' ? 1024 : Number.parseInt(name.slice(6), 10);
      expect([width, height, channels]).toEqual([size, size, 4]);
      expect(text.Source).toBe(source);
      // Round corners are transparent, the disc in the middle is white.
      expect(data[3]).toBe(0);
      const middle = (size / 2) * (size + 1) * 4;
      expect([...data.slice(middle, middle + 4)]).toEqual([255, 255, 255, 255]);
    },
  );

  it('has the sizes that Linux desktops look for', () => {
    expect(linux.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b)).toEqual([
      16, 24, 32, 48, 64, 128, 256, 512,
    ]);
  });

  it('has the sizes that Windows looks for', () => {
    expect(icoSizes(read('icon.ico'))).toEqual([16, 20, 24, 32, 40, 48, 64, 256]);
  });

  it('has the sizes that macOS looks for', () => {
    expect(icnsSizes(read('icon.icns'))).toEqual([
      ['ic11', 32],
      ['ic12', 64],
      ['ic07', 128],
      ['ic13', 256],
      ['ic08', 256],
      ['ic14', 512],
      ['ic09', 512],
      ['ic10', 1024],
    ]);
    expect(read('icon.icns').includes(source)).toBe(true);
    expect(read('icon.ico').includes(source)).toBe(true);
  });
});

describe('an icon file', () => {
  const png = read('icons/16x16.png');
  const pixel: IconImage = { size: 1, rgba: Uint8Array.of(1, 2, 3, 4), png };

  it('for Windows holds blue, green, red and opacity', () => {
    const file = encodeIco([pixel]);
    expect(icoSizes(file)).toEqual([1]);
    expect([...file.subarray(6 + 16 + 40).subarray(0, 4)]).toEqual([3, 2, 1, 4]);
  });

  it('for macOS is not written with a picture missing', () => {
    expect(() => encodeIcns([pixel])).toThrow('no picture of 32 pixels');
  });

  it('keeps its words and its picture', () => {
    const { text, width } = decode(withText(png, 'Comment', 'hello'));
    expect([text.Comment, width]).toEqual(['hello', 16]);
  });
});
