import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, retryWhileBusy } from './busy-file.ts';
import { placeOf } from './text-file.ts';

/**
 * Writes a file as a whole: a reader finds the old text or the new one, even after a crash. It can
 * be read by this user alone. A link stays one, and what it leads to is replaced. Rejects rather than put a file in
 * the place of something else: a folder, a pipe, a device.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const place = replaceablePlace(path);
  const fresh = freshName(place);
  try {
    // Never through what is there, if anything is.
    await rm(fresh, { force: true });
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await retryWhileBusy(() => rename(fresh, place));
  } catch (cause) {
    await rm(fresh, { force: true });
    throw cause;
  }
}

/** The same at once, and without waiting for another process that has the file open. */
export function replaceFileNow(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const place = replaceablePlace(path);
  const fresh = freshName(place);
  try {
    rmSync(fresh, { force: true });
    writeFileSync(fresh, text, { mode: 0o600, flush: true, flag: 'wx' });
    renameSync(fresh, place);
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw cause;
  }
}

function replaceablePlace(path: string): string {
  const place = placeOf(path);
  const there = lstatSync(place, { throwIfNoEntry: false });
  if (there && !there.isFile()) throw new Error(`${place} is not a regular file`);
  return place;
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
function freshName(place: string): string {
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
