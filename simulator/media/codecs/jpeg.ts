import type { Steps } from '../slices.ts';
import {
  chromaAc,
  chromaDc,
  chromaQuantisation,
  type HuffmanTable,
  lumaAc,
  lumaDc,
  lumaQuantisation,
  zigzagOrder,
} from './jpeg-tables.ts';
import type { Pixels } from './pixels.ts';

/**
 * A baseline JPEG encoder (ITU T.81) without chroma subsampling, using the quantisation and Huffman tables that
 * the standard gives as examples in its Annex K. Small and plain; made for previews, not for records.
 * @param quality 1–100, scaled as libjpeg does
 */
export function* encodeJpeg({ width, height, rgb }: Pixels, quality: number): Steps<Buffer> {
  const scale = quality < 50 ? 5000 / Math.max(1, quality) : 200 - 2 * Math.min(100, quality);
  const luma = scaledTable(lumaQuantisation, scale);
  const chroma = scaledTable(chromaQuantisation, scale);
  const out = new BitWriter(width * height);
  writeHeaders(out, width, height, luma, chroma);
  const channels = [
    { table: divisors(luma), dc: lumaDc, ac: lumaAc, last: 0, block: new Float32Array(64) },
    { table: divisors(chroma), dc: chromaDc, ac: chromaAc, last: 0, block: new Float32Array(64) },
    { table: divisors(chroma), dc: chromaDc, ac: chromaAc, last: 0, block: new Float32Array(64) },
  ];
  const [y, cb, cr] = channels.map(({ block }) => block);
  if (!y || !cb || !cr) return Buffer.alloc(0);
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      for (let index = 0; index < 64; index += 1) {
        const row = Math.min(height - 1, top + (index >> 3));
        const column = Math.min(width - 1, left + (index & 7));
        const at = (row * width + column) * 3;
        const r = rgb[at] ?? 0;
        const g = rgb[at + 1] ?? 0;
        const b = rgb[at + 2] ?? 0;
        y[index] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
        cb[index] = -0.168736 * r - 0.331264 * g + 0.5 * b;
        cr[index] = 0.5 * r - 0.418688 * g - 0.081312 * b;
      }
      for (const channel of channels) channel.last = writeBlock(out, channel);
    }
    yield;
  }
  return out.finish();
}

interface Channel {
  readonly table: Float32Array;
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
  readonly last: number;
  readonly block: Float32Array;
}

const coefficients = new Int32Array(64);

/** Transforms, quantises and writes one block; returns its DC coefficient for the next one to differ from. */
function writeBlock(out: BitWriter, { table, dc, ac, last, block }: Channel): number {
  transform(block);
  let end = 0;
  for (let index = 0; index < 64; index += 1) {
    const place = zigzagOrder[index] ?? 0;
    const value = Math.round((block[place] ?? 0) * (table[place] ?? 0));
    coefficients[index] = value;
    if (value !== 0) end = index;
  }
  const first = coefficients[0] ?? 0;
  writeValue(out, dc, 0, first - last);
  let zeros = 0;
  for (let index = 1; index <= end; index += 1) {
    const value = coefficients[index] ?? 0;
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) out.code(ac, 0xf0);
    writeValue(out, ac, zeros, value);
    zeros = 0;
  }
  if (end < 63) out.code(ac, 0);
  return first;
}

/** A run of zeros and the value after it: Huffman code of run and size, then the value's bits. */
function writeValue(out: BitWriter, table: HuffmanTable, zeros: number, value: number): void {
  const magnitude = Math.abs(value);
  const size = magnitude === 0 ? 0 : 32 - Math.clz32(magnitude);
  out.code(table, (zeros << 4) | size);
  if (size > 0) out.bits(value < 0 ? value + (1 << size) - 1 : value, size);
}

/** The fast DCT of Arai, Agui and Nakajima on rows, then columns; its scale factors live in `divisors`. */
function transform(block: Float32Array): void {
  for (let row = 0; row < 64; row += 8) transformLine(block, row, 1);
  for (let column = 0; column < 8; column += 1) transformLine(block, column, 8);
}

