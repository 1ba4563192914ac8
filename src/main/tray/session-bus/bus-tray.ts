import { trayPixmaps } from '../icon/pixmap.ts';
import type { TrayIcon } from '../icon/tray-icon.ts';
import type { TrayHands, TrayView } from '../tray-view.ts';
import type { SessionBus } from './bus.ts';
import { createDbusMenu } from './dbus-menu.ts';
import { createStatusNotifierItem, itemInterface, itemPath } from './status-notifier-item.ts';

/** What takes tray icons on Linux desktops and has panels draw them. */
export const watcherName = 'org.kde.StatusNotifierWatcher';

export interface BusTray extends Omit<TrayView, 'bounds'> {
  /** Asks the watcher to have the icon drawn; rejects if that is not taken. Again for every new watcher. */
  register(): Promise<void>;
}

const daemon = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const;
const doNotQueue = 4;
/** What the bus answers to who asks for a name that it gets. */
const ours = { new: 1, already: 4 } as const;

const menuPath = '/com/canonical/dbusmenu';

/**
 * A tray icon of our own on the session bus. Electron's replaces the whole menu, with other ids, for every
 * new word in it and even for every new tooltip (Chromium's components/dbus/menu, Electron 22 to 45): the
 * panel then builds an open menu anew under the pointer, and clicks are lost.
 */
export function createBusTray(options: {
  bus: SessionBus;
  id: string;
  title: string;
  hands: TrayHands;
}): BusTray {
  const { bus, hands } = options;
  let icon: TrayIcon = { status: 'disconnected', attention: false, fraction: null, badge: 0 };
  let tooltip = options.title;
  const menu = createDbusMenu({ bus, path: menuPath, run: hands.run, refresh: hands.refresh });
  const item = createStatusNotifierItem({
    bus,
    id: options.id,
    title: options.title,
    menuPath,
    icon: () => trayPixmaps(icon),
    toolTip: () => tooltip,
    onActivate: hands.click,
    onOtherClick: hands.click,
  });
  return {
    async register() {
      menu.forgetPanel();
      const name = `${itemInterface}-${process.pid}-1`;
      const [owner] = await bus
        .call({ ...daemon, member: 'RequestName' }, { signature: 'su', values: [name, doNotQueue] })
        // A sandbox may refuse names; most panels do without one.
        .catch(() => []);
      const service = owner === ours.new || owner === ours.already ? name : itemPath;
      await bus.call(
        {
          destination: watcherName,
          path: '/StatusNotifierWatcher',
          interface: watcherName,
          member: 'RegisterStatusNotifierItem',
        },
        { signature: 's', values: [service] },
      );
    },
    setIcon(next) {
      if (JSON.stringify(next) === JSON.stringify(icon)) return;
      icon = next;
      item.iconChanged();
    },
    setWords(words) {
      if (words.tooltip === tooltip) return;
      tooltip = words.tooltip;
      item.toolTipChanged();
    },
    setMenu: (items) => menu.show(items),
    isMenuOpen: () => menu.isOpen(),
    destroy() {
      menu.destroy();
      bus.close();
    },
  };
}
