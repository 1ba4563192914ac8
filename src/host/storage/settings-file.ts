import { isDeepStrictEqual } from 'node:util';
import type { Notice } from '../../contract/notice.ts';
import {
  defaultSettings,
  readSettings,
  type Settings,
  settingsSchema,
  settingsVersion,
} from '../../contract/settings.ts';
import { t } from '../../language/t.ts';
import { type KeptFile, type KeptFormat, keptFile, peekNow } from './kept-file.ts';

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
  /**
   * Calls `apply` with what `pick` takes of the settings: now, and whenever that has changed, then with what it was
   * before. Returns what ends it.
   */
  follow<T>(pick: (settings: Settings) => T, apply: (picked: T, before?: T) => void): () => void;
}

const settingsFormat: KeptFormat<Settings> = {
  name: 'settings.json',
  version: settingsVersion,
  indented: true,
  read(json) {
    const said = readSettings(json);
    return said.ok ? { ok: true, content: said.settings, leftOut: said.leftOut } : said;
  },
};

/**
 * Reads `settings.json` from the user data folder. A missing file gives the defaults. Of one with entries that cannot
 * be used the others hold, and the original is kept aside under a dated name, like one that cannot be used at all: so
 * nothing the user wrote is lost.
 */
export async function openSettingsFile(
  folder: string,
  now: () => Date = () => new Date(),
): Promise<SettingsFile> {
  const file = keptFile(folder, settingsFormat, now);
  let { settings: current, notice } = await readFrom(file);

  const listeners = new Set<() => void>();
  return {
    get current() {
      return current;
    },
    notice,
    update(change) {
      current = settingsSchema.parse(change(current));
      for (const listener of listeners) listener();
      return file.write(current);
    },
    follow(pick, apply) {
      let picked = pick(current);
      const adapt = (): void => {
        const next = pick(current);
        if (isDeepStrictEqual(next, picked)) return;
        const before = picked;
        picked = next;
        apply(picked, before);
      };
      listeners.add(adapt);
      apply(picked);
      return () => listeners.delete(adapt);
    },
  };
}

/** The settings as they are on disk at this moment; null if they are not there or cannot be used. Never throws. */
export function peekSettingsNow(folder: string): Settings | null {
  return peekNow(folder, settingsFormat);
}

async function readFrom(file: KeptFile<Settings>): Promise<{ settings: Settings; notice: Notice | null }> {
  const read = await file.read();
  switch (read.found) {
    case 'nothing':
      return { settings: firstSettings(), notice: null };
    case 'content':
      return { settings: read.content, notice: null };
    case 'parts': {
      // Written at once: at the next start the same entries would be complained of again.
      const isWritten = await file.write(read.content).then(
        () => true,
        () => false,
      );
      return {
        settings: read.content,
        notice: leftOutNotice(read.leftOut, read.aside, file.path, isWritten),
      };
    }
    case 'damaged':
      return { settings: firstSettings(), notice: damageNotice(read.why, read.aside, file.path) };
    case 'unreadable':
      return {
        settings: firstSettings(),
        notice: damageNotice(read.why, await file.setAside(), file.path),
      };
  }
}

/** The settings of a first start, whose server has a name in the user's language. */
function firstSettings(): Settings {
  const servers = defaultSettings.servers.map((server) => ({ ...server, name: t('host.this_computer') }));
  return { ...defaultSettings, servers };
}

function damageNotice(why: string, aside: string | null, path: string): Notice {
  return {
    id: 'settings-damaged',
    level: 'warning',
    get what() {
      return t('host.settings.damaged');
    },
    why,
    next: aside !== null ? t('host.file.kept', { path: aside }) : t('host.settings.unmoved', { path }),
  };
}

/** More entries are counted, not named. */
const maxNamed = 4;

function leftOutNotice(
  leftOut: readonly string[],
  aside: string | null,
  path: string,
  isWritten: boolean,
): Notice {
  const named = leftOut.slice(0, maxNamed).join(' ');
  const more = leftOut.length - maxNamed;
  return {
    id: 'settings-damaged',
    level: 'warning',
    what: t('host.settings.left_out', { count: leftOut.length }),
    why: more > 0 ? t('host.settings.and_more', { named, count: more }) : named,
    next: nextStep(aside, path, isWritten),
  };
}

function nextStep(aside: string | null, path: string, isWritten: boolean): string {
  if (aside === null) return t('host.settings.uncopied', { path });
  const kept = t('host.settings.enter', { path: aside });
  return isWritten ? kept : t('host.settings.unwritten', { kept });
}
