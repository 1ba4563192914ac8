import { z } from 'zod';
import { causeText } from '../../domain/text/cause-text.ts';
import { keptFile, wholeFormat } from './kept-file.ts';

/** Encrypted secrets on the disk, by server id. */
export interface SecretFile {
  has(serverId: string): boolean;
  get(serverId: string): Buffer | null;
  ids(): string[];
  /** Null deletes. Rejects if the file could not be written; a later change then makes up for it. */
  change(changes: ReadonlyMap<string, Buffer | null>): Promise<void>;
}

const secretFormat = wholeFormat(
  'secrets.json',
  1,
  z.object({ version: z.literal(1), secrets: z.record(z.string(), z.base64()) }),
);

type Entries = Map<string, string>;

/**
 * Opens `secrets.json` in the user data folder. One that cannot be used is kept aside, and `onDamage` hears why and
 * where, which is null for one that could not be moved: then every change rejects.
 */
export async function openSecretFile(
  folder: string,
  log: (line: string) => void,
  onDamage: (why: string, aside: string | null) => void = () => {},
): Promise<SecretFile> {
  const file = keptFile(folder, secretFormat);

  async function readEntries(): Promise<Entries> {
    const read = await file.read();
    if (read.found === 'nothing') return new Map();
    if (read.found === 'unreadable') throw new Error(read.why);
    if (read.found !== 'damaged') return new Map(Object.entries(read.content.secrets));
    log(`the stored passwords are damaged and have to be entered again: ${read.why}`);
    onDamage(read.why, read.aside);
    if (read.aside === null) throw new Error(`the damaged file at ${file.path} could not be moved`);
    return new Map();
  }

  const entries = await readEntries().catch((cause: unknown) => {
    log(`the stored passwords could not be read: ${causeText(cause)}`);
    return new Map<string, string>();
  });
  let unwritten: ReadonlyMap<string, Buffer | null>[] = [];
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const due = unwritten;
    if (due.length === 0) return;
    // As it is now: what another process wrote there meanwhile is not lost.
    const fresh = await readEntries();
    for (const changes of due) apply(fresh, changes);
    await file.write({ version: 1, secrets: Object.fromEntries(fresh) });
    unwritten = unwritten.slice(due.length);
  }

  return {
    has: (serverId) => entries.has(serverId),
    get(serverId) {
      const text = entries.get(serverId);
      return text === undefined ? null : Buffer.from(text, 'base64');
    },
    ids: () => [...entries.keys()],
    change(changes) {
      apply(entries, changes);
      unwritten = [...unwritten, changes];
      const written = writing.then(write);
      writing = written.catch(() => {});
      return written;
    },
  };
}

function apply(entries: Entries, changes: ReadonlyMap<string, Buffer | null>): void {
  for (const [serverId, bytes] of changes) {
    if (bytes) entries.set(serverId, bytes.toString('base64'));
    else entries.delete(serverId);
  }
}
