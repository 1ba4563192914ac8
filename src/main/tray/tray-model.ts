import {
  endedAround,
  type Job,
  jobElapsed,
  jobTitle,
  mainNode,
  otherNodes,
  runningNodeTitle,
  shownFraction,
} from '../../domain/jobs/job.ts';
import { leftText, runLeft } from '../../domain/jobs/run-estimate.ts';
import { nodeEta } from '../../domain/jobs/step-rate.ts';
import type { MonitorState, ServerState } from '../../domain/monitor-state.ts';
import { tomorrowMorning } from '../../domain/news/quiet-hours.ts';
import { isTemporary, type MediaFile } from '../../domain/outputs/executed-output.ts';
import { isCpuOnly, isReached } from '../../domain/server.ts';
import { clip } from '../../domain/text/clip.ts';
import { formatCount, formatDuration, formatFraction, formatSoon } from '../../domain/text/format.ts';
import type { TrayIcon } from './icon/tray-icon.ts';

/** What a menu item makes the app do. */
export type TrayCommand =
  | { do: 'show' }
  | { do: 'mini_mode' }
  | { do: 'settings' }
  | { do: 'show_job'; serverId: string; promptId: string }
  | { do: 'open_output'; serverId: string; promptId: string; file: MediaFile }
  | { do: 'interrupt'; serverId: string; promptId: string }
  | { do: 'clear_queue'; serverId: string; count: number }
  | { do: 'free_memory'; serverId: string }
  | { do: 'retry'; serverId: string }
  | { do: 'start_demo' }
  | { do: 'pause_notifications'; until: 'hour' | 'tomorrow' }
  | { do: 'resume_notifications' }
  | { do: 'restart_to_update' }
  | { do: 'quit' };

/** An item of the tray's menu. */
export type TrayMenuItem =
  | { kind: 'separator' }
  | {
      kind: 'item';
      /** What the item is about, the same for as long as it means the same, whatever its words are. */
      key: string;
      label: string;
      /** Without a command it only informs. */
      command: TrayCommand | null;
      /** Its words in a menu that is open while it goes away; null if it can then do nothing any more. */
      afterwards: string | null;
    };

/** Everything the tray shows, computed from the state alone. */
export interface TrayModel {
  icon: TrayIcon;
  /** Beside the icon on macOS: the queue length, or nothing. */
  title: string;
  tooltip: string;
  menu: TrayMenuItem[];
}

/** Windows cuts tooltips off here. */
const maxTooltip = 127;
const maxLabel = 60;
const recentResults = 3;
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
  const queueLength = watched.reduce((sum, server) => sum + (server.queueLength ?? 0), 0);
  const running = watched.flatMap((server) => connectedRunning(server));
  const first = running[0];
  return {
    icon: {
      status: running.length > 0 ? 'running' : watched.some(isConnected) ? 'idle' : 'disconnected',
      attention: hasFailedSince(watched, lookedAt),
      fraction: first ? inSteps(shownFraction(first)) : null,
      badge: queueLength,
    },
    title: queueLength > 0 ? String(queueLength) : '',
    tooltip: tooltipOf(appName, watched, running, now),
    menu: menuOf(watched, running, now, update, notificationItems(notifications, wall)),
  };
}

/** True if a prompt failed after `lookedAt`, while we watched. */
export function hasFailedSince(servers: readonly ServerState[], lookedAt: number): boolean {
  return servers.some((server) =>
    server.finished.some((job) => job.state === 'error' && isNews(server, job, lookedAt)),
  );
}

function isNews(server: ServerState, job: Job, lookedAt: number): boolean {
  const at = job.finishedAt ?? 0;
  return at > lookedAt && at >= (server.watchedSince ?? Number.POSITIVE_INFINITY);
}

