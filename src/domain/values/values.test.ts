import { expect, it } from 'vitest';
import { doublingWait, jittered } from './doubling-wait.ts';
import { dropOldest } from './drop-oldest.ts';
import { groupBy } from './group-by.ts';
import { mean } from './mean.ts';

it('takes the mean of what was measured', () => {
  expect(mean([1, null, 3])).toBe(2);
  expect(mean([null])).toBeNull();
  expect(mean([])).toBeNull();
});

it('groups by key, in the order of the first of each', () => {
  expect(groupBy([3, 1, 4, 1, 5], (value) => value % 2)).toEqual([[3, 1, 1, 5], [4]]);
  expect(groupBy([], () => 0)).toEqual([]);
});

it('drops the oldest of a map or set, and no more', () => {
  const dropped: string[] = [];
  const map = new Map([
    ['a', 'A'],
    ['b', 'B'],
    ['c', 'C'],
  ]);
  dropOldest(map, 3, (value) => dropped.push(value));
  expect(dropped).toEqual([]);
  dropOldest(map, 1, (value) => dropped.push(value));
  expect([...map.keys()]).toEqual(['c']);
  expect(dropped).toEqual(['A', 'B']);
  const set = new Set([1, 2, 3]);
  set.delete(1);
  set.add(1);
  dropOldest(set, 2);
  expect([...set]).toEqual([3, 1]);
});

it('waits twice as long each time, up to a bound', () => {
  const bounds = { first: 500, longest: 3_000 };
  expect([0, 1, 2, 3, 2_000].map((failures) => doublingWait(failures, bounds))).toEqual([
    500, 1_000, 2_000, 3_000, 3_000,
  ]);
  expect([0, 0.5, 1].map((random) => jittered(1_000, 0.25, random))).toEqual([750, 875, 1_000]);
});
