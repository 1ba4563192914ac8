import { ipcMain } from 'electron';
import { ipcChannels } from '../contract/bridge/ipc-channels.ts';
import type { MonitorHost } from '../host/monitor-host.ts';
import type { HostPage } from '../host/page/pages.ts';
import type { PageWindow } from './windows/page-window.ts';
import { isPageUrl } from './windows/schemes.ts';

/**
 * Answers the pages of our windows; gives what lets a window in. Only the top frame of such a window,
 * showing our own page, is answered; names and payloads are checked by the host.
 */
export function answerPages(host: MonitorHost): (window: PageWindow) => void {
  const pages = new Map<PageWindow, HostPage>();
  ipcMain.handle(ipcChannels.call, (event, name: unknown, request: unknown) => {
    const refusal = { ok: false, message: 'This page may not ask.' };
    if (!isPageUrl(event.senderFrame?.url ?? '')) return refusal;
    const asking = [...pages].find(([window]) => window.isTopFrame(event.senderFrame));
    return asking ? asking[1].answer(name, request) : refusal;
  });
  return (window) => {
    const page = host.openPage((name, payload) => window.send(ipcChannels.push, name, payload));
    pages.set(window, page);
    window.onVisibility((visible) => page.setSeen(visible));
    window.onClosed(() => {
      pages.delete(window);
      page.close();
    });
  };
}
