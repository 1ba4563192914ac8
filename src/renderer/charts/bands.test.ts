import { expect, it } from 'vitest';
import { bandLabelAt, bandsOf, bandTicks, bandTop } from './bands.ts';

it('gives a single line the whole axis', () => {
  const bands = bandsOf(1);
  expect(bandTicks(bands)).toEqual([0, 50, 100]);
  expect(bandTop(bands)).toBe(100);
});

it('puts the first of several lines on top, and lets none touch the next', () => {
  const bands = bandsOf(3);
  expect(bands.map(({ line }) => line)).toEqual([0, 1, 2]);
  for (const [index, { base }] of bands.entries()) {
    const above = bands[index - 1]?.base ?? Number.POSITIVE_INFINITY;
    expect(base + 100).toBeLessThan(above);
  }
  expect(bands.at(-1)?.base).toBe(0);
});

it('names each line once, half way up its band', () => {
  const bands = bandsOf(4);
  const named = bandTicks(bands).map((tick) => bandLabelAt(bands, tick));
  expect(named.filter((line) => line !== null)).toEqual([0, 1, 2, 3]);
});
