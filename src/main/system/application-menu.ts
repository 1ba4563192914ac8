import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { actions } from '../../contract/actions/actions.ts';
import { t } from '../../language/t.ts';
import type { RunOnDesktop } from '../actions.ts';

/** The menu bar: what every app has, in the language spoken. macOS needs it for copy and paste to work at all. */
export function setApplicationMenu({
  run,
  toggleMiniMode,
}: {
  run: RunOnDesktop;
  /** In the menu of the small window itself it leads back. */
  toggleMiniMode: () => void;
}): void {
  const isMac = process.platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const settings: MenuItemConstructorOptions = {
    label: t('tray.settings'),
    accelerator: `CommandOrControl+${actions.settings.keys?.keys[0]?.key}`,
    click: () => run({ do: 'settings' }),
  };
  const quit: MenuItemConstructorOptions = { role: 'quit', label: actions.quit.label };
  const close: MenuItemConstructorOptions = { role: 'close', label: t('tray.menu.close') };
  const name = { app: app.getName() };
  const ownMenu: MenuItemConstructorOptions = {
    label: app.getName(),
    submenu: [
      { role: 'about', label: t('tray.menu.about', name) },
      separator,
      settings,
      separator,
      { role: 'services', label: t('tray.menu.services') },
      separator,
      { role: 'hide', label: t('tray.menu.hide', name) },
      { role: 'hideOthers', label: t('tray.menu.hide_others') },
      { role: 'unhide', label: t('tray.menu.unhide') },
      separator,
      quit,
    ],
  };
  const fileMenu: MenuItemConstructorOptions = {
    label: t('host.menu.file'),
    submenu: [settings, separator, close, quit],
  };
  const editMenu: MenuItemConstructorOptions = {
    role: 'editMenu',
    label: t('tray.menu.edit'),
    submenu: [
      { role: 'undo', label: t('tray.menu.undo') },
      { role: 'redo', label: t('tray.menu.redo') },
      separator,
      { role: 'cut', label: t('tray.menu.cut') },
      { role: 'copy', label: t('tray.menu.copy') },
      { role: 'paste', label: t('tray.menu.paste') },
      { role: 'delete', label: t('tray.menu.delete') },
      separator,
      { role: 'selectAll', label: t('tray.menu.select_all') },
    ],
  };
  const viewMenu: MenuItemConstructorOptions = {
    label: t('host.menu.view'),
    submenu: [
      { label: actions.mini_mode.label, click: toggleMiniMode },
      // The page has the key itself: here it would be carried out twice.
      {
        label: actions.wall_mode.label,
        accelerator: 'F11',
        registerAccelerator: false,
        click: () => run({ do: 'wall_mode' }),
      },
      separator,
      { role: 'resetZoom', label: t('tray.menu.reset_zoom') },
      { role: 'zoomIn', label: t('tray.menu.zoom_in') },
      // Plus without Shift, on the keyboards where it needs one.
      { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false },
      { role: 'zoomOut', label: t('tray.menu.zoom_out') },
      separator,
      // Elsewhere F11 is the key of the wall mode.
      {
        role: 'togglefullscreen',
        label: t('tray.menu.togglefullscreen'),
        ...(isMac ? {} : { accelerator: 'Shift+F11' }),
      },
      { role: 'toggleDevTools', label: t('tray.menu.toggle_dev_tools') },
    ],
  };
  const windowMenu: MenuItemConstructorOptions = {
    role: 'windowMenu',
    label: t('tray.menu.window'),
    submenu: [
      { role: 'minimize', label: t('tray.menu.minimize') },
      { role: 'zoom', label: t('tray.menu.zoom') },
      ...(isMac ? [separator, { role: 'front', label: t('tray.menu.front') } as const] : [close]),
    ],
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([isMac ? ownMenu : fileMenu, editMenu, viewMenu, windowMenu]),
  );
}
