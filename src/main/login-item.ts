import { app } from 'electron';
import { autostartPath, setAutostart } from '../host/autostart.ts';
import type { Installation } from '../host/installation.ts';
import type { Log } from '../host/log-file.ts';
import type { SettingsFile } from '../host/settings-file.ts';
import type { Settings } from '../shared/settings.ts';

/** Makes the system start the app at login as the settings say, now and whenever they change. */
export function followLoginItem(options: {
  settings: SettingsFile;
  installation: Installation;
  log: Log;
}): void {
  const { settings, installation, log } = options;
  // In development the program would be Electron itself, which shows nothing of ours.
  if (installation.kind === 'development') return;
  let applying = Promise.resolve();
  const apply = (wanted: Settings): void => {
    applying = applying
      .then(() => applyLoginItem(wanted, installation.program))
      .catch((cause: unknown) => log(`starting at login could not be set: ${String(cause)}`));
  };
  apply(settings.current);
  settings.onChange((after, before) => {
    if (after.startAtLogin !== before.startAtLogin || after.startHidden !== before.startHidden) apply(after);
  });
}

/**
 * True when macOS started the app at login and the user wants no window then: a login item of macOS
 * takes no arguments. Elsewhere `--hidden` is among them.
 */
export function startedOutOfSight(settings: Settings): boolean {
  return process.platform === 'darwin' && settings.startHidden && app.getLoginItemSettings().wasOpenedAtLogin;
}

async function applyLoginItem(wanted: Settings, program: string): Promise<void> {
  const args = wanted.startHidden ? ['--hidden'] : [];
  if (process.platform !== 'darwin' && process.platform !== 'win32') {
    await setAutostart(autostartPath(), wanted.startAtLogin ? { program, args } : null);
    return;
  }
  const isMac = process.platform === 'darwin';
  // Windows takes it as a command line, in which a path with spaces needs quotes.
  const item = isMac ? {} : { path: `"${program}"`, args };
  const registered = app.getLoginItemSettings(item).openAtLogin;
  // What is registered as it should be is left alone: the user may have switched it off in the system.
  // Windows finds only what has the same arguments, so there what is not found is removed all the same.
  if (registered === wanted.startAtLogin && (registered || isMac)) return;
  app.setLoginItemSettings({ ...item, openAtLogin: wanted.startAtLogin });
}
