import { z } from 'zod';
import type { ActionRequest } from '../../../contract/actions/action.ts';
import type { TrayMenuItem } from '../tray-menu.ts';
import { type BusCall, BusError, type SessionBus } from './bus.ts';
import { type BusInterface, type BusVariant, busObject } from './dbus-object.ts';
import { MenuWatch } from './menu-watch.ts';
import { type MenuRow, StableMenu } from './stable-menu.ts';

export interface DbusMenu {
  /** The items as they are now. */
  show(items: readonly TrayMenuItem[]): void;
  isOpen(): boolean;
  /** Another panel may read it from now on; nothing is known of that one's habits. */
  forgetPanel(): void;
  destroy(): void;
}

export const menuInterface = 'com.canonical.dbusmenu';
/** What holds the rows. */
const root = 0;
/** No desktop has more panels. */
const maxReaders = 20;
/** How often a panel that cannot be reached in time gets the signal that its copy of the menu has old rows, ms. */
const rowsRest = 3_000;
/** The same of old words, for a panel of which it is not known whether it asks, ms. */
const wordsRest = 10_000;

/**
 * What a panel does before it shows the menu: it asks whether to read it again and `hears` the answer (KDE, GNOME's
 * AppIndicator), or says that it is about to show it and is `deaf` for answers (libdbusmenu: Xfce, MATE, Cinnamon).
 */
type Habit = 'unknown' | 'hears' | 'deaf';

const ids = z.array(z.number()).max(1_000);
const names = z.array(z.string()).max(1_000);
const event = z.tuple([z.number(), z.string()]).rest(z.unknown());
const events = z.array(event).max(1_000);

/**
 * The tray's menu as a panel reads it over D-Bus (com.canonical.dbusmenu). A panel keeps what it has read, so:
 * - a panel that asks before it shows the menu, and hears the answer, is sent nothing while the menu is closed.
 * - one that is deaf for the answer gets the signal of other rows some seconds later, while the menu is closed. Told as it
 *   opens, GTK does not make the window larger any more, and puts arrows for scrolling into it (seen in Xfce 4.18).
 * - an open menu keeps its rows. New words are sent row by row, which panels take over in place.
 * - a click counts for what stood in the row with that id.
 */
