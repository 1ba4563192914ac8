import { allCounts, jobCounts, leftToDo } from '../../domain/glance/job-counts.ts';
import { barFraction, jobOutlook } from '../../domain/jobs/outlook/job-outlook.ts';
import type { MonitorState } from '../../domain/monitor-state.ts';
import { connectedRunning, hasFailedSince } from '../tray/server-status.ts';

/**
 * The bar on the app's button in taskbar or dock: how far the running job is, `unknown` while that is not known,
 * `failed` after a failure that the user has not seen and while nothing else runs.
 */
export type TaskbarProgress =
  | { kind: 'none' }
  | { kind: 'unknown' }
  | { kind: 'failed' }
  | { kind: 'known'; fraction: number; failed: boolean };

/** Everything that taskbar or dock show, computed from the state alone. */
export interface TaskbarModel {
  progress: TaskbarProgress;
  /** How many prompts run and wait; 0 shows none. */
  badge: number;
}

/** The taskbar at `now`, after the user last had the window before them at `lookedAt` (ms). */
export function taskbarModel(state: MonitorState, lookedAt: number, now: number): TaskbarModel {
  const watched = state.servers.filter(({ connection }) => connection.phase !== 'disabled');
  const [fraction] = watched.flatMap((server) =>
    connectedRunning(server).map((job) => barFraction(job, jobOutlook(server, job, now))),
  );
  const failed = hasFailedSince(watched, lookedAt);
  return {
    progress:
      fraction === undefined ? { kind: failed ? 'failed' : 'none' } : runningProgress(fraction, failed),
    badge: leftToDo(allCounts(watched.map((server) => jobCounts(server, now)))),
  };
}

function runningProgress(fraction: number | null, failed: boolean): TaskbarProgress {
  // In whole percents: less cannot be seen, and the bar is not set for nothing.
  return fraction === null
    ? { kind: 'unknown' }
    : { kind: 'known', fraction: Math.floor(fraction * 100) / 100, failed };
}

/**
 * The arguments of Electron's `setProgressBar`. Only Windows has modes (`hasModes`); elsewhere a failure
 * would look like a job that is about to be done, so it shows nothing.
 */
export function progressBarOf(
  progress: TaskbarProgress,
  hasModes: boolean,
): {
  value: number;
  mode: 'none' | 'normal' | 'indeterminate' | 'error';
} {
  switch (progress.kind) {
    case 'none':
      return { value: -1, mode: 'none' };
    case 'unknown':
      return { value: 2, mode: 'indeterminate' };
    case 'failed':
      return hasModes ? { value: 1, mode: 'error' } : { value: -1, mode: 'none' };
    case 'known':
      return { value: progress.fraction, mode: progress.failed ? 'error' : 'normal' };
  }
}
