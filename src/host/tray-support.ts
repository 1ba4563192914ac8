import { execFile } from 'node:child_process';

/** Asks the session bus who owns a name; null when it cannot be asked. */
export type AskForName = (name: string) => Promise<boolean | null>;

/** What takes tray icons on Linux desktops (StatusNotifierItem); without an owner nobody draws them. */
const watcher = 'org.kde.StatusNotifierWatcher';

/**
 * False if tray icons are not shown on this desktop, as far as that can be known. Windows and macOS always
 * have a tray. On Linux the session bus is asked through `gdbus`, which comes with GLib: Electron itself
 * creates a tray without a word when nobody draws it. At login the desktop may still be starting, so a
 * "no" is asked for again. Without `gdbus` only plain GNOME, which is known for it, counts as one.
 */
export async function showsTrayIcons(options: {
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  ask?: AskForName;
  /** Until the next question. */
  wait?: () => Promise<void>;
  tries?: number;
}): Promise<boolean> {
  const { platform, environment, ask = askWithGdbus, wait = fiveSeconds, tries = 3 } = options;
  if (platform !== 'linux') return true;
  for (let attempt = 1; ; attempt += 1) {
    const owned = await ask(watcher);
    if (owned === null) return !isPlainGnome(environment.XDG_CURRENT_DESKTOP ?? '');
    if (owned || attempt >= tries) return owned;
    await wait();
  }
}

/** `GNOME` is GNOME as its makers ship it; Ubuntu and others, which add a tray, name themselves before it. */
function isPlainGnome(currentDesktop: string): boolean {
  return currentDesktop.toUpperCase() === 'GNOME';
}

function askWithGdbus(name: string): Promise<boolean | null> {
  const bus = 'org.freedesktop.DBus';
  const args = ['call', '--session', '--dest', bus, '--object-path', '/org/freedesktop/DBus'];
  return new Promise((done) => {
    execFile(
      'gdbus',
      [...args, '--method', `${bus}.NameHasOwner`, name],
      { timeout: 3_000 },
      (failure, out) => done(failure ? null : readReply(out)),
    );
  });
}

/** `gdbus` prints `(true,)` or `(false,)`. */
export function readReply(text: string): boolean | null {
  const reply = /^\((true|false),\)\s*$/.exec(text)?.[1];
  return reply === undefined ? null : reply === 'true';
}

function fiveSeconds(): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, 5_000).unref();
  });
}
