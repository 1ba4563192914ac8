/** Tray icons as Linux desktops know them: StatusNotifierItem, and its menu, com.canonical.dbusmenu. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BusTarget, SessionBus } from './session-bus.ts';

const watcherName = 'org.kde.StatusNotifierWatcher';
const itemInterface = 'org.kde.StatusNotifierItem';

/** A tray icon as the desktop has it. */
export interface TrayItem {
  /** The process that shows it. */
  pid: number;
  tooltip(): Promise<string>;
  /** Differs when the picture does; null for no picture. */
  iconHash(): Promise<string | null>;
  menu(): Promise<TrayMenuEntry[]>;
  /** Presses the first entry whose label contains `label`, as a click in the opened menu does. */
  press(label: string): Promise<void>;
  /** A click on the icon. */
  activate(): Promise<void>;
  /** Counts the signals with which the item tells of a new picture; gives the count so far, and ends. */
  countNewIcons(): Promise<{ count(): number; stop(): void }>;
}

export interface TrayMenuEntry {
  id: number;
  label: string;
  enabled: boolean;
}

/** Which process draws tray icons; null where none does. */
export async function trayOwner(bus: SessionBus): Promise<{ name: string; pid: number } | null> {
  const name = await bus.ownerOf(watcherName);
  return name === null ? null : { name, pid: await bus.processOf(name) };
}

/** The tray icons of some processes. */
export async function trayItemsOf(bus: SessionBus, pids: ReadonlySet<number>): Promise<TrayItem[]> {
  const watcher = { destination: watcherName, path: '/StatusNotifierWatcher', interface: watcherName };
  const { RegisteredStatusNotifierItems: registered } = await bus.properties(watcher);
  const items: TrayItem[] = [];
  for (const entry of z.array(z.string()).parse(registered)) {
    const target = itemTarget(entry);
    // One that is just going has no process any more.
    const pid = await bus.processOf(target.destination).catch(() => -1);
    if (pids.has(pid)) items.push(trayItem(bus, target, pid));
  }
  return items;
}

/** Watchers name items `:1.23/path` or, at the usual path, by their name alone. */
export function itemTarget(entry: string): BusTarget {
  const slash = entry.indexOf('/');
  return {
    destination: slash < 0 ? entry : entry.slice(0, slash),
    path: slash < 0 ? '/StatusNotifierItem' : entry.slice(slash),
    interface: itemInterface,
  };
}

/** The service, icon name, pictures, title and text. */
const tooltipSchema = z.tuple([z.unknown(), z.unknown(), z.string(), z.string()]);

function trayItem(bus: SessionBus, target: BusTarget, pid: number): TrayItem {
  async function menuTarget(): Promise<BusTarget> {
    const { Menu: path } = await bus.properties(target);
    return {
      destination: target.destination,
      path: z.string().parse(path),
      interface: 'com.canonical.dbusmenu',
    };
  }
  const menu = async (): Promise<TrayMenuEntry[]> => {
    const [, layout] = await bus.call(await menuTarget(), 'GetLayout', 'iias', '0', '-1', '0');
    return menuEntries(layout);
  };
  return {
    pid,
    async tooltip() {
      const { ToolTip: tooltip } = await bus.properties(target);
      const [, , title, text] = tooltipSchema.parse(tooltip);
      return [title, text].filter((part) => part !== '').join('\n');
    },
    async iconHash() {
      const { IconPixmap: pictures } = await bus.properties(target);
      if (!Array.isArray(pictures) || pictures.length === 0) return null;
      return createHash('sha256').update(JSON.stringify(pictures)).digest('hex');
    },
    menu,
    async press(label) {
      const pressOnce = async (): Promise<void> => {
        const entry = (await menu()).find((candidate) => candidate.label.includes(label));
        if (!entry) throw new Error(`the tray's menu has no “${label}”`);
        await bus.call(await menuTarget(), 'Event', 'isvu', `${entry.id}`, 'clicked', 'i', '0', '0');
      };
      // The app may just have put another menu in its place, with other ids.
      await pressOnce().catch(pressOnce);
    },
    async activate() {
      await bus.call(target, 'Activate', 'ii', '0', '0');
    },
    async countNewIcons() {
      const sender = target.destination.startsWith(':')
        ? target.destination
        : await bus.ownerOf(target.destination);
      let heard = 0;
      const rule = `type='signal',interface='${itemInterface}',member='NewIcon'`;
      const stop = await bus.listen([rule], (message) => {
        if (message.sender === sender && message.path === target.path) heard += 1;
      });
      return { count: () => heard, stop };
    },
  };
}

type Layout = [id: number, properties: Record<string, unknown>, children: unknown[]];
const layoutSchema: z.ZodType<Layout> = z.tuple([
  z.number(),
  z.record(z.string(), z.unknown()),
  z.array(z.unknown()),
]);

/** All entries of a menu's layout that have a label, from top to bottom. */
export function menuEntries(layout: unknown): TrayMenuEntry[] {
  const [id, { label, enabled }, children] = layoutSchema.parse(layout);
  const own =
    typeof label === 'string' && label !== ''
      ? [{ id, label: plainLabel(label), enabled: enabled !== false }]
      : [];
  return [...own, ...children.flatMap(menuEntries)];
}

/** A single underscore marks the letter of a shortcut, two are one. */
function plainLabel(label: string): string {
  return label.replaceAll(/_(.?)/g, '$1');
}
