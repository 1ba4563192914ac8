import type { Job } from '../../domain/jobs/job.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import { type MonitorState, serverStateOf } from '../../domain/monitor-state.ts';
import { tomorrowMorning } from '../../domain/news/quiet-hours.ts';
import { formatCount } from '../../domain/text/format.ts';
import type { Action, ActionName, ActionPlace, ActionRequest, Shortcut } from './action.ts';

/**
 * Everything that users can do, each in one place: the tray's menu, the menu bar, buttons, keys and the help take from
 * here what it is called and what it does.
 */
export const actions: { readonly [N in ActionName]: Action<N> } = {
  show: { label: 'Show window', run: (_request, place) => place.open('window') },
  help: {
    label: 'Keyboard shortcuts',
    icon: 'question',
    keys: { group: 'Everywhere', what: 'Show this list', keys: [{ key: '?', request: { do: 'help' } }] },
    run: (_request, place) => place.open('help'),
  },
  settings: {
    label: 'Settings',
    icon: 'settings',
    keys: {
      group: 'Everywhere',
      what: 'Settings',
      keys: [{ key: ',', withCommand: true, request: { do: 'settings' } }],
    },
    run: (_request, place) => place.open('settings'),
  },
  servers: {
    label: 'Servers',
    icon: 'server',
    keys: { group: 'Everywhere', what: 'Servers', keys: [{ key: 's', request: { do: 'servers' } }] },
    run: (_request, place) => place.open('servers'),
  },
  add_server: { label: 'Add server', icon: 'plus', run: (_request, place) => place.open('new server') },
  mini_mode: {
    label: 'Mini mode',
    icon: 'mini',
    keys: {
      group: 'Everywhere',
      what: 'Mini mode, and back',
      keys: [{ key: 'm', request: { do: 'mini_mode' } }],
    },
    run: (_request, place) => place.miniMode(),
  },
  interrupt: {
    label: 'Interrupt',
    icon: 'stop',
    keys: {
      group: 'Everywhere',
      what: 'Interrupt the running prompt, after a question',
      keys: [{ key: 'i', request: { do: 'interrupt' } }],
    },
    // Older servers interrupt whatever runs, whichever prompt is named.
    obstacle: (request, state) => (runningJob(request, state) ? null : 'It does not run any more.'),
    question: {
      asked: 'after a key',
      of: (request, state) => ({
        title: `Interrupt “${titleOf(runningJob(request, state))}”?`,
        detail: 'ComfyUI stops after the current step and goes on with the next prompt in the queue.',
        confirm: 'Interrupt',
        keep: 'Let it run',
      }),
    },
    run: ({ serverId, promptId }, { call }) => call('interruptJob', { serverId, promptId }),
  },
  select_server: {
    label: 'Show this server',
    keys: {
      group: 'Several servers',
      what: 'Show this server',
      keys: [0, 1, 2, 3, 4, 5, 6, 7, 8].map((index) => ({
        key: `${index + 1}`,
        request: { do: 'select_server', index },
      })),
      joint: 'to',
    },
    run: ({ index }, place) => place.showServer({ index }),
  },
  step_server: {
    label: 'Previous and next server',
    keys: {
      group: 'Several servers',
      what: 'Previous and next server',
      keys: [
        { key: '[', request: { do: 'step_server', by: -1 } },
        { key: ']', request: { do: 'step_server', by: 1 } },
      ],
      joint: 'and',
    },
    run: ({ by }, place) => place.showServer({ by }),
  },
  show_job: { label: 'Show', run: ({ serverId, promptId }, place) => place.showJob(serverId, promptId) },
  open_output: {
    label: 'Open',
    icon: 'open',
    async run(request, place) {
      const { serverId, promptId, file } = request;
      if (place.openOutputHere) place.openOutputHere(request);
      else place.opened(request, await place.call('openOutput', { serverId, promptId, file }));
    },
  },
  reveal_output: {
    label: 'Show in folder',
    icon: 'folder',
    async run(request, place) {
      const { serverId, promptId, file } = request;
      place.opened(request, await place.call('revealOutput', { serverId, promptId, file }));
    },
  },
  cancel_job: {
    label: 'Cancel',
    icon: 'cross',
    run: ({ serverId, promptId }, { call }) => call('cancelJobs', { serverId, promptIds: [promptId] }),
  },
  clear_queue: {
    label: 'Clear queue',
    icon: 'trash',
    question: {
      asked: 'always',
      of: ({ count }) => ({
        title: `Remove ${formatCount(count, 'waiting prompt')} from the queue?`,
        detail: 'They cannot be brought back. What runs now goes on.',
        confirm: 'Clear queue',
        keep: 'Cancel',
      }),
    },
    run: ({ serverId }, { call }) => call('clearQueue', { serverId }),
  },
  free_memory: {
    label: 'Free VRAM',
    icon: 'chip',
    run: ({ serverId }, { call }) => call('freeMemory', { serverId }),
  },
  retry: {
    label: 'Try again',
    icon: 'retry',
    run: ({ serverId }, { call }) => call('retryConnection', { serverId }),
  },
  start_demo: {
    label: 'Try the demo',
    async run(_request, place) {
      place.open('window');
      place.showServer(await place.call('startDemo', undefined));
    },
  },
  stop_demo: { label: 'Stop demo', run: (_request, { call }) => call('stopDemo', undefined) },
  pause_notifications: {
    label: 'Pause notifications',
    icon: 'bell',
    run({ until }, { call, wallNow }) {
      const now = wallNow();
      return call('pauseNotifications', {
        until: until === 'hour' ? now + 60 * 60_000 : tomorrowMorning(now),
      });
    },
  },
  resume_notifications: {
    label: 'Resume notifications',
    icon: 'bell',
    run: (_request, { call }) => call('pauseNotifications', { until: null }),
  },
  restart_to_update: {
    label: 'Restart to update',
    run: (_request, { call }) => call('restartToUpdate', undefined),
  },
  quit: { label: 'Quit', run: (_request, place) => place.quit() },
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
  return job ? jobTitle(job) : 'the prompt';
}

function runningJob(
  { serverId, promptId }: ActionRequest<'interrupt'>,
  state: MonitorState,
): Job | undefined {
  return serverStateOf(state, serverId)?.running.find((job) => job.promptId === promptId);
}
