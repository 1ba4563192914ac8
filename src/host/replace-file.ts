import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { outwait } from './held-file.ts';

/**
 * Writes a file as a whole: whoever reads it finds the old text or the new one, even after a crash. It can
 * be read by this user alone.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const fresh = freshName(path);
  try {
    const file = await open(fresh, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await outwait(() => rename(fresh, path));
  } catch (cause) {
    await rm(fresh, { force: true });
    throw cause;
  }
}

/** The same at once, and without waiting for anybody who holds the file. */
export function replaceFileNow(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = freshName(path);
  try {
    writeFileSync(fresh, text, { mode: 0o600, flush: true });
    renameSync(fresh, path);
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw cause;
  }
}

function freshName(path: string): string {
  return `${path}.${process.pid}.new`;
}
