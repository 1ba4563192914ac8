import { app, dialog } from 'electron';
import type { ActionPlace, ActionRequest, Question } from '../contract/actions/action.ts';
import { runAction } from '../contract/actions/actions.ts';
import { BridgeError } from '../contract/bridge/bridge.ts';
import { shownName } from '../domain/outputs/executed-output.ts';
import { causeText } from '../domain/text/cause-text.ts';
import type { Log } from '../host/log/log-file.ts';
import type { MonitorHost } from '../host/monitor-host.ts';
import { t } from '../language/t.ts';
import type { MiniMode } from './windows/mini-mode.ts';
import type { MonitorWindow } from './windows/window.ts';

/** Runs actions from the menus of the desktop. What they did shows in tray and window; only a failure needs words. */
export type RunOnDesktop = (request: ActionRequest) => void;

export function actionsOnDesktop(options: {
  host: MonitorHost;
  window: MonitorWindow;
  mini: MiniMode;
  showJob: (serverId: string, promptId: string) => void;
  log: Log;
}): RunOnDesktop {
  const { host, window, mini, showJob, log } = options;
  const place: ActionPlace = {
    state: () => host.store.getState(),
    call: async (name, request) => host.calls[name](request),
    wallNow: Date.now,
    confirm,
    // What cannot be done any more has happened: a menu may be older than the state.
    say: () => {},
    open(what) {
      window.show();
      if (what === 'settings') host.showSettings();
    },
    miniMode: () => mini.set(true),
    wallMode() {
      window.show();
      host.showWall();
    },
    showJob,
    // Pages choose for themselves which server they show.
    showServer: () => {},
    openOutputHere: null,
    openPageHere: null,
    opened({ serverId, promptId, file }, { opened, message }) {
      if (opened) return;
      log(`${shownName(file)} was not opened: ${message}`);
      showJob(serverId, promptId);
    },
    quit: () => app.quit(),
  };
  return (request) => {
    runAction(request, place).catch((cause: unknown) => {
      if (!(cause instanceof BridgeError)) log(`an action of the desktop failed: ${causeText(cause)}`);
      const message = cause instanceof BridgeError ? cause.message : t('host.not_done');
      void dialog.showMessageBox({ type: 'warning', message });
    });
  };
}

async function confirm({ title, detail, confirm: yes, keep }: Question): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: title,
    detail,
    buttons: [yes, keep],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}
