import { describe, expect, it } from 'vitest';
import { image } from '../../../domain/testing/builders.ts';
import type { OutputGroup } from '../output-groups.ts';
import { arrangedRows, groupWidth, type OutputRows, thumbnailHeight, thumbnailWidth } from './output-rows.ts';

const measures = { width: 1_000, height: 100, gap: 10, narrowest: 110 };

function group(promptId: string): OutputGroup {
  return {
    promptId,
    title: promptId,
    state: 'success',
    startedAt: null,
    finishedAt: 1,
    newestAt: 1,
    outputs: [image(`${promptId}.png`)],
    ratio: null,
    overwritten: new Set(),
    omitted: 0,
  };
}

/** Puts jobs of 300 px, of which three fill a row, or as wide as told. */
function put(before: OutputRows, ids: string, wide: Record<string, number> = {}): string[] {
  const groups = [...ids].map(group);
  return arrangedRows(before, groups, ({ promptId }) => wide[promptId] ?? 300, measures).map((row) =>
    row.join(''),
  );
}

const rows = (...texts: string[]): OutputRows => texts.map((text) => [...text]);

describe('the rows of a gallery', () => {
  it('are filled from the newest one on', () => {
    expect(put([], 'gfedcba')).toEqual(['gfe', 'dcb', 'a']);
    expect(put([], '')).toEqual([]);
  });

  it('below the first one stay as they are when new ones come', () => {
    expect(put(rows('cba'), 'dcba')).toEqual(['d', 'cba']);
    expect(put(rows('d', 'cba'), 'edcba')).toEqual(['ed', 'cba']);
    expect(put(rows('ed', 'cba'), 'ihgfedcba')).toEqual(['ihg', 'fed', 'cba']);
  });

  it('keep what was left of them when the oldest ones are dropped, and when one in the middle is gone', () => {
    expect(put(rows('ed', 'cba'), 'fedcb')).toEqual(['fed', 'cb']);
    expect(put(rows('fed', 'cba'), 'fedca')).toEqual(['fed', 'ca']);
    expect(put(rows('fed', 'cba'), 'ed')).toEqual(['ed']);
  });

  it('get older ones at their end', () => {
    expect(put(rows('fed', 'c'), 'fedcba')).toEqual(['fed', 'cba']);
    expect(put(rows('fed', 'cba'), 'fedcba9')).toEqual(['fed', 'cba', '9']);
  });

  it('are parted where a job made more than there is room for', () => {
    expect(put(rows('fed', 'cba'), 'fedcba', { e: 600 })).toEqual(['f', 'ed', 'cba']);
    expect(put([], 'cba', { b: 4_000 })).toEqual(['c', 'b', 'a']);
  });

  it('stay below one that changed its place', () => {
    expect(put(rows('fed', 'cba'), 'dfecba')).toEqual(['dfe', 'cba']);
  });

  it('hold every job once, whatever came before', () => {
    for (const before of [rows('xyz'), rows('abc'), rows('ca', 'b'), rows('fed', 'cba')])
      expect([...put(before, 'hgfedcba').join('')].sort().join('')).toBe('abcdefgh');
  });
});

it('gives a picture its own shape, and a very long or narrow one bars beside it', () => {
  expect([1, 1.5, 0.75, 9, 0.1].map((ratio) => thumbnailWidth(ratio, measures))).toEqual([
    100, 150, 75, 300, 50,
  ]);
  expect(thumbnailWidth(9, { ...measures, width: 250 })).toBe(250);
  // The title of a job needs some room, too.
  expect(groupWidth(group('a'), () => 0.5, measures)).toBe(110);
});

it.each([
  [348, 1],
  [348, 1.5],
  [820, 1.5],
  [1_260, 1],
  [2_000, 0.67],
])('fills %i px with whole thumbnails of the shape %f, none of them giant', (width, ratio) => {
  const height = thumbnailHeight(width, 8, ratio);
  const one = Math.round(height * ratio);
  const columns = Math.floor((width + 8) / (one + 8));
  expect(width - columns * (one + 8) + 8).toBeLessThan(0.12 * width);
  expect(height).toBeGreaterThan(80);
  expect(height).toBeLessThan(240);
});
