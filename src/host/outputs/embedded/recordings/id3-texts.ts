import type { FileBytes } from '../file-bytes.ts';
import { type FoundTexts, wordsOf } from '../found-texts.ts';

/** Bytes of a whole tag; it holds pictures, too. */
const maxTag = 16 * 2 ** 20;

/** Reads an ID3v2 tag at the position, and goes on behind it. */
export async function readId3(bytes: FileBytes, found: FoundTexts): Promise<void> {
  const head = await bytes.peek(10);
  const length = syncsafe(head, 6);
  if (length > maxTag) {
    found.isCut = true;
    bytes.skip(10 + length);
  } else readId3Tag(await bytes.take(10 + length), found);
}

/**
 * ID3v2.2 to 2.4: texts that users define, where ffmpeg puts `prompt` and `workflow`, and comments. Compressed and
 * encrypted ones are left out.
 */
export function readId3Tag(tag: Buffer, found: FoundTexts): void {
  const version = tag[3] ?? 0;
  const flags = tag[5] ?? 0;
  const isWhole = version < 4 && (flags & 0x80) !== 0;
  const data = isWhole ? synchronised(tag.subarray(10)) : tag.subarray(10);
  const [idSize, sizeSize, headSize] = version < 3 ? [3, 3, 6] : [4, 4, 10];
  let at = 0;
  // What an extended header counts as its own size differs by version.
  if (version > 2 && flags & 0x40) at = version === 3 ? 4 + uint(data, 0, 4) : syncsafe(data, 0);
  while (at + headSize <= data.length && data[at] !== 0 && !found.isEnough) {
    const id = data.toString('latin1', at, at + idSize);
    const size = version === 4 ? syncsafe(data, at + idSize) : uint(data, at + idSize, sizeSize);
    const frame = data.subarray(at + headSize, at + headSize + size);
    at += headSize + size;
    if (/^(TXXX?|COMM?)$/.test(id) && found.mayRead(frame.length)) readFrame(id, frame, found);
  }
}

/** An encoding, a language in comments, a description that a zero ends, and the text. */
function readFrame(id: string, frame: Buffer, found: FoundTexts): void {
  const encoding = frame[0] ?? 0;
  const rest = frame.subarray(id.startsWith('C') ? 4 : 1);
  const isWide = encoding === 1 || encoding === 2;
  let end = rest.indexOf(0);
  if (isWide) for (end = 0; end < rest.length && (rest[end] !== 0 || rest[end + 1] !== 0); end += 2);
  if (end < 0 || end >= rest.length) return;
  const read = (bytes: Buffer) => (isWide ? utf16(bytes, encoding === 2) : wordsOf(bytes));
  found.add(read(rest.subarray(0, end)), read(rest.subarray(end + (isWide ? 2 : 1))));
}

function utf16(bytes: Buffer, isBig: boolean): string {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const isSwapped = isBig || (even[0] === 0xfe && even[1] === 0xff);
  const text = (isSwapped ? Buffer.from(even).swap16() : even).toString('utf16le');
  return text.replace(/^\ufeff/, '');
}

/** Writers put a zero after every 0xff, lest players take it for sound. */
function synchronised(data: Buffer): Buffer {
  const result = Buffer.alloc(data.length);
  let size = 0;
  for (let at = 0; at < data.length; at += 1) {
    result[size++] = data[at] ?? 0;
    if (data[at] === 0xff && data[at + 1] === 0) at += 1;
  }
  return result.subarray(0, size);
}

function syncsafe(data: Buffer, at: number): number {
  let value = 0;
  for (const byte of data.subarray(at, at + 4)) value = value * 128 + (byte & 0x7f);
  return value;
}

function uint(data: Buffer, at: number, size: number): number {
  return at + size <= data.length ? data.readUIntBE(at, size) : 0;
}
