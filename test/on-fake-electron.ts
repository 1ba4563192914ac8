/**
 * Loaded ahead of the built main process (`node --import`): gives it the stand-in for the module `electron`,
 * and lets the process that started it look and press through messages.
 */
import { registerHooks } from 'node:module';
import { app, BrowserWindow, Notification, Tray } from '../src/main/testing/fake-electron.ts';
import { type DesktopLook, orderSchema } from './fake-desktop.ts';

const fake = new URL('../src/main/testing/fake-electron.ts', import.meta.url).href;
registerHooks({
  resolve: (name, context, next) =>
    name === 'electron' ? { url: fake, shortCircuit: true } : next(name, context),
});

// Electron ends its process then, whatever still waits in it.
app.on('quit', (_event, code: number) => process.exit(code));

process.on('message', (message) => {
  const order = orderSchema.parse(message);
  if (order.do === 'press') Tray.all.at(-1)?.menu?.press(order.label);
  process.send?.({ id: order.id, look: look() });
});
// Only the app itself keeps its process alive.
process.channel?.unref();

function look(): DesktopLook {
  const tray = Tray.all.at(-1);
  return {
    toolTip: tray?.toolTip ?? '',
    menu: tray?.menu?.labels ?? [],
    notifications: Notification.shown.map(({ options }) => ({
      title: options.title ?? '',
      body: options.body ?? '',
    })),
    visibleWindows: BrowserWindow.all.filter((window) => window.isVisible()).length,
  };
}
