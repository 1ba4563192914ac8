import type { ActionRequest } from '../../contract/actions/action.ts';
import { actions } from '../../contract/actions/actions.ts';
import { endedAround, type Job } from '../../domain/jobs/job.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import type { ServerState } from '../../domain/monitor-state.ts';
import { tomorrowMorning } from '../../domain/news/quiet-hours.ts';
import { isTemporary } from '../../domain/outputs/executed-output.ts';
import { isCpuOnly } from '../../domain/server.ts';
import { clip } from '../../domain/text/clip.ts';
import { formatSoon } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { isConnected } from './server-status.ts';
import { finishedLine, runningLine, serverLine } from './tray-lines.ts';

/** An item of the tray's menu. */
export type TrayMenuItem =
  | { kind: 'separator' }
  | {
      kind: 'item';
      /** What the item is about, the same for as long as it means the same, whatever its words are. */
      key: string;
      label: string;
      /** Without a command it only informs. */
      command: ActionRequest | null;
      /** Its words in a menu that is open while it goes away; null if it can then do nothing any more. */
      afterwards: string | null;
    };

/** So many finished prompts are in the menu. */
const recentResults = 3;

/** The menu at `now` (ms by the clock of the state, `wall` by the one on the wall); `update` is a version that waits for a restart. */
export function trayMenu(
  servers: ServerState[],
  running: Job[],
  { now, wall }: { now: number; wall: number },
  update: string | null,
  notifications: TrayMenuItem[],
): TrayMenuItem[] {
  const several = servers.length > 1;
  const items: TrayMenuItem[][] = [
    servers.length === 0
      ? [
          item('no server', t('tray.none'), null),
          item('demo', actions.start_demo.label, { do: 'start_demo' }),
        ]
      : servers.map((state) => {
          const key = `server ${state.server.id}`;
          return state.connection.phase === 'waiting'
            ? item(key, t('tray.server.retry', { server: serverLine(state, now, wall) }), {
                do: 'retry',
                serverId: state.server.id,
              })
            : item(key, serverLine(state, now, wall), null);
        }),
    running.map((job) =>
      item(
        `running ${jobKey(job)}`,
        runningLine(job, servers, now, wall),
        jobCommand(job),
        t('tray.run_ended', { title: clip(jobTitle(job), 40) }),
      ),
    ),
    servers.filter(isConnected).flatMap((server) => serverActions(server, several)),
    recentlyFinished(servers).map((job) => {
      const line = finishedLine(job, several, servers);
      return item(`finished ${jobKey(job)}`, line, resultCommand(job), line);
    }),
    notifications,
    [
      item('show', actions.show.label, { do: 'show' }),
      item('mini mode', actions.mini_mode.label, { do: 'mini_mode' }),
      item('wall mode', actions.wall_mode.label, { do: 'wall_mode' }),
      item('settings', t('tray.settings'), { do: 'settings' }),
    ],
    [
      ...(update === null
        ? []
        : [item('update', t('tray.update', { version: update }), { do: 'restart_to_update' })]),
      item('quit', actions.quit.label, { do: 'quit' }),
    ],
  ];
  return items
    .filter((group) => group.length > 0)
    .flatMap((group, index): TrayMenuItem[] => (index === 0 ? group : [{ kind: 'separator' }, ...group]));
}

/** What can be done about notifications; `now` and the pause are ms since the epoch by the wall clock. */
export function notificationItems(
  notifications: { pausedUntil: number | null } | null,
  now: number,
): TrayMenuItem[] {
  if (notifications === null) return [];
  const { pausedUntil } = notifications;
  if (pausedUntil !== null)
    return [
      item('resume', t('tray.resume', { time: formatSoon(pausedUntil, now) }), {
        do: 'resume_notifications',
      }),
    ];
  return [
    item('pause for an hour', t('tray.pause_hour'), {
      do: 'pause_notifications',
      until: 'hour',
    }),
    item('pause until tomorrow', t('tray.pause_until', { time: formatSoon(tomorrowMorning(now), now) }), {
      do: 'pause_notifications',
      until: 'tomorrow',
    }),
  ];
}

/** What can be done about a server's work, as far as there is any. */
function serverActions({ server, facts, running, pending }: ServerState, several: boolean): TrayMenuItem[] {
  const serverId = server.id;
  const where = several ? t('tray.where', { server: clip(server.name, 20) }) : '';
  const [job] = running;
  const count = pending.length;
  return [
    ...(job
      ? [
          item(`interrupt ${jobKey(job)}`, t('tray.interrupt', { title: clip(jobTitle(job), 24), where }), {
            do: 'interrupt',
            serverId,
            promptId: job.promptId,
          }),
        ]
      : []),
    ...(count > 0
      ? [
          item(`clear ${serverId}`, t('tray.clear', { where, count }), {
            do: 'clear_queue',
            serverId,
            count,
          }),
        ]
      : []),
    item(`open ${serverId}`, t('tray.open', { where }), { do: 'open_server', serverId }),
    item(
      `free ${serverId}`,
      isCpuOnly(facts.devices) ? t('tray.free_memory', { where }) : t('tray.free_vram', { where }),
      {
        do: 'free_memory',
        serverId,
      },
    ),
  ];
}

function item(
  key: string,
  label: string,
  command: ActionRequest | null,
  afterwards: string | null = null,
): TrayMenuItem {
  return { kind: 'item', key, label, command, afterwards };
}

function jobKey({ serverId, promptId }: Job): string {
  return `${serverId} ${promptId}`;
}

function recentlyFinished(servers: ServerState[]): Job[] {
  return servers
    .flatMap((server) => server.finished.slice(0, recentResults))
    .sort((a, b) => endedAround(b) - endedAround(a))
    .slice(0, recentResults);
}

/** A result is opened where there is one; else the job is shown, for example with its error. */
function resultCommand(job: Job): ActionRequest {
  const file = job.outputs.find((output) => output.file && !isTemporary(output))?.file;
  return file ? { do: 'open_output', serverId: job.serverId, promptId: job.promptId, file } : jobCommand(job);
}

function jobCommand(job: Job): ActionRequest {
  return { do: 'show_job', serverId: job.serverId, promptId: job.promptId };
}
