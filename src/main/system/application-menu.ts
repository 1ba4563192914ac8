import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { actions } from '../../contract/actions/actions.ts';
import type { RunOnDesktop } from '../actions.ts';

/** The menu bar: what every app has. macOS needs it for copy and paste to work at all. */
export function setApplicationMenu({
  run,
  toggleMiniMode,
}: {
  run: RunOnDesktop;
  /** In the menu of the small window itself it leads back. */
  toggleMiniMode: () => void;
}): void {
  const isMac = process.platform === 'darwin';
  const settings: MenuItemConstructorOptions = {
    label: `${actions.settings.label} …`,
    accelerator: `CommandOrControl+${actions.settings.keys?.keys[0]?.key}`,
    click: () => run({ do: 'settings' }),
  };
  const ownMenu: MenuItemConstructorOptions = {
    label: app.getName(),
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
  const fileMenu: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [settings, { type: 'separator' }, { role: 'close' }, { role: 'quit' }],
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      isMac ? ownMenu : fileMenu,
      { role: 'editMenu' },
      {
        label: 'View',
        submenu: [
          { label: actions.mini_mode.label, click: toggleMiniMode },
          // The page has the key itself: here it would be carried out twice.
          {
            label: actions.wall_mode.label,
            accelerator: 'F11',
            registerAccelerator: false,
            click: () => run({ do: 'wall_mode' }),
          },
          { type: 'separator' },
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          // Plus without Shift, on the keyboards where it needs one.
          { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false },
          { role: 'zoomOut' },
          { type: 'separator' },
          // Elsewhere F11 is the key of the wall mode.
          { role: 'togglefullscreen', ...(isMac ? {} : { accelerator: 'Shift+F11' }) },
          { role: 'toggleDevTools' },
        ],
      },
      { role: 'windowMenu' },
    ]),
  );
}
