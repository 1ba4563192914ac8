import { app, type BrowserWindow } from 'electron';
import { fitBounds } from '../host/window-bounds.ts';
import type { WindowStateFile } from '../host/window-state.ts';
import type { TaskbarModel } from '../shared/tray/taskbar-model.ts';
import { keepWithinReach, workAreas } from './displays.ts';
import type { TellFailure } from './failures.ts';
import { createPageWindow, type PageWindow, pageWindowOf, reviveCrashed } from './page-window.ts';
import { pageUrl } from './schemes.ts';
import { showInTaskbar } from './taskbar.ts';

export interface MonitorWindow extends PageWindow {
  /** Loads the page; the window shows itself when there is something to see. */
  load(): Promise<void>;
  show(): void;
  hide(): void;
  /** Shows the window, or hides it if it is in front. */
  toggle(): void;
  /** The same for a click on the tray, which itself takes the focus from the window. */
  toggleByClick(): void;
  isVisible(): boolean;
  isFocused(): boolean;
  setAlwaysOnTop(on: boolean): void;
  /** Shows progress and queue on the window's button; `before` is what it shows already, if anything. */
  showInTaskbar(model: TaskbarModel, before: TaskbarModel | null): void;
  /** From now on closing closes; until then it only hides the window. */
  letClose(): void;
}

/**
 * Pressing the mouse on the tray moves the focus to the taskbar on Windows, and the press is also the click
 * (WM_LBUTTONDOWN in Electron 45's notify_icon_host.cc): the window hears of either first. On other desktops
 * the click comes when the button is released. A window that lost the focus no longer ago than that takes was
 * in front when its user reached for the tray, ms.
 */
const clickTakes = 300;

/** Creates the main window, where it was in the last run. Closing it only hides it: the app is in the tray. */
export function createMonitorWindow(options: {
  preload: string;
  /** Stays out of sight until it is asked for. */
  hidden: boolean;
  state: WindowStateFile;
  /** Closing quits the app where no tray would bring a hidden window back. */
  closing: () => 'hides' | 'quits';
  log: (line: string) => void;
  tellFailure: TellFailure;
}): MonitorWindow {
  const { state } = options;
  const { bounds, maximized } = state.current;
  const window = createPageWindow({
    preload: options.preload,
    log: options.log,
    tellFailure: options.tellFailure,
    name: 'the page',
    window: {
      ...(bounds ? fitBounds(bounds, workAreas()) : { width: 1100, height: 780 }),
      minWidth: 360,
      minHeight: 420,
      autoHideMenuBar: true,
    },
  });
  const bringWithinReach = keepWithinReach(window);
  let closing = false;
  let maximizing = maximized;
  rememberState(window, state);
  let leftAt = Number.NEGATIVE_INFINITY;
  window.on('blur', () => {
    leftAt = Date.now();
  });
  if (!options.hidden) window.once('ready-to-show', show);
  window.on('close', (event) => {
    if (closing) return;
    event.preventDefault();
    if (options.closing() === 'quits') app.quit();
    else hide();
  });

  const hideNow = (): void => window.hide();

  function hide(): void {
    window.off('leave-full-screen', hideNow);
    if (process.platform !== 'darwin' || !window.isFullScreen()) {
      hideNow();
      return;
    }
    // Hidden in full screen, a window of macOS leaves its space behind, black and empty.
    window.once('leave-full-screen', hideNow);
    window.setFullScreen(false);
  }

  function show(): void {
    if (window.isDestroyed()) return;
    window.off('leave-full-screen', hideNow);
    reviveCrashed(window);
    // Not earlier: maximising shows a window.
    if (maximizing) window.maximize();
    maximizing = false;
    if (window.isMinimized()) window.restore();
    bringWithinReach();
    window.show();
    window.focus();
  }

  function toggle(inFront: boolean): void {
    if (isVisible() && inFront) hide();
    else show();
  }

  const isVisible = (): boolean => !window.isDestroyed() && window.isVisible() && !window.isMinimized();
  const isFocused = (): boolean => !window.isDestroyed() && window.isFocused();

  return {
    ...pageWindowOf(window),
    load: () => window.loadURL(pageUrl),
    show,
    hide,
    toggle: () => toggle(isFocused()),
    toggleByClick: () => toggle(isFocused() || Date.now() - leftAt < clickTakes),
    isFocused,
    isVisible,
    setAlwaysOnTop: (on) => window.setAlwaysOnTop(on),
    showInTaskbar: (model, before) => showInTaskbar(window, model, before),
    letClose() {
      closing = true;
    },
  };
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
  // Told by events: a window that waits in the tray to be maximised when it is shown is not yet.
  window.on('maximize', () => state.remember({ maximized: true }));
  window.on('unmaximize', () => state.remember({ maximized: false }));
  // The zoom changes through the menu, without an event; it is looked at when the window is left.
  window.on('blur', remember);
  window.on('close', remember);
  window.webContents.on('did-finish-load', () => window.webContents.setZoomLevel(state.current.zoomLevel));
}
