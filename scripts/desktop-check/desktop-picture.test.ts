import { encode } from 'fast-png';
import { expect, it } from 'vitest';
import { centreOfChange } from './desktop-picture.ts';

/** A black picture of 100 × 50 with white points. */
function picture(...points: [x: number, y: number][]): Buffer {
  const data = new Uint8Array(100 * 50 * 3);
  for (const [x, y] of points) data.fill(255, (y * 100 + x) * 3, (y * 100 + x) * 3 + 3);
  return Buffer.from(encode({ width: 100, height: 50, channels: 3, data }));
}

it('finds an icon by what changed in the panel', () => {
  expect(centreOfChange(picture(), picture([60, 4], [70, 14]), 20)).toEqual({ x: 65, y: 9 });
});

it('takes nothing else for it: changes below the panel, or all over it', () => {
  expect(centreOfChange(picture(), picture([60, 30]), 20)).toBeNull();
  expect(centreOfChange(picture(), picture([5, 5], [90, 5]), 20)).toBeNull();
});
