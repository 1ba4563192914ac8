import type { Steps } from '../slices.ts';
import type { Pixels } from './pixels.ts';

/** Levels of red, green and blue in the fixed palette: 6 × 7 × 6 = 252 colours. */
const LEVELS = [6, 7, 6] as const;
const BITS = 8;
/** Ordered dithering, 4 × 4: hides the small palette. */
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((place) => (place + 0.5) / 16 - 0.5);

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
  const [reds, greens, blues] = LEVELS;
  const table = Buffer.alloc(256 * 3);
  for (let index = 0; index < reds * greens * blues; index += 1) {
    table[index * 3] = Math.round((Math.floor(index / (greens * blues)) * 255) / (reds - 1));
    table[index * 3 + 1] = Math.round(((Math.floor(index / blues) % greens) * 255) / (greens - 1));
    table[index * 3 + 2] = Math.round(((index % blues) * 255) / (blues - 1));
  }
  return table;
}

function* indicesOf({ width, height, rgb }: Pixels): Steps<Uint8Array> {
  const [reds, greens, blues] = LEVELS;
  const indices = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column;
      const shift = BAYER[(row & 3) * 4 + (column & 3)] ?? 0;
      const level = (value: number, levels: number) =>
        Math.min(levels - 1, Math.max(0, Math.round((value / 255) * (levels - 1) + shift)));
      const r = level(rgb[at * 3] ?? 0, reds);
      const g = level(rgb[at * 3 + 1] ?? 0, greens);
      const b = level(rgb[at * 3 + 2] ?? 0, blues);
      indices[at] = (r * greens + g) * blues + b;
    }
    yield;
  }
  return indices;
}

/** LZW with growing codes, in blocks of at most 255 bytes. */
function* compress(indices: Uint8Array): Steps<Buffer> {
  const clear = 1 << BITS;
  const bytes: number[] = [];
  let pending = 0;
  let pendingBits = 0;
  let size = BITS + 1;
  let next = clear + 2;
  let known = new Map<number, number>();
  const emit = (code: number) => {
    pending |= code << pendingBits;
    pendingBits += size;
    for (; pendingBits >= 8; pendingBits -= 8) {
      bytes.push(pending & 255);
      pending >>>= 8;
    }
  };
  emit(clear);
  let prefix = indices[0] ?? 0;
  for (let at = 1; at < indices.length; at += 1) {
    const index = indices[at] ?? 0;
    const pair = (prefix << BITS) | index;
    const code = known.get(pair);
    if (code !== undefined) {
      prefix = code;
    } else {
      emit(prefix);
      prefix = index;
      if (next < 4096) {
        known.set(pair, next);
        if (next === 1 << size) size += 1;
        next += 1;
      } else {
        emit(clear);
        known = new Map();
        size = BITS + 1;
        next = clear + 2;
      }
    }
    if ((at & 1023) === 0) yield;
  }
  emit(prefix);
  emit(clear + 1);
  if (pendingBits > 0) bytes.push(pending & 255);
  const blocks = [Buffer.from([BITS])];
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.slice(at, at + 255);
    blocks.push(Buffer.from([block.length, ...block]));
  }
  return Buffer.concat([...blocks, Buffer.from([0])]);
}
