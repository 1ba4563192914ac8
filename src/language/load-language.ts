import type { Messages } from './english.ts';
import type { Language } from './languages.ts';
import { isKnown, learnLanguage, setLanguage } from './t.ts';

/** Where the languages are that the page loads only when they are spoken. */
const loaders: Readonly<Record<Exclude<Language, 'en'>, () => Promise<Messages>>> = {
  'zh-CN': async () => (await import('./chinese.ts')).chinese,
  de: async () => (await import('./german.ts')).german,
};

let wanted: Language = 'en';

/** Speaks a language once its texts are there; of several asked for in a row, the last. */
export async function speak(language: Language): Promise<void> {
  wanted = language;
  if (language !== 'en' && !isKnown(language)) learnLanguage(language, await loaders[language]());
  if (wanted === language) setLanguage(language);
}
