import { statfs } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** Folders whose disk is asked for at once: one that hangs takes one of four threads for files. */
const mostAsked = 2;

/** Asks for the space of disks. One that does not answer in time, ms, such as a lost network drive, is null. */
export function createDiskSpace(patience: number) {
  const asked = new Set<string>();

  /** Bytes, counted as `df` does: what only administrators may still use is not used. Never rejects. */
  return async (folder: string): Promise<{ used: number; total: number; free: number } | null> => {
    if (asked.has(folder) || asked.size >= mostAsked) return null;
    asked.add(folder);
    const late = new AbortController();
    // Whatever goes wrong is an answer, also that this Node has no `statfs`.
    const answer = Promise.resolve(folder)
      .then((path) => statfs(path))
      .then(({ bsize, blocks, bfree, bavail }) => ({
        used: (blocks - bfree) * bsize,
        total: blocks * bsize,
        free: bavail * bsize,
      }))
      .catch(() => null)
      .finally(() => {
        asked.delete(folder);
        late.abort();
      });
    const space = await Promise.race([
      answer,
      wait(patience, null, { signal: late.signal, ref: false }).catch(() => answer),
    ]);
    return space !== null && space.total > 0 && space.used >= 0 ? space : null;
  };
}
