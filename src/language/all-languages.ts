import { chinese } from './chinese.ts';
import { german } from './german.ts';
import { learnLanguage } from './t.ts';

/** For who needs no loading: the host, and tests. */
export function learnAllLanguages(): void {
  learnLanguage('zh-CN', chinese);
  learnLanguage('de', german);
}
