import { app } from 'electron';
import type { Installation } from '../host/installation.ts';
import type { Log } from '../host/log-file.ts';
import type { MonitorHost } from '../host/monitor-host.ts';
import { updateNotice, updateNoticeId, watchUpdates } from '../host/update-watch.ts';

/** An installer that has not ended the app by then has failed, ms. */
const patience = 30_000;

export interface Updates {
  /** The version that a restart would bring, if there is one. */
  ready(): string | null;
  /** Ends the app and starts it again as the new version. Everything else must have stopped. */
  install(): void;
}

/** Keeps an installed app up to date in the background; people are told when a restart is all it takes. */
export function startUpdates(options: { host: MonitorHost; installation: Installation; log: Log }): Updates {
  const { host, installation, log } = options;
  if (!installation.updatesItself) return { ready: () => null, install: () => app.quit() };

  let ready: string | null = null;
  const updater = loadUpdater();
  const wanted = () => host.settings.current.preferences.updates;
  // What counts is how it stands when the app is quit; only macOS keeps what it was given before.
  const installAtQuit = (): void => {
    updater.then(
      (loaded) => {
        loaded.autoInstallOnAppQuit = wanted();
      },
      // Whoever asks for an update hears that the updater is missing; nobody else needs to.
      () => {},
    );
  };
  installAtQuit();

  const watch = watchUpdates({
    async fetchUpdate() {
      const found = await (await updater).checkForUpdates();
      if (!found?.isUpdateAvailable) return null;
      await found.downloadPromise;
      return found.updateInfo.version;
    },
    wanted,
    onReady(version) {
      ready = version;
      log(`version ${version} is ready to be installed`);
      host.addNotice(updateNotice(version));
    },
    log,
  });
  host.settings.onChange(({ preferences: after }, { preferences: before }) => {
    if (after.updates === before.updates) return;
    installAtQuit();
    if (after.updates) void watch.check();
    else {
      ready = null;
      watch.forget();
      host.dropNotice(updateNoticeId);
    }
  });
  app.on('before-quit', () => watch.stop());

  return {
    ready: () => ready,
    install() {
      // The new version must not find the old one running.
      app.releaseSingleInstanceLock();
      void updater.then((loaded) => loaded.quitAndInstall(true, true));
      setTimeout(() => app.quit(), patience);
    },
  };
}

/** Loaded late: half a megabyte that only an installed app needs. */
async function loadUpdater() {
  const {
    default: { autoUpdater },
  } = await import('electron-updater');
  // What it has to say is told by its results; its own log would repeat every check.
  autoUpdater.logger = null;
  autoUpdater.autoDownload = true;
  autoUpdater.disableWebInstaller = true;
  return autoUpdater;
}
