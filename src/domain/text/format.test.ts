import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { learnAllLanguages } from '../../language/all-languages.ts';
import { setLanguage } from '../../language/t.ts';
import {
  dateLocale,
  formatBytes,
  formatBytesOf,
  formatDecimal,
  formatDuration,
  formatFraction,
  formatRate,
  formatRoughly,
  formatSoon,
  formatTimeOfDay,
  formatWhole,
} from './format.ts';

describe('numbers for people', () => {
  it.each([
    [400, '0.4 s'],
    [960, '1 s'],
    [59_400, '59 s'],
    [59_600, '1 min 00 s'],
    [65_000, '1 min 05 s'],
    [3_599_700, '1 h 00 min'],
    [7_380_000, '2 h 03 min'],
  ])('%i ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [0, '0 B'],
    [1023, '1.0 KiB'],
    [25_757_220_864, '24.0 GiB'],
    [137_189_629_952, '128 GiB'],
    [536_870_912, '512 MiB'],
  ])('%i bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('says the unit of a part and its whole once', () => {
    expect(formatBytesOf(21_152_713_933, 25_757_220_864)).toBe('19.7 of 24.0 GiB');
    expect(formatBytesOf(536_870_912, 25_757_220_864)).toBe('512 MiB of 24.0 GiB');
    expect(formatBytesOf(21_152_713_933, 25_757_220_864, 'decimal')).toBe('21.2 of 25.8 GB');
  });

  it.each([
    [0, '1 s'],
    [8_400, '8 s'],
    [84_000, '1 min 20 s'],
    [299_000, '5 min'],
    [524_000, '9 min'],
    [7_380_000, '2 h 03 min'],
  ])('%i ms are roughly %s', (ms, text) => expect(formatRoughly(ms)).toBe(text));

  it('calls only a whole 100%', () => {
    expect(formatFraction(0.999)).toBe('99%');
    expect(formatFraction(1)).toBe('100%');
  });

  it('turns slow rates around', () => {
    expect(formatRate(3.21)).toBe('3.2 it/s');
    expect(formatRate(0.4)).toBe('2.5 s/it');
  });
});

describe('numbers for people of other languages', () => {
  beforeAll(learnAllLanguages);
  afterEach(() => setLanguage('en'));

  it('are written as in German', () => {
    setLanguage('de');
    expect(formatDuration(400)).toBe('0,4 s');
    expect(formatDuration(65_000)).toBe('1 Min. 05 s');
    expect(formatDuration(7_380_000)).toBe('2 Std. 03 Min.');
    expect(formatFraction(0.42)).toBe('42\u00a0%');
    expect(formatBytesOf(21_152_713_933, 25_757_220_864)).toBe('19,7 von 24,0 GiB');
    expect(formatRate(3.21)).toBe('3,2 it/s');
    expect(formatWhole(12_345)).toBe('12.345');
    expect(formatDecimal(7.25, 1)).toBe('7,3');
  });

  it('are written as in Chinese', () => {
    setLanguage('zh-CN');
    expect(formatDuration(4_000)).toBe('4 秒');
    expect(formatDuration(65_000)).toBe('1 分 05 秒');
    expect(formatRoughly(524_000)).toBe('9 分钟');
    expect(formatWhole(12_345)).toBe('12,345');
  });

  it('have 24 hours a day in all of them', () => {
    const [midnight, evening] = [
      new Date(2026, 4, 3, 0, 5).getTime(),
      new Date(2026, 4, 2, 17, 30).getTime(),
    ];
    for (const language of ['en', 'de', 'zh-CN'] as const) {
      setLanguage(language);
      expect([midnight, evening].map(formatTimeOfDay)).toEqual(['00:05', '17:30']);
    }
    expect(formatSoon(midnight, evening)).toBe('明天 00:05');
    expect(formatSoon(midnight + 3 * 24 * 3_600_000, evening)).not.toMatch(/明天|^00:05$/);
    expect(dateLocale()).toBe('zh-CN');
  });
});
