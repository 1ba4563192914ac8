import { app, Menu, type MenuItemConstructorOptions } from 'electron';

/** The menu bar: what every app has. macOS needs it for copy and paste to work at all. */
export function setApplicationMenu(actions: { settings: () => void; miniMode: () => void }): void {
  const isMac = process.platform === 'darwin';
  const settings: MenuItemConstructorOptions = {
    label: 'Settings …',
    accelerator: 'CommandOrControl+,',
    click: actions.settings,
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
          { label: 'Mini mode', click: actions.miniMode },
          { type: 'separator' },
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          // Plus without Shift, on the keyboards where it needs one.
          { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
          { role: 'toggleDevTools' },
        ],
      },
      { role: 'windowMenu' },
    ]),
  );
}
