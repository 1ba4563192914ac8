import { dirname, join } from 'node:path';
import { app, shell } from 'electron';
import { installationOf } from '../host/installation.ts';
import type { Log } from '../host/log-file.ts';
import { windowsIdentity } from './app-id.ts';
import { borrowStartMenuEntry } from './start-menu.ts';

/** Tells Windows who we are: it shows notifications only for apps that say so. */
export function introduceToWindows(log: Log): void {
  if (process.platform !== 'win32') return;
  const { isPackaged } = app;
  const { platform, execPath, env: environment } = process;
  const { kind } = installationOf({ isPackaged, platform, execPath, environment });
  const { appId, toastActivatorClsid } = windowsIdentity(kind);
  app.setAppUserModelId(appId);
  app.setToastActivatorCLSID(toastActivatorClsid);
  if (kind !== 'windows-portable') return;
  try {
    const giveBack = borrowStartMenuEntry({
      path: join(
        app.getPath('appData'),
        'Microsoft',
        'Windows',
        'Start Menu',
        'Programs',
        `${app.getName()}.lnk`,
      ),
      keptAt: join(app.getPath('userData'), 'start-menu-entry.lnk'),
      entry: { target: execPath, cwd: dirname(execPath), appUserModelId: appId, toastActivatorClsid },
      shell,
    });
    const giveBackQuietly = (): void => {
      try {
        giveBack();
      } catch (cause) {
        log(`the entry in the start menu could not be removed: ${String(cause)}`);
      }
    };
    app.once('quit', giveBackQuietly);
    // A user who logs out or shuts down leaves no time for quitting.
    app.on('browser-window-created', (_event, window) => window.once('session-end', giveBackQuietly));
  } catch (cause) {
    log(`there will be no entry in the start menu: ${String(cause)}`);
  }
}
