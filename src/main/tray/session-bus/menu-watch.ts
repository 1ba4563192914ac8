/** For how long a menu counts as open of which a panel said no more than that it is about to show it, ms. */
const aboutToShow = 30_000;
/** The same where the panel said that it is open: a panel that says that says when it closes, too, ms. */
const opened = 600_000;

/**
 * Whether the menu is open, from what panels say: GNOME's AppIndicator extension and KDE that it was opened and
 * closed, libdbusmenu (Xfce 4.18) nothing but that it is about to be shown. So a menu that is never closed counts
 * as closed after a while.
 */
export class MenuWatch {
  #until = Number.NEGATIVE_INFINITY;

  /** True if the user may be reading the menu at `now`, ms. */
  isOpen(now: number): boolean {
    return now < this.#until;
  }

  aboutToShow(now: number): void {
    this.#until = Math.max(this.#until, now + aboutToShow);
  }

  opened(now: number): void {
    this.#until = now + opened;
  }

  /** Also for a click, which closes the menu. */
  closed(): void {
    this.#until = Number.NEGATIVE_INFINITY;
  }
}
