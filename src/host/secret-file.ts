import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { causeText } from '../shared/cause-text.ts';
import { outwait } from './held-file.ts';
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

/** Opens `secrets.json` in the user data folder. One that cannot be used is replaced by the first change. */
export async function openSecretFile(folder: string, log: (line: string) => void): Promise<SecretFile> {
  const path = join(folder, 'secrets.json');
  const entries = await readEntries(path, log).catch((cause: unknown) => {
    log(`the stored passwords could not be read: ${causeText(cause)}`);
    return new Map<string, string>();
  });
  let unwritten: ReadonlyMap<string, Buffer | null>[] = [];
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const due = unwritten;
    if (due.length === 0) return;
    // As it is now: the browser monitor may run beside the app, on the same folder.
    const fresh = await readEntries(path, () => {});
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

async function readEntries(path: string, log: (line: string) => void): Promise<Entries> {
  let text: string;
  try {
    text = await outwait(() => readFile(path, 'utf8'));
  } catch (cause) {
    if (isMissing(cause)) return new Map();
    throw cause;
  }
  const stored = fileSchema.safeParse(parsed(text));
  if (stored.success) return new Map(Object.entries(stored.data.secrets));
  log('the stored passwords are damaged and have to be entered again');
  return new Map();
}

function isMissing(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  // ENOTDIR: its folder cannot be there either.
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
