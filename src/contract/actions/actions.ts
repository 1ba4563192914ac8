import type { Job } from '../../domain/jobs/job.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import { type MonitorState, serverStateOf } from '../../domain/monitor-state.ts';
import { tomorrowMorning } from '../../domain/news/quiet-hours.ts';
import { formatCount } from '../../domain/text/format.ts';
import type { Action, ActionName, ActionPlace, ActionRequest } from './action.ts';

/**
 * Everything that users can do, each in one place: the tray's menu, the menu bar, buttons, keys and the help take from
 * here what it is called and what it does.
 */
export const actions: { readonly [N in ActionName]: Action<N> } = {
  show: { label: 'Show window', run: (_request, place) => place.open('window') },
  settings: {
    label: 'Settings',
    icon: 'settings',
    shortcut: { key: ',', withCommand: true },
    run: (_request, place) => place.open('settings'),
  },
  servers: {
    label: 'Servers',
    icon: 'server',
    shortcut: { key: 's' },
    run: (_request, place) => place.open('servers'),
  },
  add_server: { label: 'Add server', icon: 'plus', run: (_request, place) => place.open('new server') },
  help: {
    label: 'Keyboard shortcuts',
    icon: 'question',
    shortcut: { key: '?' },
    help: 'Show this list',
    run: (_request, place) => place.open('help'),
  },
  mini_mode: {
    label: 'Mini mode',
    icon: 'mini',
    shortcut: { key: 'm' },
    help: 'Mini mode, and back',
    run: (_request, place) => place.miniMode(),
  },
  select_server: { label: 'Show this server', run: ({ index }, place) => place.showServer({ index }) },
  step_server: { label: 'Previous and next server', run: ({ by }, place) => place.showServer({ by }) },
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
  interrupt: {
    label: 'Interrupt',
    icon: 'stop',
    shortcut: { key: 'i' },
    help: 'Interrupt the running prompt, after a question',
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

/**
 * Does what was asked for, if it can be done and the user agrees: the only way in which an action is run. Rejects with
 * `BridgeError` if the host refuses.
 */
export async function runAction<N extends ActionName>(
  request: ActionRequest<N>,
  place: ActionPlace,
  by: 'key' | 'pointer' = 'pointer',
): Promise<void> {
  const action: Action<N> = actions[request.do];
  const obstacle = action.obstacle?.(request, place.state()) ?? null;
  if (obstacle !== null) {
    place.say(obstacle);
    return;
  }
  const isAsked = action.question?.asked === 'always' || by === 'key';
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
