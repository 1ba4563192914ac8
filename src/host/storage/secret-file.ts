import { join } from 'node:path';
import { z } from 'zod';
import { causeText } from '../../domain/text/cause-text.ts';
import { safeParse } from '../../domain/text/safe-parse.ts';
import { keepAside, readKept, sweepLeftovers } from './kept-file.ts';
import { replaceFile } from './replace-file.ts';

/** Encrypted secrets on the disk, by server id. */
export interface SecretFile {
  has(serverId: string): boolean;
  get(serverId: string): Buffer | null;
  ids(): string[];
  /** Null deletes. Rejects if the file could not be written; a later change then makes up for it. */
  change(changes: ReadonlyMap<string, Buffer | null>): Promise<void>;
}

const fileSchema = z.object({ version: z.literal(1), secrets: z.record(z.string(), z.base64()) });

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
  const path = join(folder, 'secrets.json');
  sweepLeftovers(path);

  async function readEntries(): Promise<Entries> {
    const read = await readKept(path);
    if (read.found === 'nothing') return new Map();
    if (read.found === 'unreadable') throw new Error(read.why);
    const stored = read.found === 'text' ? safeParse(fileSchema, parsed(read.text)) : null;
    if (stored?.success) return new Map(Object.entries(stored.data.secrets));
    const why = read.found === 'damaged' ? read.why : 'It does not have the expected content.';
    const aside = await keepAside(path, new Date());
    log(`the stored passwords are damaged and have to be entered again: ${why}`);
    onDamage(why, aside);
    if (aside === null) throw new Error(`the damaged file at ${path} could not be moved`);
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
    // As it is now: what somebody else wrote there meanwhile is not lost.
    const fresh = await readEntries();
    for (const changes of due) apply(fresh, changes);
    await replaceFile(path, JSON.stringify({ version: 1, secrets: Object.fromEntries(fresh) }));
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
