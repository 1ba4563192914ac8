import { app } from 'electron';
import { causeMessage } from '../../domain/text/cause-text.ts';
import type { MonitorHost } from '../../host/monitor-host.ts';
import type { MonitorWindow } from '../windows/window.ts';
import type { SecondStarts, StartRequest } from './second-starts.ts';

/** A second start shows the first one's window, and so does a click on the app in the dock. */
export function followLifecycle(options: {
  host: MonitorHost;
  window: MonitorWindow;
  secondStarts: SecondStarts;
  log: (line: string) => void;
}): void {
  const { host, window, log } = options;
  // Without a GPU process Chromium draws with the processor; the page goes on.
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason !== 'clean-exit') log(`Chromium's ${type} process ended (${reason}, ${exitCode})`);
  });
  app.on('activate', () => window.show());
  options.secondStarts.onRequest((asked) => {
    // A start at login that comes second has nothing to show.
    if (!asked?.hidden) window.show();
    if (asked) watchWhatWasAskedFor(asked, host, log);
  });
}

function watchWhatWasAskedFor(asked: StartRequest, host: MonitorHost, log: (line: string) => void): void {
  if (asked.demo) void host.calls.startDemo();
  for (const url of asked.servers) {
    try {
      host.watch(url);
    } catch (cause) {
      // Most likely it is watched already, which is as good.
      log(causeMessage(cause));
    }
  }
}
