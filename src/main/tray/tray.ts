import { app, nativeTheme, type Rectangle, screen } from 'electron';
import { hostNow } from '../../comfy/host-clock.ts';
import type { ActionRequest } from '../../contract/actions/action.ts';
import { areWordsDue } from '../../domain/text/words-due.ts';
import type { MonitorHost } from '../../host/monitor-host.ts';
import { onLanguage } from '../../language/t.ts';
import { type TaskbarModel, taskbarModel } from '../windows/taskbar-model.ts';
import type { MonitorWindow } from '../windows/window.ts';
import { createElectronTray } from './electron-tray.ts';
import { createLinuxTray } from './linux-tray.ts';
import type { SessionBus } from './session-bus/bus.ts';
import { type TrayModel, trayModel } from './tray-model.ts';
import { looksTheSame, nextChange, trayPace } from './tray-pace.ts';
import type { TrayHands, TrayView } from './tray-view.ts';

export interface MonitorTray {
  /** Something is different that no event of a server tells of. */
  refresh(): void;
  /** What the system was last asked to show. Linux does not say where that is. */
  look(): { tooltip: string; menu: string[]; bounds: Rectangle };
  destroy(): void;
}

/** Shows the state in tray and taskbar, and runs what the tray's menu is asked for. */
export function startTray(options: {
  host: MonitorHost;
  window: MonitorWindow;
  /** The session bus of a Linux desktop; null where there is none. */
  bus: SessionBus | null;
  /** A version that waits for a restart. */
  update: () => string | null;
  run: (command: ActionRequest) => void;
  log: (line: string) => void;
}): MonitorTray {
  const { host, window, bus, log } = options;
  // What happened before the app was started is no news.
  let lookedAt = hostNow();
  let wasFocused = false;
  let destroyed = false;
  let timer: NodeJS.Timeout | undefined;
  let timerEnds = Number.POSITIVE_INFINITY;
  let refreshedAt = Number.NEGATIVE_INFINITY;
  let wordsSince = performance.now();

  const current = (): TrayModel => {
    const isFocused = window.isFocused();
    // A window that others cover is visible, too.
    if (isFocused || wasFocused) lookedAt = hostNow();
    wasFocused = isFocused;
    return trayModel(host.store.getState(), {
      appName: app.getName(),
      now: hostNow(),
      wall: Date.now(),
      lookedAt,
      update: options.update(),
      notifications: { pausedUntil: host.news.pausedUntil() },
    });
  };

  const hands: TrayHands = {
    click: () => window.toggleByClick(),
    run: options.run,
    refresh,
  };
  let shown = current();
  const view: TrayView = bus
    ? createLinuxTray({ bus, first: shown, id: 'comfy-monitor', title: app.getName(), hands, log })
    : createElectronTray(shown, hands);
  let inTaskbar: TaskbarModel | null = null;

  function refresh(): void {
    // Windows live a little longer than the tray when the app ends.
    if (destroyed) return;
    clearTimeout(timer);
    timerEnds = Number.POSITIVE_INFINITY;
    const now = performance.now();
    refreshedAt = now;
    const next = current();
    refreshTaskbar();
    view.setIcon(next.icon);
    // Xfce would show them over the menu, whose items the pointer is on.
    const hasPlace = !view.isMenuOpen();
    if (
      hasPlace &&
      (next.title !== shown.title || areWordsDue(shown.tooltip, next.tooltip, now - wordsSince))
    ) {
      view.setWords(next);
      wordsSince = now;
      shown = next;
    }
    view.setMenu(next.menu);
    const isRunning = next.icon.status === 'running';
    const hasWords = next.tooltip !== shown.tooltip;
    const pausedUntil = host.news.pausedUntil();
    refreshIn(
      nextChange({ isRunning, isMenuOpen: view.isMenuOpen(), hasWords, pausedUntil, now: Date.now() }),
    );
  }

  function refreshIn(delay: number): void {
    const at = performance.now() + delay;
    if (destroyed || at >= timerEnds) return;
    clearTimeout(timer);
    timerEnds = at;
    timer = setTimeout(refresh, delay);
  }

  function refreshTaskbar(): void {
    const next = taskbarModel(host.store.getState(), lookedAt, hostNow());
    if (inTaskbar !== null && JSON.stringify(next) === JSON.stringify(inTaskbar)) return;
    window.showInTaskbar(next, inTaskbar);
    inTaskbar = next;
  }

  const stopListening = host.store.subscribe((after, before) => {
    // Many events come together, and many a second.
    if (!looksTheSame(before, after))
      refreshIn(Math.min(trayPace, Math.max(0, refreshedAt + trayPace - performance.now())));
  });
  const stopHearing = host.news.onPause(refresh);
  const stopListeningToLanguage = onLanguage(() => {
    inTaskbar = null;
    refresh();
  });
  const redrawTaskbar = (): void => {
    if (destroyed) return;
    inTaskbar = null;
    refreshTaskbar();
  };
  nativeTheme.on('updated', redrawTaskbar);
  screen.on('display-metrics-changed', redrawTaskbar);
  app.on('browser-window-focus', refresh);
  app.on('browser-window-blur', refresh);
  window.onVisibility(() => {
    // The button of a hidden window is gone from Windows' taskbar; the next one knows of nothing.
    inTaskbar = null;
    refresh();
  });
  refresh();
  return {
    refresh,
    look: () => ({
      tooltip: shown.tooltip,
      menu: current().menu.flatMap((item) => (item.kind === 'item' ? [item.label] : [])),
      bounds: view.bounds(),
    }),
    destroy() {
      destroyed = true;
      clearTimeout(timer);
      stopListening();
      stopHearing();
      stopListeningToLanguage();
      nativeTheme.off('updated', redrawTaskbar);
      screen.off('display-metrics-changed', redrawTaskbar);
      app.off('browser-window-focus', refresh);
      app.off('browser-window-blur', refresh);
      view.destroy();
    },
  };
}
