import type { NameState, SessionBus } from './session-bus/bus.ts';
import { watcherName } from './session-bus/bus-tray.ts';

/** At login the desktop may still be starting, ms. */
const patience = 10_000;

/**
 * False if tray icons are not shown on this desktop, as far as that can be known. Windows and macOS always
 * have a tray. On Linux the session bus says whether anything takes them, within ten seconds. Without a bus
 * only plain GNOME, which is known for it, counts as a desktop without a tray.
 */
export async function showsTrayIcons(options: {
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  bus: Pick<SessionBus, 'watchName'> | null;
}): Promise<boolean> {
  const { platform, environment, bus } = options;
  if (platform !== 'linux') return true;
  const answer = bus === null ? 'no bus' : await watcherWithin(bus, patience);
  return answer === 'no bus' ? !isPlainGnome(environment.XDG_CURRENT_DESKTOP ?? '') : answer === 'owned';
}

/** What is known of the watcher once there is one, or no bus, or after `ms`. */
function watcherWithin(bus: Pick<SessionBus, 'watchName'>, ms: number): Promise<NameState> {
  return new Promise((done) => {
    let last: NameState = 'no bus';
    const answer = (): void => {
      clearTimeout(timer);
      stop();
      done(last);
    };
    const timer = setTimeout(answer, ms).unref();
    const stop = bus.watchName(watcherName, (state) => {
      last = state;
      if (state !== 'free') answer();
    });
  });
}

/** `GNOME` is GNOME as its makers ship it; Ubuntu and others, which add a tray, name themselves before it. */
function isPlainGnome(currentDesktop: string): boolean {
  return currentDesktop.toUpperCase() === 'GNOME';
}
