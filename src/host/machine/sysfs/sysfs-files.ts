import { close, open, read, readdir, readlink, realpath } from 'node:fs';
import { basename } from 'node:path';
import type { Found } from '../gpu-figures.ts';

/** What a file of the kernel says, or why it cannot be read; null if there is no such file. */
export type FileText = { text: string } | { why: string } | null;

/** Files of the kernel are at most a page long; lists of processors in `/proc/stat` are cut off. */
const pageBytes = 4_096;
/** Kept open at once: about forty files of a card are asked for. */
const mostOpen = 64;

/**
 * Reads small files of the kernel again and again, one at a time. They stay open from one time to the next, so that
 * each costs one call instead of four.
 */
export class SysfsFiles {
  readonly #open = new Map<string, number>();
  readonly #absent = new Set<string>();
  readonly #constants = new Map<string, number>();
  #isReading = false;
  #isClosed = false;
  readonly #buffer = Buffer.alloc(pageBytes);

  /** A file as text, without the end of its line. */
  async text(path: string): Promise<FileText> {
    const bytes = await this.bytes(path);
    return Buffer.isBuffer(bytes) ? { text: bytes.toString('utf8').trim() } : bytes;
  }

  /** A file that holds one whole number, which some drivers write as `0x…`. */
  async number(path: string): Promise<Found> {
    const found = await this.text(path);
    if (found === null || 'why' in found) return found;
    if (/^(?:-?\d{1,20}|0x[\da-f]{1,16})$/i.test(found.text)) return Number(found.text);
    return { why: 'the driver gives no number' };
  }

  /** A number that does not change while the card is there: it is read once. */
  async constant(path: string): Promise<Found> {
    const known = this.#constants.get(path);
    if (known !== undefined) return known;
    const found = await this.number(path);
    if (typeof found === 'number') {
      this.#constants.set(path, found);
      this.#drop(path);
    }
    return found;
  }

  /** At most 4 KiB of a file. The bytes are those of the next read, too: use them at once. */
  async bytes(path: string): Promise<Buffer | { why: string } | null> {
    if (this.#absent.has(path)) return null;
    this.#isReading = true;
    try {
      let handle = this.#open.get(path);
      if (handle === undefined) {
        handle = await opened(path);
        if (this.#open.size < mostOpen) this.#open.set(path, handle);
      }
      const length = await readAgain(handle, this.#buffer).finally(() => {
        if (handle !== undefined && this.#open.get(path) !== handle) close(handle, () => {});
      });
      return this.#buffer.subarray(0, length);
    } catch (cause) {
      this.#drop(path);
      const code = codeOf(cause);
      if (code === 'ENOENT' || code === 'ENOTDIR') this.#absent.add(path);
      return code === 'ENOENT' || code === 'ENOTDIR' ? null : { why: reasonOf(code) };
    } finally {
      this.#isReading = false;
      if (this.#isClosed) this.close();
    }
  }

  /** Closes all files. If one is being read, after that: its number could soon be that of another file. */
  close(): void {
    this.#isClosed = this.#isReading;
    if (this.#isClosed) return;
    for (const path of [...this.#open.keys()]) this.#drop(path);
    this.#absent.clear();
    this.#constants.clear();
  }

  #drop(path: string): void {
    const handle = this.#open.get(path);
    this.#open.delete(path);
    if (handle !== undefined) close(handle, () => {});
  }
}

/** Names in a folder, in their order; none if it cannot be read. */
export function namesIn(folder: string): Promise<string[]> {
  return new Promise((resolve) => readdir(folder, (error, names) => resolve(error ? [] : names.sort())));
}

/** The last part of what a link leads to; null if it is none. */
export function linkedName(path: string): Promise<string | null> {
  return new Promise((resolve) =>
    readlink(path, (error, target) => resolve(error ? null : basename(target))),
  );
}

/** The last part of where a path really is; null if it is nowhere. */
export function realName(path: string): Promise<string | null> {
  return new Promise((resolve) =>
    realpath(path, (error, target) => resolve(error ? null : basename(target))),
  );
}

function opened(path: string): Promise<number> {
  return new Promise((resolve, reject) =>
    open(path, 'r', (error, handle) => (error ? reject(error) : resolve(handle))),
  );
}

function readAgain(handle: number, buffer: Buffer): Promise<number> {
  return new Promise((resolve, reject) =>
    read(handle, buffer, 0, buffer.length, 0, (error, length) => (error ? reject(error) : resolve(length))),
  );
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
}

function reasonOf(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'the driver tells it only to administrators';
  if (code === 'ENODEV' || code === 'ENXIO') return 'the driver has lost this GPU';
  if (code === 'EOPNOTSUPP' || code === 'EINVAL') return 'the driver does not tell it for this GPU';
  return `the driver gives an error (${code})`;
}
