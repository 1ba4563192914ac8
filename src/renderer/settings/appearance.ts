import type { StoreApi } from 'zustand/vanilla';
import { appearanceSchema, type Preferences } from '../../contract/preferences.ts';
import type { PageState } from '../session/page-session.ts';
import { keepItem, keptItem } from '../ui/kept-item.ts';

/** Where the last choice is kept in the page. */
export const keptAppearance = 'comfy-monitor.appearance';

/**
 * Shows the page light or dark and dense as the user wants it. The last choice is kept here, too, so that
 * the page does not begin in the wrong one until its host has answered.
 */
export function followAppearance(
  page: StoreApi<PageState>,
  root: HTMLElement = document.documentElement,
): void {
  const kept = keptItem(keptAppearance, appearanceSchema);
  if (kept) apply(kept, root);
  let shown = kept;
  page.subscribe(({ link, preferences: { appearance } }) => {
    // Before that, these are not the user's preferences.
    if (link === 'starting' || appearance === shown) return;
    shown = appearance;
    apply(appearance, root);
    keepItem(keptAppearance, appearance);
  });
}

function apply({ theme, compact }: Preferences['appearance'], root: HTMLElement): void {
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  if (compact) root.dataset.density = 'compact';
  else delete root.dataset.density;
}
