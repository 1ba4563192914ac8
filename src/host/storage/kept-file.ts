import { constants, copyFileSync, lstatSync, renameSync } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { safeParse } from '../../domain/text/safe-parse.ts';
import { t } from '../../language/t.ts';
import { codeOf, retryWhileBusy, retryWhileBusyNow } from './busy-file.ts';
import { replaceFile, replaceFileNow, sweepLeftovers } from './replace-file.ts';
import { readText, readTextNow, type TextReading } from './text-file.ts';

/** How a file of the user data folder is written down: the one place for its name, its layout and its versions. */
export interface KeptFormat<T> {
  /** `settings.json` */
  readonly name: string;
  /** The layout that is written; raised together with a migration in `read`. */
  readonly version: number;
  /** Whether it is laid out for people who look into it. */
  readonly indented: boolean;
  /** Reads the JSON of this or an earlier version. */
  read(json: unknown): KeptContent<T>;
}

/** What a text says: content, with a sentence for each part that was left out, or one that says why there is none. */
type KeptContent<T> = { ok: true; content: T; leftOut: readonly string[] } | { ok: false; why: string };

/**
 * What became of reading. Of what is damaged as a whole or in parts, the original is kept under the name `aside`, which
 * is null if that failed. `unreadable` was left as it is, and may be read another time.
 */
type KeptReading<T> =
  | { found: 'nothing' }
  | { found: 'content'; content: T }
  | { found: 'parts'; content: T; leftOut: readonly string[]; aside: string | null }
  | { found: 'damaged'; why: string; aside: string | null }
  | { found: 'unreadable'; why: string };

/** A file that we keep in the user data folder, replaced as a whole. */
export interface KeptFile<T extends object> {
  readonly path: string;
  /** Never rejects. */
  read(): Promise<KeptReading<T>>;
  /** The same at once. Never throws. */
  readNow(): KeptReading<T>;
  /**
   * Moves the file out of the way, under a name with the date, so that nothing the user wrote is lost; gives that name,
   * or null if it could not be moved.
   */
  setAside(): Promise<string | null>;
  setAsideNow(): string | null;
  /**
   * Writes after all earlier writes. Rejects if that failed, or if it would replace an original that could neither be
   * used nor be kept: that is the user's only copy.
   */
  write(content: T): Promise<void>;
  /** The same at once, and without waiting for another process that has the file open. */
  writeNow(content: T): void;
}

/** A format whose files are used as a whole or not at all. */
export function wholeFormat<T>(
  name: string,
  version: number,
  schema: z.ZodType<T>,
  { indented = false } = {},
): KeptFormat<T> {
  return {
    name,
    version,
    indented,
    read(json) {
      const checked = safeParse(schema, json);
      if (checked.success) return { ok: true, content: checked.data, leftOut: [] };
      return { ok: false, why: t('host.file.content') };
    },
  };
}

/** Opens a kept file, which may not be there yet, and tidies up after writers that were ended while writing it. */
export function keptFile<T extends object>(
  folder: string,
  format: KeptFormat<T>,
  now: () => Date = () => new Date(),
): KeptFile<T> {
  const path = join(folder, format.name);
  sweepLeftovers(path);
  /** How the original is to be kept before anything may replace it. */
  let unkept: 'move' | 'copy' | null = null;
  let writing: Promise<void> = Promise.resolve();

  async function keepAside(how: 'move' | 'copy'): Promise<string | null> {
    const aside = asideOf(path, now());
    const kept = await retryWhileBusy(() =>
      how === 'move' ? rename(path, aside) : copyFile(path, aside, constants.COPYFILE_EXCL),
    ).then(
      () => true,
      (cause) => codeOf(cause) === 'ENOENT',
    );
    unkept = kept ? null : how;
    return kept ? aside : null;
  }

  function keepAsideNow(how: 'move' | 'copy'): string | null {
    const aside = asideOf(path, now());
    unkept = null;
    try {
      retryWhileBusyNow(() =>
        how === 'move' ? renameSync(path, aside) : copyFileSync(path, aside, constants.COPYFILE_EXCL),
      );
    } catch (cause) {
      if (codeOf(cause) !== 'ENOENT') unkept = how;
    }
    return unkept === null ? aside : null;
  }

  const textOf = (content: T): string =>
    `${JSON.stringify({ version: format.version, ...content }, null, format.indented ? 2 : 0)}\n`;
  const unmoved = (): Error => new Error(`the damaged file at ${path} could not be moved`);

  async function replace(content: T): Promise<void> {
    if (unkept !== null && (await keepAside(unkept)) === null) throw unmoved();
    await replaceFile(path, textOf(content));
  }

  return {
    path,
    async read() {
      const said = contentOf(await readText(path), format);
      if (said.found === 'parts') return { ...said, aside: await keepAside('copy') };
      return said.found === 'damaged' ? { ...said, aside: await keepAside('move') } : said;
    },
    readNow() {
      const said = contentOf(readTextNow(path), format);
      if (said.found === 'parts') return { ...said, aside: keepAsideNow('copy') };
      return said.found === 'damaged' ? { ...said, aside: keepAsideNow('move') } : said;
    },
    setAside: () => keepAside('move'),
    setAsideNow: () => keepAsideNow('move'),
    write(content) {
      const written = writing.then(() => replace(content));
      // A failed write must not keep later ones from happening.
      writing = written.catch(() => undefined);
      return written;
    },
    writeNow(content) {
      if (unkept !== null && keepAsideNow(unkept) === null) throw unmoved();
      replaceFileNow(path, textOf(content));
    },
  };
}

/** What a kept file says at this moment, without moving anything; null for nothing usable. Never throws. */
export function peekNow<T>(folder: string, format: KeptFormat<T>): T | null {
  const said = contentOf(readTextNow(join(folder, format.name)), format);
  return said.found === 'content' || said.found === 'parts' ? said.content : null;
}

type Said<T> =
  | { found: 'nothing' }
  | { found: 'content'; content: T }
  | { found: 'parts'; content: T; leftOut: readonly string[] }
  | { found: 'damaged'; why: string }
  | { found: 'unreadable'; why: string };

const versionSchema = z.object({ version: z.number() });

function contentOf<T>(reading: TextReading, format: KeptFormat<T>): Said<T> {
  if (reading.found !== 'text') return reading;
  let json: unknown;
  try {
    json = JSON.parse(reading.text);
  } catch {
    return { found: 'damaged', why: t('host.file.json') };
  }
  const version = safeParse(versionSchema, json).data?.version;
  if (version !== undefined && version > format.version)
    return { found: 'damaged', why: t('host.file.newer', { version }) };
  const said = format.read(json);
  if (!said.ok) return { found: 'damaged', why: said.why };
  return said.leftOut.length === 0
    ? { found: 'content', content: said.content }
    : { found: 'parts', content: said.content, leftOut: said.leftOut };
}

/** A name that no file has yet. */
function asideOf(path: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  const named = (count: string): string => path.replace(/(\.\w+)$/, `.damaged-${stamp}${count}$1`);
  let aside = named('');
  for (let count = 2; lstatSync(aside, { throwIfNoEntry: false }); count += 1) aside = named(`-${count}`);
  return aside;
}
