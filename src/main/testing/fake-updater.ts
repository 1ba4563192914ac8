/** Stands in for the module `electron-updater` in tests; typed from it, so that it cannot drift away. */
import { EventEmitter } from 'node:events';
import type { AppUpdater, UpdateCheckResult } from 'electron-updater';

type UpdaterUsed = Pick<
  AppUpdater,
  | 'logger'
  | 'autoDownload'
  | 'autoInstallOnAppQuit'
  | 'disableWebInstaller'
  | 'checkForUpdates'
  | 'quitAndInstall'
>;

type EventName = Parameters<AppUpdater['on']>[0];

class FakeUpdater extends EventEmitter implements UpdaterUsed {
  logger: AppUpdater['logger'] = null;
  autoDownload = false;
  autoInstallOnAppQuit = false;
  disableWebInstaller = false;
  checks = 0;
  /** What GitHub has; null for nothing new, an error for nothing that can be reached. */
  newest: string | Error | null = null;
  installed: string | null = null;
  onInstall: () => void = () => {};
  /** The new name of an AppImage that had a version in its old one. */
  movedTo: string | null = null;

  async checkForUpdates(): Promise<UpdateCheckResult | null> {
    this.checks += 1;
    if (this.newest instanceof Error) throw this.newest;
    const updateInfo = {
      version: this.newest ?? '1.2.3',
      files: [],
      path: '',
      sha512: '',
      releaseDate: '2026-03-04',
    };
    return {
      isUpdateAvailable: this.newest !== null,
      updateInfo,
      versionInfo: updateInfo,
      downloadPromise: this.newest === null || !this.autoDownload ? null : Promise.resolve(['installer']),
    };
  }
  /** As the real one does it: the old file is gone, and then its listeners hear where the new one is. */
  quitAndInstall(): void {
    if (this.movedTo !== null) this.emit('appimage-filename-updated' satisfies EventName, this.movedTo);
    this.installed = this.newest instanceof Error ? null : this.newest;
    this.onInstall();
  }
}

export const autoUpdater = new FakeUpdater();
export default { autoUpdater };
