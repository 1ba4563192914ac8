import { ipcMain } from 'electron';
import type { MonitorHost } from '../host/monitor-host.ts';
import { ipcChannels } from '../shared/ipc-channels.ts';
import { isPageUrl } from './schemes.ts';
import type { MonitorWindow } from './window.ts';

/**
 * Connects the window's page to the host. Only the top frame of that window, showing our own page, is
 * answered; names and payloads are checked by the host.
 */
export function connectPage(host: MonitorHost, window: MonitorWindow): void {
  const page = host.openPage((name, payload) => window.send(ipcChannels.push, name, payload));
  ipcMain.handle(ipcChannels.call, (event, name: unknown, request: unknown) => {
    const ours = window.isTopFrame(event.senderFrame) && isPageUrl(event.senderFrame?.url ?? '');
    return ours ? page.answer(name, request) : { ok: false, message: 'This page may not ask.' };
  });
  // A window in the tray needs its page only to be roughly up to date.
  window.onVisibility((visible) => page.setVisible(visible));
}
