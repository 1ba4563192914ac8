import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { outwait, outwaitNow } from './held-file.ts';

/** Everything that we keep is far smaller, bytes. */
const maxBytes = 16 * 2 ** 20;

/**
 * What became of reading a file that we keep. `damaged` is what is there and is not ours to read: no regular file,
 * too large, or a link to a place that is not there. `unreadable` may be read another time. `why` is a sentence.
 */
export type KeptReading =
  | { found: 'nothing' }
  | { found: 'text'; text: string }
  | { found: 'damaged'; why: string }
  | { found: 'unreadable'; why: string };

/** A FIFO or a device would keep us waiting for somebody at its other end, for ever. Windows has no such flag. */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads a file that we keep as text, whichever way an editor stored it. Never rejects. */
export async function readKept(path: string): Promise<KeptReading> {
  try {
    const file = await outwait(() => open(path, withoutWaiting));
    try {
      return judged(await file.stat()) ?? { found: 'text', text: decoded(await file.readFile()) };
    } finally {
      await file.close();
    }
  } catch (cause) {
    return failed(cause, path);
  }
}

/** The same at once. Never throws. */
export function readKeptNow(path: string): KeptReading {
  try {
    const file = openSync(path, withoutWaiting);
    try {
      return judged(fstatSync(file)) ?? { found: 'text', text: decoded(readFileSync(file)) };
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    return failed(cause, path);
  }
}

function judged(stats: Stats): KeptReading | null {
  if (!stats.isFile()) return { found: 'damaged', why: 'It is not a regular file.' };
  if (stats.size > maxBytes) return { found: 'damaged', why: 'It is far too large.' };
  return null;
}

/** Windows' Notepad and PowerShell begin a text with a mark of its encoding (BOM), which is no part of it. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

function failed(cause: unknown, path: string): KeptReading {
  const code = codeOf(cause);
  // ENOTDIR: its folder cannot be there either.
  if (code === 'ENOENT' || code === 'ENOTDIR') return lostLink(path) ?? { found: 'nothing' };
  if (code === 'ELOOP') return { found: 'damaged', why: 'It is a link that leads back to itself.' };
  // Windows opens no folders.
  if (code === 'EISDIR' || code === 'ENXIO') return { found: 'damaged', why: 'It is not a regular file.' };
  return { found: 'unreadable', why: `It could not be read (${code}).` };
}

/** A link into a folder that is not there: of a drive that is not connected, for example. */
function lostLink(path: string): KeptReading | null {
  const place = placeOf(path);
  if (place === path || isFolder(dirname(place))) return null;
  return { found: 'damaged', why: `It is a link to ${place}, which is not there.` };
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

/**
 * Moves what cannot be used out of the way, under a name with the date, so that nothing the user wrote is lost;
 * gives the name, or null if it could not be moved and is still where it was.
 */
export async function keepAside(path: string, now: Date): Promise<string | null> {
  const aside = asideOf(path, now);
  try {
    await outwait(() => rename(path, aside));
    return aside;
  } catch (cause) {
    return codeOf(cause) === 'ENOENT' ? aside : null;
  }
}

/** The same at once. */
export function keepAsideNow(path: string, now: Date): string | null {
  const aside = asideOf(path, now);
  try {
    outwaitNow(() => renameSync(path, aside));
    return aside;
  } catch {
    return null;
  }
}

function asideOf(path: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  const named = (count: string): string => path.replace(/(\.\w+)$/, `.damaged-${stamp}${count}$1`);
  let aside = named('');
  for (let count = 2; lstatSync(aside, { throwIfNoEntry: false }); count += 1) aside = named(`-${count}`);
  return aside;
}

/** A write that takes longer will never end, ms. */
const longestWrite = 60 * 60_000;

/** Removes what writers left behind that were ended while they replaced this file. Never throws. */
export function sweepLeftovers(path: string): void {
  try {
    const place = placeOf(path);
    for (const name of readdirSync(dirname(place))) {
      const writer = writerOf(name, basename(place));
      if (writer === null) continue;
      const leftover = join(dirname(place), name);
      const stats = lstatSync(leftover, { throwIfNoEntry: false });
      if (!stats?.isFile()) continue;
      if (!isAlive(writer) || Date.now() - stats.mtimeMs > longestWrite) rmSync(leftover, { force: true });
    }
  } catch {
    // It is only room on the disk.
  }
}

/** The name under which this process writes what replaces the file at `place`. */
export function freshName(place: string): string {
  return `${place}.${process.pid}.new`;
}

function writerOf(name: string, file: string): number | null {
  if (!name.startsWith(`${file}.`)) return null;
  const pid = /^(\d{1,10})\.new$/.exec(name.slice(file.length + 1))?.[1];
  return pid === undefined ? null : Number(pid);
}

/** Of this process nothing is under way when a file is opened; what is left then is of an earlier one of its number. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return codeOf(cause) === 'EPERM';
  }
}

/** The system's name for what went wrong, such as `EACCES`. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
}
