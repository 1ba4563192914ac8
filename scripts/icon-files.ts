/** The containers that Windows and macOS keep icons in, and words inside of PNGs. */
import { crc32 } from 'node:zlib';

/** A picture as square rows of red, green, blue and opacity, and the same as PNG. */
export interface IconImage {
  size: number;
  rgba: Uint8Array;
  png: Uint8Array;
}

/**
 * An `.ico` file. Up to 64 pixels the images are bitmaps, which every tool that reads icons understands;
 * larger ones are PNG, as Windows has it since Vista.
 */
export function encodeIco(images: readonly IconImage[]): Buffer {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  const bodies = images.map((image) => (image.size <= 64 ? bitmap(image) : Buffer.from(image.png)));
  let offset = header.length;
  images.forEach(({ size }, index) => {
    const at = 6 + 16 * index;
    const length = bodies[index]?.length ?? 0;
    // 256 does not fit into a byte and is written as zero.
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += length;
  });
  return Buffer.concat([header, ...bodies]);
}

/** The sizes in an `.ico` file, in its order; throws if it is damaged. */
export function icoSizes(file: Buffer): number[] {
  if (file.readUInt32LE(0) !== 0x00010000) throw new Error('not an .ico file');
  return Array.from({ length: file.readUInt16LE(4) }, (_, index) => {
    const at = 6 + 16 * index;
    const body = file.subarray(file.readUInt32LE(at + 12)).subarray(0, file.readUInt32LE(at + 8));
    const size = isPng(body) ? body.readUInt32BE(16) : body.readUInt32LE(4);
    if (size !== (file.readUInt8(at) || 256)) throw new Error(`image ${index} is not what the list says`);
    return size;
  });
}

/** A device-independent bitmap with opacity, bottom row first, and the empty mask that icons have. */
function bitmap({ size, rgba }: IconImage): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(size, 4);
  // Picture and mask count as one of twice the height.
  header.writeInt32LE(size * 2, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  const pixels = Buffer.alloc(size * size * 4);
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      const from = (y * size + x) * 4;
      const to = ((size - 1 - y) * size + x) * 4;
      const [red = 0, green = 0, blue = 0, opacity = 0] = rgba.subarray(from, from + 4);
      pixels.set([blue, green, red, opacity], to);
    }
  const mask = Buffer.alloc(Math.ceil(size / 32) * 4 * size);
  return Buffer.concat([header, pixels, mask]);
}

/** What macOS calls each picture: points and the pixels it has on normal and fine displays. */
const icnsTypes = [
  { type: 'ic11', size: 32 },
  { type: 'ic12', size: 64 },
  { type: 'ic07', size: 128 },
  { type: 'ic13', size: 256 },
  { type: 'ic08', size: 256 },
  { type: 'ic14', size: 512 },
  { type: 'ic09', size: 512 },
  { type: 'ic10', size: 1024 },
] as const;

/** The sizes that `encodeIcns` needs. */
export const icnsImageSizes: readonly number[] = [...new Set(icnsTypes.map(({ size }) => size))];

/** An `.icns` file of PNGs; macOS draws what is missing below 32 pixels from the next one. */
export function encodeIcns(images: readonly IconImage[]): Buffer {
  const chunks = icnsTypes.map(({ type, size }) => {
    const png = images.find((image) => image.size === size)?.png;
    if (!png) throw new Error(`no picture of ${size} pixels`);
    return chunk(type, png);
  });
  return chunk('icns', Buffer.concat(chunks));
}

/** The types in an `.icns` file with the size of each picture; throws if it is damaged. */
export function icnsSizes(file: Buffer): [type: string, size: number][] {
  if (file.toString('latin1', 0, 4) !== 'icns' || file.readUInt32BE(4) !== file.length)
    throw new Error('not an .icns file');
  const found: [string, number][] = [];
  for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
    const body = file.subarray(at + 8, at + file.readUInt32BE(at + 4));
    if (!isPng(body)) throw new Error('a picture is not a PNG');
    found.push([file.toString('latin1', at, at + 4), body.readUInt32BE(16)]);
  }
  return found;
}

function chunk(type: string, body: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(8 + body.length, 4);
  return Buffer.concat([header, body]);
}

/** The same PNG with a text in it. */
export function withText(png: Buffer, keyword: string, text: string): Buffer {
  const body = Buffer.from(`tEXt${keyword}\0${text}`, 'latin1');
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(body.length - 4, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  // Before the end mark, which is always twelve bytes.
  const end = png.length - 12;
  return Buffer.concat([png.subarray(0, end), framed, png.subarray(end)]);
}

function isPng(body: Buffer): boolean {
  return body.toString('latin1', 1, 4) === 'PNG';
}
