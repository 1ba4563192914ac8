import type { StoreApi } from 'zustand/vanilla';
import { appearanceSchema } from '../../contract/preferences.ts';
import { nearestLanguage } from '../../language/languages.ts';
import { speak } from '../../language/load-language.ts';
import { currentLanguage, onLanguage } from '../../language/t.ts';
import type { PageState } from '../session/page-session.ts';
import { keptItem } from '../ui/kept-item.ts';
import { keptAppearance } from './appearance.ts';

/**
 * Speaks the language that the user chose, else that of the browser. What was kept of the last time holds until
 * the host has answered; the page is best drawn once the result says that its texts are there.
 */
export function followLanguage(
  page: StoreApi<PageState>,
  onProblem: (problem: string) => void,
  root: HTMLElement = document.documentElement,
): Promise<void> {
  let chosen = keptItem(keptAppearance, appearanceSchema)?.language ?? 'system';
  const apply = (): Promise<void> =>
    speak(chosen === 'system' ? nearestLanguage(navigator.languages) : chosen).catch((cause) =>
      onProblem(`the texts of a language did not load: ${cause}`),
    );
  onLanguage(() => {
    root.lang = currentLanguage();
  });
  page.subscribe(({ link, preferences: { appearance } }) => {
    // Before that, these are not the user's preferences.
    if (link === 'starting' || appearance.language === chosen) return;
    chosen = appearance.language;
    void apply();
  });
  window.addEventListener('languagechange', () => void apply());
  return apply();
}