function transformLine(d: Float32Array, at: number, step: number): void {
  const d0 = d[at] ?? 0;
  const d1 = d[at + step] ?? 0;
  const d2 = d[at + 2 * step] ?? 0;
  const d3 = d[at + 3 * step] ?? 0;
  const d4 = d[at + 4 * step] ?? 0;
  const d5 = d[at + 5 * step] ?? 0;
  const d6 = d[at + 6 * step] ?? 0;
  const d7 = d[at + 7 * step] ?? 0;
  const s07 = d0 + d7;
  const s16 = d1 + d6;
  const s25 = d2 + d5;
  const s34 = d3 + d4;
  const even0 = s07 + s34;
  const even1 = s16 + s25;
  const even3 = s07 - s34;
  const even2 = (s16 - s25 + even3) * Math.SQRT1_2;
  d[at] = even0 + even1;
  d[at + 4 * step] = even0 - even1;
  d[at + 2 * step] = even3 + even2;
  d[at + 6 * step] = even3 - even2;
  const m07 = d0 - d7;
  const m16 = d1 - d6;
  const m25 = d2 - d5;
  const m34 = d3 - d4;
  const odd0 = m34 + m25;
  const odd1 = (m25 + m16) * Math.SQRT1_2;
  const odd2 = m16 + m07;
  const turn = (odd0 - odd2) * 0.382683433;
  const odd0b = 0.5411961 * odd0 + turn;
  const odd2b = 1.306562965 * odd2 + turn;
  const high = m07 + odd1;
  const low = m07 - odd1;
  d[at + 5 * step] = low + odd0b;
  d[at + 3 * step] = low - odd0b;
  d[at + step] = high + odd2b;
  d[at + 7 * step] = high - odd2b;
}

/** Quantisation divisors with the DCT's scale factors folded in, as reciprocals. */
function divisors(table: readonly number[]): Float32Array {
  const factor = [1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.5411961, 0.275899379];
  return Float32Array.from(
    table,
    (divisor, place) => 1 / (divisor * (factor[place >> 3] ?? 1) * (factor[place & 7] ?? 1) * 8),
  );
}

function scaledTable(table: readonly number[], scale: number): number[] {
  return table.map((value) => Math.min(255, Math.max(1, Math.floor((value * scale + 50) / 100))));
}

function writeHeaders(out: BitWriter, width: number, height: number, luma: number[], chroma: number[]): void {
  out.bytes([0xff, 0xd8]);
  out.segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  const zigzag = (table: number[]) => zigzagOrder.map((place) => table[place] ?? 1);
  out.segment(0xdb, [0, ...zigzag(luma), 1, ...zigzag(chroma)]);
  out.segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 3, 1, 17, 0, 2, 17, 1, 3, 17, 1]);
  out.segment(0xc4, [
    ...[0x00, ...lumaDc.counts, ...lumaDc.values],
    ...[0x10, ...lumaAc.counts, ...lumaAc.values],
    ...[0x01, ...chromaDc.counts, ...chromaDc.values],
    ...[0x11, ...chromaAc.counts, ...chromaAc.values],
  ]);
  out.segment(0xda, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
}

/** Bytes, and bits with JPEG's stuffing, in a buffer that grows. */
class BitWriter {
  #buffer: Buffer;
  #length = 0;
  #pending = 0;
  #pendingBits = 0;

  constructor(expectedBytes: number) {
    this.#buffer = Buffer.alloc(Math.max(4096, expectedBytes));
  }

  bytes(values: readonly number[]): void {
    for (const value of values) this.#byte(value);
  }

  segment(marker: number, payload: readonly number[]): void {
    const length = payload.length + 2;
    this.bytes([0xff, marker, length >> 8, length & 255, ...payload]);
  }

  code(table: HuffmanTable, symbol: number): void {
    this.bits(table.codes[symbol] ?? 0, table.lengths[symbol] ?? 0);
  }

  bits(value: number, count: number): void {
    this.#pending = (this.#pending << count) | value;
    this.#pendingBits += count;
    while (this.#pendingBits >= 8) {
      this.#pendingBits -= 8;
      const byte = (this.#pending >>> this.#pendingBits) & 255;
      this.#byte(byte);
      if (byte === 255) this.#byte(0);
    }
    this.#pending &= (1 << this.#pendingBits) - 1;
  }

  finish(): Buffer {
    this.bits(0x7f, 7);
    this.bytes([0xff, 0xd9]);
    return this.#buffer.subarray(0, this.#length);
  }

  #byte(value: number): void {
    if (this.#length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer, this.#buffer]);
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }
}
