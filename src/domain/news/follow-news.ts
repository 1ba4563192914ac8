import { emptyState, type MonitorState } from '../monitor-state.ts';
import type { MonitorStore } from '../store.ts';
import type { Announcement } from './announcement.ts';
import { announce, ledgerFor, newAnnouncer } from './announcer.ts';
import type { NewsPreferences } from './news-preferences.ts';
import type { PromptLedger } from './prompt-ledger.ts';
import { minuteOfDay } from './quiet-hours.ts';

export interface NewsOptions {
  store: Pick<MonitorStore, 'getState' | 'subscribe'>;
  /** The clock by which the state is timed, ms since the epoch. */
  now: () => number;
  /** The clock on the wall: of quiet hours and pauses. */
  wallNow: () => number;
  preferences: () => NewsPreferences;
  /** That the user has the window before them. */
  isFocused: () => boolean;
  pausedUntil: () => number | null;
  /** What the last one left. */
  ledger: PromptLedger;
  /** Takes what is to be kept for the next one, whenever it changes; before what changed it is announced. */
  keep: (ledger: PromptLedger) => void;
  tell: (announcement: Announcement) => void;
  /** Runs something after some ms; returns what prevents it. */
  later: (run: () => void, ms: number) => () => void;
}

/** What is live changes with every prompt; it is written down this long after, ms. */
const keepAfter = 1_000;

/** Follows a store and announces what is worth it, until the returned function is called. */
export function followNews(options: NewsOptions): () => void {
  const { store, keep, tell, later } = options;
  let announcer = newAnnouncer(options.ledger);
  let cancelStep = (): void => {};
  let cancelWrite: (() => void) | null = null;
  let kept = JSON.stringify(options.ledger);

  function step(after: MonitorState, before: MonitorState): void {
    const now = options.now();
    const wall = options.wallNow();
    const { told } = announcer;
    const next = announce(announcer, before, after, {
      now,
      preferences: options.preferences(),
      focused: options.isFocused(),
      pausedUntil: shifted(options.pausedUntil(), now - wall),
      minuteOfDay: minuteOfDay(wall),
    });
    announcer = next.announcer;
    if (announcer.told !== told) write();
    else cancelWrite ??= later(write, keepAfter);
    next.announcements.forEach(tell);
    cancelStep();
    cancelStep =
      next.again === null
        ? () => {}
        : later(() => step(store.getState(), store.getState()), Math.max(0, next.again - now));
  }

  function write(): void {
    cancelWrite?.();
    cancelWrite = null;
    const ledger = ledgerFor(announcer, store.getState());
    const text = JSON.stringify(ledger);
    if (text === kept) return;
    kept = text;
    keep(ledger);
  }

  const unsubscribe = store.subscribe(step);
  step(store.getState(), emptyState);
  return () => {
    unsubscribe();
    cancelStep();
    write();
  };
}

function shifted(time: number | null, by: number): number | null {
  return time === null ? null : time + by;
}
