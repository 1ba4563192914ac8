import type { BrowserWindow } from 'electron';
import { type PageWindow, pageWindowOf, reviveCrashed } from './page-window.ts';
import { spareMemory } from './spare-memory.ts';

/**
 * How long a hidden window stays, ms: long enough for one that was closed by mistake to be back at once. Without its
 * page the app needs half of the memory and no processor time for what is out of sight.
 */
const letGoAfter = 5_000;
/** When a page that holds unsaved input is asked again to go, ms. */
const askAgainAfter = 60_000;

/** A window that exists only while it is seen, and a little longer. */
export interface WindowOnDemand {
  /** The window, as long as there is one. */
  readonly native: BrowserWindow | null;
  /** Shows the window; it is made, if need be, and then shows itself as soon as there is something to see. */
  show(): void;
  hide(): void;
  isVisible(): boolean;
  /** Hears when the window comes into sight, and when it leaves it. */
  onVisibility(listener: (visible: boolean) => void): void;
  /** Called by the window's `close`: true if the window may go now instead of only being hidden. */
  mayClose(): boolean;
  /** Lets go of the window for good, whatever its page says. */
  end(): void;
}

export interface WindowOnDemandOptions {
  /** Makes the window, out of sight. */
  make: () => BrowserWindow;
  /** The address of its page; it is asked for at every load. */
  address: () => string;
  /** Lets the page talk to the host. */
  connect: (window: PageWindow) => void;
  /** Brings the window before the user. */
  present: (window: BrowserWindow) => void;
  /** Takes the window out of sight. */
  hide?: (window: BrowserWindow) => void;
  /** The page could not be loaded. */
  onFailure: (cause: unknown) => void;
}

export function createWindowOnDemand(options: WindowOnDemandOptions): WindowOnDemand {
  const { present } = options;
  const listeners = new Set<(visible: boolean) => void>();
  let native: BrowserWindow | null = null;
  /** There is something to see. */
  let isPainted = false;
  /** The user wants to see it. */
  let isWanted = false;
  let isLeaving = false;
  let wasVisible = false;
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isVisible = (): boolean =>
    native !== null && !native.isDestroyed() && native.isVisible() && !native.isMinimized();

  function announce(visible: boolean): void {
    wasVisible = visible;
    for (const listener of listeners) listener(visible);
  }

  function open(): void {
    const window = options.make();
    native = window;
    isPainted = false;
    isLeaving = false;
    const paintedOnce = (): void => {
      if (isPainted || native !== window) return;
      isPainted = true;
      if (isWanted) present(window);
    };
    // Electron since 38 may never be ready to show a hidden window on Wayland (electron#48859).
    window.once('ready-to-show', paintedOnce);
    window.webContents.once('did-finish-load', paintedOnce);
    window.on('show', () => {
      clearTimeout(timer);
      announce(true);
    });
    window.on('restore', () => announce(true));
    window.on('minimize', () => announce(false));
    window.on('hide', () => {
      // macOS hides windows that its user minimises, or hides with the whole app: those are not ours to close.
      if (!isWanted) letGoLater(letGoAfter);
      announce(false);
    });
    // Nothing is lost without the user's word: a page with unsaved input stays, out of sight.
    window.webContents.on('will-prevent-unload', () => {
      isLeaving = false;
      if (isWanted) present(window);
      else letGoLater(askAgainAfter);
    });
    window.on('closed', () => {
      clearTimeout(timer);
      if (native !== window) return;
      native = null;
      if (wasVisible) announce(false);
      if (isLeaving && isWanted && !ended) {
        // It was wanted again while its page was asked whether it may go.
        open();
        return;
      }
      isWanted = false;
      if (!ended) rest(spareMemory);
    });
    options.connect(pageWindowOf(window));
    window.loadURL(options.address()).catch((cause: unknown) => {
      // A window that went while its page was loading is no failure.
      if (native === window && !window.isDestroyed()) options.onFailure(cause);
    });
  }

  function letGoLater(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!native || isWanted) return;
      isLeaving = true;
      native.close();
    }, ms);
    timer.unref();
  }

  /** Does something when the window has been gone for a moment. */
  function rest(run: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!native) run();
    }, 1_000);
    timer.unref();
  }

  return {
    get native() {
      return native;
    },
    show() {
      if (ended) return;
      isWanted = true;
      if (!native) {
        open();
        return;
      }
      clearTimeout(timer);
      if (isLeaving) return;
      reviveCrashed(native);
      if (!isPainted) return;
      const wasThere = isVisible();
      present(native);
      // What makes place for this window hears of every request for it.
      if (wasThere) announce(true);
    },
    hide() {
      isWanted = false;
      if (!native) return;
      if (options.hide) options.hide(native);
      else native.hide();
      // One that was never shown is hidden without a word.
      if (!isVisible()) letGoLater(letGoAfter);
    },
    isVisible,
    onVisibility: (listener) => listeners.add(listener),
    mayClose: () => isLeaving || ended,
    end() {
      ended = true;
      clearTimeout(timer);
      native?.destroy();
    },
  };
}
