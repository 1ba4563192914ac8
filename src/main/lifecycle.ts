import { app } from 'electron';
import type { MonitorHost } from '../host/monitor-host.ts';
import type { SecondStarts, Wish } from './second-starts.ts';
import type { MonitorTray } from './tray.ts';
import type { MonitorWindow } from './window.ts';

export interface Lifecycle {
  /** Stops everything first, then calls `quit`, which must make the app end. */
  stopThen(quit: () => void): void;
}

/** Closing the window keeps the app in the tray; quitting really quits; a second start shows the first. */
export function followLifecycle(options: {
  host: MonitorHost;
  window: MonitorWindow;
  tray: MonitorTray;
  secondStarts: SecondStarts;
  /** Called once, when everything else is about to stop. */
  atEnd: () => void;
  log: (line: string) => void;
}): Lifecycle {
  const { host, window, tray, log } = options;
  app.on('before-quit', () => window.letClose());
  app.on('window-all-closed', () => {
    // Without a listener Electron would quit; here only "Quit" does.
  });
  // Without a GPU process Chromium draws with the processor; the page goes on.
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason !== 'clean-exit') log(`Chromium's ${type} process ended (${reason}, ${exitCode})`);
  });
  app.on('activate', () => window.show());
  options.secondStarts.fulfil((asked) => {
    // A start at login that comes second has nothing to show.
    if (!asked?.hidden) window.show();
    if (asked) watchWhatWasAskedFor(asked, host, log);
  });

  let stopped = false;
  function stopThen(quit: () => void): void {
    window.letClose();
    tray.destroy();
    options.atEnd();
    void host.stop().finally(() => {
      stopped = true;
      quit();
    });
  }
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    stopThen(() => app.quit());
  });
  return { stopThen };
}

function watchWhatWasAskedFor(asked: Wish, host: MonitorHost, log: (line: string) => void): void {
  if (asked.demo) void host.startDemo();
  for (const url of asked.servers) {
    try {
      host.watch(url);
    } catch (cause) {
      // Most likely it is watched already, which is as good.
      log(cause instanceof Error ? cause.message : String(cause));
    }
  }
}
