import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { learnAllLanguages } from './all-languages.ts';
import { nearestLanguage } from './languages.ts';
import { currentLanguage, learnLanguage, onLanguage, setLanguage, t, tRich } from './t.ts';

beforeAll(learnAllLanguages);
afterEach(() => setLanguage('en'));

describe('texts', () => {
  it('are said in the language that is spoken', () => {
    expect(t('time.seconds', { seconds: 4 })).toBe('4 s');
    setLanguage('zh-CN');
    expect(t('time.seconds', { seconds: 4 })).toBe('4 秒');
    expect(currentLanguage()).toBe('zh-CN');
  });

  it('tell who listens that another language is spoken, once', () => {
    let heard = 0;
    const stop = onLanguage(() => {
      heard += 1;
    });
    setLanguage('de');
    setLanguage('de');
    stop();
    setLanguage('en');
    expect(heard).toBe(1);
  });

  it('are said in English where a language lacks them, or has them broken', () => {
    learnLanguage('de', { 'time.seconds': '{seconds', 'time.bytes_of': '{part} von {all}' });
    setLanguage('de');
    expect(t('time.minutes', { minutes: 5 })).toBe('5 min');
    expect(t('time.seconds', { seconds: 5 })).toBe('5 s');
    expect(t('time.bytes_of', { part: '1', whole: '2 GiB' })).toBe('1 of 2 GiB');
    learnAllLanguages();
  });

  it('name their key where a value is missing', () => {
    expect(t('time.bytes_of', { part: '1' })).toBe('time.bytes_of');
  });

  it('hold elements where the language wants them', () => {
    const whole = { tag: 'b' };
    expect(tRich<object>('time.bytes_of', { part: '1', whole })).toEqual(['1 of ', whole]);
  });
});

describe('the language', () => {
  it.each([
    [['zh-CN', 'en'], 'zh-CN'],
    [['zh-Hans-SG'], 'zh-CN'],
    [['zh_CN.UTF-8'], 'zh-CN'],
    [['zh-TW'], 'zh-CN'],
    [['fr-FR', 'de-AT', 'en'], 'de'],
    [['en-GB', 'zh-CN'], 'en'],
    [['C'], 'en'],
    [[], 'en'],
  ])('nearest to %j is %s', (wanted, language) => expect(nearestLanguage(wanted)).toBe(language));
});
