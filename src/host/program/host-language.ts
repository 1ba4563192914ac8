import { learnAllLanguages } from '../../language/all-languages.ts';
import { nearestLanguage } from '../../language/languages.ts';
import { setLanguage } from '../../language/t.ts';
import type { SettingsFile } from '../storage/settings-file.ts';

/** What the host speaks when the user has chosen nothing. */
export interface HostLanguage {
  /** Goes by the user's choice from now on, and at once when it changes. */
  follow(settings: Pick<SettingsFile, 'follow'>): void;
  /** A page in a browser was opened: what its user reads there, we are to speak, too. */
  hear(languages: readonly string[]): void;
}

/** Speaks the nearest to the languages that the system is set to, the dearest first. */
export function startSpeaking(ofSystem: readonly string[]): HostLanguage {
  learnAllLanguages();
  let preferred = nearestLanguage(ofSystem);
  let chosen: 'system' | typeof preferred = 'system';
  const speak = (): void => setLanguage(chosen === 'system' ? preferred : chosen);
  speak();
  return {
    follow(settings) {
      settings.follow(
        ({ preferences }) => preferences.appearance.language,
        (language) => {
          chosen = language;
          speak();
        },
      );
    },
    hear(languages) {
      preferred = nearestLanguage(languages);
      speak();
    },
  };
}

/** What a terminal's environment says of its user's languages, as gettext reads it; else what Node found. */
export function environmentLanguages(environment: NodeJS.ProcessEnv): readonly string[] {
  const { LANGUAGE = '', LC_ALL, LC_MESSAGES, LANG } = environment;
  const locale = LC_ALL || LC_MESSAGES || LANG;
  if (!locale) return [new Intl.DateTimeFormat().resolvedOptions().locale];
  // Of a terminal without a language no list is heeded either.
  const listed = /^(C|POSIX)\b/.test(locale) ? [] : LANGUAGE.split(':').filter((tag) => tag !== '');
  return [...listed, locale];
}

/** The languages that a browser asks for: `zh-CN,zh;q=0.9,en;q=0.8`; the dearest first. */
export function acceptedLanguages(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().split(';');
      const quality = parameters.map((part) => /^\s*q=([\d.]+)$/.exec(part)?.[1]).find((value) => value);
      return { tag, quality: Number(quality ?? 1) };
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}
