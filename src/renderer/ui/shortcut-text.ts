/** An accelerator as it stands on the keys of the user's system. */
export function shortcutText(accelerator: string, platform: string): string {
  const isMac = platform === 'darwin';
  return accelerator
    .split('+')
    .map((part) => {
      if (part === 'CommandOrControl' || part === 'CmdOrCtrl') return isMac ? '⌘' : 'Ctrl';
      if (part === 'Control') return isMac ? '⌃' : 'Ctrl';
      if (part === 'Alt') return isMac ? '⌥' : 'Alt';
      if (part === 'Shift') return isMac ? '⇧' : 'Shift';
      if (part === 'Super' || part === 'Meta') return isMac ? '⌘' : platform === 'win32' ? 'Win' : 'Super';
      return part;
    })
    .join(isMac ? '' : ' + ');
}
