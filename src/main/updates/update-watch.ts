import type { Notice } from '../../contract/notice.ts';
import { causeMessage } from '../../domain/text/cause-text.ts';
import { t } from '../../language/t.ts';

/** How often a running app looks for a new version, ms. */
export const checkInterval = 6 * 3_600_000;

export interface UpdateWatchOptions {
  /**
   * Looks for a new version, and fetches it where the app can install it; gives its number once that is
   * done, or null.
   */
  fetchUpdate: () => Promise<string | null>;
  /** False while the user does not want updates. */
  wanted: () => boolean;
  /** Hears once of every version that was found. */
  onFound: (version: string) => void;
  log: (line: string) => void;
}

export interface UpdateWatch {
  /** Looks now, unless updates are not wanted. Never rejects. */
  check(): Promise<void>;
  /** Takes what was found for unheard of: a version that is found again is announced again. */
  forget(): void;
  stop(): void;
}

/**
 * Looks for new versions at once and then regularly. Not being able to is nothing that people need to
 * hear of: it is logged, and the same trouble only once.
 */
export function watchUpdates({ fetchUpdate, wanted, onFound, log }: UpdateWatchOptions): UpdateWatch {
  const troubles = new Set<string>();
  let found: string | null = null;
  let checking: Promise<void> | null = null;

  async function look(): Promise<void> {
    try {
      const version = await fetchUpdate();
      // Fetching takes a while, in which users may change their mind.
      if (version === null || version === found || !wanted()) return;
      found = version;
      onFound(version);
    } catch (cause) {
      const [trouble = ''] = causeMessage(cause).split('\n');
      if (troubles.has(trouble)) return;
      // Bounded: an app that runs for a year may meet many.
      if (troubles.size < 20) troubles.add(trouble);
      log(`no update could be fetched: ${trouble}`);
    }
  }

  function check(): Promise<void> {
    if (!wanted()) return Promise.resolve();
    checking ??= look().finally(() => {
      checking = null;
    });
    return checking;
  }

  const timer = setInterval(() => void check(), checkInterval);
  void check();
  return {
    check,
    forget() {
      found = null;
    },
    stop: () => clearInterval(timer),
  };
}

/** A page on which the user dismissed the notice of one version has to show that of the next. */
export function updateNoticeId(version: string): string {
  return `update ${version}`;
}

/** What pages show when a version can be installed. */
export function readyNotice(version: string): Notice {
  return {
    id: updateNoticeId(version),
    level: 'info',
    get what() {
      return t('host.update.ready', { version });
    },
    why: null,
    get next() {
      return t('host.update.ready.next');
    },
    action: 'restart_to_update',
  };
}

/** What pages show of a version that this app cannot install by itself. */
export function availableNotice(version: string, releases: string): Notice {
  return {
    id: updateNoticeId(version),
    level: 'info',
    get what() {
      return t('host.update.available', { version });
    },
    why: null,
    get next() {
      return t('host.update.available.next', { url: releases });
    },
  };
}
