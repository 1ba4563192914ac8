import { allCounts, jobCounts, leftToDo } from '../../domain/glance/job-counts.ts';
import type { Job } from '../../domain/jobs/job.ts';
import { barFraction, jobOutlook } from '../../domain/jobs/outlook/job-outlook.ts';
import type { MonitorState, ServerState } from '../../domain/monitor-state.ts';
import type { TrayIcon } from './icon/tray-icon.ts';
import { connectedRunning, hasFailedSince, isConnected } from './server-status.ts';
import { runningLine, serverLine } from './tray-lines.ts';
import { notificationItems, type TrayMenuItem, trayMenu } from './tray-menu.ts';

/** Everything the tray shows, computed from the state alone. */
export interface TrayModel {
  icon: TrayIcon;
  /** Beside the icon on macOS: how many prompts run and wait, or nothing. */
  title: string;
  tooltip: string;
  menu: TrayMenuItem[];
}

/** Windows cuts tooltips off here, characters. */
const maxTooltip = 127;
/** In as many steps the ring goes round: at 24 pixels its end moves by less than two of them. */
const ringSteps = 24;

/**
 * The tray at `now`. Failures after `lookedAt`, when the user last had the window before them, ask for
 * attention. `update` is a version that waits for a restart, `notifications` until when they are paused, if
 * they are; null where there are none. Times are ms since the epoch by the clock of the state, but `wall` and the
 * pause are of the clock on the wall.
 */
export function trayModel(
  state: MonitorState,
  {
    appName,
    now,
    wall = now,
    lookedAt,
    update = null,
    notifications = null,
  }: {
    appName: string;
    now: number;
    wall?: number;
    lookedAt: number;
    update?: string | null;
    notifications?: { pausedUntil: number | null } | null;
  },
): TrayModel {
  const watched = state.servers.filter(({ connection }) => connection.phase !== 'disabled');
  const leftInQueues = leftToDo(allCounts(watched.map((server) => jobCounts(server, now))));
  const running = watched.flatMap((server) => connectedRunning(server));
  const first = running[0];
  return {
    icon: {
      status: running.length > 0 ? 'running' : watched.some(isConnected) ? 'idle' : 'disconnected',
      attention: hasFailedSince(watched, lookedAt),
      fraction: first ? inSteps(fractionOf(first, watched, now)) : null,
      badge: leftInQueues,
    },
    title: leftInQueues > 0 ? String(leftInQueues) : '',
    tooltip: tooltipOf(appName, watched, running, { now, wall }),
    menu: trayMenu(watched, running, { now, wall }, update, notificationItems(notifications, wall)),
  };
}

function fractionOf(job: Job, servers: ServerState[], now: number): number | null {
  const server = servers.find((known) => known.server.id === job.serverId);
  return server ? barFraction(job, jobOutlook(server, job, now)) : null;
}

function tooltipOf(
  appName: string,
  servers: ServerState[],
  running: Job[],
  { now, wall }: { now: number; wall: number },
): string {
  const lines = [
    appName,
    ...running.slice(0, 2).map((job) => runningLine(job, servers, now, wall)),
    ...servers.map((server) => serverLine(server, now, wall)),
  ];
  const kept = lines.reduce((text, line) => {
    const longer = text === '' ? line : `${text}\n${line}`;
    return longer.length <= maxTooltip ? longer : text;
  }, '');
  return kept;
}

function inSteps(fraction: number | null): number | null {
  return fraction === null ? null : Math.floor(fraction * ringSteps) / ringSteps;
}
