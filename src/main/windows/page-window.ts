import { dirname, join } from 'node:path';
import {
  BrowserWindow,
  type BrowserWindowConstructorOptions,
  nativeTheme,
  type WebFrameMain,
} from 'electron';
import { t } from '../../language/t.ts';
import type { ReportFailure } from '../lifecycle/failures.ts';
import { isPageUrl } from './schemes.ts';

/** A window with our page in it, as the bridge needs it. */
export interface PageWindow {
  send(channel: string, ...args: unknown[]): void;
  isTopFrame(frame: WebFrameMain | null): boolean;
  onVisibility(listener: (visible: boolean) => void): void;
  onClosed(listener: () => void): void;
}

/**
 * Creates a window for our page: sandboxed, showing nothing else, loaded again after a crash. It stays
 * out of sight until it is shown.
 */
export function createPageWindow(options: {
  preload: string;
  log: (line: string) => void;
  reportFailure: ReportFailure;
  /** What the window is for, in the log. */
  name: string;
  window: BrowserWindowConstructorOptions;
}): BrowserWindow {
  const window = new BrowserWindow({
    show: false,
    // Close to the page's own background, so that opening does not flash.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#15161a' : '#f6f6f8',
    ...iconBeside(options.preload),
    ...options.window,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      ...options.window.webPreferences,
    },
  });
  lockDown(window);
  reloadAfterCrash(window, options);
  logSilence(window, options.name, options.log);
  return window;
}

/**
 * On X11 a window brings its own picture for title bars, task lists and window switchers; without it they show one
 * that stands for any program. Windows and macOS take it from the program, Wayland from the desktop entry.
 */
function iconBeside(preload: string): BrowserWindowConstructorOptions {
  return process.platform === 'linux' ? { icon: join(dirname(preload), '..', 'renderer', 'icon.png') } : {};
}

/** The window as the bridge needs it. */
export function pageWindowOf(window: BrowserWindow): PageWindow {
  return {
    send(channel, ...args) {
      if (!window.isDestroyed()) window.webContents.send(channel, ...args);
    },
    isTopFrame: (frame) => frame !== null && !window.isDestroyed() && frame === window.webContents.mainFrame,
    onVisibility(listener) {
      window.on('show', () => listener(true));
      window.on('restore', () => listener(true));
      window.on('hide', () => listener(false));
      window.on('minimize', () => listener(false));
    },
    onClosed(listener) {
      window.on('closed', listener);
    },
  };
}

/** The page stays where it is: no other address, no second window, hardly a permission. */
function lockDown(window: BrowserWindow): void {
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => {
    if (!isPageUrl(event.url)) event.preventDefault();
  });
  const copiesText = (permission: string): boolean => permission === 'clipboard-sanitized-write';
  webContents.session.setPermissionRequestHandler(
    (_contents, permission, grant, { isMainFrame, requestingUrl }) =>
      // The button of Chromium's video player asks for the whole screen.
      grant(
        copiesText(permission) || (permission === 'fullscreen' && isMainFrame && isPageUrl(requestingUrl)),
      ),
  );
  webContents.session.setPermissionCheckHandler((_contents, permission) => copiesText(permission));
  // All windows share the session.
  webContents.session.off('will-download', onDownload).on('will-download', onDownload);
}

/** What the page made itself is saved where the user says; nothing comes down from anywhere else. */
function onDownload(event: Electron.Event, item: Electron.DownloadItem): void {
  const isMadeByPage = isPageUrl(item.getURL().replace(/^blob:/, ''));
  if (!isMadeByPage) event.preventDefault();
  // Chromium would show the address there.
  else item.setSaveDialogOptions({ title: item.getFilename() });
}

/** A page that crashed while it was out of sight is loaded again, as it is about to be seen. */
export function reviveCrashed({ webContents }: BrowserWindow): void {
  if (webContents.isCrashed()) webContents.reload();
}

/** A page that crashed is loaded again, but not for ever: after the second time it is up to the user. */
function reloadAfterCrash(
  window: BrowserWindow,
  {
    name,
    log,
    reportFailure,
  }: Pick<Parameters<typeof createPageWindow>[0], 'name' | 'log' | 'reportFailure'>,
): void {
  let reloadedAt = Number.NEGATIVE_INFINITY;
  const reload = (): void => {
    if (window.isDestroyed()) return;
    reloadedAt = performance.now();
    window.webContents.reload();
  };
  // The system brings a minimised window back without asking us.
  window.on('restore', () => reviveCrashed(window));
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const again = performance.now() - reloadedAt > 60_000;
    log(`the process of ${name} ended (${reason}); ${again ? 'loading it again' : 'giving up'}`);
    if (again) reload();
    // A user need not decide on what is out of sight: it is loaded again when it is shown.
    else if (window.isVisible())
      void reportFailure(
        t('host.page.stopped', { page: name === 'the mini page' ? 'mini' : 'full' }),
        t('host.page.ended', { reason }),
        {
          label: t('host.page.reload'),
          run: reload,
        },
      );
  });
}

/**
 * A page that does not answer mostly does again: a computer that was asleep, a debugger. Tray and
 * notifications do not depend on it, so it is logged, with how long it took, and left alone.
 */
function logSilence(window: BrowserWindow, name: string, log: (line: string) => void): void {
  let since: number | null = null;
  window.on('unresponsive', () => {
    since ??= performance.now();
    log(`${name} does not answer`);
  });
  window.on('responsive', () => {
    if (since !== null) log(`${name} answers again, after ${Math.round(performance.now() - since)} ms`);
    since = null;
  });
}
