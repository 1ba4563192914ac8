import { expect, it } from 'vitest';
import { bandsOf, bandTicks, bandTop } from './bands.ts';

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
