import { app } from 'electron';
import { z } from 'zod';
import { type CommandLine, parseCommandLine } from '../host/command-line.ts';
import type { MonitorHost } from '../host/monitor-host.ts';
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
  app.on('second-instance', (_event, argv, _workingDirectory, told) => {
    const asked = wishOfSecondInstance(argv, told);
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

/** What a second start tells the first one: Chromium may reorder and add to the command line it hands over. */
const wishSchema = z.object({
  servers: z.array(z.string().max(2_048)).max(50),
  demo: z.boolean(),
  hidden: z.boolean(),
});
type Wish = z.infer<typeof wishSchema>;

export function tellFirstInstance({ servers, demo, hidden }: CommandLine): Wish {
  return { servers, demo, hidden };
}

/** Null if it cannot be told, for example because the second one is of another version. */
function wishOfSecondInstance(argv: readonly string[], told: unknown): Wish | null {
  const wish = wishSchema.safeParse(told);
  if (wish.success) return wish.data;
  // The program's own path, wherever it stands, is no option.
  const parsed = parseCommandLine(argv, true);
  return parsed.ok ? parsed.value : null;
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
