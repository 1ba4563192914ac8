import { BrowserWindow, nativeTheme, type WebFrameMain } from 'electron';
import { isPageUrl, pageUrl } from './schemes.ts';

export interface MonitorWindow {
  /** Loads the page; the window shows itself when there is something to see. */
  load(): Promise<void>;
  show(): void;
  /** Shows the window, or hides it if it is in front. */
  toggle(): void;
  isVisible(): boolean;
  onVisibility(listener: (visible: boolean) => void): void;
  send(channel: string, ...args: unknown[]): void;
  isTopFrame(frame: WebFrameMain | null): boolean;
  /** From now on closing closes; until then it only hides the window. */
  letClose(): void;
}

/** Creates the one window: sandboxed, showing our page and nothing else, living on in the tray. */
export function createMonitorWindow(options: {
  preload: string;
  /** Stays out of sight until it is asked for. */
  hidden: boolean;
  log: (line: string) => void;
}): MonitorWindow {
  const window = new BrowserWindow({
    width: 1100,
    height: 780,
    minWidth: 360,
    minHeight: 420,
    show: false,
    // Close to the page's own background, so that opening does not flash.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#15161a' : '#f6f6f8',
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  let closing = false;
  lockDown(window);
  if (!options.hidden) window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    if (closing) return;
    event.preventDefault();
    window.hide();
  });
  reloadAfterCrash(window, options.log);

  function show(): void {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  return {
    load: () => window.loadURL(pageUrl),
    show,
    toggle() {
      if (window.isVisible() && window.isFocused()) window.hide();
      else show();
    },
    isVisible: () => window.isVisible() && !window.isMinimized(),
    onVisibility(listener) {
      window.on('show', () => listener(true));
      window.on('restore', () => listener(true));
      window.on('hide', () => listener(false));
      window.on('minimize', () => listener(false));
    },
    send(channel, ...args) {
      if (!window.isDestroyed()) window.webContents.send(channel, ...args);
    },
    isTopFrame: (frame) => frame !== null && !window.isDestroyed() && frame === window.webContents.mainFrame,
    letClose() {
      closing = true;
    },
  };
}

/** The page stays where it is: no other address, no second window, no permissions. */
function lockDown(window: BrowserWindow): void {
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => {
    if (!isPageUrl(event.url)) event.preventDefault();
  });
  // Copying text is the one thing the page asks for.
  const allowed = new Set(['clipboard-sanitized-write']);
  webContents.session.setPermissionRequestHandler((_contents, permission, grant) =>
    grant(allowed.has(permission)),
  );
  webContents.session.setPermissionCheckHandler((_contents, permission) => allowed.has(permission));
}

/** A page that crashed is loaded again, but not for ever. */
function reloadAfterCrash(window: BrowserWindow, log: (line: string) => void): void {
  let reloadedAt = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    const again = Date.now() - reloadedAt > 60_000;
    log(`the page's process ended (${details.reason}); ${again ? 'loading it again' : 'giving up'}`);
    if (!again) return;
    reloadedAt = Date.now();
    window.webContents.reload();
  });
}
