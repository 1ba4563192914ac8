import { app, powerMonitor } from 'electron';
import { causeText } from '../../domain/text/cause-text.ts';
import type { Log } from '../../host/log/log-file.ts';

/** How long everything has for stopping before the app ends without it, ms. */
const patience = 1_500;
/** How often it is looked whether the work in the background is done, ms. */
const lookAgainAfter = 20;

/** The one way in which the app ends. */
export interface Ending {
  /** True from the moment the app is asked to end. */
  readonly begun: boolean;
  /** Adds what has to stop before the app ends. What it does before its first `await` is always done. */
  before(step: () => unknown): void;
  /**
   * Ends the app with this exit code; only the first call counts. `last` ends it in another way, for example by
   * starting an installer, and is called when everything else has stopped.
   */
  end(code?: number, last?: () => void): void;
}

/**
 * Leads every way to end (tray, menu, Cmd+Q, signals, end of the session, update, last window, failed start) through
 * one place. It is to be called before the app is ready, so that the app can also be ended while it starts.
 *
 * `before-quit` is prevented, and not `will-quit`: then Electron still believes that it is quitting, and a later
 * `app.quit()` does nothing (Browser::Quit, seen with Electron 22). What follows is not done in a microtask, for
 * events that come from C++ run those before they look at what was prevented.
 */
export function watchForEnd(log: Log): Ending {
  const steps: (() => unknown)[] = [];
  let begun = false;
  /** From here on `app.quit()` takes its way. */
  let finished = false;

  function end(code = 0, last = () => app.exit(code)): void {
    if (begun) return;
    begun = true;
    const deadline = performance.now() + patience;
    const stopping = steps.map((step) => attempt(step, log));
    let stopped = false;
    void Promise.all(stopping).then(() => {
      stopped = true;
    });
    const look = (): void => {
      const isLate = performance.now() >= deadline;
      if (!isLate && !(stopped && blockedThreads().length === 0)) {
        setTimeout(look, lookAgainAfter);
        return;
      }
      if (!stopped) log(`not everything stopped within ${patience} ms; the app ends without it`);
      finished = true;
      // Last of all who hear of it, so that an update is installed before.
      app.on('quit', () => endBlocked(log));
      last();
    };
    setImmediate(look);
  }

  app.on('before-quit', (event) => {
    if (finished) return;
    event.preventDefault();
    end();
  });
  app.on('window-all-closed', () => {
    // Without a listener Electron would quit; here only the user does.
  });
  // Windows tells only windows that the session ends, and then ends the process whenever it likes. Where there is
  // none, in the tray, nothing is lost: what is to be remembered is on disk within a second.
  app.on('browser-window-created', (_event, window) => window.on('session-end', () => end()));
  if (process.platform !== 'win32') void app.whenReady().then(() => endWithSession(end));

  return {
    get begun() {
      return begun;
    },
    before: (step) => steps.push(step),
    end,
  };
}

/** macOS and Linux tell everybody, and wait for those who say that they are about to end. */
function endWithSession(end: () => void): void {
  // Electron's declarations leave out what the listener is given.
  const events: NodeJS.EventEmitter = powerMonitor;
  events.on('shutdown', (event: unknown) => {
    if (isPreventable(event)) event.preventDefault();
    end();
  });
}

function isPreventable(event: unknown): event is { preventDefault(): void } {
  return (
    typeof event === 'object' &&
    event !== null &&
    'preventDefault' in event &&
    typeof event.preventDefault === 'function'
  );
}

/** Never rejects: what cannot stop keeps nothing else from it. */
async function attempt(step: () => unknown, log: Log): Promise<void> {
  try {
    await step();
  } catch (cause) {
    log(`something could not be stopped: ${causeText(cause)}`);
  }
}

/** What waits in a thread of its own for a disk or a name server. */
function blockedThreads(): string[] {
  return process.getActiveResourcesInfo().filter((name) => /^(FSReq|GetAddrInfo|GetNameInfo)/.test(name));
}

/**
 * At its end a process waits for such threads, for ever if the disk never answers (seen with Electron 22: the event
 * `quit` comes, the process stays). By then everything is done that ever will be.
 */
function endBlocked(log: Log): void {
  const blocked = blockedThreads();
  if (blocked.length === 0) return;
  log(`the process is ended by force: a disk or a name server does not answer (${blocked.join(', ')})`);
  process.kill(process.pid, 'SIGKILL');
}
