import type { Job } from '../../domain/jobs/job.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import { type MonitorState, serverStateOf } from '../../domain/monitor-state.ts';
import { tomorrowMorning } from '../../domain/news/quiet-hours.ts';
import { t } from '../../language/t.ts';
import type { Action, ActionName, ActionPlace, ActionRequest, Shortcut } from './action.ts';

/**
 * Everything that users can do, each in one place: the tray's menu, the menu bar, buttons, keys and the help take from
 * here what it is called and what it does. Its words are read anew each time: the language can change.
 */
export const actions: { readonly [N in ActionName]: Action<N> } = {
  show: {
    get label() {
      return t('actions.show');
    },
    run: (_request, place) => place.open('window'),
  },
  help: {
    get label() {
      return t('actions.help');
    },
    icon: 'question',
    keys: {
      group: 'Everywhere',
      get what() {
        return t('actions.help.what');
      },
      keys: [{ key: '?', request: { do: 'help' } }],
    },
    run: (_request, place) => place.open('help'),
  },
  settings: {
    get label() {
      return t('actions.settings');
    },
    icon: 'settings',
    keys: {
      group: 'Everywhere',
      get what() {
        return t('actions.settings');
      },
      keys: [{ key: ',', withCommand: true, request: { do: 'settings' } }],
    },
    run: (_request, place) => place.open('settings'),
  },
  servers: {
    get label() {
      return t('actions.servers');
    },
    icon: 'server',
    keys: {
      group: 'Everywhere',
      get what() {
        return t('actions.servers');
      },
      keys: [{ key: 's', request: { do: 'servers' } }],
    },
    run: (_request, place) => place.open('servers'),
  },
  add_server: {
    get label() {
      return t('actions.add_server');
    },
    icon: 'plus',
    run: (_request, place) => place.open('new server'),
  },
  mini_mode: {
    get label() {
      return t('actions.mini_mode');
    },
    icon: 'mini',
    keys: {
      group: 'Everywhere',
      get what() {
        return t('actions.mini_mode.what');
      },
      keys: [{ key: 'm', request: { do: 'mini_mode' } }],
    },
    run: (_request, place) => place.miniMode(),
  },
  wall_mode: {
    get label() {
      return t('actions.wall_mode');
    },
    icon: 'wall',
    keys: {
      group: 'Everywhere',
      get what() {
        return t('actions.wall_mode.what');
      },
      keys: [
        { key: 'w', request: { do: 'wall_mode' } },
        { key: 'F11', request: { do: 'wall_mode' } },
      ],
    },
    run: (_request, place) => place.wallMode(),
  },
  open_server: {
    get label() {
      return t('actions.open_server');
    },
    icon: 'open',
    keys: {
      group: 'Everywhere',
      get what() {
        return t('actions.open_server.what');
      },
      keys: [{ key: 'o', request: { do: 'open_server' } }],
    },
    async run({ serverId }, place) {
      if (place.openPageHere) {
        const server = serverStateOf(place.state(), serverId)?.server;
        if (server) place.openPageHere(server.url);
        return;
      }
      const { opened, message } = await place.call('openServerPage', { serverId });
      if (!opened && message !== null) place.say(message);
    },
  },
  interrupt: {
    get label() {
      return t('actions.interrupt');
    },
    icon: 'stop',
    keys: {
      group: 'Everywhere',
      get what() {
        return t('actions.interrupt.what');
      },
      keys: [{ key: 'i', request: { do: 'interrupt' } }],
    },
    // Older servers interrupt whatever runs, whichever prompt is named.
    obstacle: (request, state) => (runningJob(request, state) ? null : t('actions.interrupt.obstacle')),
    question: {
      asked: 'after a key',
      of: (request, state) => ({
        title: t('actions.interrupt.title', { title: titleOf(runningJob(request, state)) }),
        detail: t('actions.interrupt.detail'),
        confirm: t('actions.interrupt'),
        keep: t('actions.interrupt.keep'),
      }),
    },
    run: ({ serverId, promptId }, { call }) => call('interruptJob', { serverId, promptId }),
  },
  all_servers: {
    get label() {
      return t('actions.all_servers');
    },
    keys: {
      group: 'Several servers',
      get what() {
        return t('actions.all_servers.what');
      },
      keys: [{ key: '0', request: { do: 'all_servers' } }],
    },
    run: (_request, place) => place.showServer({ all: true }),
  },
  select_server: {
    get label() {
      return t('actions.select_server');
    },
    keys: {
      group: 'Several servers',
      get what() {
        return t('actions.select_server');
      },
      keys: [0, 1, 2, 3, 4, 5, 6, 7, 8].map((index) => ({
        key: `${index + 1}`,
        request: { do: 'select_server', index },
      })),
      get joint() {
        return t('actions.joint.to');
      },
    },
    run: ({ index }, place) => place.showServer({ index }),
  },
  step_server: {
    get label() {
      return t('actions.step_server');
    },
    keys: {
      group: 'Several servers',
      get what() {
        return t('actions.step_server');
      },
      keys: [
        { key: '[', request: { do: 'step_server', by: -1 } },
        { key: ']', request: { do: 'step_server', by: 1 } },
      ],
      get joint() {
        return t('actions.joint.and');
      },
    },
    run: ({ by }, place) => place.showServer({ by }),
  },
  show_job: {
    get label() {
      return t('actions.show_job');
    },
    run: ({ serverId, promptId }, place) => place.showJob(serverId, promptId),
  },
  open_output: {
    get label() {
      return t('actions.open_output');
    },
    icon: 'open',
    async run(request, place) {
      const { serverId, promptId, file } = request;
      if (place.openOutputHere) place.openOutputHere(request);
      else place.opened(request, await place.call('openOutput', { serverId, promptId, file }));
    },
  },
  reveal_output: {
    get label() {
      return t('actions.reveal_output');
    },
    icon: 'folder',
    async run(request, place) {
      const { serverId, promptId, file } = request;
      place.opened(request, await place.call('revealOutput', { serverId, promptId, file }));
    },
  },
  cancel_job: {
    get label() {
      return t('actions.cancel_job');
    },
    icon: 'cross',
    run: ({ serverId, promptId }, { call }) => call('cancelJobs', { serverId, promptIds: [promptId] }),
  },
  clear_queue: {
    get label() {
      return t('actions.clear_queue');
    },
    icon: 'trash',
    question: {
      asked: 'always',
      of: ({ count }) => ({
        title: t('actions.clear_queue.title', { count }),
        detail: t('actions.clear_queue.detail'),
        confirm: t('actions.clear_queue'),
        keep: t('actions.cancel'),
      }),
    },
    run: ({ serverId }, { call }) => call('clearQueue', { serverId }),
  },
  free_memory: {
    get label() {
      return t('actions.free_memory');
    },
    icon: 'chip',
    run: ({ serverId }, { call }) => call('freeMemory', { serverId }),
  },
  retry: {
    get label() {
      return t('actions.retry');
    },
    icon: 'retry',
    run: ({ serverId }, { call }) => call('retryConnection', { serverId }),
  },
  start_demo: {
    get label() {
      return t('actions.start_demo');
    },
    async run(_request, place) {
      place.open('window');
      place.showServer(await place.call('startDemo', undefined));
    },
  },
  stop_demo: {
    get label() {
      return t('actions.stop_demo');
    },
    run: (_request, { call }) => call('stopDemo', undefined),
  },
  pause_notifications: {
    get label() {
      return t('actions.pause_notifications');
    },
    icon: 'bell',
    run({ until }, { call, wallNow }) {
      const now = wallNow();
      return call('pauseNotifications', {
        until: until === 'hour' ? now + 60 * 60_000 : tomorrowMorning(now),
      });
    },
  },
  resume_notifications: {
    get label() {
      return t('actions.resume_notifications');
    },
    icon: 'bell',
    run: (_request, { call }) => call('pauseNotifications', { until: null }),
  },
  restart_to_update: {
    get label() {
      return t('actions.restart_to_update');
    },
    run: (_request, { call }) => call('restartToUpdate', undefined),
  },
  quit: {
    get label() {
      return t('actions.quit');
    },
    run: (_request, place) => place.quit(),
  },
};

