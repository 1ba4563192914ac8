import type { BrowserWindow } from 'electron';
import { causeText } from '../../domain/text/cause-text.ts';
import type { ReportFailure } from '../lifecycle/failures.ts';
import { keepWithinReach, workAreas } from './displays.ts';
import { createPageWindow, type PageWindow } from './page-window.ts';
import { pageUrl } from './schemes.ts';
import type { MonitorWindow } from './window.ts';
import { fitBounds } from './window-bounds.ts';
import { createWindowOnDemand } from './window-on-demand.ts';
import type { WindowStateFile } from './window-state.ts';

/** At first a strip of four lines; its letters grow with it, and a tall one shows more. */
const size = { width: 360, height: 104, minWidth: 260, minHeight: 60, maxWidth: 1_600, maxHeight: 900 };

export interface MiniMode {
  /** Shows the strip instead of the main window, or the main window again. */
  set(on: boolean): void;
  toggle(): void;
  /** Closes the strip for good. */
  end(): void;
}

/**
 * A small strip above all other windows, with the same page in it at `#mini`. Like the main window it exists only
 * while it is seen.
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
  reportFailure: ReportFailure;
}): MiniMode {
  const { state, window } = options;
  let bringWithinReach = (): void => {};
  const strip = createWindowOnDemand({
    make,
    address: () => `${pageUrl}#mini`,
    connect: options.connect,
    present(shown) {
      bringWithinReach();
      shown.show();
    },
    onFailure(cause) {
      options.log(`mini mode could not be opened: ${causeText(cause)}`);
      strip.native?.destroy();
      window.show();
    },
  });

  function make(): BrowserWindow {
    const { mini } = state.current;
    const made = createPageWindow({
      preload: options.preload,
      log: options.log,
      reportFailure: options.reportFailure,
      name: 'the mini page',
      window: {
        ...size,
        ...(mini ? fitBounds(mini, workAreas()) : {}),
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
    bringWithinReach = keepWithinReach(made);
    const remember = (): void => state.remember({ mini: made.getBounds() });
    made.on('resize', remember);
    made.on('move', remember);
    made.on('close', () => {
      // Closed by its user, it leads back to where there is no tray to do so.
      if (!strip.mayClose() && !options.hasTray()) window.show();
    });
    return made;
  }

  function set(on: boolean): void {
    if (on) strip.show();
    else window.show();
    // The other one goes when this one is there, which may take a moment.
    if (on && strip.isVisible()) window.hide();
    if (!on && window.isVisible()) strip.hide();
  }
  // The one or the other, whatever shows it.
  strip.onVisibility((visible) => {
    if (visible) window.hide();
  });
  window.onVisibility((visible) => {
    if (visible) strip.hide();
  });
  return { set, toggle: () => set(!strip.isVisible()), end: strip.end };
}
