import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatBytesOf,
  formatDuration,
  formatFraction,
  formatRate,
  formatRoughly,
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