/** All keys of all actions. */
export const shortcuts: readonly Shortcut[] = Object.values(actions).flatMap(({ keys }) => keys?.keys ?? []);

/**
 * Does what was asked for, if it can be done and the user agrees: the only way in which an action is run. By an
 * `answer`, the user was asked already. Rejects with `BridgeError` if the host refuses.
 */
export async function runAction<N extends ActionName>(
  request: ActionRequest<N>,
  place: ActionPlace,
  by: 'key' | 'pointer' | 'answer' = 'pointer',
): Promise<void> {
  const action: Action<N> = actions[request.do];
  const obstacle = action.obstacle?.(request, place.state()) ?? null;
  if (obstacle !== null) {
    place.say(obstacle);
    return;
  }
  const isAsked = by === 'key' || (by === 'pointer' && action.question?.asked === 'always');
  if (action.question && isAsked && !(await place.confirm(action.question.of(request, place.state()))))
    return;
  await action.run(request, place);
}

function titleOf(job: Job | undefined): string {
  return job ? jobTitle(job) : t('actions.the_prompt');
}

function runningJob(
  { serverId, promptId }: ActionRequest<'interrupt'>,
  state: MonitorState,
): Job | undefined {
  return serverStateOf(state, serverId)?.running.find((job) => job.promptId === promptId);
}
