import { learnAllLanguages } from '../../language/all-languages.ts';
import { nearestLanguage } from '../../language/languages.ts';
import { setLanguage } from '../../language/t.ts';
import type { SettingsFile } from '../storage/settings-file.ts';

/** Speaks the language that the user chose, else the nearest to those that the system is set to. */
export function followLanguage(settings: Pick<SettingsFile, 'follow'>, ofSystem: readonly string[]): void {
  learnAllLanguages();
  settings.follow(
    ({ preferences }) => preferences.appearance.language,
    (chosen) => setLanguage(chosen === 'system' ? nearestLanguage(ofSystem) : chosen),
  );
}

/** What a terminal's environment says of its user's languages, as gettext reads it; else what Node found. */
export function environmentLanguages(environment: NodeJS.ProcessEnv): readonly string[] {
  const { LANGUAGE = '', LC_ALL, LC_MESSAGES, LANG } = environment;
  const locale = LC_ALL || LC_MESSAGES || LANG;
  const set = locale ? [...LANGUAGE.split(':').filter((tag) => tag !== ''), locale] : [];
  return set.length > 0 ? set : [new Intl.DateTimeFormat().resolvedOptions().locale];
}
