import { expect, it } from 'vitest';
import { arrowTarget } from './arrow-keys.ts';

/** Three rows of boxes as they flow on the page: 3, 2 and 3, the second one short. */
const boxes = [
  [0, 0],
  [110, 0],
  [220, 0],
  [0, 150],
  [110, 150],
  [0, 300],
  [110, 300],
  [220, 300],
].map(([left = 0, top = 0]) => ({ left, top, width: 100, height: 100 }));

it.each([
  ['ArrowRight', 2, 3],
  ['ArrowLeft', 3, 2],
  ['ArrowDown', 1, 4],
  ['ArrowUp', 5, 3],
  ['Home', 4, 0],
  ['End', 4, 7],
])('%s leads from %i to %i', (key, from, to) => {
  expect(arrowTarget(key, boxes, from)).toBe(to);
});

it('takes the nearest one where the next row is shorter, and goes one row at a time', () => {
  expect(arrowTarget('ArrowDown', boxes, 2)).toBe(4);
  expect(arrowTarget('ArrowUp', boxes, 7)).toBe(4);
});

it.each([
  ['ArrowLeft', 0],
  ['ArrowUp', 1],
  ['ArrowRight', 7],
  ['ArrowDown', 6],
  ['Tab', 3],
])('%s leads nowhere from %i', (key, from) => {
  expect(arrowTarget(key, boxes, from)).toBeNull();
});
