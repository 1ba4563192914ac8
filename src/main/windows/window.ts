import { app, type BrowserWindow } from 'electron';
import { t } from '../../language/t.ts';
import type { ReportFailure } from '../lifecycle/failures.ts';
import { keepWithinReach, workAreas } from './displays.ts';
import { createPageWindow, type PageWindow } from './page-window.ts';
import { isPageUrl, pageUrl } from './schemes.ts';
import { showInTaskbar } from './taskbar.ts';
import type { TaskbarModel } from './taskbar-model.ts';
import { fitBounds } from './window-bounds.ts';
import { createWindowOnDemand } from './window-on-demand.ts';
import type { WindowStateFile } from './window-state.ts';

/** The main window, whether it is there at the moment or not. */
export interface MonitorWindow {
  show(): void;
  hide(): void;
  /** Shows the window, or hides it if it is in front. */
  toggle(): void;
  /** The same for a click on the tray, which itself takes the focus from the window. */
  toggleByClick(): void;
  isVisible(): boolean;
  isFocused(): boolean;
  /** Hears when the window comes into sight, and when it leaves it. */
  onVisibility(listener: (visible: boolean) => void): void;
  setAlwaysOnTop(on: boolean): void;
  /** Takes the whole screen, as long as there is a window. */
  setFullScreen(on: boolean): void;
  /** Shows progress and queue on the app's button; `before` is what it shows already, if anything. */
  showInTaskbar(model: TaskbarModel, before: TaskbarModel | null): void;
  /** Closes the window for good. */
  end(): void;
}

/**
 * Pressing the mouse on the tray moves the focus to the taskbar on Windows, and the press is also the click
 * (WM_LBUTTONDOWN in Electron 45's notify_icon_host.cc): the window hears of either first. On other desktops
 * the click comes when the button is released. A window that lost the focus no longer ago than that takes was
 * in front when its user reached for the tray, ms.
 */
const clickTakes = 300;

/**
 * The main window, where it was in the last run. Closing it only takes it out of sight: the app is in the tray. The
 * server that its page shows is in its address, so that it shows the same one when it comes back.
 */
export function createMonitorWindow(options: {
  preload: string;
  state: WindowStateFile;
  /** Lets a page talk to the host. */
  connect: (window: PageWindow) => void;
  /** Closing quits the app where no tray would bring a hidden window back. */
  closing: () => 'hides' | 'quits';
  log: (line: string) => void;
  reportFailure: ReportFailure;
}): MonitorWindow {
  const { state, log, reportFailure } = options;
  let address = pageUrl;
  let isOnTop = false;
  let leftAt = Number.NEGATIVE_INFINITY;
  let bringWithinReach = (): void => {};
  let maximizing = false;
  const shown = createWindowOnDemand({
    make,
    address: () => address,
    connect: options.connect,
    present,
    hide,
    onFailure(cause) {
      shown.native?.destroy();
      void reportFailure(t('host.page.not_loaded'), cause, {
        label: t('host.page.try_again'),
        run: shown.show,
      });
    },
  });

  function make(): BrowserWindow {
    const { bounds, maximized } = state.current;
    const window = createPageWindow({
      preload: options.preload,
      log,
      reportFailure,
      name: 'the page',
      window: {
        ...(bounds ? fitBounds(bounds, workAreas()) : { width: 1100, height: 780 }),
        minWidth: 360,
        minHeight: 420,
        autoHideMenuBar: true,
        alwaysOnTop: isOnTop,
      },
    });
    bringWithinReach = keepWithinReach(window);
    maximizing = maximized;
    rememberState(window, state);
    window.on('blur', () => {
      leftAt = performance.now();
    });
    window.webContents.on('did-navigate-in-page', (_event, url, isMainFrame) => {
      if (isMainFrame && isPageUrl(url)) address = url;
    });
    window.on('close', (event) => {
      if (shown.mayClose()) return;
      event.preventDefault();
      if (options.closing() === 'quits') app.quit();
      else shown.hide();
    });
    return window;
  }

  function present(window: BrowserWindow): void {
    leaveNoFullScreen(window);
    // Not earlier: maximising shows a window.
    if (maximizing) window.maximize();
    maximizing = false;
    if (window.isMinimized()) window.restore();
    bringWithinReach();
    window.show();
    window.focus();
  }

  function toggle(inFront: boolean): void {
    if (shown.isVisible() && inFront) shown.hide();
    else shown.show();
  }

  const isFocused = (): boolean => shown.native?.isFocused() ?? false;

  return {
    show: shown.show,
    hide: shown.hide,
    toggle: () => toggle(isFocused()),
    toggleByClick: () => toggle(isFocused() || performance.now() - leftAt < clickTakes),
    isFocused,
    isVisible: shown.isVisible,
    onVisibility: shown.onVisibility,
    setAlwaysOnTop(on) {
      isOnTop = on;
      shown.native?.setAlwaysOnTop(on);
    },
    setFullScreen: (on) => shown.native?.setFullScreen(on),
    showInTaskbar: (model, before) => showInTaskbar(shown.native, model, before),
    end: shown.end,
  };
}

/** Those that wait for the end of full screen to be hidden. */
const leaving = new WeakMap<BrowserWindow, () => void>();

function hide(window: BrowserWindow): void {
  leaveNoFullScreen(window);
  if (process.platform !== 'darwin' || !window.isFullScreen()) {
    window.hide();
    return;
  }
  // Hidden in full screen, a window of macOS leaves its space behind, black and empty.
  const hideNow = (): void => window.hide();
  leaving.set(window, hideNow);
  window.once('leave-full-screen', hideNow);
  window.setFullScreen(false);
}

function leaveNoFullScreen(window: BrowserWindow): void {
  const waiting = leaving.get(window);
  if (waiting) window.off('leave-full-screen', waiting);
  leaving.delete(window);
}

function rememberState(window: BrowserWindow, state: WindowStateFile): void {
  const remember = (): void => {
    if (window.isDestroyed() || window.isMinimized()) return;
    state.remember({
      bounds: window.getNormalBounds(),
      zoomLevel: window.webContents.getZoomLevel(),
    });
  };
  window.on('resize', remember);
  window.on('move', remember);
  // Known from events: a window that waits in the tray to be maximised when it is shown is not yet.
  window.on('maximize', () => state.remember({ maximized: true }));
  window.on('unmaximize', () => state.remember({ maximized: false }));
  // The zoom changes through the menu, without an event; it is looked at when the window is left.
  window.on('blur', remember);
  window.on('close', remember);
  window.webContents.on('did-finish-load', () => window.webContents.setZoomLevel(state.current.zoomLevel));
}
