/** A line of the help: some keys, each of which will do, or two of a range. */
export interface ShortcutLine {
  keys: readonly string[];
  /** Between the keys, if they are not alternatives. */
  joint?: string;
  what: string;
}

export interface ShortcutGroup {
  title: string;
  lines: readonly ShortcutLine[];
}

export interface ShortcutWorld {
  isMac: boolean;
  isDesktop: boolean;
  canShowMini: boolean;
  /** The global shortcut that the user has chosen, in Electron's notation. */
  globalShortcut: string | null;
}

/** Everything that keys do, as the help shows it. */
export function shortcutList(world: ShortcutWorld): ShortcutGroup[] {
  const command = world.isMac ? '⌘' : 'Ctrl';
  const { globalShortcut } = world;
  return [
    {
      title: 'Everywhere',
      lines: [
        { keys: ['?'], what: 'Show this list' },
        { keys: [',', `${command} ,`], what: 'Settings' },
        { keys: ['S'], what: 'Servers' },
        ...(world.canShowMini ? [{ keys: ['M'], what: 'Mini mode, and back' }] : []),
        { keys: ['I'], what: 'Interrupt the running prompt, after a question' },
      ],
    },
    {
      title: 'Several servers',
      lines: [
        { keys: ['1', '9'], joint: 'to', what: 'Show this server' },
        { keys: ['[', ']'], joint: 'and', what: 'Previous and next server' },
      ],
    },
    {
      title: 'Outputs',
      lines: [
        { keys: ['←', '→', '↑', '↓'], joint: '', what: 'Move among the outputs' },
        { keys: ['Space'], what: 'View it here, and close it again' },
        { keys: ['Enter'], what: 'Open it' },
        { keys: ['Shift F10'], what: 'What can be done with it' },
      ],
    },
    {
      title: 'Viewer',
      lines: [
        { keys: ['←', '→'], joint: 'and', what: 'Previous and next output' },
        { keys: ['Home', 'End'], joint: 'and', what: 'First and last output' },
        { keys: ['+', '−'], joint: 'and', what: 'Enlarge and reduce the picture' },
        { keys: ['0'], what: 'Fit the picture to the window' },
        { keys: ['1'], what: 'Picture in its own size' },
        { keys: ['↑', '↓'], joint: 'and', what: 'Scroll a text' },
        { keys: ['I'], what: 'Show and hide the details' },
        { keys: ['Esc'], what: 'Close the viewer' },
      ],
    },
    {
      title: 'Window',
      lines: [
        { keys: ['Esc'], what: 'Close a dialog' },
        { keys: [`${command} +`, `${command} −`], joint: 'and', what: 'Larger and smaller' },
        { keys: [`${command} 0`], what: 'Original size' },
        ...(world.isDesktop && globalShortcut !== null
          ? [{ keys: [acceleratorText(globalShortcut, world.isMac)], what: 'Show and hide, from anywhere' }]
          : []),
      ],
    },
  ];
}

/** Electron's notation as people write it: `CommandOrControl+Shift+M` is `Ctrl+Shift+M`, or `⌘⇧M`. */
export function acceleratorText(accelerator: string, isMac: boolean): string {
  const names = accelerator.split('+').map((part) => {
    const name = part.toLowerCase();
    if (['commandorcontrol', 'cmdorctrl'].includes(name)) return isMac ? '⌘' : 'Ctrl';
    if (name === 'command' || name === 'cmd') return isMac ? '⌘' : 'Cmd';
    if (name === 'control' || name === 'ctrl') return isMac ? '⌃' : 'Ctrl';
    if (name === 'shift') return isMac ? '⇧' : 'Shift';
    if (name === 'alt' || name === 'option') return isMac ? '⌥' : 'Alt';
    if (name === 'super' || name === 'meta') return isMac ? '⌘' : 'Super';
    return part.length === 1 ? part.toUpperCase() : part;
  });
  return names.join(isMac ? '' : '+');
}