export function createDbusMenu(options: {
  bus: Pick<SessionBus, 'serve' | 'emit'>;
  path: string;
  run: (command: ActionRequest) => void;
  /** Asks to `show` what is new, as the user is about to read it. */
  refresh: () => void;
  now?: () => number;
}): DbusMenu {
  const { bus, path, now = () => performance.now() } = options;
  const menu = new StableMenu();
  const watch = new MenuWatch();
  /** Counts layouts; a panel takes over only a higher one. */
  let revision = 1;
  /** Which layout each panel has read last. */
  const readers = new Map<string, number>();
  let habit: Habit = 'unknown';
  let opening = false;
  let announcedAt = Number.NEGATIVE_INFINITY;
  let announcing: NodeJS.Timeout | undefined;
  let announcesAt = 0;

  function emit(member: string, signature: string, values: unknown[]): void {
    bus.emit({ path, interface: menuInterface, member }, { signature, values });
  }

  function tellWords(rows: readonly MenuRow[]): void {
    if (rows.length === 0) return;
    const updated = rows.map((row) => [
      row.id,
      [
        ['label', labelOf(row)],
        ['enabled', ['b', row.isEnabled]],
      ],
    ]);
    emit('ItemsPropertiesUpdated', 'a(ia{sv})a(ias)', [updated, []]);
  }

  function noteReader(sender: string): void {
    readers.delete(sender);
    readers.set(sender, revision);
    const [oldest] = readers.keys();
    if (readers.size > maxReaders && oldest !== undefined) readers.delete(oldest);
  }

  function start(): void {
    bringUpToDate();
    settle();
  }

  function tellLayout(): void {
    emit('LayoutUpdated', 'ui', [revision, root]);
  }

  /** Makes the rows what they are to be, as the menu is closed; true if a panel has to read them again. */
  function settle(): boolean {
    const { layout, changed } = menu.settle();
    if (layout) revision += 1;
    else tellWords(changed);
    return layout;
  }

  /** What has to be signalled to a panel that does not ask in time, if anything. */
  function unannounced(): StableMenu['staleness'] {
    if (habit === 'hears' || watch.isOpen(now())) return null;
    const { staleness } = menu;
    return staleness === 'words' && habit === 'deaf' ? null : staleness;
  }

  function tellLater(): void {
    const what = unannounced();
    if (what === null) return;
    const at = announcedAt + (what === 'words' ? wordsRest : rowsRest);
    if (announcing !== undefined && at >= announcesAt) return;
    clearTimeout(announcing);
    announcesAt = at;
    announcing = setTimeout(announce, Math.max(0, at - now())).unref();
  }

  function announce(): void {
    announcing = undefined;
    // The menu may be open meanwhile, or as it was.
    if (unannounced() === null) return;
    announcedAt = now();
    if (settle()) tellLayout();
  }

  function bringUpToDate(): void {
    opening = true;
    try {
      options.refresh();
    } finally {
      opening = false;
    }
  }

  /** True if the panel is to read the menu again before it shows it. */
  function aboutToShow(id: number, { sender, wantsAnswer }: BusCall): boolean {
    if (id !== root) return false;
    habit = wantsAnswer ? 'hears' : 'deaf';
    watch.aboutToShow(now());
    bringUpToDate();
    if (wantsAnswer) settle();
    else tellWords(menu.freshen());
    const isOld = readers.get(sender) !== revision;
    if (isOld && !wantsAnswer) tellLayout();
    return isOld;
  }

  /** False if there never was such a row. */
  function happened([id, kind]: z.infer<typeof event>): boolean {
    if (id !== root && menu.commandOf(id) === undefined) return false;
    if (id === root && kind === 'opened') {
      watch.opened(now());
      bringUpToDate();
      tellWords(menu.freshen());
    }
    if (id === root && kind === 'closed') closed();
    if (id !== root && kind === 'clicked') {
      const command = menu.commandOf(id);
      closed();
      // Once the panel has its answer: quitting takes the connection away.
      if (command) setImmediate(() => options.run(command));
    }
    return true;
  }

  function closed(): void {
    watch.closed();
    tellLater();
  }

  function layoutOf(parent: number, depth: number, wanted: readonly string[]): unknown[] {
    if (parent !== root) {
      const row = rowWith(parent);
      return [row.id, propertiesOf(row, wanted), []];
    }
    const rows =
      depth === 0 ? [] : menu.rows.map((row) => ['(ia{sv}av)', [row.id, propertiesOf(row, wanted), []]]);
    return [root, rootProperties(wanted), rows];
  }

  function rowWith(id: number): MenuRow {
    const row = menu.rows.find((candidate) => candidate.id === id);
    if (!row) throw new BusError('InvalidArgs', `The menu has no item ${id}.`);
    return row;
  }

  const offered: BusInterface = {
    properties: {
      Version: () => ['u', 3],
      TextDirection: () => ['s', 'ltr'],
      Status: () => ['s', 'normal'],
      IconThemePath: () => ['as', []],
    },
    methods: {
      GetLayout: {
        takes: 'iias',
        gives: 'u(ia{sv}av)',
        answer(args, { sender }) {
          const [parent, depth, wanted] = check(z.tuple([z.number(), z.number(), names]), args);
          // As all panels know it: the one that reads it may be one of several.
          if (menu.rows.length === 0) start();
          noteReader(sender);
          return [revision, layoutOf(parent, depth, wanted)];
        },
      },
      GetGroupProperties: {
        takes: 'aias',
        gives: 'a(ia{sv})',
        answer(args) {
          const [asked, wanted] = check(z.tuple([ids, names]), args);
          const isAsked = (id: number): boolean => asked.length === 0 || asked.includes(id);
          // libdbusmenu asks about the root, too, and complains without an answer.
          const about = isAsked(root) ? [[root, rootProperties(wanted)]] : [];
          const rows = menu.rows.filter(({ id }) => isAsked(id));
          return [[...about, ...rows.map((row) => [row.id, propertiesOf(row, wanted)])]];
        },
      },
      GetProperty: {
        takes: 'is',
        gives: 'v',
        answer(args) {
          const [id, name] = check(z.tuple([z.number(), z.string()]), args);
          const [property] = id === root ? rootProperties([name]) : propertiesOf(rowWith(id), [name]);
          if (!property) throw new BusError('InvalidArgs', `Item ${id} has no property ${name}.`);
          return [property[1]];
        },
      },
      Event: {
        takes: 'isvu',
        gives: '',
        answer(args) {
          const reported = check(event, args);
          if (!happened(reported)) throw new BusError('InvalidArgs', `The menu has no item ${reported[0]}.`);
          return [];
        },
      },
      EventGroup: {
        takes: 'a(isvu)',
        gives: 'ai',
        answer(args) {
          const [group] = check(z.tuple([events]), args);
          return [group.filter((one) => !happened(one)).map(([id]) => id)];
        },
      },
      AboutToShow: {
        takes: 'i',
        gives: 'b',
        answer(args, call) {
          const [id] = check(z.tuple([z.number()]), args);
          return [aboutToShow(id, call)];
        },
      },
      AboutToShowGroup: {
        takes: 'ai',
        gives: 'aiai',
        answer(args, call) {
          const [asked] = check(z.tuple([ids]), args);
          const unknown = asked.filter((id) => id !== root && menu.commandOf(id) === undefined);
          return [asked.filter((id) => aboutToShow(id, call)), unknown];
        },
      },
    },
    signals: {
      ItemsPropertiesUpdated: 'a(ia{sv})a(ias)',
      LayoutUpdated: 'ui',
      ItemActivationRequested: 'iu',
    },
  };
  bus.serve(path, busObject(menuInterface, offered));

  return {
    show(items) {
      menu.offer(items);
      if (opening) return;
      if (watch.isOpen(now())) tellWords(menu.freshen());
      else tellLater();
    },
    isOpen: () => watch.isOpen(now()),
    forgetPanel() {
      habit = 'unknown';
      readers.clear();
      watch.closed();
      start();
    },
    destroy() {
      clearTimeout(announcing);
    },
  };
}

function check<Wanted>(schema: z.ZodType<Wanted>, args: readonly unknown[]): Wanted {
  const checked = schema.safeParse(args);
  if (!checked.success) throw new BusError('InvalidArgs', 'The arguments are not those of this method.');
  return checked.data;
}

function rootProperties(wanted: readonly string[]): [string, BusVariant][] {
  return pick({ 'children-display': ['s', 'submenu'] }, wanted);
}

/** What differs from what dbusmenu takes for granted, in the order of its specification. */
function propertiesOf(row: MenuRow, wanted: readonly string[]): [string, BusVariant][] {
  if (row.isSeparator) return pick({ type: ['s', 'separator'] }, wanted);
  return pick({ label: labelOf(row), ...(row.isEnabled ? {} : { enabled: ['b', false] }) }, wanted);
}

/** An underscore would be taken for the mark of a shortcut. */
function labelOf({ label }: MenuRow): BusVariant {
  return ['s', label.replaceAll('_', '__').replaceAll('\0', '')];
}

function pick(
  properties: Readonly<Record<string, BusVariant>>,
  wanted: readonly string[],
): [string, BusVariant][] {
  return Object.entries(properties).filter(([name]) => wanted.length === 0 || wanted.includes(name));
}
