import fc from 'fast-check';
import { expect, it } from 'vitest';
import { actualSize, type Frame, fitted, pan, scaleOf, zoomAt } from './zoom.ts';

/** A picture of 1600 × 800, shown at half its size. */
const frame: Frame = {
  stage: { width: 800, height: 600 },
  picture: { width: 800, height: 400 },
  natural: { width: 1600, height: 800 },
};
const middle = { x: 0, y: 0 };

it('keeps what is under the pointer where it is', () => {
  const point = { x: 300, y: 100 };
  const view = zoomAt(zoomAt(fitted, 2, middle, frame), 2, point, frame);
  expect(view).toEqual({ zoom: 4, x: -300, y: -100 });
});

it('never shows less than all, nor pixels as large as tiles', () => {
  expect(zoomAt(fitted, 0.1, middle, frame)).toEqual(fitted);
  expect(zoomAt(fitted, 1_000, middle, frame).zoom).toBe(32);
});

it('comes back to the middle when it is zoomed out', () => {
  const far = pan(zoomAt(fitted, 4, middle, frame), 10_000, -10_000, frame);
  expect(far).toEqual({ zoom: 4, x: 1_200, y: -500 });
  expect(zoomAt(far, 0.25, middle, frame)).toEqual(fitted);
});

it('knows the size of the picture itself', () => {
  expect(scaleOf(fitted, frame)).toBe(0.5);
  expect(scaleOf(actualSize(fitted, middle, frame), frame)).toBe(1);
  expect(scaleOf(fitted, null)).toBeNull();
  const small = { ...frame, picture: { width: 64, height: 48 }, natural: { width: 64, height: 48 } };
  expect(actualSize(fitted, middle, small).zoom).toBe(2);
});

it('leaves no gap beside a picture that is larger than the stage, whatever is done', () => {
  const moves = fc.array(
    fc.record({
      factor: fc.double({ min: 0.2, max: 5, noNaN: true }),
      x: fc.integer({ min: -900, max: 900 }),
      y: fc.integer({ min: -900, max: 900 }),
    }),
  );
  fc.assert(
    fc.property(moves, (steps) => {
      const end = steps.reduce(
        (view, { factor, x, y }) => pan(zoomAt(view, factor, { x, y }, frame), x, y, frame),
        fitted,
      );
      expect(Math.abs(end.x)).toBeLessThanOrEqual(Math.max(0, (end.zoom * 800 - 800) / 2) + 1e-6);
      expect(Math.abs(end.y)).toBeLessThanOrEqual(Math.max(0, (end.zoom * 400 - 600) / 2) + 1e-6);
    }),
  );
});
