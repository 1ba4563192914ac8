import type { Notice } from '../../contract/notice.ts';
import type { Log } from '../../host/log/log-file.ts';
import type { MonitorHost } from '../../host/monitor-host.ts';
import { t } from '../../language/t.ts';
import type { MonitorWindow } from '../windows/window.ts';
import type { WindowStateFile } from '../windows/window-state.ts';

/**
 * On a desktop that shows no tray icons the window is all there is: it is shown, whatever the app was started with, and
 * the user hears once that closing it ends the app.
 */
export function doWithoutTray(desktop: {
  host: Pick<MonitorHost, 'notices'>;
  window: Pick<MonitorWindow, 'show'>;
  state: WindowStateFile;
  log: Log;
}): void {
  const { host, window, state, log } = desktop;
  log('this desktop does not show tray icons');
  window.show();
  if (state.current.told.includes(noTray.id)) return;
  host.notices.add(noTray);
  state.remember({ told: [...state.current.told, noTray.id] });
}

const noTray: Notice = {
  id: 'no-tray',
  level: 'info',
  get what() {
    return t('tray.missing');
  },
  get why() {
    return t('tray.missing.why');
  },
  get next() {
    return t('tray.missing.next');
  },
};
