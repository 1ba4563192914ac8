import { app } from 'electron';
import type { Preferences } from '../../contract/preferences.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import type { Log } from '../../host/log/log-file.ts';
import type { SettingsFile } from '../../host/storage/settings-file.ts';
import { appId } from '../app-id.ts';
import type { Installation } from '../updates/installation.ts';
import { autostartPath, moveAutostartNow, renameAutostart, setAutostart } from './autostart.ts';

/**
 * Makes the system start the app at login as the settings say, now and whenever they change. The returned
 * function resolves when everything asked for so far was done.
 */
export function followLoginItem(options: {
  settings: SettingsFile;
  installation: Installation;
  log: Log;
}): () => Promise<void> {
  const { settings, installation, log } = options;
  let applying = Promise.resolve();
  // In development the program would be Electron itself, which shows nothing of ours.
  if (installation.kind === 'development') return () => applying;
  settings.follow(
    ({ preferences: { startAtLogin, startHidden } }) => ({ startAtLogin, startHidden }),
    (wanted) => {
      applying = applying
        .then(() => applyLoginItem(wanted, installation.program))
        .catch((cause: unknown) => log(`starting at login could not be set: ${causeText(cause)}`));
    },
  );
  return () => applying;
}

/**
 * True when macOS started the app at login and the user wants no window then: a login item of macOS
 * takes no arguments. Elsewhere `--hidden` is among them.
 */
export function startedOutOfSight(preferences: Preferences): boolean {
  return (
    process.platform === 'darwin' && preferences.startHidden && app.getLoginItemSettings().wasOpenedAtLogin
  );
}

/**
 * An AppImage that was updated has another name when there was a version in the old one. Elsewhere an update
 * leaves the program where it is.
 */
export function moveLoginItem(from: string, to: string, log: Log): void {
  try {
    moveAutostartNow(autostartPath(appId), from, to);
  } catch (cause) {
    log(`starting at login still leads to ${from}: ${causeText(cause)}`);
  }
}

async function applyLoginItem(
  wanted: Pick<Preferences, 'startAtLogin' | 'startHidden'>,
  program: string,
): Promise<void> {
  const args = wanted.startHidden ? ['--hidden'] : [];
  if (process.platform !== 'darwin' && process.platform !== 'win32') {
    const path = autostartPath(appId);
    await renameAutostart(autostartPath('comfy-monitor'), path);
    await setAutostart(path, wanted.startAtLogin ? { program, args } : null);
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
