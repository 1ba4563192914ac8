import type { Steps } from '../slices.ts';
import type { Pixels } from './pixels.ts';

/** Levels of red, green and blue in the fixed palette: 6 × 7 × 6 = 252 colours. */
const levels = [6, 7, 6] as const;
/** Bits of a pixel. */
const bits = 8;
/** The code that clears the table; the one after it ends the data. */
const clear = 1 << bits;
/** After so many pixels a decoder's table would need codes of ten bits. */
const pixelsPerTable = clear - 2;
/** Ordered dithering, 4 × 4: hides the small palette. */
const bayer = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((place) => (place + 0.5) / 16 - 0.5);

/** An endlessly looping animated GIF (GIF89a); all frames have the size of the first. */
export function* encodeGif(frames: readonly Pixels[], framesPerSecond: number): Steps<Buffer> {
  const [first] = frames;
  if (!first) return Buffer.alloc(0);
  const { width, height } = first;
  const delay = Math.max(2, Math.round(100 / framesPerSecond));
  const parts = [
    Buffer.from('GIF89a', 'latin1'),
    Buffer.from([...uint16(width), ...uint16(height), 0xf7, 0, 0]),
    palette(),
    Buffer.from([0x21, 0xff, 0x0b]),
    Buffer.from('NETSCAPE2.0', 'latin1'),
    Buffer.from([3, 1, 0, 0, 0]),
  ];
  for (const frame of frames) {
    parts.push(Buffer.from([0x21, 0xf9, 4, 0, ...uint16(delay), 0, 0]));
    parts.push(Buffer.from([0x2c, 0, 0, 0, 0, ...uint16(width), ...uint16(height), 0]));
    const indices = yield* indicesOf(frame);
    parts.push(yield* compress(indices));
    yield;
  }
  return Buffer.concat([...parts, Buffer.from([0x3b])]);
}

function uint16(value: number): [number, number] {
  return [value & 255, value >> 8];
}

function palette(): Buffer {
  const [reds, greens, blues] = levels;
  const table = Buffer.alloc(256 * 3);
  for (let index = 0; index < reds * greens * blues; index += 1) {
    table[index * 3] = Math.round((Math.floor(index / (greens * blues)) * 255) / (reds - 1));
    table[index * 3 + 1] = Math.round(((Math.floor(index / blues) % greens) * 255) / (greens - 1));
    table[index * 3 + 2] = Math.round(((index % blues) * 255) / (blues - 1));
  }
  return table;
}

function* indicesOf({ width, height, rgb }: Pixels): Steps<Uint8Array> {
  const [reds, greens, blues] = levels;
  const indices = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column;
      const shift = bayer[(row & 3) * 4 + (column & 3)] ?? 0;
      const level = (value: number, count: number) =>
        Math.min(count - 1, Math.max(0, Math.round((value / 255) * (count - 1) + shift)));
      const r = level(rgb[at * 3] ?? 0, reds);
      const g = level(rgb[at * 3 + 1] ?? 0, greens);
      const b = level(rgb[at * 3 + 2] ?? 0, blues);
      indices[at] = (r * greens + g) * blues + b;
    }
    yield;
  }
  return indices;
}

/**
 * The pixels as codes of nine bits, in blocks of at most 255 bytes: LZW that clears its table before it would have
 * to use longer codes. The file is somewhat larger than need be, and the encoder a page shorter.
 */
function* compress(indices: Uint8Array): Steps<Buffer> {
  const bytes: number[] = [];
  let pending = 0;
  let pendingBits = 0;
  const emit = (code: number) => {
    pending |= code << pendingBits;
    pendingBits += bits + 1;
    for (; pendingBits >= 8; pendingBits -= 8) {
      bytes.push(pending & 255);
      pending >>>= 8;
    }
  };
  for (const [at, index] of indices.entries()) {
    if (at % pixelsPerTable === 0) {
      emit(clear);
      yield;
    }
    emit(index);
  }
  emit(clear + 1);
  if (pendingBits > 0) bytes.push(pending & 255);
  const blocks = [Buffer.from([bits])];
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.slice(at, at + 255);
    blocks.push(Buffer.from([block.length, ...block]));
  }
  return Buffer.concat([...blocks, Buffer.from([0])]);
}
