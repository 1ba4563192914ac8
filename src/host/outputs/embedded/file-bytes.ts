/** Where the bytes of a file come from. */
export interface FileSource {
  /**
   * Begins to read at `start`, if the source can: a server that knows nothing of ranges begins at the front. Rejects
   * if the file cannot be had.
   */
  open(start: number): Promise<FilePart>;
}

export interface FilePart {
  /** Where this part begins, in bytes from the front. */
  start: number;
  /** Bytes of the whole file; null if the source does not say. */
  size: number | null;
  chunks: AsyncIterable<Uint8Array>;
}

/** Bytes that are read of one file, with those that had to be passed over. */
const maxRead = 64 * 2 ** 20;
/** How often reading begins anew elsewhere. */
const maxJumps = 40;
/** Reading on is cheaper than asking anew for what is this near (bytes). */
const near = 256 * 1024;
/** Pieces that are taken out of one file: more are only in files made to keep readers busy. */
const maxTaken = 500_000;
/** The longest piece (bytes). */
const maxPiece = 16 * 2 ** 20;

/** Why a file was not read to its end: its bytes contradict themselves or end early, or there are too many. */
export class Unread extends Error {
  override name = 'Unread';
  readonly why: 'damaged' | 'too-large';

  constructor(why: 'damaged' | 'too-large') {
    super(why);
    this.why = why;
  }
}

/**
 * Reads a file piece by piece, and jumps over what is not wanted. Bounded in bytes, pieces and jumps; throws `Unread`
 * beyond, and where the file ends too early.
 */
export class FileBytes {
  readonly #source: FileSource;
  #chunks: AsyncIterator<Uint8Array> | null = null;
  #ahead: Buffer = Buffer.alloc(0);
  /** Where `#ahead` begins. */
  #start = 0;
  /** Where the next piece begins. */
  #position = 0;
  #size: number | null = null;
  #read = 0;
  #jumps = 0;
  #taken = 0;
  #canJump = true;

  constructor(source: FileSource) {
    this.#source = source;
  }

  get position(): number {
    return this.#position;
  }

  /** The next `length` bytes. */
  async take(length: number): Promise<Buffer> {
    const piece = await this.peek(length);
    if (piece.length < length) throw new Unread('damaged');
    this.#position += length;
    return piece;
  }

  /** The next `length` bytes, or what is left of the file, without going on. */
  async peek(length: number): Promise<Buffer> {
    this.#taken += 1;
    if (length > maxPiece || this.#taken > maxTaken) throw new Unread('too-large');
    if (!(await this.#reach())) return Buffer.alloc(0);
    const first = this.#ahead.subarray(this.#position - this.#start);
    if (first.length >= length) return first.subarray(0, length);
    const parts = [first];
    let size = first.length;
    while (size < length) {
      const chunk = await this.#next();
      if (!chunk) break;
      parts.push(chunk);
      size += chunk.length;
    }
    this.#ahead = Buffer.concat(parts);
    this.#start = this.#position;
    return this.#ahead.subarray(0, length);
  }

  /** Passes over bytes; whether there are so many shows when the next are taken. */
  skip(length: number): void {
    this.seek(this.#position + length);
  }

  seek(position: number): void {
    if (!Number.isSafeInteger(position) || position < 0) throw new Unread('damaged');
    this.#position = position;
  }

  async isAtEnd(): Promise<boolean> {
    return (await this.peek(1)).length === 0;
  }

  async close(): Promise<void> {
    const chunks = this.#chunks;
    this.#chunks = null;
    await chunks?.return?.();
  }

  /** Brings the position into what is ahead; false if the file ends before. */
  async #reach(): Promise<boolean> {
    if (this.#size !== null && this.#position >= this.#size) return false;
    const end = this.#start + this.#ahead.length;
    const isBehind = this.#position < this.#start;
    const isFar = this.#position - end > near && this.#canJump;
    if (!this.#chunks || isBehind || isFar) await this.#open();
    while (this.#position >= this.#start + this.#ahead.length) {
      const passed = this.#start + this.#ahead.length;
      const chunk = await this.#next();
      if (!chunk) return false;
      this.#ahead = chunk;
      this.#start = passed;
    }
    return true;
  }

  async #open(): Promise<void> {
    this.#jumps += 1;
    if (this.#jumps > maxJumps) throw new Unread('too-large');
    await this.close();
    const part = await this.#source.open(this.#position);
    this.#canJump = part.start === this.#position;
    if (part.start > this.#position) throw new Unread('damaged');
    this.#chunks = part.chunks[Symbol.asyncIterator]();
    this.#ahead = Buffer.alloc(0);
    this.#start = part.start;
    this.#size = part.size;
  }

  async #next(): Promise<Buffer | null> {
    if (this.#read >= maxRead) throw new Unread('too-large');
    const { done, value } = (await this.#chunks?.next()) ?? { done: true, value: undefined };
    if (done) return null;
    this.#read += value.length;
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
}

/** A file that is at hand. */
export function sourceOf(bytes: Uint8Array, pieceSize = 65_536): FileSource {
  return {
    async open(start) {
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let at = start; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
      }
      return { start, size: bytes.length, chunks: chunks() };
    },
  };
}
