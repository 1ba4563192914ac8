import { join } from 'node:path';
import type { Notice } from '../../contract/bridge.ts';
import {
  defaultSettings,
  readSettings,
  type Settings,
  type SettingsReading,
  settingsSchema,
} from '../../contract/settings.ts';
import { keepAside, readKept, sweepLeftovers } from './kept-file.ts';
import { replaceFile } from './replace-file.ts';

/** The user's settings on disk: one JSON file, replaced as a whole. */
export interface SettingsFile {
  readonly current: Settings;
  /** What went wrong while reading, for the user; null if nothing did. */
  readonly notice: Notice | null;
  /**
   * Changes the settings and writes them; a failed write rejects, the change holds for this run. So does
   * one that would replace a file which could neither be used nor be kept aside.
   */
  update(change: (settings: Settings) => Settings): Promise<void>;
  /** Hears of every change, as soon as it holds; returns what ends it. */
  onChange(listener: (after: Settings, before: Settings) => void): () => void;
}

/**
 * Reads `settings.json` from the user data folder. A missing file gives the defaults; one that cannot be
 * used is kept aside under a dated name, so that nothing the user wrote is lost.
 */
export async function openSettingsFile(
  folder: string,
  now: () => Date = () => new Date(),
): Promise<SettingsFile> {
  const path = join(folder, 'settings.json');
  sweepLeftovers(path);
  const read = await readFrom(path);
  let current = read.ok ? read.settings : defaultSettings;
  const aside = read.ok ? null : await keepAside(path, now());
  // What could be neither used nor moved is the user's only copy.
  let isInTheWay = !read.ok && aside === null;
  const notice = read.ok ? null : damageNotice(read.why, aside, path);
  let writing: Promise<void> = Promise.resolve();

  async function replace(text: string): Promise<void> {
    isInTheWay = isInTheWay && (await keepAside(path, now())) === null;
    if (isInTheWay) throw new Error(`the damaged file at ${path} could not be moved`);
    await replaceFile(path, text);
  }

  const listeners = new Set<(after: Settings, before: Settings) => void>();
  return {
    get current() {
      return current;
    },
    notice,
    update(change) {
      const before = current;
      current = settingsSchema.parse(change(before));
      for (const listener of listeners) listener(current, before);
      const text = `${JSON.stringify(current, null, 2)}\n`;
      const write = writing.then(() => replace(text));
      // A failed write must not keep later ones from happening.
      writing = write.catch(() => undefined);
      return write;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function readFrom(path: string): Promise<SettingsReading> {
  const read = await readKept(path);
  if (read.found === 'nothing') return { ok: true, settings: defaultSettings };
  return read.found === 'text' ? settingsIn(read.text) : { ok: false, why: read.why };
}

/** What the text of a settings file says. */
export function settingsIn(text: string): SettingsReading {
  try {
    return readSettings(JSON.parse(text));
  } catch {
    return { ok: false, why: 'It is not valid JSON.' };
  }
}

function damageNotice(why: string, aside: string | null, path: string): Notice {
  return {
    id: 'settings-damaged',
    level: 'warning',
    what: 'Your settings could not be used, so the defaults are in place.',
    why,
    next:
      aside !== null
        ? `The old file is kept as ${aside}.`
        : `The file is still at ${path}, and nothing is saved until it can be moved; check who may write there.`,
  };
}
