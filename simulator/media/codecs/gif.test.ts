import { expect, it } from 'vitest';
import { runNow } from '../slices.ts';
import { encodeGif } from './gif.ts';

/** Pictures large and noisy enough that the code table fills up and is cleared at least once. */
function noise(seed: number) {
  const rgb = new Uint8Array(160 * 120 * 3);
  let state = seed;
  for (let at = 0; at < rgb.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    rgb[at] = state >>> 24;
  }
  return { width: 160, height: 120, rgb };
}

it('gives every frame in full, as a decoder reads it', () => {
  const frames = decodeGif(runNow(encodeGif([noise(1), noise(2)], 8)));
  expect(frames).toHaveLength(2);
  for (const [index, pixels] of frames.entries()) {
    expect(pixels).toHaveLength(160 * 120);
    expect(errorOf(pixels, noise(index + 1).rgb)).toBeLessThan(60);
  }
});

/** The largest difference of a channel; the palette has 6 or 7 levels per channel, and dithers. */
function errorOf(pixels: readonly number[][], rgb: Uint8Array): number {
  return pixels.reduce(
    (worst, pixel, place) =>
      Math.max(worst, ...pixel.map((value, channel) => Math.abs(value - (rgb[place * 3 + channel] ?? 0)))),
    0,
  );
}

/** The colours of each frame, read by the GIF89a specification. */
function decodeGif(bytes: Buffer): number[][][] {
  const frames: number[][][] = [];
  const palette = bytes.subarray(13, 13 + 768);
  let at = 13 + 768;
  const blocks = () => {
    const parts: Buffer[] = [];
    for (let size = bytes.readUInt8(at); size > 0; size = bytes.readUInt8(at)) {
      parts.push(bytes.subarray(at + 1, at + 1 + size));
      at += 1 + size;
    }
    at += 1;
    return Buffer.concat(parts);
  };
  for (let kind = bytes.readUInt8(at); kind !== 0x3b; kind = bytes.readUInt8(at)) {
    at += kind === 0x21 ? 2 : 10;
    if (kind === 0x21) {
      blocks();
      continue;
    }
    expect(kind).toBe(0x2c);
    const bits = bytes.readUInt8(at);
    at += 1;
    frames.push(decodeLzw(blocks(), bits).map((index) => [...palette.subarray(index * 3, index * 3 + 3)]));
  }
  expect(at).toBe(bytes.length - 1);
  return frames;
}

function decodeLzw(data: Buffer, bits: number): number[] {
  const clear = 1 << bits;
  const pixels: number[] = [];
  let table: number[][] = [];
  let before: number[] | undefined;
  let size = bits + 1;
  for (let position = 0; position + size <= data.length * 8; ) {
    let code = 0;
    for (let bit = 0; bit < size; bit += 1, position += 1)
      code |= (((data[position >> 3] ?? 0) >> (position & 7)) & 1) << bit;
    if (code === clear + 1) return pixels;
    if (code === clear) {
      table = Array.from({ length: clear + 2 }, (_, index) => [index]);
      size = bits + 1;
      before = undefined;
      continue;
    }
    const entry = table[code] ?? [...(before ?? []), before?.[0] ?? 0];
    if (before && table.length < 4096) table.push([...before, entry[0] ?? 0]);
    if (table.length === 1 << size && size < 12) size += 1;
    pixels.push(...entry);
    before = entry;
  }
  throw new Error('the data ends before its end code');
}