function tooltipOf(appName: string, servers: ServerState[], running: Job[], now: number): string {
  const lines = [
    appName,
    ...running.slice(0, 2).map((job) => runningLine(job, servers, now)),
    ...servers.map((server) => serverLine(server)),
  ];
  const kept = lines.reduce((text, line) => {
    const longer = text === '' ? line : `${text}\n${line}`;
    return longer.length <= maxTooltip ? longer : text;
  }, '');
  return kept;
}

function menuOf(
  servers: ServerState[],
  running: Job[],
  now: number,
  update: string | null,
  notifications: TrayMenuItem[],
): TrayMenuItem[] {
  const several = servers.length > 1;
  const items: TrayMenuItem[][] = [
    servers.length === 0
      ? [item('no server', 'No server is watched', null), item('demo', 'Try the demo', { do: 'start_demo' })]
      : servers.map((state) => {
          const key = `server ${state.server.id}`;
          return state.connection.phase === 'waiting'
            ? item(key, `${serverLine(state)} – try again`, { do: 'retry', serverId: state.server.id })
            : item(key, serverLine(state), null);
        }),
    running.map((job) =>
      item(
        `running ${jobKey(job)}`,
        runningLine(job, servers, now),
        jobCommand(job),
        `${clip(jobTitle(job), 40)} · ended`,
      ),
    ),
    servers.filter(isConnected).flatMap((server) => serverActions(server, several)),
    recentlyFinished(servers).map((job) => {
      const line = finishedLine(job, several, servers);
      return item(`finished ${jobKey(job)}`, line, resultCommand(job), line);
    }),
    notifications,
    [
      item('show', 'Show window', { do: 'show' }),
      item('mini mode', 'Mini mode', { do: 'mini_mode' }),
      item('settings', 'Settings …', { do: 'settings' }),
    ],
    [
      ...(update === null
        ? []
        : [item('update', `Restart to update to ${update}`, { do: 'restart_to_update' })]),
      item('quit', 'Quit', { do: 'quit' }),
    ],
  ];
  return items
    .filter((group) => group.length > 0)
    .flatMap((group, index): TrayMenuItem[] => (index === 0 ? group : [{ kind: 'separator' }, ...group]));
}

function notificationItems(
  notifications: { pausedUntil: number | null } | null,
  now: number,
): TrayMenuItem[] {
  if (notifications === null) return [];
  const { pausedUntil } = notifications;
  if (pausedUntil !== null)
    return [
      item('resume', `Resume notifications (paused until ${formatSoon(pausedUntil, now)})`, {
        do: 'resume_notifications',
      }),
    ];
  return [
    item('pause for an hour', 'Pause notifications for 1 hour', { do: 'pause_notifications', until: 'hour' }),
    item('pause until tomorrow', `Pause notifications until ${formatSoon(tomorrowMorning(now), now)}`, {
      do: 'pause_notifications',
      until: 'tomorrow',
    }),
  ];
}

/** What can be done about a server's work, as far as there is any. */
function serverActions({ server, facts, running, pending }: ServerState, several: boolean): TrayMenuItem[] {
  const serverId = server.id;
  const where = several ? ` on ${clip(server.name, 20)}` : '';
  const [job] = running;
  const count = pending.length;
  return [
    ...(job
      ? [
          item(`interrupt ${jobKey(job)}`, `Interrupt “${clip(jobTitle(job), 24)}”${where}`, {
            do: 'interrupt',
            serverId,
            promptId: job.promptId,
          }),
        ]
      : []),
    ...(count > 0
      ? [
          item(`clear ${serverId}`, `Clear queue${where} (${count} waiting) …`, {
            do: 'clear_queue',
            serverId,
            count,
          }),
        ]
      : []),
    item(`free ${serverId}`, `Free ${isCpuOnly(facts.devices) ? 'memory' : 'VRAM'}${where}`, {
      do: 'free_memory',
      serverId,
    }),
  ];
}

function item(
  key: string,
  label: string,
  command: TrayCommand | null,
  afterwards: string | null = null,
): TrayMenuItem {
  return { kind: 'item', key, label, command, afterwards };
}

