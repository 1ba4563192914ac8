import type { BrowserWindow } from 'electron';
import { fitBounds } from '../host/window-bounds.ts';
import type { WindowStateFile } from '../host/window-state.ts';
import { keepWithinReach, workAreas } from './displays.ts';
import type { TellFailure } from './failures.ts';
import { createPageWindow, type PageWindow, pageWindowOf, reviveCrashed } from './page-window.ts';
import { pageUrl } from './schemes.ts';
import type { MonitorWindow } from './window.ts';

/** The strip is as high as its four lines, and as wide as its user wants it. */
const size = { width: 360, height: 104, minWidth: 320, maxWidth: 900 };

export interface MiniMode {
  /** Shows the strip instead of the main window, or the main window again. */
  set(on: boolean): void;
  toggle(): void;
}

/**
 * A small strip above all other windows, with the same page in it at `#mini`. It is made at its first use,
 * so that it costs nothing before, and then kept, so that it is there at once.
 */
export function createMiniMode(options: {
  preload: string;
  state: WindowStateFile;
  window: MonitorWindow;
  /** Lets the page in a window talk to the host. */
  connect: (window: PageWindow) => void;
  /** Whether the tray can bring the main window back. */
  hasTray: () => boolean;
  log: (line: string) => void;
  tellFailure: TellFailure;
}): MiniMode {
  const { state, window } = options;
  let strip: BrowserWindow | null = null;
  let bringWithinReach = (): void => {};

  function open(): void {
    if (strip) {
      reviveCrashed(strip);
      bringWithinReach();
      strip.show();
      window.hide();
      return;
    }
    const { mini } = state.current;
    const opened = createPageWindow({
      preload: options.preload,
      log: options.log,
      tellFailure: options.tellFailure,
      name: 'the mini page',
      window: {
        ...size,
        ...(mini ? fitBounds({ ...mini, height: size.height }, workAreas()) : {}),
        minHeight: size.height,
        maxHeight: size.height,
        title: 'Comfy Monitor (mini)',
        frame: false,
        alwaysOnTop: true,
        skipTaskbar: true,
        maximizable: false,
        minimizable: false,
        fullscreenable: false,
        // Its size is made for its text; the main window's zoom is not meant for it.
        webPreferences: { zoomMode: 'isolated' },
      },
    });
    strip = opened;
    bringWithinReach = keepWithinReach(opened);
    options.connect(pageWindowOf(opened));
    const remember = (): void => state.remember({ mini: opened.getBounds() });
    opened.on('resize', remember);
    opened.on('move', remember);
    opened.on('closed', () => {
      strip = null;
      if (!options.hasTray()) window.show();
    });
    opened.once('ready-to-show', () => {
      opened.show();
      window.hide();
    });
    opened.loadURL(`${pageUrl}#mini`).catch((cause: unknown) => {
      options.log(`mini mode could not be opened: ${String(cause)}`);
      opened.destroy();
      window.show();
    });
  }

  function set(on: boolean): void {
    if (on) {
      open();
    } else {
      strip?.hide();
      window.show();
    }
  }
  // The one or the other, whatever shows the main window.
  window.onVisibility((visible) => {
    if (visible) strip?.hide();
  });
  return { set, toggle: () => set(!strip?.isVisible()) };
}
