import { afterEach, describe, expect, it } from 'vitest';
import { defaultSettings, type Settings } from '../../contract/settings.ts';
import { currentLanguage, setLanguage } from '../../language/t.ts';
import { acceptedLanguages, environmentLanguages, startSpeaking } from './host-language.ts';

afterEach(() => setLanguage('en'));

function settingsWith(language: Settings['preferences']['appearance']['language']) {
  const { preferences } = defaultSettings;
  const settings = {
    ...defaultSettings,
    preferences: { ...preferences, appearance: { ...preferences.appearance, language } },
  };
  return {
    follow<T>(pick: (settings: Settings) => T, apply: (value: T) => void) {
      apply(pick(settings));
      return () => false;
    },
  };
}

describe('the language of the host', () => {
  it('is that of the system until the user chooses another', () => {
    const language = startSpeaking(['zh-CN', 'en']);
    expect(currentLanguage()).toBe('zh-CN');
    language.follow(settingsWith('de'));
    expect(currentLanguage()).toBe('de');
  });

  it('is that of the browser in which the monitor is looked at, unless the user chose one', () => {
    const language = startSpeaking(['en']);
    language.follow(settingsWith('system'));
    language.hear(['zh-CN']);
    expect(currentLanguage()).toBe('zh-CN');
    language.follow(settingsWith('de'));
    language.hear(['en']);
    expect(currentLanguage()).toBe('de');
  });

  it.each([
    [{ LANG: 'de_DE.UTF-8' }, ['de_DE.UTF-8']],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'zh_CN.UTF-8' }, ['zh_CN.UTF-8']],
    [{ LANG: 'de_DE.UTF-8', LANGUAGE: 'fr:de' }, ['fr', 'de', 'de_DE.UTF-8']],
    [{ LANG: 'C.UTF-8', LANGUAGE: 'de' }, ['C.UTF-8']],
  ])('is told by the environment %j', (environment, languages) => {
    expect(environmentLanguages(environment)).toEqual(languages);
  });

  it('is told by browsers', () => {
    expect(acceptedLanguages('en;q=0.5, zh-CN,zh;q=0.9,*;q=0')).toEqual(['zh-CN', 'zh', 'en']);
    expect(acceptedLanguages(undefined)).toEqual([]);
  });
});
