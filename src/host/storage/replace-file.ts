import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { outwait } from './held-file.ts';
import { freshName, placeOf } from './kept-file.ts';

/**
 * Writes a file as a whole: whoever reads it finds the old text or the new one, even after a crash. It can
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
    await outwait(() => rename(fresh, place));
  } catch (cause) {
    await rm(fresh, { force: true });
    throw cause;
  }
}

/** The same at once, and without waiting for anybody who holds the file. */
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
