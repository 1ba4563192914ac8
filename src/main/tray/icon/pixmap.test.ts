import { expect, it } from 'vitest';
import { pixmapOf, pixmapSizes, trayPixmaps } from './pixmap.ts';

it('has opacity first, then red, green and blue, row by row', () => {
  const data = new Uint8ClampedArray([1, 2, 3, 4, 5, 6, 7, 8]);
  const { width, height, bytes } = pixmapOf({ width: 2, height: 1, data });
  expect([width, height, [...bytes]]).toEqual([2, 1, [4, 1, 2, 3, 8, 5, 6, 7]]);
});

it('comes in all sizes, and is drawn only once', () => {
  const icon = { status: 'running', attention: false, fraction: 0.5, badge: 3 } as const;
  const pictures = trayPixmaps(icon);
  expect(pictures.map(({ width }) => width)).toEqual([...pixmapSizes]);
  for (const { width, height, bytes } of pictures) expect(bytes.length).toBe(width * height * 4);
  expect(trayPixmaps({ ...icon })).toBe(pictures);
  expect(trayPixmaps({ ...icon, badge: 4 })[0]?.bytes).not.toEqual(pictures[0]?.bytes);
});
