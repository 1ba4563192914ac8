import type { MonitorState, ServerState } from '../../domain/monitor-state.ts';
import { numbersRest } from '../../domain/text/words-due.ts';

/** Nothing of the tray changes more often than this, ms. */
export const trayPace = 1_000;
const hour = 3_600_000;

/**
 * In how many ms the tray may have changed without any event, ms: times move on while something runs or the user
 * reads the menu. Otherwise only what it says about the time of day can change,
 * which it does at full hours, and when a pause ends.
 */
export function nextChange(options: {
  isRunning: boolean;
  isMenuOpen: boolean;
  /** Words are held back. */
  hasWords: boolean;
  pausedUntil: number | null;
  now: number;
}): number {
  const { now, pausedUntil } = options;
  if (options.isMenuOpen) return trayPace;
  if (options.isRunning || options.hasWords) return numbersRest;
  return Math.max(
    trayPace,
    Math.min(hour - (now % hour), (pausedUntil ?? Number.POSITIVE_INFINITY) - now + 1),
  );
}

/** True if nothing differs that the tray shows: telemetry and log lines come every second, too. */
export function looksTheSame(before: MonitorState, after: MonitorState): boolean {
  if (before.servers.length !== after.servers.length) return false;
  return after.servers.every((server, index) => {
    const was = before.servers[index];
    return was !== undefined && shownParts.every((part) => was[part] === server[part]);
  });
}

const shownParts = [
  'server',
  'connection',
  'facts',
  'queueLength',
  'running',
  'pending',
  'finished',
  'watchedSince',
] as const satisfies readonly (keyof ServerState)[];
