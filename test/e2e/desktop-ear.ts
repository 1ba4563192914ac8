/** What the desktop, not the app, knows of tray and notifications. */
import type { ElectronApplication } from 'playwright-core';
import { startApp } from '../../scripts/desktop-check/checked-app.ts';
import { findTrayItem } from '../../scripts/desktop-check/checks/tray.ts';
import { hearNotifications } from '../../scripts/desktop-check/desktop/heard-notifications.ts';
import { findSessionBus, type SessionBus } from '../../scripts/desktop-check/desktop/session-bus.ts';
import { trayOwner } from '../../scripts/desktop-check/desktop/status-notifier.ts';
import { findProgram } from '../../scripts/desktop-check/program.ts';

export interface DesktopEar {
  trayText(): Promise<string>;
  /** Titles and texts of all notifications so far, each in one line. */
  notifications(): string[];
  /** Clicks the tray icon. */
  clickTray(): Promise<unknown>;
  close(): unknown;
}

/** Why this desktop tells nothing of its tray; null if it does. */
export async function earObstacle(): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const found = findSessionBus();
  if ('reason' in found) return found.reason;
  return (await trayOwner(found.bus)) ? null : 'this desktop shows no tray icons';
}

/** Listens to the desktop about a running app that watches `server`. */
export async function openEar(root: string, app: ElectronApplication, server: string): Promise<DesktopEar> {
  const found = findSessionBus();
  return process.platform === 'linux' && 'bus' in found
    ? hearBus(found.bus, app)
    : askTwin(root, app, server);
}

/** On Linux, other programs see what the panel and the notification daemon are told. */
async function hearBus(bus: SessionBus, app: ElectronApplication): Promise<DesktopEar> {
  const item = await findTrayItem(bus, { pid: app.process().pid ?? -1 });
  const { heard, stop } = await hearNotifications(bus);
  return {
    trayText: () => item.tooltip(),
    notifications: () => heard.map(({ title, body }) => `${title}: ${body}`),
    clickTray: () => item.activate(),
    close: stop,
  };
}

/** Elsewhere a second app, in check mode and with the same server, tells what it gave to the system. */
async function askTwin(root: string, app: ElectronApplication, server: string): Promise<DesktopEar> {
  const found = findProgram(root, { app: null, appArgs: [] });
  if (!found.ok) throw new Error(found.reason);
  const twin = await startApp({ program: found.program, server, args: ['--hidden'] });
  await twin.hear(({ news }) => news === 'started', 'it was started');
  return {
    trayText: async () => (await twin.order('look', {})).tray.tooltip,
    notifications: () =>
      twin.heard.flatMap(({ news }) =>
        news.news === 'notification' && news.failure === null ? [`${news.title}: `] : [],
      ),
    // The click itself cannot be had; this is what the dock does on macOS.
    clickTray: () => app.evaluate((electron) => electron.app.emit('activate')),
    close: () => twin.kill(),
  };
}
