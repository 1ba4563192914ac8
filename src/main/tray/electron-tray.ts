import { Menu, type MenuItemConstructorOptions, type NativeImage, nativeTheme, screen, Tray } from 'electron';
import type { ActionRequest } from '../../contract/actions/action.ts';
import type { TrayIcon, TrayTheme } from './icon/tray-icon.ts';
import { trayImage } from './icon/tray-image.ts';
import { isMenuDue } from './menu-pace.ts';
import type { TrayMenuItem } from './tray-menu.ts';
import type { TrayHands, TrayView } from './tray-view.ts';

/** The tray as Electron shows it: on Windows and macOS, and on Linux where no panel takes ours. */
export function createElectronTray(
  first: { icon: TrayIcon; tooltip: string; title: string; menu: readonly TrayMenuItem[] },
  { click, run }: Pick<TrayHands, 'click' | 'run'>,
): TrayView {
  let shown = first;
  let isOpen = false;
  let menuSince = 0;
  const tray = new Tray(iconImage(first.icon));
  showWords();
  showMenu();
  // On macOS a click opens the menu already.
  if (process.platform !== 'darwin') tray.on('click', click);

  function showWords(): void {
    tray.setToolTip(shown.tooltip);
    if (process.platform === 'darwin') tray.setTitle(shown.title);
  }

  function showMenu(): void {
    const menu = Menu.buildFromTemplate(shown.menu.map((item) => menuItem(item, run)));
    menu.on('menu-will-show', () => {
      isOpen = true;
    });
    menu.on('menu-will-close', () => {
      isOpen = false;
    });
    tray.setContextMenu(menu);
    menuSince = performance.now();
  }

  const redraw = (): void => tray.setImage(iconImage(shown.icon));
  nativeTheme.on('updated', redraw);
  screen.on('display-metrics-changed', redraw);

  return {
    setIcon(icon) {
      if (JSON.stringify(icon) === JSON.stringify(shown.icon)) return;
      shown = { ...shown, icon };
      redraw();
    },
    setWords({ tooltip, title }) {
      if (tooltip === shown.tooltip && title === shown.title) return;
      shown = { ...shown, tooltip, title };
      showWords();
    },
    setMenu(menu) {
      const known = process.platform === 'linux' && !isOpen ? 'unknown' : isOpen;
      if (!isMenuDue(shown.menu, menu, { isOpen: known, age: performance.now() - menuSince })) return;
      shown = { ...shown, menu };
      showMenu();
    },
    isMenuOpen: () => isOpen,
    bounds: () => tray.getBounds(),
    destroy() {
      nativeTheme.off('updated', redraw);
      screen.off('display-metrics-changed', redraw);
      tray.destroy();
    },
  };
}

function menuItem(item: TrayMenuItem, run: (command: ActionRequest) => void): MenuItemConstructorOptions {
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
