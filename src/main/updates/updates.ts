import { app } from 'electron';
import manifest from '../../../package.json' with { type: 'json' };
import type { Log } from '../../host/log/log-file.ts';
import type { MonitorHost } from '../../host/monitor-host.ts';
import { moveLoginItem } from '../system/login-item.ts';
import type { Installation } from './installation.ts';
import { availableNotice, readyNotice, updateNoticeId, watchUpdates } from './update-watch.ts';

/** An installer that has not ended the app by then has failed, ms. */
const patience = 30_000;

export interface Updates {
  /** The version that a restart would bring, if there is one. */
  ready(): string | null;
  /** Ends the app and starts it again as the new version. Everything else must have stopped. */
  install(): void;
}

/** Where people find new versions themselves. */
const releases = `${manifest.homepage}/releases`;

/**
 * Keeps an installed app up to date in the background; users hear when a restart is all it takes. Of an
 * app that cannot replace itself they hear that there is a new version, and nothing is fetched.
 */
export function startUpdates(options: {
  host: MonitorHost;
  installation: Installation;
  /** Whether a restart would bring another version has changed. */
  onReady: () => void;
  log: Log;
}): Updates {
  const { host, installation, onReady, log } = options;
  const { kind, updatesItself } = installation;
  if (kind === 'development') return { ready: () => null, install: () => app.quit() };

  let ready: string | null = null;
  const updater = loadUpdater(updatesItself);
  // Reported while it installs, mostly as the last thing of this run.
  const followFile = (loaded: Awaited<typeof updater>): void => {
    loaded.on('appimage-filename-updated', (path) => moveLoginItem(installation.program, path, log));
  };
  updater.then(followFile, () => {});
  const wanted = () => host.settings.current.preferences.updates;
  // What counts is how it stands when the app is quit; only macOS keeps what it was given before.
  const installAtQuit = (): void => {
    updater.then(
      (loaded) => {
        loaded.autoInstallOnAppQuit = updatesItself && wanted();
      },
      // A user who asks for an update hears that the updater is missing; others need not.
      () => {},
    );
  };

  /** The version that pages show. */
  let noticed: string | null = null;
  const dropNotice = (): void => {
    if (noticed !== null) host.notices.drop(updateNoticeId(noticed));
    noticed = null;
  };

  const watch = watchUpdates({
    async fetchUpdate() {
      const found = await (await updater).checkForUpdates();
      if (!found?.isUpdateAvailable) return null;
      await found.downloadPromise;
      return found.updateInfo.version;
    },
    wanted,
    onFound(version) {
      if (updatesItself) ready = version;
      dropNotice();
      noticed = version;
      log(`version ${version} is ${updatesItself ? 'ready to be installed' : 'available'}`);
      host.notices.add(updatesItself ? readyNotice(version) : availableNotice(version, releases));
      onReady();
    },
    log,
  });
  host.settings.follow(
    ({ preferences }) => preferences.updates,
    (isOn, before) => {
      installAtQuit();
      // The watch begins by itself.
      if (before === undefined) return;
      if (isOn) void watch.check();
      else {
        ready = null;
        watch.forget();
        dropNotice();
        onReady();
      }
    },
  );
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
async function loadUpdater(updatesItself: boolean) {
  const {
    default: { autoUpdater },
  } = await import('electron-updater');
  // What it has to say is in its results; its own log would repeat every check.
  autoUpdater.logger = null;
  autoUpdater.autoDownload = updatesItself;
  autoUpdater.disableWebInstaller = true;
  return autoUpdater;
}
