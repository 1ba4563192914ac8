import { app } from 'electron';
import { parseCommandLine } from '../host/command-line.ts';
import type { MonitorHost } from '../host/monitor-host.ts';
import type { MonitorTray } from './tray.ts';
import type { MonitorWindow } from './window.ts';

/** Closing the window keeps the app in the tray; quitting really quits; a second start shows the first. */
export function followLifecycle(options: {
  host: MonitorHost;
  window: MonitorWindow;
  tray: MonitorTray;
  log: (line: string) => void;
}): void {
  const { host, window, tray, log } = options;
  app.on('before-quit', () => window.letClose());
  app.on('window-all-closed', () => {
    // Without a listener Electron would quit; here only "Quit" does.
  });
  app.on('activate', () => window.show());
  app.on('second-instance', (_event, argv) => {
    window.show();
    watchWhatWasAskedFor(argv, host, log);
  });

  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    tray.destroy();
    void host.stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });
}

function watchWhatWasAskedFor(argv: string[], host: MonitorHost, log: (line: string) => void): void {
  const asked = parseCommandLine(argv.slice(1), true);
  if (!asked.ok) {
    log(asked.message);
    return;
  }
  if (asked.value.demo) void host.startDemo();
  for (const url of asked.value.servers) {
    try {
      host.watch(url);
    } catch (cause) {
      // Most likely it is watched already, which is as good.
      log(cause instanceof Error ? cause.message : String(cause));
    }
  }
}
