import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { t } from '../../language/t.ts';
import { codeOf, retryWhileBusy } from './busy-file.ts';

/** Everything that we keep is far smaller, bytes. */
const maxBytes = 16 * 2 ** 20;
/** Read at once, bytes. */
const chunkBytes = 64 * 1_024;

/**
 * What became of reading a text file. `damaged` is what is there and is not ours to read: no regular file,
 * too large, or a link to a place that is not there. `unreadable` may be read another time. `why` is a sentence.
 */
export type TextReading =
  | { found: 'nothing' }
  | { found: 'text'; text: string }
  | { found: 'damaged'; why: string }
  | { found: 'unreadable'; why: string };

/** Opening a FIFO or a device would wait for a writer at its other end, for ever. Windows has no such flag. */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads a file as text, whichever way an editor stored it, and no more than 16 MiB of it. Never rejects. */
export async function readText(path: string): Promise<TextReading> {
  try {
    const file = await retryWhileBusy(() => open(path, withoutWaiting));
    try {
      return (await file.stat()).isFile() ? textOf(await chunksOf(file)) : notRegular();
    } finally {
      await file.close();
    }
  } catch (cause) {
    return failed(cause, path);
  }
}

/** The same at once. Never throws. */
export function readTextNow(path: string): TextReading {
  try {
    const file = openSync(path, withoutWaiting);
    try {
      return fstatSync(file).isFile() ? textOf(chunksOfNow(file)) : notRegular();
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    return failed(cause, path);
  }
}

const notRegular = (): TextReading => ({ found: 'damaged', why: t('host.file.irregular') });

/**
 * All of a file, or null if it is too large. Its size is not asked for before: some files say 0, and others grow
 * while they are read.
 */
async function chunksOf(file: FileHandle): Promise<Buffer[] | null> {
  const chunks: Buffer[] = [];
  for (let bytes = 0; bytes <= maxBytes; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, bytes);
    if (bytesRead === 0) return chunks;
    chunks.push(buffer.subarray(0, bytesRead));
    bytes += bytesRead;
  }
  return null;
}

function chunksOfNow(file: number): Buffer[] | null {
  const chunks: Buffer[] = [];
  for (let bytes = 0; bytes <= maxBytes; ) {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const bytesRead = readSync(file, buffer, 0, chunkBytes, bytes);
    if (bytesRead === 0) return chunks;
    chunks.push(buffer.subarray(0, bytesRead));
    bytes += bytesRead;
  }
  return null;
}

/** Windows' Notepad and PowerShell begin a text with a mark of its encoding (BOM), which is no part of it. */
function textOf(chunks: readonly Buffer[] | null): TextReading {
  if (!chunks) return { found: 'damaged', why: t('host.file.large') };
  const bytes = Buffer.concat(chunks);
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return { found: 'text', text: new TextDecoder(encoding).decode(bytes) };
}

function failed(cause: unknown, path: string): TextReading {
  const code = codeOf(cause);
  // ENOTDIR: its folder cannot be there either.
  if (code === 'ENOENT' || code === 'ENOTDIR') return lostLink(path) ?? { found: 'nothing' };
  if (code === 'ELOOP') return { found: 'damaged', why: t('host.file.loop') };
  // Windows opens no folders.
  if (code === 'EISDIR' || code === 'ENXIO') return notRegular();
  return { found: 'unreadable', why: t('host.file.unreadable', { code: `${code}` }) };
}

/** A link into a folder that is not there: of a drive that is not connected, for example. */
function lostLink(path: string): TextReading | null {
  const place = placeOf(path);
  if (place === path || isFolder(dirname(place))) return null;
  return { found: 'damaged', why: t('host.file.lost_link', { path: place }) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Where a file really lies: people keep settings elsewhere and put a link in their place. */
export function placeOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there yet.
  }
  let place = path;
  for (let hops = 0; hops < 40; hops += 1) {
    try {
      place = resolve(dirname(place), readlinkSync(place));
    } catch {
      return place;
    }
  }
  return place;
}
