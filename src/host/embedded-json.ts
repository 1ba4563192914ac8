import { inflateSync } from 'node:zlib';

/** Bytes of a file that are looked at; animations keep their prompt behind the pictures. */
const maxRead = 64 * 2 ** 20;
/** The longest text that is taken for what is looked for, bytes, also after it was unpacked. */
const maxText = 4 * 2 ** 20;

/** What ComfyUI embeds: the prompt as it ran, and the workflow as its editor showed it. */
export type EmbeddedKey = 'prompt' | 'workflow';

/**
 * What ComfyUI embeds as JSON into PNG (text chunks; `comf` in animated ones) and WebP (EXIF), or null.
 * Reads no more of the file than it takes, and takes no longer text than a prompt or workflow can be.
 * Never rejects because of what is in the file.
 */
export async function readEmbeddedJson(
  file: AsyncIterable<Uint8Array>,
  key: EmbeddedKey,
): Promise<string | null> {
  const bytes = new ByteReader(file);
  try {
    const start = await bytes.take(8);
    if (start === null) return null;
    if (start.equals(pngSignature)) return await jsonOfPng(bytes, key);
    const isRiff = start.toString('latin1', 0, 4) === 'RIFF';
    if (isRiff && (await bytes.take(4))?.toString('latin1') === 'WEBP') return await jsonOfWebp(bytes, key);
    return null;
  } finally {
    await bytes.close();
  }
}

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');

async function jsonOfPng(bytes: ByteReader, key: EmbeddedKey): Promise<string | null> {
  for (;;) {
    const head = await bytes.take(8);
    if (head === null) return null;
    const length = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    if (type === 'IEND') return null;
    const wanted = ['tEXt', 'zTXt', 'iTXt', 'comf'].includes(type) && length <= maxText;
    if (wanted) {
      const data = await bytes.take(length);
      if (data === null) return null;
      const text = textOfChunk(type, data, key);
      if (text !== null) return text;
    }
    // Every chunk ends with a checksum; a picture with a wrong one is still a picture.
    if (!(await bytes.skip(wanted ? 4 : length + 4))) return null;
  }
}

/** The text of a chunk with the keyword `key`. */
function textOfChunk(type: string, data: Buffer, key: EmbeddedKey): string | null {
  const keywordEnd = data.indexOf(0);
  if (data.toString('latin1', 0, Math.max(0, keywordEnd)) !== key) return null;
  const rest = data.subarray(keywordEnd + 1);
  switch (type) {
    case 'tEXt':
      return rest.toString('latin1');
    case 'comf':
      return rest.toString('utf8');
    case 'zTXt':
      return unpacked(rest.subarray(1))?.toString('latin1') ?? null;
    default: {
      // Compression flag and method, then language and translated keyword, each ended by a zero.
      const languageEnd = rest.indexOf(0, 2);
      const translatedEnd = languageEnd === -1 ? -1 : rest.indexOf(0, languageEnd + 1);
      if (translatedEnd === -1) return null;
      const text = rest.subarray(translatedEnd + 1);
      return (rest[0] === 1 ? unpacked(text) : text)?.toString('utf8') ?? null;
    }
  }
}

function unpacked(data: Buffer): Buffer | null {
  try {
    return inflateSync(data, { maxOutputLength: maxText });
  } catch {
    return null;
  }
}

async function jsonOfWebp(bytes: ByteReader, key: EmbeddedKey): Promise<string | null> {
  for (;;) {
    const head = await bytes.take(8);
    if (head === null) return null;
    const length = head.readUInt32LE(4);
    if (head.toString('latin1', 0, 4) === 'EXIF') {
      const data = length <= maxText ? await bytes.take(length) : null;
      return data && jsonOfExif(data, key);
    }
    if (!(await bytes.skip(length + (length % 2)))) return null;
  }
}

/** ComfyUI writes `prompt:{…}` and `workflow:{…}` into text tags of the first directory. */
function jsonOfExif(data: Buffer, key: EmbeddedKey): string | null {
  const tiff = data.toString('latin1', 0, 4) === 'Exif' ? data.subarray(6) : data;
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return null;
  const short = (at: number) =>
    at + 2 <= tiff.length ? (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at)) : 0;
  const long = (at: number) =>
    at + 4 <= tiff.length ? (order === 'II' ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at)) : 0;
  const directory = long(4);
  const count = short(directory);
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * 12;
    if (entry + 12 > tiff.length) return null;
    const isText = short(entry + 2) === 2;
    const length = long(entry + 4);
    if (!isText || length <= 4) continue;
    const start = long(entry + 8);
    const text = tiff.toString('utf8', start, Math.min(start + length, tiff.length)).replace(/\0+$/, '');
    if (text.startsWith(`${key}:`)) return text.slice(key.length + 1);
  }
  return null;
}

/** Reads a stream piece by piece, up to `maxRead` bytes. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #ahead: Buffer = Buffer.alloc(0);
  #seen = 0;

  constructor(file: AsyncIterable<Uint8Array>) {
    this.#chunks = file[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or null where there are fewer. */
  async take(length: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    let missing = length;
    for (;;) {
      const part = this.#ahead.subarray(0, missing);
      this.#ahead = this.#ahead.subarray(part.length);
      missing -= part.length;
      parts.push(part);
      if (missing === 0) return Buffer.concat(parts, length);
      if (!(await this.#readOn())) return null;
    }
  }

  /** Passes over bytes without keeping them; false where there are fewer. */
  async skip(length: number): Promise<boolean> {
    let missing = length;
    for (;;) {
      const passed = Math.min(missing, this.#ahead.length);
      this.#ahead = this.#ahead.subarray(passed);
      missing -= passed;
      if (missing === 0) return true;
      if (this.#seen + missing > maxRead || !(await this.#readOn())) return false;
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #readOn(): Promise<boolean> {
    if (this.#seen >= maxRead) return false;
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#seen += value.length;
    this.#ahead = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return true;
  }
}
