/** Electron's notation as it stands on the keys of the user's system; `joint` between them, except on macOS. */
export function shortcutText(accelerator: string, platform: string, joint = ' + '): string {
  const isMac = platform === 'darwin';
  const names = accelerator.split('+').map((part) => {
    switch (part.toLowerCase()) {
      case 'commandorcontrol':
      case 'cmdorctrl':
        return isMac ? '⌘' : 'Ctrl';
      case 'command':
      case 'cmd':
        return isMac ? '⌘' : 'Cmd';
      case 'control':
      case 'ctrl':
        return isMac ? '⌃' : 'Ctrl';
      case 'shift':
        return isMac ? '⇧' : 'Shift';
      case 'alt':
      case 'option':
        return isMac ? '⌥' : 'Alt';
      case 'super':
      case 'meta':
        return isMac ? '⌘' : platform === 'win32' ? 'Win' : 'Super';
      default:
        return part.length === 1 ? part.toUpperCase() : part;
    }
  });
  return names.join(isMac ? '' : joint);
}
