import { dirname, join } from 'node:path';
import { app, shell } from 'electron';
import { causeText } from '../../domain/text/cause-text.ts';
import type { Log } from '../../host/log/log-file.ts';
import { appId, windowsIdentity } from '../app-id.ts';
import { installationOf } from '../updates/installation.ts';
import { borrowStartMenuEntry } from './start-menu.ts';

/** Tells Windows who we are: it shows notifications only for apps that say so. */
export function introduceToWindows(log: Log): void {
  if (process.platform !== 'win32') return;
  const { isPackaged } = app;
  const { platform, execPath, env: environment } = process;
  const { kind } = installationOf({ isPackaged, platform, execPath, environment });
  const identity = windowsIdentity(kind);
  app.setAppUserModelId(identity.appId);
  app.setToastActivatorCLSID(identity.toastActivatorClsid);
  // An installed copy has an entry from its installer, and Electron goes on with that.
  if (kind === 'windows-installer') return;
  const isDevelopment = kind === 'development';
  // Electron names the entry by what the program's own file says of itself, whatever the app is called.
  const name = isDevelopment ? 'Electron' : app.getName();
  try {
    const giveBack = borrowStartMenuEntry({
      path: join(app.getPath('appData'), 'Microsoft', 'Windows', 'Start Menu', 'Programs', `${name}.lnk`),
      keptAt: join(app.getPath('userData'), `start-menu-entry${isDevelopment ? '.development' : ''}.lnk`),
      entry: {
        target: execPath,
        ...(isDevelopment ? { args: `"${app.getAppPath()}"` } : {}),
        cwd: dirname(execPath),
        appUserModelId: identity.appId,
        toastActivatorClsid: identity.toastActivatorClsid,
      },
      // Earlier versions took themselves for an installed copy in development.
      formerIds: isDevelopment ? [appId] : [],
      shell,
    });
    const giveBackQuietly = (): void => {
      try {
        giveBack();
      } catch (cause) {
        log(`the entry in the start menu could not be removed: ${causeText(cause)}`);
      }
    };
    app.once('quit', giveBackQuietly);
    // A user who logs out or shuts down leaves no time for quitting.
    app.on('browser-window-created', (_event, window) => window.once('session-end', giveBackQuietly));
  } catch (cause) {
    log(`there will be no entry in the start menu: ${causeText(cause)}`);
  }
}
