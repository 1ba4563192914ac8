import {
  app,
  Menu,
  type MenuItemConstructorOptions,
  type NativeImage,
  nativeTheme,
  type Rectangle,
  screen,
  Tray,
} from 'electron';
import type { MonitorHost } from '../host/monitor-host.ts';
import { isMenuDue } from '../shared/tray/menu-pace.ts';
import { type TaskbarModel, taskbarModel } from '../shared/tray/taskbar-model.ts';
import type { TrayIcon, TrayTheme } from '../shared/tray/tray-icon.ts';
import { type TrayCommand, type TrayMenuItem, type TrayModel, trayModel } from '../shared/tray/tray-model.ts';
import { trayImage } from './tray-image.ts';
import type { MonitorWindow } from './window.ts';

/** The tray changes at most twice a second, ms. */
const pace = 500;

export interface MonitorTray {
  /** What the system was last told to show. Linux does not tell where that is. */
  look(): { tooltip: string; menu: string[]; bounds: Rectangle };
  destroy(): void;
}

/** Shows the state in tray and taskbar, and runs what the tray's menu is asked for. */
export function startTray(options: {
  host: MonitorHost;
  window: MonitorWindow;
  /** A version that waits for a restart. */
  update: () => string | null;
  run: (command: TrayCommand) => void;
}): MonitorTray {
  const { host, window } = options;
  // What happened before the app was started is no news.
  let lookedAt = Date.now();
  const current = (): TrayModel => {
    // A window that others cover is visible, too.
    if (window.isFocused()) lookedAt = Date.now();
    return trayModel(host.store.getState(), {
      appName: app.getName(),
      now: Date.now(),
      lookedAt,
      update: options.update(),
      notifications: { pausedUntil: host.notificationsPausedUntil() },
    });
  };

  let destroyed = false;
  let menuIsOpen = false;
  let menuSince = 0;
  let shown = current();
  const tray = new Tray(iconImage(shown.icon));
  showWords(shown);
  showMenu(shown);
  // On macOS a click opens the menu already.
  if (process.platform !== 'darwin') tray.on('click', () => window.toggleByClick());

  let inTaskbar: TaskbarModel | null = null;

  function refresh(): void {
    // Windows live a little longer than the tray when the app ends.
    if (destroyed) return;
    const next = current();
    refreshTaskbar();
    if (differs(next.icon, shown.icon)) tray.setImage(iconImage(next.icon));
    if (next.tooltip !== shown.tooltip || next.title !== shown.title) showWords(next);
    const isOpen = process.platform === 'linux' && !menuIsOpen ? 'unknown' : menuIsOpen;
    const isDue = isMenuDue(shown.menu, next.menu, { isOpen, age: Date.now() - menuSince });
    if (isDue) showMenu(next);
    shown = { ...next, menu: isDue ? next.menu : shown.menu };
  }

  function refreshTaskbar(): void {
    const next = taskbarModel(host.store.getState(), lookedAt);
    if (inTaskbar !== null && !differs(next, inTaskbar)) return;
    window.showInTaskbar(next, inTaskbar);
    inTaskbar = next;
  }

  function showWords(model: TrayModel): void {
    tray.setToolTip(model.tooltip);
    if (process.platform === 'darwin') tray.setTitle(model.title);
  }

  function showMenu(model: TrayModel): void {
    const menu = Menu.buildFromTemplate(model.menu.map((item) => menuItem(item, options.run)));
    menu.on('menu-will-show', () => {
      menuIsOpen = true;
    });
    menu.on('menu-will-close', () => {
      menuIsOpen = false;
    });
    tray.setContextMenu(menu);
    menuSince = Date.now();
  }

  // Percentages and times move on without events too.
  const clock = setInterval(refresh, pace);
  const redraw = (): void => {
    if (destroyed) return;
    tray.setImage(iconImage(shown.icon));
    inTaskbar = null;
    refreshTaskbar();
  };
  nativeTheme.on('updated', redraw);
  screen.on('display-metrics-changed', redraw);
  window.onVisibility(() => {
    // The button of a hidden window is gone from Windows' taskbar; the next one knows of nothing.
    inTaskbar = null;
    refresh();
  });
  return {
    look: () => ({
      tooltip: shown.tooltip,
      menu: shown.menu.flatMap((item) => (item.kind === 'item' ? [item.label] : [])),
      bounds: tray.getBounds(),
    }),
    destroy() {
      destroyed = true;
      clearInterval(clock);
      tray.destroy();
    },
  };
}

function menuItem(item: TrayMenuItem, run: (command: TrayCommand) => void): MenuItemConstructorOptions {
  if (item.kind === 'separator') return { type: 'separator' };
  const { label, command } = item;
  // An ampersand would be taken for the mark of a shortcut.
  const text = label.replaceAll('&', '&&');
  return command ? { label: text, click: () => run(command) } : { label: text, enabled: false };
}

function iconImage(icon: TrayIcon): NativeImage {
  return trayImage(icon, trayTheme());
}

function trayTheme(): TrayTheme {
  if (process.platform === 'darwin') return 'template';
  // On Linux the panel's colour is unknown: dark in GNOME whatever the theme, elsewhere not.
  if (process.platform !== 'win32') return 'tile';
  return nativeTheme.shouldUseDarkColorsForSystemIntegratedUI ? 'dark' : 'light';
}

function differs(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
