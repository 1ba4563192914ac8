/** What the monitor can speak. */
export const languages = ['en', 'zh-CN', 'de'] as const;
export type Language = (typeof languages)[number];

/** Each language as those call it who speak it. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  'zh-CN': '简体中文',
  de: 'Deutsch',
};

/**
 * The first of the wanted languages that there is, else English. They are tags as browsers and systems write
 * them (`de-AT`, `zh_CN.UTF-8`). Whoever wants any kind of Chinese is given the one there is.
 */
export function nearestLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const [base = ''] = tag.toLowerCase().split(/[-_.@]/);
    const found = languages.find((language) => language.toLowerCase().split('-')[0] === base);
    if (found) return found;
  }
  return 'en';
}
