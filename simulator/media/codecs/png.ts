import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import type { Steps } from '../slices.ts';
import type { Pixels } from './pixels.ts';

const deflateInThread = promisify(deflate);
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The filtered scanlines of an image: what a PNG compresses. */
export function* scanlines({ width, height, rgb }: Pixels): Steps<Buffer> {
  const stride = width * 3;
  const lines = Buffer.alloc((stride + 1) * height);
  for (let row = 0; row < height; row += 1) {
    const target = row * (stride + 1);
    const source = row * stride;
    // Filter "Up" for all rows but the first: smooth pictures differ little from row to row.
    lines[target] = row === 0 ? 0 : 2;
    for (let index = 0; index < stride; index += 1) {
      const above = row === 0 ? 0 : (rgb[source + index - stride] ?? 0);
      lines[target + 1 + index] = (rgb[source + index] ?? 0) - above;
    }
    yield;
  }
  return lines;
}

/**
 * Puts a PNG file together; compression happens in Node's thread pool.
 * @param texts text chunks by keyword, as ComfyUI embeds `prompt` and `workflow`
 */
export async function encodePng(
  width: number,
  height: number,
  lines: Uint8Array,
  texts: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  return Buffer.concat([
    SIGNATURE,
    header(width, height),
    ...textChunks(texts),
    chunk('IDAT', await deflateInThread(lines, { level: 4 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Puts an endlessly looping animated PNG together; every frame fills the canvas. */
export async function encodeAnimatedPng(
  width: number,
  height: number,
  frames: readonly Uint8Array[],
  framesPerSecond: number,
  texts: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const control = Buffer.alloc(8);
  control.writeUInt32BE(frames.length, 0);
  const parts = [SIGNATURE, header(width, height), ...textChunks(texts), chunk('acTL', control)];
  let sequence = 0;
  for (const [index, lines] of frames.entries()) {
    const frame = Buffer.alloc(26);
    frame.writeUInt32BE(sequence, 0);
    frame.writeUInt32BE(width, 4);
    frame.writeUInt32BE(height, 8);
    frame.writeUInt16BE(100, 20);
    frame.writeUInt16BE(Math.min(65_535, Math.round(framesPerSecond * 100)), 22);
    parts.push(chunk('fcTL', frame));
    sequence += 1;
    const data = await deflateInThread(lines, { level: 4 });
    if (index === 0) {
      parts.push(chunk('IDAT', data));
    } else {
      const number = Buffer.alloc(4);
      number.writeUInt32BE(sequence, 0);
      parts.push(chunk('fdAT', Buffer.concat([number, data])));
      sequence += 1;
    }
  }
  return Buffer.concat([...parts, chunk('IEND', Buffer.alloc(0))]);
}

/** 8 bits per channel, RGB, not interlaced. */
function header(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([8, 2, 0, 0, 0], 8);
  return chunk('IHDR', data);
}

function textChunks(texts: Readonly<Record<string, string>>): Buffer[] {
  // tEXt is Latin-1 only; JSON stays itself with everything else written as \u escapes.
  return Object.entries(texts).map(([keyword, text]) =>
    chunk('tEXt', Buffer.from(`${keyword}\0${asciiOf(text)}`, 'latin1')),
  );
}

function asciiOf(text: string): string {
  return text.replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
