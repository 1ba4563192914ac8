import { expect, it } from 'vitest';
import type { PlotPoint } from '../plots/plot-points.ts';
import { lineSummary } from './line-summary.ts';

function point(at: number, value: number | null, low = value, high = value): PlotPoint {
  return { at, values: [value], lows: [low], highs: [high] };
}

it('is the lowest, the highest and the mean, also of what was averaged', () => {
  const points = [point(0, 50, 3, 60), point(1_000, 70), point(2_000, 60, 60, 99)];
  expect(lineSummary(points, 0)).toEqual({ lowest: 3, mean: 60, highest: 99 });
});

it('weighs a minute more than a second', () => {
  const points = [point(0, 100), point(60_000, 0), point(61_000, 0)];
  expect(lineSummary(points, 0).mean).toBeCloseTo((100 * 60) / 62);
});

it('does not count a gap for what was measured before it', () => {
  const points = [point(0, 100), point(1_000, 100), point(59_999, null), point(60_000, 0), point(61_000, 0)];
  expect(lineSummary(points, 0).mean).toBe(50);
});

it('is nothing where nothing was measured', () => {
  expect(lineSummary([point(0, null), point(1_000, null)], 0)).toEqual({
    lowest: null,
    mean: null,
    highest: null,
  });
});
