import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { causeText } from '../../domain/text/cause-text.ts';
import { isSafeName } from './safe-name.ts';

const day = 24 * 60 * 60 * 1_000;
/** Copies that were not used for so long (ms) are not kept, however much room there is. */
const maxAge = 30 * day;
/** The user may be looking at what was asked for so recently (ms). */
const inUse = 10 * 60 * 1_000;
/** A download under way is left alone; one that was begun so long ago (ms) was broken off. */
const maxDownloadTime = day;

/** A downloaded copy. */
export interface CachedCopy {
  name: string;
  bytes: number;
  /** When it was made or last asked for, ms since the epoch. */
  usedAt: number;
}

/** The copies to remove so that the rest is young enough and small enough together: the longest unused first. */
export function expiredCopies(copies: readonly CachedCopy[], maxBytes: number, now: number): CachedCopy[] {
  let bytes = 0;
  return copies
    .toSorted((a, b) => b.usedAt - a.usedAt)
    .filter((copy) => {
      const unused = now - copy.usedAt;
      if (isUnfinished(copy)) return unused > maxDownloadTime;
      const isKept = unused < inUse || (unused <= maxAge && bytes + copy.bytes <= maxBytes);
      if (isKept) bytes += copy.bytes;
      return !isKept;
    });
}

export interface OutputCache {
  /** Removes what is too old or too much. Never rejects. */
  trim(): Promise<void>;
  /** Removes every copy; gives how much room (bytes) that made. Never rejects. */
  clear(): Promise<number>;
}

/** The folder with downloaded copies of outputs. Files that we did not put there are left alone. */
export function createOutputCache(options: {
  folder: string;
  maxBytes: () => number;
  log: (line: string) => void;
}): OutputCache {
  const { folder, log } = options;

  async function remove(copies: readonly CachedCopy[]): Promise<number> {
    let freed = 0;
    for (const { name, bytes } of copies) {
      try {
        await rm(join(folder, name));
        freed += bytes;
      } catch (cause) {
        // On Windows, a file that a viewer shows cannot be removed: the next time, then.
        log(`${name} could not be removed from the cache: ${causeText(cause)}`);
      }
    }
    return freed;
  }

  return {
    async trim() {
      await remove(expiredCopies(await copiesIn(folder), options.maxBytes(), Date.now()));
    },
    clear: async () => remove((await copiesIn(folder)).filter((copy) => !isUnfinished(copy))),
  };
}

async function copiesIn(folder: string): Promise<CachedCopy[]> {
  // Not there before the first download.
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.filter(isSafeName).map((name) => copyAt(folder, name)));
  return found.filter((copy) => copy !== null);
}

async function copyAt(folder: string, name: string): Promise<CachedCopy | null> {
  const { size, mtimeMs, isFile } = await lstat(join(folder, name)).then(
    (found) => ({ size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() }),
    () => ({ size: 0, mtimeMs: 0, isFile: false }),
  );
  return isFile ? { name, bytes: size, usedAt: mtimeMs } : null;
}

function isUnfinished({ name }: CachedCopy): boolean {
  return name.endsWith('.part');
}