function jobKey({ serverId, promptId }: Job): string {
  return `${serverId} ${promptId}`;
}

/** One line about a server: its name, and its queue or what is wrong. */
function serverLine({ server, connection, queueLength }: ServerState): string {
  const name = clip(server.name, 30);
  switch (connection.phase) {
    case 'disabled':
      return `${name}: switched off`;
    case 'connecting':
      return `${name}: connecting …`;
    case 'waiting':
      return `${name}: not connected`;
    case 'connected':
    case 'polling':
      if (queueLength === null) return `${name}: connected`;
      return queueLength === 0
        ? `${name}: idle`
        : `${name}: ${formatCount(queueLength, 'prompt')} in the queue`;
  }
}

function runningLine(job: Job, servers: ServerState[], now: number): string {
  const fraction = shownFraction(job);
  const server = servers.find((known) => known.server.id === job.serverId);
  const left = server ? runLeft(server, job, now) : null;
  if (left) {
    return [
      clip(jobTitle(job), 40),
      ...(fraction === null ? [] : [formatFraction(fraction)]),
      leftText(left),
    ].join(' · ');
  }
  const eta = nodeEta(job, now) ?? 0;
  const isLeft = eta > 0;
  const node = mainNode(job);
  const more = otherNodes(job) > 0 ? ` +${otherNodes(job)} more` : '';
  const elapsed = jobElapsed(job, now);
  return [
    clip(jobTitle(job), 40),
    fraction === null ? null : formatFraction(fraction),
    // That is for the node that runs; nobody knows how long the others will take.
    isLeft && node
      ? `${clip(runningNodeTitle(job, node), 24)}${more} ${formatDuration(wholeSeconds(eta))} left`
      : null,
    fraction === null && !isLeft && elapsed !== null ? formatDuration(wholeSeconds(elapsed)) : null,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

const outcomeMarks = {
  success: '✓',
  error: '✗ failed:',
  interrupted: '■ interrupted:',
  cancelled: '■ cancelled:',
  lost: '? lost:',
  ended: '? ended:',
  queued: '',
  running: '',
} as const;

function finishedLine(job: Job, several: boolean, servers: ServerState[]): string {
  const server = servers.find((known) => known.server.id === job.serverId);
  const elapsed = jobElapsed(job, job.finishedAt ?? 0);
  const parts = [
    `${outcomeMarks[job.state]} ${jobTitle(job)}`,
    ...(elapsed === null ? [] : [formatDuration(elapsed)]),
    ...(several && server ? [server.server.name] : []),
  ];
  return clip(parts.join(' · '), maxLabel);
}

function recentlyFinished(servers: ServerState[]): Job[] {
  return servers
    .flatMap((server) => server.finished.slice(0, recentResults))
    .sort((a, b) => endedAround(b) - endedAround(a))
    .slice(0, recentResults);
}

/** A result is opened where there is one; else the job is shown, for example with its error. */
function resultCommand(job: Job): TrayCommand {
  const file = job.outputs.find((output) => output.file && !isTemporary(output))?.file;
  return file ? { do: 'open_output', serverId: job.serverId, promptId: job.promptId, file } : jobCommand(job);
}

function jobCommand(job: Job): TrayCommand {
  return { do: 'show_job', serverId: job.serverId, promptId: job.promptId };
}

/** The prompt that runs on a server, as far as its connection vouches for it. */
export function connectedRunning(server: ServerState): Job[] {
  // After a lost connection, what ran then may have ended long ago.
  return isConnected(server) ? server.running.slice(0, 1) : [];
}

function isConnected(server: ServerState): boolean {
  return isReached(server.connection.phase);
}

function inSteps(fraction: number | null): number | null {
  return fraction === null ? null : Math.floor(fraction * ringSteps) / ringSteps;
}

function wholeSeconds(ms: number): number {
  return Math.max(1, Math.round(ms / 1000)) * 1000;
}
