import type { TrayMenuItem } from './tray-menu.ts';

/** How long a menu stays whose items still do the same, ms. */
const restsFor = 10_000;

/**
 * Whether a menu is to be replaced by `next`. Replaced under the pointer, it closes or flickers on some
 * desktops. Linux does not tell when a tray's menu is open (seen with Electron 12 and not said to be
 * different since: electron/electron#28837). So where that is unknown, percentages and times alone do
 * not replace a menu before it is old.
 */
export function isMenuDue(
  shown: readonly TrayMenuItem[],
  next: readonly TrayMenuItem[],
  { isOpen, age }: { isOpen: boolean | 'unknown'; age: number },
): boolean {
  if (isOpen === true || JSON.stringify(shown) === JSON.stringify(next)) return false;
  return isOpen === false || age >= restsFor || commandsOf(shown) !== commandsOf(next);
}

function commandsOf(menu: readonly TrayMenuItem[]): string {
  return JSON.stringify(menu.map((item) => (item.kind === 'item' ? item.command : '-')));
}
