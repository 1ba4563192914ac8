import type { ActionRequest } from '../../contract/actions/action.ts';
import type { TrayIcon } from './icon/tray-icon.ts';
import type { TrayMenuItem } from './tray-menu.ts';

/** What the system shows of the tray. Given the same again, it does nothing. */
export interface TrayView {
  setIcon(icon: TrayIcon): void;
  /** `tooltip` for who hovers; `title` stands beside the icon where systems have that. */
  setWords(words: { tooltip: string; title: string }): void;
  /** The menu as it is now; what of it is shown when, is up to the view. */
  setMenu(items: readonly TrayMenuItem[]): void;
  /** True while the user may be reading the menu, as far as that is known. */
  isMenuOpen(): boolean;
  /** Where the icon is, px; all zero where the system does not tell, as on Linux. */
  bounds(): { x: number; y: number; width: number; height: number };
  /** Takes the icon away. */
  destroy(): void;
}

/** What the user does with the tray. */
export interface TrayHands {
  click(): void;
  run(command: ActionRequest): void;
  /** The user is about to read: everything is to be set as it is now. */
  refresh(): void;
}
